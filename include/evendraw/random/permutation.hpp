// A random order of [0, n) that can be read at any place and needs no memory.
#pragma once

#include <algorithm>
#include <bit>
#include <cassert>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>

#include <evendraw/detail/blocks.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/instruction_sets.hpp>
#include <evendraw/random/counter_random.hpp>

namespace evendraw {

namespace detail {

/// A bijection of the numbers of some bits: passes of four rounds of multiply, add and xor-shift, each round with keys
/// of its own. A Word may be as narrow as the numbers: higher bits never reach lower ones.
template <std::unsigned_integral Word>
struct scrambler {
  Word bits;
  Word factor;  // the keys of the next round
  Word term;

  [[nodiscard]] constexpr Word four_rounds(Word x) noexcept {
    Word const mask = std::numeric_limits<Word>::max() >> (std::numeric_limits<Word>::digits - bits);
    Word const shift = (bits + 1) / 2;
    x = next_round(x, mask, shift);
    x = next_round(x, mask, shift);
    x = next_round(x, mask, shift);
    return next_round(x, mask, shift);
  }

  /// As many as it takes until no test tells the orders of so few numbers from uniform ones.
  [[nodiscard]] constexpr Word passes() const noexcept {
    return static_cast<Word>(2 + static_cast<Word>(bits <= 12) + static_cast<Word>(bits <= 6));
  }

 private:
  constexpr Word next_round(Word x, Word mask, Word shift) noexcept {
    x = (x * (factor | 1) + term) & mask;
    factor += term;
    term = std::rotl(term, 7) ^ factor;
    return x ^ (x >> shift);
  }
};

/// Sizes up to this one are permuted exactly: 12! < 2^29, so one word holds all the choices.
inline constexpr std::uint64_t largest_exact_permutation = 12;

/// Fisher-Yates exchanges place i with a random one of [0, i], for i = n - 1 down to 1; this follows one place.
constexpr std::uint64_t exchange(std::uint64_t place, std::uint64_t n, std::uint64_t choices) noexcept {
  for (std::uint64_t i = n - 1; i > 0; --i) {
    auto const [other, rest] = multiply(choices, i + 1);
    choices = rest;
    place = place == i ? other : place == other ? i : place;
  }
  return place;
}

}  // namespace detail

/// A permutation of [0, n) chosen by a key: a bijection, evaluated at one place at a time.
///
///   n    1 to 2^63
///   key  any 64 bits; each key has its own order
///
/// Needs      1 <= n <= 2^63 -> else std::invalid_argument; place < n (asserted)
/// Edge       n = 1: 0
/// Cost       O(1) memory (24 bytes); n <= 12: n steps a place. Larger n: expected at most two walks of 8 rounds (12
///            for n <= 4096, 16 for n <= 64)
/// Stable     the same on every platform
/// Exact      n <= 12: every one of the n! orders is as likely as any other, within n! / 2^64. Larger n: not exact;
///            the project's tests of positions, neighbours, lags and pairs do not tell it from a uniform order. Not
///            cryptographic
/// Source     n <= 12: Fisher-Yates, followed backwards for one place. Larger n: rounds of multiply, add and
///            xor-shift on bit_width(n - 1) bits, with cycle walking (Black & Rogaway, CT-RSA 2002)
class permutation {
 public:
  permutation(std::uint64_t n, std::uint64_t key) : last_(n - 1), words_{word(key, 0), word(key, 1)} {
    if (n == 0 || n > std::uint64_t{1} << 63) {
      detail::invalid("permutation", "n is ", detail::text(n), "; needs 1 <= n <= 2^63");
    }
  }

  /// n.
  [[nodiscard]] std::uint64_t size() const noexcept { return last_ + 1; }

  /// What stands at `place`.
  [[nodiscard]] std::uint64_t operator()(std::uint64_t place) const noexcept {
    assert(place <= last_);
    if (is_exact()) return detail::exchange(place, size(), words_[0]);
    return is_narrow() ? walk(static_cast<std::uint32_t>(place)) : walk(place);
  }

  /// Replaces each of the places by what stands there: the same as operator(), several times faster.
  /// For places of 32 bits n must not be larger than 2^32 (asserted).
  void apply(std::span<std::uint32_t> places) const noexcept { apply_in_blocks(places); }
  void apply(std::span<std::uint64_t> places) const noexcept { apply_in_blocks(places); }

