// Exponential keys. Weighted sampling without replacement draws the samples with the smallest ones.
#pragma once

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <type_traits>

#include <evendraw/detail/blocks.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/huge_page_vector.hpp>
#include <evendraw/detail/math.hpp>
#include <evendraw/kernels/dispatch.hpp>
#include <evendraw/kernels/lanes.hpp>
#include <evendraw/kernels/words.hpp>
#include <evendraw/random/counter_random.hpp>
#include <evendraw/random/detail/fingerprint.hpp>
#include <evendraw/weights/detail/checked_weights.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

namespace detail {

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

/// An exponential variate: -ln(U) for the uniform U = (word | 1) / 2^64.
///
/// U lies within a factor of 2^(1/4) of a power C of the square root of 2, and ln(C / U) = 2 atanh((C - U) / (C + U)).
/// Near C = 1 the difference 1 - U is exact, so small results are as accurate as large ones.
///
/// Exact      relative error below 2^-50
/// Stable     the same bits wherever double arithmetic is that of IEEE 754 (not on the x87 of 32-bit processors)
constexpr double exponential(std::uint64_t word) noexcept {
  constexpr std::uint64_t first_limit = std::bit_cast<std::uint64_t>(1.1892071150027211) & fraction_mask;  // 2^(1/4)
  constexpr std::uint64_t last_limit = std::bit_cast<std::uint64_t>(1.681792830507429) & fraction_mask;    // 2^(3/4)
  constexpr std::uint64_t root_of_two = std::bit_cast<std::uint64_t>(1.4142135623730951) & fraction_mask;
  constexpr std::uint64_t one_octave = fraction_mask + 1;
  constexpr double log_of_root = 0.34657359027997264;

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
  double const s = difference / (centre + uniform), z = s * s, twice = s + s;
  double series = 1.0 / 13;
  series = 1.0 / 11 + uncontracted(z * series);
  series = 1.0 / 9 + uncontracted(z * series);
  series = 1.0 / 7 + uncontracted(z * series);
  series = 1.0 / 5 + uncontracted(z * series);
  series = 1.0 / 3 + uncontracted(z * series);
  return uncontracted(as_double(half_octaves) * log_of_root) + (twice + uncontracted(twice * (z * series)));
}

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

namespace kernels {

/// Lists all lanes whose keys have an upper half of at most `limit`, and perhaps a few others.
inline std::size_t list_low_keys(std::uint64_t const* __restrict words, std::uint64_t const* __restrict weights,
                                 std::uint32_t limit, std::size_t count, std::uint16_t* __restrict lanes) noexcept {
  block_of<std::uint8_t> marks;
  std::size_t const whole = count - count % group_size;
  for (std::size_t group = 0; group < whole; group += group_size) {
    for (std::size_t lane = 0; lane < group_size; ++lane) {
      std::size_t const i = group + lane;
      marks[i] = least_upper_half(static_cast<std::uint32_t>(words[i] >> 32),
                                  static_cast<std::uint32_t>(weights[i] >> 32)) <= limit;
    }
  }
  for (std::size_t i = whole; i < count; ++i) marks[i] = 1;
  for (std::size_t i = count; i % 8 != 0; ++i) marks[i] = 0;
  return list_marked(marks, count, lanes);
}

inline void make_keys(std::uint64_t const* __restrict weights, std::size_t count,
                      std::uint64_t* __restrict keys) noexcept {
  std::size_t const whole = count - count % group_size;
  for (std::size_t group = 0; group < whole; group += group_size) {
    for (std::size_t lane = 0; lane < group_size; ++lane) {
      std::size_t const i = group + lane;
      keys[i] = key_of(exponential(keys[i]), weights[i]);
    }
  }
  for (std::size_t i = whole; i < count; ++i) keys[i] = key_of(exponential(keys[i]), weights[i]);
}

}  // namespace kernels

/// Replaces every random word keys[i] by the key that it makes with weights[i]. (`weights` is not const, because GCC
/// would then warn of blocks that it does not see filled.)
inline void make_keys(block_of<std::uint64_t>& weights, std::size_t count, block_of<std::uint64_t>& keys) noexcept {
  dispatch<kernels::make_keys>(weights, count, keys);
}

/// Checked weights, as the words that keys are made from.
class key_weights {
 public:
  template <weight_range Range>
  key_weights(std::string_view context, Range&& weights) {
    if constexpr (std::ranges::sized_range<Range>) words_.reserve(static_cast<std::size_t>(std::ranges::size(weights)));
    for (std::ranges::range_value_t<Range> const given : weights) {
      double const weight = weight_as_double(given);
      if (!(weight >= 0) || !detail::is_finite(weight)) bad_weight(context, "weights", words_.size(), weight);
      add(weight_word(weight));
    }
    if (words_.empty()) no_weights(context, "weights");
    if (positives_ == 0) all_zero(context, "weights", words_.size());
  }

  [[nodiscard]] std::span<std::uint64_t const> words() const noexcept { return words_; }
  [[nodiscard]] std::uint64_t positives() const noexcept { return positives_; }

