#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include <support/catch2.hpp>
#include <support/sampling.hpp>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/classes/grouped_split.hpp>
#include <evendraw/classes/split.hpp>

namespace grouped_split_test {

using evendraw::class_index;
using evendraw::grouped_folds;
using evendraw::grouped_split;
using part_list = std::vector<std::vector<std::uint32_t>>;

namespace {

struct grouped_data {
  std::vector<int> labels;
  std::vector<int> groups;
};

/// n samples of up to `classes` classes, in up to `groups` groups of sizes that differ much.
grouped_data made_data(std::uint64_t seed, std::size_t n, std::uint64_t classes, std::uint64_t groups) {
  grouped_data result;
  for (std::size_t i = 0; i < n; ++i) {
    std::uint64_t const a = evendraw::random_word(seed, 3 * i), b = evendraw::random_word(seed, 3 * i + 1);
    result.labels.push_back(static_cast<int>(std::min(a, b) % classes));
    std::uint64_t const g = evendraw::bounded(a, groups), h = evendraw::bounded(b, groups);
    result.groups.push_back(static_cast<int>(g * h / groups));
  }
  return result;
}

/// Whether every sample is in one part, parts ascend, and no group is in two parts.
bool keeps_groups(part_list const& parts, std::vector<int> const& groups) {
  std::map<int, std::size_t> part_of;
  std::vector<std::uint32_t> all;
  for (std::size_t p = 0; p < parts.size(); ++p) {
    if (!std::ranges::is_sorted(parts[p])) return false;
    for (auto const sample : parts[p]) {
      all.push_back(sample);
      if (part_of.emplace(groups.at(sample), p).first->second != p) return false;
    }
  }
  std::ranges::sort(all);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i] != i) return false;
  }
  return all.size() == groups.size();
}

using count_table = std::vector<std::vector<std::uint64_t>>;

count_table counts_in(part_list const& parts, class_index<int> const& classes) {
  auto const class_of = classes.sample_classes();
  count_table result(classes.num_classes(), std::vector<std::uint64_t>(parts.size()));
  for (std::size_t p = 0; p < parts.size(); ++p) {
    for (auto const sample : parts[p]) ++result[class_of[sample]][p];
  }
  return result;
}

/// Sum of (achieved - wanted)^2 / wanted over classes and parts, and over the sizes of the parts.
double distance(count_table const& achieved, std::vector<std::vector<double>> const& wanted) {
  double result = 0;
  for (std::size_t p = 0; p < wanted[0].size(); ++p) {
    double size = 0, size_wanted = 0;
    for (std::size_t c = 0; c < wanted.size(); ++c) {
      double const deviation = static_cast<double>(achieved[c][p]) - wanted[c][p];
      if (wanted[c][p] > 0) result += deviation * deviation / wanted[c][p];
      size += static_cast<double>(achieved[c][p]);
      size_wanted += wanted[c][p];
    }
    if (size_wanted > 0) result += (size - size_wanted) * (size - size_wanted) / size_wanted;
  }
  return result;
}

/// The smallest distance among all ways to put groups 0 to G - 1 into two parts.
double least_distance(grouped_data const& data, class_index<int> const& classes,
                      std::vector<std::vector<double>> const& wanted) {
  int const groups = *std::ranges::max_element(data.groups) + 1;
  double least = 1e300;
  for (unsigned ways = 0; ways < 1u << groups; ++ways) {
    part_list parts(2);
    for (std::uint32_t i = 0; i < data.groups.size(); ++i) parts[ways >> data.groups[i] & 1].push_back(i);
    least = std::min(least, distance(counts_in(parts, classes), wanted));
  }
  return least;
}

}  // namespace

