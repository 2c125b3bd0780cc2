#include <evendraw/evendraw.hpp>
#include <fmt/ranges.h>

#include <string>
#include <vector>

int main() {
  std::vector<std::string> labels(900, "dry");  // 900 samples of one class, 100 of another
  labels.insert(labels.end(), 100, "ice");

  auto ice_per_batch = [&](auto sampler) {
    std::vector<std::ptrdiff_t> ice;
    evendraw::batch_sampler batches(sampler, 100);
    for (auto batch : batches.epoch(0))  // std::span<const std::uint32_t>: the indices of 100 samples
      ice.push_back(std::ranges::count_if(batch, [&](auto i) { return labels[i] == "ice"; }));
    return ice;
  };

  fmt::print("Samples of class ice in every batch of 100\n");
  fmt::print("plain shuffle     {}\n", ice_per_batch(evendraw::random_sampler(labels.size(), {.seed = 42})));
  fmt::print("inverse frequency {}\n", ice_per_batch(evendraw::inverse_frequency_sampler(labels, {.seed = 42})));
  fmt::print("balanced epoch    {}\n", ice_per_batch(evendraw::balanced_epoch_sampler(labels, {.seed = 42})));
}
