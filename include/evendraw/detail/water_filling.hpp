// Divides draws as evenly as limits allow.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <evendraw/detail/sort_by.hpp>

namespace evendraw::detail {

/// Divides `total` draws among classes, none of which takes more than its limit. Classes whose limit is below the
/// common level take their limit; the others take the level. If a remainder is left, the first of the others take one
/// more each.
///
///   limits  K numbers
///   total   the draws to divide; if it exceeds the sum of the limits, every class takes its limit
///
/// Cost       O(K log K)
/// Source     water-filling, as in Chung et al. (UniMax), ICLR 2023, algorithm 1
[[nodiscard]] inline std::vector<std::uint64_t> fill_evenly(std::span<std::uint64_t const> limits,
                                                            std::uint64_t total) {
  std::vector<std::size_t> order(limits.size());
  for (std::size_t c = 0; c < order.size(); ++c) order[c] = c;
  detail::sort_by(order, limits);
  std::vector<std::uint64_t> result(limits.size());
  // From the smallest limit on, each class may take an equal part of what is left of `total`.
  std::size_t full = 0;
  while (full < order.size() && limits[order[full]] <= total / (order.size() - full)) {
    result[order[full]] = limits[order[full]];
    total -= limits[order[full]];
    ++full;
  }
  if (full == order.size()) return result;
  std::uint64_t const others = order.size() - full, level = total / others, lowest = limits[order[full]];
  std::uint64_t one_more = total % others;
  for (std::size_t c = 0; c < limits.size(); ++c) {
    if (limits[c] < lowest) continue;  // full; classes with the same limit are all full, or none is
    result[c] = level + static_cast<std::uint64_t>(one_more > 0);
    one_more -= static_cast<std::uint64_t>(one_more > 0);
  }
  return result;
}

}  // namespace evendraw::detail
