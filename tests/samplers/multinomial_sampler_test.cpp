#include <evendraw/evendraw.hpp>

#include <cmath>
#include <limits>

#include <support/catch2.hpp>
#include <support/sampling.hpp>
#include <support/statistics.hpp>

namespace multinomial_sampler_test {

using evendraw::multinomial_sampler;

TEST_CASE("multinomial_sampler equals its definition", "[multinomial]") {
  std::vector<double> const weights{0.5, 0, 3, 1e-9, 2, 2, 0.1};
  evendraw::alias_table const table(weights);
  auto const drawn = sampling::all(multinomial_sampler(weights, {.epoch_size = 1000, .seed = 8}).epoch(6));
  bool same = true;
  for (std::uint64_t p = 0; p < 1000; ++p) {
    same &= drawn[p] == table.at(evendraw::random_word(evendraw::stream_key(8, 6, evendraw::random_stream::draw), p));
  }
  CHECK(same);
}

TEST_CASE("multinomial_sampler from a table", "[multinomial]") {
  std::vector<double> const weights{0.5, 0, 3, 1e-9, 2, 2, 0.1};
  multinomial_sampler const expected(weights, {.epoch_size = 1000, .seed = 8});
  evendraw::alias_table const table(weights);
  multinomial_sampler const from_table(table, {.epoch_size = 1000, .seed = 8});  // copies it
  multinomial_sampler const threaded(evendraw::alias_table(weights, {.threads = 2}), {.epoch_size = 1000, .seed = 8});
  STATIC_REQUIRE(std::is_same_v<decltype(from_table)::index_type, std::uint32_t>);
  CHECK(sampling::all(from_table.epoch(6)) == sampling::all(expected.epoch(6)));
  CHECK(sampling::all(threaded.epoch(6)) == sampling::all(expected.epoch(6)));
  CHECK(from_table.fingerprint() == expected.fingerprint());
  CHECK(multinomial_sampler(table).epoch_size() == 7);
  CHECK(multinomial_sampler(evendraw::alias_table({1, 2, 3})).fingerprint() ==
        multinomial_sampler({1, 2, 3}).fingerprint());
  CHECK_THROWS_WITH(multinomial_sampler<std::uint8_t>(evendraw::alias_table(std::vector<float>(256, 1))),
                    "evendraw::multinomial_sampler: 256 samples do not fit into 8-bit indices; use "
                    "std::uint64_t as the index type: multinomial_sampler<std::uint64_t>(...)");
}

TEST_CASE("multinomial_sampler draws by its law", "[multinomial]") {
  std::vector<double> const weights{1, 2, 3, 4, 0, 5, 6, 7, 8, 9, 10};
  std::vector<double> law;
  for (double const weight : weights) law.push_back(weight / 55);
  std::size_t const draws = 1'000'000;
  auto const indices = sampling::all(multinomial_sampler(weights, {.epoch_size = draws, .seed = 1}).epoch(0));
  CHECK(statistics::chi_squared_p(sampling::draws_of_each(indices, weights.size()), law) > statistics::threshold);

  std::vector<std::uint64_t> pairs(121);
  std::vector<double> pair_law;
  for (double const a : law) {
    for (double const b : law) pair_law.push_back(a * b);
  }
  for (std::size_t i = 0; i + 1 < draws; i += 2) ++pairs[indices[i] * 11 + indices[i + 1]];
  CHECK(statistics::chi_squared_p(pairs, pair_law) > statistics::threshold);

  SECTION("over epochs at one position, too") {
    multinomial_sampler const sampler(weights, {.epoch_size = 10, .seed = 1});
    std::vector<std::uint64_t> seen(weights.size());
    for (std::uint64_t e = 0; e < 100'000; ++e) ++seen[sampler.epoch(e)[3]];
    CHECK(statistics::chi_squared_p(seen, law) > statistics::threshold);
  }
  SECTION("the checks reject a weight that is 5 % too heavy, and draws that depend on the previous one") {
    auto heavy = weights;
    heavy[6] *= 1.05;
    auto const wrong = sampling::all(multinomial_sampler(heavy, {.epoch_size = draws, .seed = 1}).epoch(0));
    CHECK(statistics::chi_squared_p(sampling::draws_of_each(wrong, weights.size()), law) < statistics::threshold);
    std::vector<std::uint64_t> shifted(121);
    for (std::size_t i = 0; i + 1 < draws; i += 2)
      ++shifted[indices[i] * 11 + (i % 100 == 0 ? indices[i] : indices[i + 1])];
    CHECK(statistics::chi_squared_p(shifted, pair_law) < statistics::threshold);
  }
}

TEST_CASE("multinomial_sampler never draws zero weights, first, last or next to huge ones", "[multinomial]") {
  // pytorch#48841, StatsBase.jl#983, rust-random#1818
  std::vector<double> weights(1000, 0);
  weights[1] = 5e-324;
  weights[500] = 1e300;
  weights[998] = 1e-300;
  auto const drawn =
      sampling::draws_of_each(sampling::all(multinomial_sampler(weights, {.epoch_size = 1'000'000}).epoch(0)), 1000);
  CHECK(drawn[500] + drawn[1] + drawn[998] == 1'000'000);
  auto const single = sampling::all(multinomial_sampler({0, 0, 1e-320, 0}, {.epoch_size = 1000}).epoch(0));
  CHECK(std::ranges::count(single, 2u) == 1000);
}

TEST_CASE("multinomial_sampler treats 2^24 and more categories like any number", "[multinomial]") {
  // pytorch#43115: the upper half of 2^24 float weights was never drawn; pytorch#2576: 2^24 + 1 categories are refused
  std::size_t const n = (std::size_t{1} << 24) + 1;
  std::vector<float> weights(n, 2.f);
  for (std::size_t i = n / 2; i < n; ++i) weights[i] = 1.f;
  std::size_t const draws = 100'000;
  auto const indices = sampling::all(multinomial_sampler(weights, {.epoch_size = draws}).epoch(0));
  auto const upper = static_cast<std::uint64_t>(std::ranges::count_if(indices, [&](auto i) { return i >= n / 2; }));
  CHECK(statistics::chi_squared_p(std::vector<std::uint64_t>{draws - upper, upper},
                                  std::vector<double>{2.0 / 3, 1.0 / 3}) > statistics::threshold);
  CHECK(statistics::chi_squared_p(std::vector<std::uint64_t>{draws, 0}, std::vector<double>{2.0 / 3, 1.0 / 3}) == 0);
}

TEST_CASE("multinomial_sampler does not care about the scale or type of weights", "[multinomial]") {
  std::vector<int> const weights{3, 0, 1, 4, 1, 5};
  auto const expected = sampling::all(multinomial_sampler(weights, {.epoch_size = 500}).epoch(0));
  for (int const exponent : {-1000, -60, -1, 1, 20, 1000}) {
    std::vector<double> scaled;
    for (int const weight : weights) scaled.push_back(std::ldexp(weight, exponent));
    CHECK(sampling::all(multinomial_sampler(scaled, {.epoch_size = 500}).epoch(0)) == expected);
  }
  CHECK(
      sampling::all(multinomial_sampler(std::vector<std::uint64_t>{3, 0, 1, 4, 1, 5}, {.epoch_size = 500}).epoch(0)) ==
      expected);
  CHECK(sampling::all(multinomial_sampler({3, 0, 1, 4, 1, 5}, {.epoch_size = 500}).epoch(0)) == expected);
}

TEST_CASE("multinomial_sampler refuses bad weights", "[multinomial]") {
  std::vector<double> weights{1, 2, 3, -1};
  CHECK_THROWS_WITH(multinomial_sampler(weights),
                    "evendraw::multinomial_sampler: weights[3] is -1; every weight must be finite and >= 0");
  weights[3] = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_WITH(multinomial_sampler(weights),
                    "evendraw::multinomial_sampler: weights[3] is nan; every weight must be finite and >= 0");
  weights[3] = std::numeric_limits<double>::infinity();
  CHECK_THROWS_WITH(multinomial_sampler(weights),
                    "evendraw::multinomial_sampler: weights[3] is inf; every weight must be finite and >= 0");
  CHECK_THROWS_WITH(multinomial_sampler(std::vector<float>{}),
                    "evendraw::multinomial_sampler: weights is empty; give at least one weight");
  CHECK_THROWS_WITH(multinomial_sampler(std::vector<float>{0, 0}),
                    "evendraw::multinomial_sampler: all 2 weights are zero; at least one must be > 0");
  CHECK_THROWS_WITH(multinomial_sampler<std::uint8_t>(std::vector<float>(256, 1)),
                    "evendraw::multinomial_sampler: 256 samples do not fit into 8-bit indices; use "
                    "std::uint64_t as the index type: multinomial_sampler<std::uint64_t>(...)");
}

TEST_CASE("multinomial_sampler gives the golden draws", "[multinomial][golden]") {
  std::vector<double> weights;
  for (int i = 0; i < 1000; ++i) weights.push_back(i * i % 17 + 0.5);
  multinomial_sampler const sampler(weights, {.epoch_size = 1'000'000, .seed = 2026});
  CHECK(sampling::all(sampler.epoch(11).take(8)) == std::vector<std::uint32_t>{236, 81, 725, 667, 827, 548, 553, 450});
}

}  // namespace multinomial_sampler_test
