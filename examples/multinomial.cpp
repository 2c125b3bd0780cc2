// Draws by any weights, one per sample. Here: the square root of the inverse class frequency, with two samples left
// out.
#include <evendraw/evendraw.hpp>
#include <fmt/ranges.h>

#include <vector>

int main() {
  std::vector<int> labels(900, 0);
  labels.insert(labels.end(), 100, 1);
  evendraw::class_index classes(labels);

  std::vector<double> weights = evendraw::sample_weights(classes, evendraw::power_weights(classes.counts(), 0.5));
  weights[17] = weights[950] = 0;  // never drawn
  evendraw::multinomial_sampler sampler(weights, {.epoch_size = 100'000, .seed = 1});

  std::vector<int> drawn(2);
  int left_out = 0;
  for (auto index : sampler.epoch(0)) {
    ++drawn[static_cast<std::size_t>(labels[index])];
    left_out += index == 17 || index == 950;
  }
  fmt::print(
      "expected shares {:.3f}\n",
      fmt::join(evendraw::class_probabilities(classes.counts(), evendraw::power_weights(classes.counts(), 0.5)), ", "));
  fmt::print("drawn {}, samples with weight 0 drawn {} times\n", drawn, left_out);
}
