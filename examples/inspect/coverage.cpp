#include "coverage.hpp"

#include <fmt/format.h>

#include "coverage_law.hpp"
#include "coverage_runs.hpp"
#include "samplers.hpp"

namespace inspect {
namespace {

std::uint64_t samples_with_share(label_index const& classes, std::vector<double> const& shares) {
  std::uint64_t sum = 0;
  for (std::size_t c = 0; c < classes.num_classes(); ++c)
    sum += shares.empty() || shares[c] > 0 ? classes.counts()[c] : 0;
  return sum;
}

coverage certainly(std::uint64_t epochs) {
  return {.known_from = basis::certain,
          .median = epochs,
          .low = epochs,
          .high = epochs,
          .mean = static_cast<double>(epochs)};
}

coverage find(label_index const& classes, options const& settings, chosen_sampler const& chosen) {
  if (chosen.epochs_to_cover > 0) return certainly(chosen.epochs_to_cover);
  if (chosen.with_replacement) return coverage_by_law(classes.counts(), chosen.shares, chosen.sampler.epoch_size());
  return coverage_by_simulation(classes, settings);
}

}  // namespace

std::string describe_range(coverage const& subject) {
  if (subject.known_from == basis::unknown) return fmt::format("more than {}", with_commas(subject.given_up));
  if (subject.low == subject.high) return with_commas(subject.low);
  return fmt::format("{} to {}", with_commas(subject.low), with_commas(subject.high));
}

std::string describe_basis(coverage const& subject) {
  switch (subject.known_from) {
    case basis::certain:
      return "the same in every run";
    case basis::exact:
      return "exact: the law of draws with replacement";
    case basis::simulated:
      return counted(subject.runs, "simulated run", "simulated runs");
    default:
      return fmt::format("not all were seen in {}", counted(subject.given_up, "simulated epoch", "simulated epochs"));
  }
}

coverage coverage_of_shuffling(label_index const& classes) {
  coverage result = certainly(1);
  result.drawable = classes.num_samples();
  return result;
}

coverage find_coverage(label_index const& classes, options const& settings) {
  auto const chosen = choose_sampler(classes, settings);
  coverage result = find(classes, settings, chosen);
  result.drawable = samples_with_share(classes, chosen.shares);
  return result;
}

}  // namespace inspect
