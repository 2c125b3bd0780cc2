#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include <support/catch2.hpp>
#include <support/sampling.hpp>

#include <evendraw/classes/crossed_classes.hpp>
#include <evendraw/samplers/stratified_batch_sampler.hpp>
#include <evendraw/weights/epoch_quotas.hpp>
#include <evendraw/weights/raked_shares.hpp>

namespace raked_shares_test {

using evendraw::class_index;
using evendraw::crossed_classes;
using evendraw::equal;
using evendraw::raked_shares;

namespace {

struct two_attributes {
  std::vector<std::string> first;
  std::vector<int> second;
};

/// counts[a][b] samples with the values "a" + a and b.
two_attributes data_of(std::vector<std::vector<int>> const& counts) {
  two_attributes result;
  for (std::size_t a = 0; a < counts.size(); ++a) {
    for (std::size_t b = 0; b < counts[a].size(); ++b) {
      for (int i = 0; i < counts[a][b]; ++i) {
        result.first.push_back(std::string("a") + std::to_string(a));
        result.second.push_back(static_cast<int>(b));
      }
    }
  }
  return result;
}

crossed_classes<> cells_of(std::vector<std::vector<int>> const& counts) {
  auto const data = data_of(counts);
  return crossed_classes(data.first, data.second);
}

/// The relative entropy of the shares with respect to the natural ones.
double entropy(std::vector<double> const& shares, crossed_classes<> const& cells) {
  double sum = 0;
  for (std::size_t c = 0; c < shares.size(); ++c) {
    double const natural =
        static_cast<double>(cells.index().counts()[c]) / static_cast<double>(cells.index().num_samples());
    if (shares[c] > 0) sum += shares[c] * std::log(shares[c] / natural);
  }
  return sum;
}

std::vector<double> marginal(crossed_classes<> const& cells, std::size_t a, std::vector<double> const& shares) {
  return cells.marginal<double>(a, shares);
}

double farthest(std::vector<double> const& a, std::vector<double> const& b) {
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i) most = std::max(most, std::fabs(a[i] - b[i]));
  return most;
}

}  // namespace

TEST_CASE("Crossed classes are the combinations that occur, in order", "[crossed_classes]") {
  std::vector<std::string> const diagnosis{"nevus", "melanoma", "nevus", "nevus", "melanoma"};
  std::vector<int> const scanner{10, 9, 9, 10, 9};
  crossed_classes const cells(diagnosis, scanner);
  CHECK(cells.index().labels() == std::vector<std::string>{"melanoma, 9", "nevus, 9", "nevus, 10"});
  CHECK(cells.index().sample_classes() == std::vector<std::uint32_t>{2, 0, 1, 2, 0});
  CHECK(cells.num_attributes() == 2);
  CHECK(cells.values(0) == std::vector<std::string>{"melanoma", "nevus"});
  CHECK(cells.values(1) == std::vector<std::string>{"9", "10"});
  CHECK(cells.values_of_cells(0) == std::vector<std::uint32_t>{0, 1, 1});
  CHECK(cells.values_of_cells(1) == std::vector<std::uint32_t>{0, 0, 1});
  CHECK(cells.marginal<std::uint64_t>(1, cells.index().counts()) == std::vector<std::uint64_t>{3, 2});
  std::vector<double> const too_few(cells.index().num_classes() - 1, 1.0), too_many(too_few.size() + 2, 1.0);
  CHECK_THROWS_WITH(cells.marginal<double>(0, too_few), Catch::Contains("cells; give one for each"));
  CHECK_THROWS_AS(cells.marginal<double>(0, too_many), std::invalid_argument);
  std::vector<double> const fitting(cells.index().num_classes(), 1.0);
  CHECK_THROWS_AS(cells.marginal<double>(2, fitting), std::out_of_range);
  std::string const context = "evendraw::crossed_classes: attribute number ";
  CHECK_THROWS_WITH(cells.marginal<double>(7, fitting), context + "7; there are 2 attributes, numbered from 0");
  CHECK_THROWS_WITH(cells.values(2), context + "2; there are 2 attributes, numbered from 0");
  CHECK_THROWS_AS(cells.values(2), std::out_of_range);
  CHECK_THROWS_WITH(cells.values_of_cells(3), context + "3; there are 2 attributes, numbered from 0");
  CHECK_THROWS_AS(cells.values_of_cells(3), std::out_of_range);

  std::vector<bool> const flip{true, false, true, false, false};
  crossed_classes const three(diagnosis, scanner, flip);
  CHECK(three.index().labels() ==
        std::vector<std::string>{"melanoma, 9, false", "nevus, 9, true", "nevus, 10, false", "nevus, 10, true"});
  CHECK(three.index().sample_classes() == std::vector<std::uint32_t>{3, 0, 1, 2, 0});
  CHECK(three.values_of_cells(2) == std::vector<std::uint32_t>{0, 1, 0, 1});

  std::vector<std::uint32_t> const part{0, 2, 4};
  crossed_classes const some(class_index(diagnosis, part), class_index(scanner, part));
  CHECK(some.index().num_samples() == 3);
  CHECK(some.index().index_bound() == 5);
  CHECK(some.index().members(some.index().class_of("nevus, 10"))[0] == 0);
  crossed_classes<std::uint64_t> const wide(diagnosis, scanner);
  CHECK(wide.index().num_classes() == 3);
}

