// Exponential keys. Weighted sampling without replacement draws the samples with the smallest ones.
#pragma once

#include <algorithm>
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
#include <evendraw/weights/detail/key_arithmetic.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

namespace detail {

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

/// Each group is done in three short loops. The operations on one key wait for each other, and a processor overlaps the
/// work on several keys only as far as it looks ahead. In short loops that is more keys.
inline void make_keys(std::uint64_t* __restrict weights, std::size_t count, std::uint64_t* __restrict keys) noexcept {
  std::size_t const whole = count - count % group_size;
  for (std::size_t group = 0; group < whole; group += group_size) {
    double x[group_size];  // s, and then the variate
    std::uint64_t half_octaves[group_size];
    for (std::size_t lane = 0; lane < group_size; ++lane) {
      auto const u = uniform_of(keys[group + lane]);
      x[lane] = u.s;
      half_octaves[lane] = u.half_octaves;
    }
    for (std::size_t lane = 0; lane < group_size; ++lane) x[lane] = exponential({x[lane], half_octaves[lane]});
    for (std::size_t lane = 0; lane < group_size; ++lane) {
      keys[group + lane] = key_of(x[lane], weights[group + lane]);
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
