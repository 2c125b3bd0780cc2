// The types that weights may have, and how weights are checked.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/math.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

namespace detail {

/// A range of weights: numbers of any arithmetic type.
template <class Range>
concept weight_range = std::ranges::input_range<Range> && std::is_arithmetic_v<std::ranges::range_value_t<Range>>;

/// A weight as a double. A weight that is not zero does not become zero, even if it is a long double below the range of
/// double.
template <class T>
double weight_as_double(T weight) {
  auto const value = static_cast<double>(weight);
  if (value != 0 || weight == T{0}) return value;
  return weight > T{0} ? std::numeric_limits<double>::denorm_min() : -std::numeric_limits<double>::denorm_min();
}

/// Weights that can be read in place, without a copy.
template <class Range>
concept readable_in_place = std::ranges::contiguous_range<Range> && std::ranges::sized_range<Range> &&
    (std::same_as<std::ranges::range_value_t<Range>, double> || std::same_as<std::ranges::range_value_t<Range>, float>);

/// The weights, unchecked.
template <weight_range Range>
std::vector<double> weights_as_doubles(Range&& weights) {
  std::vector<double> result;
  if constexpr (std::ranges::sized_range<Range>) result.reserve(static_cast<std::size_t>(std::ranges::size(weights)));
  for (std::ranges::range_value_t<Range> const weight : weights) result.push_back(weight_as_double(weight));
  return result;
}

/// The name that an error message begins with.
struct caller {
  std::string_view name;
};

/// What one element of weights, shares, factors, ... is called in messages.
constexpr std::string_view element_of(std::string_view name) noexcept {
  return name == "weights" ? "weight" : "number";
}

[[noreturn]] inline void no_weights(std::string_view context, std::string_view name) {
  invalid(context, name, " is empty; give at least one ", element_of(name));
}

[[noreturn]] inline void bad_weight(std::string_view context, std::string_view name, std::size_t i, double value) {
  invalid(context, name, "[", text(i), "] is ", text(value), "; every ", element_of(name), " must be finite and >= 0");
}

[[noreturn]] inline void all_zero(std::string_view context, std::string_view name, std::size_t n) {
  if (n == 1) invalid(context, name, "[0] is zero, and there are no others; at least one must be > 0");
  invalid(context, "all ", text(n), " ", name, " are zero; at least one must be > 0");
}

/// The weights, checked: there is at least one, all are finite and >= 0, and one is > 0.
template <weight_range Range>
std::vector<double> checked_weights(std::string_view context, std::string_view name, Range&& weights) {
  auto result = weights_as_doubles(weights);
  bool any_positive = false;
  for (std::size_t i = 0; i < result.size(); ++i) {
    if (!(result[i] >= 0) || !is_finite(result[i])) bad_weight(context, name, i, result[i]);
    result[i] = math::fabs(result[i]);  // -0 is 0
    any_positive |= result[i] > 0;
  }
  if (result.empty()) no_weights(context, name);
  if (!any_positive) all_zero(context, name, result.size());
  return result;
}

/// The shares of K classes, checked like weights. There must be one for each class, and 0 for a class without samples.
///
///   class_name  the name of class c in error messages
template <weight_range Shares, class ClassName>
std::vector<double> checked_shares(std::string_view context, Shares&& shares, std::span<std::uint64_t const> counts,
                                   ClassName class_name) {
  auto result = checked_weights(context, "shares", shares);
  if (result.size() != counts.size()) {
    invalid(context, counted(result.size(), "share", "shares"), " for ", counted(counts.size(), "class", "classes"),
            "; give one for each");
  }
  for (std::size_t c = 0; c < result.size(); ++c) {
    if (result[c] > 0 && counts[c] == 0) {
      invalid(context, class_name(c), " has a share but no samples; its share must be 0");
    }
  }
  return result;
}

/// The name of a class in messages, for classes without labels.
inline std::string class_number(std::size_t c) { return joined("class number ", text(c)); }

inline double sum_of(std::span<double const> numbers) noexcept {
  double sum = 0;
  for (double const number : numbers) sum += number;
  return sum;
}

/// Divides the weights by the largest, so that no sum overflows. Positive weights stay positive.
inline void divide_by_largest(std::span<double> weights) {
  double largest = 0;
  for (double const weight : weights) largest = std::max(largest, weight);
  for (double& weight : weights) {
    if (weight > 0) weight = std::max(weight / largest, std::numeric_limits<double>::denorm_min());
  }
}

/// The weights divided by their sum, even if it overflows or is tiny. Positive weights stay positive. Needs checked
/// weights.
inline std::vector<double> as_shares(std::vector<double> weights) {
  double sum = sum_of(weights);
  if (!(sum >= std::numeric_limits<double>::min()) || !is_finite(sum)) {
    divide_by_largest(weights);
    sum = sum_of(weights);
  }
  for (double& weight : weights) {
    if (weight > 0) weight = std::max(weight / sum, std::numeric_limits<double>::denorm_min());
  }
  return weights;
}

}  // namespace detail

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
