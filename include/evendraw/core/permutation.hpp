// A random order of [0, n) that can be read at any place and needs no memory.
#pragma once

#include <array>
#include <bit>
#include <cassert>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include <evendraw/core/blocks.hpp>
#include <evendraw/core/counter_random.hpp>
#include <evendraw/core/errors.hpp>

namespace evendraw {

/// A permutation of [0, n) chosen by a key: a bijection, evaluated at one place at a time.
///
///   n    1 to 2^63
///   key  any 64 bits; each key has its own order
///
/// Needs      1 <= n <= 2^63 -> else std::invalid_argument; place < n (asserted)
/// Edge       n = 1: 0
/// Cost       O(1) memory (40 bytes); n <= 12: n steps a place. Larger n: expected at most two walks of 8 rounds (12 for
///            n <= 4096, 16 for n <= 64)
/// Stable     the same on every platform
/// Exact      n <= 12: every one of the n! orders is as likely as any other, within n! / 2^64. Larger n: not exact;
///            the project's tests of positions, neighbours, lags and pairs do not tell it from a uniform order. Not
///            cryptographic
/// Source     n <= 12: Fisher-Yates, followed backwards for one place. Larger n: rounds of multiply, add and
///            xor-shift on bit_width(n - 1) bits, with cycle walking (Black & Rogaway, CT-RSA 2002)
class permutation {
 public:
  permutation(std::uint64_t n, std::uint64_t key) : permutation(n, key, static_cast<int>(std::bit_width(n - 1))) {
    if (n == 0 || n > std::uint64_t{1} << 63) {
      detail::invalid("permutation", "n is ", detail::text(n), "; needs 1 <= n <= 2^63");
    }
  }

  [[nodiscard]] std::uint64_t size() const noexcept { return n_; }

  /// What stands at `place`.
  [[nodiscard]] std::uint64_t operator()(std::uint64_t place) const noexcept {
    assert(place < n_);
    if (n_ <= largest_exact) return exchange(place);
    do place = scramble(place);
    while (place >= n_);
    return place;
  }

  /// Replaces each of the places by what stands there: the same as operator(), several times faster.
  void apply(std::span<std::uint64_t> places) const noexcept {
    detail::for_each_block(places, [this](std::uint64_t, std::span<std::uint64_t> block) {
      if (block.size() < lanes / 2 || n_ <= largest_exact) {
        for (std::uint64_t& place : block) place = (*this)(place);
      } else if (n_ <= std::uint64_t{1} << 32) {
        apply_to_block<std::uint32_t>(block);
      } else {
        apply_to_block<std::uint64_t>(block);
      }
    });
  }

 private:
  static constexpr std::uint64_t largest_exact = 12;  // 12! < 2^29: one word holds all the choices
  static constexpr std::size_t lanes = 64;

  permutation(std::uint64_t n, std::uint64_t key, int bits) noexcept
      : n_(n),
        mask_(bits == 0 ? 0 : ~std::uint64_t{0} >> (64 - bits)),
        shift_((bits + 1) / 2),
        rounds_(bits <= 6    ? 16
                : bits <= 12 ? 12
                             : 8),
        factors_(word(key, 0)),
        terms_(word(key, 1)) {}

  /// Fisher-Yates exchanges place i with a random one of [0, i], for i = n - 1 down to 1; this follows one place.
  [[nodiscard]] std::uint64_t exchange(std::uint64_t place) const noexcept {
    std::uint64_t choices = factors_;
    for (std::uint64_t i = n_ - 1; i > 0; --i) {
      auto const [other, rest] = multiply(choices, i + 1);
      choices = rest;
      place = place == i ? other : place == other ? i : place;
    }
    return place;
  }

  /// One round: a bijection of the numbers of bit_width(n - 1) bits. Word needs no more bits than that: higher ones
  /// never reach lower ones.
  template <std::unsigned_integral Word>
  [[nodiscard]] Word round(Word x, std::uint64_t factor, std::uint64_t term) const noexcept {
    auto const y = static_cast<Word>((x * static_cast<Word>(factor | 1) + static_cast<Word>(term)) & mask_);
    return y ^ (y >> shift_);
  }

  /// All rounds; each takes other bits of the two key words.
  [[nodiscard]] std::uint64_t scramble(std::uint64_t x) const noexcept {
    std::uint64_t factor = factors_, term = terms_;
    for (int i = 0; i < rounds_; ++i) {
      x = round(x, factor, term);
      factor = std::rotr(factor, 11);
      term = std::rotr(term, 13);
    }
    return x;
  }

  /// The same for a fixed number of places, which compilers turn into vector instructions.
  template <std::unsigned_integral Word>
  void scramble(std::span<Word, lanes> x) const noexcept {
    std::uint64_t factor = factors_, term = terms_;
    for (int i = 0; i < rounds_; ++i) {
      for (std::size_t lane = 0; lane < lanes; ++lane) x[lane] = round(x[lane], factor, term);
      factor = std::rotr(factor, 11);
      term = std::rotr(term, 13);
    }
  }

  /// The first `count` places of a block, rounded up to whole lanes.
  template <std::unsigned_integral Word>
  void scramble(std::array<Word, detail::block_size>& x, std::size_t count) const noexcept {
    for (std::size_t i = 0; i < count; i += lanes) scramble(std::span(x).subspan(i).template first<lanes>());
  }

  /// All places of a block take a step, then those that are still outside [0, n), together, until few are left.
  template <std::unsigned_integral Word>
  void apply_to_block(std::span<std::uint64_t> places) const noexcept {
    std::array<Word, detail::block_size> x{};
    std::array<std::uint16_t, detail::block_size> outside;
    std::size_t count = 0;
    for (std::size_t i = 0; i < places.size(); ++i) x[i] = static_cast<Word>(places[i]);
    scramble(x, places.size());
    for (std::size_t i = 0; i < places.size(); ++i) {
      places[i] = x[i];
      outside[count] = static_cast<std::uint16_t>(i);
      count += static_cast<std::size_t>(x[i] >= n_);
    }
    while (count >= lanes / 2) {
      for (std::size_t i = 0; i < count; ++i) x[i] = static_cast<Word>(places[outside[i]]);
      scramble(x, count);
      std::size_t left = 0;
      for (std::size_t i = 0; i < count; ++i) {
        places[outside[i]] = x[i];
        outside[left] = outside[i];
        left += static_cast<std::size_t>(x[i] >= n_);
      }
      count = left;
    }
    for (std::size_t i = 0; i < count; ++i) {
      std::uint64_t& place = places[outside[i]];
      while (place >= n_) place = scramble(place);
    }
  }

  std::uint64_t n_;
  std::uint64_t mask_;
  int shift_;
  int rounds_;
  std::uint64_t factors_;
  std::uint64_t terms_;
};

}  // namespace evendraw
