#include <algorithm>
#include <cstdint>
#include <iterator>
#include <numeric>
#include <ranges>
#include <string>
#include <vector>

#include <support/catch2.hpp>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/classes/detail/class_members.hpp>
#include <evendraw/random/counter_random.hpp>

namespace class_members_test {

using evendraw::class_index;
using evendraw::member_range;
using evendraw::random_word;
using evendraw::detail::class_members;

static_assert(std::ranges::random_access_range<member_range<std::uint32_t>>);
static_assert(std::ranges::sized_range<member_range<std::uint32_t>>);
static_assert(std::ranges::view<member_range<std::uint32_t>>);
static_assert(std::ranges::borrowed_range<member_range<std::uint32_t>>);

namespace {

using numbers = std::vector<std::uint64_t>;

template <class Label>
bool contiguous(class_index<Label> const& classes) {
  return classes.shared_members()->contiguous();
}

/// The obvious way: each label's samples are consecutive indices.
template <class Label>
bool is_contiguous(std::vector<Label> const& labels, numbers const& subset) {
  for (auto const& label : labels) {
    numbers samples;
    for (auto const sample : subset) {
      if (labels[sample] == label) samples.push_back(sample);
    }
    if (!samples.empty() && samples.back() - samples.front() != samples.size() - 1) return false;
  }
  return true;
}

numbers all(std::uint64_t n) {
  numbers result(n);
  std::iota(result.begin(), result.end(), std::uint64_t{0});
  return result;
}

template <class Range>
numbers list(Range const& range) {
  return {range.begin(), range.end()};
}

/// The same labels as integers that are counted, integers that are hashed and strings.
std::vector<std::int64_t> hashed(std::vector<int> const& labels) {
  std::vector<std::int64_t> result;
  for (int const label : labels)
    result.push_back(static_cast<std::int64_t>(random_word(3, static_cast<std::uint64_t>(label))));
  return result;
}
std::vector<std::string> strings(std::vector<int> const& labels) {
  std::vector<std::string> result;
  for (int const label : labels) result.push_back(std::string(1, 'x') + std::to_string(label));
  return result;
}

bool contiguous_in_every_form(std::vector<int> const& labels) {
  bool const result = contiguous(class_index(labels));
  CHECK(contiguous(class_index(hashed(labels))) == result);
  CHECK(contiguous(class_index(strings(labels))) == result);
  CHECK(contiguous(class_index(labels, all(labels.size()))) == result);
  return result;
}

}  // namespace

TEST_CASE("class_members: no index is stored if classes are contiguous", "[class_members]") {
  CHECK(contiguous_in_every_form({5}));
  CHECK(contiguous_in_every_form({5, 5, 5}));
  CHECK(contiguous_in_every_form({1, 2}));
  CHECK(contiguous_in_every_form({9, 9, 9, 2, 2, 5}));  // in any order of the classes
  CHECK_FALSE(contiguous_in_every_form({1, 2, 1}));
  CHECK_FALSE(contiguous_in_every_form({1, 1, 2, 2, 1}));  // the last one is displaced
  CHECK_FALSE(contiguous_in_every_form({2, 1, 1, 2, 2}));  // the first one is
  std::vector<int> labels(1000, 7);
  std::fill(labels.begin() + 400, labels.end(), 3);
  CHECK(contiguous_in_every_form(labels));
  for (std::size_t const displaced : {0u, 1u, 398u}) {
    auto almost = labels;
    std::swap(almost[displaced], almost[400]);
    CHECK_FALSE(contiguous_in_every_form(almost));
  }
  std::swap(labels[399], labels[400]);
  CHECK_FALSE(contiguous_in_every_form(labels));
}

TEST_CASE("class_members: a contiguous index is like any other", "[class_members]") {
  class_index const classes(std::vector{9, 9, 9, 2, 2, 5}, {.classes = {9, 4, 5, 2}, .allow_empty = true});
  auto const& members = *classes.shared_members();
  REQUIRE(members.contiguous());
  CHECK(members.samples.empty());
  CHECK(classes.num_samples() == 6);
  CHECK(list(classes.members(0)) == numbers{0, 1, 2});
  CHECK(list(classes.members(1)).empty());
  CHECK(list(classes.members(2)) == numbers{5});
  CHECK(list(classes.members(3)) == numbers{3, 4});
  CHECK(members.sample(4) == 4);
  CHECK(classes.sample_classes() == std::vector<std::uint32_t>{0, 0, 0, 3, 3, 2});
  class_index const scattered(std::vector{9, 2, 9, 5, 2}, {.classes = {9, 4, 5, 2}, .allow_empty = true});
  REQUIRE_FALSE(contiguous(scattered));
  CHECK(list(scattered.members(1)).empty());
  CHECK(list(scattered.members(3)) == numbers{1, 4});
  CHECK(scattered.shared_members()->sample(3) == 1);
}

TEST_CASE("class_members: the samples of a subset must be consecutive, too", "[class_members]") {
  std::vector const labels{1, 1, 1, 2, 2, 2};
  CHECK(contiguous(class_index(labels, numbers{5, 4, 3, 2})));  // in any order
  CHECK(contiguous(class_index(labels, numbers{0, 1, 4, 5})));  // a gap between classes
  CHECK(contiguous(class_index(labels, numbers{1, 5})));
  CHECK_FALSE(contiguous(class_index(labels, numbers{0, 2, 3, 4})));  // a gap inside one
  class_index const part(labels, numbers{1, 4, 5});
  CHECK(list(part.members(1)) == numbers{4, 5});
  CHECK_FALSE(contiguous(class_index(strings(labels), numbers{0, 2, 3, 4})));
  CHECK(contiguous(class_index(strings(labels), numbers{0, 1, 4, 5})));
  std::vector const interleaved{1, 2, 1, 2};
  CHECK_FALSE(contiguous(class_index(interleaved)));
  CHECK(contiguous(class_index(interleaved, numbers{1, 2})));
  CHECK_FALSE(contiguous(class_index(interleaved, numbers{0, 2})));  // consecutive in the subset only
}

TEST_CASE("class_members: contiguous() follows its definition", "[class_members]") {
  int wrong = 0, contiguous_ones = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    std::uint64_t const n = 1 + random_word(seed, 0) % 12;
    std::vector<int> labels;
    numbers subset;
    for (std::uint64_t i = 0; i < n; ++i) {
      bool const other = i == 0 || random_word(seed, i) % 4 == 0;
      labels.push_back(other ? static_cast<int>(random_word(seed, 100 + i) % 6) : labels.back());
      if (i == 0 || random_word(seed, 200 + i) % 4 != 0) subset.push_back(i);
    }
    bool const expected = is_contiguous(labels, all(n)), in_subset = is_contiguous(labels, subset);
    wrong += contiguous(class_index(labels)) != expected;
    wrong += contiguous(class_index(strings(labels))) != expected;
    wrong += contiguous(class_index(labels, subset)) != in_subset;
    wrong += contiguous(class_index(strings(labels), subset)) != in_subset;
    contiguous_ones += expected + in_subset;
  }
  CHECK(wrong == 0);
  CHECK(contiguous_ones > 100);
  CHECK(contiguous_ones < 700);
}

