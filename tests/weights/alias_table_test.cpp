#include <algorithm>
#include <array>
#include <cfloat>
#include <cmath>
#include <deque>
#include <functional>
#include <limits>
#include <list>
#include <numeric>
#include <random>
#include <span>
#include <string>
#include <vector>

#include <support/catch2.hpp>
#include <support/read_once.hpp>
#include <support/statistics.hpp>
#include <support/words.hpp>

#include <evendraw/weights/alias_table.hpp>

namespace alias_table_test {

using evendraw::alias_table;
using evendraw::random_word;
using ranges_for_tests::read_once;
using weights_type = std::vector<double>;
using numbers = std::vector<std::uint64_t>;

namespace {

constexpr std::uint64_t slot_size = std::uint64_t{1} << 32;
constexpr double infinity = std::numeric_limits<double>::infinity(),
                 not_a_number = std::numeric_limits<double>::quiet_NaN();

/// A random number in [0, 1).
double unit(std::uint64_t seed, std::uint64_t i) { return static_cast<double>(random_word(seed, i) >> 11) * 0x1p-53; }

weights_type make_weights(std::uint64_t n, auto weight) {
  weights_type result;
  for (std::uint64_t i = 0; i < n; ++i) result.push_back(weight(i));
  return result;
}

weights_type sorted(weights_type weights, bool falling) {
  std::ranges::sort(weights);
  if (falling) std::ranges::reverse(weights);
  return weights;
}

struct named_weights {
  std::string name;
  weights_type weights;
};

/// Kinds of weights on which alias tables have failed.
std::vector<named_weights> adversarial(std::uint64_t n, std::uint64_t seed) {
  auto const fraction = [n](std::uint64_t i) { return static_cast<double>(i + 1) / static_cast<double>(n); };
  auto const exponent = [seed](std::uint64_t i, int up_to) {
    return static_cast<int>(random_word(seed, i) % static_cast<unsigned>(up_to));
  };
  std::vector<named_weights> result{
      {"random", make_weights(n, [&](auto i) { return unit(seed, i) + 1e-9; })},
      {"random with zeros",
       make_weights(n, [&](auto i) { return i > 0 && random_word(seed, i) % 3 == 0 ? 0 : unit(seed, i) + 1e-9; })},
      {"mostly zeros",
       make_weights(n,
                    [&](auto i) { return i == n / 2 || random_word(seed, i) % 20 == 0 ? unit(seed, i) + 1e-9 : 0; })},
      {"small integers", make_weights(n, [&](auto i) { return static_cast<double>(1 + random_word(seed, i) % 7); })},
      {"equal", make_weights(n, [](auto) { return 0.1; })},
      {"two values", make_weights(n, [](auto i) { return i % 2 == 0 ? 1.0 : 3.0; })},
      {"two values, halves", make_weights(n, [n](auto i) { return i < n / 2 ? 1.0 : 1e-6; })},
      {"rising", make_weights(n, [&](auto i) { return fraction(i); })},
      {"falling", make_weights(n, [&](auto i) { return fraction(n - 1 - i); })},
      {"power law", make_weights(n, [](auto i) { return std::pow(static_cast<double>(i + 1), -1.5); })},
      {"power law, shuffled", make_weights(n, [&](auto i) { return std::pow(unit(seed, i) + 1e-9, -1.5); })},
      {"zeros first", make_weights(n, [&](auto i) { return i < n / 2 ? 0 : unit(seed, i) + 1e-9; })},
      {"zeros last", make_weights(n, [&](auto i) { return i < (n + 1) / 2 ? unit(seed, i) + 1e-9 : 0; })},
      {"equal except one zero", make_weights(n, [n](auto i) { return i == n / 2 && n > 1 ? 0.0 : 1.0; })},
      {"the mean, and behind that less and more",
       make_weights(n, [n](auto i) { return i < (n + 1) / 2 ? 2.0
                                            : i % 2 == 0    ? 1.0
                                                            : 3.0; })},
      {"sorted", sorted(make_weights(n, [&](auto i) { return std::pow(unit(seed, i) + 1e-9, -1.5); }), false)},
      {"sorted, the heaviest first",
       sorted(make_weights(n, [&](auto i) { return std::pow(unit(seed, i) + 1e-9, -1.5); }), true)},
      {"one heavy, first", make_weights(n, [](auto i) { return i == 0 ? 1e9 : 1.0; })},
      {"one heavy, last", make_weights(n, [n](auto i) { return i == n - 1 ? 1e9 : 1.0; })},
      {"one overwhelming", make_weights(n, [n](auto i) { return i == n / 2 ? 1e300 : 1e-300; })},
      {"one light", make_weights(n, [n](auto i) { return i == n / 2 ? 1e-300 : 1.0; })},
      {"all exponents",
       make_weights(n, [&](auto i) { return std::ldexp(1 + unit(~seed, i), exponent(i, 2000) - 1000); })},
      {"near the largest double",
       make_weights(n, [&](auto i) { return std::ldexp(1 + unit(~seed, i), 1023 - exponent(i, 3)); })},
      {"denormals",
       make_weights(n, [&](auto i) { return DBL_TRUE_MIN * static_cast<double>(1 + random_word(seed, i) % 9); })},
      {"denormals beside 1e300", make_weights(n, [](auto i) { return i % 3 == 0 ? 1e300 : DBL_TRUE_MIN; })},
  };
  return result;
}

/// The total variation distance between normalised shares and normalised weights.
long double total_variation(std::span<std::uint64_t const> shares, weights_type const& weights) {
  double const top = std::ranges::max(weights);  // sums of weights beside the largest cannot overflow
  long double sum = 0, distance = 0;
  for (double const weight : weights) sum += static_cast<long double>(weight) / top;
  auto const total = static_cast<long double>(std::accumulate(shares.begin(), shares.end(), std::uint64_t{0}));
  for (std::size_t i = 0; i < weights.size(); ++i) {
    distance +=
        std::fabs(static_cast<long double>(shares[i]) / total - static_cast<long double>(weights[i]) / top / sum);
  }
  return distance / 2;
}

/// The smallest word that falls into slot i.
std::uint64_t first_word_of(std::uint64_t i, std::uint64_t n) {
  if (i == 0) return 0;
  std::uint64_t w = ~std::uint64_t{0} / n * i;
  while (evendraw::bounded(w, n) < i) ++w;
  return w;
}

/// The smallest word that falls into slot i with this fraction.
std::uint64_t word_with(std::uint64_t i, std::uint64_t fraction, std::uint64_t n) {
  return evendraw::detail::divide(evendraw::detail::add({i, fraction << 32}, {0, n - 1}), n);
}

/// The shares, computed from the slots and the law of at(). shares() should give the same.
std::vector<std::uint64_t> rebuilt(alias_table const& table) {
  std::vector<std::uint64_t> result(table.slots().size());
  for (std::size_t i = 0; i < result.size(); ++i) {
    auto const [threshold, alias] = table.slots()[i];
    result.at(i) += threshold;
    result.at(alias) += slot_size - threshold;
  }
  return result;
}

double draws_p(auto draw, weights_type const& weights, std::uint64_t draws) {
  std::vector<std::uint64_t> seen(weights.size());
  for (std::uint64_t i = 0; i < draws; ++i) ++seen[draw(random_word(2024, i))];
  double const sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  weights_type probability = weights;
  for (double& p : probability) p /= sum;
  return statistics::chi_squared_p(seen, probability);
}

bool same_slots(alias_table const& a, alias_table const& b) { return std::ranges::equal(a.slots(), b.slots()); }

weights_type scaled(weights_type weights, int exponent) {
  for (double& weight : weights) weight = std::ldexp(weight, exponent);
  return weights;
}

}  // namespace

TEST_CASE("alias_table: the table has the shares of the weights", "[alias_table]") {
  for (auto const n : numbers{1, 2, 3, 4, 5, 7, 10, 16, 31, 100, 511, 512, 513, 1024, 4097, 100'003}) {
    for (auto const& [name, weights] : adversarial(n, n)) {
      alias_table const table(weights);
      auto const shares = table.shares();
      std::size_t leaks = 0, lost = 0, unreachable = 0;
      for (std::size_t i = 0; i < n; ++i) {
        leaks += weights[i] == 0 && shares[i] != 0;
        lost += weights[i] > 0 && shares[i] == 0;
        if (n <= 1000) unreachable += weights[i] > 0 && table.at(first_word_of(i, n)) != i;
      }
      CAPTURE(n, name);
      CHECK(table.size() == n);
      CHECK(std::accumulate(shares.begin(), shares.end(), std::uint64_t{0}) == n * slot_size);
      CHECK(leaks == 0);
      CHECK(lost == 0);
      CHECK(unreachable == 0);
      CHECK(shares == rebuilt(table));
      CHECK(total_variation(shares, weights) <= 0x1p-32L);
    }
  }
}

TEST_CASE("alias_table: the check rejects weights normalised in float", "[alias_table]") {
  auto const weights = make_weights(1000, [](auto i) { return unit(1, i); });
  auto const sum = static_cast<float>(std::accumulate(weights.begin(), weights.end(), 0.0));
  auto const rounded =
      make_weights(1000, [&](auto i) { return static_cast<double>(static_cast<float>(weights[i]) / sum); });
  CHECK(total_variation(alias_table(weights).shares(), weights) <= 0x1p-32L);
  CHECK(total_variation(alias_table(rounded).shares(), weights) > 0x1p-32L);
}

/// The number of shares that are not the integer nearest to the exact share, or 1 if that is 0. The heaviest share is not
/// counted: it absorbs the errors of the others.
std::size_t not_nearest(std::span<std::uint64_t const> shares, weights_type const& weights) {
  auto const heaviest = static_cast<std::size_t>(std::ranges::max_element(weights) - weights.begin());
  long double const top = weights[heaviest];
  long double sum = 0;
  for (double const weight : weights) sum += static_cast<long double>(weight) / top;
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    long double const exact =
        static_cast<long double>(weights[i]) / top / sum * (static_cast<long double>(weights.size()) * 0x1p32L);
    if (i == heaviest) continue;
    if (exact < 0.499L) {
      wrong += shares[i] != (weights[i] > 0 ? 1u : 0u);
    } else {
      wrong += std::fabs(static_cast<long double>(shares[i]) - exact) > 0.501L;
    }
  }
  return wrong;
}

TEST_CASE("alias_table: each share is the nearest integer", "[alias_table]") {
  for (auto const n : numbers{1, 2, 3, 13, 1000, 5003}) {
    for (auto const& [name, weights] : adversarial(n, 3 + n)) {
      CAPTURE(n, name);
      CHECK(not_nearest(alias_table(weights).shares(), weights) == 0);
    }
  }
  weights_type const weights{1, 2, 3, 5};  // the check notices an error of one unit, except in the heaviest share
  auto shares = alias_table(weights).shares();
  for (std::size_t i = 0; i < 4; ++i) {
    for (int const change : {-1, 1}) {
      auto wrong = shares;
      wrong[i] += static_cast<std::uint64_t>(change);
      CHECK(not_nearest(wrong, weights) == (i < 3 ? 1 : 0));
    }
  }
}

TEST_CASE("alias_table: equal shares are equal to the last bit, for any number of weights", "[alias_table]") {
  std::uint64_t const top = std::uint64_t{1} << 63;
  for (auto const n : numbers{1, 2, 3, 7, 1000, 0x7fffffff, 0x80000000, 0x80000001, 0xffffffff}) {
    evendraw::detail::weight_scale scale(0.1);
    auto const x = scale.fixed_point(0.1);
    scale.set_sum(evendraw::detail::multiply(x, n), n);
    CAPTURE(n);
    CHECK(scale.share(x) == slot_size);
    CHECK(scale.share(scale.fixed_point(0.05)) == slot_size / 2);
    CHECK(scale.share(scale.fixed_point(1e-300)) == 1);
    CHECK(scale.share(scale.fixed_point(0)) == 0);

    evendraw::detail::weight_scale overwhelmed(1.0);  // one weight is nearly all
    overwhelmed.set_sum({0, top + n - 1}, n);
    CHECK(overwhelmed.share(top) <= n * slot_size);
    CHECK(overwhelmed.share(top) >= n * slot_size - 4 * n);
    CHECK(overwhelmed.share(1) <= 3);
  }
}

TEST_CASE("alias_table: any number of threads builds the same table", "[alias_table][threads]") {
  for (auto const n : numbers{1, 2, 3, 1000, 65'537, 250'009}) {
    for (auto const& [name, weights] : adversarial(n, n + 1)) {
      alias_table const table(weights);
      CAPTURE(n, name);
      CHECK(total_variation(table.shares(), weights) <= 0x1p-32L);
      for (unsigned const threads : {0u, 2u, 3u, 7u}) {
        CHECK(same_slots(alias_table(weights, {.threads = threads}), table));
      }
    }
  }
  std::vector<double> const weights(250'009, 1);
  CHECK(evendraw::detail::quantiser<double>("", weights, 7).threads() == 7);  // 7 threads are really used
  CHECK(evendraw::detail::quantiser<double>("", weights, 1000).threads() < 10);
}

TEST_CASE("alias_table: any number of threads names the first bad weight", "[alias_table][threads]") {
  std::size_t const n = 250'009;
  for (std::size_t const first : {std::size_t{0}, std::size_t{511}, n / 2, n - 1}) {
    std::vector<float> weights(n, 1);
    for (std::size_t i = first + 1; i < n; i += 50'001) weights[i] = std::numeric_limits<float>::infinity();
    weights[first] = -1;
    for (unsigned const threads : {1u, 2u, 3u, 7u}) {
      CHECK_THROWS_WITH(
          alias_table(weights, {.threads = threads}),
          "evendraw::alias_table: weights[" + std::to_string(first) + "] is -1; every weight must be finite and >= 0");
    }
  }
  CHECK_THROWS_WITH(alias_table(std::vector<float>(n), {.threads = 3}),
                    "evendraw::alias_table: all 250009 weights are zero; at least one must be > 0");
}

TEST_CASE("alias_table: over a grid of words every index comes exactly as often as its weight says", "[alias_table]") {
  // n and the sum are powers of two, so that shares and grid cells are whole.
  auto const check = [](weights_type const& weights, auto draw) {
    auto const n = static_cast<double>(weights.size()), sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    std::vector<std::uint64_t> count(weights.size());
    std::uint64_t const cells = 1 << 16;
    for (std::uint64_t i = 0; i < cells; ++i) ++count[draw(words::middle(i, cells))];
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < weights.size(); ++i)
      wrong += static_cast<double>(count[i]) != weights[i] / sum * (1 << 16);
    CAPTURE(n);
    return wrong;
  };
  for (weights_type const& weights : {weights_type{1},
                                      {1, 1},
                                      {1, 3},
                                      {0, 1},
                                      {1, 0},
                                      {5, 3},
                                      {1, 2, 5, 8},
                                      {0, 0, 7, 9},
                                      {13, 1, 1, 1},
                                      {1, 1, 1, 1},
                                      {0, 3, 0, 0, 1, 0, 28, 0},
                                      {1, 2, 3, 4, 5, 6, 11, 0},
                                      {0, 0, 0, 0, 0, 0, 0, 4}}) {
    alias_table const table(weights);
    CAPTURE(weights);
    CHECK(check(weights, [&](std::uint64_t w) { return table.at(w); }) == 0);
  }
  weights_type const weights{1, 2, 5, 8};
  alias_table const table(weights);
  auto const swapped = [&](std::uint64_t w) -> std::uint64_t {  // a twin that exchanges own index and alias
    auto const [slot, remainder] = evendraw::detail::multiply(w, 4);
    auto const [threshold, alias] = table.slots()[slot];
    return remainder >> 32 < threshold ? alias : slot;
  };
  CHECK(check(weights, swapped) > 0);
}

TEST_CASE("alias_table: on a grid of words, counts agree with the slots to one cell a slot", "[alias_table]") {
  for (auto const n : numbers{1, 2, 3, 5, 6, 7, 10, 13}) {
    for (auto const& [name, weights] : adversarial(n, 50 + n)) {
      alias_table const table(weights);
      std::uint64_t const per_slot = 1 << 12;
      std::vector<std::uint64_t> count(n);
      for (std::uint64_t i = 0; i < n * per_slot; ++i) ++count[table.at(words::middle(i, n * per_slot))];
      auto const shares = table.shares();
      bool near = true;
      for (std::size_t i = 0; i < n; ++i) {
        double const expected =
            static_cast<double>(shares[i]) / static_cast<double>(slot_size) * static_cast<double>(per_slot);
        near &= std::fabs(static_cast<double>(count[i]) - expected) <= static_cast<double>(n);
        near &= shares[i] > 0 || count[i] == 0;
      }
      CAPTURE(n, name);
      CHECK(near);
    }
  }
}

TEST_CASE("alias_table: a block of words gives the same as single words, around every threshold", "[alias_table]") {
  for (std::size_t const n : {1u, 2u, 7u, 170u}) {
    alias_table const table(make_weights(n, [](auto i) { return i % 3 == 1 ? 0 : 1 + unit(4, i); }));
    evendraw::detail::block_of<std::uint64_t> words{};
    std::vector<std::uint64_t> alone;
    int up_to_threshold = 0;
    for (std::size_t i = 0; i < n; ++i) {
      auto const [threshold, alias] = table.slots()[i];
      for (std::uint64_t const fraction : {std::max(threshold, 1u) - 1, threshold, std::min(threshold, ~1u) + 1}) {
        words[alone.size()] = word_with(i, fraction, n);
        REQUIRE(evendraw::detail::multiply(words[alone.size()], n).high == i);
        REQUIRE(evendraw::detail::multiply(words[alone.size()], n).low >> 32 == fraction);
        alone.push_back(table.at(words[alone.size()]));
        up_to_threshold += (fraction <= threshold ? i : alias) != alone.back();
      }
    }
    std::vector<std::uint32_t> together(alone.size());
    table.at(words, std::span(together));
    CHECK(std::ranges::equal(together, alone));
    CHECK((up_to_threshold > 0) == (n > 1));  // the check notices another comparison
  }
}

TEST_CASE("alias_table: a zero weight is never drawn, wherever it stands", "[alias_table]") {
  std::uint64_t const largest = ~std::uint64_t{0};
  for (weights_type const& weights :
       {weights_type{0, 1}, {1, 0}, {0, 1, 0}, {0, 0, 1, 2, 0, 0}, {0, 1e-300, 1e300, 0}, {-0.0, 1, -0.0}}) {
    alias_table const table(weights);
    CAPTURE(weights);
    CHECK(weights[table.at(0)] > 0);
    CHECK(weights[table.at(largest)] > 0);
    int drawn = 0;
    for (std::uint64_t i = 0; i < 100'000; ++i) drawn += weights[table.at(random_word(1, i))] == 0;
    for (std::uint64_t i = 0; i < weights.size(); ++i) {  // both ends of every slot
      auto const first = first_word_of(i, weights.size());
      drawn += weights[table.at(first)] == 0;
      drawn += weights[table.at(first - 1)] == 0;
    }
    CHECK(drawn == 0);
  }
}

TEST_CASE("alias_table: one weight of 1e-300 among 100000 ones can be drawn", "[alias_table]") {
  weights_type weights(100'000, 1);
  weights[77'777] = 1e-300;
  alias_table const table(weights);
  CHECK(table.shares()[77'777] == 1);
  CHECK(table.at(first_word_of(77'777, 100'000)) == 77'777);
}

TEST_CASE("alias_table: weights whose sum exceeds the range of double", "[alias_table]") {
  alias_table const table({1e308, 1e308, DBL_MAX, 0.5e308});
  CHECK(total_variation(table.shares(), {1e308, 1e308, DBL_MAX, 0.5e308}) <= 0x1p-32L);
  CHECK(alias_table({DBL_MAX, DBL_MAX}).shares() == std::vector<std::uint64_t>{slot_size, slot_size});
}

TEST_CASE("alias_table: weights times a power of two are the same weights", "[alias_table]") {
  for (auto const n : numbers{1, 2, 10, 1000}) {
    for (auto const& example : adversarial(n, 7)) {
      auto const& weights = example.weights;
      auto const [least, most] =
          std::ranges::minmax(make_weights(n, [&](auto i) { return weights[i] > 0 ? weights[i] : 1; }));
      alias_table const table(weights);
      // down to where the smallest weight is the smallest normal number, up to the largest exponent
      for (int const exponent :
           {-std::ilogb(least) - 1022, -std::ilogb(least) / 2, -1, 1, 3, -std::ilogb(most), 1023 - std::ilogb(most)}) {
        if (std::min(0, exponent) + std::ilogb(least) < -1022 || std::ilogb(most) + exponent > 1023) continue;
        if (same_slots(alias_table(scaled(weights, exponent)), table)) continue;
        CAPTURE(n, example.name, exponent);
        FAIL_CHECK();
      }
    }
  }
  SECTION("down to denormals, where no digits are lost") {
    for (weights_type const& integers : {weights_type{1, 2, 3}, {1, 0, 100, 7}, {5}, {1023, 1, 512}}) {
      alias_table const table(integers);
      CHECK(same_slots(alias_table(scaled(integers, -1074)), table));
      CHECK(same_slots(alias_table(scaled(integers, -1030)), table));
      CHECK(same_slots(alias_table(scaled(integers, 1013)), table));
      CHECK(alias_table(scaled(integers, -1074)).fingerprint() == table.fingerprint());
    }
  }
}

TEST_CASE("alias_table: other weights have another fingerprint", "[alias_table]") {
  alias_table const table({1, 2, 3});
  CHECK(table.fingerprint() == alias_table({1, 2, 3}).fingerprint());
  CHECK(table.fingerprint() != alias_table({1, 3, 2}).fingerprint());
  CHECK(table.fingerprint() != alias_table({1, 2, 3.001}).fingerprint());
  CHECK(table.fingerprint() != alias_table({1, 2, 3, 0}).fingerprint());
}

TEMPLATE_TEST_CASE("alias_table: weights of any arithmetic type", "[alias_table]", bool, char, signed char,
                   unsigned char, short, int, unsigned, long long, unsigned long long, float, double, long double) {
  std::vector<TestType> const weights{TestType{1}, TestType{0}, TestType{1}, TestType{1}};
  CHECK(same_slots(alias_table(weights), alias_table({1, 0, 1, 1})));
}

TEST_CASE("alias_table: weights from any range", "[alias_table]") {
  alias_table const table({1, 2, 3});
  double const array[] = {1, 2, 3};
  float const floats[] = {1, 2, 3};
  CHECK(same_slots(alias_table(array), table));
  CHECK(same_slots(alias_table(floats), table));
  CHECK(same_slots(alias_table(std::array{1, 2, 3}), table));
  CHECK(same_slots(alias_table(std::list{1, 2, 3}), table));
  CHECK(same_slots(alias_table(std::deque{1.0, 2.0, 3.0}), table));
  CHECK(same_slots(alias_table(std::span(array)), table));
  CHECK(same_slots(alias_table(read_once<double>({1, 2, 3})), table));
  CHECK(same_slots(alias_table(read_once<double>({1, 2, 3}), {.threads = 2}), table));
  CHECK(same_slots(alias_table({1, 2, 3}, {.threads = 2}), table));
  CHECK(evendraw::detail::weight_range<std::vector<bool> const&>);
  CHECK(evendraw::detail::weight_range<std::vector<bool>&>);
  CHECK_FALSE(evendraw::detail::weight_range<std::vector<std::string>&>);
  CHECK_FALSE(evendraw::detail::weight_range<int>);
}

TEST_CASE("alias_table: floats give the same table as their doubles", "[alias_table]") {
  std::vector<float> floats;
  for (auto const& example : adversarial(1009, 4)) {
    floats.assign(example.weights.begin(), example.weights.end());
    for (float& weight : floats) weight = std::min(weight, FLT_MAX);
    if (std::ranges::max(floats) == 0) floats[1] = FLT_TRUE_MIN;
    floats.front() = -0.0f;
    CAPTURE(example.name);
    CHECK(same_slots(alias_table(floats), alias_table(weights_type(floats.begin(), floats.end()))));
  }
}

TEST_CASE("alias_table: the largest and smallest values of other types", "[alias_table]") {
  std::uint64_t const largest = ~std::uint64_t{0};
  CHECK(alias_table(std::vector{largest, largest}).shares() == std::vector{slot_size, slot_size});
  CHECK(alias_table(std::vector<std::uint64_t>{largest, 1}).shares() ==
        std::vector{2 * slot_size - 1, std::uint64_t{1}});
  CHECK(alias_table(std::vector{FLT_MAX, FLT_TRUE_MIN}).shares() == std::vector{2 * slot_size - 1, std::uint64_t{1}});
  // a positive long double below all doubles stays positive
  CHECK(alias_table(std::vector{1.0L, LDBL_TRUE_MIN}).shares() == std::vector{2 * slot_size - 1, std::uint64_t{1}});
}

TEST_CASE("alias_table: refused weights and their messages", "[alias_table]") {
  CHECK_THROWS_AS(alias_table(weights_type{}), std::invalid_argument);
  CHECK_THROWS_WITH(alias_table(weights_type{}), "evendraw::alias_table: weights is empty; give at least one weight");
  CHECK_THROWS_WITH(alias_table({0, 0, -0.0}),
                    "evendraw::alias_table: all 3 weights are zero; at least one must be > 0");
  CHECK_THROWS_WITH(alias_table({1, 2, -1}),
                    "evendraw::alias_table: weights[2] is -1; every weight must be finite and >= 0");
  CHECK_THROWS_WITH(alias_table({-0.25, 2}),
                    "evendraw::alias_table: weights[0] is -0.25; every weight must be finite and >= 0");
  CHECK_THROWS_WITH(alias_table({1, not_a_number}),
                    "evendraw::alias_table: weights[1] is nan; every weight must be finite and >= 0");
  CHECK_THROWS_WITH(alias_table({1, infinity}),
                    "evendraw::alias_table: weights[1] is inf; every weight must be finite and >= 0");
  CHECK_THROWS_WITH(alias_table({1, 1, -infinity}),
                    "evendraw::alias_table: weights[2] is -inf; every weight must be finite and >= 0");
  CHECK_THROWS_WITH(alias_table(std::vector<int>{1, -3}),
                    "evendraw::alias_table: weights[1] is -3; every weight must be finite and >= 0");
  CHECK_THROWS_AS(alias_table({1, -DBL_TRUE_MIN}), std::invalid_argument);
  CHECK_THROWS_AS(alias_table(std::vector{1.0L, -LDBL_TRUE_MIN}), std::invalid_argument);
}

TEST_CASE("alias_table: NaN is found at any index", "[alias_table]") {
  std::size_t missed = 0;
  for (std::size_t i = 0; i < 50; ++i) {
    weights_type weights(50, 1);
    weights[i] = not_a_number;
    try {
      alias_table const table(weights);
      ++missed;
    } catch (std::invalid_argument const& error) {
      missed += std::string(error.what()).find("weights[" + std::to_string(i) + "] is nan") == std::string::npos;
    }
  }
  CHECK(missed == 0);
}

TEST_CASE("alias_table: draws with the engines of the standard library", "[alias_table]") {
  alias_table const table({1, 2, 3, 4});
  auto const same = [&](auto engine) {
    auto copy = engine;
    for (int i = 0; i < 1000; ++i) {
      if (table(engine) != table.at(evendraw::detail::word_from(copy))) return false;
    }
    return engine == copy;
  };
  CHECK(same(std::mt19937(1)));
  CHECK(same(std::mt19937_64(1)));
  CHECK(same(std::minstd_rand(1)));
  CHECK(same(std::ranlux24(1)));
}

TEST_CASE("alias_table: more than 2^24 weights, where float sums stop growing",
          "[alias_table]") {  // pytorch 2576, 43115
  std::uint64_t const n = (std::uint64_t{1} << 24) + 1, half = n / 2;
  std::vector<float> weights(n, 1);
  std::fill(weights.begin(), weights.begin() + static_cast<std::ptrdiff_t>(half), 2.0f);
  auto const upper_p = [&](auto draw) {  // the lower half weighs twice as much
    std::array<std::uint64_t, 2> seen{};
    for (std::uint64_t i = 0; i < 300'000; ++i) ++seen[draw(random_word(6, i)) >= half];
    return statistics::chi_squared_p(seen, std::array{2.0 / 3, 1.0 / 3});
  };
  {
    alias_table const table(weights);
    CHECK(upper_p([&](std::uint64_t w) { return table.at(w); }) > statistics::threshold);
    CHECK(table.at(first_word_of(n - 1, n)) == n - 1);
    auto const shares = table.shares();
    auto const upper =
        std::accumulate(shares.begin() + static_cast<std::ptrdiff_t>(half), shares.end(), std::uint64_t{0});
    auto const exact = static_cast<long double>(half + 1) / static_cast<long double>(3 * half + 1);
    CHECK(std::fabs(static_cast<long double>(upper) / (static_cast<long double>(n) * 0x1p32L) - exact) < 0x1p-32L);
  }
  // as other libraries do it: a search in a running sum of floats
  std::partial_sum(weights.begin(), weights.end(), weights.begin());
  auto const running_sum = [&](std::uint64_t w) {
    auto const u = static_cast<float>(w >> 40) * 0x1p-24f * weights.back();
    return static_cast<std::uint64_t>(std::ranges::upper_bound(weights, u) - weights.begin());
  };
  CHECK(upper_p(running_sum) < statistics::threshold);
}

TEST_CASE("alias_table: draws follow the weights", "[alias_table][statistical]") {
  weights_type const weights{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  std::uint64_t const draws = 1'000'000;
  alias_table const table(weights);
  CHECK(draws_p([&](std::uint64_t w) { return table.at(w); }, weights, draws) > statistics::threshold);

  weights_type heavy = weights;
  heavy[9] *= 1.05;
  alias_table const heavy_table(heavy);
  CHECK(draws_p([&](std::uint64_t w) { return heavy_table.at(w); }, weights, draws) < statistics::threshold);
  auto const swapped = [&](std::uint64_t w) {
    auto const [slot, remainder] = evendraw::detail::multiply(w, 10);
    return remainder >> 32 < table.slots()[slot].threshold ? std::uint64_t{table.slots()[slot].alias} : slot;
  };
  CHECK(draws_p(swapped, weights, draws) < statistics::threshold);
}

TEST_CASE("alias_table: slot and fraction of a word are independent", "[alias_table][statistical]") {
  // Two consecutive draws from four equal weights in eight slots have 16 equally likely outcomes.
  alias_table const table({1, 0, 1, 0, 1, 0, 0, 1});
  std::vector<std::uint64_t> seen(64);
  for (std::uint64_t i = 0; i < 200'000; ++i)
    ++seen[table.at(random_word(3, 2 * i)) * 8 + table.at(random_word(3, 2 * i + 1))];
  std::vector<double> probability(64);
  for (auto const a : numbers{0, 2, 4, 7}) {
    for (auto const b : numbers{0, 2, 4, 7}) probability[a * 8 + b] = 1.0 / 16;
  }
  CHECK(statistics::chi_squared_p(seen, probability) > statistics::threshold);
}

TEST_CASE("alias_table: golden values", "[alias_table]") {  // not a promise; see sequence_version
  auto const draws = [](alias_table const& table) {
    std::vector<std::uint64_t> result;
    for (std::uint64_t i = 0; i < 12; ++i) result.push_back(table.at(random_word(42, i)));
    return result;
  };
  CHECK(draws(alias_table({1, 2, 3, 4})) == numbers{3, 2, 1, 1, 0, 3, 2, 3, 1, 2, 2, 3});
  CHECK(draws(alias_table({0.1, 0.2, 0.3, 0.4})) == numbers{3, 2, 1, 1, 0, 3, 2, 3, 1, 2, 2, 3});
  CHECK(draws(alias_table({5, 5, 5, 5, 5})) == numbers{3, 0, 1, 1, 0, 4, 1, 4, 1, 3, 1, 2});
  CHECK(draws(alias_table({1e6, 1, 1, 1, 0, 1, 1e5, 0})) == numbers{0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0, 0});
  alias_table const table({1, 2, 3});
  CHECK(table.slots()[0] == alias_table::slot{0x80000000, 2});
  CHECK(table.slots()[1] == alias_table::slot{0, 1});
  CHECK(table.slots()[2] == alias_table::slot{0, 2});
}

}  // namespace alias_table_test
