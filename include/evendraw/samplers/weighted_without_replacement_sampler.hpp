// Draws without replacement by any weights: the successive scheme.
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

namespace evendraw {

/// What happens where an epoch shall have more draws than samples have a positive weight.
enum class when_exhausted {
  refuse,  ///< std::invalid_argument
  stop,    ///< the epoch ends when all are drawn: it is shorter than was asked for
};

/// What weighted epochs without replacement are given.
struct weighted_without_replacement_options {
  std::uint64_t epoch_size = 0;                          ///< draws per epoch; 0: as many as there are positive weights
  when_exhausted on_exhausted = when_exhausted::refuse;  ///< what happens where fewer weights are positive than draws
  std::uint64_t seed = 0;
};

/// Draws by weight, removes what was drawn, and draws by weight from the rest: no index twice in an epoch, in the order
/// of these successive draws. With as many draws as samples: a weighted shuffle.
///
///   weights  n finite numbers >= 0 of any arithmetic type, one per sample; their sum need not be 1
///   options  .epoch_size draws per epoch, .on_exhausted: refuse or stop, .seed
///
/// How likely a sample is to be in an epoch is not in proportion to its weight: weights 2, 1, 1 and two draws give 5/6,
/// 7/12 and 7/12. systematic_sampler gives inclusion in proportion.
///
/// Heavy samples come early: the end of an epoch is left to the light ones. systematic_sampler mixes them.
///
/// Needs      1 <= n <= max of Index; no weight negative, NaN or infinite; one positive; epoch_size at most the number
///            of positive weights, unless it stops -> else std::invalid_argument
/// Edge       a zero weight is never drawn; equal weights: a uniform shuffle; the first j draws are the same whatever
///            epoch_size; ratios of weights may be anything that doubles can express
/// Cost       O(n) to build, 8 n bytes held; epoch(e) computes the epoch: O(n) expected, 16 to 20 bytes a draw while it
///            runs, of which one Index a draw stays with the draws and their copies; then O(1) per draw
/// Stable     same weights, seed, epoch and position: same index on every platform; weights times a power of two (that
///            stay normal): same draws. For the x87 of 32-bit processors it does not compile
/// Exact      keys have a relative error below 2^-49 (see exponential_key, which merges epochs of distributed data)
/// Source     Efraimidis & Spirakis, Information Processing Letters 97(5), 2006
template <std::unsigned_integral Index = std::uint32_t>
class weighted_without_replacement_sampler : public detail::sampler_base {
  // Keys are computed twice; the x87 keeps more digits than a double has, now these and now those.
  static_assert(FLT_EVAL_METHOD != 2 || sizeof(Index) == 0, "compile for 32-bit x86 with -msse2 -mfpmath=sse");

 public:
  using index_type = Index;
  using core = detail::stored_draws<Index>;

  template <weight_range Weights>
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
    if (options.epoch_size > positives && options.on_exhausted == when_exhausted::refuse) {
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
