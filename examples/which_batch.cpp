// A step is suspect: which samples were in it? A sample is suspect: which steps used it?
#include <evendraw/evendraw.hpp>
#include <fmt/ranges.h>

#include <cstdint>
#include <string>

int main() {
  auto const classes = evendraw::class_index<std::string>::from_runs({{"dry", 900}, {"wet", 150}, {"ice", 40}});
  evendraw::batch_sampler batches(evendraw::balanced_epoch_sampler(classes, {.seed = 7}), 12);
  std::uint64_t const steps = batches.epoch_size();  // the number of steps in an epoch

  std::uint64_t const spike = 203;  // the loss jumped there
  auto const suspects = batches.epoch(spike / steps)[spike % steps];
  fmt::print("step {} is batch {} of epoch {}: {}\n", spike, spike % steps, spike / steps, suspects);

  // One of them proves to be broken. Which steps used it? This needs no log and no replay.
  std::uint32_t const broken = suspects[4];
  fmt::print("sample {} in the first 40 epochs:\n", broken);
  for (auto [epoch, batch, seat] : evendraw::uses(batches, broken, 0, 40)) {
    fmt::print("  step {}: epoch {}, batch {}, item {}\n", epoch * steps + batch, epoch, batch, seat);
  }

  // The same for one rank of four, and for an epoch without batches.
  auto const first = evendraw::uses(batches, broken, 0, 40).front();
  for (std::uint64_t rank = 0; rank < 4; ++rank) {
    for (auto [batch, item] : batches.epoch(first.epoch).shard(rank, 4).find(broken)) {
      fmt::print("first on rank {}, batch {}, item {}\n", rank, batch, item);
    }
  }
  fmt::print("position in epoch {}: {}\n", first.epoch, batches.sampled().epoch(first.epoch).find(broken));
  fmt::print("next use: step {}\n", [&] {
    auto const next = evendraw::next_use(batches, broken, {.epoch = first.epoch, .position = first.batch + 1});
    return next->epoch * steps + next->batch;
  }());
}
