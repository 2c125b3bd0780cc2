#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include <support/catch2.hpp>
#include <support/read_once.hpp>
#include <support/sampling.hpp>
#include <support/statistics.hpp>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/classes/split.hpp>
#include <evendraw/samplers/balanced_epoch_sampler.hpp>
#include <evendraw/samplers/inverse_frequency_sampler.hpp>

namespace split_test {

using evendraw::class_index;
using evendraw::random_split;
using evendraw::stratified_split;
using numbers = std::vector<std::uint64_t>;
using part_list = std::vector<std::vector<std::uint32_t>>;

namespace {

numbers sizes_of(part_list const& parts) {
  numbers result;
  for (auto const& part : parts) result.push_back(part.size());
  return result;
}

/// Whether each sample is in exactly one part, and every part is ascending.
bool is_split(part_list const& parts, std::vector<std::uint32_t> samples) {
  std::vector<std::uint32_t> all;
  for (auto const& part : parts) {
    if (!std::ranges::is_sorted(part)) return false;
    all.insert(all.end(), part.begin(), part.end());
  }
  std::ranges::sort(all);
  std::ranges::sort(samples);
  return all == samples;
}
bool is_split(part_list const& parts, std::size_t n) {
  std::vector<std::uint32_t> samples(n);
  std::iota(samples.begin(), samples.end(), 0u);
  return is_split(parts, samples);
}

/// n divided by percentages, in exact integers. The remaining samples go to the largest remainders, one to each. Of
/// equal remainders the first comes first.
numbers by_percent(std::uint64_t n, numbers const& percent) {
  numbers result, remainders;
  std::uint64_t left = n;
  for (auto const each : percent) {
    result.push_back(n / 100 * each + n % 100 * each / 100);
    remainders.push_back(n % 100 * each % 100);
    left -= result.back();
  }
  for (; left > 0; --left) {
    auto const p = static_cast<std::size_t>(std::ranges::max_element(remainders) - remainders.begin());
    ++result[p];
    remainders[p] = 0;
  }
  return result;
}

std::vector<double> fractions_of(numbers const& percent) {
  std::vector<double> result;
  for (auto const each : percent) result.push_back(static_cast<double>(each) / 100);
  return result;
}

numbers random_percent(std::uint64_t seed, std::size_t parts) {
  numbers cuts{0, 100}, result;
  for (std::size_t i = 1; i < parts; ++i) cuts.push_back(evendraw::random_word(seed, i) % 101);
  std::ranges::sort(cuts);
  for (std::size_t p = 0; p < parts; ++p) result.push_back(cuts[p + 1] - cuts[p]);
  return result;
}

using count_table = std::vector<numbers>;  // by class, then part

count_table class_counts(part_list const& parts, std::vector<int> const& labels, std::size_t classes) {
  count_table result(classes, numbers(parts.size()));
  for (std::size_t p = 0; p < parts.size(); ++p) {
    for (auto const sample : parts[p]) ++result[static_cast<std::size_t>(labels.at(sample))][p];
  }
  return result;
}

/// Whether each number is counts[c] * sizes[p] / n rounded down or up, and the classes and parts have their sums.
bool is_controlled(count_table const& table, numbers const& counts, numbers const& sizes) {
  std::uint64_t const n = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  numbers of_part(sizes.size());
  for (std::size_t c = 0; c < counts.size(); ++c) {
    std::uint64_t of_class = 0;
    for (std::size_t p = 0; p < sizes.size(); ++p) {
      std::uint64_t const down = counts[c] * sizes[p] / n, up = (counts[c] * sizes[p] + n - 1) / n;
      if (table[c][p] < down || table[c][p] > up) return false;
      of_class += table[c][p];
      of_part[p] += table[c][p];
    }
    if (of_class != counts[c]) return false;
  }
  return of_part == sizes;
}

/// A wrong twin that is_controlled must reject: it rounds each class on its own, by largest remainders.
count_table class_by_class(numbers const& counts, numbers const& percent) {
  count_table result;
  for (auto const count : counts) result.push_back(by_percent(count, percent));
  return result;
}

count_table table_of(numbers const& counts, numbers const& sizes, std::uint64_t seed) {
  evendraw::detail::part_table const table(counts, sizes, seed);
  count_table result;
  for (std::size_t c = 0; c < counts.size(); ++c) {
    auto const row = table.of_class(c);
    result.emplace_back(row.begin(), row.end());
  }
  return result;
}

}  // namespace

TEST_CASE("random_split has the sizes of the exact largest remainders, and every sample once", "[split]") {
  int wrong = 0, checked = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    auto const percent = random_percent(seed, 1 + seed % 7);
    for (std::size_t const n : {1u, 2u, 3u, 5u, 12u, 13u, 50u, 99u, 257u}) {
      auto const parts = random_split(n, fractions_of(percent), seed);
      wrong += !is_split(parts, n) || sizes_of(parts) != by_percent(n, percent);
      ++checked;
    }
  }
  for (std::size_t const n : {4095u, 4096u, 4097u, 10'001u, 100'000u}) {  // blocks
    auto const parts = random_split(n, {0.15, 0.7, 0.15}, 3);
    wrong += !is_split(parts, n) || sizes_of(parts) != by_percent(n, {15, 70, 15});
  }
  CHECK(wrong == 0);
  CHECK(checked == 3600);
  CHECK_FALSE(is_split({{0, 1}, {1, 2}}, 3));
  CHECK_FALSE(is_split({{0, 1}, {3}}, 3));
  CHECK_FALSE(is_split({{1, 0}, {2}}, 3));
}

