#include "coverage.hpp"

#include <evendraw/inspect/simulated_coverage.hpp>

#include <algorithm>
#include <limits>

#include "progress.hpp"
#include "samplers.hpp"

namespace inspect {
namespace {

struct training_run {
  std::uint64_t drawable = 0;            // samples
  std::vector<std::uint64_t> seen = {};  // by epoch
  bool covered = false;
  std::uint64_t cost = 0;  // in draws
};

/// Epoch after epoch, until all samples were seen or the draws are used up. show(cost) after each.
template <class Show>
training_run run(chosen_sampler const& chosen, evendraw::unseen_samples unseen, std::uint64_t draws, Show show) {
  auto const& sampler = chosen.sampler;
  training_run result{.drawable = unseen.size(), .cost = sampler.num_samples()};
  while (!unseen.empty() && result.cost <= draws) {
    for (auto const block : sampler.epoch(result.seen.size()).batches(1024)) unseen.see(block);
    result.seen.push_back(result.drawable - unseen.size());
    result.cost += sampler.epoch_size() + chosen.epoch_cost;
    show(result.cost);
  }
  result.covered = unseen.empty();
  return result;
}

template <class Show>
training_run run_with(label_index const& classes, options const& of, std::uint64_t draws, Show show) {
  auto const chosen = choose_sampler(classes, of);
  return run(chosen, evendraw::unseen_samples(classes, chosen.shares), draws, show);
}

}  // namespace

coverage simulate_coverage(label_index const& classes, options const& of) {
  progress bar("Simulating");
  std::uint64_t done = 0, total = most_draws;
  auto const show = [&](std::uint64_t cost) {
    bar.show(static_cast<double>(done + cost) / static_cast<double>(total));
  };
  auto const first = run_with(classes, of, most_draws, show);
  coverage result{.drawable = first.drawable, .seen = first.seen};
  if (!first.covered) return result;
  result.epochs.push_back(first.seen.size());
  std::uint64_t const runs = std::clamp<std::uint64_t>(most_draws / first.cost, 1, most_runs);
  total = runs * first.cost;
  options other = of;
  while (result.epochs.size() < runs) {
    done = result.epochs.size() * first.cost;
    ++other.seed;
    auto const next = run_with(classes, other, std::numeric_limits<std::uint64_t>::max(), show);
    result.epochs.push_back(next.seen.size());
  }
  return result;
}

}  // namespace inspect
