// How much faster are the instruction sets that are chosen at run time?
#include <string>
#include <utility>

#include "data.hpp"
#include "evendraw.hpp"
#include "workloads.hpp"

namespace benchmark {
namespace {

/// One sampler, built before, read in blocks with every instruction set of the processor.
template <class Sampler>
contest sets(Sampler const& s) {
  contest result{.samples = s.num_samples(), .epoch_size = s.epoch_size(), .contestants = {}};
  for (auto const set : evendraw::usable_instruction_sets()) {
    auto const build = [s, set]() -> drawer {
      return [blocks = by_blocks(s), set](part p) {
        auto const before = evendraw::used_instruction_set();
        evendraw::use_instruction_set(set);
        auto const sum = blocks(p);
        evendraw::use_instruction_set(before);
        return sum;
      };
    };
    result.contestants.push_back({.name = std::string(to_string(set)), .build = build, .whole_epochs = true});
  }
  return result;
}

}  // namespace

std::vector<workload> instruction_sets() {
  return {
      {"inverse_frequency_sampler", [](auto n) { return sets(evendraw::inverse_frequency_sampler(*long_tail(n))); }},
      {"multinomial_sampler", [](auto n) { return sets(evendraw::multinomial_sampler(*log_normal(n))); }},
      {"balanced_epoch_sampler",
       [](auto n) { return sets(evendraw::balanced_epoch_sampler(*long_tail(n), {.epoch_size = n / 2})); }},
      {"random_sampler", [](auto n) { return sets(evendraw::random_sampler(n)); }}};
}

}  // namespace benchmark