TEST_CASE("Sizes from fractions are exact for large n, with ties to the lower part", "[split]") {
  int wrong = 0;
  for (std::uint64_t seed = 0; seed < 2'000; ++seed) {
    auto const percent = random_percent(seed, 1 + seed % 9);
    std::uint64_t const n = 1 + evendraw::random_word(seed, 99) % 4'000'000'000;
    wrong += evendraw::detail::sizes_of_parts("test", n, fractions_of(percent)) != by_percent(n, percent);
  }
  CHECK(wrong == 0);
  auto const sizes = [](std::uint64_t n, std::vector<double> const& fractions) {
    return evendraw::detail::sizes_of_parts("test", n, fractions);
  };
  CHECK(sizes(5, {0.1, 0.9}) == numbers{1, 4});  // 0.5 and 4.5
  CHECK(sizes(5, {0.9, 0.1}) == numbers{5, 0});
  CHECK(sizes(2, {0.25, 0.25, 0.25, 0.25}) == numbers{1, 1, 0, 0});
  CHECK(sizes(10, {1.0 / 3, 1.0 / 3, 1.0 / 3}) == numbers{4, 3, 3});
  CHECK(sizes(7, {0, 1, 0}) == numbers{0, 7, 0});
  CHECK(sizes(7, {1e-300, 1, 0}) == numbers{0, 7, 0});
  std::uint64_t const most = std::uint64_t{1} << 63;
  CHECK(sizes(most, {0.5, 0.25, 0.25}) == numbers{most / 2, most / 4, most / 4});
  CHECK(evendraw::detail::sizes_of_parts("test", 1000, std::vector<float>{0.7f, 0.2f, 0.1f}) == numbers{700, 200, 100});
}

TEST_CASE("random_split by counts", "[split]") {
  auto const parts = random_split(100, {70, 0, 29, 1}, 5);
  CHECK(is_split(parts, 100));
  CHECK(sizes_of(parts) == numbers{70, 0, 29, 1});
  CHECK(parts == random_split(100, {0.7, 0.0, 0.29, 0.01}, 5));
  CHECK(random_split(3, {3}) == part_list{{0, 1, 2}});
  CHECK(random_split(9, ranges_for_tests::read_once<short>({4, 5}), 1) == random_split(9, numbers{4, 5}, 1));
  std::array const halves{0.5, 0.5};
  CHECK(random_split(9, halves, 1) == random_split(9, {5, 4}, 1));
  auto const wide = random_split<std::uint64_t>(100, {70, 30}, 5);
  STATIC_REQUIRE(std::same_as<decltype(wide), std::vector<std::vector<std::uint64_t>> const>);
  auto const narrow = random_split(100, {70, 30}, 5);
  CHECK(std::ranges::equal(wide[0], narrow[0]));
}

