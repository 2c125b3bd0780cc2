// The arithmetic of exponential keys, by which weighted sampling without replacement sorts.
#pragma once

#include <bit>
#include <cstdint>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

inline constexpr std::uint64_t fraction_mask = (std::uint64_t{1} << 52) - 1;  // the fraction bits of a double

/// Clears the last bit of a product to which something is added. Otherwise compilers may contract a * b + c into one
/// operation that rounds once, and results would differ between processors.
constexpr double uncontracted(double product) noexcept {
  return std::bit_cast<double>(std::bit_cast<std::uint64_t>(product) & ~std::uint64_t{1});
}

/// a if `first_wanted` is 1, b if it is 0. It has no branch and no comparison, so loops with it are vectorised
/// everywhere.
constexpr std::uint64_t chosen(std::uint64_t first_wanted, std::uint64_t a, std::uint64_t b) noexcept {
  return b ^ ((a ^ b) & (0 - first_wanted));
}
constexpr double chosen(std::uint64_t first_wanted, double a, double b) noexcept {
  return std::bit_cast<double>(chosen(first_wanted, std::bit_cast<std::uint64_t>(a), std::bit_cast<std::uint64_t>(b)));
}

/// A 64-bit number as a double, rounded once, by operations that all vector instruction sets have.
constexpr double as_double(std::uint64_t x) noexcept {
  double const high = std::bit_cast<double>(x >> 32 | std::bit_cast<std::uint64_t>(0x1p84)) - (0x1p84 + 0x1p52);
  return high + std::bit_cast<double>((x & 0xffffffffu) | std::bit_cast<std::uint64_t>(0x1p52));
}

/// A uniform U = (word | 1) / 2^64 as C (1 - s) / (1 + s), where C is 2^(-half_octaves / 2), the power of the square
/// root of 2 that is nearest to U. Then -ln(U) = half_octaves ln(2) / 2 + 2 atanh(s).
struct split_uniform {
  double s;
  std::uint64_t half_octaves;
};

/// The uniform of a random word. Near C = 1 the difference 1 - U is exact, so small variates are as accurate as
/// large ones.
constexpr split_uniform uniform_of(std::uint64_t word) noexcept {
  constexpr std::uint64_t first_limit = std::bit_cast<std::uint64_t>(1.1892071150027211) & fraction_mask;  // 2^(1/4)
  constexpr std::uint64_t last_limit = std::bit_cast<std::uint64_t>(1.681792830507429) & fraction_mask;    // 2^(3/4)
  constexpr std::uint64_t root_of_two = std::bit_cast<std::uint64_t>(1.4142135623730951) & fraction_mask;
  constexpr std::uint64_t one_octave = fraction_mask + 1;

  std::uint64_t const odd = word | 1, upper = odd >> 63, from_end = 0 - odd;
  double const distance =
      as_double(chosen(upper, from_end, odd)) * 0x1p-64;  // from U to 1 in the upper half, else to 0
  double const uniform = chosen(upper, 1 - distance, distance);

  std::uint64_t const bits = std::bit_cast<std::uint64_t>(uniform), fraction = bits & fraction_mask;
  std::uint64_t const past_first = (first_limit - 1 - fraction) >> 63, past_last = (last_limit - 1 - fraction) >> 63;
  std::uint64_t const rise = chosen(past_last, one_octave, chosen(past_first, root_of_two, std::uint64_t{0}));
  double const centre = std::bit_cast<double>((bits & ~fraction_mask) + rise);
  std::uint64_t const half_octaves = 2 * (1023 - (bits >> 52)) - past_first - past_last;

  double const difference = chosen((half_octaves - 1) >> 63, distance, centre - uniform);
  return {difference / (centre + uniform), half_octaves};
}

