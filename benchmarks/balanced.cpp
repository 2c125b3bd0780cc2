// What does a class-balanced epoch without replacement cost?
#include <algorithm>
#include <utility>

#include "data.hpp"
#include "evendraw.hpp"
#include "limits.hpp"
#include "peers/peers.hpp"
#include "workloads.hpp"

namespace benchmark {
namespace {

/// evendraw's quotas by label, for the peers.
balanced_task task_of(labels const& data, evendraw::balanced_epoch_options<std::uint32_t> const& options) {
  evendraw::class_index const classes(*data);
  evendraw::balanced_epoch_sampler const sampler(classes, options);
  balanced_task task{.data = data, .quotas = std::vector<std::uint64_t>(classes.labels().back() + std::size_t{1})};
  auto const quotas = sampler.quotas();
  for (std::size_t c = 0; c < quotas.size(); ++c) task.quotas[classes.labels()[c]] = quotas[c];
  return task;
}

contest balanced_contest(labels const& data, std::uint64_t epoch_size) {
  evendraw::balanced_epoch_options<std::uint32_t> const options{.epoch_size = epoch_size};
  std::vector<contestant> all{
      evendraw_contestant([data, options] { return evendraw::balanced_epoch_sampler(*data, options); }),
      class_limit(data, 2)};
  for (auto& peer : balanced_peers(task_of(data, options))) all.push_back(std::move(peer));
  return {.samples = data->size(), .epoch_size = epoch_size, .contestants = std::move(all)};
}

/// As many draws of the common class as of the rare one.
contest two_classes_contest(std::uint64_t samples) {
  auto const data = two_classes(samples);
  return balanced_contest(data, 2 * static_cast<std::uint64_t>(std::ranges::count(*data, 1u)));
}

/// A plain shuffle, by the sampler of classes.
contest one_class_contest(std::uint64_t samples) {
  return balanced_contest(std::make_shared<std::vector<std::uint32_t> const>(samples, 0u), samples);
}

}  // namespace

std::vector<workload> balanced() {
  return {{"balanced_epoch, 1 class", one_class_contest},
          {"balanced_epoch, 2 classes 90/10", two_classes_contest},
          {"balanced_epoch, 1000 classes, n/2", [](auto n) { return balanced_contest(long_tail(n), n / 2); }}};
}

}  // namespace benchmark