TEST_CASE("stratified_split rounds every count down or up, and keeps the sums of classes and parts", "[split]") {
  int wrong = 0, twin_wrong = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    std::vector<std::size_t> counts(1 + evendraw::random_word(seed, 0) % 12);
    std::uint64_t const most = seed % 3 == 0 ? 3 : 60;
    for (std::size_t c = 0; c < counts.size(); ++c) counts[c] = 1 + evendraw::random_word(seed, c + 1) % most;
    auto const labels = sampling::labels_of(counts);
    auto const percent = random_percent(seed, 1 + seed % 6);
    auto const parts = stratified_split(class_index(labels), fractions_of(percent), seed);
    numbers const wide(counts.begin(), counts.end());
    auto const sizes = by_percent(labels.size(), percent);
    wrong += !is_split(parts, labels.size()) || sizes_of(parts) != sizes;
    wrong += !is_controlled(class_counts(parts, labels, counts.size()), wide, sizes);
    twin_wrong += !is_controlled(class_by_class(wide, percent), wide, sizes);
  }
  CHECK(wrong == 0);
  CHECK(twin_wrong > 100);
}

TEST_CASE("Controlled rounding holds for tables of all shapes", "[split]") {
  int wrong = 0;
  for (std::uint64_t seed = 0; seed < 4'000; ++seed) {
    numbers counts(1 + evendraw::random_word(seed, 0) % 30), sizes(1 + evendraw::random_word(seed, 1) % 12);
    std::uint64_t const most = std::uint64_t{1} << (1 + evendraw::random_word(seed, 2) % 20);
    for (std::size_t c = 0; c < counts.size(); ++c) counts[c] = evendraw::random_word(seed, c + 10) % most;
    counts[0] += 1;
    std::uint64_t left = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
    for (std::size_t p = 0; p + 1 < sizes.size(); ++p) {
      sizes[p] = evendraw::random_word(seed, p + 100) % (left + 1);
      left -= sizes[p];
    }
    sizes.back() = left;
    wrong += !is_controlled(table_of(counts, sizes, seed), counts, sizes);
  }
  CHECK(wrong == 0);
  numbers const many(20'000, 1);  // as many classes as samples
  numbers const sizes{16'000, 2'000, 2'000};
  CHECK(is_controlled(table_of(many, sizes, 1), many, sizes));
  CHECK_FALSE(is_controlled(class_by_class(many, {80, 10, 10}), many, sizes));
  numbers const large{1, (std::uint64_t{1} << 62) - 1};  // no overflow
  numbers const half{std::uint64_t{1} << 61, std::uint64_t{1} << 61};
  auto const table = table_of(large, half, 1);
  CHECK(table[0][0] + table[0][1] == 1);
  CHECK(table[0][0] + table[1][0] == half[0]);
}

TEST_CASE("The expected cells of a split are exactly in proportion", "[split][statistical]") {
  // Each cell is rounded up with the probability of its fraction, else down, so the number of seeds that round it up is
  // binomial. One cell in 10^11 deviates by more than 7 standard deviations.
  std::uint64_t const seeds = 20'000;
  auto const farthest = [&](numbers const& counts, numbers const& sizes, auto table_of_seed) {
    std::uint64_t const n = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
    std::vector<std::vector<double>> sums(counts.size(), std::vector<double>(sizes.size()));
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
      count_table const table = table_of_seed(seed);
      for (std::size_t c = 0; c < counts.size(); ++c) {
        for (std::size_t p = 0; p < sizes.size(); ++p) sums[c][p] += static_cast<double>(table[c][p]);
      }
    }
    double most = 0;
    for (std::size_t c = 0; c < counts.size(); ++c) {
      for (std::size_t p = 0; p < sizes.size(); ++p) {
        double const wanted = static_cast<double>(counts[c] * sizes[p]) / static_cast<double>(n);
        double const up = wanted - std::floor(wanted);
        double const deviation = std::fabs(sums[c][p] / static_cast<double>(seeds) - wanted);
        most = std::max(most, deviation / std::sqrt((up * (1 - up) + 1e-12) / static_cast<double>(seeds)));
      }
    }
    return most;
  };
  numbers const counts{1, 4, 90, 1, 3, 1}, sizes{80, 10, 10};
  auto const rounded = [&](std::uint64_t seed) { return table_of(counts, sizes, seed); };
  CHECK(farthest(counts, sizes, rounded) < 7);
  auto const nearest = [&](std::uint64_t) { return class_by_class(counts, {80, 10, 10}); };
  CHECK(farthest(counts, sizes, nearest) > 7);
  numbers const squares{3, 3, 5, 1, 2, 7, 7}, quarters{4, 9, 7, 3, 5};
  CHECK(farthest(squares, quarters, [&](std::uint64_t seed) { return table_of(squares, quarters, seed); }) < 7);
}

TEST_CASE("A class of one sample goes to each part in proportion to its size", "[split][statistical]") {
  class_index const classes(sampling::labels_of({40, 8, 1, 1}));
  numbers parts_of_rare(3);
  for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
    auto const parts = stratified_split(classes, {0.8, 0.1, 0.1}, {.seed = seed});
    for (std::size_t p = 0; p < 3; ++p)
      parts_of_rare[p] += std::ranges::binary_search(parts[p], classes.members(3)[0]) ? 1 : 0;
  }
  CHECK(parts_of_rare[0] + parts_of_rare[1] + parts_of_rare[2] == 20'000);
  CHECK(std::fabs(static_cast<double>(parts_of_rare[0]) - 16'000) < 7 * std::sqrt(20'000 * 0.8 * 0.2));
  CHECK(std::fabs(static_cast<double>(parts_of_rare[1]) - 2'000) < 7 * std::sqrt(20'000 * 0.1 * 0.9));
}

TEST_CASE("Parts have the minimum of .at_least of every class, and their exact sizes", "[split]") {
  int wrong = 0, without = 0;
  for (std::uint64_t seed = 0; seed < 600; ++seed) {
    std::vector<std::size_t> counts(2 + evendraw::random_word(seed, 0) % 9);
    for (std::size_t c = 0; c < counts.size(); ++c) counts[c] = 2 + evendraw::random_word(seed, c + 1) % 20;
    counts[0] += 60;
    auto const labels = sampling::labels_of(counts);
    class_index const classes(labels);
    auto const meets = [&](part_list const& parts, numbers const& least) {
      auto const table = class_counts(parts, labels, counts.size());
      for (auto const& row : table) {
        for (std::size_t p = 0; p < least.size(); ++p) {
          if (row[p] < least[p]) return false;
        }
      }
      return true;
    };
    auto const kept = stratified_split(classes, {0.7, 0.15, 0.15}, {.seed = seed, .at_least = {1, 0, 1}});
    auto const plain = stratified_split(classes, {0.7, 0.15, 0.15}, {.seed = seed});
    wrong += !is_split(kept, labels.size()) || sizes_of(kept) != sizes_of(plain) || !meets(kept, {1, 0, 1});
    without += !meets(plain, {1, 0, 1});
    CHECK(stratified_split(classes, {0.7, 0.15, 0.15}, {.seed = seed, .at_least = 0}) == plain);
  }
  CHECK(wrong == 0);
  CHECK(without > 100);  // the minima that the twin without .at_least misses

  std::vector<std::size_t> const rare{50, 30, 1, 1, 1};
  class_index const classes(sampling::labels_of(rare));
  int outside = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    for (auto const& options :
         {evendraw::split_options{.seed = seed, .at_least = 1}, evendraw::split_options{.seed = seed, .at_least = {1}},
          evendraw::split_options{.seed = seed, .at_least = {1, 0}}}) {
      auto const training = stratified_split(classes, {0.5, 0.5}, options)[0];
      for (std::uint64_t c = 2; c < 5; ++c) outside += !std::ranges::binary_search(training, classes.members(c)[0]);
    }
  }
  CHECK(outside == 0);
  // Classes 0 and 1 need no minimum. Part 0 has 39 of their 80 samples, in proportion.
  auto const parts = stratified_split(classes, {0.5, 0.5}, {.at_least = {1, 0}});
  CHECK(sizes_of(parts) == numbers{42, 41});
  auto const table = class_counts(parts, sampling::labels_of(rare), 5);
  CHECK((table[0][0] == 24 || table[0][0] == 25));
}

