// Plans of runs: the expected draws of each class, computed from class counts before any data is read.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string_view>
#include <type_traits>
#include <vector>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/detail/coverage_cycle.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/math.hpp>
#include <evendraw/detail/sort_by.hpp>
#include <evendraw/epochs/balanced_options.hpp>
#include <evendraw/epochs/detail/balanced_quotas.hpp>
#include <evendraw/epochs/detail/batch_quotas.hpp>
#include <evendraw/epochs/detail/batch_sampler_base.hpp>
#include <evendraw/epochs/detail/sampler_base.hpp>
#include <evendraw/inspect/coverage.hpp>
#include <evendraw/inspect/run_plan.hpp>
#include <evendraw/weights/class_weights.hpp>
#include <evendraw/weights/detail/checked_weights.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

namespace detail {

/// The probability that `draws` of `total` samples, drawn without replacement, include none of the `special` ones. It
/// is exact, without cancellation. It takes O(min(special, draws)), and less for tiny probabilities.
inline double none_drawn(std::uint64_t total, std::uint64_t special, std::uint64_t draws) noexcept {
  std::uint64_t const few = std::min(special, draws), many = std::max(special, draws);
  if (many > total || few > total - many) return 0;
  double log_none = 0;
  for (std::uint64_t i = 0; i < few && log_none > -746; ++i) {
    log_none += math::log1p(-static_cast<double>(many) / static_cast<double>(total - i));
  }
  return math::exp(log_none);
}

inline void check(plan_options const& options) {
  constexpr std::string_view context = "plan_options";
  refuse_negative(
      context,
      {{"batch_size", options.batch_size, 1}, {"epochs", options.epochs, 1}, {"epoch_size", options.epoch_size}});
  if (options.batch_size == 0) invalid(context, "batch_size is 0; a batch needs at least one draw");
  if (options.epochs == 0) invalid(context, "epochs is 0; a run needs at least one");
  if (!(options.confidence > 0 && options.confidence < 1)) {
    invalid(context, "confidence is ", text(options.confidence), "; needs 0 < confidence < 1");
  }
}

/// Computes the numbers that follow from the draws and the unique samples of each class.
template <class = void>  // compiled where it is used
void complete(run_plan& plan, plan_options const& options) {
  plan.full_batches = plan.epoch_size / options.batch_size;
  for (run_plan::class_plan& expected : plan.classes) {
    if (expected.draws_per_epoch == 0) {
      expected.batches_without = 1;
      continue;
    }
    expected.draws = expected.draws_per_epoch * static_cast<double>(options.epochs);
    expected.share = expected.draws_per_epoch / static_cast<double>(plan.epoch_size);
    expected.draws_per_sample = expected.draws_per_epoch / static_cast<double>(expected.class_size);
    expected.draws_per_batch = expected.share * static_cast<double>(options.batch_size);
    double const repeats = expected.draws - expected.unique_samples;
    expected.repeats = repeats > 1e-12 * expected.draws ? repeats : 0;  // without the rounding error
    plan.unique_samples += expected.unique_samples;
    plan.unseen_samples += static_cast<double>(expected.class_size) - expected.unique_samples;
    plan.epochs_to_cover = std::max(plan.epochs_to_cover, expected.epochs_to_cover);
    plan.epochs_to_cover_at_most = std::max(plan.epochs_to_cover_at_most, expected.epochs_to_cover_at_most);
  }
}

/// A plan that `fill` fills in. If `fill` throws std::invalid_argument, the message becomes a finding.
template <class Fill>
run_plan planned(class_sizes const& sizes, plan_options const& options, plan_remedies const& remedies, Fill fill) {
  run_plan nothing;
  nothing.class_names = sizes.labels();
  for (std::uint64_t const count : sizes.counts()) nothing.classes.push_back({.class_size = count});
  run_plan plan = nothing;
  try {
    check(options);
    fill(plan);
  } catch (std::invalid_argument const& refusal) {
    nothing.findings.push_back({finding::subject::infeasible, sizes.counts().size(), 0, refusal.what()});
    return nothing;
  }
  complete(plan, options);
  plan_review<>(sizes, options, remedies, plan).add_findings();
  return plan;
}

}  // namespace detail

