// Does balancing groups help the worst of them? A linear model is trained on data with an attribute that is correlated
// with the class.
//
// This is "simple data balancing" of Idrissi et al. (CLeaR 2022). A group is a combination of a class and a value of
// the attribute. A model that learns the attribute instead of the class is wrong in the groups where the two disagree.
#include <evendraw/evendraw.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <vector>

namespace {

/// A nearly normal number with mean 0 and variance 1. It uses no function of <cmath>, so it is the same everywhere.
double noise(std::uint64_t key, std::uint64_t i) {
  double sum = -6;
  for (std::uint64_t k = 0; k < 12; ++k)
    sum += static_cast<double>(evendraw::random_word(key, 12 * i + k) >> 11) * 0x1p-53;
  return sum;
}

using group_sizes = std::array<std::array<int, 2>, 2>;  // by class, then by value of the attribute
using features = std::array<double, 3>;                 // one shows the class, one shows the attribute, and one is 1

struct data_set {
  std::vector<features> x;
  std::vector<int> classes, attributes;  // -1 or 1
};

/// Makes data. sizes[c][a] is the number of samples of class c with value a of the attribute.
data_set made_data(group_sizes const& sizes, std::uint64_t key) {
  data_set result;
  for (std::size_t c = 0; c < 2; ++c) {
    for (std::size_t a = 0; a < 2; ++a) {
      for (int j = 0; j < sizes[c][a]; ++j) {
        std::uint64_t const i = 2 * result.x.size();
        int const label = c == 0 ? -1 : 1, attribute = a == 0 ? -1 : 1;
        result.x.push_back({label + 0.9 * noise(key, i), attribute + 0.3 * noise(key, i + 1), 1});
        result.classes.push_back(label);
        result.attributes.push_back(attribute);
      }
    }
  }
  return result;
}

double score(features const& weights, features const& x) {
  return weights[0] * x[0] + weights[1] * x[1] + weights[2] * x[2];
}

/// Trains a linear support vector machine by stochastic gradient descent. Returns the mean of the weights of all steps.
template <class Sampler>
features train(data_set const& data, Sampler const& sampler) {
  features weights{}, mean{};
  double step = 0;
  for (std::uint64_t e = 0; e < 10; ++e) {
    for (auto const i : sampler.epoch(e)) {
      double const rate = 1 / (0.01 * (step + 200)), y = data.classes[i];
      bool const wrong = y * score(weights, data.x[i]) < 1;
      for (std::size_t k = 0; k < 3; ++k) {
        weights[k] += rate * ((wrong ? y * data.x[i][k] : 0) - (k < 2 ? 0.01 * weights[k] : 0));
        mean[k] += (weights[k] - mean[k]) / (step + 1);
      }
      ++step;
    }
  }
  return mean;
}

struct accuracies {
  double as_data = 0;  // accuracy if groups are as frequent as in the training data
  double mean = 0;     // accuracy if groups are equally frequent
  double worst = 1;
};

accuracies accuracies_of(features const& weights, data_set const& test, group_sizes const& sizes) {
  double right[2][2] = {}, all[2][2] = {};
  for (std::size_t i = 0; i < test.x.size(); ++i) {
    int const c = test.classes[i] > 0, a = test.attributes[i] > 0;
    ++all[c][a];
    right[c][a] += score(weights, test.x[i]) * test.classes[i] > 0 ? 1 : 0;
  }
  accuracies result;
  double const total = sizes[0][0] + sizes[0][1] + sizes[1][0] + sizes[1][1];
  for (int c = 0; c < 2; ++c) {
    for (int a = 0; a < 2; ++a) {
      result.as_data +=
          right[c][a] / all[c][a] * sizes[static_cast<std::size_t>(c)][static_cast<std::size_t>(a)] / total;
      result.mean += right[c][a] / all[c][a] / 4;
      result.worst = std::min(result.worst, right[c][a] / all[c][a]);
    }
  }
  return result;
}

void compare(std::string_view what, group_sizes const& sizes) {
  constexpr std::uint64_t seeds = 10;
  fmt::print("{}: groups of {}, {}, {} and {} samples\n", what, sizes[0][0], sizes[0][1], sizes[1][0], sizes[1][1]);
  std::vector<accuracies> results[3];
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    auto const data = made_data(sizes, 2 * seed), test = made_data({{{2'000, 2'000}, {2'000, 2'000}}}, 2 * seed + 1);
    evendraw::class_index const classes(data.classes);
    evendraw::crossed_classes const groups(data.classes, data.attributes);
    std::uint64_t const n = data.x.size();
    evendraw::random_sampler const plain(n, {.seed = seed});
    evendraw::inverse_frequency_sampler const by_class(classes, {.seed = seed}),
        by_group(groups.index(), {.seed = seed});
    results[0].push_back(accuracies_of(train(data, plain), test, sizes));
    results[1].push_back(accuracies_of(train(data, by_class), test, sizes));
    results[2].push_back(accuracies_of(train(data, by_group), test, sizes));
  }
  for (std::size_t k = 0; k < 3; ++k) {
    auto const spread = [&](double accuracies::*member) {
      double mean = 0, squares = 0;
      for (auto const& each : results[k]) mean += each.*member / seeds;
      for (auto const& each : results[k]) squares += (each.*member - mean) * (each.*member - mean);
      return fmt::format("{:.3f} ± {:.3f}", mean, std::sqrt(squares / (seeds - 1)));
    };
    constexpr std::string_view names[] = {"plain shuffling", "classes balanced", "groups balanced"};
    fmt::print("  {:<18} worst group {}   mean of groups {}   as in the data {}\n", names[k],
               spread(&accuracies::worst), spread(&accuracies::mean), spread(&accuracies::as_data));
  }
}

}  // namespace

int main() {
  compare("The attribute goes with the class", {{{2'000, 60}, {60, 2'000}}});
  compare("The same, and one class is rare", {{{3'000, 60}, {20, 300}}});
  compare("The attribute has nothing to do with the class", {{{1'000, 1'000}, {1'000, 1'000}}});
  compare("A rare attribute, the same for both classes", {{{2'000, 100}, {2'000, 100}}});
  compare("A group of 2 samples", {{{2'000, 2}, {2'000, 2'000}}});
}
