// What do the ways of reading one epoch cost: blocks, batches, a range-for, operator[], two threads?
#include <utility>

#include "data.hpp"
#include "evendraw.hpp"
#include "race.hpp"
#include "workloads.hpp"

namespace benchmark {
namespace {

template <class Sampler>
drawer by_range_for(Sampler sampler) {
  return [sampler = std::move(sampler)](part p) {
    std::uint64_t sum = 0;
    auto const draws = sampler.epoch(p.epoch).drop(p.first).take(p.draws);
    for (auto const index : draws) sum += index;
    return sum;
  };
}

template <class Sampler>
drawer by_subscript(Sampler sampler) {
  return [sampler = std::move(sampler)](part p) {
    std::uint64_t sum = 0;
    auto const draws = sampler.epoch(p.epoch);
    for (std::uint64_t i = 0; i < p.draws; ++i) sum += draws[p.first + i];
    return sum;
  };
}

template <class Sampler>
drawer by_two_threads(Sampler sampler) {
  return [blocks = by_blocks(std::move(sampler))](part p) { return draw_by_threads(blocks, p, 2); };
}

/// One sampler, built before, as a contestant for each way to read.
template <class Sampler>
contest ways(Sampler const& s) {
  contest result{.samples = s.num_samples(), .epoch_size = s.epoch_size(), .contestants = {}};
  auto& all = result.contestants;
  all.push_back({.name = "blocks", .build = [s] { return by_blocks(s); }});
  all.push_back({.name = "batches of 256", .build = [s] { return by_batches(s); }});
  all.push_back({.name = "range-for", .build = [s] { return by_range_for(s); }});
  all.push_back({.name = "operator[]", .build = [s] { return by_subscript(s); }});
  if (s.epoch_size() >= threads_pay_from) {
    all.push_back({.name = "2 threads", .build = [s] { return by_two_threads(s); }, .whole_epochs = true});
  }
  return result;
}

}  // namespace

std::vector<workload> reading() {
  return {
      {"inverse_frequency_sampler", [](auto n) { return ways(evendraw::inverse_frequency_sampler(*long_tail(n))); }},
      {"multinomial_sampler", [](auto n) { return ways(evendraw::multinomial_sampler(*log_normal(n))); }},
      {"balanced_epoch_sampler",
       [](auto n) { return ways(evendraw::balanced_epoch_sampler(*long_tail(n), {.epoch_size = n / 2})); }},
      {"random_sampler", [](auto n) { return ways(evendraw::random_sampler(n)); }}};
}

}  // namespace benchmark