TEST_CASE("No group is in two parts, and the result has the counts of the parts", "[grouped_split]") {
  int wrong = 0, twin_wrong = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    auto const data = made_data(seed, 40 + seed, 1 + seed % 6, 5 + seed % 50);
    class_index const classes(data.labels);
    auto const split = grouped_split(classes, data.groups, {0.7, 0.2, 0.1}, {.seed = seed});
    wrong += !keeps_groups(split.parts, data.groups) || split.achieved != counts_in(split.parts, classes);
    wrong +=
        split.size() != 3 || split[1] != split.parts[1] || !std::equal(split.begin(), split.end(), split.parts.begin());
    double most = 0;
    for (std::size_t c = 0; c < classes.num_classes(); ++c) {
      for (std::size_t p = 0; p < 3; ++p) {
        auto const sizes = evendraw::detail::sizes_of_parts("test", data.labels.size(), std::vector{0.7, 0.2, 0.1});
        double const wanted = static_cast<double>(classes.counts()[c]) * static_cast<double>(sizes[p]) /
                              static_cast<double>(data.labels.size());
        wrong += split.wanted[c][p] != wanted;
        most = std::max(most, std::fabs(static_cast<double>(split.achieved[c][p]) - wanted));
      }
    }
    wrong += split.farthest() != most;
    twin_wrong += !keeps_groups(evendraw::stratified_split(classes, {0.7, 0.2, 0.1}, seed), data.groups);
  }
  CHECK(wrong == 0);
  CHECK(twin_wrong > 190);  // a split that does not know the groups
}

TEST_CASE("Grouped splits are the best possible ones or close to them", "[grouped_split]") {
  int nearest = 0, near = 0, twin_near = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    auto const data = made_data(seed, 60, 3, 10);
    class_index const classes(data.labels);
    auto const split = grouped_split(classes, data.groups, {0.75, 0.25}, {.seed = seed});
    double const least = least_distance(data, classes, split.wanted), found = distance(split.achieved, split.wanted);
    REQUIRE(found >= least - 1e-9);
    nearest += found < least + 1e-9 ? 1 : 0;
    near += found < 2 * least + 0.5 ? 1 : 0;
    part_list at_random(2);  // the twin: groups at random
    for (std::uint32_t i = 0; i < 60; ++i) {
      auto const word = evendraw::random_word(seed, 1000 + static_cast<std::uint64_t>(data.groups[i]));
      at_random[word % 4 == 0 ? 1 : 0].push_back(i);
    }
    twin_near += distance(counts_in(at_random, classes), split.wanted) < 2 * least + 0.5 ? 1 : 0;
  }
  CHECK(nearest >= 80);
  CHECK(near >= 98);
  CHECK(twin_near < 20);
}

TEST_CASE("Groups of one sample each are split as stratified_split does", "[grouped_split]") {
  auto const labels = sampling::labels_of({300, 70, 20, 3});
  class_index const classes(labels);
  std::vector<int> groups(labels.size());
  std::iota(groups.begin(), groups.end(), 0);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    auto const split = grouped_split(classes, groups, {0.8, 0.1, 0.1}, {.seed = seed});
    CHECK(split.farthest() < 1);
    std::vector<std::size_t> const sizes{split[0].size(), split[1].size(), split[2].size()};
    CHECK(sizes == std::vector<std::size_t>{315, 39, 39});
  }
  auto const one = grouped_split(classes, std::vector<std::string>(labels.size(), "all"), {0.2, 0.8});
  CHECK(one[0].empty());
  CHECK(one[1].size() == labels.size());
  auto const none_there = grouped_split(classes, groups, {0.0, 1.0});
  CHECK(none_there[0].empty());
}

TEST_CASE("A class of one group goes where .at_least says", "[grouped_split]") {
  grouped_data data = made_data(3, 200, 3, 40);
  data.labels.insert(data.labels.end(), {7, 7, 8});  // class 7 in one group, class 8 in another
  data.groups.insert(data.groups.end(), {100, 100, 101});
  class_index const classes(data.labels);
  int wrong = 0, without = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    auto const kept = grouped_split(classes, data.groups, {0.4, 0.6}, {.seed = seed, .at_least = {1, 0}});
    auto const plain = grouped_split(classes, data.groups, {0.4, 0.6}, {.seed = seed});
    wrong += kept.achieved[3][0] != 2 || kept.achieved[4][0] != 1 || !keeps_groups(kept.parts, data.groups);
    without += plain.achieved[3][0] != 2 || plain.achieved[4][0] != 1;
  }
  CHECK(wrong == 0);
  CHECK(without > 30);
  CHECK_THROWS_WITH(grouped_split(classes, data.groups, {0.5, 0.5}, {.at_least = {1, 1}}),
                    Catch::Contains("evendraw::grouped_split: at_least asks for 1 sample of every class in part ") &&
                        Catch::Contains("of class 7; its samples are in too few groups"));
  class_index const three(std::vector<int>{0, 0, 0});
  CHECK_THROWS_WITH(grouped_split(three, std::vector<int>{0, 1, 1}, {0.6, 0.2, 0.2}, {.at_least = {1, 0, 1}}),
                    "evendraw::grouped_split: at_least asks for 1 sample of every class in part 2, whose size is 0; "
                    "give it a larger share of the 3 samples, or lower at_least");
  CHECK(grouped_split(three, std::vector<int>{0, 1, 1}, {2, 0, 1}, {.at_least = {1, 0, 1}}).achieved[0] ==
        std::vector<std::uint64_t>{2, 0, 1});
}