TEST_CASE("Crossed classes of many random samples equal a map of pairs", "[crossed_classes]") {
  std::vector<int> a, b;
  std::map<std::pair<int, int>, std::uint64_t> counts;
  for (std::uint64_t i = 0; i < 5000; ++i) {
    a.push_back(static_cast<int>(evendraw::random_word(1, i) % 30));
    b.push_back(static_cast<int>(evendraw::random_word(2, i) % 20) * a.back() % 17);
    ++counts[{a.back(), b.back()}];
  }
  crossed_classes const cells(a, b);
  REQUIRE(cells.index().num_classes() == counts.size());
  std::size_t c = 0;
  int wrong = 0;
  for (auto const& [pair, count] : counts) {
    wrong += cells.index().counts()[c] != count;
    wrong += cells.index().labels()[c] != std::to_string(pair.first) + ", " + std::to_string(pair.second);
    for (auto const i : cells.index().members(c)) wrong += a[i] != pair.first || b[i] != pair.second;
    ++c;
  }
  CHECK(wrong == 0);
}

TEST_CASE("Crossed classes refuse attributes that do not fit", "[crossed_classes]") {
  std::vector<int> const two{1, 2}, three{1, 2, 3};
  CHECK_THROWS_WITH(crossed_classes(two, three),
                    "evendraw::crossed_classes: attribute 0 has 2 labels and attribute 1 has 3; give each "
                    "attribute one label per sample");
  CHECK_THROWS_WITH(crossed_classes(class_index(three, std::vector{0, 1}), class_index(three)),
                    "evendraw::crossed_classes: sample 2 is in the subset of attribute 1, but not in that of attribute "
                    "0; index the same samples by all attributes");
  std::vector<std::string> const left{"a, b", "a"}, right{"c", "b, c"};
  CHECK_THROWS_WITH(crossed_classes(left, right), Catch::Contains("'a, b, c' is declared twice"));
}

TEST_CASE("Raking solves two by two tables", "[raked_shares]") {
  // With natural shares q and cross ratio r = q00 q11 / (q01 q10), equal marginals give x00 = x11 = s / (2 + 2 s) with
  // s = sqrt(r), since raking keeps the cross ratio.
  for (auto const& counts : std::vector<std::vector<std::vector<int>>>{
           {{20, 300}, {100, 80}}, {{1, 1}, {1, 1}}, {{1, 99}, {99, 1}}, {{500, 3}, {2, 7}}}) {
    auto const cells = cells_of(counts);
    auto const fit = raked_shares(cells, equal(), equal());
    double const s = std::sqrt(static_cast<double>(counts[0][0]) * counts[1][1] /
                               (static_cast<double>(counts[0][1]) * counts[1][0]));
    CHECK(fit.met);
    CHECK(farthest(fit.shares, {s / (2 + 2 * s), 1 / (2 + 2 * s), 1 / (2 + 2 * s), s / (2 + 2 * s)}) < 1e-8);
  }
  // Independent attributes stay independent: the shares are products of the targets.
  auto const cells = cells_of({{40, 20}, {20, 10}, {60, 30}});
  auto const fit = raked_shares(cells, {{"a0", 0.5}, {"a1", 0.2}, {"a2", 0.3}}, {{0, 0.1}, {1, 0.9}});
  CHECK(farthest(fit.shares, {0.05, 0.45, 0.02, 0.18, 0.03, 0.27}) < 1e-12);
  CHECK(farthest(fit.weights, {0.225, 4.05, 0.18, 3.24, 0.09, 1.62}) < 1e-12);  // 180 share / samples of the cell
  CHECK(fit.sweeps <= 2);
  std::map<std::string, double> const by_name{{"a0", 5}, {"a1", 2}, {"a2", 3}};  // the targets are divided by their sum
  CHECK(farthest(raked_shares(cells, by_name, {{0, 1}, {1, 9}}).shares, fit.shares) < 1e-15);
  CHECK(farthest(raked_shares(cells, {}, {}).shares,
                 {40 / 180., 20 / 180., 20 / 180., 10 / 180., 60 / 180., 30 / 180.}) < 1e-15);
}

