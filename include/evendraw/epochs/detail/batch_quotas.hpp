// The number of slots that each class has in every batch: its share of the batch, rounded down or up.
#pragma once

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <evendraw/detail/blocks.hpp>
#include <evendraw/detail/interval_lookup.hpp>
#include <evendraw/detail/largest_remainder.hpp>
#include <evendraw/detail/uint128.hpp>
#include <evendraw/kernels/quotas.hpp>
#include <evendraw/random/counter_random.hpp>
#include <evendraw/random/detail/fingerprint.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

constexpr std::uint32_t reversed_bits(std::uint32_t x) noexcept {
  x = (x >> 1 & 0x55555555u) | (x & 0x55555555u) << 1;
  x = (x >> 2 & 0x33333333u) | (x & 0x33333333u) << 2;
  x = (x >> 4 & 0x0f0f0f0fu) | (x & 0x0f0f0f0fu) << 4;
  x = (x >> 8 & 0x00ff00ffu) | (x & 0x00ff00ffu) << 8;
  return x >> 16 | x << 16;
}

/// Divides the slots of all batches among the classes, in proportion. Each class has an interval of a line that is as
/// long as its part of a batch. Every batch has an offset u in [0, 1), and slot s of it belongs to the class at s + u.
/// So each class has consecutive slots.
///
///   shares      K numbers > 0
///   batch_size  slots in a batch
///   key         chooses the offsets: they are a van der Corput sequence, scrambled by the key
///
/// Needs      1 <= K < 2^31, a sum of shares in (0, 2^63]; 1 <= batch_size <= 2^31 (all asserted)
/// Edge       for every key, the intervals on the line decide which classes are rounded up in the same batches. If the
///            parts of classes have the same fraction, some of these classes are never rounded up together
/// Exact      if the part of a class is whole, the class has it in every batch. Otherwise it has its part rounded down
///            or up, in each batch and also in any 2^k batches that begin at a multiple of 2^k. So in any g batches in
///            a row its slots differ from its part by less than 2 bit_width(g). Parts are rounded to 2^-32 slots, but
///            never to 0
/// Cost       O(K log K) to build, 16 to 72 bytes per class; O(1) per slot; before() O(log batch)
/// Stable     the same on every platform
/// Source     systematic sampling: Madow, Annals of Mathematical Statistics 20, 1949; van der Corput 1935; scrambled as
///            by Owen 1995, so that no class comes regularly in every second, fourth, ... batch
class batch_quotas {
  static constexpr int unit_bits = 32;
  static constexpr std::uint64_t unit = std::uint64_t{1} << unit_bits;  // the length of a slot

 public:
  /// No classes. No function may be called.
  batch_quotas() = default;
  batch_quotas(std::span<std::uint64_t const> shares, std::uint64_t batch_size, std::uint64_t key)
      : key_(key), line_(lengths(shares, batch_size)) {
    for (int low = 0; low < unit_bits; low += 4) masks_of_zero_ |= mask_at(low, 0);
  }

  /// The largest batch_size.
  static constexpr std::uint64_t largest_batch = std::uint64_t{1} << 31;

  /// The number of slots in every batch.
  [[nodiscard]] std::uint64_t batch_size() const noexcept { return line_.total() >> unit_bits; }
  /// The number of classes that have a share.
  [[nodiscard]] std::size_t num_classes() const noexcept { return line_.size(); }

  /// A batch's number, and its offset in units of 2^-32 slots.
  struct batch {
    std::uint64_t number;
    std::uint64_t offset;
  };
  [[nodiscard]] batch at(std::uint64_t number) const noexcept {
    return {number, detail::reversed_bits(scrambled(static_cast<std::uint32_t>(number)))};
  }

