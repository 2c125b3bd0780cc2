#include <evendraw/evendraw.hpp>

#include <evendraw/samplers/repeat_factor_sampler.hpp>

#include <cmath>
#include <limits>
#include <numeric>
#include <set>
#include <string>

#include <support/catch2.hpp>
#include <support/sampling.hpp>
#include <support/statistics.hpp>

namespace repeat_factor_sampler_test {

using evendraw::repeat_factor_sampler;
using numbers = std::vector<std::uint64_t>;
using doubles = std::vector<double>;

namespace {

/// Whether each sample came as often as its factor says, rounded down or up.
bool floors_or_ceilings(numbers const& drawn, doubles const& factors) {
  for (std::size_t i = 0; i < factors.size(); ++i) {
    auto const times = static_cast<double>(drawn[i]);
    if (times != std::floor(factors[i]) && times != std::ceil(factors[i])) return false;
  }
  return true;
}

template <class Sampler>
numbers drawn_in(Sampler const& sampler, std::uint64_t epoch, std::size_t n) {
  return sampling::draws_of_each(sampling::all(sampler.epoch(epoch)), n);
}

/// 0, 1 / 8, ... below 4, and others; many of each, mixed.
doubles many_factors() {
  doubles result;
  for (int i = 0; i < 500; ++i) result.push_back(i * 7 % 32 / 8.0);
  for (int i = 0; i < 100; ++i) result.push_back(1 + i / 99.0);
  result.insert(result.end(), {1000, 0.001, 17.9999, 1e-9, 0.2, 0.2, 0.2});
  return result;
}

}  // namespace

TEST_CASE("repeat_factor_sampler gives each sample its factor, rounded down or up, in every epoch", "[repeat_factor]") {
  for (doubles const& factors : {many_factors(), doubles{1.5}, doubles{1.5, 1, 1}, doubles{0.99, 0.02}, doubles{0.3},
                                 doubles(50, 1.98), doubles(3, 1.0 / 3), doubles{0, 2, 0.5, 0}}) {
    double const sum = std::accumulate(factors.begin(), factors.end(), 0.0);
    bool good = true;
    for (std::uint64_t seed = 0; seed < 3; ++seed) {
      repeat_factor_sampler const sampler(factors, {.seed = seed});
      good &= sampler.epoch_size() == static_cast<std::uint64_t>(std::ceil(sum - 1e-6));
      for (std::uint64_t e = 0; e < 40; ++e) good &= floors_or_ceilings(drawn_in(sampler, e, factors.size()), factors);
    }
    CAPTURE(factors.size(), sum);
    CHECK(good);
  }
  // The check rejects draws by weights, which have the right mean and the right number.
  evendraw::multinomial_sampler const weighted(doubles(50, 1.98), {.epoch_size = 99});
  CHECK_FALSE(floors_or_ceilings(drawn_in(weighted, 0, 50), doubles(50, 1.98)));
}

TEST_CASE("repeat_factor_sampler's epochs have the sum of the factors, rounded up", "[repeat_factor]") {
  auto const size = [](doubles const& factors) { return repeat_factor_sampler(factors).epoch_size(); };
  CHECK(size({1, 1, 1}) == 3);
  CHECK(size({1, 1.5, 1}) == 4);
  CHECK(size({1.5, 1.5}) == 3);
  CHECK(size(doubles(3, 4.0 / 3)) == 4);  // sums of rounded thirds, tenths and sevenths
  CHECK(size(doubles(10, 1.1)) == 11);
  CHECK(size(doubles(700, 1 / 7.0)) == 100);
  CHECK(size({1e-12}) == 1);
  CHECK(size({2, 1e-9}) == 3);
  CHECK(size({1 + 1e-13, 3 - 1e-13}) == 4);  // each is within 2^-32 of a whole number
  CHECK(size(doubles(1000, std::nextafter(1.0, 2.0))) == 1000);
  CHECK(size(doubles(1000, std::nextafter(1.0, 0.0))) == 1000);
  CHECK(size({0x1p31}) == std::uint64_t{1} << 31);
  CHECK(size({0x1p30, 0x1p30 - 0.5}) == std::uint64_t{1} << 31);
  CHECK_THROWS_WITH(size({0x1p31, 1e-300}),
                    "evendraw::repeat_factor_sampler: the factors sum to 2147483649, rounded up; an epoch has at most "
                    "2^31 draws");
}

TEST_CASE("repeat_factor_sampler keeps whole factors and the mean of the others", "[repeat_factor]") {
  // The remainders .5 .25 .25 .01 sum to 1.01 draws, which become 2. The .99 are divided in proportion to .5 .75 .75
  // .99.
  doubles const factors{1, 1.5, 2, 2.25, 0.25, 3, 0, 1.01};
  repeat_factor_sampler const sampler(factors, {.seed = 3});
  REQUIRE(sampler.epoch_size() == 12);
  std::uint64_t const epochs = 4096;
  numbers total(factors.size());
  for (std::uint64_t e = 0; e < epochs; ++e) {
    auto const drawn = drawn_in(sampler, e, factors.size());
    for (std::size_t i = 0; i < total.size(); ++i) total[i] += drawn[i];
  }
  for (std::size_t i = 0; i < total.size(); ++i) {
    double const whole = std::floor(factors[i]), fraction = factors[i] - whole;
    double const mean = fraction == 0 ? whole : whole + fraction + (1 - fraction) * 0.99 / 2.99;
    CAPTURE(i);
    CHECK(std::abs(static_cast<double>(total[i]) - mean * static_cast<double>(epochs)) < (fraction == 0 ? 0.5 : 2));
  }
}

TEST_CASE("repeat_factor_sampler: samples of equal factors take turns", "[repeat_factor]") {
  doubles factors(40, 2.5);
  factors.resize(60, 0.25);
  factors.resize(70, 1);
  repeat_factor_sampler const sampler(factors, {.seed = 1});
  REQUIRE(sampler.epoch_size() == 115);
  bool twenty_of_the_first = true;
  for (std::uint64_t cycle = 0; cycle < 20; ++cycle) {
    numbers total(factors.size());
    for (std::uint64_t e = 4 * cycle; e < 4 * cycle + 4; ++e) {
      auto const drawn = drawn_in(sampler, e, factors.size());
      for (std::size_t i = 0; i < total.size(); ++i) total[i] += drawn[i];
      twenty_of_the_first &= std::count(drawn.begin(), drawn.begin() + 40, std::uint64_t{3}) == 20;
    }
    numbers expected(40, 10);
    expected.resize(60, 1);
    expected.resize(70, 4);
    CHECK(total == expected);
  }
  CHECK(twenty_of_the_first);
}

TEST_CASE("repeat_factor_sampler chooses at random which samples are rounded up, and the order", "[repeat_factor]") {
  // 2 of 4 samples come twice, so there are 6 draws in random order
  doubles const factors{1.5, 1.5, 1.5, 1.5};
  numbers pairs(16), first(4), place_of_first(6);
  doubles pair_law(16);
  for (std::size_t set = 0; set < 16; ++set) pair_law[set] = std::popcount(set) == 2 ? 1.0 / 6 : 0;
  for (std::uint64_t seed = 0; seed < 50'000; ++seed) {
    auto const drawn = sampling::all(repeat_factor_sampler(factors, {.seed = seed}).epoch(2));
    auto const times = sampling::draws_of_each(drawn, 4);
    std::size_t set = 0;
    for (std::size_t i = 0; i < 4; ++i) set |= static_cast<std::size_t>(times[i] == 2) << i;
    ++pairs[set];
    ++first[drawn[0]];
    if (times[0] == 1) ++place_of_first[static_cast<std::size_t>(std::ranges::find(drawn, 0u) - drawn.begin())];
  }
  CHECK(statistics::chi_squared_p(pairs, pair_law) > statistics::threshold);
  CHECK(statistics::uniform_p(first) > statistics::threshold);
  CHECK(statistics::uniform_p(place_of_first) > statistics::threshold);
  auto fixed = pairs;  // a subset that is chosen too often
  fixed[3] += 1000;
  CHECK(statistics::chi_squared_p(fixed, pair_law) < statistics::threshold);
  CHECK(statistics::uniform_p(numbers{4000, 4000, 4600, 4000, 4000, 4000}) < statistics::threshold);
}

TEST_CASE("repeat_factor_sampler shuffles samples that come in every epoch among all places", "[repeat_factor]") {
  doubles const factors{2, 2, 2, 1, 1, 0.5, 0.5};  // 9 draws
  numbers places_of_0(9), places_of_3(9);
  std::uint64_t together = 0;
  for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
    auto const drawn = sampling::all(repeat_factor_sampler(factors, {.seed = seed}).epoch(seed % 5));
    for (std::size_t i = 0; i < 9; ++i) {
      if (drawn[i] == 0) ++places_of_0[i];
      if (drawn[i] == 3) ++places_of_3[i];
      if (i > 0 && drawn[i] == 0 && drawn[i - 1] == 0) ++together;
    }
  }
  CHECK(statistics::uniform_p(places_of_0) > statistics::threshold);
  CHECK(statistics::uniform_p(places_of_3) > statistics::threshold);
  CHECK(std::abs(static_cast<double>(together) - 20'000 * 2 / 9.0) < 5 * std::sqrt(20'000 * 2 / 9.0 * 7 / 9));
  places_of_3[4] += 600;
  CHECK(statistics::uniform_p(places_of_3) < statistics::threshold);
}