/// Plans a run of target_proportion_sampler, or of inverse_frequency_sampler if all shares are equal.
///
///   sizes    class counts {900, 100}, or a class_index
///   shares   K shares of the draws, by class number; they are divided by their sum
///   options  .batch_size, .epochs, .epoch_size (default n), .confidence, and the limits above which a number is a
///            finding
///
/// Edge       a run that the sampler would refuse, or that cannot be planned, gives a finding that says why: see
///            feasible()
/// Exact      expectations and probabilities follow the exact law of the sampler: see coverage_time
/// Cost       O(K log K), and about 100 probabilities of coverage_time for each different pair of a class size and a
///            share, in O(1) each, and for all classes together, in O(K) each
template <class = void>  // compiled where it is used
[[nodiscard]] run_plan plan_with_replacement(detail::class_sizes const& sizes, std::vector<double> const& shares,
                                             plan_options const& options = {}) {
  return detail::planned(sizes, options, detail::remedies_of_shares, [&](run_plan& plan) {
    plan.epoch_size = options.epoch_size > 0 ? options.epoch_size : sizes.num_samples();
    detail::check_epoch_size("target_proportion_sampler", plan.epoch_size);
    coverage_time const all(sizes.counts(), shares, plan.epoch_size);
    auto const in_epoch = expected_unique_samples(sizes.counts(), shares, plan.epoch_size);
    auto const in_run =
        expected_unique_samples(sizes.counts(), shares, detail::saturated_product(plan.epoch_size, options.epochs));
    auto const drawn = detail::as_shares(shares);
    std::vector<std::size_t> by_size(drawn.size());
    for (std::size_t c = 0; c < drawn.size(); ++c) by_size[c] = c;
    detail::sort_by(by_size, sizes.counts());
    std::size_t before = by_size[0];
    for (std::size_t const c : by_size) {
      if (drawn[c] == 0) continue;
      run_plan::class_plan& expected = plan.classes[c];
      if (c != before && drawn[c] == drawn[before] && expected.class_size == plan.classes[before].class_size) {
        expected = plan.classes[before];
        continue;
      }
      before = c;
      expected.draws_per_epoch = drawn[c] * static_cast<double>(plan.epoch_size);
      expected.batches_without =
          detail::math::exp(static_cast<double>(options.batch_size) * detail::math::log1p(-drawn[c]));
      expected.unique_per_epoch = in_epoch[c];
      expected.unique_samples = in_run[c];
      auto const law = all.of_class(c);
      expected.epochs_to_cover = law.mean();
      expected.epochs_to_cover_at_most = static_cast<double>(law.quantile(options.confidence));
    }
    plan.epochs_to_cover = all.mean();
    plan.epochs_to_cover_at_most = static_cast<double>(all.quantile(options.confidence));
  });
}