TEST_CASE("Minima that cannot be kept are refused, and the class is named", "[split]") {
  class_index const classes(std::vector<std::string>{"cat", "cat", "cat", "dog", "dog", "cat", "cat", "eel"});
  std::string const context = "evendraw::stratified_split: ";
  CHECK_THROWS_WITH(stratified_split(classes, {0.5, 0.5}, {.at_least = {1, 1}}),
                    context +
                        "at_least asks for 2 samples of every class, but class 'eel' has 1; lower it, or leave "
                        "the class out");
  CHECK_THROWS_WITH(stratified_split(classes, {2, 6}, {.at_least = 1}),
                    context +
                        "at_least asks for 1 sample of each of 3 classes in part 0, which has 2 samples; lower it, "
                        "or enlarge the part");
  CHECK_THROWS_WITH(stratified_split(classes, {4, 4}, {.at_least = {1, 0, 0}}),
                    context + "at_least has 3 numbers for 2 parts; give one for each");
  CHECK_THROWS_WITH(stratified_split(classes, {4, 4}, {.at_least = -1}),
                    "evendraw::split_options: at_least is -1; it must be >= 0");
  std::uint64_t const most = std::numeric_limits<std::uint64_t>::max();
  CHECK_THROWS_AS(stratified_split(classes, {4, 4}, {.at_least = {most, most}}), std::invalid_argument);
  CHECK_NOTHROW(stratified_split(classes, {3, 5}, {.at_least = 1}));
}

