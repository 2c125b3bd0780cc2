// How many places of every batch each class has: its share of the batch, rounded down or up.
#pragma once

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <evendraw/core/counter_random.hpp>
#include <evendraw/core/fingerprint.hpp>
#include <evendraw/core/interval_lookup.hpp>
#include <evendraw/core/part_sizes.hpp>

namespace evendraw {

namespace detail {

constexpr std::uint64_t reversed_bits(std::uint64_t x) noexcept {
  x = (x >> 1 & 0x5555555555555555u) | (x & 0x5555555555555555u) << 1;
  x = (x >> 2 & 0x3333333333333333u) | (x & 0x3333333333333333u) << 2;
  x = (x >> 4 & 0x0f0f0f0f0f0f0f0fu) | (x & 0x0f0f0f0f0f0f0f0fu) << 4;
  x = (x >> 8 & 0x00ff00ff00ff00ffu) | (x & 0x00ff00ff00ff00ffu) << 8;
  x = (x >> 16 & 0x0000ffff0000ffffu) | (x & 0x0000ffff0000ffffu) << 16;
  return x >> 32 | x << 32;
}

}  // namespace detail

/// The class of every seat of every batch, when batches of `batch_size` seats are shared out in proportion. The classes
/// lie on a line, each as long as its part of a batch; seat s of a batch falls to the class at s + u, where u in [0, 1)
/// is the batch's own. So each class has a run of seats.
///
///   shares      K numbers > 0
///   batch_size  seats of a batch
///   key         chooses the batches' u: a van der Corput sequence, shifted by the key
///
/// Needs      1 <= K < 2^32, a sum of shares in (0, 2^63]; 1 <= batch_size < 2^63 (asserted)
/// Exact      a class whose part is whole has it in every batch; any other has its part rounded down or up, and in every
///            2^k batches that begin at a multiple of 2^k its part of them, rounded down or up. So in any g batches in a
///            row it has less than 2 bit_width(g) seats more or less than its part of them. Parts are rounded to 2^-32
///            seats (2^(bit_width(batch_size) - 63) in batches of 2^31 and more)
/// Cost       O(K log K) to build, 12 to 16 bytes a class; O(1) a seat; before() O(log batch)
/// Stable     the same on every platform
/// Source     systematic sampling: Madow, Annals of Mathematical Statistics 20, 1949; van der Corput 1935
class batch_quotas {
 public:
  batch_quotas(std::span<std::uint64_t const> shares, std::uint64_t batch_size, std::uint64_t key)
      : bits_(std::min(32, 63 - static_cast<int>(std::bit_width(batch_size)))),
        mask_(key & (unit() - 1)),
        line_(lengths(shares, batch_size << bits_)) {
    assert(batch_size > 0 && batch_size >> 63 == 0);
  }

  [[nodiscard]] std::uint64_t batch_size() const noexcept { return line_.total() >> bits_; }
  [[nodiscard]] std::size_t num_classes() const noexcept { return line_.size(); }

  /// The class of a seat < batch_size().
  [[nodiscard]] std::size_t class_of(std::uint64_t batch, std::uint64_t seat) const noexcept {
    return line_((seat << bits_) + offset(batch));
  }
  /// The first seat that class c, or one after it, has in a batch; for c = num_classes(): batch_size().
  [[nodiscard]] std::uint64_t first_seat(std::size_t c, std::uint64_t batch) const noexcept {
    std::uint64_t const begin = line_.first(c);
    return (begin >> bits_) + static_cast<std::uint64_t>(offset(batch) < (begin & (unit() - 1)));
  }
  /// The seats of class c in a batch.
  [[nodiscard]] std::uint64_t count(std::size_t c, std::uint64_t batch) const noexcept {
    return first_seat(c + 1, batch) - first_seat(c, batch);
  }
  /// The seats of class c in all batches before this one.
  [[nodiscard]] std::uint64_t before(std::size_t c, std::uint64_t batch) const noexcept {
    return first_seats_before(c + 1, batch) - first_seats_before(c, batch);
  }

