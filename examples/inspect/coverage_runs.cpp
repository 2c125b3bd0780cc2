#include "coverage_runs.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>

#include "progress.hpp"
#include "samplers.hpp"

namespace inspect {
namespace {

struct training_run {
  std::uint64_t epochs = 0;
  bool covered = false;
  std::uint64_t cost = 0;  // in draws
};

/// Reads epoch after epoch, until all samples have been seen or the draws are used up. Calls show(cost) after each.
template <class Show>
training_run run(label_index const& classes, options const& settings, std::uint64_t draws, Show show) {
  auto const chosen = choose_sampler(classes, settings);
  std::vector<bool> unseen(static_cast<std::size_t>(classes.index_bound()));
  std::uint64_t num_unseen = 0;
  for (std::size_t c = 0; c < classes.num_classes(); ++c) {
    if (!chosen.shares.empty() && chosen.shares[c] == 0) continue;
    for (auto const sample : classes.members(c)) unseen[static_cast<std::size_t>(sample)] = true;
    num_unseen += classes.counts()[c];
  }
  training_run result{.cost = chosen.sampler.num_samples()};
  while (num_unseen > 0 && result.cost <= draws) {
    for (auto const block : chosen.sampler.epoch(result.epochs).batches(1024)) {
      for (auto const sample : block) {
        num_unseen -= unseen[static_cast<std::size_t>(sample)] ? 1 : 0;
        unseen[static_cast<std::size_t>(sample)] = false;
      }
    }
    ++result.epochs;
    result.cost += chosen.sampler.epoch_size() + chosen.epoch_cost;
    show(result.cost);
  }
  result.covered = num_unseen == 0;
  return result;
}

std::uint64_t quantile(std::vector<std::uint64_t> const& sorted, double share) {
  return sorted[static_cast<std::size_t>(std::lround(share * static_cast<double>(sorted.size() - 1)))];
}

coverage summed_up(std::vector<std::uint64_t> epochs) {
  std::ranges::sort(epochs);
  bool const many = epochs.size() >= 40;
  auto const runs = static_cast<double>(epochs.size());
  coverage result{.known_from = basis::simulated,
                  .median = quantile(epochs, 0.5),
                  .low = many ? quantile(epochs, 0.05) : epochs.front(),
                  .high = many ? quantile(epochs, 0.95) : epochs.back(),
                  .mean = std::accumulate(epochs.begin(), epochs.end(), 0.0) / runs,
                  .runs = epochs.size()};
  for (std::size_t i = 0; i < epochs.size(); ++i) {
    double const probability = static_cast<double>(i + 1) / runs;
    if (!result.chances.empty() && result.chances.back().epochs == epochs[i]) {
      result.chances.back().probability = probability;
    } else {
      result.chances.push_back({epochs[i], probability});
    }
  }
  return result;
}

}  // namespace

coverage coverage_by_simulation(label_index const& classes, options const& settings) {
  progress bar("Simulating");
  std::uint64_t done = 0, total = most_draws;
  auto const show = [&](std::uint64_t cost) {
    bar.show(static_cast<double>(done + cost) / static_cast<double>(total));
  };
  auto const first = run(classes, settings, most_draws, show);
  if (!first.covered) return {.known_from = basis::unknown, .given_up = first.epochs};
  std::vector<std::uint64_t> epochs{first.epochs};
  std::uint64_t const runs = std::clamp<std::uint64_t>(most_draws / first.cost, 1, most_runs);
  total = runs * first.cost;
  options other = settings;
  while (epochs.size() < runs) {
    done = epochs.size() * first.cost;
    ++other.seed;
    epochs.push_back(run(classes, other, std::numeric_limits<std::uint64_t>::max(), show).epochs);
  }
  return summed_up(std::move(epochs));
}

}  // namespace inspect
