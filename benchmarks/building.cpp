// What does building cost, with one thread and with two?
#include <evendraw/evendraw.hpp>

#include <string>
#include <utility>

#include "data.hpp"
#include "workloads.hpp"

namespace benchmark {
namespace {

/// build(threads) with one thread and with two. Nothing is drawn.
template <class Build>
contest by_threads(std::uint64_t samples, Build build) {
  contest result{.samples = samples, .epoch_size = samples, .contestants = {}};
  for (unsigned const threads : {1u, 2u}) {
    auto const build_by = [build, threads]() -> drawer {
      return [built = build(threads)](part) { return std::uint64_t{sizeof built}; };
    };
    result.contestants.push_back(
        {.name = threads == 1 ? "1 thread" : "2 threads", .build = build_by, .whole_epochs = true});
  }
  return result;
}

template <class Labels>
contest index_of(std::uint64_t samples, Labels labels) {
  return by_threads(samples,
                    [labels](unsigned threads) { return evendraw::class_index(*labels, {.threads = threads}); });
}

}  // namespace

std::vector<workload> building() {
  return {{"class_index, integers, 2 classes", [](auto n) { return index_of(n, two_classes(n)); }},
          {"class_index, integers, 1000 classes", [](auto n) { return index_of(n, long_tail(n)); }},
          {"class_index, strings, 1000 classes", [](auto n) { return index_of(n, as_strings(long_tail(n))); }},
          {"alias_table, log-normal weights", [](auto n) {
             return by_threads(n, [weights = log_normal(n)](unsigned threads) {
               return evendraw::alias_table(*weights, {.threads = threads});
             });
           }}};
}

}  // namespace benchmark
