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

#include <evendraw/weights/repeat_factors.hpp>

using evendraw::class_repeat_factors;
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
  // of 8 samples: 7 in 7 (once each), -3 in 2, 12 in 1
  double const seven = std::max(1.0, std::sqrt(0.9 / 0.875)), three = std::sqrt(0.9 / 0.25),
               twelve = std::sqrt(0.9 / 0.125);
  doubles const expected{seven, three, 1, seven, twelve, seven, seven, seven};
  CHECK(repeat_factors(sets, 0.9) == expected);
  CHECK(repeat_factors(sets) == doubles(8, 1));
  CHECK(repeat_factors(std::vector<std::vector<int>>(3), 1) == doubles(3, 1));

  SECTION("wherever it stands in the sample") {
    std::vector<std::vector<int>> turned(sets);
    for (auto& set : turned) std::ranges::reverse(set);
    CHECK(repeat_factors(turned, 0.9) == expected);
  }
  SECTION("whatever the labels and ranges are") {
    std::list<std::set<std::string>> const names{{"a"}, {"a", "b"}, {}, {"a"}, {"b", "a", "c"}, {"a"}, {"a"}, {"a"}};
    CHECK(repeat_factors(names, 0.9) == expected);
    CHECK(repeat_factors(ranges_for_tests::read_once(sets), 0.9) == expected);
    enum class kind : std::uint8_t { a, b, c };
    std::vector<std::vector<kind>> kinds;
    for (auto const& set : sets) {
      auto& of = kinds.emplace_back();
      for (int const label : set) of.push_back(label == 7 ? kind::a : label == 12 ? kind::c : kind::b);
    }
    CHECK(repeat_factors(kinds, 0.9) == expected);
    std::vector<std::vector<char const*>> const literals{{"x"}, {}};
    CHECK(repeat_factors(literals, 1) == doubles{std::sqrt(1 / 0.5), 1});
  }
}

TEST_CASE("repeat_factors takes no strings for sets of letters, and no rows of flags", "[repeat_factors]") {
  STATIC_REQUIRE(evendraw::label_set_range<std::vector<std::vector<int>>>);
  STATIC_REQUIRE(evendraw::label_set_range<std::vector<std::vector<std::string>> const&>);
  STATIC_REQUIRE_FALSE(evendraw::label_set_range<std::vector<std::string>>);
  STATIC_REQUIRE_FALSE(evendraw::label_set_range<std::vector<std::string_view>>);
  STATIC_REQUIRE_FALSE(evendraw::label_set_range<std::vector<std::vector<bool>>>);
  STATIC_REQUIRE_FALSE(evendraw::label_set_range<std::vector<std::vector<double>>>);
  STATIC_REQUIRE_FALSE(evendraw::label_set_range<std::vector<int>>);
}

TEST_CASE("repeat_factors refuses what makes no sense", "[repeat_factors]") {
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
