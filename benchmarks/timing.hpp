// Timing for the benchmarks: medians over rounds, all contestants interleaved, a checksum of what was drawn.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace benchmark {

struct contestant {
  std::string name;
  std::function<std::uint64_t()> run;  // draws, and returns a checksum
  std::vector<double> seconds = {};
  std::uint64_t checksum = 0;

  [[nodiscard]] double median() const {
    auto sorted = seconds;
    std::ranges::sort(sorted);
    return sorted[sorted.size() / 2];
  }
};

/// One round to warm up, then `rounds` rounds in which every contestant runs once.
inline void race(std::vector<contestant>& contestants, int rounds) {
  for (int round = -1; round < rounds; ++round) {
    for (auto& c : contestants) {
      auto const start = std::chrono::steady_clock::now();
      c.checksum = c.run();
      std::chrono::duration<double> const took = std::chrono::steady_clock::now() - start;
      if (round >= 0) c.seconds.push_back(took.count());
    }
  }
}

}  // namespace benchmark