TEST_CASE("repeat_factor_sampler by labels", "[repeat_factor]") {
  std::vector<std::set<std::string>> sets(1000, {"person"});
  sets[5] = {"person", "unicycle"};
  sets[6] = {};
  for (std::size_t i = 100; i < 110; ++i) sets[i].insert("kite");
  // unicycle 1 of 1000, kite 10: factors sqrt(0.02 * 1000) = 4.47 and sqrt(2) = 1.41
  repeat_factor_sampler const sampler(sets, {.threshold = 0.02, .seed = 9});
  CHECK(sampler.epoch_size() == 1008);  // 998 + 4.47 + 14.14 - 9 = 1007.6
  CHECK(sampler.num_samples() == 1000);
  for (std::uint64_t e = 0; e < 20; ++e) {
    auto const drawn = drawn_in(sampler, e, sets.size());
    CHECK((drawn[5] == 4 || drawn[5] == 5));
    CHECK((drawn[100] == 1 || drawn[100] == 2));
    CHECK(drawn[6] == 1);
    CHECK(drawn[0] == 1);
  }
  repeat_factor_sampler const given(evendraw::repeat_factors(sets, 0.02), {.seed = 9});
  CHECK(given.fingerprint() == sampler.fingerprint());
  CHECK(sampling::all(given.epoch(4)) == sampling::all(sampler.epoch(4)));
  CHECK(repeat_factor_sampler(sets).epoch_size() == 1000);  // threshold 0.001

  SECTION("one label a sample, by a class_index") {
    auto const labels = sampling::labels_of({900, 90, 10});
    evendraw::class_index const classes(labels);
    auto const factors = evendraw::class_repeat_factors(classes.counts(), classes.num_samples(), 0.4);
    std::vector<std::vector<int>> single;
    for (int const label : labels) single.push_back({label});
    CHECK(repeat_factor_sampler(evendraw::sample_weights(classes, factors)).fingerprint() ==
          repeat_factor_sampler(single, {.threshold = 0.4}).fingerprint());
  }
}

