// Weighted draws without replacement, one after the other.
#pragma once

#include <algorithm>
#include <cfloat>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <utility>

#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/shared.hpp>
#include <evendraw/epochs/detail/sampler_base.hpp>
#include <evendraw/epochs/detail/stored_draws.hpp>
#include <evendraw/epochs/draws.hpp>
#include <evendraw/random/counter_random.hpp>
#include <evendraw/weights/detail/checked_weights.hpp>
#include <evendraw/weights/detail/exponential_keys.hpp>
#include <evendraw/weights/detail/smallest_keys.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

/// What happens if epoch_size exceeds the number of positive weights.
enum class when_exhausted {
  error,  ///< std::invalid_argument
  stop,   ///< a shorter epoch, which ends when all samples with a positive weight have been drawn
};

/// Options of weighted_without_replacement_sampler.
struct weighted_without_replacement_options {
  std::uint64_t epoch_size = 0;                         ///< draws per epoch; 0: the number of positive weights
  when_exhausted on_exhausted = when_exhausted::error;  ///< what happens if fewer weights than epoch_size are positive
  std::uint64_t seed = 0;                               ///< chooses the draws
};

/// Draws a sample by weight, removes it, and draws the next one by weight from those that remain. No index comes twice
/// in an epoch. With as many draws as samples this is a weighted shuffle.
///
///   weights  n finite numbers >= 0 of any arithmetic type, one per sample; their sum need not be 1
///   options  .epoch_size draws per epoch, .on_exhausted: error or stop, .seed
///
/// The probability that an epoch has a sample is not proportional to its weight: for weights 2, 1, 1 and two draws it
/// is 5/6, 7/12 and 7/12. Heavy samples come early, so the end of an epoch has mostly light ones. systematic_sampler
/// draws in proportion and mixes heavy and light samples.
///
/// Needs      1 <= n <= max of Index; no weight negative, NaN or infinite; one positive; epoch_size at most the number
///            of positive weights, unless .on_exhausted is stop -> else std::invalid_argument
/// Edge       a sample of weight zero is never drawn; equal weights: a uniform shuffle; the first j draws do not depend
///            on epoch_size; the ratio of two weights may be as large as doubles allow
/// Exact      keys have a relative error below 2^-49 (see exponential_key, which merges epochs of distributed data)
/// Cost       O(n) to build, 8 n bytes; epoch(e) computes the epoch in O(n) expected time, and needs about 22 bytes per
///            draw while it does (36 with an Index of 64 bits); the epoch and its copies share one Index per draw; then
///            O(1) per draw
/// Stable     same weights, seed, epoch and position: same index on every platform; weights multiplied by a power of
///            two, if they stay normal: same draws. It does not compile for the x87 of 32-bit processors, nor with
///            -ffast-math or -Ofast
/// Source     Efraimidis & Spirakis, Information Processing Letters 97(5), 2006
template <std::unsigned_integral Index = std::uint32_t>
class weighted_without_replacement_sampler : public detail::sampler_base {
  // Two computations of a key must give the same bits. The x87 computes with more digits than a double has, and not
  // always with the same number.
  static_assert(FLT_EVAL_METHOD != 2 || sizeof(Index) == 0, "compile for 32-bit x86 with -msse2 -mfpmath=sse");
  static_assert(detail::repeatable_arithmetic<Index>,
                "evendraw: weighted_without_replacement_sampler sorts by keys, which must be the same wherever they "
                "are computed, and with -ffast-math or -Ofast they are not; compile this file with -fno-fast-math");

 public:
  using index_type = Index;
  using core = detail::stored_draws<Index>;

  template <detail::weight_range Weights>
  explicit weighted_without_replacement_sampler(Weights&& weights, weighted_without_replacement_options options = {})
      : weighted_without_replacement_sampler(detail::share<detail::key_weights const>(context, weights), options) {}

  explicit weighted_without_replacement_sampler(std::initializer_list<double> weights,
                                                weighted_without_replacement_options options = {})
      : weighted_without_replacement_sampler(std::span(weights.begin(), weights.size()), options) {}

  [[nodiscard]] draws<core> epoch(std::uint64_t e) const {
    detail::exponential_keys const keys(*weights_, stream_key(seed(), e, random_stream::draw));
    return make_draws(core(detail::smallest_keys<Index, detail::exponential_keys>(keys).find(epoch_size())), e);
  }

  [[nodiscard]] std::uint64_t fingerprint() const noexcept {
    return make_fingerprint(context, weights_->fingerprint());
  }

 private:
  static constexpr std::string_view context = "weighted_without_replacement_sampler";

  weighted_without_replacement_sampler(detail::shared<detail::key_weights const> weights,
                                       weighted_without_replacement_options const& options)
      : sampler_base(context, weights->words().size(), draws_of(weights->positives(), options), options.seed),
        weights_(std::move(weights)) {
    detail::check_index_fits<Index>(context, num_samples());
  }

  static std::uint64_t draws_of(std::uint64_t positives, weighted_without_replacement_options const& options) {
    detail::refuse_negative(context, {{"epoch_size", options.epoch_size}});
    if (options.epoch_size > positives && options.on_exhausted == when_exhausted::error) {
      detail::invalid(context, "epoch_size is ", detail::text(options.epoch_size), ", but only ",
                      detail::text(positives),
                      " weights are positive; lower it, or let the epoch end there: "
                      ".on_exhausted = evendraw::when_exhausted::stop");
    }
    return options.epoch_size == 0 ? positives : std::min(options.epoch_size, positives);
  }

  detail::shared<detail::key_weights const> weights_;
};

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
