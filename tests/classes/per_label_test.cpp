#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <support/catch2.hpp>
#include <support/message_of.hpp>

#include <evendraw/classes/per_label.hpp>
#include <evendraw/samplers/balanced_epoch_sampler.hpp>
#include <evendraw/samplers/stratified_batch_sampler.hpp>
#include <evendraw/samplers/target_proportion_sampler.hpp>

namespace per_label_test {

using evendraw::class_index;
using evendraw::per_label;
using namespace std::string_literals;

namespace {

using values = std::vector<std::optional<double>>;

values by_class(per_label<std::string, double> const& given) {
  auto const found = given.by_class("some_sampler", "shares", class_index(std::vector{"dry"s, "ice"s, "wet"s, "dry"s}));
  values result(found.values.size());
  for (std::size_t c = 0; c < result.size(); ++c) {
    if (found.given[c] != 0) result[c] = found.values[c];
  }
  return result;
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
  auto const found = limits.by_class("some_sampler", "limits", classes);
  CHECK(found.values == std::vector<std::uint64_t>{0, 0, 5});
  CHECK(found.given == std::vector<char>{1, 0, 1});
}

TEST_CASE("per_label: labels that are not a class, or come twice", "[per_label]") {
  CHECK_THROWS_AS(by_class({{"snow", 1}}), std::invalid_argument);
  CHECK_THROWS_WITH(by_class({{"dry", 1}, {"snow", 1}}),
                    "evendraw::some_sampler: shares names 'snow', which no sample has; the classes are "
                    "'dry', 'ice', 'wet'");
  CHECK_THROWS_AS(by_class({{"dry", 1}, {"dry", 1}}), std::invalid_argument);
  CHECK_THROWS_WITH(by_class({{"dry", 1}, {"wet", 1}, {"dry", 2}}),
                    "evendraw::some_sampler: shares names 'dry' twice; name it once");
}

TEST_CASE("per_label: names that a conversion would turn into another label", "[per_label]") {
  auto const problem = [](auto const& values) { return message_of([&] { values.refuse_problem("f", "limits"); }); };
  CHECK(problem(per_label<std::uint8_t, double>{{300, 0.9}}) ==
        "evendraw::f: limits names 300, which would be taken for 44; name labels that occur");
  CHECK(problem(per_label<std::uint8_t, double>{{1, 0.9}, {-1, 0.9}, {300, 0.9}}) ==
        "evendraw::f: limits names -1, which would be taken for 255; name labels that occur");
  CHECK(!problem(per_label<std::uint64_t, double>{{-1, 0.9}}).empty());
  CHECK(!problem(per_label<int, double>{{std::uint32_t{1} << 31, 0.9}}).empty());
  CHECK(!problem(per_label<int, double>{std::map<std::int64_t, double>{{std::int64_t{1} << 32, 0.9}}}).empty());
  CHECK(!problem(per_label<bool, double>{{2, 0.9}}).empty());
  using pair = evendraw::detail::given_pair<int, double>;
  CHECK_FALSE(std::constructible_from<pair, double, double>);
  CHECK_FALSE(std::constructible_from<pair, std::string, double>);
  auto const first = [&](auto const& values) {
    CHECK_NOTHROW(values.refuse_problem("f", "limits"));
    auto const [label, value] = *values.begin();
    return label;
  };
  CHECK(first(per_label<bool, double>{{0, 0.1}, {1, 0.9}}) == false);
  CHECK(first(per_label<std::uint8_t, double>{{255, 0.9}}) == 255);
  CHECK(first(per_label<std::int8_t, double>{{-128, 0.9}}) == -128);
  CHECK(first(per_label<char, double>{{'x', 0.9}}) == 'x');
}

TEST_CASE("per_label: a count is a whole number >= 0, whatever type it comes in", "[per_label]") {
  using counts = evendraw::per_label<std::string, std::uint64_t>;
  auto const problem = [](counts const& values) { return message_of([&] { values.refuse_problem("f", "limits"); }); };
  CHECK(problem({{"a", -1}}) == "evendraw::f: limits gives 'a' the value -1; a count must be a whole number >= 0");
  CHECK(problem({{"a", 0.9}}) == "evendraw::f: limits gives 'a' the value 0.9; a count must be a whole number >= 0");
  CHECK(!problem({{"a", 1e30}}).empty());
  CHECK(!problem(counts{std::map<std::string, int>{{"a", -5}}}).empty());
  CHECK(counts{{"a", 5.0}}.begin()->second == 5);
  CHECK(counts{{"a", 5}, {"b", std::uint64_t{1} << 40}}.begin()->second == 5);
}

TEST_CASE("per_label: messages name the option that has the mistake", "[per_label]") {
  std::vector<std::string> const labels{"cat", "dog"};
  CHECK_THROWS_WITH(evendraw::balanced_epoch_sampler(labels, {.limits = {{"cat", -1}}}),
                    "evendraw::balanced_epoch_sampler: limits gives 'cat' the value -1; a count must be a whole number "
                    ">= 0");
  CHECK_THROWS_WITH(evendraw::stratified_batch_sampler(labels, {.batch_size = 2, .quotas = {{"dog", 1.5}}}),
                    "evendraw::stratified_batch_sampler: quotas gives 'dog' the value 1.5; a count must be a whole "
                    "number >= 0");
  std::vector<std::uint8_t> const bytes{0, 1};
  CHECK_THROWS_WITH(
      evendraw::stratified_batch_sampler(bytes, {.batch_size = 2, .shares = {{256, 1}}}),
      "evendraw::stratified_batch_sampler: shares names 256, which would be taken for 0; name labels that "
      "occur");
  CHECK_THROWS_WITH(evendraw::target_proportion_sampler(bytes, {{0, 1}, {257, 1}}),
                    "evendraw::target_proportion_sampler: shares names 257, which would be taken for 1; name labels "
                    "that occur");
}

}  // namespace per_label_test