TEST_CASE("repeat_factor_sampler at the edges", "[repeat_factor]") {
  CHECK(sampling::all(repeat_factor_sampler({1}).epoch(7)) == std::vector<std::uint32_t>{0});
  CHECK(sampling::all(repeat_factor_sampler({0, 3, 0}).epoch(7)) == std::vector<std::uint32_t>{1, 1, 1});
  CHECK(sampling::distinct(sampling::all(repeat_factor_sampler(std::vector<float>(100, 1)).epoch(0))));
  repeat_factor_sampler const huge({0x1p30, 0x1p30});
  CHECK(huge.epoch(1)[(std::uint64_t{1} << 31) - 1] < 2);
  repeat_factor_sampler const last({1, 1, 2.5}, {.seed = 1});  // also in late epochs
  CHECK(floors_or_ceilings(drawn_in(last, ~std::uint64_t{0}, 3), {1, 1, 2.5}));
  CHECK(repeat_factor_sampler({1, 2}).fingerprint() != repeat_factor_sampler({2, 1}).fingerprint());
  CHECK(repeat_factor_sampler({1, 1.5, 1.5}).fingerprint() != repeat_factor_sampler({1, 1.25, 1.75}).fingerprint());
  CHECK(repeat_factor_sampler({1, 2}).fingerprint() != repeat_factor_sampler({1, 2}, {.seed = 1}).fingerprint());
  repeat_factor_sampler<std::uint64_t> const wide(std::vector<double>{1, 1.5, 2});
  STATIC_REQUIRE(std::is_same_v<decltype(wide.epoch(0)[0]), std::uint64_t>);
}

