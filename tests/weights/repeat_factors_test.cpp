#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <list>
#include <set>
#include <string>
#include <vector>

#include <support/catch2.hpp>
#include <support/read_once.hpp>

#include <evendraw/samplers/repeat_factor_sampler.hpp>
#include <evendraw/weights/label_sets.hpp>
#include <evendraw/weights/raked_weights.hpp>
#include <evendraw/weights/repeat_factors.hpp>

namespace repeat_factors_test {

using evendraw::class_repeat_factors;
using evendraw::label_sets_of;
using evendraw::repeat_factors;
using doubles = std::vector<double>;

TEST_CASE("class_repeat_factors by hand", "[repeat_factors]") {
  std::vector<std::uint64_t> const counts{1000, 90, 10, 1, 0};
  // t = 0.09: f = 1, 0.09, 0.01, 0.001
  auto const factors = class_repeat_factors(counts, 1000, 0.09);
  CHECK(factors == doubles{1, 1, std::sqrt(0.09 / 0.01), std::sqrt(0.09 / 0.001), 1});
  CHECK(class_repeat_factors(counts, 1000) == doubles{1, 1, 1, 1, 1});
  CHECK(class_repeat_factors(counts, 1'000'000, 1e-3)[3] == std::sqrt(1e-3 / 1e-6));
  CHECK(class_repeat_factors(counts, 1000, 0) == doubles{1, 1, 1, 1, 1});
  CHECK(class_repeat_factors(counts, 1000, 1)[2] == 10);
}

TEST_CASE("repeat_factors takes the rarest label of a sample", "[repeat_factors]") {
  std::vector<std::vector<int>> const sets{{7}, {7, -3}, {}, {7, 7, 7}, {-3, 7, 12}, {7}, {7}, {7}};
  // of 8 samples, 7 is in 7 (counted once in each), -3 in 2 and 12 in 1
  double const seven = std::max(1.0, std::sqrt(0.9 / 0.875)), three = std::sqrt(0.9 / 0.25),
               twelve = std::sqrt(0.9 / 0.125);
  doubles const expected{seven, three, 1, seven, twelve, seven, seven, seven};
  CHECK(repeat_factors(sets, 0.9) == expected);
  CHECK(repeat_factors(sets) == doubles(8, 1));
  CHECK(repeat_factors(std::vector<std::vector<int>>(3), 1) == doubles(3, 1));

  SECTION("wherever the label stands in the sample") {
    std::vector<std::vector<int>> turned(sets);
    for (auto& set : turned) std::ranges::reverse(set);
    CHECK(repeat_factors(turned, 0.9) == expected);
  }
  SECTION("with labels and ranges of any type") {
    std::list<std::set<std::string>> const names{{"a"}, {"a", "b"}, {}, {"a"}, {"b", "a", "c"}, {"a"}, {"a"}, {"a"}};
    CHECK(repeat_factors(names, 0.9) == expected);
    CHECK(repeat_factors(ranges_for_tests::read_once(sets), 0.9) == expected);
    enum class kind : std::uint8_t { a, b, c };
    std::vector<std::vector<kind>> kinds;
    for (auto const& set : sets) {
      auto& kinds_of_set = kinds.emplace_back();
      for (int const label : set) kinds_of_set.push_back(label == 7 ? kind::a : label == 12 ? kind::c : kind::b);
    }
    CHECK(repeat_factors(kinds, 0.9) == expected);
    std::vector<std::vector<char const*>> const literals{{"x"}, {}};
    CHECK(repeat_factors(literals, 1) == doubles{std::sqrt(1 / 0.5), 1});
  }
}

TEST_CASE("repeat_factors does not take strings as sets of letters, or rows of flags", "[repeat_factors]") {
  STATIC_REQUIRE(evendraw::detail::label_set_range<std::vector<std::vector<int>>>);
  STATIC_REQUIRE(evendraw::detail::label_set_range<std::vector<std::vector<std::string>> const&>);
  STATIC_REQUIRE_FALSE(evendraw::detail::label_set_range<std::vector<std::string>>);
  STATIC_REQUIRE_FALSE(evendraw::detail::label_set_range<std::vector<std::string_view>>);
  STATIC_REQUIRE_FALSE(evendraw::detail::label_set_range<std::vector<std::vector<bool>>>);
  STATIC_REQUIRE_FALSE(evendraw::detail::label_set_range<std::vector<std::vector<double>>>);
  STATIC_REQUIRE_FALSE(evendraw::detail::label_set_range<std::vector<int>>);
}

TEST_CASE("repeat_factors refuses impossible input", "[repeat_factors]") {
  std::vector<std::vector<int>> const sets{{1}};
  std::string const range = "; it must be in [0, 1]: the fraction of samples below which a class is repeated";
  CHECK_THROWS_WITH(repeat_factors(sets, 1.5), "evendraw::repeat_factors: threshold is 1.5" + range);
  CHECK_THROWS_WITH(repeat_factors(sets, -1), "evendraw::repeat_factors: threshold is -1" + range);
  CHECK_THROWS_WITH(repeat_factors(sets, std::numeric_limits<double>::quiet_NaN()),
                    "evendraw::repeat_factors: threshold is nan" + range);
  CHECK_THROWS_WITH(repeat_factors(std::vector<std::vector<int>>{}),
                    "evendraw::repeat_factors: no samples; give the labels of at least one");
  std::vector<std::uint64_t> const counts{3, 7};
  CHECK_THROWS_WITH(class_repeat_factors(counts, 10, 2), "evendraw::class_repeat_factors: threshold is 2" + range);
  CHECK_THROWS_WITH(class_repeat_factors(counts, 5),
                    "evendraw::class_repeat_factors: counts[1] is 7 of 5 samples; count the samples that have the "
                    "class");
}

TEST_CASE("repeat_factors refuses the rows of a 0/1 table", "[repeat_factors]") {
  using rows = std::vector<std::vector<int>>;
  std::string const refusal =
      "evendraw::repeat_factors: every sample has 3 labels, all of them 0 or 1, like the rows of a 0/1 table; give "
      "label_sets_of(rows) instead";
  CHECK_THROWS_WITH(repeat_factors({{1, 0, 0}, {1, 1, 0}}), refusal);
  CHECK_THROWS_WITH(repeat_factors(rows{{0, 0, 0}}), refusal);
  CHECK_THROWS_WITH(repeat_factors(std::vector<std::vector<std::uint8_t>>{{0, 1, 0}, {0, 0, 1}}), refusal);
  CHECK_THROWS_AS(repeat_factors(rows{{0, 1}, {1, 1}}), std::invalid_argument);
  CHECK_THROWS_WITH(
      evendraw::repeat_factor_sampler({{1, 0}, {1, 1}}),
      "evendraw::repeat_factor_sampler: every sample has 2 labels, all of them 0 or 1, like the rows of a "
      "0/1 table; give label_sets_of(rows) instead");
  CHECK_THROWS_AS(evendraw::raked_weights(rows{{1, 0}, {1, 1}}, {.at_least = .1}), std::invalid_argument);
  // These may be label sets.
  CHECK_NOTHROW(repeat_factors({{1, 0}, {0, 1}}));        // none twice
  CHECK_NOTHROW(repeat_factors({{1, 1, 0}, {1, 0}}));     // of two sizes
  CHECK_NOTHROW(repeat_factors({{1, 2, 2}, {1, 0, 0}}));  // 2
  CHECK_NOTHROW(repeat_factors({{1}, {0}}));              // one label each
  CHECK_NOTHROW(repeat_factors(std::vector<std::vector<std::string>>{{"1", "0", "0"}, {"1", "1", "0"}}));
  CHECK(evendraw::repeat_factor_sampler({1.5, 2.5}).epoch_size() == 4);  // factors
}

TEST_CASE("label_sets_of turns the rows of a table into label sets", "[repeat_factors]") {
  using sets = std::vector<std::vector<std::uint32_t>>;
  sets const expected{{0}, {0, 1}, {}, {2}};
  CHECK(label_sets_of({{1, 0, 0}, {1, 1, 0}, {0, 0, 0}, {0, 0, 1}}) == expected);
  CHECK(label_sets_of(std::vector<std::vector<bool>>{
            {true, false, false}, {true, true, false}, {false, false, false}, {false, false, true}}) == expected);
  std::vector<std::vector<std::uint8_t>> rows{{1, 0, 0}, {1, 1, 0}, {0, 0, 0}, {0, 0, 1}};
  CHECK(label_sets_of(rows) == expected);
  CHECK(label_sets_of(std::vector<std::vector<int>>{}).empty());
  CHECK(repeat_factors(label_sets_of(rows), 0.9) == repeat_factors(expected, 0.9));
  rows[2][1] = 7;
  CHECK_THROWS_WITH(label_sets_of(rows), "evendraw::label_sets_of: rows[2][1] is 7; a row has a 0 or 1 for each label");
  CHECK_THROWS_WITH(
      label_sets_of({{1, 0}, {1, 1, 0}}),
      "evendraw::label_sets_of: rows[1] has 3 columns, and rows[0] has 2; give every row a column for each label");
}

}  // namespace repeat_factors_test