TEST_CASE("Every fold has its part of every class, rounded down or up", "[split]") {
  // Whether every fold has count / k samples of the class, or of all classes, rounded down or up.
  auto const are_even = [](numbers const& in_folds, std::uint64_t count) {
    std::uint64_t const k = in_folds.size();
    return std::ranges::all_of(in_folds, [&](auto each) { return each == count / k || each == (count + k - 1) / k; });
  };
  int wrong = 0, twin_wrong = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    std::vector<std::size_t> const counts{31 + seed % 7, 0, 10, 4, 2, 1 + seed % 3};
    auto const labels = sampling::labels_of(counts);
    std::uint64_t const k = seed == 0 ? labels.size() : 1 + seed % 11;
    class_index const classes(labels);
    auto const folds = evendraw::stratified_folds(classes, k, {.seed = seed});
    wrong += !is_split(folds, labels.size()) || folds.size() != k || !are_even(sizes_of(folds), labels.size());
    auto const all_even = [&](part_list const& parts) {
      auto const table = class_counts(parts, labels, counts.size());
      bool even = true;
      for (std::size_t c = 0; c < counts.size(); ++c) even = even && are_even(table[c], counts[c]);
      return even;
    };
    wrong += !all_even(folds);
    twin_wrong += !all_even(stratified_split(classes, sizes_of(folds), seed));  // in proportion to the sizes of folds
  }
  CHECK(wrong == 0);
  CHECK(twin_wrong > 30);
}

TEST_CASE("Every sample is in every fold equally often", "[split]") {
  auto const labels = sampling::labels_of({3, 7, 1});
  constexpr std::uint64_t seeds = 20'000;
  std::vector<numbers> times(11, numbers(4));  // by sample, then fold
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    auto const folds = evendraw::stratified_folds(class_index(labels), 4, {.seed = seed});
    for (std::size_t f = 0; f < 4; ++f) {
      for (auto const sample : folds[f]) ++times[sample][f];
    }
  }
  for (auto const& of_sample : times) CHECK(statistics::uniform_p(of_sample) > statistics::threshold);
}

TEST_CASE("Folds of few samples, and refused numbers of folds", "[split]") {
  class_index const three(std::vector<int>{1, 1, 2});
  CHECK(evendraw::stratified_folds(three, 3).size() == 3);
  CHECK_THROWS_WITH(evendraw::stratified_folds(three, 4),
                    "evendraw::stratified_folds: num_folds is 4 for 3 samples; needs 1 <= num_folds <= 3");
  CHECK_THROWS_AS(evendraw::stratified_folds(three, 0), std::invalid_argument);
}

