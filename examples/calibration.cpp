// Calibrated probabilities from balanced batches. The model just counts. Half of the draws are of the rare class.
#include <evendraw/evendraw.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

int main() {
  constexpr std::size_t n = 20'000, bins = 5;  // 5 % are of class 1, which is more frequent in the higher bins
  std::vector<int> labels(n);
  std::vector<std::size_t> bin(n);
  std::array<std::array<double, 2>, bins> in_data{}, in_draws{};  // the samples of each class in each bin
  for (std::size_t i = 0; i < n; ++i) {
    auto a = evendraw::bounded(evendraw::random_word(1, i), bins),
         b = evendraw::bounded(evendraw::random_word(2, i), bins);
    labels[i] = i % 20 == 0;
    bin[i] = labels[i] ? std::max(a, b) : std::min(a, b);
    ++in_data[bin[i]][static_cast<std::size_t>(labels[i])];
  }

  evendraw::class_index classes(labels);
  evendraw::inverse_frequency_sampler sampler(classes, {.seed = 1});
  for (auto i : sampler.epoch(0)) ++in_draws[bin[i]][static_cast<std::size_t>(labels[i])];  // training

  auto offsets = evendraw::logit_offsets(classes.counts(), sampler.class_shares());
  fmt::print("subtract from the logits: {:.3f} (class 0), {:.3f} (class 1)\n\n", offsets[0], offsets[1]);
  fmt::print("share of class 1   in the data   learnt   corrected\n");
  double rare = 0, learnt_rare = 0, corrected_rare = 0;
  for (std::size_t x = 0; x < bins; ++x) {
    double all = in_data[x][0] + in_data[x][1], learnt = in_draws[x][1] / (in_draws[x][0] + in_draws[x][1]);
    double corrected =
        evendraw::corrected_probabilities({1 - learnt, learnt}, classes.counts(), sampler.class_shares())[1];
    fmt::print("bin {}              {:11.3f}{:9.3f}{:12.3f}\n", x, in_data[x][1] / all, learnt, corrected);
    rare += in_data[x][1], learnt_rare += all * learnt, corrected_rare += all * corrected;
  }
  fmt::print("all                {:11.3f}{:9.3f}{:12.3f}\n", rare / n, learnt_rare / n, corrected_rare / n);
}