TEST_CASE("No other shares with the same sums are closer to the data", "[raked_shares]") {
  std::vector<std::vector<int>> const counts{{50, 3, 0}, {4, 90, 10}, {7, 0, 300}, {2, 8, 1}};
  auto const cells = cells_of(counts);
  evendraw::share_targets const first{{"a0", 0.4}, {"a1", 0.2}, {"a2", 0.2}, {"a3", 0.2}};
  auto const fit = raked_shares(cells, first, equal());
  REQUIRE(fit.met);
  CHECK(farthest(marginal(cells, 0, fit.shares), {0.4, 0.2, 0.2, 0.2}) <= 1e-9);
  CHECK(farthest(marginal(cells, 1, fit.shares), {1 / 3., 1 / 3., 1 / 3.}) <= 1e-9);
  double const least = entropy(fit.shares, cells);
  int nearer = 0, feasible = 0;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    // Raking from other counts of the same cells gives another feasible table.
    auto other_counts = counts;
    for (std::size_t a = 0; a < 4; ++a) {
      for (std::size_t b = 0; b < 3; ++b) {
        if (counts[a][b] > 0) {
          other_counts[a][b] =
              1 + static_cast<int>(evendraw::random_word(seed, a * 3 + b) % (seed % 2 == 0 ? 10 : 200));
        }
      }
    }
    auto const other = raked_shares(cells_of(other_counts), first, equal());
    feasible += other.met;
    nearer += entropy(other.shares, cells) < least - 1e-7;
  }
  CHECK(feasible > 1900);
  CHECK(nearer == 0);
  // The twin: the product of the targets, divided among the cells that occur, misses the targets.
  std::vector<double> product;
  for (std::size_t c = 0; c < cells.index().num_classes(); ++c)
    product.push_back(cells.values_of_cells(0)[c] == 0 ? 0.4 : 0.2);
  double const sum = std::accumulate(product.begin(), product.end(), 0.0);
  for (double& each : product) each /= sum;
  CHECK(farthest(marginal(cells, 1, product), {1 / 3., 1 / 3., 1 / 3.}) > 0.01);
}

