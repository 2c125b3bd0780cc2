// The plain samplers, for baselines and validation, with the same interface.
#include <evendraw/evendraw.hpp>
#include <fmt/ranges.h>

int main() {
  evendraw::random_sampler shuffled(10, {.seed = 1});
  evendraw::random_sampler short_epochs(10, {.epoch_size = 4, .seed = 1});
  evendraw::sequential_sampler in_order(10);
  for (std::uint64_t epoch = 0; epoch < 3; ++epoch) {
    fmt::print("epoch {}: shuffled {}, 4 of them {}, in order {}\n", epoch, shuffled.epoch(epoch),
               short_epochs.epoch(epoch), in_order.epoch(epoch));
  }
}
