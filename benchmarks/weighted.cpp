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

contest against_peers(std::uint64_t samples, contestant ours, contestant limit, weights const& data) {
  std::vector<contestant> all{std::move(ours), std::move(limit)};
  for (auto& peer : weighted_peers(data)) all.push_back(std::move(peer));
  return {.samples = samples, .epoch_size = samples, .contestants = std::move(all)};
}

contest inverse_frequency_contest(labels const& data) {
  auto const ours = evendraw_contestant([data] { return evendraw::inverse_frequency_sampler(*data); });
  return against_peers(data->size(), ours, class_limit(data, 1), inverse_frequency(data));
}

/// Building from strings; drawing is as from integers.
contest string_contest(std::uint64_t samples) {
  auto const names = as_strings(long_tail(samples));
  auto const ours = evendraw_contestant([names] { return evendraw::inverse_frequency_sampler(*names); });
  return {.samples = samples, .epoch_size = samples, .contestants = {ours}};
}

/// Class c is wanted with 1, 2 or 3 parts. The peers would draw as for inverse_frequency, by other weights.
contest target_proportion_contest(labels const& data) {
  evendraw::class_index const classes(*data);
  std::vector<std::pair<std::uint32_t, double>> shares;
  for (auto const label : classes.labels()) shares.emplace_back(label, 1 + label % 3);
  auto const ours = evendraw_contestant([data, shares] { return evendraw::target_proportion_sampler(*data, shares); });
  return {.samples = data->size(), .epoch_size = data->size(), .contestants = {ours, class_limit(data, 2)}};
}

contest multinomial_contest(weights const& data) {
  auto const ours = evendraw_contestant([data] { return evendraw::multinomial_sampler(*data); });
  return against_peers(data->size(), ours, slot_limit(data->size()), data);
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