TEST_CASE("class_members: reads many places at once", "[class_members]") {
  evendraw::detail::block_of<std::uint64_t> const places{3, 0, 5, 5, 1};
  for (auto const& labels : {std::vector{1, 1, 1, 2, 2, 2}, std::vector{1, 2, 1, 2, 2, 1}}) {
    class_index const classes(labels);
    auto const& members = *classes.shared_members();
    std::vector<std::uint32_t> read(5);
    members.read(places, std::span(read));
    for (std::size_t i = 0; i < read.size(); ++i) CHECK(read[i] == members.sample(places[i]));
  }
  class_members<std::uint32_t> const stored{.classes = {{0, 3}}, .samples = {7, 8, 20}};
  std::vector<std::uint32_t> read(2);
  evendraw::detail::block_of<std::uint64_t> const last_and_first{2, 0};
  stored.read(last_and_first, std::span(read));
  CHECK(read == std::vector<std::uint32_t>{20, 7});
}

TEST_CASE("class_members: other members, other fingerprint", "[class_members]") {
  auto const fingerprint = [](std::vector<int> const& labels) {
    return class_index(labels).shared_members()->fingerprint();
  };
  std::vector<std::vector<int>> const memberships{{1},          {1, 1},       {1, 2},       {2, 1},    {1, 1, 2},
                                                  {2, 1, 1},    {1, 2, 2},    {1, 2, 1},    {2, 1, 2}, {1, 1, 2, 2},
                                                  {2, 2, 1, 1}, {1, 2, 1, 2}, {1, 1, 1, 2}, {1, 2, 3}, {3, 2, 1}};
  std::vector<std::uint64_t> fingerprints;
  for (auto const& labels : memberships) {
    fingerprints.push_back(fingerprint(labels));
    CHECK(fingerprint(labels) == fingerprints.back());
  }
  std::ranges::sort(fingerprints);
  CHECK(std::ranges::adjacent_find(fingerprints) == fingerprints.end());
}

TEST_CASE("member_range: an iterator like any other", "[class_members]") {
  for (auto const& labels : {std::vector{0, 0, 7, 7, 7, 7}, std::vector{7, 0, 7, 7, 0, 7}}) {
    class_index const classes(labels);
    auto const range = classes.members(1);
    numbers expected;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (labels[i] == 7) expected.push_back(i);
    }
    REQUIRE(range.size() == 4);
    CHECK(list(range) == expected);
    CHECK(range.front() == expected[0]);
    CHECK(range.back() == expected[3]);
    CHECK(range[2] == expected[2]);
    auto it = range.begin();
    CHECK(*it++ == expected[0]);
    CHECK(*it == expected[1]);
    CHECK(*++it == expected[2]);
    CHECK(*it-- == expected[2]);
    CHECK(*--it == expected[0]);
    CHECK(it[3] == expected[3]);
    it += 3;
    CHECK(*it == expected[3]);
    it -= 2;
    CHECK(*it == expected[1]);
    CHECK(*(it + 1) == expected[2]);
    CHECK(*(1 + it) == expected[2]);
    CHECK(*(it - 1) == expected[0]);
    CHECK(range.end() - it == 3);
    CHECK(it < range.end());
    CHECK(it != range.begin());
    CHECK(std::ranges::binary_search(range, expected[3]));
    CHECK(std::accumulate(range.begin(), range.end(), std::uint64_t{0}) ==
          std::accumulate(expected.begin(), expected.end(), std::uint64_t{0}));
  }
}

}  // namespace class_members_test
