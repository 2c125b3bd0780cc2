#include <evendraw/evendraw.hpp>
#include <fmt/ranges.h>

#include <string>
#include <vector>

int main() {
  std::vector<std::string> labels(900, "dry");  // 900 samples of one class, 100 of another
  labels.insert(labels.end(), 100, "ice");

  evendraw::inverse_frequency_sampler sampler(labels, {.seed = 42});
  evendraw::batch_sampler batches(sampler, 250);

  for (std::uint64_t epoch = 0; epoch < 2; ++epoch) {
    for (auto batch : batches.epoch(epoch)) {  // std::span<const std::uint32_t>
      auto ice = std::ranges::count_if(batch, [&](auto i) { return labels[i] == "ice"; });
      fmt::print("epoch {}: {} ice of {}, first {}\n", epoch, ice, batch.size(), batch.first(5));
    }
  }
}