TEST_CASE("stratified_split of a subset, of contiguous classes and of declared but empty classes", "[split]") {
  auto const labels = sampling::labels_of({40, 9, 1});
  std::vector<std::uint32_t> subset;
  for (std::uint32_t i = 0; i < labels.size(); i += 2) subset.push_back(i);
  auto const of_subset = stratified_split(class_index(labels, subset), {0.6, 0.4}, 1);
  CHECK(is_split(of_subset, subset));
  CHECK(sizes_of(of_subset) == numbers{15, 10});

  std::vector<int> const sorted{0, 0, 0, 0, 0, 0, 2, 2, 2, 2};
  auto const declared = class_index(sorted, {.classes = {0, 1, 2}, .allow_empty = true});
  auto const parts = stratified_split(declared, {5, 5}, 1);
  CHECK(is_split(parts, 10));
  CHECK(class_counts(parts, sorted, 3) == count_table{{3, 3}, {0, 0}, {2, 2}});
  auto const counted = stratified_split(class_index<int, std::uint64_t>::from_counts({6, 4}), {5, 5}, 1);
  CHECK(counted[0].size() == 5);

  std::vector<int> const twice{0, 0, 0,
                               1, 1, 1};  // a class with fewer samples than parts is in as many parts as it has samples
  auto const tiny = class_counts(stratified_split(class_index(twice), {2, 2, 1, 1}, 1), twice, 2);
  CHECK(is_controlled(tiny, {3, 3}, {2, 2, 1, 1}));
}

TEST_CASE("A split is a function of its seed", "[split]") {
  class_index const classes(sampling::labels_of({60, 40}));
  CHECK(random_split(100, {0.5, 0.5}, 1) == random_split(100, {0.5, 0.5}, 1));
  CHECK(random_split(100, {0.5, 0.5}, 1) != random_split(100, {0.5, 0.5}, 2));
  CHECK(random_split(100, {0.5, 0.5}) == random_split(100, {0.5, 0.5}, 0));
  CHECK(stratified_split(classes, {0.5, 0.5}, 1) == stratified_split(classes, {0.5, 0.5}, 1));
  CHECK(stratified_split(classes, {0.5, 0.5}, 1) != stratified_split(classes, {0.5, 0.5}, 2));
  CHECK(stratified_split(classes, {0.5, 0.5}, {.seed = 2}) == stratified_split(classes, {0.5, 0.5}, 2));
  CHECK(stratified_split(classes, fractions_of({50, 50}), {.seed = 2}) == stratified_split(classes, {0.5, 0.5}, 2));
  CHECK(random_split(100, {0.5, 0.5}, {.seed = 2}) == random_split(100, {0.5, 0.5}, 2));
  CHECK(stratified_split(classes, {50, 50}, 1) == stratified_split(classes, {0.5, 0.5}, 1));
}

// Not the < of vectors: for unsigned numbers that of libstdc++ 12 is wrong on big-endian processors.
struct by_elements {
  bool operator()(auto const& a, auto const& b) const { return std::ranges::lexicographical_compare(a, b); }
};
using counts_of_parts = std::map<std::vector<std::uint32_t>, std::uint64_t, by_elements>;

