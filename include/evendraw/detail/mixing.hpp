// The arithmetic that makes random words.
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>

namespace evendraw::detail {

/// A bijection that mixes 64 bits: every bit of the result depends on every bit of z.
///
/// Source     the finalizer of SplitMix64: Steele, Lea, Flood, OOPSLA 2014; constants: Stafford's variant 13
constexpr std::uint64_t mix64(std::uint64_t z) noexcept {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

/// The number that SplitMix64 mixes grows by this from one word to the next.
inline constexpr std::uint64_t word_step = 0x9e3779b97f4a7c15u;

/// The number that SplitMix64 mixes into word `counter` of the sequence `key`.
constexpr std::uint64_t unmixed_word(std::uint64_t key, std::uint64_t counter) noexcept {
  return key + (counter + 1) * word_step;
}

/// The number whose product with an odd factor is 1, in the arithmetic of Word.
///
/// Source     Newton's iteration: the first value is right in 5 bits, and every step doubles their number
template <std::unsigned_integral Word>
constexpr Word inverse_of_odd(Word factor) noexcept {
  Word inverse = (factor * 3) ^ 2;
  for (int bits = 5; bits < std::numeric_limits<Word>::digits; bits *= 2) inverse *= 2 - factor * inverse;
  return inverse;
}

}  // namespace evendraw::detail