TEST_CASE("max_repeats is respected, and the shares are the best within it", "[raked_shares]") {
  auto const cells = cells_of({{20, 300}, {100, 80}, {0, 7}});
  auto const free = raked_shares(cells, equal(), {{0, 0.5}, {1, 0.5}});
  CHECK(free.met);
  CHECK(free.most_repeated > 24);
  auto const capped = raked_shares(cells, equal(), {{0, 0.5}, {1, 0.5}}, {.max_repeats = 4});
  CHECK_FALSE(capped.met);
  CHECK(capped.most_repeated <= 4 * (1 + 1e-12));
  CHECK(capped.report().find("'a2' is short by 0.278107") != std::string::npos);
  // Here the cap matters, but the targets can be met: no shares within the cap and with the same sums are closer.
  std::vector<std::vector<int>> const counts{{50, 30, 9}, {40, 90, 10}, {7, 20, 300}};
  auto const square = cells_of(counts);
  double const most = raked_shares(square, equal(), equal()).most_repeated * 0.93;
  auto const bound = raked_shares(square, equal(), equal(), {.max_repeats = most});
  REQUIRE(bound.met);
  CHECK(std::fabs(bound.most_repeated - most) < 1e-9 * most);
  double const least = entropy(bound.shares, square);
  CHECK(least > entropy(raked_shares(square, equal(), equal()).shares, square) + 1e-6);
  int nearer = 0, within = 0;
  for (std::uint64_t seed = 0; seed < 10'000; ++seed) {
    auto other_counts = counts;
    for (std::size_t a = 0; a < 3; ++a) {
      for (std::size_t b = 0; b < 3; ++b) {
        auto const most_of_cell = 2 * static_cast<std::uint64_t>(counts[a][b]);
        other_counts[a][b] = 1 + static_cast<int>(evendraw::random_word(seed, 3 * a + b) % most_of_cell);
      }
    }
    auto const other = raked_shares(cells_of(other_counts), equal(), equal());
    double repeats = 0;
    for (std::size_t c = 0; c < 9; ++c) {
      repeats = std::max(repeats, other.shares[c] * static_cast<double>(square.index().num_samples()) /
                                      static_cast<double>(square.index().counts()[c]));
    }
    if (repeats > most || !other.met) continue;
    ++within;
    nearer += entropy(other.shares, square) < least - 1e-7;
  }
  CHECK(within > 30);
  CHECK(nearer == 0);
}

TEST_CASE("max_repeats holds although contradictory targets bring cells close to 0", "[raked_shares]") {
  auto const cells = cells_of({{4, 1, 18}, {1, 3, 7}, {0, 0, 4}, {5, 1, 13}});
  auto const fit = raked_shares(cells, {{"a0", 0.4}, {"a1", 21}, {"a2", 0.6}, {"a3", 1}}, {{0, 49}, {1, 76}, {2, 1e-9}},
                                {.max_repeats = 2, .max_sweeps = 78});
  CHECK_FALSE(fit.met);
  CHECK(fit.most_repeated <= 2 + 1e-6);
}

TEST_CASE("Targets that cannot be met are reported with the shares that are reached", "[raked_shares]") {
  // a1 occurs only with 1, so 1 has at least the share of a1.
  auto const cells = cells_of({{50, 50}, {0, 100}});
  auto const fit = raked_shares(cells, {{"a0", 0.3}, {"a1", 0.7}}, {{0, 0.6}, {1, 0.4}});
  CHECK_FALSE(fit.met);
  CHECK(fit.report().find("not met") != std::string::npos);
  CHECK(fit.report().find("contradict") != std::string::npos);
  REQUIRE(fit.reached.size() == 4);
  auto const first = marginal(cells, 0, fit.shares), second = marginal(cells, 1, fit.shares);
  CHECK(farthest({fit.reached[0].reached, fit.reached[1].reached}, first) < 1e-12);
  CHECK(farthest({fit.reached[2].reached, fit.reached[3].reached}, second) < 1e-12);
  CHECK(fit.reached[2].label == "0");
  CHECK(fit.reached[2].attribute == 1);
  CHECK(fit.reached[2].in_data == 0.25);
  CHECK(fit.reached[2].target == 0.6);
  CHECK_FALSE(fit.reached[0].met);
  CHECK(std::fabs(std::accumulate(fit.shares.begin(), fit.shares.end(), 0.0) - 1) < 1e-12);

  auto const one = cells_of({{5}});
  CHECK(raked_shares(one, equal(), equal()).shares == std::vector<double>{1});
  auto const left_out = raked_shares(cells, {{"a0", 1}, {"a1", 0}}, equal());
  CHECK(left_out.met);
  CHECK(farthest(left_out.shares, {0.5, 0.5, 0}) < 1e-12);
}

