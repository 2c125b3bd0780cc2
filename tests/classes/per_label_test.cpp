#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <support/catch2.hpp>

#include <evendraw/classes/per_label.hpp>

using evendraw::class_index;
using evendraw::per_label;
using namespace std::string_literals;

namespace {

using values = std::vector<std::optional<double>>;

values by_class(per_label<std::string, double> const& given) {
  return given.by_class("some_sampler", "shares", class_index(std::vector{"dry"s, "ice"s, "wet"s, "dry"s}));
}

}  // namespace

TEST_CASE("per_label: values by class number, nothing for classes that are not named", "[per_label]") {
  CHECK(by_class({}) == values{std::nullopt, std::nullopt, std::nullopt});
  CHECK(by_class({{"wet", 0.2}}) == values{std::nullopt, std::nullopt, 0.2});
  CHECK(by_class({{"wet", 0.2}, {"dry", 0.8}, {"ice", 0}}) == values{0.8, 0.0, 0.2});
  CHECK(per_label<std::string, double>().empty());
  CHECK_FALSE(per_label<std::string, double>({{"wet", 0.2}}).empty());
}

TEST_CASE("per_label: from maps and other ranges of pairs", "[per_label]") {
  values const expected{0.8, std::nullopt, 0.2};
  CHECK(by_class(std::map<std::string, double>{{"wet", 0.2}, {"dry", 0.8}}) == expected);
  CHECK(by_class(std::unordered_map<std::string, double>{{"wet", 0.2}, {"dry", 0.8}}) == expected);
  CHECK(by_class(std::vector<std::pair<char const*, float>>{{"wet", 0.2f}, {"dry", 0.8f}}) ==
        values{0.8f, std::nullopt, 0.2f});
  std::pair<std::string, double> const array[] = {{"wet", 0.2}, {"dry", 0.8}};
  CHECK(by_class(array) == expected);
  per_label<std::string, double> copied = {{"wet", 0.2}, {"dry", 0.8}};
  per_label<std::string, double> const copy(copied);
  CHECK(by_class(copy) == expected);
}

TEST_CASE("per_label: integer labels and declared order", "[per_label]") {
  class_index const classes(std::vector{4, -2, 4}, {.classes = {9, 4, -2}, .allow_empty = true});
  per_label<int, std::uint64_t> const limits{{-2, 5}, {9, 0}};
  CHECK(limits.by_class("some_sampler", "limits", classes) ==
        std::vector<std::optional<std::uint64_t>>{0, std::nullopt, 5});
}

TEST_CASE("per_label: labels that are no class, or come twice", "[per_label]") {
  CHECK_THROWS_AS(by_class({{"snow", 1}}), std::invalid_argument);
  CHECK_THROWS_WITH(by_class({{"dry", 1}, {"snow", 1}}),
                    "evendraw::some_sampler: shares names 'snow', which no sample has; the classes are "
                    "'dry', 'ice', 'wet'");
  CHECK_THROWS_AS(by_class({{"dry", 1}, {"dry", 1}}), std::invalid_argument);
  CHECK_THROWS_WITH(by_class({{"dry", 1}, {"wet", 1}, {"dry", 2}}), "evendraw::some_sampler: shares names 'dry' twice");
}

TEST_CASE("per_label: names that a conversion would make another label of", "[per_label]") {
  CHECK_THROWS_WITH((per_label<std::uint8_t, double>{{300, 0.9}}),
                    "evendraw::labelled: no label can be 300, which would be taken for 44; name labels that occur");
  CHECK_THROWS_WITH((per_label<std::uint8_t, double>{{-1, 0.9}}),
                    "evendraw::labelled: no label can be -1, which would be taken for 255; name labels that occur");
  CHECK_THROWS_AS((per_label<std::uint64_t, double>{{-1, 0.9}}), std::invalid_argument);
  CHECK_THROWS_AS((per_label<int, double>{{std::uint32_t{1} << 31, 0.9}}), std::invalid_argument);
  CHECK_THROWS_AS((per_label<int, double>{std::map<std::int64_t, double>{{std::int64_t{1} << 32, 0.9}}}),
                  std::invalid_argument);
  CHECK_THROWS_AS((per_label<bool, double>{{2, 0.9}}), std::invalid_argument);
  CHECK_FALSE(std::constructible_from<evendraw::labelled<int, double>, double, double>);
  CHECK_FALSE(std::constructible_from<evendraw::labelled<int, double>, std::string, double>);
  CHECK((per_label<bool, double>{{0, 0.1}, {1, 0.9}}).begin()->first == false);
  CHECK((per_label<std::uint8_t, double>{{255, 0.9}}).begin()->first == 255);
  CHECK((per_label<std::int8_t, double>{{-128, 0.9}}).begin()->first == -128);
  CHECK((per_label<char, double>{{'x', 0.9}}).begin()->first == 'x');
}

TEST_CASE("per_label: a count is a whole number >= 0, whatever type it comes in", "[per_label]") {
  using counts = evendraw::per_label<std::string, std::uint64_t>;
  CHECK_THROWS_WITH((counts{{"a", -1}}),
                    "evendraw::labelled: the value of 'a' is -1; a count must be a whole number >= 0");
  CHECK_THROWS_WITH((counts{{"a", 0.9}}),
                    "evendraw::labelled: the value of 'a' is 0.9; a count must be a whole number >= 0");
  CHECK_THROWS_AS((counts{{"a", 1e30}}), std::invalid_argument);
  CHECK_THROWS_AS((counts{std::map<std::string, int>{{"a", -5}}}), std::invalid_argument);
  CHECK(counts{{"a", 5.0}}.begin()->second == 5);
  CHECK(counts{{"a", 5}, {"b", std::uint64_t{1} << 40}}.begin()->second == 5);
}
