// Balanced and distributed at once: every rank reads its part of the same global epoch.
#include <evendraw/evendraw.hpp>
#include <fmt/ranges.h>

#include <vector>

int main() {
  std::vector<int> labels(900, 0);
  labels.insert(labels.end(), 100, 1);
  evendraw::balanced_epoch_sampler sampler(labels, {.seed = 1});  // the same on every rank
  auto epoch = sampler.epoch(0);

  for (std::uint64_t world_size : {1u, 3u}) {
    for (std::uint64_t rank = 0; rank < world_size; ++rank) {
      auto local = epoch.shard(rank, world_size);
      fmt::print("rank {} of {}: {} draws, {}\n", rank, world_size, local.size(), local.take(6));
    }
  }
  fmt::print("with even shards every rank has {}\n", epoch.shard(0, 3, evendraw::shard_tail::even).size());
}