TEST_CASE("Raking refuses what it cannot do", "[raked_shares]") {
  auto const cells = cells_of({{5, 2}, {3, 0}});
  std::string const context = "evendraw::raked_shares: the targets of attribute ";
  CHECK_THROWS_WITH(raked_shares(cells, {{"a0", 1}, {"a7", 1}}, equal()),
                    context + "0 name 'a7', which no sample has; name values that occur");
  CHECK_THROWS_WITH(raked_shares(cells, equal(), {{0, 1}}),
                    context + "1 do not name '1' (2 samples); give it a share (0 leaves it out)");
  CHECK_THROWS_WITH(raked_shares(cells, {{"a0", 1}, {"a1", 1}, {"a0", 2}}, equal()),
                    context + "0 name 'a0' twice; name it once");
  CHECK_THROWS_WITH(raked_shares(cells, {{"a0", -1}, {"a1", 1}}, equal()),
                    context + "0 give 'a0' the share -1; it must be finite and >= 0");
  CHECK_THROWS_WITH(raked_shares(cells, {{"a0", NAN}, {"a1", 1}}, equal()), Catch::Contains("the share nan"));
  CHECK_THROWS_WITH(raked_shares(cells, {{"a0", 0}, {"a1", 0}}, equal()), context + "0 are all 0; one must be > 0");
  CHECK_THROWS_WITH(raked_shares(cells, {{"a0", 0}, {"a1", 1}}, {{0, 0}, {1, 1}}),
                    Catch::Contains("leave every cell out"));
  CHECK_THROWS_WITH(raked_shares(cells, std::vector<evendraw::share_targets>{equal()}),
                    Catch::Contains("targets for 1 attribute, and the cells have 2"));
  CHECK_THROWS_WITH(raked_shares(cells, equal(), equal(), {.max_repeats = 0.5}), Catch::Contains("max_repeats is 0.5"));
  CHECK_THROWS_WITH(raked_shares(cells, {}, {{0, 0}, {1, 1}}, {.max_repeats = 4}),
                    "evendraw::raked_shares: max_repeats is 4, but the shares of 0 leave out so much that the other "
                    "samples are drawn 5 times on average; raise max_repeats, or give more values a share");
  CHECK(std::fabs(raked_shares(cells, {}, {{0, 0}, {1, 1}}, {.max_repeats = 5}).most_repeated - 5) < 1e-9);
  CHECK_NOTHROW(raked_shares(cells, {}, {}, {.max_repeats = 1}));
  CHECK_THROWS_WITH(raked_shares(cells, equal(), equal(), {.tolerance = 0}), Catch::Contains("tolerance is 0"));
  CHECK_THROWS_WITH(raked_shares(cells, equal(), equal(), {.max_sweeps = 0}),
                    "evendraw::raked_shares: max_sweeps is 0; it must be at least 1");
  for (double const number : {0.3, 0.0, -1.0, 1.0, 7.0}) {
    CHECK_THROWS_WITH(raked_shares(cells, number, equal()), Catch::Contains("0 are the number "));
    CHECK_THROWS_WITH(raked_shares(cells, equal(), number), Catch::Contains("1 are the number "));
  }
  CHECK_THROWS_WITH(raked_shares(cells, NAN, equal()),
                    context + "0 are the number nan; give equal(), or a list of values and shares");
}

TEST_CASE("A report says that max_sweeps ended the search", "[raked_shares]") {
  auto const cells = cells_of({{20, 300}, {100, 80}});
  auto const enough = raked_shares(cells, equal(), equal());
  CHECK(enough.met);
  CHECK_FALSE(enough.ended_early);
  CHECK(raked_shares(cells, equal(), equal(), {.max_sweeps = enough.sweeps}).met);
  CHECK_FALSE(raked_shares(cells, equal(), equal(), {.max_sweeps = enough.sweeps}).ended_early);
  CHECK(raked_shares(cells, equal(), equal(), {.max_sweeps = enough.sweeps - 1}).ended_early);
  auto const one = raked_shares(cells, equal(), equal(), {.max_sweeps = 1});
  CHECK_FALSE(one.met);
  CHECK(one.ended_early);
  CHECK_THAT(one.report(), Catch::Contains("\nafter 1 sweep 'a0' is "));
  CHECK_THAT(one.report(), Catch::Contains("; max_sweeps ended the search, so raise it\n"));
  CHECK_THAT(one.report(), !Catch::Contains("contradict"));
  CHECK_THAT(raked_shares(cells, equal(), {}, {.max_sweeps = 1}).report(),
             Catch::Contains("all targets are met after 1 sweep\n"));
}

