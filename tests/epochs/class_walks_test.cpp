// Walks through classes: they are bijections, blocks agree with single steps, and windows share samples by the right
// law.
#include <evendraw/epochs/detail/class_walks.hpp>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <numeric>
#include <vector>

#include <evendraw/random/counter_random.hpp>

#include <support/catch2.hpp>
#include <support/statistics.hpp>

namespace class_walks_test {

using evendraw::detail::class_walk;
using evendraw::detail::walked_class;
using numbers = std::vector<std::uint64_t>;

namespace {

/// Walk `number` of a random class. Every 64 walks belong to another class, because neighbouring walks must differ.
class_walk walk_of(std::uint64_t n, std::uint64_t number) {
  return walked_class{0, n, evendraw::random_word(77, number / 64)}.walk(number % 64);
}

/// A wrong twin: two rounds instead of eight.
std::uint64_t two_rounds(std::uint64_t n, std::uint64_t number, std::uint64_t place) {
  auto const last = static_cast<std::uint32_t>(n - 1), bits = static_cast<std::uint32_t>(std::bit_width(last));
  auto const keys = walk_of(n, number).keys();
  auto x = static_cast<std::uint32_t>(place);
  do {
    x = evendraw::detail::walk_round<0>(x, ~0u >> (32 - bits), (bits + 1) / 2, keys);
    x = evendraw::detail::walk_round<5>(x, ~0u >> (32 - bits), (bits + 1) / 2, keys);
  } while (x > last);
  return x;
}

std::uint64_t eight_rounds(std::uint64_t n, std::uint64_t number, std::uint64_t place) {
  return walk_of(n, number).member(place);
}

/// Another wrong twin: every second walk of a class repeats the one before.
std::uint64_t walks_twice(std::uint64_t n, std::uint64_t number, std::uint64_t place) {
  return walk_of(n, number & ~std::uint64_t{1}).member(place);
}

using walk_function = std::uint64_t (*)(std::uint64_t, std::uint64_t, std::uint64_t);

/// The p-value of the sets of the first `size` < 4 samples of many walks, against uniform subsets.
double subsets_p(walk_function member, std::uint64_t n, std::size_t size, std::uint64_t walks) {
  numbers seen;
  for (std::uint64_t k = 0; k < walks; ++k) {
    numbers subset;
    for (std::uint64_t place = 0; place < size; ++place) subset.push_back(member(n, k, place));
    std::ranges::sort(subset);
    std::size_t rank = 0;  // in the order of combinations by their largest
    for (std::size_t i = 0; i < size; ++i) {
      std::uint64_t choose = 1;
      for (std::uint64_t j = 0; j <= i; ++j) choose = choose * (subset[i] - j) / (j + 1);
      rank += static_cast<std::size_t>(choose);
    }
    if (rank >= seen.size()) seen.resize(rank + 1);
    ++seen[rank];
  }
  std::uint64_t subsets = 1;
  for (std::uint64_t j = 0; j < size; ++j) subsets = subsets * (n - j) / (j + 1);
  seen.resize(static_cast<std::size_t>(subsets));
  return statistics::uniform_p(seen);
}

/// Groups the samples of a class into cells, by some of their bits.
struct cells {
  std::uint64_t n;
  int bits;
  bool high;
  [[nodiscard]] std::uint64_t operator()(std::uint64_t sample) const noexcept {
    return high ? (sample << bits) / n : sample % (std::uint64_t{1} << bits);
  }
  /// How many samples are in a cell.
  [[nodiscard]] numbers sizes() const {
    numbers result(std::size_t{1} << bits);
    for (std::uint64_t i = 0; i < n; ++i) ++result[static_cast<std::size_t>((*this)(i))];
    return result;
  }
};

/// The p-value of the cells of two samples: at two places of one walk, or at the first place of two walks.
double pairs_p(walk_function member, cells cell_of, std::uint64_t place, std::uint64_t walks_apart,  // 0 or 1
               std::uint64_t walks) {
  auto const sizes = cell_of.sizes();
  std::size_t const k = sizes.size();
  numbers seen(k * k);
  for (std::uint64_t w = 0; w < 2 * walks; w += 2) {  // each walk once
    std::uint64_t const other = w + walks_apart;
    std::uint64_t const a = cell_of(member(cell_of.n, w, 0)),
                        b = cell_of(member(cell_of.n, other, walks_apart == 0 ? place : 0));
    ++seen[static_cast<std::size_t>(a) * k + static_cast<std::size_t>(b)];
  }
  std::vector<double> expected;
  double const all = static_cast<double>(cell_of.n);
  for (std::size_t a = 0; a < k; ++a) {
    for (std::size_t b = 0; b < k; ++b) {
      double const first = static_cast<double>(sizes[a]), second = static_cast<double>(sizes[b]);
      expected.push_back(walks_apart == 0 ? first * (second - (a == b ? 1 : 0)) / (all * (all - 1))
                                          : first * second / (all * all));
    }
  }
  return statistics::chi_squared_p(seen, expected);
}

/// The p-value of the distances, modulo n, of neighbours in a window, against uniform pairs. Small ones are counted
/// singly.
double distances_p(walk_function member, std::uint64_t n, std::uint64_t walks) {
  std::uint64_t const near = std::min<std::uint64_t>(n / 4, 20);
  numbers seen(static_cast<std::size_t>(2 * near + 8));
  std::vector<double> expected(seen.size());
  auto const cell = [&](std::uint64_t distance) {  // 1 to n - 1
    if (distance <= near) return distance - 1;
    if (distance >= n - near) return near + (n - 1 - distance);
    return 2 * near + (distance - near - 1) * 8 / (n - 1 - 2 * near);
  };
  for (std::uint64_t d = 1; d < n; ++d) expected[static_cast<std::size_t>(cell(d))] += 1 / static_cast<double>(n - 1);
  for (std::uint64_t w = 0; w < walks; ++w) {
    for (std::uint64_t place = 0; place < 16; place += 2) {
      std::uint64_t const a = member(n, w, place), b = member(n, w, place + 1);
      ++seen[static_cast<std::size_t>(cell(b > a ? b - a : n + b - a))];
    }
  }
  return statistics::chi_squared_p(seen, expected);
}

/// The p-value of the number of equal distances among 32 pairs of neighbours of each walk. A walk of too few rounds
/// takes the same step again and again.
double equal_distances_p(walk_function member, std::uint64_t n, std::uint64_t walks) {
  std::uint64_t equal = 0;
  for (std::uint64_t w = 0; w < walks; ++w) {
    numbers distances;
    for (std::uint64_t place = 0; place < 64; place += 2) {
      distances.push_back((member(n, w, place) + n - member(n, w, place + 1)) % n);
    }
    std::ranges::sort(distances);
    for (std::size_t i = 1; i < distances.size(); ++i) {  // pairs of equal distances
      for (std::size_t j = i; j > 0 && distances[j - 1] == distances[i]; --j) ++equal;
    }
  }
  double const expected = static_cast<double>(walks) * (32 * 31 / 2) / static_cast<double>(n - 1);
  double const deviation = static_cast<double>(equal) - expected;
  return statistics::chi_squared_tail(1, deviation * deviation / expected);
}

}  // namespace

TEST_CASE("class_walk: every sample once, whatever the size", "[class_walks]") {
  for (std::uint64_t const n : {1u, 2u, 3u, 15u, 16u, 17u, 31u, 32u, 33u, 64u, 65u, 129u, 1000u, 4097u, 70'000u}) {
    for (std::uint64_t number = 0; number < 5; ++number) {
      std::vector<bool> seen(n);
      std::uint64_t repeats = 0;
      for (std::uint64_t place = 0; place < n; ++place) {
        auto const member = walk_of(n, number).member(place);
        REQUIRE(member < n);
        repeats += seen[member];
        seen[member] = true;
      }
      CAPTURE(n, number);
      CHECK(repeats == 0);
    }
  }
  std::uint64_t const wide = (std::uint64_t{1} << 40) + 3;
  CHECK(walk_of(wide, 1).member(7) < wide);
  CHECK(walk_of(wide, 1).member(7) != walk_of(wide, 2).member(7));
  CHECK(walked_class{100, 50, 9}.walk(3).member(0) >= 100);
}

TEST_CASE("class_walk: walks of one class differ", "[class_walks]") {
  for (std::uint64_t const n : {17u, 100u, 70'000u}) {
    walked_class const walked{0, n, 42};
    std::uint64_t same = 0, far = std::uint64_t{1} << 32;
    for (std::uint64_t number = 0; number < 50; ++number) {
      bool equal = true, equal_far = true;
      for (std::uint64_t place = 0; place < 12; ++place) {
        equal &= walked.walk(number).member(place) == walked.walk(number + 1).member(place);
        equal_far &= walked.walk(number).member(place) == walked.walk(number + far).member(place);
      }
      same += equal + equal_far;
    }
    CHECK(same == 0);
  }
}

TEST_CASE("class_walk: all subsets of small classes are equally likely", "[class_walks]") {
  for (std::uint64_t const n : {13u, 16u, 17u, 20u, 33u}) {
    for (std::size_t const size : {1u, 2u, 3u}) {
      CAPTURE(n, size);
      CHECK(subsets_p(eight_rounds, n, size, 300'000) > statistics::threshold);
      if (n > 16 && size > 1) CHECK(subsets_p(two_rounds, n, size, 300'000) < statistics::threshold);
    }
  }
}

TEST_CASE("class_walk: pairs that share a window, by their bits", "[class_walks]") {
  for (std::uint64_t const n : {65u, 129u, 1000u, 4097u, 65'537u, 1'000'000u}) {
    for (bool const high : {false, true}) {
      CAPTURE(n, high);
      for (std::uint64_t const place : {std::uint64_t{1}, std::uint64_t{2}, n / 2, n - 1}) {
        CHECK(pairs_p(eight_rounds, {n, 3, high}, place, 0, 200'000) > statistics::threshold);
      }
      CHECK(pairs_p(eight_rounds, {n, 3, high}, 0, 1, 200'000) > statistics::threshold);  // neighbouring walks
      CHECK(pairs_p(walks_twice, {n, 3, high}, 0, 1, 200'000) < statistics::threshold);
    }
  }
}

TEST_CASE("class_walk: distances of neighbours in a window", "[class_walks]") {
  for (std::uint64_t const n : {65u, 129u, 1000u, 4097u, 65'537u, 1'000'000u}) {
    CAPTURE(n);
    CHECK(distances_p(eight_rounds, n, 100'000) > statistics::threshold);
    if (n <= 1000) CHECK(distances_p(two_rounds, n, 100'000) < statistics::threshold);
  }
  for (std::uint64_t const n : {4097u, 65'537u, 1'000'000u}) {
    CAPTURE(n);
    CHECK(equal_distances_p(eight_rounds, n, 40'000) > statistics::threshold);
    CHECK(equal_distances_p(two_rounds, n, 40'000) < statistics::threshold);
  }
}

TEST_CASE("class_walk: step_of is the inverse of member", "[class_walks]") {
  std::uint64_t wrong = 0, moved = 0;
  for (std::uint64_t n = 1; n <= 300; ++n) {
    for (std::uint64_t number = 0; number < 4; ++number) {
      class_walk const walk = walked_class{7, n, evendraw::random_word(78, n)}.walk(number);
      for (std::uint64_t step = 0; step < n; ++step) {
        wrong += static_cast<std::uint64_t>(walk.step_of(walk.member(step)) != step);
        moved += static_cast<std::uint64_t>(walk.member(step) - 7 != step);
      }
    }
  }
  CHECK(wrong == 0);
  CHECK(moved > 100'000);
  constexpr std::uint64_t one = 1;
  for (std::uint64_t const n : {(one << 20) + 1, (one << 31) + 3, (one << 32) - 1, one << 32, (one << 40) + 5}) {
    class_walk const walk = walked_class{11, n, 12345}.walk(3);
    for (std::uint64_t k = 0; k < 2000; ++k) {
      std::uint64_t const step = evendraw::bounded(evendraw::random_word(79, k), n);
      wrong += static_cast<std::uint64_t>(walk.step_of(walk.member(step)) != step);
    }
  }
  CHECK(wrong == 0);
}

}  // namespace class_walks_test
