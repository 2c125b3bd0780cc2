#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include <support/catch2.hpp>
#include <support/read_once.hpp>
#include <support/sampling.hpp>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/random/counter_random.hpp>
#include <evendraw/samplers/balanced_epoch_sampler.hpp>
#include <evendraw/samplers/inverse_frequency_sampler.hpp>
#include <evendraw/samplers/target_proportion_sampler.hpp>

namespace label_runs_test {

using evendraw::class_index;
using evendraw::random_word;
using namespace std::string_literals;

namespace {

using numbers = std::vector<std::uint64_t>;
template <class Label>
using run_list = std::vector<std::pair<Label, std::uint64_t>>;

template <class Label>
std::vector<Label> expanded(run_list<Label> const& runs) {
  std::vector<Label> result;
  for (auto const& [label, count] : runs) result.insert(result.end(), count, label);
  return result;
}

template <class Index>
int differences(Index const& a, Index const& b) {
  if (a.num_classes() != b.num_classes()) return 1;
  int wrong = a.labels() != b.labels();
  wrong += a.num_samples() != b.num_samples();
  wrong += a.index_bound() != b.index_bound();
  wrong += a.shared_members()->contiguous() != b.shared_members()->contiguous();
  wrong += a.shared_members()->fingerprint() != b.shared_members()->fingerprint();
  for (std::uint64_t c = 0; c < a.num_classes(); ++c) {
    wrong += a.counts()[c] != b.counts()[c];
    wrong += !std::ranges::equal(a.members(c), b.members(c));
  }
  return wrong;
}

}  // namespace

TEST_CASE("class_index::from_runs: the same as the labels written out", "[label_runs]") {
  auto const check = [](auto const& runs) {
    using label = typename std::remove_cvref_t<decltype(runs)>::value_type::first_type;
    CHECK(differences(class_index<label>::from_runs(runs), class_index<label>(expanded(runs))) == 0);
  };
  check(run_list<std::string>{{"dry", 5}, {"ice", 2}, {"wet", 3}});
  check(run_list<std::string>{{"wet", 3}, {"dry", 5}, {"ice", 2}});
  check(run_list<std::string>{{"wet", 3}, {"dry", 5}, {"wet", 2}});  // a label comes again
  check(run_list<int>{{3, 3}, {3, 5}, {-1, 2}});                     // the run of 3 continues
  check(run_list<int>{{3, 3}, {-1, 0}, {-1, 2}, {3, 0}});            // empty runs
  check(run_list<std::uint8_t>{{255, 1}});
  check(run_list<bool>{{true, 2}, {false, 1}});
  int wrong = 0, contiguous = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    run_list<int> runs;
    for (std::uint64_t i = 0; i <= random_word(seed, 0) % 6; ++i) {
      runs.push_back({static_cast<int>(random_word(seed, 10 + i) % 9) - 4, 1 + random_word(seed, 20 + i) % 4});
    }
    auto const classes = class_index<int>::from_runs(runs);
    wrong += differences(classes, class_index(expanded(runs)));
    contiguous += classes.shared_members()->contiguous();
  }
  CHECK(wrong == 0);
  CHECK(contiguous > 50);
  CHECK(contiguous < 280);
  CHECK(differences(class_index<int>::from_runs({{1, 2}, {2, 1}}), class_index<int>::from_runs({{1, 1}, {2, 2}})) > 0);
}

TEST_CASE("class_index::from_runs: runs of all kinds", "[label_runs]") {
  class_index const expected(std::vector{"dry"s, "dry"s, "ice"s});
  CHECK(differences(class_index<std::string>::from_runs({{"dry", 2}, {"ice", 1}}), expected) == 0);
  CHECK(differences(class_index<std::string>::from_runs(std::map<std::string, int>{{"ice", 1}, {"dry", 2}}),
                    expected) == 0);
  std::pair<char const*, short> const array[] = {{"dry", short{2}}, {"ice", short{1}}};
  CHECK(differences(class_index<std::string>::from_runs(array), expected) == 0);
  ranges_for_tests::read_once<std::pair<std::string, int>> once({{"dry", 2}, {"ice", 1}});
  CHECK(differences(class_index<std::string>::from_runs(once), expected) == 0);
}