TEST_CASE("Grouped splits of subsets, and groups from a class_index", "[grouped_split]") {
  auto const data = made_data(5, 120, 4, 25);
  std::vector<std::uint32_t> odd;
  for (std::uint32_t i = 1; i < 120; i += 2) odd.push_back(i);
  class_index const some(data.labels, odd), groups(data.groups);
  auto const split = grouped_split(some, data.groups, {0.6, 0.4}, {.seed = 2});
  std::vector<std::uint32_t> all = split[0];
  all.insert(all.end(), split[1].begin(), split[1].end());
  std::ranges::sort(all);
  CHECK(all == odd);
  CHECK(split.parts == grouped_split(some, groups, std::vector{0.6, 0.4}, {.seed = 2}).parts);
  CHECK(split.parts != grouped_split(some, data.groups, {0.6, 0.4}, {.seed = 3}).parts);
  auto const wide = class_index<int, std::uint64_t>::from_counts({3, 4});
  CHECK(grouped_split(wide, std::vector<int>{1, 1, 2, 1, 2, 2, 1}, {0.5, 0.5}).parts.size() == 2);

  CHECK_THROWS_WITH(grouped_split(class_index(data.labels), class_index(data.groups, odd), {0.6, 0.4}),
                    Catch::Contains("has no group; give each sample one"));
  CHECK_THROWS_WITH(
      grouped_split(class_index(data.labels), std::vector<int>{1, 2}, {0.6, 0.4}),
      "evendraw::grouped_split: the groups are those of 2 samples, and there are 120 labels; give a group "
      "for each sample");
  CHECK_THROWS_AS(grouped_split(some, data.groups, {0.6, 0.5}), std::invalid_argument);
}

TEST_CASE("Grouped folds", "[grouped_split]") {
  auto const data = made_data(8, 500, 4, 90);
  class_index const classes(data.labels);
  auto const folds = grouped_folds(classes, data.groups, 5, {.seed = 1});
  CHECK(folds.size() == 5);
  CHECK(keeps_groups(folds.parts, data.groups));
  CHECK(folds.farthest() < 3);
  CHECK_FALSE(keeps_groups(evendraw::stratified_folds(classes, 5, {.seed = 1}), data.groups));
  CHECK(folds.parts == grouped_split(classes, data.groups, {100, 100, 100, 100, 100}, {.seed = 1}).parts);
  CHECK_THROWS_WITH(grouped_folds(classes, data.groups, 0),
                    "evendraw::grouped_folds: num_folds is 0 for 500 samples; needs 1 <= num_folds <= 500");
  CHECK(grouped_folds(class_index(std::vector<int>{1, 1, 2}), std::vector<int>{5, 5, 5}, 3).size() == 3);
}

TEST_CASE("A golden grouped split", "[grouped_split][golden]") {
  auto const data = made_data(1, 30, 3, 12);
  auto const split = grouped_split(class_index(data.labels), data.groups, {0.6, 0.2, 0.2}, {.seed = 42});
  CHECK(split[1] == std::vector<std::uint32_t>{5, 11, 14, 16, 24, 28});
  CHECK(split[2] == std::vector<std::uint32_t>{1, 4, 6, 13, 15, 25});
}

}  // namespace grouped_split_test
