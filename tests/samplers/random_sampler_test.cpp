// The plain samplers: random_sampler and sequential_sampler.
#include <evendraw/evendraw.hpp>

#include <numeric>

#include <support/catch2.hpp>
#include <support/sampling.hpp>
#include <support/statistics.hpp>

namespace random_sampler_test {

TEST_CASE("sequential_sampler gives every index in order", "[sequential]") {
  evendraw::sequential_sampler const sampler(1000);
  std::vector<std::uint32_t> expected(1000);
  std::iota(expected.begin(), expected.end(), 0u);
  CHECK(sampling::all(sampler.epoch(0)) == expected);
  CHECK(sampling::all(sampler.epoch(9)) == expected);
  CHECK(sampler.epoch(0)[999] == 999);
  CHECK_THROWS_WITH(evendraw::sequential_sampler(0),
                    "evendraw::sequential_sampler: num_samples is 0; give at least one sample");
  CHECK_THROWS_WITH(
      evendraw::sequential_sampler<std::uint8_t>(256),
      "evendraw::sequential_sampler: 256 samples do not fit into 8-bit indices; use std::uint64_t as the index type: "
      "sequential_sampler<std::uint64_t>(...)");
  evendraw::sequential_sampler<std::uint64_t> const huge(std::uint64_t{1} << 40);
  CHECK(huge.epoch(0)[(std::uint64_t{1} << 40) - 1] == (std::uint64_t{1} << 40) - 1);
}

TEST_CASE("random_sampler gives every sample once an epoch", "[random]") {
  for (std::uint64_t const n : {1u, 2u, 3u, 12u, 13u, 31u, 32u, 33u, 255u, 256u, 257u, 1000u, 4096u, 4097u, 100'000u}) {
    auto const drawn = sampling::draws_of_each(sampling::all(evendraw::random_sampler(n).epoch(n)), n);
    CAPTURE(n);
    CHECK(std::ranges::count(drawn, std::uint64_t{1}) == static_cast<std::ptrdiff_t>(n));
  }
}

TEST_CASE("random_sampler with short epochs covers all samples in each cycle", "[random]") {
  for (std::uint64_t const n : {5u, 12u, 100u, 257u}) {
    for (std::uint64_t const m : {std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{3}, n / 2, n - 1}) {
      evendraw::random_sampler const sampler(n, {.epoch_size = m, .seed = 1});
      std::uint64_t const cover = sampler.epochs_to_cover();
      bool good = cover == (n + m - 1) / m;
      for (std::uint64_t cycle = 0; cycle < 3; ++cycle) {
        std::vector<std::uint64_t> drawn(n);
        for (std::uint64_t e = 0; e < cover; ++e) {
          auto const epoch = sampling::all(sampler.epoch(cycle * cover + e));
          good &= epoch.size() == m && sampling::distinct(epoch);
          for (auto const index : epoch) ++drawn[index];
        }
        good &= *std::ranges::min_element(drawn) == 1 && *std::ranges::max_element(drawn) <= 2;
      }
      CAPTURE(n, m);
      CHECK(good);
    }
  }
}

TEST_CASE("random_sampler gives all orders and all short epochs equally often", "[random]") {
  std::vector<std::uint64_t> orders(256), subsets(32);
  std::vector<double> order_law(256, 0), subset_law(32, 0);
  for (std::uint64_t e = 0; e < 50'000; ++e) {
    auto const order = sampling::all(evendraw::random_sampler(4, {.seed = 3}).epoch(e));
    ++orders[order[0] + order[1] * 4 + order[2] * 16 + order[3] * 64];
    auto const two = sampling::all(evendraw::random_sampler(5, {.epoch_size = 2, .seed = e}).epoch(1));
    ++subsets[(1u << two[0]) + (1u << two[1])];
  }
  for (std::size_t code = 0; code < 256; ++code) {
    if (sampling::distinct(std::vector{code & 3, code >> 2 & 3, code >> 4 & 3, code >> 6})) order_law[code] = 1.0 / 24;
  }
  for (unsigned set = 0; set < 32; ++set) subset_law[set] = std::popcount(set) == 2 ? 0.1 : 0;
  CHECK(statistics::chi_squared_p(orders, order_law) > statistics::threshold);
  CHECK(statistics::chi_squared_p(subsets, subset_law) > statistics::threshold);

  // The classic mistake: a shuffle that exchanges each place with any other, not only with the remaining ones.
  std::vector<std::uint64_t> wrong(256);
  for (std::uint64_t seed = 0; seed < 50'000; ++seed) {
    std::vector<std::size_t> order{0, 1, 2, 3};
    for (std::uint64_t i = 0; i < 4; ++i)
      std::swap(order[i], order[evendraw::bounded(evendraw::random_word(seed, i), 4)]);
    ++wrong[order[0] + order[1] * 4 + order[2] * 16 + order[3] * 64];
  }
  CHECK(statistics::chi_squared_p(wrong, order_law) < statistics::threshold);
}

TEST_CASE("random_sampler refuses sizes that a shuffle cannot have", "[random]") {
  CHECK_THROWS_WITH(evendraw::random_sampler(0),
                    "evendraw::random_sampler: num_samples is 0; give at least one sample");
  CHECK_THROWS_WITH(evendraw::random_sampler(10, {.epoch_size = 11}),
                    "evendraw::random_sampler: epoch_size is 11 and there are 10 samples; a shuffle draws each once; "
                    "to repeat samples, use multinomial_sampler with equal weights");
  CHECK_THROWS_AS(evendraw::random_sampler<std::uint16_t>(65'536), std::invalid_argument);
  std::uint64_t const most = std::uint64_t{1} << 63;
  CHECK_THROWS_WITH(evendraw::random_sampler<std::uint64_t>(most + 1, {.epoch_size = 10}),
                    "evendraw::random_sampler: 9223372036854775809 samples; at most 2^63 can be shuffled");
  CHECK(evendraw::random_sampler<std::uint64_t>(most, {.epoch_size = 10}).epoch(5)[9] < most);
  CHECK_NOTHROW(evendraw::random_sampler<std::uint16_t>(65'535));
  CHECK_THROWS_WITH(evendraw::random_sampler<std::uint64_t>(std::uint64_t{1} << 63),
                    "evendraw::random_sampler: an epoch of 9223372036854775808 draws; at most 2^63 - 1 can be counted");
}

TEST_CASE("random_sampler takes any number of samples at no cost", "[random]") {
  evendraw::random_sampler<std::uint64_t> const huge(std::uint64_t{1} << 40, {.seed = 1});
  auto const drawn = sampling::all(huge.epoch(0).drop((std::uint64_t{1} << 40) - 1000));
  CHECK(drawn.size() == 1000);
  CHECK(sampling::distinct(drawn));
  CHECK(std::ranges::all_of(drawn, [](std::uint64_t index) { return index < std::uint64_t{1} << 40; }));
}

TEST_CASE("random_sampler gives the golden draws", "[random][golden]") {
  using golden = std::vector<std::uint64_t>;
  auto const draws = [](std::uint64_t n) {
    return sampling::all(evendraw::random_sampler<std::uint64_t>(n, {.seed = 2026}).epoch(11).take(6));
  };
  CHECK(draws(10) == golden{1, 9, 7, 0, 8, 4});
  CHECK(draws(60) == golden{13, 6, 51, 29, 8, 36});
  CHECK(draws(1000) == golden{736, 995, 251, 909, 452, 634});
  CHECK(draws(1'000'000) == golden{322091, 170639, 682749, 719053, 462637, 513344});
  CHECK(draws(std::uint64_t{1} << 40) ==
        golden{201278819894, 796309008266, 840439618700, 353801731416, 629833711978, 736460197023});
}

}  // namespace random_sampler_test
