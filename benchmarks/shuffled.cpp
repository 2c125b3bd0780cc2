// What does a plain shuffle cost, and what do batches of 256?
#include <utility>

#include "data.hpp"
#include "evendraw.hpp"
#include "limits.hpp"
#include "peers/peers.hpp"
#include "workloads.hpp"

namespace benchmark {
namespace {

contest shuffle_contest(std::uint64_t samples) {
  std::vector<contestant> all{evendraw_contestant([samples] { return evendraw::random_sampler(samples); }),
                              word_limit()};
  for (auto& peer : shuffling_peers(samples)) all.push_back(std::move(peer));
  return {.samples = samples, .epoch_size = samples, .contestants = std::move(all)};
}

template <class Make>
contestant in_batches(Make make) {
  return {.name = evendraw_name, .build = [make] { return by_batches(make()); }, .whole_epochs = true};
}

contest shuffled_batches_contest(std::uint64_t samples) {
  std::vector<contestant> all{in_batches([samples] { return evendraw::random_sampler(samples); }), word_limit()};
  for (auto& peer : batching_peers(samples)) all.push_back(std::move(peer));
  return {.samples = samples, .epoch_size = samples, .contestants = std::move(all)};
}

contest weighted_batches_contest(labels const& data) {
  auto const ours = in_batches([data] { return evendraw::inverse_frequency_sampler(*data); });
  return {.samples = data->size(), .epoch_size = data->size(), .contestants = {ours, class_limit(data, 1)}};
}

}  // namespace

std::vector<workload> shuffled() {
  return {{"random", shuffle_contest},
          {"random, batches of 256", shuffled_batches_contest},
          {"inverse_frequency, batches of 256", [](auto n) { return weighted_batches_contest(long_tail(n)); }}};
}

}  // namespace benchmark
