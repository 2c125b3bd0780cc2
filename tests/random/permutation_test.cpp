#include <algorithm>
#include <bit>
#include <cmath>
#include <iostream>
#include <numeric>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include <support/catch2.hpp>
#include <support/statistics.hpp>
#include <support/words.hpp>

#include <evendraw/random/permutation.hpp>

namespace permutation_test {

using evendraw::bounded;
using evendraw::permutation;
using evendraw::random_word;

using numbers = std::vector<std::uint64_t>;

// Every check takes a function make(n, key) -> (place -> number), so that wrong twins can show that the check rejects them.
namespace {

constexpr auto right = [](std::uint64_t n, std::uint64_t key) { return permutation(n, key); };

/// 0, 1, 2, ... from a random start. It is a bijection, and every number is equally likely at every place.
constexpr auto rotation = [](std::uint64_t n, std::uint64_t key) {
  return [n, shift = bounded(random_word(key, 0), n)](std::uint64_t place) { return (place + shift) % n; };
};

/// The permutation for larger n with fewer rounds.
constexpr auto with_rounds = [](int rounds) {
  return [rounds](std::uint64_t n, std::uint64_t key) {
    return [rounds, n, keys = random_word(key, 0)](std::uint64_t x) {
      auto const bits = static_cast<int>(std::bit_width(n - 1));
      std::uint64_t const mask = (std::uint64_t{1} << bits) - 1;
      do {
        auto factor = static_cast<std::uint32_t>(keys), term = static_cast<std::uint32_t>(keys >> 32);
        for (int round = 0; round < rounds; ++round) {
          x = (x * (factor | 1) + term) & mask;
          x ^= x >> (bits + 1) / 2;
          factor += term;
          term = std::rotl(term, 7) ^ factor;
        }
      } while (x >= n);
      return x;
    };
  };
};
constexpr auto two_rounds = with_rounds(2);

/// The classic mistake: every element is exchanged with any other, so that n^n choices give n! orders.
constexpr auto constant_bound = [](std::uint64_t n, std::uint64_t key) {
  std::vector<std::uint64_t> order(n);
  std::iota(order.begin(), order.end(), std::uint64_t{0});
  for (std::uint64_t i = 0; i < n; ++i) std::swap(order[i], order[bounded(random_word(key, i), n)]);
  return [order](std::uint64_t place) { return order[place]; };
};

bool is_bijection(auto const& order, std::uint64_t n) {
  std::vector<bool> seen(n);
  std::uint64_t different = 0;
  for (std::uint64_t place = 0; place < n; ++place) {
    auto const number = order(place);
    if (number >= n || seen[number]) return false;
    seen[number] = true;
    ++different;
  }
  return different == n;
}

/// The number of an order among all n!: its Lehmer code.
std::size_t rank_of(auto const& order, std::uint64_t n) {
  std::size_t rank = 0;
  unsigned seen = 0;
  for (std::uint64_t place = 0; place < n; ++place) {
    auto const number = static_cast<unsigned>(order(place));
    auto const smaller_unseen = number - static_cast<unsigned>(std::popcount(seen & ((1u << number) - 1)));
    rank = rank * (n - place) + smaller_unseen;
    seen |= 1u << number;
  }
  return rank;
}

std::size_t factorial(std::uint64_t n) { return n < 2 ? 1 : n * factorial(n - 1); }

/// The p-value of the orders against n! equally likely ones.
double orders_p(auto make, std::uint64_t n, std::uint64_t keys, std::uint64_t seed) {
  std::vector<std::uint64_t> seen(factorial(n));
  for (std::uint64_t i = 0; i < keys; ++i) ++seen[rank_of(make(n, random_word(seed, i)), n)];
  return statistics::uniform_p(seen);
}

/// The p-value of the numbers at each place, against equally likely ones. The places of one key depend on each other, as
/// each number comes once, so the statistic has (n - 1)^2 degrees of freedom and is n / (n - 1) times too large.
double positions_p(auto make, std::uint64_t n, std::uint64_t keys, std::uint64_t seed) {
  std::vector<std::uint32_t> seen(n * n);
  for (std::uint64_t i = 0; i < keys; ++i) {
    auto const order = make(n, random_word(seed, i));
    for (std::uint64_t place = 0; place < n; ++place) ++seen[place * n + order(place)];
  }
  double const size = static_cast<double>(n), expected = static_cast<double>(keys) / size;
  double x = 0;
  for (auto const count : seen) x += (count - expected) * (count - expected) / expected;
  return statistics::chi_squared_tail((size - 1) * (size - 1), x * (size - 1) / size);
}

/// The p-value of the number after a number, against all others being equally likely. It uses one place of each key, so
/// trials are independent.
double neighbours_p(auto make, std::uint64_t n, std::uint64_t keys, std::uint64_t seed) {
  std::vector<std::uint64_t> seen(n - 1);
  for (std::uint64_t i = 0; i < keys; ++i) {
    auto const order = make(n, random_word(seed, i));
    auto const place = bounded(random_word(~seed, i), n - 1);
    ++seen[(order(place + 1) + n - order(place)) % n - 1];
  }
  return statistics::uniform_p(seen);
}

/// The same, in 256 groups, for the number `lag` places after a number, within one long order after the other.
double lags_p(auto make, std::uint64_t n, std::uint64_t lag, std::uint64_t keys, std::uint64_t seed) {
  std::vector<std::uint64_t> seen(256);
  for (std::uint64_t k = 0; k < keys; ++k) {
    auto const order = make(n, random_word(seed, k));
    numbers all(n);
    for (std::uint64_t place = 0; place < n; ++place) all[place] = order(place);
    for (std::uint64_t place = lag; place < n; ++place) {
      ++seen[(all[place] + n - all[place - lag]) % n * 256 / n];
    }
  }
  std::vector<double> probability(256);
  for (std::uint64_t difference = 1; difference < n; ++difference) {
    probability[difference * 256 / n] += 1 / static_cast<double>(n - 1);
  }
  return statistics::chi_squared_p(seen, probability);
}

/// The p-value of the pairs of numbers at two places, against equally likely ordered pairs. For large n the numbers are
/// grouped by `width`, a divisor of n.
double pairs_p(auto make, std::uint64_t n, std::uint64_t width, std::uint64_t keys, std::uint64_t seed) {
  std::uint64_t const groups = n / width;
  std::vector<std::uint64_t> seen(groups * groups);
  for (std::uint64_t i = 0; i < keys; ++i) {
    auto const order = make(n, random_word(seed, i));
    ++seen[order(n / 3) / width * groups + order(n / 3 + n / 2) / width];
  }
  double const size = static_cast<double>(n), wide = static_cast<double>(width), all = size * (size - 1);
  std::vector<double> probability(groups * groups, wide * wide / all);
  for (std::uint64_t g = 0; g < groups; ++g) probability[g * groups + g] = wide * (wide - 1) / all;
  return statistics::chi_squared_p(seen, probability);
}

/// The p-value of the first `length` numbers, against a random subset. It counts how many have `property`, which `marked`
/// of all n numbers have: the law is hypergeometric.
double prefix_p(auto make, std::uint64_t n, std::uint64_t length, std::uint64_t marked, auto property,
                std::uint64_t keys, std::uint64_t seed) {
  std::vector<std::uint64_t> seen(length + 1);
  for (std::uint64_t i = 0; i < keys; ++i) {
    auto const order = make(n, random_word(seed, i));
    std::size_t count = 0;
    for (std::uint64_t place = 0; place < length; ++place) count += property(order(place)) ? 1 : 0;
    ++seen[count];
  }
  auto const log_choose = [](std::uint64_t total, std::uint64_t chosen) {
    auto const a = static_cast<double>(total), b = static_cast<double>(chosen);
    return std::lgamma(a + 1) - std::lgamma(b + 1) - std::lgamma(a - b + 1);
  };
  std::vector<std::uint64_t> bins(1);
  std::vector<double> probability(1);
  for (std::uint64_t k = 0; k <= length; ++k) {  // rare outcomes share a bin
    bins.back() += seen[k];
    if (k <= marked && length - k <= n - marked) {
      probability.back() +=
          std::exp(log_choose(marked, k) + log_choose(n - marked, length - k) - log_choose(n, length));
    }
    if (probability.back() * static_cast<double>(keys) > 20 && k < length) {
      bins.push_back(0);
      probability.push_back(0);
    }
  }
  if (probability.back() * static_cast<double>(keys) < 20 && bins.size() > 1) {
    bins[bins.size() - 2] += bins.back();
    probability[bins.size() - 2] += probability.back();
    bins.pop_back();
    probability.pop_back();
  }
  return statistics::chi_squared_p(bins, probability);
}

constexpr auto is_even = [](std::uint64_t number) { return number % 2 == 0; };

/// The width for pairs_p, so that there are few enough cells to fill.
std::uint64_t width_for(std::uint64_t n) { return n < 1000 ? 1 : n / 100; }

}  // namespace

TEST_CASE("permutation: each number comes exactly once", "[permutation]") {
  SECTION("every n up to 2000") {
    for (std::uint64_t n = 1; n <= 2000; ++n) {
      if (is_bijection(permutation(n, random_word(1, n)), n)) continue;
      CAPTURE(n);
      FAIL_CHECK();
    }
  }
  SECTION("next to powers of two") {
    for (int k = 11; k <= 17; ++k) {
      for (std::uint64_t const n : {(1u << k) - 1, 1u << k, (1u << k) + 1}) {
        CAPTURE(n);
        CHECK(is_bijection(permutation(n, random_word(2, n)), n));
      }
    }
  }
  SECTION("extreme keys") {
    for (std::uint64_t const key :
         {std::uint64_t{0}, ~std::uint64_t{0}, words::key_of(0), words::key_of(~std::uint64_t{0})}) {
      for (auto const n : numbers{1, 2, 3, 11, 12, 13, 64, 65, 4096, 4097}) {
        CAPTURE(n, key);
        CHECK(is_bijection(permutation(n, key), n));
      }
    }
  }
  CHECK_FALSE(is_bijection([](std::uint64_t place) { return place / 2; }, 10));
  CHECK_FALSE(is_bijection([](std::uint64_t place) { return place + 1; }, 10));
}

TEST_CASE("permutation: huge n stays in range and repeats nothing", "[permutation]") {
  constexpr std::uint64_t one = 1;
  for (std::uint64_t const n :
       {one << 32, (one << 32) + 1, (one << 33) - 1, one << 62, (one << 62) + 1, (one << 63) - 1, one << 63}) {
    permutation const order(n, 5);
    std::unordered_set<std::uint64_t> seen;
    std::uint64_t least = ~std::uint64_t{0}, most = 0;
    for (std::uint64_t i = 0; i < 20000; ++i) {
      for (auto const place : {i, n - 1 - i, 20000 + i * (n / 20001)}) {
        auto const number = order(place);
        seen.insert(number);
        least = std::min(least, number);
        most = std::max(most, number);
      }
    }
    CAPTURE(n);
    CHECK(seen.size() == 60000);
    CHECK(least < n / 1000);  // missed by a random order with probability e^-60
    CHECK(most >= n - n / 1000);
    CHECK(most < n);
  }
}

TEST_CASE("permutation: place_of is the inverse", "[permutation]") {
  constexpr std::uint64_t one = 1;
  constexpr auto misplaced = [](auto place_of, permutation const& order, numbers const& places) {
    return std::ranges::count_if(places, [&](std::uint64_t place) { return place_of(order, order(place)) != place; });
  };
  constexpr auto right_place = [](permutation const& order, std::uint64_t number) { return order.place_of(number); };
  // A wrong twin without cycle walking. It is right only where the forward walk took one step, as for all powers of two.
  constexpr auto one_step = [](permutation const& order, std::uint64_t number) {
    return permutation(std::bit_ceil(order.size()), 9).place_of(number);
  };
  SECTION("every n up to 600") {
    for (std::uint64_t n = 1; n <= 600; ++n) {
      numbers all(n);
      std::iota(all.begin(), all.end(), std::uint64_t{0});
      if (misplaced(right_place, permutation(n, random_word(8, n)), all) == 0) continue;
      CAPTURE(n);
      FAIL_CHECK();
    }
  }
  SECTION("large n, and next to powers of two") {
    for (std::uint64_t const n : {4096 * one, 4097 * one, 1'000'000 * one, (one << 31) - 1, (one << 32) - 1, one << 32,
                                  (one << 32) + 1, (one << 40) + 12'345, (one << 62) + 1, (one << 63) - 1, one << 63}) {
      numbers places{0, n - 1};
      for (std::uint64_t i = 0; i < 2000; ++i) places.push_back(bounded(random_word(10, i), n));
      CAPTURE(n);
      CHECK(misplaced(right_place, permutation(n, 9), places) == 0);
      if (std::bit_ceil(n) - n > n / 100) CHECK(misplaced(one_step, permutation(n, 9), places) > 0);
    }
  }
}

TEST_CASE("permutation: apply gives what the call gives, for any number of places", "[permutation]") {
  constexpr std::uint64_t one = 1;
  int wrong = 0;
  for (std::uint64_t const n :
       {one, 2 * one, 12 * one, 13 * one, 33 * one, 64 * one, 65 * one, 1000 * one, 4096 * one, 4097 * one,
        100000 * one, (one << 31) + 1, one << 32, (one << 32) + 1, (one << 62) + 1, one << 63}) {
    permutation const order(n, random_word(3, n));
    for (auto const count : numbers{0, 1, 31, 32, 33, 100, 255, 256, 257, 1000}) {
      std::vector<std::uint64_t> places(count);
      for (std::size_t i = 0; i < count; ++i) places[i] = i % 3 == 0 ? n - 1 - i % n : bounded(random_word(4, i), n);
      auto const before = places;
      order.apply(places);
      for (std::size_t i = 0; i < count; ++i) wrong += places[i] != order(before[i]);
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("permutation: refused sizes", "[permutation]") {
  CHECK_THROWS_AS(permutation(0, 1), std::invalid_argument);
  CHECK_THROWS_WITH(permutation(0, 1), "evendraw::permutation: n is 0; needs 1 <= n <= 2^63");
  CHECK_THROWS_WITH(permutation((std::uint64_t{1} << 63) + 1, 1),
                    "evendraw::permutation: n is 9223372036854775809; needs 1 <= n <= 2^63");
  CHECK(permutation(1, 77).size() == 1);
  CHECK(permutation(1, 77)(0) == 0);
}

TEST_CASE("permutation: over a grid of words every order of small n comes equally often", "[permutation]") {
  // For n <= 12 one word holds all choices. The keys make these words evenly spaced, so the counts are exact.
  auto const uneven = [](auto make, std::uint64_t n) {
    std::size_t const orders = factorial(n), cells = 3 * orders;
    std::vector<int> count(orders);
    for (std::uint64_t i = 0; i < cells; ++i) ++count[rank_of(make(n, words::key_of(words::middle(i, cells))), n)];
    return std::ranges::count_if(count, [](int c) { return c != 3; });
  };
  for (std::uint64_t n = 1; n <= 8; ++n) {
    CAPTURE(n);
    CHECK(uneven(right, n) == 0);
    if (n > 2) CHECK(uneven(rotation, n) > 0);
  }
  for (std::uint64_t n = 9; n <= 12; ++n) {  // the first orders, the last ones, and some in between
    permutation const first(n, words::key_of(0)), last(n, words::key_of(~std::uint64_t{0}));
    int wrong = 0;
    for (std::uint64_t place = 0; place < n; ++place) {
      wrong += last(place) != place;                 // always exchanged with itself
      wrong += first(place) != (place + n - 1) % n;  // always exchanged with place 0
    }
    CAPTURE(n);
    CHECK(wrong == 0);
  }
}

TEST_CASE("permutation: all orders of small n are equally likely over keys", "[permutation][statistical]") {
  constexpr std::uint64_t keys = 1'000'000;
  for (std::uint64_t n = 2; n <= 7; ++n) {
    CAPTURE(n);
    CHECK(orders_p(right, n, keys, 100 + n) > statistics::threshold);
  }
  CHECK(orders_p(rotation, 3, 10000, 1) < statistics::threshold);
  CHECK(orders_p(two_rounds, 5, 100000, 1) < statistics::threshold);
  CHECK(orders_p(constant_bound, 3, 10000, 1) < statistics::threshold);
  CHECK(orders_p(constant_bound, 7, 200000, 1) < statistics::threshold);
}

TEST_CASE("permutation: every number is equally likely at every place", "[permutation][statistical]") {
  for (auto const n : numbers{10, 13, 16, 20, 64, 65, 100, 129, 1000}) {
    CAPTURE(n);
    CHECK(positions_p(right, n, 10'000'000 / n, 200 + n) > statistics::threshold);
  }
  CHECK(positions_p(two_rounds, 13, 100000, 1) < statistics::threshold);
  CHECK(positions_p(two_rounds, 100, 100000, 1) < statistics::threshold);
  CHECK(positions_p(constant_bound, 10, 50000, 1) < statistics::threshold);
}

TEST_CASE("permutation: every number is equally likely after every other", "[permutation][statistical]") {
  for (auto const n : numbers{10, 13, 16, 20, 64, 65, 100, 129, 1000}) {
    CAPTURE(n);
    CHECK(neighbours_p(right, n, 1'000'000, 300 + n) > statistics::threshold);
  }
  CHECK(neighbours_p(rotation, 100, 10000, 1) < statistics::threshold);
  CHECK(neighbours_p(two_rounds, 100, 100000, 1) < statistics::threshold);
}

TEST_CASE("permutation: every pair is equally likely at two places", "[permutation][statistical]") {
  for (auto const n : numbers{10, 13, 16, 20, 64, 65, 100, 129, 1000, 100'000}) {
    CAPTURE(n);
    CHECK(pairs_p(right, n, width_for(n), 1'000'000, 400 + n) > statistics::threshold);
  }
  CHECK(pairs_p(rotation, 100, 1, 100000, 1) < statistics::threshold);
  CHECK(pairs_p(two_rounds, 100, 1, 1000000, 1) < statistics::threshold);
}

TEST_CASE("permutation: the first draws are a random subset", "[permutation][statistical]") {
  for (auto const n : numbers{13, 20, 64, 100, 100'000}) {
    std::uint64_t const length = n < 30 ? n / 2 : 16, half = n / 2;
    auto const is_low = [half](std::uint64_t number) { return number < half; };
    CAPTURE(n);
    CHECK(prefix_p(right, n, length, half, is_low, 300'000, 500 + n) > statistics::threshold);
    CHECK(prefix_p(right, n, length, (n + 1) / 2, is_even, 300'000, 600 + n) > statistics::threshold);
  }
  CHECK(prefix_p(rotation, 100, 16, 50, is_even, 10000, 1) < statistics::threshold);
  CHECK(prefix_p(two_rounds, 100, 16, 50, is_even, 100000, 1) < statistics::threshold);
  CHECK(prefix_p(
            two_rounds, 100'000, 16, 50'000, [](std::uint64_t number) { return number < 50'000; }, 1'000'000, 1) <
        statistics::threshold);
}

TEST_CASE("permutation: no lag of a long order shows a pattern", "[permutation][statistical]") {
  for (auto const n : numbers{5000, 65'536, 100'000, 131'073}) {
    for (auto const lag : numbers{1, 2, 255, 256, 512, 4096}) {
      CAPTURE(n, lag);
      CHECK(lags_p(right, n, lag, 400'000 / n + 4, 700 + n) > statistics::threshold);
    }
  }
  CHECK(lags_p(with_rounds(3), 5000, 512, 100, 1) < statistics::threshold);
  CHECK(lags_p(with_rounds(3), 65'536, 1, 10, 1) < statistics::threshold);
  CHECK(lags_p(with_rounds(4), 65'536, 4096, 10, 1) < statistics::threshold);
  CHECK(lags_p(with_rounds(3), 100'000, 256, 10, 1) < statistics::threshold);
}

TEST_CASE("permutation: golden values, one row for each branch",
          "[permutation]") {  // not a promise; see sequence_version
  auto const first_of = [](std::uint64_t n, std::uint64_t key) {
    std::vector<std::uint64_t> result;
    std::uint64_t const count = n <= 8 ? n : n <= 1'000'000 ? 8 : 4;
    for (std::uint64_t place = 0; place < count; ++place) result.push_back(permutation(n, key)(place));
    return result;
  };
  CHECK(first_of(5, 42) == numbers{1, 0, 3, 4, 2});                                     // exchanges
  CHECK(first_of(12, 42) == numbers{0, 5, 6, 4, 1, 3, 7, 8});                           // the last n with exchanges
  CHECK(first_of(13, 42) == numbers{10, 9, 5, 12, 1, 4, 6, 11});                        // 16 rounds
  CHECK(first_of(64, 42) == numbers{53, 17, 50, 48, 45, 33, 42, 15});                   // the last n with 16 rounds
  CHECK(first_of(65, 42) == numbers{9, 64, 36, 29, 1, 3, 6, 42});                       // 12 rounds
  CHECK(first_of(4096, 42) == numbers{427, 3563, 1777, 2299, 3846, 4058, 3317, 2022});  // the last n with 12 rounds
  CHECK(first_of(4097, 42) == numbers{3833, 2913, 2616, 3925, 1966, 540, 901, 2662});   // 8 rounds
  CHECK(first_of(1'000'000, 42) ==
        numbers{849933, 830035, 703984, 389151, 970179, 274902, 856664, 933841});  // 8 rounds
  CHECK(first_of((std::uint64_t{1} << 32) + 1, 42) ==
        numbers{3505538207, 738817262, 2210069836, 1911190640});  // more than 32 bits
  CHECK(first_of(std::uint64_t{1} << 63, 42) ==
        numbers{3111652947626317261, 8655970939179015008, 7500971764837979783, 2506327724498633301});  // the largest
}

TEST_CASE("permutation: p-values of many keys",
          "[.][report]") {  // evendraw_tests "[permutation],[report]" prints
  auto const line = [](std::string const& check, std::uint64_t n, double p) {
    std::cout << check << "  n = " << n << "  p = " << p << '\n';
    CHECK(p > statistics::threshold);
  };
  for (std::uint64_t n = 2; n <= 8; ++n) line("orders", n, orders_p(right, n, 5'000'000, 1000 + n));
  for (auto const n : numbers{5000, 65'536, 100'000, 131'073, 1 << 20}) {
    for (auto const lag : numbers{1, 2, 255, 256, 512, 4096}) {
      line("lag " + std::to_string(lag), n, lags_p(right, n, lag, 20'000'000 / n, 1600 + n));
    }
  }
  for (auto const n : numbers{10, 12, 13, 16, 17, 20, 32, 33, 63, 64, 65, 100, 128, 129, 1000, 4096, 4097}) {
    if (n <= 1000) line("positions", n, positions_p(right, n, 60'000'000 / n, 1100 + n));
    line("neighbours", n, neighbours_p(right, n, 5'000'000, 1200 + n));
    if (n <= 1000) line("pairs", n, pairs_p(right, n, width_for(n), 5'000'000, 1300 + n));
    std::uint64_t const length = n < 33 ? n / 2 : 16, half = n / 2;
    auto const is_low = [half](std::uint64_t number) { return number < half; };
    line("prefix, low halves", n, prefix_p(right, n, length, half, is_low, 1'000'000, 1400 + n));
    line("prefix, even", n, prefix_p(right, n, length, (n + 1) / 2, is_even, 1'000'000, 1500 + n));
  }
}

}  // namespace permutation_test