  /// apply() of one block, inside a loop that is vectorised already.
  template <std::unsigned_integral Place>
  [[gnu::always_inline]] void apply_to_block(std::span<Place> places) const noexcept {
    assert(last_ <= std::numeric_limits<Place>::max());
    if (places.size() < few || is_exact()) {
      for (Place& place : places) place = static_cast<Place>((*this)(place));
    } else if (is_narrow()) {
      walk_block<std::uint32_t>(places);
    } else {
      walk_block<std::uint64_t>(places);
    }
  }

 private:
  static constexpr std::size_t few = 8;  // not worth a vector

  template <class Place>
  void apply_in_blocks(std::span<Place> places) const noexcept {
    detail::run_vectorised([&] {
      for (auto const block : detail::blocks(places)) apply_to_block(block.part);
    });
  }

  [[nodiscard]] bool is_exact() const noexcept { return last_ < detail::largest_exact_permutation; }
  [[nodiscard]] bool is_narrow() const noexcept { return last_ >> 32 == 0; }

  /// The keys before the first round.
  template <class Word>
  [[nodiscard]] detail::scrambler<Word> start() const noexcept {
    auto const bits = static_cast<Word>(std::bit_width(last_));
    if constexpr (sizeof(Word) == 4) {
      return {bits, static_cast<Word>(words_[0]), static_cast<Word>(words_[0] >> 32)};
    } else {
      return {bits, words_[0], words_[1]};
    }
  }

  /// Scrambles until the number is inside [0, n) again.
  template <class Word>
  [[nodiscard]] Word walk(Word x) const noexcept {
    do {
      auto keys = start<Word>();
      for (Word pass = keys.passes(); pass > 0; --pass) x = keys.four_rounds(x);
    } while (x > last_);
    return x;
  }

  /// All places of a block take a step, then those that are outside [0, n), together, until few are left.
  template <class Word, class Place>
  [[gnu::always_inline]] void walk_block(std::span<Place> places) const noexcept {
    detail::block_of<Word> x{};
    detail::block_of<std::uint32_t> walker;  // the place that x[i] belongs to
    std::size_t walkers = 0;
    detail::for_each_index(places.size(), [&](std::size_t i) { x[i] = static_cast<Word>(places[i]); });
    scramble(x, places.size());
    detail::for_each_index(places.size(), [&](std::size_t i) { places[i] = static_cast<Place>(x[i]); });
    for (std::size_t i = 0; i < places.size(); ++i) {
      walker[walkers] = static_cast<std::uint32_t>(i);
      walkers += static_cast<std::size_t>(x[i] > last_);
    }
    while (walkers >= few) {
      for (std::size_t i = 0; i < walkers; ++i) {
        x[i] = static_cast<Word>(places[walker[i]]);
        detail::one_by_one();
      }
      scramble(x, walkers);
      std::size_t left = 0;
      for (std::size_t i = 0; i < walkers; ++i) {
        places[walker[i]] = static_cast<Place>(x[i]);
        walker[left] = walker[i];
        left += static_cast<std::size_t>(x[i] > last_);
      }
      walkers = left;
    }
    for (std::size_t i = 0; i < walkers; ++i) {
      places[walker[i]] = static_cast<Place>(walk(static_cast<Word>(places[walker[i]])));
    }
  }

  template <class Word>
  [[gnu::always_inline]] void scramble(detail::block_of<Word>& x, std::size_t count) const noexcept {
    auto keys = start<Word>();
    for (Word pass = keys.passes(); pass > 0; --pass) {
      detail::for_each_in_groups(count, [&x, keys](std::size_t i) {
        auto same_keys = keys;
        x[i] = same_keys.four_rounds(x[i]);
      });
      static_cast<void>(keys.four_rounds(0));
    }
  }

  std::uint64_t last_;
  std::uint64_t words_[2];
};

namespace detail {

/// Calls f(position, place that stands there) for every position of a permutation, in order.
template <class F>
void for_each_place(permutation const& order, F f) {
  block_of<std::uint64_t> buffer;
  for (std::uint64_t first = 0; first < order.size(); first += buffer.size()) {
    auto const places =
        std::span(buffer).first(static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), order.size() - first)));
    std::iota(places.begin(), places.end(), first);
    order.apply(places);
    for (std::size_t i = 0; i < places.size(); ++i) f(first + i, places[i]);
  }
}

}  // namespace detail

}  // namespace evendraw
