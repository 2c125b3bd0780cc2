// A random order of [0, n) that can be read at any place and needs no memory.
#pragma once

#include <bit>
#include <cassert>
#include <cstdint>

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
/// Cost       O(1) memory (40 bytes); O(1) time for n > 12 (expected at most 2 walks of 8 rounds; 12 for n <= 4096, 16 for n <= 64), n steps for n <= 12
/// Stable     the same on every platform
/// Exact      n <= 12: every one of the n! orders is as likely as any other, within n! / 2^64. Larger n: no test of
///            positions, neighbours or pairs tells it from a uniform order; not cryptographic
/// Source     n <= 12: Fisher-Yates, followed backwards for one place. Larger n: rounds of multiply, add and
///            xor-shift on bit_width(n - 1) bits, with cycle walking (Black & Rogaway, CT-RSA 2002)
class permutation {
 public:
  permutation(std::uint64_t n, std::uint64_t key) : permutation(n, key, static_cast<int>(std::bit_width(n - 1))) {
    if (n == 0 || n > std::uint64_t{1} << 63) {
      detail::invalid("permutation", "n is " + detail::text(n) + "; needs 1 <= n <= 2^63");
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

 private:
  static constexpr std::uint64_t largest_exact = 12;  // 12! < 2^29: one word holds all the choices

  permutation(std::uint64_t n, std::uint64_t key, int bits) noexcept
      : n_(n), mask_(bits == 0 ? 0 : ~std::uint64_t{0} >> (64 - bits)), shift_((bits + 1) / 2),
        rounds_(bits <= 6 ? 16 : bits <= 12 ? 12 : 8), factors_(word(key, 0)), terms_(word(key, 1)) {}

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

  /// A bijection of the numbers of bit_width(n - 1) bits. Each round takes other bits of the two key words.
  [[nodiscard]] std::uint64_t scramble(std::uint64_t x) const noexcept {
    std::uint64_t factor = factors_, term = terms_;
    for (int round = 0; round < rounds_; ++round) {
      x = (x * (factor | 1) + term) & mask_;
      x ^= x >> shift_;
      factor = std::rotr(factor, 11);
      term = std::rotr(term, 13);
    }
    return x;
  }

  std::uint64_t n_;
  std::uint64_t mask_;
  int shift_;
  int rounds_;
  std::uint64_t factors_;
  std::uint64_t terms_;
};

}  // namespace evendraw
