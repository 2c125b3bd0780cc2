// What does a weighted draw with replacement cost?
#include <memory>
#include <utility>

#include "data.hpp"
#include "evendraw.hpp"
#include "limits.hpp"
#include "peers/peers.hpp"
#include "workloads.hpp"

namespace benchmark {
namespace {

contest against_peers(std::uint64_t samples, contestant ours, contestant limit, weights const& of) {
  std::vector<contestant> all{std::move(ours), std::move(limit)};
  for (auto& peer : weighted_peers(of)) all.push_back(std::move(peer));
  return {.samples = samples, .epoch_size = samples, .contestants = std::move(all)};
}

contest inverse_frequency_contest(labels const& of) {
  auto const ours = evendraw_contestant([of] { return evendraw::inverse_frequency_sampler(*of); });
  return against_peers(of->size(), ours, class_limit(of, 1), inverse_frequency(of));
}

/// Building from strings; drawing is as from integers.
contest string_contest(std::uint64_t samples) {
  auto const names = as_strings(long_tail(samples));
  auto const ours = evendraw_contestant([names] { return evendraw::inverse_frequency_sampler(*names); });
  return {.samples = samples, .epoch_size = samples, .contestants = {ours}};
}

/// Class c is wanted with 1, 2 or 3 parts. The peers would draw as for inverse_frequency, by other weights.
contest target_proportion_contest(labels const& of) {
  evendraw::class_index const classes(*of);
  std::vector<std::pair<std::uint32_t, double>> shares;
  for (auto const label : classes.labels()) shares.emplace_back(label, 1 + label % 3);
  auto const ours = evendraw_contestant([of, shares] { return evendraw::target_proportion_sampler(*of, shares); });
  return {.samples = of->size(), .epoch_size = of->size(), .contestants = {ours, class_limit(of, 2)}};
}

contest multinomial_contest(weights const& of) {
  auto const ours = evendraw_contestant([of] { return evendraw::multinomial_sampler(*of); });
  return against_peers(of->size(), ours, slot_limit(of->size()), of);
}

}  // namespace

std::vector<workload> weighted() {
  return {{"inverse_frequency, 2 classes 90/10", [](auto n) { return inverse_frequency_contest(two_classes(n)); }},
          {"inverse_frequency, 1000 classes", [](auto n) { return inverse_frequency_contest(long_tail(n)); }},
          {"inverse_frequency, sorted labels", [](auto n) { return inverse_frequency_contest(sorted(long_tail(n))); }},
          {"inverse_frequency, string labels", string_contest},
          {"target_proportion, 1000 classes", [](auto n) { return target_proportion_contest(long_tail(n)); }},
          {"multinomial, log-normal weights", [](auto n) { return multinomial_contest(log_normal(n)); }}};
}

}  // namespace benchmark
