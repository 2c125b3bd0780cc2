#include <evendraw/samplers/weighted_without_replacement_sampler.hpp>

#include <cmath>
#include <limits>
#include <numeric>

#include <support/catch2.hpp>
#include <support/read_once.hpp>
#include <support/sampling.hpp>
#include <support/statistics.hpp>

namespace weighted_without_replacement_sampler_test {

using evendraw::exponential_key;
using evendraw::weighted_without_replacement_sampler;
using evendraw::when_exhausted;
using index_list = std::vector<std::uint32_t>;

namespace {

/// P(order): draw by weight, remove, and draw from the remaining samples.
double successive(index_list const& order, std::vector<double> const& weights) {
  double left = std::accumulate(weights.begin(), weights.end(), 0.0), result = 1;
  for (auto const i : order) {
    result *= weights[i] / left;
    left -= weights[i];
  }
  return result;
}

/// The p-value of the orders that draw(epoch) gives, against the law of successive draws of k of the weights.
template <class Draw>
double p_of_orders(std::vector<double> const& weights, std::size_t k, std::uint64_t epochs, Draw const& draw) {
  std::size_t const n = weights.size();
  auto const number = [n](index_list const& order) {
    std::size_t result = 0;
    for (auto const i : order) result = result * n + i;
    return result;
  };
  std::size_t cells = 1;
  for (std::size_t i = 0; i < k; ++i) cells *= n;
  std::vector<double> law(cells, 0);
  std::vector<std::uint64_t> seen(cells);
  index_list all(n);
  std::iota(all.begin(), all.end(), 0u);
  do {
    index_list const first(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(k));
    law[number(first)] = successive(first, weights);
  } while (std::next_permutation(all.begin(), all.end()));
  for (std::uint64_t e = 0; e < epochs; ++e) ++seen[number(draw(e))];
  return statistics::chi_squared_p(seen, law);
}

template <class Key>
index_list by_key(std::size_t n, std::size_t k, Key const& key) {
  index_list order(n);
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::sort(order, {}, key);
  order.resize(k);
  return order;
}

/// Weights of all sizes, some zero.
std::vector<double> mixed_weights(std::size_t n) {
  std::vector<double> weights;
  for (std::size_t i = 0; i < n; ++i) {
    weights.push_back(i % 7 == 3 ? 0 : std::ldexp(1.0 + static_cast<double>(i % 5), static_cast<int>(i % 11) - 5));
  }
  return weights;
}

}  // namespace

TEST_CASE("weighted_without_replacement_sampler equals its definition", "[without_replacement]") {
  for (std::size_t const n : {1u, 2u, 5u, 100u, 700u, 40'000u}) {
    auto const weights = mixed_weights(n);
    auto const key = [&](std::uint32_t i) { return exponential_key(8, 6, i, weights[i]); };
    auto const positives = static_cast<std::size_t>(std::ranges::count_if(weights, [](double w) { return w > 0; }));
    for (std::size_t const k : {std::size_t{1}, positives / 10, positives / 2, positives}) {
      if (k == 0) continue;
      CAPTURE(n, k);
      weighted_without_replacement_sampler const sampler(weights, {.epoch_size = k, .seed = 8});
      CHECK(sampling::all(sampler.epoch(6)) == by_key(n, k, key));
    }
  }
}

TEST_CASE("weighted_without_replacement_sampler draws by the law of successive draws", "[without_replacement]") {
  std::vector<double> const weights{4, 1, 3, 0.5};
  std::uint64_t const epochs = 100'000;
  for (std::size_t const k : {1u, 2u, 4u}) {
    weighted_without_replacement_sampler const sampler(weights, {.epoch_size = k, .seed = 3});
    CAPTURE(k);
    CHECK(p_of_orders(weights, k, epochs, [&](std::uint64_t e) { return sampling::all(sampler.epoch(e)); }) >
          statistics::threshold);

    auto const uniform = [](std::uint64_t e, std::uint32_t i) {
      return static_cast<double>((evendraw::random_word(e, i) >> 11) + 1) * 0x1p-53;
    };
    CHECK(p_of_orders(weights, k, epochs, [&](std::uint64_t e) {  // multiplied by the weight, not divided
            return by_key(4, k, [&](std::uint32_t i) { return -std::log(uniform(e, i)) * weights[i]; });
          }) < statistics::threshold);
    CHECK(p_of_orders(weights, k, epochs, [&](std::uint64_t e) {  // a uniform instead of an exponential number
            return by_key(4, k, [&](std::uint32_t i) { return uniform(e, i) / weights[i]; });
          }) < statistics::threshold);
    CHECK(p_of_orders(weights, k, epochs, [&](std::uint64_t e) {  // one weight 5 % heavy
            return by_key(
                4, k, [&](std::uint32_t i) { return -std::log(uniform(e, i)) / (weights[i] * (i == 2 ? 1.05 : 1)); });
          }) < statistics::threshold);
  }
}

TEST_CASE("weighted_without_replacement_sampler: inclusion probabilities are those of successive draws",
          "[without_replacement]") {
  weighted_without_replacement_sampler const sampler({2, 1, 1}, {.epoch_size = 2, .seed = 1});
  std::vector<std::uint64_t> left_out(3);
  for (std::uint64_t e = 0; e < 100'000; ++e) {
    auto const draws = sampler.epoch(e);
    ++left_out[3 - draws[0] - draws[1]];
  }
  CHECK(statistics::chi_squared_p(left_out, std::vector{1. / 6, 5. / 12, 5. / 12}) > statistics::threshold);
  CHECK(statistics::chi_squared_p(left_out, std::vector{0.16, 0.42, 0.42}) < statistics::threshold);
  CHECK(statistics::chi_squared_p(left_out, std::vector{0., 0.5, 0.5}) ==
        0);  // the twin: probabilities in proportion to the weights
}

TEST_CASE("weighted_without_replacement_sampler: a shorter epoch is the beginning of a longer one",
          "[without_replacement]") {
  // numpy#19760
  auto const weights = mixed_weights(50'000);
  auto const whole = sampling::all(weighted_without_replacement_sampler(weights, {.seed = 4}).epoch(2));
  for (std::uint64_t const k : {1u, 9u, 1000u, 10'000u, 30'000u, 42'000u}) {
    auto const part =
        sampling::all(weighted_without_replacement_sampler(weights, {.epoch_size = k, .seed = 4}).epoch(2));
    CHECK(part == index_list(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(k)));
  }
  CHECK(sampling::distinct(whole));
}

TEST_CASE("weighted_without_replacement_sampler never draws zero weights", "[without_replacement]") {
  auto const weights = mixed_weights(1000);
  weighted_without_replacement_sampler const sampler(weights);
  CHECK(sampler.num_samples() == 1000);
  CHECK(sampler.epoch_size() == 857);
  auto const drawn = sampling::draws_of_each(sampling::all(sampler.epoch(0)), 1000);
  bool right = true;
  for (std::size_t i = 0; i < 1000; ++i) right &= drawn[i] == (weights[i] > 0 ? 1 : 0);
  CHECK(right);
  CHECK(sampling::all(weighted_without_replacement_sampler({0, 0, 1e-320, 0}).epoch(9)) == index_list{2});
  std::vector<double> rare(100'000, 0);
  rare[0] = rare[99'999] = 1;
  rare[50'000] = 1e-300;
  auto const few = sampling::all(weighted_without_replacement_sampler(rare).epoch(0));
  CHECK(few.size() == 3);
  CHECK(few[2] == 50'000);
}

TEST_CASE("weighted_without_replacement_sampler with more draws than positive weights", "[without_replacement]") {
  std::vector<float> const weights{1, 0, 2, 0, 3};
  CHECK_THROWS_WITH(weighted_without_replacement_sampler(weights, {.epoch_size = 4}),
                    "evendraw::weighted_without_replacement_sampler: epoch_size is 4, but only 3 weights are positive; "
                    "lower it, or let the epoch end there: .on_exhausted = evendraw::when_exhausted::stop");
  weighted_without_replacement_sampler const stops(weights, {.epoch_size = 4, .on_exhausted = when_exhausted::stop});
  CHECK(stops.epoch_size() == 3);
  CHECK(sampling::all(stops.epoch(5)) == sampling::all(weighted_without_replacement_sampler(weights).epoch(5)));
  weighted_without_replacement_sampler const fewer(weights, {.epoch_size = 2, .on_exhausted = when_exhausted::stop});
  CHECK(fewer.epoch_size() == 2);
}

TEST_CASE("weighted_without_replacement_sampler with weights of every size", "[without_replacement]") {
  double const tiny = std::numeric_limits<double>::denorm_min(), huge = std::numeric_limits<double>::max();
  weighted_without_replacement_sampler const apart({tiny, 1e-300, 1, 1e200, huge}, {.seed = 2});
  bool in_order = true;
  for (std::uint64_t e = 0; e < 1000; ++e) in_order &= sampling::all(apart.epoch(e)) == index_list{4, 3, 2, 1, 0};
  CHECK(in_order);
  // A ratio of 2 among denormals, next to a weight 2^2000 times as large.
  weighted_without_replacement_sampler const close({tiny, 2 * tiny, 0x1p926}, {.seed = 2});
  std::vector<std::uint64_t> second(3);
  for (std::uint64_t e = 0; e < 50'000; ++e) ++second[close.epoch(e)[1]];
  CHECK(statistics::chi_squared_p(second, std::vector{1. / 3, 2. / 3, 0.}) > statistics::threshold);
  CHECK(statistics::chi_squared_p(second, std::vector{0.35, 0.65, 0.}) < statistics::threshold);
}

TEST_CASE("weighted_without_replacement_sampler does not care about the scale or type of weights",
          "[without_replacement]") {
  std::vector<int> const weights{3, 0, 1, 4, 1, 5, 9, 2, 6};
  auto const expected = sampling::all(weighted_without_replacement_sampler(weights).epoch(0));
  for (int const exponent : {-1074, -1000, -60, -1, 1, 20, 1000}) {
    std::vector<double> scaled;
    for (int const weight : weights) scaled.push_back(std::ldexp(weight, exponent));
    CHECK(sampling::all(weighted_without_replacement_sampler(scaled).epoch(0)) == expected);
  }
  CHECK(sampling::all(
            weighted_without_replacement_sampler(std::vector<long double>(weights.begin(), weights.end())).epoch(0)) ==
        expected);
  CHECK(sampling::all(weighted_without_replacement_sampler(ranges_for_tests::read_once(weights)).epoch(0)) == expected);
  CHECK(sampling::all(weighted_without_replacement_sampler({3, 0, 1, 4, 1, 5, 9, 2, 6}).epoch(0)) == expected);
  CHECK(sampling::all(weighted_without_replacement_sampler<std::uint8_t>(weights).epoch(0)) ==
        std::vector<std::uint8_t>(expected.begin(), expected.end()));
}

TEST_CASE("weighted_without_replacement_sampler with equal weights is a plain shuffle", "[without_replacement]") {
  std::vector<double> const weights(4, 0.3);
  weighted_without_replacement_sampler const sampler(weights, {.seed = 5});
  CHECK(p_of_orders(weights, 4, 100'000, [&](std::uint64_t e) { return sampling::all(sampler.epoch(e)); }) >
        statistics::threshold);
}

TEST_CASE("weighted_without_replacement_sampler: parts of the data merge into its epoch", "[without_replacement]") {
  auto const weights = mixed_weights(3000);
  std::uint64_t const seed = 77, epoch = 5, k = 500;
  using keyed = std::pair<std::uint64_t, std::uint32_t>;
  std::vector<keyed> merged;
  for (std::uint32_t rank = 0; rank < 3; ++rank) {  // each rank has every third sample and sends its k smallest keys
    std::vector<keyed> own;
    for (std::uint32_t i = rank; i < weights.size(); i += 3)
      own.emplace_back(exponential_key(seed, epoch, i, weights[i]), i);
    std::ranges::sort(own);
    own.resize(k);
    merged.insert(merged.end(), own.begin(), own.end());
  }
  std::ranges::sort(merged);
  index_list drawn;
  for (std::size_t i = 0; i < k; ++i) drawn.push_back(merged[i].second);
  weighted_without_replacement_sampler const sampler(weights, {.epoch_size = k, .seed = seed});
  CHECK(drawn == sampling::all(sampler.epoch(epoch)));
  CHECK(drawn != sampling::all(sampler.epoch(epoch + 1)));
}

TEST_CASE("weighted_without_replacement_sampler: epochs outlive the sampler and share their order",
          "[without_replacement]") {
  auto const weights = mixed_weights(2000);
  auto const draws = weighted_without_replacement_sampler(weights, {.seed = 1}).epoch(3);
  auto const all = sampling::all(weighted_without_replacement_sampler(weights, {.seed = 1}).epoch(3));
  CHECK(sampling::all(draws) == all);
  auto const third = sampling::all(draws.shard(1, 3));
  bool same = third.size() == (all.size() + 1) / 3;
  for (std::size_t i = 0; i < third.size(); ++i) same &= third[i] == all[1 + 3 * i];
  CHECK(same);
}

TEST_CASE("weighted_without_replacement_sampler refuses bad weights", "[without_replacement]") {
  std::vector<double> weights{1, 2, 3, -1};
  CHECK_THROWS_WITH(
      weighted_without_replacement_sampler(weights),
      "evendraw::weighted_without_replacement_sampler: weights[3] is -1; every weight must be finite and >= 0");
  weights[3] = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_WITH(
      weighted_without_replacement_sampler(weights),
      "evendraw::weighted_without_replacement_sampler: weights[3] is nan; every weight must be finite and >= 0");
  weights[3] = std::numeric_limits<double>::infinity();
  CHECK_THROWS_WITH(
      weighted_without_replacement_sampler(weights),
      "evendraw::weighted_without_replacement_sampler: weights[3] is inf; every weight must be finite and >= 0");
  CHECK_THROWS_WITH(weighted_without_replacement_sampler(std::vector<float>{}),
                    "evendraw::weighted_without_replacement_sampler: weights is empty; give at least one weight");
  CHECK_THROWS_WITH(weighted_without_replacement_sampler(std::vector<float>{0, 0}),
                    "evendraw::weighted_without_replacement_sampler: all 2 weights are zero; at least one must be > 0");
  CHECK_THROWS_WITH(weighted_without_replacement_sampler<std::uint8_t>(std::vector<float>(256, 1)),
                    "evendraw::weighted_without_replacement_sampler: 256 samples do not fit into 8-bit indices; use "
                    "std::uint64_t as the index type: weighted_without_replacement_sampler<std::uint64_t>(...)");
}

TEST_CASE("weighted_without_replacement_sampler has a fingerprint of its own", "[without_replacement]") {
  std::vector<double> const weights{1, 2, 3};
  std::vector const prints{
      weighted_without_replacement_sampler(weights).fingerprint(),
      weighted_without_replacement_sampler(weights, {.seed = 1}).fingerprint(),
      weighted_without_replacement_sampler(weights, {.epoch_size = 2}).fingerprint(),
      weighted_without_replacement_sampler({1, 2, 4}).fingerprint(),
      weighted_without_replacement_sampler({1, 3, 2}).fingerprint(),
  };
  CHECK(sampling::distinct(prints));
  CHECK(weighted_without_replacement_sampler({1, 2, 3}).fingerprint() == prints[0]);
}

TEST_CASE("weighted_without_replacement_sampler gives the golden draws", "[without_replacement][golden]") {
  std::vector<double> weights;
  for (int i = 0; i < 50'000; ++i) weights.push_back(i % 17 + 0.5);
  weighted_without_replacement_sampler const few(weights, {.epoch_size = 500, .seed = 2026});
  weighted_without_replacement_sampler const all(weights, {.seed = 2026});
  CHECK(sampling::all(few.epoch(11).take(8)) == index_list{36889, 8615, 14815, 24596, 40982, 2356, 31150, 30053});
  CHECK(sampling::all(few.epoch(11).drop(492)) == index_list{34440, 23609, 35661, 45789, 41835, 20971, 14821, 9934});
  CHECK(sampling::all(all.epoch(11).drop(49'992)) == index_list{23783, 40358, 26503, 10081, 28322, 46308, 2142, 9265});
}

}  // namespace weighted_without_replacement_sampler_test
