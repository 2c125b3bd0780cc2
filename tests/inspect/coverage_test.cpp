#include <evendraw/classes/class_index.hpp>
#include <evendraw/inspect/coverage.hpp>
#include <evendraw/inspect/simulated_coverage.hpp>
#include <evendraw/samplers/balanced_epoch_sampler.hpp>
#include <evendraw/samplers/inverse_frequency_sampler.hpp>
#include <evendraw/samplers/multinomial_sampler.hpp>
#include <evendraw/samplers/random_sampler.hpp>
#include <evendraw/samplers/sequential_sampler.hpp>
#include <evendraw/samplers/target_proportion_sampler.hpp>
#include <support/catch2.hpp>
#include <support/message_of.hpp>
#include <support/sampling.hpp>
#include <support/statistics.hpp>

#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

namespace coverage_test {

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using numbers = std::vector<std::uint64_t>;

namespace {

/// The probability that one of a + b samples is unseen after `draws` draws. It follows the numbers of seen samples from
/// draw to draw. The b samples have the probability q each, the others p.
double unseen_by_steps(std::size_t a, double p, std::size_t b, double q, int draws) {
  using table = std::vector<std::vector<double>>;
  table now(a + 1, std::vector<double>(b + 1));
  now[0][0] = 1;
  for (int draw = 0; draw < draws; ++draw) {
    table next(a + 1, std::vector<double>(b + 1));
    for (std::size_t i = 0; i <= a; ++i) {
      for (std::size_t j = 0; j <= b; ++j) {
        double const new_a = p * static_cast<double>(a - i), new_b = q * static_cast<double>(b - j);
        if (i < a) next[i + 1][j] += now[i][j] * new_a;
        if (j < b) next[i][j + 1] += now[i][j] * new_b;
        next[i][j] += now[i][j] * (1 - new_a - new_b);
      }
    }
    now = next;
  }
  return 1 - now[a][b];
}

/// A wrong twin: it takes the numbers of draws of samples for independent.
double unseen_if_independent(numbers const& n, std::vector<double> const& shares, double draws) {
  double seen = 1;
  for (std::size_t c = 0; c < n.size(); ++c) {
    auto const size = static_cast<double>(n[c]);
    seen *= std::pow(1 - std::exp(-draws * shares[c] / size), size);
  }
  return 1 - seen;
}

/// The p-value of simulated numbers of epochs against the law. Each cell expects ten runs or more.
double p_of(std::vector<std::uint64_t> const& simulated, evendraw::coverage_time const& law) {
  std::vector<std::uint64_t> seen;
  std::vector<double> probability;
  double below = 0;
  std::uint64_t counted = 0;
  for (std::uint64_t e = 1; below < 1; ++e) {
    bool const last = law.probability_unseen(e) * static_cast<double>(simulated.size()) < 10;
    double const until = last ? 1 : law.probability(e);
    if ((until - below) * static_cast<double>(simulated.size()) < 10) continue;
    auto const within =
        last ? simulated.size()
             : static_cast<std::uint64_t>(std::ranges::count_if(simulated, [&](auto n) { return n <= e; }));
    seen.push_back(within - counted);
    probability.push_back(until - below);
    counted = within;
    below = until;
  }
  return statistics::chi_squared_p(seen, probability);
}

}  // namespace

TEST_CASE("expected_unique_samples of hand-computed cases", "[coverage]") {
  // p = 1/4, 1/4, 1/2: 2 (1 - (3/4)^2) and 1 - (1/2)^2
  auto const two = evendraw::expected_unique_samples({2, 1}, {1, 1}, 2);
  REQUIRE(two.size() == 2);
  CHECK_THAT(two[0], WithinRel(0.875, 1e-15));
  CHECK_THAT(two[1], WithinRel(0.75, 1e-15));
  CHECK(evendraw::expected_unique_samples({2, 1}, {1, 1}, 0) == std::vector<double>{0, 0});
  CHECK(evendraw::expected_unique_samples({1}, {1}, 1) == std::vector<double>{1});
  CHECK(evendraw::expected_unique_samples({1}, {1}, 0) == std::vector<double>{0});
  CHECK(evendraw::expected_unique_samples({5, 3, 0}, {0, 2, 0}, 1) == std::vector<double>{0, 1, 0});
}

TEST_CASE("expected_unique_samples stays right for huge classes and tiny shares", "[coverage]") {
  std::uint64_t const billion = 1'000'000'000;
  CHECK_THAT(evendraw::expected_unique_samples({billion}, {1}, 1)[0], WithinRel(1.0, 1e-15));
  CHECK_THAT(evendraw::expected_unique_samples({billion}, {1}, billion)[0],
             WithinRel(1e9 * (1 - std::exp(-1.0 - 0.5e-9)), 1e-14));
  // 1 - (1 - p)^k in doubles would be 0 here: 1 - p is 1.
  CHECK_THAT(evendraw::expected_unique_samples({billion * billion}, {1}, 5)[0], WithinRel(5.0, 1e-15));
  CHECK_THAT(evendraw::expected_unique_samples({7, 1}, {1, 1e-30}, 100)[1], WithinRel(1e-28, 1e-14));
}

TEST_CASE("expected_unique_samples by sample weights equals the mean over all sequences of draws", "[coverage]") {
  evendraw::class_index const classes(std::vector<char>{'b', 'a', 'b', 'a'});
  std::vector<double> const weights{1, 2, 0, 5};
  for (std::uint64_t draws = 0; draws <= 4; ++draws) {
    std::vector<double> expected(2);
    std::uint64_t const sequences = std::uint64_t{1} << 2 * draws;
    for (std::uint64_t sequence = 0; sequence < sequences; ++sequence) {
      double probability = 1;
      std::vector<bool> seen(4);
      for (std::uint64_t i = 0; i < draws; ++i) {
        std::size_t const sample = (sequence >> 2 * i) % 4;
        probability *= weights[sample] / 8;
        seen[sample] = true;
      }
      expected[0] += probability * (seen[1] + seen[3]);
      expected[1] += probability * (seen[0] + seen[2]);
    }
    auto const computed = evendraw::expected_unique_samples(classes, weights, draws);
    REQUIRE(computed.size() == 2);
    CHECK_THAT(computed[0], WithinAbs(expected[0], 1e-14));
    CHECK_THAT(computed[1], WithinAbs(expected[1], 1e-14));
  }
}

TEST_CASE("expected_unique_samples: samples outside a subset, and weights that do not fit", "[coverage]") {
  std::vector<int> const labels{0, 0, 1, 1};
  evendraw::class_index const subset(labels, std::vector<std::uint32_t>{0, 2});
  auto const unique = evendraw::expected_unique_samples(subset, std::vector<int>{1, 1, 2, 0}, 1);
  CHECK_THAT(unique[0], WithinRel(0.25, 1e-15));
  CHECK_THAT(unique[1], WithinRel(0.5, 1e-15));
  auto const message_for = [&](std::vector<double> weights) {
    return message_of([&] { (void)evendraw::expected_unique_samples(subset, weights, 1); });
  };
  CHECK(message_for({1, 1}) == "evendraw::expected_unique_samples: 2 weights for 4 labels; give one for each");
  CHECK(message_for({1, -1, 1, 1}) ==
        "evendraw::expected_unique_samples: weights[1] is -1; every weight must be finite and >= 0");
  CHECK(message_of([] {
          (void)evendraw::expected_unique_samples({1, 0}, {1, 1}, 1);
        }) == "evendraw::target_proportion_weights: class number 1 has a share but no samples; its share must be 0");
}

TEST_CASE("expected_unique_samples predicts what multinomial_sampler draws", "[coverage]") {
  auto const labels = sampling::labels_of({300, 40});
  evendraw::class_index const classes(labels);
  std::vector<double> weights;
  for (std::size_t i = 0; i < labels.size(); ++i) weights.push_back(static_cast<double>(i % 7));
  evendraw::multinomial_sampler const sampler(weights, {.seed = 3});
  int const epochs = 1000;
  std::vector<double> mean(2);
  for (std::uint64_t e = 0; e < epochs; ++e) {
    auto const drawn = sampling::draws_of_each(sampling::all(sampler.epoch(e)), labels.size());
    for (std::size_t i = 0; i < labels.size(); ++i)
      mean[static_cast<std::size_t>(labels[i])] += drawn[i] > 0 ? 1.0 / epochs : 0;
  }
  auto const expected = evendraw::expected_unique_samples(classes, weights, labels.size());
  auto const if_equal = evendraw::expected_unique_samples({300, 40}, {300, 40}, labels.size());
  for (std::size_t c = 0; c < 2; ++c) {
    double const bound = 5 * std::sqrt(expected[c] / epochs);  // indicators that do not rise together
    CAPTURE(c, mean[c], expected[c], bound);
    CHECK(std::abs(mean[c] - expected[c]) < bound);
    CHECK(std::abs(mean[c] - if_equal[c]) > bound);
  }
}

TEST_CASE("coverage_time of two and three samples", "[coverage]") {
  evendraw::coverage_time const two({2}, {1}, 1);  // unseen with 2 / 2^draws
  CHECK(two.probability(0) == 0);
  CHECK(two.probability(1) == 0);
  CHECK_THAT(two.probability(2), WithinAbs(0.5, 1e-14));
  CHECK_THAT(two.probability(3), WithinAbs(0.75, 1e-14));
  CHECK_THAT(two.probability_unseen(40), WithinRel(std::ldexp(1.0, -39), 1e-3));  // tiny, and still accurate
  CHECK(two.quantile(0.49) == 2);
  CHECK(two.quantile(0.51) == 3);
  CHECK(two.quantile(0.74) == 3);
  CHECK(two.quantile(0.76) == 4);
  CHECK_THAT(two.mean_draws(), WithinRel(3.0, 1e-10));
  CHECK_THAT(two.mean(), WithinRel(3.0, 1e-10));

  evendraw::coverage_time const pairs({2}, {1}, 2);  // unseen with 2 / 4^epochs
  CHECK_THAT(pairs.probability(1), WithinAbs(0.5, 1e-14));
  CHECK_THAT(pairs.probability(2), WithinAbs(0.875, 1e-14));
  CHECK_THAT(pairs.mean(), WithinRel(1 + 2.0 / 3, 1e-10));

  evendraw::coverage_time const three({3}, {1}, 3);
  CHECK_THAT(three.probability(1), WithinAbs(6.0 / 27, 1e-14));
  CHECK_THAT(three.mean_draws(), WithinRel(5.5, 1e-10));

  evendraw::coverage_time const unequal({1, 1}, {3, 1}, 1);
  CHECK_THAT(unequal.probability(3), WithinAbs(1 - (27.0 + 1) / 64, 1e-14));
  CHECK_THAT(unequal.mean(), WithinRel(4 + 4.0 / 3 - 1, 1e-10));

  evendraw::coverage_time const single({1}, {1}, 1);
  CHECK(single.probability(0) == 0);
  CHECK_THAT(single.probability(1), WithinAbs(1.0, 1e-14));
  CHECK(single.quantile(0.5) == 1);
  CHECK_THAT(single.mean(), WithinRel(1.0, 1e-10));
}

TEST_CASE("coverage_time equals the law computed from draw to draw, unlike the law of independent samples",
          "[coverage]") {
  double worst = 0, worst_if_independent = 0;
  for (auto const& n : {numbers{1, 1}, numbers{3, 5}, numbers{10, 1}, numbers{20, 7}, numbers{40, 3}}) {
    for (double const share : {0.5, 0.1, 0.01, 0.97}) {
      for (std::uint64_t draws = 1; draws < 500; draws += draws < 12 ? 1 : 41) {
        std::vector<double> const shares{share, 1 - share};
        double const exact = unseen_by_steps(static_cast<std::size_t>(n[0]), share / static_cast<double>(n[0]),
                                             static_cast<std::size_t>(n[1]), (1 - share) / static_cast<double>(n[1]),
                                             static_cast<int>(draws));
        double const difference = exact - evendraw::coverage_time(n, shares, draws).probability_unseen(1);
        worst = std::max(worst, std::abs(difference));
        worst_if_independent = std::max(worst_if_independent,
                                        std::abs(exact - unseen_if_independent(n, shares, static_cast<double>(draws))));
      }
    }
  }
  CAPTURE(worst, worst_if_independent);
  CHECK(worst < 1e-13);
  CHECK(worst_if_independent > 0.1);
}

TEST_CASE("coverage_time of one class among others", "[coverage]") {
  evendraw::coverage_time const all({6, 4, 2}, {0.5, 0.3, 0.2}, 7);
  for (std::uint64_t c = 0; c < 3; ++c) {
    numbers const sizes{6, 4, 2};
    std::vector<double> const shares{0.5, 0.3, 0.2};
    auto const size = static_cast<std::size_t>(sizes[static_cast<std::size_t>(c)]);
    double const p = shares[static_cast<std::size_t>(c)] / static_cast<double>(size);
    for (std::uint64_t e = 1; e < 9; ++e) {
      CHECK_THAT(all.of_class(c).probability_unseen(e),
                 WithinAbs(unseen_by_steps(size, p, 0, 0, static_cast<int>(7 * e)), 1e-13));
    }
    CHECK(all.of_class(c).mean() < all.mean());
  }
  evendraw::coverage_time const rare({9, 1}, {3, 1}, 1);
  CHECK_THAT(rare.of_class(1).mean(), WithinRel(4.0, 1e-10));  // geometric
  CHECK_THAT(rare.of_class(1).probability(2), WithinAbs(1 - 0.5625, 1e-14));
}

TEST_CASE("coverage_time does not wait for classes that are left out", "[coverage]") {
  evendraw::coverage_time const without({2, 500, 0}, {1, 0, 0}, 2);
  CHECK_THAT(without.probability(1), WithinAbs(0.5, 1e-14));
  CHECK_THAT(without.mean(), WithinRel(1 + 2.0 / 3, 1e-10));
  CHECK(without.of_class(1).mean() == 0);
  CHECK(without.of_class(1).mean_draws() == 0);
  CHECK(without.of_class(1).probability(0) == 1);
  CHECK(without.of_class(1).quantile(0.5) == 0);
}

TEST_CASE("coverage_time: the quantile is the first number of epochs that is enough", "[coverage]") {
  for (auto const& law : {evendraw::coverage_time({1, 1}, {9, 1}, 1), evendraw::coverage_time({3}, {1}, 1),
                          evendraw::coverage_time({40, 2}, {1, 3}, 2), evendraw::coverage_time({1}, {1}, 1),
                          evendraw::coverage_time({5000}, {1}, 1), evendraw::coverage_time({30, 7}, {2, 1}, 17)}) {
    for (double const q : {1e-9, 0.01, 0.3, 0.5, 0.9, 0.999, 1 - 1e-9}) {
      auto const epochs = law.quantile(q);
      CAPTURE(q, epochs);
      CHECK(law.probability_unseen(epochs) <= 1 - q);
      CHECK(law.probability_unseen(epochs - 1) > 1 - q);
    }
  }
}

TEST_CASE("coverage_time: the mean is the sum of the probabilities, also for long runs", "[coverage]") {
  auto const by_sum = [](evendraw::coverage_time const& law) {
    double sum = 0, unseen = 1;
    for (std::uint64_t e = 0; unseen > 1e-15; ++e) sum += unseen = law.probability_unseen(e);
    return sum;
  };
  for (auto const& law :
       {evendraw::coverage_time({165, 10}, {1, 1}, 175), evendraw::coverage_time({300, 20, 5}, {5, 3, 2}, 3),
        evendraw::coverage_time({50, 1}, {500, 1}, 40), evendraw::coverage_time({4, 1}, {1, 1}, 1),
        evendraw::coverage_time({30, 1}, {9, 1}, 29), evendraw::coverage_time({1000, 1}, {1000, 1}, 4)}) {
    CHECK_THAT(law.mean(), WithinRel(by_sum(law), 1e-10));
  }
  // Here the mean is over 1000 epochs, although most samples are seen in the first ones. It is an estimate then.
  evendraw::coverage_time const sudden({20, 1}, {1000, 1}, 20);
  CHECK(std::abs(sudden.mean() - by_sum(sudden)) < 0.02);
}

TEST_CASE("coverage_time: the mean number of draws for one class is n (1 + 1/2 + ... + 1/n)", "[coverage]") {
  for (std::uint64_t const n : {1u, 2u, 10u, 1000u, 1000000u}) {
    double sum = 0;
    for (std::uint64_t i = n; i > 0; --i) sum += static_cast<double>(n) / static_cast<double>(i);
    CHECK_THAT(evendraw::coverage_time({n}, {1}, 1).mean_draws(), WithinRel(sum, 1e-10));
  }
}

TEST_CASE("coverage_time of a billion samples is close to its limit law", "[coverage]") {
  // n (log n + x) draws: exp(-exp(-x)); here x = -1, 0, 1, within a few log(n) / n
  double const n = 1e9;
  for (double const x : {-1.0, 0.0, 1.0, 5.0}) {
    auto const draws = static_cast<std::uint64_t>(n * (std::log(n) + x));
    evendraw::coverage_time const law({1'000'000'000}, {1}, draws);
    CHECK_THAT(law.probability(1), WithinAbs(std::exp(-std::exp(-x)), 1e-8));
  }
  evendraw::coverage_time const law({1'000'000'000}, {1}, 1'000'000'000);
  CHECK(law.probability(19) < 0.01);
  CHECK(law.quantile(0.99) == 26);
  CHECK_THAT(evendraw::coverage_time({1'000'000'000}, {1}, 1'000).mean(),
             WithinRel(1e6 * (std::log(n) + 0.57721566490153286) + 0.5, 1e-10));
}

TEST_CASE("coverage_time of many classes, most of which are covered in the first epoch", "[coverage]") {
  evendraw::coverage_time const law({1000, 1, 1, 1}, {1, 1, 1, 1}, 4000);  // 1000 draws of each class an epoch
  for (std::uint64_t const e : {1u, 5u, 7u, 20u}) {
    CHECK_THAT(law.probability(e), WithinAbs(law.of_class(0).probability(e), 1e-14));
  }
  CHECK_THAT(law.probability(7), WithinAbs(std::exp(-1000 * std::exp(-7.0)), 0.01));
  CHECK(law.of_class(1).mean() == 1);
}

TEST_CASE("coverage_time of samples that take forever to cover", "[coverage]") {
  evendraw::coverage_time const law({1, 1}, {1, 1e-300}, 1);
  CHECK_THAT(law.mean(), WithinRel(1e300, 1e-9));
  CHECK(law.quantile(0.5) == std::numeric_limits<std::uint64_t>::max());
  CHECK(law.probability(1'000'000) == 0);
  CHECK(evendraw::coverage_time({1, 1}, {1, 5e-324}, 1).mean() > 1e300);
  auto const late = evendraw::coverage_time({1, 1}, {1, 1e-15}, 1).quantile(0.5);
  CHECK_THAT(static_cast<double>(late), WithinRel(std::log(2.0) * 1e15, 1e-9));
}

TEST_CASE("coverage_time refuses impossible input", "[coverage]") {
  CHECK(message_of([] {
          evendraw::coverage_time({1, 2}, {1, 1}, 0);
        }) == "evendraw::coverage_time: epoch_size is 0; an epoch needs at least one draw");
  CHECK(message_of([] {
          evendraw::coverage_time({1, 2}, {1}, 1);
        }) == "evendraw::target_proportion_weights: 1 share for 2 classes; give one for each");
  evendraw::coverage_time const law({1, 2}, {1, 1}, 1);
  CHECK(message_of([&] { (void)law.quantile(1); }) == "evendraw::coverage_time: the quantile of 1; needs 0 < q < 1");
  CHECK(message_of([&] { (void)law.quantile(0); }) == "evendraw::coverage_time: the quantile of 0; needs 0 < q < 1");
  CHECK(message_of([&] { (void)law.of_class(2); }) ==
        "out of range: evendraw::coverage_time: class number 2; there are 2 classes");
}

TEST_CASE("coverage_time is the law of the class-driven samplers", "[coverage]") {
  auto const labels = sampling::labels_of({50, 8});
  evendraw::class_index const classes(labels);
  evendraw::target_proportion_sampler const sampler(classes, {{0, 0.7}, {1, 0.3}}, {.epoch_size = 30, .seed = 11});
  evendraw::coverage_time const law(classes.counts(), sampler.class_shares(), sampler.epoch_size());
  auto const simulated = evendraw::simulated_coverage_times(sampler, classes, {.runs = 2000});
  CHECK(p_of(simulated, law) > statistics::threshold);
  CHECK(p_of(simulated, evendraw::coverage_time({50, 8}, {0.8, 0.2}, 30)) < statistics::threshold);
  CHECK(p_of(simulated, evendraw::coverage_time({50, 8}, {0.7, 0.3}, 28)) < statistics::threshold);

  auto const of_seed = [&](std::uint64_t seed) {
    return evendraw::inverse_frequency_sampler(classes, {.epoch_size = 3, .seed = seed});
  };
  auto const class_law = evendraw::coverage_time(classes.counts(), std::vector{1, 1}, 3).of_class(1);
  auto const of_rare = evendraw::simulated_coverage_times(of_seed, classes, {.runs = 2000, .shares = {0, 1}});
  CHECK(p_of(of_rare, class_law) > statistics::threshold);
  CHECK(p_of(of_rare, evendraw::coverage_time({8}, {1}, 1)) < statistics::threshold);
}

TEST_CASE("unseen_samples counts every sample once", "[coverage]") {
  for (std::uint64_t const n : {1u, 63u, 64u, 65u, 130u}) {
    evendraw::detail::unseen_samples unseen(evendraw::class_index<int>::from_counts({n}), {});
    CHECK(unseen.size() == n);
    std::vector<std::uint64_t> const others{n, n + 1, n + 63, n + 64, n + 1000, ~std::uint64_t{0}};
    unseen.see(std::span(others));
    CHECK(unseen.size() == n);
    std::vector<std::uint32_t> batch;
    for (std::uint32_t i = 0; i < n; ++i) batch.insert(batch.end(), {i, i / 2, i});
    for (std::size_t i = 0; i < batch.size(); i += 3) {
      unseen.see(std::span<std::uint32_t const>(batch).subspan(i, 3));
      CHECK(unseen.size() == n - i / 3 - 1);
    }
    CHECK(unseen.empty());
  }
}

TEST_CASE("unseen_samples of a subset, and of some classes", "[coverage]") {
  evendraw::class_index const classes(std::vector<int>{7, 7, 9, 7, 9}, std::vector<std::uint32_t>{0, 2, 3, 4});
  CHECK(evendraw::detail::unseen_samples(classes, {}).size() == 4);
  evendraw::detail::unseen_samples unseen(classes, {0, 0.1});
  CHECK(unseen.size() == 2);
  unseen.see(std::span<std::uint32_t const>(std::vector<std::uint32_t>{0, 1, 3, 4}));
  CHECK(unseen.size() == 1);
}

TEST_CASE("simulated_coverage_times refuses what has no meaning", "[coverage]") {
  auto const classes =
      evendraw::class_index<int>::from_counts(std::vector<std::uint64_t>{3, 2, 0}, {.allow_empty = true});
  auto const refusal = [&](evendraw::simulation_options const& options) {
    return message_of([&] { (void)simulated_coverage_times(evendraw::random_sampler(5), classes, options); });
  };
  std::string const context = "evendraw::simulated_coverage_times: ";
  CHECK(refusal({.shares = {1}}) == context + "1 share for 3 classes; give one for each");
  CHECK(refusal({.shares = {0, NAN, 1}}) == context + "shares[1] is nan; every number must be finite and >= 0");
  CHECK(refusal({.shares = {-1, 1, 0}}) == context + "shares[0] is -1; every number must be finite and >= 0");
  CHECK(refusal({.shares = {0, INFINITY, 0}}) == context + "shares[1] is inf; every number must be finite and >= 0");
  CHECK(refusal({.shares = {0, 0, 0}}) == context + "all 3 shares are zero; at least one must be > 0");
  CHECK(refusal({.shares = {1, 1, 1}}) == context + "class number 2 has a share but no samples; its share must be 0");
  CHECK(refusal({.runs = 0}) == context + "runs is 0; it must be at least 1");
  CHECK(refusal({.max_epochs = 0}) == context + "max_epochs is 0; it must be at least 1");
  CHECK(simulated_coverage_times(evendraw::random_sampler(5), classes, {.runs = 1, .shares = {0, 0.1, 0}}) ==
        numbers{1});
}

TEST_CASE("simulated_coverage_times of samplers that are certain to cover", "[coverage]") {
  auto const labels = sampling::labels_of({5000, 17});
  evendraw::class_index const classes(labels);
  for (std::uint64_t const per_class : {1000u, 1700u, 4999u, 5000u}) {
    evendraw::balanced_epoch_sampler const sampler(
        classes, {.per_class = per_class, .when_short = evendraw::when_short::give_all, .seed = 2});
    CHECK(simulated_coverage_times(sampler, classes, {.runs = 1}) == numbers{sampler.epochs_to_cover()});
  }
  auto const three = [&](auto const& sampler) { return simulated_coverage_times(sampler, classes, {.runs = 3}); };
  CHECK(three(evendraw::random_sampler(5017, {.seed = 1})) == numbers(3, 1));
  CHECK(three(evendraw::random_sampler(5017, {.epoch_size = 5016, .seed = 1})) == numbers(3, 2));
  CHECK(three(evendraw::sequential_sampler(5017)) == numbers(3, 1));
}

TEST_CASE("simulated_coverage_times gives up after the allowed number of epochs", "[coverage]") {
  evendraw::class_index const classes(sampling::labels_of({20, 10}));
  evendraw::balanced_epoch_sampler const sampler(classes, {.per_class = 2, .limits = {{1, 0}}});
  constexpr auto never = ~std::uint64_t{0};
  CHECK(simulated_coverage_times(sampler, classes, {.runs = 2, .max_epochs = 30, .shares = {1, 1}}) ==
        numbers(2, never));
  std::string const refusal =
      "evendraw::simulated_coverage_times: the sampler leaves out class number 1, so no run would see all samples; "
      "give .shares = sampler.class_shares()";
  CHECK(message_of([&] { (void)simulated_coverage_times(sampler, classes); }) == refusal);
  auto const of_seed = [&](std::uint64_t) { return sampler; };
  CHECK(message_of([&] { (void)simulated_coverage_times(of_seed, classes); }) == refusal);
  auto const drawn = [&](std::uint64_t max_epochs) {
    return simulated_coverage_times(sampler, classes,
                                    {.runs = 1, .max_epochs = max_epochs, .shares = sampler.class_shares()});
  };
  CHECK(drawn(10) == numbers{10});
  CHECK(drawn(9) == numbers{never});
}

TEST_CASE("simulated_coverage_times: runs are consecutive, or have seeds of their own", "[coverage]") {
  auto const labels = sampling::labels_of({9, 3});
  evendraw::inverse_frequency_sampler const sampler(labels, {.seed = 4});
  evendraw::class_index const classes(labels);
  auto const epochs_from = [&](auto const& source, std::uint64_t first) {  // the slow and obvious way
    std::vector<bool> seen(12);
    for (std::uint64_t e = first;; ++e) {
      for (auto const index : source.epoch(e)) seen[index] = true;
      if (std::ranges::count(seen, false) == 0) return e - first + 1;
    }
  };
  numbers one_after_the_other, by_seed;
  std::uint64_t first = 5;
  for (std::uint64_t run = 0; run < 20; ++run) {
    one_after_the_other.push_back(epochs_from(sampler, first));
    first += one_after_the_other.back();
    by_seed.push_back(epochs_from(evendraw::inverse_frequency_sampler(labels, {.seed = run}), 5));
  }
  CHECK(evendraw::simulated_coverage_times(sampler, classes, {.runs = 20, .first_epoch = 5}) == one_after_the_other);
  auto const of_seed = [&](std::uint64_t seed) { return evendraw::inverse_frequency_sampler(labels, {.seed = seed}); };
  CHECK(evendraw::simulated_coverage_times(of_seed, classes, {.runs = 20, .first_epoch = 5}) == by_seed);
  CHECK(one_after_the_other != by_seed);
}

}  // namespace coverage_test
