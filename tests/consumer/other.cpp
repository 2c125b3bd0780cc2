#include <evendraw/evendraw.hpp>

#include <vector>

std::uint64_t drawn_elsewhere(std::vector<int> const& labels) {
  std::uint64_t sum = 0;
  for (auto const index : evendraw::balanced_epoch_sampler(labels, {.max_repeats = 3}).epoch(0)) sum += index;
  return sum;
}