  /// The least and the most seats that class c has in a batch.
  [[nodiscard]] std::uint64_t least(std::size_t c) const noexcept { return length(c) >> bits_; }
  [[nodiscard]] std::uint64_t most(std::size_t c) const noexcept { return (length(c) + unit() - 1) >> bits_; }

  /// As many batches in a row as surely have `seats` seats of class c, wherever they begin. Needs most(c) > 1 (asserted)
  /// and seats < 2^63.
  [[nodiscard]] std::uint64_t batches_for(std::size_t c, std::uint64_t seats) const noexcept {
    assert(most(c) > 1);
    // A row of g batches falls into at most 2 bit_width(g) aligned ones of 2^k, each short by less than a seat.
    std::uint64_t batches = 1;
    for (std::uint64_t blocks = 0; blocks < 2 * static_cast<std::uint64_t>(std::bit_width(batches));) {
      blocks = 2 * static_cast<std::uint64_t>(std::bit_width(batches));
      batches = detail::divide(detail::add(multiply(seats + blocks, unit()), {0, length(c) - 1}), length(c));
    }
    return std::min(batches, (seats + least(c) - 1) / least(c));
  }

  [[nodiscard]] std::uint64_t fingerprint() const noexcept {
    detail::fingerprint_builder hash("batch_quotas");
    hash.add(mask_).add(batch_size());
    for (std::size_t c = 0; c < num_classes(); ++c) hash.add(length(c));
    return hash.value();
  }

 private:
  [[nodiscard]] std::uint64_t unit() const noexcept { return std::uint64_t{1} << bits_; }
  [[nodiscard]] std::uint64_t length(std::size_t c) const noexcept { return line_.first(c + 1) - line_.first(c); }

  /// The parts of the line; none is empty, so that every class comes some time.
  static std::vector<std::uint64_t> lengths(std::span<std::uint64_t const> shares, std::uint64_t total) {
    auto result = detail::largest_remainder(total, shares);
    auto const longest = std::ranges::max_element(result);
    for (std::uint64_t& length : result) {
      if (length > 0) continue;
      length = 1;
      --*longest;
    }
    return result;
  }

  /// u of a batch, in units: bits of its number in reverse, some of them flipped by the key.
  [[nodiscard]] std::uint64_t offset(std::uint64_t batch) const noexcept {
    return bits_ == 0 ? 0 : (detail::reversed_bits(batch) >> (64 - bits_)) ^ mask_;
  }

  /// The sum of first_seat(c, b) over all b < batch.
  [[nodiscard]] std::uint64_t first_seats_before(std::size_t c, std::uint64_t batch) const noexcept {
    std::uint64_t const begin = line_.first(c);
    return (begin >> bits_) * batch + offsets_below(begin & (unit() - 1), batch);
  }

  /// How many batches b < batch have an offset below `limit` < unit(). In 2^k batches that begin at a multiple of 2^k
  /// the offsets are equally spaced.
  [[nodiscard]] std::uint64_t offsets_below(std::uint64_t limit, std::uint64_t batch) const noexcept {
    if (limit == 0) return 0;
    std::uint64_t result = (batch >> bits_) * limit, smallest = mask_;
    for (std::uint64_t left = batch & (unit() - 1); left > 0; left &= ~std::bit_floor(left)) {
      int const spacing_bits = bits_ + 1 - static_cast<int>(std::bit_width(left));
      std::uint64_t const spacing = std::uint64_t{1} << spacing_bits;
      result += (limit + (spacing - 1) - (smallest & (spacing - 1))) >> spacing_bits;
      smallest ^= spacing >> 1;
    }
    return result;
  }

  int bits_;  // a seat is 2^bits_ long
  std::uint64_t mask_;
  interval_lookup line_;
};

}  // namespace evendraw
