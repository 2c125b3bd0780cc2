// What a run will see of each class, computed from the class counts before any data is read.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <vector>

#include <evendraw/detail/coverage_cycle.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/epochs/detail/balanced_quotas.hpp>
#include <evendraw/epochs/detail/batch_quotas.hpp>
#include <evendraw/epochs/detail/batch_sampler_base.hpp>
#include <evendraw/epochs/detail/sampler_base.hpp>
#include <evendraw/inspect/coverage.hpp>
#include <evendraw/inspect/run_plan.hpp>
#include <evendraw/weights/class_weights.hpp>
#include <evendraw/weights/detail/checked_weights.hpp>

namespace evendraw {

namespace detail {

/// The probability that `draws` of `total` things, all different, are none of the `special` ones. Exact, without
/// cancellation; O(min(special, draws)), less where it is next to nothing.
inline double none_drawn(std::uint64_t total, std::uint64_t special, std::uint64_t draws) noexcept {
  std::uint64_t const few = std::min(special, draws), many = std::max(special, draws);
  if (many > total || few > total - many) return 0;
  double log_none = 0;
  for (std::uint64_t i = 0; i < few && log_none > -746; ++i) {
    log_none += std::log1p(-static_cast<double>(many) / static_cast<double>(total - i));
  }
  return std::exp(log_none);
}

inline void check(plan_options const& options) {
  constexpr std::string_view context = "plan_options";
  if (options.batch_size == 0) invalid(context, "batch_size is 0; a batch needs at least one draw");
  if (options.epochs == 0) invalid(context, "epochs is 0; a run needs at least one");
  if (!(options.confidence > 0 && options.confidence < 1)) {
    invalid(context, "confidence is ", text(options.confidence), "; needs 0 < confidence < 1");
  }
}

/// What follows from the draws of each class, and from the samples that it shows.
inline void complete(run_plan& plan, plan_options const& options) {
  plan.full_batches = plan.epoch_size / options.batch_size;
  for (class_plan& of : plan.classes) {
    if (of.draws_per_epoch == 0) {
      of.batches_without = 1;
      continue;
    }
    of.draws = of.draws_per_epoch * static_cast<double>(options.epochs);
    of.share = of.draws_per_epoch / static_cast<double>(plan.epoch_size);
    of.draws_per_sample = of.draws_per_epoch / static_cast<double>(of.class_size);
    of.draws_per_batch = of.share * static_cast<double>(options.batch_size);
    double const repeats = of.draws - of.unique_samples;
    of.repeats = repeats > 1e-12 * of.draws ? repeats : 0;  // not what rounding leaves
    plan.unique_samples += of.unique_samples;
    plan.unseen_samples += static_cast<double>(of.class_size) - of.unique_samples;
    plan.epochs_to_cover = std::max(plan.epochs_to_cover, of.epochs_to_cover);
    plan.epochs_to_cover_at_most = std::max(plan.epochs_to_cover_at_most, of.epochs_to_cover_at_most);
  }
}

/// The plan that `fill` makes of the one that knows the sizes; its refusal becomes a finding.
template <class Fill>
run_plan planned(class_sizes const& sizes, plan_options const& options, Fill fill) {
  run_plan nothing;
  for (std::uint64_t const count : sizes.counts()) nothing.classes.push_back({.class_size = count});
  run_plan plan = nothing;
  try {
    check(options);
    fill(plan);
  } catch (std::invalid_argument const& refusal) {
    nothing.findings.push_back({finding_kind::infeasible, sizes.counts().size(), 0, refusal.what()});
    return nothing;
  }
  complete(plan, options);
  plan_review(sizes, options, plan).add_findings();
  return plan;
}

}  // namespace detail

/// A run of target_proportion_sampler, or of inverse_frequency_sampler where all shares are equal.
///
///   sizes    class counts {900, 100}, or a class_index
///   shares   the share of the draws that each class has, by class number; divided by their sum
///   options  .batch_size, .epochs, .epoch_size (default n), .confidence, and when a number is a finding
///
/// Edge       what the sampler would refuse, or cannot be planned, is a finding that says why: see feasible()
/// Cost       O(K) probabilities of coverage_time, some 100 for each class
/// Exact      expectations and probabilities of the very law of the sampler: see coverage_time
[[nodiscard]] inline run_plan plan_with_replacement(class_sizes const& sizes, std::vector<double> const& shares,
                                                    plan_options const& options = {}) {
  return detail::planned(sizes, options, [&](run_plan& plan) {
    plan.epoch_size = options.epoch_size > 0 ? options.epoch_size : sizes.num_samples();
    detail::check_epoch_size("target_proportion_sampler", plan.epoch_size);
    coverage_time const all(sizes.counts(), shares, plan.epoch_size);
    auto const in_epoch = expected_unique_samples(sizes.counts(), shares, plan.epoch_size);
    auto const in_run =
        expected_unique_samples(sizes.counts(), shares, detail::saturated_product(plan.epoch_size, options.epochs));
    auto const drawn = detail::as_shares(shares);
    for (std::size_t c = 0; c < drawn.size(); ++c) {
      if (drawn[c] == 0) continue;
      class_plan& of = plan.classes[c];
      of.draws_per_epoch = drawn[c] * static_cast<double>(plan.epoch_size);
      of.batches_without = std::exp(static_cast<double>(options.batch_size) * std::log1p(-drawn[c]));
      of.unique_per_epoch = in_epoch[c];
      of.unique_samples = in_run[c];
      auto const law = all.of_class(c);
      of.epochs_to_cover = law.mean();
      of.epochs_to_cover_at_most = static_cast<double>(law.quantile(options.confidence));
    }
    plan.epochs_to_cover = all.mean();
    plan.epochs_to_cover_at_most = static_cast<double>(all.quantile(options.confidence));
  });
}

/// How many draws each class gives to an epoch, as in balanced_epoch_options, but by class number.
struct balanced_plan_options {
  std::uint64_t per_class = 0;
  std::vector<std::uint64_t> limits = {};  ///< one for each class, or none
  std::uint64_t max_repeats = 1;
};

/// A run of balanced_epoch_sampler.
///
///   sizes     class counts {900, 100}, or a class_index
///   balanced  .per_class, .limits, .max_repeats
///   options   see plan_with_replacement; .epoch_size as in balanced_epoch_options
///
/// Cost       O(K log K), and for each class up to a batch size of logarithms
/// Exact      draws, unique samples and epochs are certain; batches_without is the probability in a shuffled epoch
[[nodiscard]] inline run_plan plan_balanced_epochs(class_sizes const& sizes, balanced_plan_options const& balanced = {},
                                                   plan_options const& options = {}) {
  return detail::planned(sizes, options, [&](run_plan& plan) {
    auto const& counts = sizes.counts();
    if (!balanced.limits.empty() && balanced.limits.size() != counts.size()) {
      detail::invalid("balanced_plan_options", detail::text(balanced.limits.size()), " limits for ",
                      detail::text(counts.size()), " classes; give one for each, or none");
    }
    std::vector<std::optional<std::uint64_t>> limits(counts.size());
    for (std::size_t c = 0; c < balanced.limits.size(); ++c) limits[c] = balanced.limits[c];
    auto const quotas = detail::balanced_quotas(
        "balanced_epoch_sampler", counts, limits,
        {.epoch_size = options.epoch_size, .per_class = balanced.per_class, .max_repeats = balanced.max_repeats});
    for (std::uint64_t const quota : quotas) plan.epoch_size += quota;
    std::uint64_t const batch = std::min(options.batch_size, plan.epoch_size);
    for (std::size_t c = 0; c < quotas.size(); ++c) {
      if (quotas[c] == 0) continue;
      class_plan& of = plan.classes[c];
      of.draws_per_epoch = static_cast<double>(quotas[c]);
      of.batches_without = detail::none_drawn(plan.epoch_size, quotas[c], batch);
      of.unique_per_epoch = static_cast<double>(std::min(counts[c], quotas[c]));
      of.unique_samples =
          static_cast<double>(std::min(counts[c], detail::saturated_product(quotas[c], options.epochs)));
      of.epochs_to_cover = static_cast<double>(detail::rolling_window<>::epochs_to_cover(counts[c], quotas[c]));
      of.epochs_to_cover_at_most = of.epochs_to_cover;
    }
  });
}

/// A run of random_sampler: a plain shuffle of n samples, of which an epoch takes epoch_size.
///
///   sizes    class counts {900, 100}, or a class_index
///   options  see plan_with_replacement
///
/// Cost       up to a batch size of logarithms for each class
/// Exact      draws and unique samples of a class are certain if an epoch takes all; otherwise expectations.
///            epochs_to_cover is the number that is enough with certainty
[[nodiscard]] inline run_plan plan_shuffled(class_sizes const& sizes, plan_options const& options = {}) {
  return detail::planned(sizes, options, [&](run_plan& plan) {
    std::uint64_t const n = sizes.num_samples();
    plan.epoch_size = options.epoch_size > 0 ? options.epoch_size : n;
    if (plan.epoch_size > n) {
      detail::invalid("random_sampler", "epoch_size is ", detail::text(plan.epoch_size), " and there are ",
                      detail::text(n), " samples; a shuffle gives each once, balanced_epoch_sampler can repeat");
    }
    auto const in_epoch = static_cast<double>(plan.epoch_size) / static_cast<double>(n);
    auto const in_run = std::min(in_epoch * static_cast<double>(options.epochs), 1.0);
    for (class_plan& of : plan.classes) {
      if (of.class_size == 0) continue;
      of.draws_per_epoch = static_cast<double>(of.class_size) * in_epoch;
      of.batches_without = detail::none_drawn(n, of.class_size, std::min(options.batch_size, plan.epoch_size));
      of.unique_per_epoch = of.draws_per_epoch;
      of.unique_samples = static_cast<double>(of.class_size) * in_run;
      of.epochs_to_cover = static_cast<double>(detail::rolling_window<>::epochs_to_cover(n, plan.epoch_size));
      of.epochs_to_cover_at_most = of.epochs_to_cover;
    }
  });
}

/// A run in stratified batches: each with its share of every class, up to a part of a sample, and every class walked
/// through without replacement.
///
///   sizes    class counts {900, 100}, or a class_index
///   shares   the share of every batch that each class has, by class number; divided by their sum
///   options  see plan_with_replacement; .epoch_size is rounded up to whole batches
///
/// Cost       O(K)
/// Exact      numbers of draws and of unique samples to less than 2 bit_width(batches), for the batches of an epoch or
///            of the run; epochs_to_cover to the batches that give a class as many draws
[[nodiscard]] inline run_plan plan_stratified_batches(class_sizes const& sizes, std::vector<double> const& shares,
                                                      plan_options const& options = {}) {
  return detail::planned(sizes, options, [&](run_plan& plan) {
    constexpr std::string_view context = "stratified_batch_sampler";
    std::uint64_t const wanted = options.epoch_size > 0 ? options.epoch_size : sizes.num_samples();
    std::uint64_t const batches =
        wanted / options.batch_size + static_cast<std::uint64_t>(wanted % options.batch_size != 0);
    if (options.batch_size > detail::batch_quotas::largest_batch) {
      detail::invalid(context, "batches of more than 2^31 items; lower the batch size");
    }
    detail::check_num_batches(context, batches, options.batch_size);
    plan.epoch_size = batches * options.batch_size;
    (void)target_proportion_weights(sizes.counts(), shares);  // checks them
    auto const drawn = detail::as_shares(shares);
    for (std::size_t c = 0; c < drawn.size(); ++c) {
      if (drawn[c] == 0) continue;
      class_plan& of = plan.classes[c];
      auto const size = static_cast<double>(of.class_size);
      of.draws_per_epoch = drawn[c] * static_cast<double>(plan.epoch_size);
      of.batches_without = std::max(0.0, 1 - drawn[c] * static_cast<double>(options.batch_size));
      of.unique_per_epoch = std::min(size, of.draws_per_epoch);
      of.unique_samples = std::min(size, of.draws_per_epoch * static_cast<double>(options.epochs));
      of.epochs_to_cover = std::ceil(size / of.draws_per_epoch * (1 - 1e-12));
      of.epochs_to_cover_at_most = of.epochs_to_cover;
    }
  });
}

}  // namespace evendraw