namespace detail {

/// Adds a finding if a balanced epoch has less than a tenth of the samples of its classes.
template <class = void>  // compiled where it is used
void note_small_epoch(run_plan& plan) {
  std::uint64_t samples = 0;
  for (run_plan::class_plan const& expected : plan.classes)
    samples += expected.draws_per_epoch > 0 ? expected.class_size : 0;
  if (!plan.feasible() || plan.epoch_size > samples / 10) return;
  double const percent = 100 * static_cast<double>(plan.epoch_size) / static_cast<double>(samples);
  plan.findings.push_back(
      {finding::subject::small_epoch, plan.classes.size(), 0,
       joined("an epoch has ", counted(plan.epoch_size, "draw", "draws"), ", ", about(percent), " % of the ",
              counted(samples, "sample", "samples"), ", since all classes give equally many; .epoch_size makes it ",
              "longer, and .max_repeats repeats the samples of small classes")});
}

/// Computes the numbers of a class that has `quota` draws in every epoch, and a walk that continues from epoch to
/// epoch.
inline void plan_walk(run_plan::class_plan& expected, std::uint64_t quota, plan_options const& options,
                      std::uint64_t epoch_size) {
  if (quota == 0) return;
  std::uint64_t const count = expected.class_size;
  expected.draws_per_epoch = static_cast<double>(quota);
  expected.batches_without = none_drawn(epoch_size, quota, std::min(options.batch_size, epoch_size));
  expected.unique_per_epoch = static_cast<double>(std::min(count, quota));
  expected.unique_samples = static_cast<double>(std::min(count, saturated_product(quota, options.epochs)));
  expected.epochs_to_cover = static_cast<double>(rolling_window<>::epochs_to_cover(count, quota));
  expected.epochs_to_cover_at_most = expected.epochs_to_cover;
}

/// The plan of a sampler whose options give the quotas of the classes: balanced_epoch_options or shard_options.
template <class Classes, class Options>
run_plan plan_balanced(std::string_view context, class_sizes const& sizes, Classes const& classes, Options balanced,
                       plan_options const& options) {
  run_plan result = planned(sizes, options, remedies_of_quotas, [&](run_plan& plan) {
    if (balanced.epoch_size > 0 && options.epoch_size > 0 && balanced.epoch_size != options.epoch_size) {
      invalid("plan_options", "epoch_size is ", text(options.epoch_size), ", and that of the sampler is ",
              text(balanced.epoch_size), "; leave one of them out");
    }
    balanced.epoch_size = std::max(balanced.epoch_size, options.epoch_size);
    auto const quotas = requested_quotas(context, classes, balanced, [&](std::size_t c) { return sizes.names()[c]; });
    for (std::uint64_t const quota : quotas) plan.epoch_size += quota;
    for (std::size_t c = 0; c < quotas.size(); ++c) plan_walk(plan.classes[c], quotas[c], options, plan.epoch_size);
  });
  if (balanced.epoch_size == 0 && balanced.per_class == 0 && balanced.quotas.empty()) note_small_epoch(result);
  return result;
}

}  // namespace detail

/// Plans a run of balanced_epoch_sampler.
///
///   classes   a class_index; or class counts {900, 100}, with the labels 0, 1, ...
///   balanced  the options of the sampler; .seed does not matter
///   options   see plan_with_replacement; .epoch_size may be given here or in `balanced`
///
/// Edge       an epoch of less than a tenth of the data, unless .epoch_size, .per_class or .quotas ask for it, gives a finding
/// Exact      draws, unique samples and epochs are certain; batches_without is the probability in a shuffled epoch
/// Cost       O(K log K), and at most batch_size logarithms for each class
template <class Label, std::unsigned_integral Index>
[[nodiscard]] run_plan plan_balanced_epochs(class_index<Label, Index> const& classes,
                                            std::type_identity_t<balanced_epoch_options<Label>> const& balanced = {},
                                            plan_options const& options = {}) {
  return detail::plan_balanced("balanced_epoch_sampler", classes, classes, balanced, options);
}
template <class = void>  // compiled where it is used
[[nodiscard]] run_plan plan_balanced_epochs(detail::class_sizes const& counts,
                                            balanced_epoch_options<std::uint64_t> const& balanced = {},
                                            plan_options const& options = {}) {
  using numbered = class_index<std::uint64_t, std::uint64_t>;
  return detail::plan_balanced("balanced_epoch_sampler", counts,
                               numbered::from_counts(counts.counts(), {.allow_empty = true}), balanced, options);
}