TEST_CASE("class_index::from_runs: declared classes", "[label_runs]") {
  auto const classes = class_index<int>::from_runs({{7, 2}, {3, 1}}, {.classes = {5, 3, 7}, .allow_empty = true});
  CHECK(classes.labels() == std::vector{5, 3, 7});
  CHECK(numbers(classes.counts().begin(), classes.counts().end()) == numbers{0, 1, 2});
  CHECK(classes.members(2)[1] == 1);
  CHECK(classes.members(1)[0] == 2);
  CHECK(differences(classes, class_index(std::vector{7, 7, 3}, {.classes = {5, 3, 7}, .allow_empty = true})) == 0);
  CHECK(differences(class_index<int>::from_runs({{7, 2}, {3, 1}, {7, 1}}, {.classes = {7, 3}}),
                    class_index(std::vector{7, 7, 3, 7}, {.classes = {7, 3}})) == 0);
  auto const empty = class_index<int>::from_runs({{7, 2}, {3, 0}}, {.allow_empty = true});  // is a class, too
  CHECK(empty.labels() == std::vector{3, 7});
  CHECK(empty.members(0).empty());
  CHECK(empty.members(1)[1] == 1);
  CHECK(class_index<int>::from_runs({{7, 2}, {3, 0}}, {.classes = {7}}).num_classes() == 1);  // no sample has it
}

TEST_CASE("class_index::from_runs: refused input", "[label_runs]") {
  using index = class_index<std::string>;
  auto const refused = [](auto const& runs, std::string const& message,
                          evendraw::class_index_options<std::string> const& options = {}) {
    CHECK_THROWS_AS(index::from_runs(runs, options), std::invalid_argument);
    CHECK_THROWS_WITH(index::from_runs(runs, options), message);
  };
  using runs = run_list<std::string>;
  refused(runs{}, "evendraw::class_index: no samples; at least one count must be > 0");
  refused(runs{{"dry", 0}}, "evendraw::class_index: no samples; at least one count must be > 0", {.allow_empty = true});
  refused(runs{{"dry", 1}, {"ice", 0}},
          "evendraw::class_index: class 'ice' has no samples; leave it out of .classes or set .allow_empty");
  refused(runs{{"dry", 1}, {"ice", 2}, {"dry", 1}},
          "evendraw::class_index: the label 'ice' of sample 1 is not one of the declared .classes; the classes are "
          "'dry'",
          {.classes = {"dry"}});
  refused(std::vector<std::pair<std::string, int>>{{"dry", 1}, {"ice", -1}},
          "evendraw::class_index::from_runs: the count of 'ice' is -1; a count must be >= 0");
  std::uint64_t const half = std::uint64_t{1} << 62;
  refused(
      runs{{"dry", half}, {"ice", half}},
      "evendraw::class_index::from_runs: with the count of 'ice', which is 4611686018427387904, there are more than "
      "2^63 - 1 samples; lower the counts");
  refused(
      runs{{"dry", ~std::uint64_t{0}}},
      "evendraw::class_index::from_runs: with the count of 'dry', which is 18446744073709551615, there are more than "
      "2^63 - 1 samples; lower the counts");
  refused(runs{{"dry", 1}, {"ice", std::uint64_t{1} << 32}},
          "evendraw::class_index: 4294967297 samples do not fit into 32-bit indices; use std::uint64_t as the index "
          "type: class_index<Label, std::uint64_t>(...), or sampler<std::uint64_t>(labels)");
  CHECK(class_index<int, std::uint64_t>::from_runs({{1, half}, {2, half - 1}}).num_samples() == 2 * half - 1);
  CHECK_THROWS_WITH(
      index::from_runs({{"dry", 900.7}, {"ice", 100}}),
      "evendraw::class_index::from_runs: a run gives 'dry' the value 900.7; a count must be a whole number >= 0");
  CHECK_THROWS_WITH(
      class_index<std::uint8_t>::from_runs({{300, 5}, {1, 100}}),
      "evendraw::class_index::from_runs: a run names 300, which would be taken for 44; name labels that occur");
}

TEST_CASE("class_index::from_runs: indices that no memory holds", "[label_runs]") {
  CHECK_THROWS_WITH((class_index<int, std::uint64_t>::from_runs({{1, std::uint64_t{1} << 62}, {2, 1}, {1, 1}})),
                    "evendraw::class_index::from_runs: a label comes again after others, and the indices of all "
                    "4611686018427387906 samples do not fit into memory; give each label one run");
}

