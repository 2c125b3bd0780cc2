#include <evendraw/evendraw.hpp>

#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

int main() {
  std::vector<std::string> labels(900, "dry");  // one label per sample: 900 of one class,
  labels.insert(labels.end(), 100, "ice");      // 100 of the other

  evendraw::batch_sampler batches(evendraw::balanced_epoch_sampler(labels, {.seed = 42}), 40);
  for (std::uint64_t e = 0; e < 3; ++e) {
    std::cout << "epoch " << e << ", ice in each batch of 40:";
    for (auto batch : batches.epoch(e)) {  // std::span<std::uint32_t const>: the indices of 40 samples
      std::cout << ' ' << std::ranges::count_if(batch, [&](auto i) { return labels[i] == "ice"; });
    }
    std::cout << '\n';
  }
}
