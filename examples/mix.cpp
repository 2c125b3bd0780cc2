// Two data sets in every batch, each drawn by a sampler of its own.
#include <evendraw/evendraw.hpp>
#include <evendraw/samplers/mix_sampler.hpp>
#include <fmt/ranges.h>

#include <vector>

int main() {
  std::vector<int> labels(1000, 0);
  labels.insert(labels.end(), 200, 1);
  evendraw::balanced_epoch_sampler real(labels, {.seed = 1});  // 1200 samples, 400 an epoch
  evendraw::random_sampler synthetic(50'000, {.seed = 2});     // another seed, so that the draws are independent

  evendraw::mix_sampler mix({real, synthetic}, {0.7, 0.3}, {.epoch_size = 640, .window = 32, .seed = 3});

  std::vector<int> per_batch;
  for (auto batch : evendraw::batch_sampler(mix, 32).epoch(0)) {
    per_batch.push_back(0);
    for (auto index : batch) per_batch.back() += mix.source_of(index).source == 0;
  }
  fmt::print("real samples in every batch of 32: {}\n", per_batch);

  auto [source, index] = mix.source_of(mix.epoch(0)[0]);
  fmt::print("the first draw is sample {} of {}\n", index, source == 0 ? "the real ones" : "the synthetic ones");
}
