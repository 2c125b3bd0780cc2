// Classes that are walked through in random orders, and blocks of draws from them.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include <evendraw/classes/detail/class_members.hpp>
#include <evendraw/detail/blocks.hpp>
#include <evendraw/kernels/walk.hpp>
#include <evendraw/random/permutation.hpp>

namespace evendraw::detail {

/// One walk through the samples of a class: all of them once, in an order of its own.
///
/// Cost       O(1) a place
/// Exact      up to 16 samples every order is as likely as any other. Above, tests do not tell the windows of walks from
///            uniform subsets
struct class_walk {
  std::uint64_t begin;  ///< the place of the class's first member
  std::uint64_t n;      ///< the number of its members
  std::uint64_t key;    ///< chooses the order; used where a block of walks does not take the class
  walk_keys keys;       ///< chooses the order otherwise

  /// Sizes up to this one are permuted exactly: 16! < 2^45, so that one word holds all the choices.
  static constexpr std::uint64_t largest_exact = 16;

  /// Whether a block of walks takes it: neither permuted exactly nor of more than 32 bits.
  [[nodiscard]] static constexpr bool is_narrow(std::uint64_t n) noexcept { return n > largest_exact && n >> 32 == 0; }

  /// The place among all members of what stands at a place < n of the walk.
  [[nodiscard]] std::uint64_t member(std::uint64_t place) const noexcept {
    if (n <= largest_exact) return begin + exchange(place, n, mix64(key));
    if (n >> 32 != 0) return begin + permutation(n, key)(place);
    auto const last = static_cast<std::uint32_t>(n - 1), bits = static_cast<std::uint32_t>(std::bit_width(last));
    auto x = static_cast<std::uint32_t>(place);
    do {
      x = walk_once(x, ~0u >> (32 - bits), (bits + 1) / 2, keys);
    } while (x > last);
    return begin + x;
  }
};

/// A class that is walked through again and again.
struct walked_class {
  std::uint64_t begin;  ///< the place of its first member
  std::uint64_t n;      ///< the number of its members
  std::uint64_t key;    ///< chooses the orders; uniform

  /// Walk number `number`.
  [[nodiscard]] class_walk walk(std::uint64_t number) const noexcept {
    auto const low = static_cast<std::uint32_t>(key), high = static_cast<std::uint32_t>((key >> 32) + (number >> 32));
    return {begin, n, key + number, keys_of_walk(low, high, static_cast<std::uint32_t>(number))};
  }
};

/// Up to a block of draws from walks, all at once.
class class_walk_block {
 public:
  /// Draw i is what stands at a place < of.n of the walk.
  void set(std::size_t i, class_walk const& of, std::uint64_t place) noexcept {
    if (!class_walk::is_narrow(of.n)) {
      begins_[i] = of.member(place);
      walks_.skip(i);
      return;
    }
    begins_[i] = of.begin;
    walks_.place[i] = static_cast<std::uint32_t>(place);
    walks_.last[i] = static_cast<std::uint32_t>(of.n - 1);
    walks_.bits[i] = static_cast<std::uint32_t>(std::bit_width(of.n - 1));
    walks_.low[i] = of.keys.low;
    walks_.high[i] = of.keys.high;
  }

  /// The samples that are drawn, as many as were set.
  template <std::unsigned_integral Index>
  void read(class_members<Index> const& members, std::span<Index> out) noexcept {
    walks_.fill_up(out.size());
    walks_.run(out.size());
    for (std::size_t i = 0; i < out.size(); ++i) begins_[i] += walks_.place[i];
    members.read(begins_, out);
  }

 private:
  walk_block walks_;
  block_of<std::uint64_t> begins_;
};

}  // namespace evendraw::detail
