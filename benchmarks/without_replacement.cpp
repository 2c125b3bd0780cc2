// What do weighted draws without replacement cost?
#include <utility>

#include "data.hpp"
#include "evendraw.hpp"
#include "peers/peers.hpp"
#include "workloads.hpp"

namespace benchmark {
namespace {

template <class Make>
contestant whole_epochs(Make make) {
  return {.name = evendraw_name, .build = [make] { return by_blocks(make()); }, .whole_epochs = true};
}

contest successive_contest(weights const& data, std::uint64_t draws) {
  std::vector<contestant> all{whole_epochs(
      [data, draws] { return evendraw::weighted_without_replacement_sampler(*data, {.epoch_size = draws}); })};
  for (auto& peer : weighted_once_peers(data)) all.push_back(std::move(peer));
  return {.samples = data->size(), .epoch_size = draws, .contestants = std::move(all)};
}

contest systematic_contest(weights const& data, std::uint64_t draws) {
  auto const ours = whole_epochs([data, draws] { return evendraw::systematic_sampler(*data, {.epoch_size = draws}); });
  return {.samples = data->size(), .epoch_size = draws, .contestants = {ours}};
}

}  // namespace

std::vector<workload> without_replacement() {
  return {{"weighted_without_replacement, n/2", [](auto n) { return successive_contest(log_normal(n), n / 2); }},
          {"weighted_without_replacement, n/10", [](auto n) { return successive_contest(log_normal(n), n / 10); }},
          {"systematic, n/10", [](auto n) { return systematic_contest(log_normal(n), n / 10); }}};
}

}  // namespace benchmark
