// Class weights, for sampling or for a cost-sensitive loss. Using them for both would correct twice.
#include <evendraw/evendraw.hpp>
#include <fmt/format.h>

#include <vector>

int main() {
  std::vector<int> counts{6200, 1900, 900, 700, 150, 100, 50};
  auto show = [&](auto name, std::vector<double> const& weights) {
    auto for_loss = evendraw::normalised(weights, counts);
    auto drawn = evendraw::class_probabilities(counts, weights);
    fmt::print("{:<24}{:7.3f}{:8.3f}{:13.3f}{:8.3f}\n", name, for_loss.front(), for_loss.back(), drawn.front(),
               drawn.back());
  };
  fmt::print("{:<24}{:^15}{:^21}\n", "", "weight in loss", "probability drawn");
  fmt::print("{:<24}{:>7}{:>8}{:>13}{:>8}\n", "samples of the class", counts.front(), counts.back(), counts.front(),
             counts.back());
  show("inverse frequency", evendraw::inverse_frequency_weights(counts));
  show("square root", evendraw::power_weights(counts, 0.5));
  show("temperature 2", evendraw::temperature_weights(counts, 2));
  show("effective number 0.999", evendraw::effective_number_weights(counts, 0.999));
  show("median frequency", evendraw::median_frequency_weights(counts));
  show("halfway to balanced", evendraw::interpolated_weights(counts, 0.5));
}
