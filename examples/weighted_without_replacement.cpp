// Weighted draws without replacement: successive draws, and draws that include each sample in proportion to its weight.
#include <evendraw/evendraw.hpp>
#include <evendraw/samplers/systematic_sampler.hpp>
#include <evendraw/samplers/weighted_without_replacement_sampler.hpp>
#include <fmt/ranges.h>

#include <vector>

int main() {
  std::vector<double> weights{2, 1, 1, 0};
  auto inclusion = [&](auto const& sampler) {  // for each sample, the share of the epochs that have it
    std::vector<double> share(weights.size());
    for (std::uint64_t epoch = 0; epoch < 100'000; ++epoch) {
      for (auto index : sampler.epoch(epoch)) share[index] += 1e-5;
    }
    return share;
  };

  evendraw::weighted_without_replacement_sampler successive(weights, {.epoch_size = 2, .seed = 1});
  evendraw::systematic_sampler systematic(weights, {.epoch_size = 2, .seed = 1});
  fmt::print("two of four, weights {}\n", weights);
  fmt::print("successive draws      {:.2f}\n", fmt::join(inclusion(successive), "  "));
  fmt::print("systematic            {:.2f}\n", fmt::join(inclusion(systematic), "  "));
  fmt::print("  as it says          {:.2f}\n", fmt::join(systematic.inclusion_probabilities(), "  "));

  evendraw::weighted_without_replacement_sampler shuffle(weights, {.seed = 1});  // draws every sample with a weight > 0
  fmt::print("weighted shuffles     {}, {}, {}\n", shuffle.epoch(0), shuffle.epoch(1), shuffle.epoch(2));
}
