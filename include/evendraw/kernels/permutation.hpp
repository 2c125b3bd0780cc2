// Blocks of places in a permutation.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <evendraw/detail/blocks.hpp>
#include <evendraw/detail/mixing.hpp>
#include <evendraw/detail/prefetching.hpp>
#include <evendraw/detail/uint128.hpp>
#include <evendraw/kernels/dispatch.hpp>
#include <evendraw/kernels/lanes.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// A bijection of the numbers below 2^bits. A pass is two rounds of multiply, add and xor-shift, and each round has
/// its own keys. Word may be as narrow as the numbers, because higher bits never affect lower ones.
template <std::unsigned_integral Word>
struct scrambler {
  Word bits;
  Word factor;  // the keys of the next round
  Word term;

  [[nodiscard]] constexpr Word two_rounds(Word x) noexcept {
    Word const mask = largest(), shift = (bits + 1) / 2;
    x = next_round(x, mask, shift);
    return next_round(x, mask, shift);
  }

  /// The number of passes. The fewer numbers there are, the more passes are needed until no test can distinguish their
  /// orders from uniform ones.
  [[nodiscard]] constexpr Word passes() const noexcept { return static_cast<Word>(bits <= 6 ? 8 : bits <= 12 ? 6 : 4); }

  /// Applies all passes, and repeats them until the number is at most `last`. This is cycle walking.
  [[nodiscard]] constexpr Word walk(Word x, Word last) const noexcept {
    do {
      auto keys = *this;
      for (Word pass = passes(); pass > 0; --pass) x = keys.two_rounds(x);
    } while (x > last);
    return x;
  }

  /// Applies all passes to the first `count` places of a block, in whole groups.
  [[gnu::always_inline]] void scramble(std::size_t count, block_of<Word>& x, prefetcher& meanwhile) const noexcept {
    auto keys = *this;
    for (Word pass = passes(); pass > 0; --pass) {
      for_each_in_groups(count, meanwhile, [&x, keys](std::size_t i) {
        auto same_keys = keys;
        x[i] = same_keys.two_rounds(x[i]);
      });
      static_cast<void>(keys.two_rounds(0));
    }
  }

  /// The number that walk() takes to x. A round is undone step by step. Its xor-shift is its own inverse, because it
  /// shifts by at least half of the bits, and its odd factor has an inverse.
  [[nodiscard]] constexpr Word walk_back(Word x, Word last) const noexcept {
    Word const mask = largest(), shift = (bits + 1) / 2;
    Word inverses[16] = {}, terms[16] = {};
    auto keys = *this;
    auto const rounds = static_cast<std::size_t>(2 * passes());
    for (std::size_t round = 0; round < rounds; ++round, keys.next_keys()) {
      inverses[round] = inverse_of_odd(static_cast<Word>(keys.factor | 1));
      terms[round] = keys.term;
    }
    do {
      for (std::size_t round = rounds; round-- > 0;) {
        x = ((x ^ (x >> shift)) - terms[round]) * inverses[round] & mask;
      }
    } while (x > last);
    return x;
  }

 private:
  /// The largest number that has `bits` bits.
  [[nodiscard]] constexpr Word largest() const noexcept {
    return std::numeric_limits<Word>::max() >> (std::numeric_limits<Word>::digits - bits);
  }

  constexpr Word next_round(Word x, Word mask, Word shift) noexcept {
    x = (x * (factor | 1) + term) & mask;
    next_keys();
    return x ^ (x >> shift);
  }
  constexpr void next_keys() noexcept {
    factor += term;
    term = static_cast<Word>(term << 7 | term >> (std::numeric_limits<Word>::digits - 7)) ^ factor;
  }
};

/// Permutations of up to this many numbers are exact: 12! < 2^29, so one word provides all the choices.
inline constexpr std::uint64_t largest_exact_permutation = 12;

/// Follows one place through a Fisher-Yates shuffle. For i = n - 1 down to 1, the shuffle exchanges place i with a
/// random place in [0, i].
constexpr std::uint64_t exchange(std::uint64_t place, std::uint64_t n, std::uint64_t choices) noexcept {
  for (std::uint64_t i = n - 1; i > 0; --i) {
    auto const [other, remainder] = multiply(choices, i + 1);
    choices = remainder;
    place = place == i ? other : place == other ? i : place;
  }
  return place;
}

/// The place that exchange() takes to `number`. Needs n <= 16.
constexpr std::uint64_t exchange_back(std::uint64_t number, std::uint64_t n, std::uint64_t choices) noexcept {
  std::uint64_t others[16] = {};
  for (std::uint64_t i = n - 1; i > 0; --i) {
    auto const [other, remainder] = multiply(choices, i + 1);
    choices = remainder;
    others[i] = other;
  }
  for (std::uint64_t i = 1; i < n; ++i) number = number == i ? others[i] : number == others[i] ? i : number;
  return number;
}

namespace kernels {

/// Scrambles all places of a block. Those that are then above `last` are scrambled again, together, until only a few
/// are left. These are finished one by one.
template <class Keys, class Word>
void permute(Keys const* keys, Word last, std::size_t count, block_of<Word>* __restrict places,
             prefetcher* meanwhile) noexcept {
  constexpr std::size_t few = 8;  // with fewer places, vector instructions are not faster
  auto& place = *places;
  keys->scramble(count, place, *meanwhile);
  lane_list walker;  // x[i] belongs to place[walker[i]]
  std::size_t walkers = list_above(place, last, count, walker);
  block_of<Word> x;
  while (walkers >= few) {
    for (std::size_t i = 0; i < walkers; ++i) {
      x[i] = place[walker[i]];
      forbid_gather();
    }
    for (std::size_t i = walkers; i % group_size != 0; ++i) x[i] = 0;
    keys->scramble(walkers, x, *meanwhile);
    std::size_t left = 0;
    for (std::size_t i = 0; i < walkers; ++i) {
      place[walker[i]] = x[i];
      walker[left] = walker[i];
      left += static_cast<std::size_t>(x[i] > last);
    }
    walkers = left;
  }
  for (std::size_t i = 0; i < walkers; ++i) place[walker[i]] = keys->walk(place[walker[i]], last);
}

}  // namespace kernels

/// Replaces each of the first `count` places, all at most `last`, by keys.walk(place, last). The last group of places
/// must be filled. Between the passes it lets `meanwhile` ask for memory.
template <class Keys, class Word>
void permute(Keys const& keys, Word last, std::size_t count, block_of<Word>& places, prefetcher& meanwhile) noexcept {
  dispatch<kernels::permute<Keys, Word>>(&keys, last, count, &places, &meanwhile);
}

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
