// What weights may be, and how they are checked.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <ranges>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include <evendraw/core/errors.hpp>

namespace evendraw {

/// A range of weights: numbers of any arithmetic type.
template <class Range>
concept weight_range = std::ranges::input_range<Range> && std::is_arithmetic_v<std::ranges::range_value_t<Range>>;

namespace detail {

/// A weight as a double; what is not zero does not become so, also from a long double below double's range.
template <class T>
double weight_as_double(T weight) {
  auto const value = static_cast<double>(weight);
  if (value != 0 || weight == T{0}) return value;
  return weight > T{0} ? std::numeric_limits<double>::denorm_min() : -std::numeric_limits<double>::denorm_min();
}

/// The weights, checked: at least one, every one finite and >= 0, one of them > 0.
template <weight_range Range>
std::vector<double> checked_weights(std::string_view who, std::string_view name, Range&& weights) {
  std::vector<double> result;
  if constexpr (std::ranges::sized_range<Range>) result.reserve(static_cast<std::size_t>(std::ranges::size(weights)));
  bool any_positive = false;
  for (std::ranges::range_value_t<Range> const weight : weights) {
    double const value = weight_as_double(weight);
    if (!(value >= 0) || !std::isfinite(value)) {
      invalid(who, name, "[", text(result.size()), "] is ", text(value), "; every weight must be finite and >= 0");
    }
    any_positive |= value > 0;
    result.push_back(value);
  }
  if (result.empty()) invalid(who, name, " is empty; give at least one weight");
  if (!any_positive) {
    invalid(who, "all ", text(result.size()), " ", name, " are zero; at least one must be > 0");
  }
  return result;
}

/// Says that weights come from checked_weights.
struct already_checked {};

/// The weights divided by the largest, so that no sum overflows; what is positive stays positive.
inline void divide_by_largest(std::span<double> weights) {
  double const largest = *std::ranges::max_element(weights);
  for (double& weight : weights) {
    if (weight > 0) weight = std::max(weight / largest, std::numeric_limits<double>::denorm_min());
  }
}

}  // namespace detail

}  // namespace evendraw
