#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include <support/catch2.hpp>

#include <evendraw/weights/raked_weights.hpp>
#include <evendraw/weights/repeat_factors.hpp>

namespace raked_weights_test {

using evendraw::raked_weights;
using label_sets = std::vector<std::vector<int>>;

namespace {

double uniform(std::uint64_t key, std::uint64_t i) {
  return static_cast<double>(evendraw::random_word(key, i) >> 11) * 0x1p-53;
}

/// n sets of labels. The probability of label k falls from 0.3 for the first to 0.3 / imbalance for the last.
label_sets rare_labels(std::size_t n, int labels, double imbalance, std::uint64_t key = 0) {
  label_sets result(n);
  for (int k = 0; k < labels; ++k) {
    double const p = 0.3 * std::pow(imbalance, -k / (labels - 1.0));
    for (std::size_t i = 0; i < n; ++i) {
      if (uniform(key + static_cast<std::uint64_t>(k), i) < p) result[i].push_back(k);
    }
  }
  return result;
}

std::map<int, double> shares_of(label_sets const& sets, std::vector<double> const& weights) {
  std::map<int, double> result;
  double const total = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (std::size_t i = 0; i < sets.size(); ++i) {
    for (int const k : std::set<int>(sets[i].begin(), sets[i].end())) result[k] += weights[i] / total;
  }
  return result;
}

double least_share(label_sets const& sets, std::vector<double> const& weights) {
  double least = 1;
  for (auto const& [label, share] : shares_of(sets, weights)) least = std::min(least, share);
  return least;
}

/// The relative entropy with respect to equal weights.
double entropy(std::vector<double> const& weights) {
  double const total = std::accumulate(weights.begin(), weights.end(), 0.0);
  double sum = 0;
  for (double const w : weights) {
    if (w > 0) sum += w / total * std::log(w / total * static_cast<double>(weights.size()));
  }
  return sum;
}

}  // namespace

TEST_CASE("Every label reaches its least share, and with repeat factors it would not", "[raked_weights]") {
  auto const sets = rare_labels(18'627, 80, 367);
  auto const fit = raked_weights(sets, {.at_least = 0.02});
  CHECK(fit.met);
  CHECK(fit.sweeps < 50);
  CHECK(least_share(sets, fit.weights) >= 0.02 - 1e-9);
  CHECK(std::fabs(std::accumulate(fit.weights.begin(), fit.weights.end(), 0.0) - 18'627) < 1e-6);
  auto const shares = shares_of(sets, fit.weights);
  REQUIRE(fit.reached.size() == 80);
  double worst = 0;
  for (auto const& each : fit.reached)
    worst = std::max(worst, std::fabs(each.reached - shares.at(std::stoi(each.label))));
  CHECK(worst < 1e-9);
  CHECK(least_share(sets, evendraw::repeat_factors(sets, 0.05)) < 0.01);  // the twin
  CHECK(fit.effective_samples > 1000);
  CHECK(fit.effective_samples < 18'627);
}

TEST_CASE("Raked weights of one label and of two have closed solutions", "[raked_weights]") {
  label_sets const sets{{1}, {1}, {}, {}, {}, {}, {}, {}, {}, {}};
  auto const one = raked_weights(sets, {.at_least = {{1, 0.5}}});
  for (std::size_t i = 0; i < 10; ++i) CHECK(std::fabs(one.weights[i] - (i < 2 ? 2.5 : 0.625)) < 1e-8);
  CHECK(one.most_repeated == one.weights[0]);
  CHECK(std::fabs(one.effective_samples - 100 / (2 * 2.5 * 2.5 + 8 * 0.625 * 0.625)) < 1e-6);
  auto const is_one = [](double weight) { return std::fabs(weight - 1) < 1e-14; };
  CHECK(std::ranges::all_of(raked_weights(sets, {.at_least = {{1, 0.1}}}).weights, is_one));  // the label has more
  auto const fewer = raked_weights(sets, {.exactly = {{1, 0.1}}});
  CHECK(std::fabs(fewer.weights[0] - 0.5) < 1e-8);
  CHECK(std::ranges::all_of(raked_weights(sets, {}).weights, is_one));

  // If labels with targets never share a sample, each group is scaled: 0.2 for 1 sample, 0.3 for 2, the remainder for 7.
  label_sets const apart{{7}, {8}, {8}, {}, {}, {}, {}, {}, {}, {}};
  auto const fit = raked_weights(apart, {.exactly = {{7, 0.2}, {8, 0.3}}});
  CHECK(fit.met);
  CHECK(std::fabs(fit.weights[0] - 2) < 1e-7);
  CHECK(std::fabs(fit.weights[1] - 1.5) < 1e-7);
  CHECK(std::fabs(fit.weights[9] - 5.0 / 7) < 1e-7);
}

TEST_CASE("No other weights that meet the targets are closer to equal ones", "[raked_weights]") {
  auto const sets = rare_labels(60, 6, 6, 100);
  auto const fit = raked_weights(sets, {.at_least = 0.25, .exactly = {{0, 0.3}}});
  REQUIRE(fit.met);
  double const least = entropy(fit.weights);
  int nearer = 0, feasible = 0;
  for (std::uint64_t seed = 0; seed < 3'000; ++seed) {
    // A step from the solution: four samples change their weights by up to 10 %.
    auto other = fit.weights;
    for (int step = 0; step < 4; ++step) {
      std::size_t const i = evendraw::random_word(seed, 8 * static_cast<unsigned>(step)) % 60;
      other[i] *= 0.9 + 0.2 * uniform(seed, 99 + static_cast<unsigned>(step));
    }
    for (int fix = 0; fix < 50; ++fix) {  // back to the exact target of label 0
      double const share = shares_of(sets, other)[0];
      for (std::size_t i = 0; i < 60; ++i) {
        if (std::ranges::count(sets[i], 0) > 0) other[i] *= 0.3 * (1 - share) / (share * 0.7);
      }
    }
    auto const shares = shares_of(sets, other);
    bool const meets = std::ranges::all_of(shares, [](auto const& each) { return each.second >= 0.25 - 1e-9; });
    feasible += meets;
    nearer += meets && entropy(other) < least - 1e-9;
  }
  CHECK(feasible > 50);
  CHECK(nearer == 0);
}

TEST_CASE("A label that another one raises gets no more than it needs", "[raked_weights]") {
  label_sets sets(100);  // label 1 occurs with label 0 only, so that its target alone raises label 0 to 0.39
  for (std::size_t i = 0; i < 20; ++i) sets[i] = i < 10 ? std::vector{0} : std::vector{0, 1};
  auto const fit = raked_weights(sets, {.at_least = {{0, 0.4}, {1, 0.3}}});
  CHECK(fit.met);
  CHECK(std::fabs(shares_of(sets, fit.weights)[0] - 0.4) < 1e-8);
  CHECK(std::fabs(entropy(fit.weights) - (0.1 * std::log(0.1 / 0.1) + 0.3 * std::log(3.0) + 0.6 * std::log(0.75))) <
        1e-8);

  // The nearest weights with at least these shares have exactly these shares for some of the labels, and are the
  // nearest for those alone.
  int checked = 0, wrong = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    auto const made = rare_labels(40, 3, 4, 1000 * seed);
    if (shares_of(made, std::vector(40, 1.0)).size() < 3) continue;  // a label that does not occur
    std::map<int, double> least;
    for (int k = 0; k < 3; ++k) least[k] = 0.15 + 0.3 * uniform(seed, static_cast<std::uint64_t>(k));
    auto const found = raked_weights(made, {.at_least = least});
    double best = 1e9;
    for (unsigned chosen = 0; chosen < 8; ++chosen) {
      std::map<int, double> exact;
      for (int k = 0; k < 3; ++k) {
        if (chosen >> k & 1) exact[k] = least[k];
      }
      auto const other = raked_weights(made, {.exactly = exact});
      auto shares = shares_of(made, other.weights);
      bool enough = other.met;
      for (int k = 0; k < 3; ++k) enough = enough && shares[k] >= least[k] - 1e-7;
      if (enough) best = std::min(best, entropy(other.weights));
    }
    if (!found.met || best == 1e9) continue;
    ++checked;
    wrong += std::fabs(entropy(found.weights) - best) > 1e-6;
  }
  CHECK(checked > 40);
  CHECK(wrong == 0);
}

TEST_CASE("max_repeats and contradictory targets of labels are reported", "[raked_weights]") {
  auto const sets = rare_labels(5'000, 30, 100);
  auto const free = raked_weights(sets, {.at_least = 0.05});
  REQUIRE(free.met);
  REQUIRE(free.most_repeated > 12);
  auto const capped = raked_weights(sets, {.at_least = 0.05, .max_repeats = 12});
  CHECK(capped.most_repeated <= 12 * (1 + 1e-9));
  CHECK_FALSE(capped.met);
  CHECK(capped.report().find("is short by") != std::string::npos);
  auto const loose = raked_weights(sets, {.at_least = 0.05, .max_repeats = free.most_repeated * 2});
  CHECK(loose.met);
  double farthest = 0;
  for (std::size_t i = 0; i < sets.size(); ++i)
    farthest = std::max(farthest, std::fabs(loose.weights[i] - free.weights[i]));
  CHECK(farthest < 1e-5);
  auto const bound = raked_weights(sets, {.at_least = 0.03, .max_repeats = 12});
  CHECK(bound.met);
  CHECK(bound.most_repeated <= 12 * (1 + 1e-9));

  label_sets single;
  for (int k = 0; k < 10; ++k) single.insert(single.end(), 3, {k});
  auto const too_much = raked_weights(single, {.at_least = 0.2});  // ten targets of 0.2 sum to 2
  CHECK_FALSE(too_much.met);
  CHECK(std::ranges::all_of(too_much.weights, [](double w) { return w > 0 && w < 1e6; }));
  label_sets const always{{1, 2}, {1}, {1, 2}, {1}};
  auto const every = raked_weights(always, {.at_least = {{2, 0.7}}, .exactly = {{1, 0.5}}});
  CHECK_FALSE(every.met);
  CHECK(every.reached[0].reached == 1);
}

TEST_CASE("Raked weights take sets of all kinds, and refuse bad targets", "[raked_weights]") {
  std::vector<std::set<std::string>> const texts{{"cat", "dog"}, {"dog"}, {}, {"dog"}};
  auto const fit = raked_weights(texts, {.at_least = {{"cat", 0.4}}});
  CHECK(fit.reached[0].label == "cat");
  CHECK(fit.reached[0].in_data == 0.25);
  CHECK_FALSE(fit.reached[1].target);
  CHECK(std::fabs(fit.weights[0] - 1.6) < 1e-8);
  CHECK(raked_weights(label_sets{{3, 3}, {}}, {.at_least = 0.6}).reached[0].in_data == 0.5);
  std::string const context = "evendraw::raked_weights: ";
  CHECK_THROWS_WITH(raked_weights(texts, {.at_least = {{"eel", 0.1}}}),
                    context + "at_least names 'eel', which no sample has; name labels that occur");
  CHECK_THROWS_WITH(raked_weights(texts, {.exactly = {{"cat", 0.1}, {"cat", 0.2}}}),
                    context + "exactly names 'cat' twice; name it once");
  CHECK_THROWS_WITH(raked_weights(texts, {.at_least = 1}), Catch::Contains("at_least gives 'cat' the share 1"));
  CHECK_THROWS_WITH(raked_weights(texts, {.exactly = {{"cat", 0}}}), Catch::Contains("must be in (0, 1)"));
  CHECK_THROWS_WITH(raked_weights(texts, {.at_least = NAN}), Catch::Contains("the share nan"));
  CHECK_THROWS_WITH(raked_weights(label_sets{}, {.at_least = 0.1}),
                    context + "no samples; give the labels of at least one");
  CHECK_THROWS_WITH(raked_weights(texts, {.max_repeats = -1}), Catch::Contains("max_repeats is -1"));
  CHECK_THROWS_WITH(raked_weights(texts, {.max_sweeps = 0}), context + "max_sweeps is 0; it must be at least 1");
  std::string const no_meaning = " is equal(), which has no meaning for labels that a sample may have together; ";
  CHECK_THROWS_WITH(raked_weights(texts, {.at_least = evendraw::equal()}),
                    Catch::Contains(context + "at_least" + no_meaning));
  CHECK_THROWS_WITH(raked_weights(texts, {.exactly = evendraw::equal()}),
                    Catch::Contains(context + "exactly" + no_meaning));
  CHECK(raked_weights(label_sets{{1}, {2}, {1}}, {.exactly = {{2, 0.5}}, .max_sweeps = 1}).sweeps == 1);
  CHECK(raked_weights(label_sets{{}, {}}, {.at_least = 0.1}).met);  // no label and no target
}

TEST_CASE("Raked weights are the same on every platform", "[raked_weights][golden]") {
  auto const fit = raked_weights(rare_labels(500, 12, 40), {.at_least = 0.05, .exactly = {{1, 0.2}}, .max_repeats = 9});
  std::uint64_t bits = 0;
  for (double const weight : fit.weights) bits = evendraw::mix64(bits + std::bit_cast<std::uint64_t>(weight));
  CHECK(fit.sweeps == 8);
  CHECK(bits == 0x83953ef89bd6d60bu);
}

}  // namespace raked_weights_test