/// Plans a run of random_sampler: a plain shuffle of n samples, of which an epoch draws epoch_size.
///
///   sizes    class counts {900, 100}, or a class_index
///   options  see plan_with_replacement
///
/// Exact      if an epoch draws all samples, the draws and unique samples of a class are certain; otherwise they are
///            expectations. epochs_to_cover is certainly enough
/// Cost       at most batch_size logarithms for each class
template <class = void>  // compiled where it is used
[[nodiscard]] run_plan plan_shuffled(detail::class_sizes const& sizes, plan_options const& options = {}) {
  return detail::planned(sizes, options, detail::remedies_of_shuffles, [&](run_plan& plan) {
    std::uint64_t const n = sizes.num_samples();
    plan.epoch_size = options.epoch_size > 0 ? options.epoch_size : n;
    detail::check_shuffle(n, plan.epoch_size);
    auto const in_epoch = static_cast<double>(plan.epoch_size) / static_cast<double>(n);
    auto const in_run = std::min(in_epoch * static_cast<double>(options.epochs), 1.0);
    for (run_plan::class_plan& expected : plan.classes) {
      if (expected.class_size == 0) continue;
      expected.draws_per_epoch = static_cast<double>(expected.class_size) * in_epoch;
      expected.batches_without =
          detail::none_drawn(n, expected.class_size, std::min(options.batch_size, plan.epoch_size));
      expected.unique_per_epoch = expected.draws_per_epoch;
      expected.unique_samples = static_cast<double>(expected.class_size) * in_run;
      expected.epochs_to_cover = static_cast<double>(detail::rolling_window<>::epochs_to_cover(n, plan.epoch_size));
      expected.epochs_to_cover_at_most = expected.epochs_to_cover;
    }
  });
}

/// Plans a run of stratified_batch_sampler: every batch has its share of every class, rounded down or up, and classes
/// are drawn without replacement.
///
///   sizes    class counts {900, 100}, or a class_index
///   shares   K shares of every batch, by class number; they are divided by their sum
///   options  see plan_with_replacement; .epoch_size is rounded up to whole batches
///
/// Exact      numbers of draws and unique samples are off by less than D = 2 bit_width(batches), for the batches of an
///            epoch or of the run; epochs_to_cover is off by less than the batches in which a class has D draws
/// Cost       O(K)
template <class = void>  // compiled where it is used
[[nodiscard]] run_plan plan_stratified_batches(detail::class_sizes const& sizes, std::vector<double> const& shares,
                                               plan_options const& options = {}) {
  return detail::planned(sizes, options, detail::remedies_of_shares, [&](run_plan& plan) {
    constexpr std::string_view context = "stratified_batch_sampler";
    std::uint64_t const wanted = options.epoch_size > 0 ? options.epoch_size : sizes.num_samples();
    std::uint64_t const batches =
        wanted / options.batch_size + static_cast<std::uint64_t>(wanted % options.batch_size != 0);
    if (options.batch_size > detail::batch_quotas::largest_batch) {
      detail::invalid(context, "batches of more than 2^31 items; lower the batch size");
    }
    detail::check_num_batches(context, batches, options.batch_size);
    plan.epoch_size = batches * options.batch_size;
    (void)target_proportion_weights(sizes.counts(), shares);  // checks the shares
    auto const drawn = detail::as_shares(shares);
    for (std::size_t c = 0; c < drawn.size(); ++c) {
      if (drawn[c] == 0) continue;
      run_plan::class_plan& expected = plan.classes[c];
      auto const size = static_cast<double>(expected.class_size);
      expected.draws_per_epoch = drawn[c] * static_cast<double>(plan.epoch_size);
      expected.batches_without = std::max(0.0, 1 - drawn[c] * static_cast<double>(options.batch_size));
      expected.unique_per_epoch = std::min(size, expected.draws_per_epoch);
      expected.unique_samples = std::min(size, expected.draws_per_epoch * static_cast<double>(options.epochs));
      expected.epochs_to_cover = detail::math::ceil(size / expected.draws_per_epoch * (1 - 1e-12));
      expected.epochs_to_cover_at_most = expected.epochs_to_cover;
    }
  });
}

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