TEST_CASE("Every split of six samples into halves is equally likely", "[split][statistical]") {
  auto const p_of = [](auto split) {
    counts_of_parts seen;
    for (std::uint64_t seed = 0; seed < 20'000; ++seed) ++seen[split(seed)];
    numbers counts(20);
    if (seen.size() > counts.size()) return 0.0;
    std::ranges::transform(seen, counts.begin(), [](auto const& each) { return each.second; });
    return statistics::uniform_p(counts);
  };
  CHECK(p_of([](std::uint64_t seed) { return random_split(6, {3, 3}, seed)[0]; }) > statistics::threshold);
  CHECK(p_of([](std::uint64_t) { return std::vector<std::uint32_t>{0, 1, 2}; }) < statistics::threshold);
  CHECK(p_of([](std::uint64_t seed) {  // three in a row, from a random start
          auto const first = static_cast<std::uint32_t>(evendraw::random_word(seed, 0) % 6);
          std::vector<std::uint32_t> part{first, (first + 1) % 6, (first + 2) % 6};
          std::ranges::sort(part);
          return part;
        }) < statistics::threshold);
}

TEST_CASE("Each of forty samples is left out equally often", "[split][statistical]") {
  auto const p_of = [](auto left_out) {
    numbers seen(40);
    for (std::uint64_t seed = 0; seed < 40'000; ++seed) ++seen.at(left_out(seed));
    return statistics::uniform_p(seen);
  };
  CHECK(p_of([](std::uint64_t seed) { return random_split(40, {39, 1}, seed)[1][0]; }) > statistics::threshold);
  CHECK(p_of([](std::uint64_t seed) { return evendraw::random_word(seed, 0) % 39; }) < statistics::threshold);
}

TEST_CASE("Classes are split independently of each other, each uniformly", "[split][statistical]") {
  std::vector<int> const labels{0, 1, 0, 1, 0, 1, 0, 1};  // class 0: the even samples
  class_index const classes(labels);
  auto const p_of = [](auto split) {
    counts_of_parts seen;
    for (std::uint64_t seed = 0; seed < 36'000; ++seed) ++seen[split(seed)];
    numbers counts(36);  // 6 ways for each class
    if (seen.size() > counts.size()) return 0.0;
    std::ranges::transform(seen, counts.begin(), [](auto const& each) { return each.second; });
    return statistics::uniform_p(counts);
  };
  CHECK(p_of([&](std::uint64_t seed) { return stratified_split(classes, {4, 4}, seed)[0]; }) > statistics::threshold);
  CHECK(p_of([](std::uint64_t seed) {  // the same members of both classes
          std::vector<std::uint32_t> part;
          auto const members = random_split(4, {2, 2}, seed);
          for (auto const j : members[0]) part.insert(part.end(), {2 * j, 2 * j + 1});
          return part;
        }) < statistics::threshold);
  CHECK(p_of([](std::uint64_t seed) { return random_split(8, {4, 4}, seed)[0]; }) < statistics::threshold);
}

TEST_CASE("The seed decides which class of one sample is in a small part", "[split][statistical]") {
  std::vector<int> labels(10);
  std::iota(labels.begin(), labels.end(), 0);
  class_index const classes(labels);
  numbers seen(10), twin(10);
  for (std::uint64_t seed = 0; seed < 10'000; ++seed) {
    ++seen.at(stratified_split(classes, {8, 1, 1}, seed)[1].at(0));
    auto const table = table_of(numbers(10, 1), {8, 1, 1}, 7);  // the classes always rounded in the same order
    for (std::size_t c = 0; c < 10; ++c) twin[c] += table[c][1];
  }
  CHECK(statistics::uniform_p(seen) > statistics::threshold);
  CHECK(statistics::uniform_p(twin) < statistics::threshold);
}

TEST_CASE("Samples drawn from a part are in that part", "[split]") {
  auto const labels = sampling::labels_of({300, 40, 12});
  auto const parts = stratified_split(class_index(labels), {0.75, 0.25}, 4);
  auto const outside = [&](auto const& sampler, std::size_t p) {
    auto const drawn = sampling::all(sampler.epoch(0));
    return std::ranges::count_if(drawn, [&](auto i) { return !std::ranges::binary_search(parts[p], i); });
  };
  for (std::size_t p = 0; p < 2; ++p) {
    class_index const part(labels, parts[p]);
    CHECK(part.num_samples() == parts[p].size());
    CHECK(outside(evendraw::inverse_frequency_sampler(part, {.seed = 1}), p) == 0);
    CHECK(outside(evendraw::balanced_epoch_sampler(part, {.seed = 1}), p) == 0);
    CHECK(outside(evendraw::inverse_frequency_sampler(part, {.seed = 1}), 1 - p) >
          0);  // samples of this part are outside the other
  }
}

TEST_CASE("Splits refuse what they cannot do", "[split]") {
  double const nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
  std::string const context = "evendraw::random_split: ";
  std::string const in_range = "; every fraction must be in [0, 1] (counts are integers)";
  CHECK_THROWS_WITH(random_split(0, {1.0}), context + "no samples; num_samples must be at least 1");
  CHECK_THROWS_AS(random_split(0, {1.0}), std::invalid_argument);
  CHECK_THROWS_WITH(random_split<std::uint8_t>(256, {1.0}),
                    context +
                        "256 samples do not fit into 8-bit indices; use std::uint64_t as the index type: "
                        "random_split<std::uint64_t>(...)");
  CHECK_THROWS_WITH(random_split(9, std::vector<double>{}), context + "no parts; give at least one fraction or count");
  CHECK_THROWS_WITH(random_split(9, numbers{}), context + "no parts; give at least one fraction or count");
  CHECK_THROWS_WITH(random_split(9, {1.1, -0.1}), context + "fractions[0] is 1.1" + in_range);
  CHECK_THROWS_WITH(random_split(9, {0.9, -0.1, 0.2}), context + "fractions[1] is -0.1" + in_range);
  CHECK_THROWS_WITH(random_split(9, {0.5, 0.5, nan}), context + "fractions[2] is nan" + in_range);
  CHECK_THROWS_WITH(random_split(9, {inf}), context + "fractions[0] is inf" + in_range);
  CHECK_THROWS_WITH(random_split(9, {0.8}),
                    context + "the only fraction is 0.8; fractions must sum to 1: name the other parts too");
  CHECK_THROWS_WITH(random_split(9, {0.5, 0.25}), context + "the 2 fractions sum to 0.75; they must sum to 1");
  CHECK_THROWS_WITH(random_split(9, {1.0, 0.5}), context + "the 2 fractions sum to 1.5; they must sum to 1");
  CHECK_THROWS_WITH(random_split(9, std::vector<double>(8, 1)),
                    context + "the 8 fractions sum to 8; they must sum to 1");
  CHECK_THROWS_WITH(random_split(9, {5, -1, 5}), context + "counts[1] is -1; every count must be >= 0");
  CHECK_THROWS_WITH(random_split(9, {5, 5}), context +
                                                 "counts[1] is 5 and only 4 of 9 samples are left; the counts must "
                                                 "sum to the number of samples");
  CHECK_THROWS_WITH(random_split(9, {5, 1}),
                    context + "the counts sum to 6 and there are 9 samples; add a part for the other 3");
  std::uint64_t const most = std::numeric_limits<std::uint64_t>::max();
  CHECK_THROWS_AS(random_split(9, numbers{5, most}), std::invalid_argument);  // the sum would overflow
  CHECK_THROWS_WITH(stratified_split(class_index(std::vector<int>{1, 2}), {1, 2}),
                    "evendraw::stratified_split: counts[1] is 2 and only 1 of 2 samples are left; the counts must sum "
                    "to the number of samples");
  CHECK_NOTHROW(random_split(9, {0.3333333, 0.3333333, 0.3333333}));
  CHECK_THROWS_AS(random_split(9, {0.33333, 0.33333, 0.33333}), std::invalid_argument);
}

TEST_CASE("Golden splits", "[split][golden]") {
  CHECK(random_split(10, {0.5, 0.3, 0.2}, 42) == part_list{{3, 4, 5, 6, 8}, {2, 7, 9}, {0, 1}});
  CHECK(random_split(1'000'000, {8, 999'992}, 42)[0] ==
        std::vector<std::uint32_t>{17105, 158908, 323410, 339201, 439297, 450835, 635763, 830868});
  class_index const classes(sampling::labels_of({20, 9, 3, 1}));
  CHECK(stratified_split(classes, {0.6, 0.2, 0.2}, 42) ==
        part_list{{0, 2, 5, 6, 7, 10, 12, 13, 14, 15, 16, 17, 18, 22, 23, 24, 27, 29, 30, 32},
                  {1, 3, 4, 11, 25, 26, 31},
                  {8, 9, 19, 20, 21, 28}});
}

}  // namespace split_test