/// The exponential variate of a split uniform: -ln(U).
constexpr double exponential(split_uniform u) noexcept {
  constexpr double log_of_root = 0.34657359027997264;
  double const s = u.s, z = s * s, twice = s + s;
  double series = 1.0 / 13;
  series = 1.0 / 11 + uncontracted(z * series);
  series = 1.0 / 9 + uncontracted(z * series);
  series = 1.0 / 7 + uncontracted(z * series);
  series = 1.0 / 5 + uncontracted(z * series);
  series = 1.0 / 3 + uncontracted(z * series);
  return uncontracted(as_double(u.half_octaves) * log_of_root) + (twice + uncontracted(twice * (z * series)));
}

/// The exponential variate of a random word.
///
/// Exact      relative error below 2^-50
/// Stable     the same bits wherever double arithmetic is that of IEEE 754 (not on the x87 of 32-bit processors)
constexpr double exponential(std::uint64_t word) noexcept { return exponential(uniform_of(word)); }

/// A weight as the word that keys are made from: 12 bits of exponent, 52 of fraction, no denormals. 0 stays 0.
constexpr std::uint64_t weight_word(double weight) noexcept {
  constexpr std::uint64_t lowest_exponent = 128;  // of the smallest denormal; far above that of 0
  std::uint64_t const bits = std::bit_cast<std::uint64_t>(weight), field = bits >> 52;
  if (weight == 0) return 0;
  if (field > 0) return bits + ((lowest_exponent + 51) << 52);
  int const shift = std::countl_zero(bits) - 11;
  return (bits << shift & fraction_mask) +
         (lowest_exponent + 52 - static_cast<std::uint64_t>(shift)) * (fraction_mask + 1);
}

/// The bits of variate / weight, as if a double had 12 bits of exponent. Keys are in the order of the quotients.
constexpr std::uint64_t key_of(double variate, std::uint64_t weight) noexcept {
  double const significand = std::bit_cast<double>((weight & fraction_mask) | std::bit_cast<std::uint64_t>(1.0));
  return std::bit_cast<std::uint64_t>(variate / significand) + (std::uint64_t{1} << 63) - (weight & ~fraction_mask);
}

/// A lower bound of the keys of this weight, which is a multiple of 2^52.
constexpr std::uint64_t least_key_of(std::uint64_t weight) noexcept { return key_of(0x1p-65, weight & ~fraction_mask); }
/// A number above all keys of this weight, which is a multiple of 2^52.
constexpr std::uint64_t key_limit_of(std::uint64_t weight) noexcept { return key_of(0x1p6, weight & ~fraction_mask); }

/// A lower bound of the upper half of key_of(exponential(word), weight), from the upper halves of both. It takes a
/// fourth of the time, because it computes with floats.
///
/// With U = 2^-k (1 + t), -log2(U) is k - t minus the small number log2(1 + t) - t, and the bits of U contain k - t.
///
/// Exact      never above that half. The variate that it stands for is at most 0.0004 too low if that variate is below
///            10, so few lanes pass a comparison that their keys would not pass
constexpr std::uint32_t least_upper_half(std::uint32_t word, std::uint32_t weight) noexcept {
  constexpr std::uint32_t fraction = (1u << 23) - 1, one = std::bit_cast<std::uint32_t>(1.0f);  // of a float
  constexpr std::uint32_t highest = one + (30u << 23), coarse_fraction = (1u << 20) - 1;
  auto const uniform = std::bit_cast<std::uint32_t>(static_cast<float>(static_cast<std::int32_t>((word >> 2) + 1)));
  float const t = std::bit_cast<float>((uniform & fraction) | one) - 1;
  float const bend = t * (1 - t) * (0.4399266f + t * (-0.2405869f + t * 0.0808673f)) + 0.00025f;
  float const octaves = static_cast<float>(static_cast<std::int32_t>(highest - uniform)) * 0x1p-23f - bend;
  float const variate = 0.693145f * octaves, positive = variate > 0x1p-66f ? variate : 0x1p-66f;
  auto const significand = std::bit_cast<float>(one + ((weight & coarse_fraction) << 3) + 8);
  std::uint32_t const quotient = std::bit_cast<std::uint32_t>(positive / significand) >> 3;
  return quotient + ((1023u - 127) << 20) + (1u << 31) - (weight & ~coarse_fraction);
}

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
