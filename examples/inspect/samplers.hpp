// The samplers that can be asked for.
#pragma once

#include <evendraw/core/class_weights.hpp>
#include <evendraw/samplers/balanced_epoch_sampler.hpp>
#include <evendraw/samplers/inverse_frequency_sampler.hpp>
#include <evendraw/samplers/multinomial_sampler.hpp>
#include <evendraw/samplers/random_sampler.hpp>
#include <evendraw/samplers/sequential_sampler.hpp>
#include <evendraw/samplers/target_proportion_sampler.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "classes.hpp"
#include "options.hpp"

namespace inspect {

/// What plain shuffling is called.
inline constexpr std::string_view plain = "plain shuffling";

/// The name of the sampler that was asked for.
std::string name_of_sampler(options const& of);

/// The share of every class: as named; the others divide what is left of 1 in proportion to their counts.
std::vector<double> target_shares(label_index const& classes, options const& of);

/// Throws user_error where --limit names a class that is none.
void check_limits(label_index const& classes, options const& of);

/// use(sampler, shares) with the baseline: every sample once in an epoch.
template <class Use>
auto with_plain_shuffling(label_index const& classes, options const& of, Use use) {
  return use(evendraw::random_sampler(classes.num_samples(), {.seed = of.seed}), std::vector<double>{});
}

/// use(sampler, shares) with the sampler that was asked for; shares: the expected ones by class, or none if they
/// are those of the data. Throws user_error, or std::invalid_argument where the library refuses.
template <class Use>
auto with_sampler(label_index const& classes, options const& of, Use use) {
  evendraw::sampler_options const sizes{.epoch_size = of.epoch_size, .seed = of.seed};
  std::vector<double> equal(static_cast<std::size_t>(classes.num_classes()), 1);
  if (of.sampler == "inverse_frequency")
    return use(evendraw::inverse_frequency_sampler(classes, sizes), equal);
  if (of.sampler == "target_proportion") {
    auto const shares = target_shares(classes, of);
    return use(evendraw::target_proportion_sampler(classes, std::span(shares), sizes), shares);
  }
  if (of.sampler == "balanced_epoch") {
    check_limits(classes, of);
    evendraw::balanced_epoch_sampler const sampler(classes, {.epoch_size = of.epoch_size,
                                                             .per_class = of.per_class,
                                                             .limits = of.limits,
                                                             .max_repeats = of.max_repeats,
                                                             .seed = of.seed});
    return use(sampler, std::vector<double>(sampler.quotas().begin(), sampler.quotas().end()));
  }
  if (of.sampler == "multinomial") {
    auto const weights = evendraw::sample_weights(classes, evendraw::inverse_frequency(classes.counts()));
    return use(evendraw::multinomial_sampler(weights, sizes), equal);
  }
  if (of.sampler == "sequential") {
    return use(evendraw::sequential_sampler(classes.num_samples()), std::vector<double>{});
  }
  return use(evendraw::random_sampler(classes.num_samples(), sizes), std::vector<double>{});
}

}  // namespace inspect
