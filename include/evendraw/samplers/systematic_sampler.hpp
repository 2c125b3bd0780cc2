// Draws without replacement that include each sample in proportion to its weight.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <evendraw/detail/blocks.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/huge_page_vector.hpp>
#include <evendraw/detail/shared.hpp>
#include <evendraw/epochs/detail/sampler_base.hpp>
#include <evendraw/epochs/detail/stored_draws.hpp>
#include <evendraw/epochs/draws.hpp>
#include <evendraw/random/counter_random.hpp>
#include <evendraw/random/permutation.hpp>
#include <evendraw/weights/detail/checked_weights.hpp>
#include <evendraw/weights/detail/systematic_line.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

/// Draws k samples in each epoch without replacement, in random order. Sample i is among them with probability
/// k * weights[i] / sum(weights). This is systematic sampling from a list of samples that is shuffled for each epoch.
///
///   weights  n finite numbers >= 0 of any arithmetic type, one per sample; their sum need not be 1
///   options  .epoch_size k draws per epoch (default: the number of positive weights), .seed
///
/// If this probability would exceed 1, the sample is drawn once in every epoch. The remaining draws are divided among
/// the other samples by weight in the same way, until no probability exceeds 1. inclusion_probabilities() returns the
/// result. To estimate sums, weight each drawn sample by the inverse of its probability (Horvitz & Thompson).
///
/// Needs      1 <= n <= max of Index; no weight negative, NaN or infinite; k at most the number of positive weights
///            -> else std::invalid_argument
/// Edge       a sample of weight zero is never drawn; equal weights: all subsets of k samples are equally likely; the
///            default k: every sample with a positive weight is drawn once, whatever its weight. Two samples are not
///            drawn independently. In large data sets pairs are almost as likely as in other designs with these
///            inclusion probabilities (Hartley & Rao 1962), but no formula gives their probabilities exactly. With few
///            or very unequal weights some pairs never come together: with weights 2, 1, 1 and two draws, the last two
///            samples never do. Estimates of sums and means are unbiased, those of variances are not
/// Exact      each inclusion probability differs by at most n / 2^59 from what the weights say
/// Cost       O(n log n) to build, 12 n bytes for 32-bit indices; epoch(e) computes the epoch in O(n); the epoch and
///            its copies share one Index per draw; then O(1) per draw
/// Stable     same weights, seed, epoch and position: same index on every platform; weights multiplied by a power of
///            two, if they stay normal: same draws
/// Source     Madow, Annals of Mathematical Statistics 20(3), 1949; random order: Goodman & Kish, JASA 45, 1950
template <std::unsigned_integral Index = std::uint32_t>
class systematic_sampler : public detail::sampler_base {
 public:
  using index_type = Index;
  using core = detail::stored_draws<Index>;

  template <detail::weight_range Weights>
  explicit systematic_sampler(Weights&& weights, sampler_options options = {})
      : systematic_sampler(checked_input(detail::checked_weights(context, "weights", weights), options.epoch_size),
                           options.seed) {}

  explicit systematic_sampler(std::initializer_list<double> weights, sampler_options options = {})
      : systematic_sampler(std::span(weights.begin(), weights.size()), options) {}

  [[nodiscard]] draws<core> epoch(std::uint64_t e) const {
    detail::huge_page_vector<Index> const drawn = drawn_in(e);
    permutation const order(drawn.size(), stream_key(seed(), e, random_stream::order));
    detail::huge_page_vector<Index> result(drawn.size());
    auto const take = [&](std::uint64_t first, std::span<place_type const> places) {
      Index* const out = result.data() + first;
      for (std::size_t i = 0; i < places.size(); ++i) {
        out[i] = drawn[static_cast<std::size_t>(places[i])];
        detail::forbid_gather();
      }
    };
    detail::for_each_block<place_type>(order, std::span(drawn), take);
    return make_draws(core(std::move(result)), e);
  }

  /// The probability that an epoch draws each sample: 0 for a zero weight, 1 for a sample that is always drawn.
  [[nodiscard]] std::vector<double> inclusion_probabilities() const {
    std::vector<double> result(static_cast<std::size_t>(num_samples()));
    for (Index const index : line_->sure()) result[index] = 1;
    for (std::size_t i = 0; i < line_->others().size(); ++i) {
      result[line_->others()[i]] = static_cast<double>(line_->lengths()[i]) / static_cast<double>(line_->step());
    }
    return result;
  }

  [[nodiscard]] std::uint64_t fingerprint() const noexcept { return make_fingerprint(context, line_->fingerprint()); }

 private:
  static constexpr std::string_view context = "systematic_sampler";
  using place_type = detail::place_for<Index>;

  struct input {
    std::vector<double> weights;
    std::uint64_t draws;
  };

  systematic_sampler(input const& given, std::uint64_t seed)
      : sampler_base(context, given.weights.size(), given.draws, seed),
        line_(detail::share<detail::systematic_line<Index> const>(given.weights, given.draws)) {}

  static input checked_input(std::vector<double> weights, std::uint64_t draws) {
    detail::check_index_fits<Index>(context, weights.size());
    auto const positives = static_cast<std::uint64_t>(std::ranges::count_if(weights, [](double w) { return w > 0; }));
    detail::refuse_negative(context, {{"epoch_size", draws}});
    if (draws > positives) {
      detail::invalid(context, "epoch_size is ", detail::text(draws), ", but only ", detail::text(positives),
                      " weights are positive; lower it");
    }
    return {std::move(weights), draws == 0 ? positives : draws};
  }

  /// The samples of epoch e, in the order in which the line has them.
  [[nodiscard]] detail::huge_page_vector<Index> drawn_in(std::uint64_t e) const {
    auto const& line = *line_;
    detail::huge_page_vector<Index> result;
    result.reserve(static_cast<std::size_t>(epoch_size()));
    result.assign(line.sure().begin(), line.sure().end());
    std::size_t count = result.size();
    result.resize(static_cast<std::size_t>(epoch_size()));
    permutation const order(line.others().size(), stream_key(seed(), e, random_stream::walk));
    detail::systematic_hits hits(line.step(),
                                 bounded(random_word(stream_key(seed(), e, random_stream::draw), 0), line.step()));
    detail::for_each_block<place_type>(order, line.lengths(), [&](std::uint64_t, std::span<place_type const> places) {
      detail::block_of<std::uint64_t> lengths;
      for (std::size_t i = 0; i < places.size(); ++i) {  // all at once, so that the reads of memory overlap
        lengths[i] = line.lengths()[static_cast<std::size_t>(places[i])];
        detail::forbid_gather();
      }
      detail::block_of<place_type> hit;
      std::size_t const num_hit = hits.list(lengths, places, hit);
      for (std::size_t i = 0; i < num_hit; ++i) {
        result[count + i] = line.others()[static_cast<std::size_t>(hit[i])];
        detail::forbid_gather();
      }
      count += num_hit;
    });
    return result;
  }

  detail::shared<detail::systematic_line<Index> const> line_;
};

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
