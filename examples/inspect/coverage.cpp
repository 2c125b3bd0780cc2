#include "coverage.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <span>

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

/// The samples that can be drawn: those of classes with a share.
std::uint64_t drawable(label_index const& classes, std::vector<double> const& shares) {
  std::uint64_t sum = 0;
  for (std::size_t c = 0; c < classes.counts().size(); ++c) {
    if (shares.empty() || shares[c] > 0) sum += classes.counts()[c];
  }
  return sum;
}

/// Marks the samples of an epoch as seen, and says how many had not been.
template <class Draws>
std::uint64_t mark_seen(Draws const& draws, std::span<std::uint8_t> seen) {
  std::array<std::uint32_t, 1024> buffer;
  std::uint64_t first_time = 0;
  for (std::uint64_t first = 0; first < draws.size(); first += buffer.size()) {
    auto const size = std::min<std::uint64_t>(buffer.size(), draws.size() - first);
    auto const block = std::span(buffer).first(static_cast<std::size_t>(size));
    draws.read(first, block);
    for (std::uint32_t const sample : block) {
      first_time += seen[sample] == 0 ? 1 : 0;
      seen[sample] = 1;
    }
  }
  return first_time;
}

/// Epoch after epoch, until all samples were seen or the draws are used up. show(cost) after each.
template <class Show>
training_run run(chosen_sampler const& chosen, std::uint64_t all, std::uint64_t draws, Show show) {
  auto const& sampler = chosen.sampler;
  std::vector<std::uint8_t> seen(static_cast<std::size_t>(sampler.num_samples()));
  training_run result{.drawable = all, .cost = sampler.num_samples()};
  std::uint64_t count = 0;
  while (count < all && result.cost <= draws) {
    count += mark_seen(sampler.epoch(result.seen.size()), seen);
    result.seen.push_back(count);
    result.cost += sampler.epoch_size() + chosen.epoch_cost;
    show(result.cost);
  }
  result.covered = count == all;
  return result;
}

template <class Show>
training_run run_with(label_index const& classes, options const& of, std::uint64_t draws, Show show) {
  auto const chosen = choose_sampler(classes, of);
  return run(chosen, drawable(classes, chosen.shares), draws, show);
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