TEST_CASE("repeat_factor_sampler refuses bad factors", "[repeat_factor]") {
  CHECK_THROWS_WITH(repeat_factor_sampler({1, 2, -1}),
                    "evendraw::repeat_factor_sampler: factors[2] is -1; every number must be finite and >= 0");
  CHECK_THROWS_WITH(repeat_factor_sampler({1, std::numeric_limits<double>::infinity()}),
                    "evendraw::repeat_factor_sampler: factors[1] is inf; every number must be finite and >= 0");
  CHECK_THROWS_WITH(repeat_factor_sampler({0, 0}),
                    "evendraw::repeat_factor_sampler: all 2 factors are zero; at least one must be > 0");
  CHECK_THROWS_WITH(repeat_factor_sampler(doubles{}),
                    "evendraw::repeat_factor_sampler: factors is empty; give at least one number");
  CHECK_THROWS_WITH(repeat_factor_sampler({1e300, 1}),
                    "evendraw::repeat_factor_sampler: the factors sum to 1e+300; an epoch has at most 2^31 draws");
  CHECK_THROWS_WITH(repeat_factor_sampler<std::uint8_t>(doubles(256, 1)),
                    "evendraw::repeat_factor_sampler: 256 samples do not fit into 8-bit indices; use std::uint64_t as "
                    "the index type: repeat_factor_sampler<std::uint64_t>(...)");
  CHECK_THROWS_WITH(repeat_factor_sampler(std::vector<std::vector<int>>{}),
                    "evendraw::repeat_factor_sampler: no samples; give the labels of at least one");
  CHECK_THROWS_WITH(repeat_factor_sampler(std::vector<std::vector<int>>{{1}}, {.threshold = 3}),
                    "evendraw::repeat_factor_sampler: threshold is 3; it must be in [0, 1]: the fraction of samples "
                    "below which a class is repeated");
}

TEST_CASE("repeat_factor_sampler gives the golden draws", "[repeat_factor][golden]") {
  auto factors = many_factors();
  factors[600] = 3.25;  // not most of the epoch
  repeat_factor_sampler const sampler(factors, {.seed = 2026});
  CHECK(sampling::all(sampler.epoch(11).take(8)) == std::vector<std::uint32_t>{99, 17, 95, 123, 286, 584, 333, 602});
}

namespace {

/// UniMax as in the paper: characters of each language, sorted; a budget; the most epochs of a language.
doubles unimax(numbers const& characters, double budget, double most_epochs) {
  doubles result(characters.size());
  std::vector<std::size_t> order(characters.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t l) { return characters[l]; });
  for (std::size_t i = 0; i < order.size(); ++i) {
    double const even = budget / static_cast<double>(order.size() - i);
    double const most = static_cast<double>(characters[order[i]]) * most_epochs;
    result[order[i]] = even > most ? most : even;
    budget -= result[order[i]];
  }
  return result;
}

}  // namespace

TEST_CASE("balanced_epoch_sampler with an epoch size and max_repeats is UniMax", "[balanced_epoch]") {
  // Chung et al., ICLR 2023, algorithm 1
  numbers const sizes{5000, 40, 900, 7, 1, 900, 40};
  evendraw::class_index const classes = evendraw::class_index<int>::from_counts(sizes);
  for (std::uint64_t const budget : {7u, 100u, 1234u, 5000u, 8000u}) {
    for (std::uint64_t const repeats : {2u, 5u, 10u}) {
      auto const quotas =
          evendraw::balanced_epoch_sampler(classes, {.epoch_size = budget, .max_repeats = repeats}).quotas();
      auto const expected = unimax(sizes, static_cast<double>(budget), static_cast<double>(repeats));
      auto const natural = unimax(sizes, static_cast<double>(budget), 1e9);  // without the cap the quotas differ
      double worst = 0, worst_natural = 0;
      for (std::size_t c = 0; c < sizes.size(); ++c) {
        worst = std::max(worst, std::abs(static_cast<double>(quotas[c]) - expected[c]));
        worst_natural = std::max(worst_natural, std::abs(static_cast<double>(quotas[c]) - natural[c]));
      }
      CAPTURE(budget, repeats);
      CHECK(worst < 1);
      CHECK((worst_natural < 1) == (budget == 7));
    }
  }
}

}  // namespace repeat_factor_sampler_test