TEST_CASE("Stratified batches take raked shares", "[raked_shares]") {
  auto const cells = cells_of({{20, 300}, {100, 80}});
  auto const fit = raked_shares(cells, equal(), equal());
  evendraw::stratified_batch_sampler const batches(cells.index(), fit.shares, {.batch_size = 64, .seed = 1});
  int wrong = 0;
  std::vector<std::uint64_t> of_second(2);
  for (auto const batch : batches.epoch(0)) {
    std::vector<std::uint64_t> of_first(2);
    for (auto const i : batch) {
      ++of_first[i < 320 ? 0 : 1];
      ++of_second[i < 20 || (i >= 320 && i < 420) ? 0 : 1];
    }
    wrong +=
        of_first[0] < 31 || of_first[0] > 33;  // the cells are sorted by class, so a class has one border between cells
  }
  CHECK(wrong == 0);
  double const half = static_cast<double>(of_second[0] + of_second[1]) / 2;
  CHECK(std::fabs(static_cast<double>(of_second[0]) - half) <= 4);
}

TEST_CASE("Epoch quotas are exact for two attributes at once", "[epoch_quotas]") {
  int wrong = 0, twin_wrong = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    std::vector<std::vector<int>> counts(2 + seed % 5, std::vector<int>(2 + seed % 4));
    for (std::size_t a = 0; a < counts.size(); ++a) {
      for (std::size_t b = 0; b < counts[a].size(); ++b) {
        counts[a][b] = static_cast<int>(evendraw::random_word(seed, 10 * a + b) % 9);
      }
      counts[a][a % counts[a].size()] += 1;
    }
    for (std::size_t b = 0; b < counts[0].size(); ++b) counts[0][b] += 1;
    auto const cells = cells_of(counts);
    std::vector<double> shares;
    for (std::size_t c = 0; c < cells.index().num_classes(); ++c) {
      shares.push_back(static_cast<double>(1 + evendraw::random_word(seed, 1000 + c) % 1000));
    }
    double const total = std::accumulate(shares.begin(), shares.end(), 0.0);
    std::uint64_t const size = 1 + evendraw::random_word(seed, 5) % 500;
    auto const is_exact = [&](std::vector<std::uint64_t> const& quotas) {
      auto const near = [](double number, double ideal) {
        return number >= std::floor(ideal - 1e-9) && number <= std::ceil(ideal + 1e-9);
      };
      bool exact = std::accumulate(quotas.begin(), quotas.end(), std::uint64_t{0}) == size;
      std::vector<double> wide(quotas.begin(), quotas.end());
      double const scale = static_cast<double>(size) / total;
      for (std::size_t c = 0; c < quotas.size(); ++c) exact = exact && near(wide[c], shares[c] * scale);
      for (std::size_t a = 0; a < 2; ++a) {
        auto const got = marginal(cells, a, wide), ideal = marginal(cells, a, shares);
        for (std::size_t v = 0; v < got.size(); ++v) exact = exact && near(got[v], ideal[v] * scale);
      }
      return exact;
    };
    std::vector<std::uint64_t> quotas, nearest;
    for (auto const& [label, quota] : evendraw::epoch_quotas(cells, shares, size, {.seed = seed}))
      quotas.push_back(quota);
    wrong += !is_exact(quotas);
    for (double const share : shares) {  // the twin: every cell to the nearest number
      nearest.push_back(static_cast<std::uint64_t>(std::lround(share / total * static_cast<double>(size))));
    }
    twin_wrong += !is_exact(nearest);
  }
  CHECK(wrong == 0);
  CHECK(twin_wrong > 200);
  auto const cells = cells_of({{5, 2}, {3, 1}});
  CHECK_THROWS_WITH(evendraw::epoch_quotas(cells, std::vector{1.0, 1.0}, 10),
                    Catch::Contains("2 shares for 4 classes"));
  CHECK_THROWS_AS(evendraw::epoch_quotas(cells, std::vector{1, 1, 1, 1}, 0), std::invalid_argument);
}

TEST_CASE("Raked shares are the same on every platform", "[raked_shares][golden]") {
  auto const fit = raked_shares(cells_of({{20, 300, 1}, {100, 80, 4}, {0, 7, 30}}), equal(),
                                {{0, 0.2}, {1, 0.5}, {2, 0.3}}, {.max_repeats = 11});
  std::uint64_t bits = 0;
  for (double const share : fit.shares) bits = evendraw::mix64(bits + std::bit_cast<std::uint64_t>(share));
  CHECK(fit.sweeps == 63);
  CHECK(bits == 0x37dec8927cd4462cu);
}

}  // namespace raked_shares_test
