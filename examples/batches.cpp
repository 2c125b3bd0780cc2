// Batches: how to iterate over them, read them by number, and get 64 random bits for the augmentation of each draw.
#include <evendraw/evendraw.hpp>
#include <fmt/ranges.h>

#include <vector>

int main() {
  evendraw::batch_sampler keep(evendraw::random_sampler(10, {.seed = 1}), 4);
  evendraw::batch_sampler drop(evendraw::random_sampler(10, {.seed = 1}),
                               {.batch_size = 4, .last = evendraw::last_batch::drop});
  fmt::print("{} batches, or {} full ones\n", keep.epoch_size(), drop.epoch_size());

  auto epoch = keep.epoch(0);
  for (auto batch : epoch) fmt::print("{}\n", batch);

  std::vector<std::uint32_t> buffer(epoch.buffer_size());  // each loader thread has its own buffer
  fmt::print("batch 1 again: {}\n", epoch.read(1, buffer));
  fmt::print("its first draw is augmented with seed {:016x}\n", epoch.word(1, 0));
}