  /// No key is below this.
  [[nodiscard]] std::uint64_t least_key() const noexcept { return least_key_of(heaviest_); }
  /// Keys of positive weights are below this; keys of zero weights are not.
  [[nodiscard]] std::uint64_t key_limit() const noexcept { return key_limit_of(lightest_); }

  [[nodiscard]] std::uint64_t fingerprint() const noexcept {
    fingerprint_builder hash("key_weights");
    for (std::uint64_t const word : words_) hash.add(word);
    return hash.value();
  }

 private:
  void add(std::uint64_t word) {
    words_.push_back(word);
    if (word == 0) return;
    ++positives_;
    heaviest_ = std::max(heaviest_, word);
    lightest_ = std::min(lightest_, word);
  }

  huge_page_vector<std::uint64_t> words_;
  std::uint64_t positives_ = 0;
  std::uint64_t heaviest_ = 0;
  std::uint64_t lightest_ = std::numeric_limits<std::uint64_t>::max();
};

/// The keys of all samples in one epoch.
class exponential_keys {
 public:
  exponential_keys(key_weights const& weights, std::uint64_t stream) noexcept : weights_(weights), stream_(stream) {}

  [[nodiscard]] std::uint64_t size() const noexcept { return weights_.words().size(); }
  [[nodiscard]] std::uint64_t least() const noexcept { return weights_.least_key(); }
  [[nodiscard]] std::uint64_t limit() const noexcept { return weights_.key_limit(); }

  /// Of `count` samples from `first` on, lists those whose keys are below `limit`, and perhaps a few others. Sample
  /// first + lanes[i] has keys[i]. Returns their number.
  std::size_t list_low(std::uint64_t first, std::size_t count, std::uint64_t limit, lane_list& lanes,
                       block_of<std::uint64_t>& keys) const noexcept {
    std::uint64_t const* const all_weights = weights_.words().data() + first;
    block_of<std::uint64_t> words, weights;
    make_words(stream_, first, 1, count, words);
    std::size_t const listed =
        dispatch<kernels::list_low_keys>(words, all_weights, static_cast<std::uint32_t>(limit >> 32), count, lanes);
    for (std::size_t i = 0; i < listed; ++i) {
      keys[i] = words[lanes[i]];
      weights[i] = all_weights[lanes[i]];
      forbid_gather();
    }
    make_keys(weights, listed, keys);
    return listed;
  }

  /// Writes the keys of these indices, at most a block of them.
  template <std::unsigned_integral Index>
  void read_block(std::span<Index const> indices, block_of<std::uint64_t>& keys) const noexcept {
    block_of<std::uint64_t> weights;
    for (std::size_t i = 0; i < indices.size(); ++i) {
      weights[i] = weights_.words()[static_cast<std::size_t>(indices[i])];
      keys[i] = random_word(stream_, indices[i]);
    }
    make_keys(weights, indices.size(), keys);
  }

 private:
  key_weights const& weights_;
  std::uint64_t stream_;
};

}  // namespace detail

/// The key of one sample in one epoch: an exponential variate divided by the weight.
///
/// weighted_without_replacement_sampler draws the samples with the smallest keys, in ascending order; samples with
/// equal keys are in the order of their indices. If several processes each hold a part of the data, take the smallest
/// keys of every part, and then the smallest of these.
///
///   seed, epoch  those of the sampler
///   index        the sample's index in the whole data
///   weight       finite and >= 0
///
/// Needs      a weight that is finite and >= 0 -> else std::invalid_argument
/// Edge       weight 0 gives 2^64 - 1, which is larger than any other key; such a sample must not be drawn
/// Exact      the quotient has a relative error below 2^-49; the variate takes 2^63 values
/// Cost       O(1), about 10 ns
/// Stable     it does not compile with -ffast-math or -Ofast. Otherwise keys are the same on every platform, except
///            that their last bits differ on the x87 of 32-bit processors (-msse2 -mfpmath=sse fixes it). If weights
///            are multiplied by a power of two and stay normal, all keys change by the same amount
/// Source     Efraimidis & Spirakis, Information Processing Letters 97(5), 2006
template <class Weight = double>  // never deduced; a template, so that only programs that use it need exact arithmetic
[[nodiscard]] std::uint64_t exponential_key(std::uint64_t seed, std::uint64_t epoch, std::uint64_t index,
                                            std::type_identity_t<Weight> weight) {
  static_assert(
      detail::repeatable_arithmetic<Weight>,
      "evendraw: every process must give a sample the same exponential_key, and with -ffast-math or -Ofast it "
      "depends on the surroundings; compile this file with -fno-fast-math");
  if (!(weight >= 0) || !detail::is_finite(weight)) {
    detail::invalid("exponential_key", "the weight is ", detail::text(weight), "; it must be finite and >= 0");
  }
  if (weight == 0) return std::numeric_limits<std::uint64_t>::max();
  std::uint64_t const uniform = random_word(stream_key(seed, epoch, random_stream::draw), index);
  return detail::key_of(detail::exponential(uniform), detail::weight_word(weight));
}

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