static_assert(evendraw::detail::count_range<std::vector<std::uint8_t>>);
static_assert(evendraw::detail::count_range<std::vector<signed char>>);
static_assert(!evendraw::detail::count_range<std::vector<char>>);
static_assert(!evendraw::detail::count_range<std::vector<bool>>);
static_assert(!evendraw::detail::index_range<std::vector<char16_t>>);

TEST_CASE("class_index::from_counts: class c has the label c", "[label_runs]") {
  CHECK(differences(class_index<int>::from_counts({3, 1, 2}), class_index(std::vector{0, 0, 0, 1, 2, 2})) == 0);
  CHECK(differences(class_index<int>::from_counts(std::array<short, 2>{short{1}, short{2}}),
                    class_index(std::vector{0, 1, 1})) == 0);
  auto const two = class_index<bool>::from_counts({1, 2});
  CHECK(two.labels() == std::vector{false, true});
  auto const gap = class_index<std::uint8_t>::from_counts({2, 0, 1}, {.allow_empty = true});
  CHECK(gap.labels() == std::vector<std::uint8_t>{0, 1, 2});
  CHECK(gap.members(1).empty());
  CHECK(gap.members(2)[0] == 2);
  auto const turned = class_index<int>::from_counts({2, 1}, {.classes = {1, 0}});
  CHECK(turned.members(0)[0] == 2);
  CHECK(class_index<std::int8_t>::from_counts(std::vector<int>(128, 2)).num_samples() == 256);

  CHECK_THROWS_AS(class_index<int>::from_counts({2, 0, 1}), std::invalid_argument);
  CHECK_THROWS_WITH(class_index<int>::from_counts({2, 0, 1}),
                    "evendraw::class_index::from_counts: counts[1] is 0; set .allow_empty if there may be classes "
                    "without samples");
  CHECK_THROWS_WITH(class_index<int>::from_counts(std::vector{2, -4}),
                    "evendraw::class_index::from_counts: the count of 1 is -4; a count must be >= 0");
  CHECK_THROWS_WITH(class_index<std::int8_t>::from_counts(std::vector<int>(129, 2)),
                    "evendraw::class_index::from_counts: counts[128] has no label, since the largest one is 127; use a "
                    "wider label type");
  CHECK_THROWS_WITH(class_index<int>::from_counts(numbers{}),
                    "evendraw::class_index: no samples; at least one count must be > 0");
}

TEMPLATE_TEST_CASE("from_counts: samplers over more samples than memory could list", "[label_runs]", std::uint32_t,
                   std::uint64_t) {
  numbers counts;
  for (std::uint64_t c = 0; c < 100; ++c) counts.push_back((sizeof(TestType) == 8 ? 1'000'000'000 : 10'000'000) + c);
  auto const classes = class_index<int, TestType>::from_counts(counts);
  std::uint64_t const n = classes.num_samples();
  CHECK(n == (sizeof(TestType) == 8 ? 100'000'004'950 : 1'000'004'950));
  CHECK(classes.shared_members()->samples.empty());
  auto const class_of = [&](std::uint64_t sample) {
    std::uint64_t c = 0;
    for (; sample >= counts[c]; ++c) sample -= counts[c];
    return c;
  };
  auto const seen = [&](auto const& sampler) {  // classes of 2000 draws
    std::vector<TestType> drawn(2000);
    sampler.epoch(1).read(0, drawn);
    numbers result(100);
    for (auto const sample : drawn) {
      if (sample < n) ++result[class_of(sample)];
    }
    return result;
  };
  auto const equal = seen(evendraw::inverse_frequency_sampler(classes, {.seed = 1}));
  CHECK(std::ranges::min(equal) > 0);  // 20 are expected, 0 with a probability of 2e-7
  CHECK(std::accumulate(equal.begin(), equal.end(), std::uint64_t{0}) == 2000);
  std::vector<double> shares(100);
  shares[0] = shares[99] = 1;
  auto const two = seen(evendraw::target_proportion_sampler(classes, std::span<double const>(shares), {.seed = 1}));
  CHECK(two[0] + two[99] == 2000);
  CHECK(two[0] > 800);  // 1000 expected, the standard deviation is 22
  CHECK(two[99] > 800);
  auto const balanced = seen(evendraw::balanced_epoch_sampler(classes, {.per_class = 20, .seed = 1}));
  CHECK(balanced == numbers(100, 20));
}

}  // namespace label_runs_test
