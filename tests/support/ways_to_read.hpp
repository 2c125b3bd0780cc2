// Draws that are read in different ways must be the same.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <thread>
#include <vector>

#include <support/sampling.hpp>

namespace sampling {

/// Whether [], iteration, shards of any number of ranks and threads that read parts all give what read() gives.
template <class Draws>
bool reads_the_same(Draws const& draws) {
  auto const expected = all(draws);
  std::size_t const n = expected.size();
  bool same = n == draws.size() && std::ranges::equal(draws, expected);
  for (std::size_t i = n; i-- > 0;) same &= draws[i] == expected[i];
  for (std::uint64_t const ranks : {1u, 2u, 3u, 7u, 64u, 2000u}) {
    std::uint64_t together = 0;
    for (std::uint64_t rank = 0; rank < ranks; ++rank) {
      auto const part = all(draws.shard(rank, ranks));
      together += part.size();
      for (std::size_t i = 0; i < part.size(); ++i) {
        same &= part[i] == expected[static_cast<std::size_t>(rank + i * ranks)];
      }
    }
    same &= together == n;
  }
  std::vector<typename Draws::index_type> threaded(n);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      std::size_t const first = n * t / 4, last = n * (t + 1) / 4;
      draws.read(first, std::span(threaded).subspan(first, last - first));
    });
  }
  for (auto& thread : threads) thread.join();
  return same && threaded == expected;
}

}  // namespace sampling
