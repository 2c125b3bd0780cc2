// Draws with equally likely classes. How often is each class drawn, and how much of each class does an epoch show?
#include <evendraw/evendraw.hpp>
#include <fmt/format.h>

#include <set>
#include <vector>

int main() {
  std::vector<int> labels(165, 0);
  labels.insert(labels.end(), 10, 1);
  evendraw::inverse_frequency_sampler sampler(labels, {.seed = 1});

  for (std::uint64_t epoch = 0; epoch < 3; ++epoch) {
    std::vector<int> drawn(2);
    std::vector<std::set<std::uint32_t>> seen(2);
    for (auto index : sampler.epoch(epoch)) {
      auto const c = static_cast<std::size_t>(labels[index]);
      ++drawn[c];
      seen[c].insert(index);
    }
    fmt::print("epoch {}: class 0 drawn {} times, {} of 165 samples seen; class 1 drawn {} times, {} of 10 seen\n",
               epoch, drawn[0], seen[0].size(), drawn[1], seen[1].size());
  }
}
