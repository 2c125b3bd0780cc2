#include <evendraw/evendraw.hpp>

#include <vector>

int main() {
  std::vector<int> const labels{0, 0, 0, 1, 1, 2};
  evendraw::any_sampler<> const sampler = evendraw::balanced_epoch_sampler(labels, {.max_repeats = 3});
  std::vector<std::uint64_t> draws(3);
  for (auto const index : sampler.epoch(0)) ++draws[static_cast<std::size_t>(labels[index])];
  return draws == std::vector<std::uint64_t>(3, draws[0]) && draws[0] > 0 ? 0 : 1;
}