  /// The class of a slot < batch_size().
  [[nodiscard]] std::size_t class_of(batch const& b, std::uint64_t slot) const noexcept {
    return line_((slot << unit_bits) + b.offset);
  }
  /// The classes of `count` slots of a batch, and where they begin and end on the line. Faster than one by one; fills
  /// `begins` and `ends` in whole groups.
  void find_classes(batch const& b, block_of<std::uint32_t> const& slots, std::size_t count,
                    block_of<std::uint32_t>& classes, block_of<std::uint64_t>& begins,
                    block_of<std::uint64_t>& ends) const noexcept {
    for (std::size_t i = 0; i < count; ++i) ends[i] = (std::uint64_t{slots[i]} << unit_bits) + b.offset;
    line_.find(std::span<std::uint64_t const>(ends, count), classes);
    for (std::size_t i = 0; i < count; ++i) {
      begins[i] = line_.first(classes[i]);
      ends[i] = line_.first(classes[i] + std::size_t{1});
      forbid_gather();
    }
    for (std::size_t i = count; i % group_size != 0; ++i) begins[i] = ends[i] = 0;
  }
  /// The first slot in a batch that belongs to class c or a later class; batch_size() for c = num_classes().
  [[nodiscard]] std::uint64_t first_slot(std::size_t c, batch const& b) const noexcept {
    return slot_after(line_.first(c), b);
  }
  /// The first slot in a batch at or after a number of the line.
  [[nodiscard]] static std::uint64_t slot_after(std::uint64_t begin, batch const& b) noexcept {
    return (begin >> unit_bits) + static_cast<std::uint64_t>(b.offset < begin % unit);
  }
  /// The number of slots of class c in a batch.
  [[nodiscard]] std::uint64_t count(std::size_t c, batch const& b) const noexcept {
    return first_slot(c + 1, b) - first_slot(c, b);
  }
  /// The numbers of slots that classes have in all batches before batch b. In every batch a class has the whole part of
  /// its slots, and the offset of the batch decides whether it has one more. The batches before b form a group of 2^k
  /// batches for every bit k that is set in b. The offsets in a group are equally spaced. Modulo the spacing, they
  /// equal the offset of b with one bit flipped.
  ///
  /// For example, a class at [0.5, 1.75) of the line, before batch 3; the offsets of batches 0 to 3 are 0 1/2 1/4 3/4:
  ///   whole slots         (1 - 0) * 3                             3
  ///   batch 2             1/4: 1 offset < 0.75, 1 < 0.5          + 0
  ///   batches 0 and 1     0 and 1/2: 2 offsets < 0.75, 1 < 0.5   + 1
  ///   sum                 1 in batch 0, 2 in batch 1, 1 in batch 2: 4
  ///
  /// Cost       O(log batch) to build, and O(log batch) for each class
  class slots_before_batch {
   public:
    slots_before_batch(batch_quotas const& quotas, batch const& b) noexcept : quotas_(&quotas), number_(b.number) {
      for (std::uint64_t left = number_ % unit; left > 0; left &= left - 1) {
        int const spacing_bits = unit_bits - std::countr_zero(left);
        std::uint64_t const spacing = std::uint64_t{1} << spacing_bits;
        groups_[count_++] = {spacing - 1 - (b.offset ^ (spacing >> 1)) % spacing, spacing_bits};
      }
    }

    [[nodiscard]] std::uint64_t operator()(std::size_t c) const noexcept {
      return slots_before(quotas_->line_.first(c), quotas_->line_.first(c + 1), number_, groups_, count_);
    }
    /// The same for classes that begin and end at these numbers of the line, in whole groups.
    void find(block_of<std::uint64_t> const& begins, block_of<std::uint64_t> const& ends, std::size_t count,
              block_of<std::uint64_t>& result) const noexcept {
      slots_before(begins, ends, number_, groups_, count_, count, result);
    }

   private:
    batch_quotas const* quotas_;
    std::uint64_t number_;
    std::size_t count_ = 0;
    offset_group groups_[unit_bits] = {};
  };
  /// The number of slots of class c in all batches before batch b.
  [[nodiscard]] std::uint64_t before(std::size_t c, batch const& b) const noexcept {
    return slots_before_batch(*this, b)(c);
  }

