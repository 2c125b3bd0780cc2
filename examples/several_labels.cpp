// Images with several labels: weights that give every label a share of the draws, compared with repeat factors.
#include <evendraw/evendraw.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

namespace {

constexpr int num_labels = 80;

/// Images with random labels. The probability of label k falls from 0.3 for the first label to 0.3 / 367 for the last.
std::vector<std::vector<int>> made_images(std::size_t n) {
  std::vector<std::vector<int>> images(n);
  double p = 0.3;
  for (int k = 0; k < num_labels; ++k) {
    for (std::size_t i = 0; i < n; ++i) {
      auto const word = evendraw::random_word(static_cast<std::uint64_t>(k), i);
      if (static_cast<double>(word >> 11) * 0x1p-53 < p) images[i].push_back(k);
    }
    p *= 0.927986;  // to the 79th power: 1/367
  }
  return images;
}

struct outcome {
  std::vector<double> shares;  // the share of the draws that have each label
  double effective = 0;        // effective samples: (sum of weights)^2 / sum of squares
  double most = 0;             // the number of draws of the most repeated image in an epoch
};

outcome outcome_of(std::vector<std::vector<int>> const& images, std::vector<double> const& weights) {
  outcome result;
  result.shares.resize(num_labels);
  double sum = 0, squares = 0;
  for (double const w : weights) sum += w, squares += w * w;
  for (std::size_t i = 0; i < images.size(); ++i) {
    for (int const k : images[i]) result.shares[static_cast<std::size_t>(k)] += weights[i] / sum;
    result.most = std::max(result.most, weights[i] / sum * static_cast<double>(images.size()));
  }
  result.effective = sum * sum / squares;
  return result;
}

}  // namespace

int main() {
  auto const images = made_images(18'627);
  std::vector<std::uint64_t> counts(num_labels);
  for (auto const& image : images) {
    for (int const k : image) ++counts[static_cast<std::size_t>(k)];
  }
  auto const row = [&](char const* name, std::vector<double> const& weights) {
    auto const [shares, effective, most] = outcome_of(images, weights);
    auto const [least, largest] = std::minmax_element(shares.begin(), shares.end());
    fmt::print("{:<40} {:>8.4f} {:>8.3f} {:>10.0f} {:>10.1f}\n", name, *least, *largest, effective, most);
  };
  fmt::print("{} images, {} labels, in {} to {} images\n\n", images.size(), num_labels,
             *std::ranges::min_element(counts), *std::ranges::max_element(counts));
  fmt::print("{:<40} {:>8} {:>8} {:>10} {:>10}\n", "", "rarest", "largest", "effective", "most often");
  row("as they are", std::vector<double>(images.size(), 1));
  row("repeat factors, t = 0.05", evendraw::repeat_factors(images, 0.05));
  row("repeat factors, t = 1", evendraw::repeat_factors(images, 1));
  std::vector<double> inverse;
  for (auto const& image : images) {
    double most = 1.0 / static_cast<double>(images.size());
    for (int const k : image) most = std::max(most, 1.0 / static_cast<double>(counts[static_cast<std::size_t>(k)]));
    inverse.push_back(most);
  }
  row("inverse frequency of the rarest label", inverse);
  row("raked_weights, at least 0.01", evendraw::raked_weights(images, {.at_least = 0.01}).weights);
  auto const fit = evendraw::raked_weights(images, {.at_least = 0.02});
  row("raked_weights, at least 0.02", fit.weights);
  row("the same, no image more than 30 times",
      evendraw::raked_weights(images, {.at_least = 0.02, .max_repeats = 30}).weights);
  fmt::print("\nat least 0.02: {} after {} sweeps\n", fit.met ? "met" : "not met", fit.sweeps);

  evendraw::multinomial_sampler sampler(fit.weights, {.seed = 1});
  std::uint64_t rare = 0;
  for (auto const i : sampler.epoch(0)) rare += std::ranges::count(images[i], num_labels - 1) > 0;
  fmt::print("an epoch of {} draws has the rarest label {} times; the data have it {} times\n", sampler.epoch_size(),
             rare, counts.back());
}