  /// An estimate of the batch that has draw number `draw` of class c. It is exact if the draws come evenly.
  [[nodiscard]] std::uint64_t batch_near(std::size_t c, std::uint64_t draw) const noexcept {
    auto const slots = multiply(draw, unit);
    return slots.high < length(c) ? detail::divide(slots, length(c)) : ~std::uint64_t{0};
  }

  /// The fewest slots that class c has in any batch.
  [[nodiscard]] std::uint64_t least(std::size_t c) const noexcept { return length(c) >> unit_bits; }
  /// The most slots that class c has in any batch.
  [[nodiscard]] std::uint64_t most(std::size_t c) const noexcept { return (length(c) + unit - 1) >> unit_bits; }

  /// A number of consecutive batches that always hold at least `slots` slots of class c, wherever they begin. Needs
  /// most(c) > 1 (asserted) and slots < 2^63.
  [[nodiscard]] std::uint64_t batches_for(std::size_t c, std::uint64_t slots) const noexcept {
    assert(most(c) > 1);
    // g batches in a row are at most 2 bit_width(g) aligned groups of 2^k, and in each less than one slot is missing.
    std::uint64_t batches = 1;
    for (std::uint64_t blocks = 0; blocks < 2 * static_cast<std::uint64_t>(std::bit_width(batches));) {
      blocks = 2 * static_cast<std::uint64_t>(std::bit_width(batches));
      batches = detail::divide(detail::add(multiply(slots + blocks, unit), {0, length(c) - 1}), length(c));
    }
    return std::min(batches, (slots + least(c) - 1) / least(c));
  }

  [[nodiscard]] std::uint64_t fingerprint() const noexcept {
    detail::fingerprint_builder hash("batch_quotas");
    hash.add(key_).add(batch_size());
    for (std::size_t c = 0; c < num_classes(); ++c) hash.add(length(c));
    return hash.value();
  }

 private:
  [[nodiscard]] std::uint64_t length(std::size_t c) const noexcept { return line_.first(c + 1) - line_.first(c); }

  /// The lengths of the classes on the line. None is 0, so every class comes at some time.
  static std::vector<std::uint64_t> lengths(std::span<std::uint64_t const> shares, std::uint64_t batch_size) {
    assert(!shares.empty() && shares.size() >> 31 == 0 && batch_size > 0 && batch_size <= largest_batch);
    auto result = detail::largest_remainder(batch_size << unit_bits, shares);
    std::uint64_t missing = 0;
    for (std::uint64_t& length : result) {
      if (length > 0) continue;
      length = 1;
      ++missing;
    }
    while (missing > 0) {
      std::uint64_t* longest = &result.front();
      for (std::uint64_t& length : result) longest = length > *longest ? &length : longest;
      std::uint64_t const given = std::min(missing, *longest / 2);
      *longest -= given;
      missing -= given;
    }
    return result;
  }

  /// Flips every four bits of a number by a random mask that depends on the bits above them. So 2^k batches that begin
  /// at a multiple of 2^k stay a group: they change places within the group, and the group moves as a whole.
  [[nodiscard]] std::uint32_t scrambled(std::uint32_t number) const noexcept {
    int low = 0;
    for (; std::uint64_t{number} >> (low + 4) != 0; low += 4) number ^= mask_at(low, number);
    return number ^ (masks_of_zero_ >> low << low);
  }

  /// The mask of the four bits from `low` on.
  [[nodiscard]] std::uint32_t mask_at(int low, std::uint32_t number) const noexcept {
    std::uint64_t const above = std::uint64_t{number} >> (low + 4) << 4;
    return static_cast<std::uint32_t>(random_word(key_, above + static_cast<std::uint64_t>(low / 4)) >> 60) << low;
  }

  std::uint64_t key_;
  interval_lookup line_;
  std::uint32_t masks_of_zero_ = 0;  // the masks of all bits if no bit is set above them
};

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
