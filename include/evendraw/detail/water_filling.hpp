// Sharing out draws as evenly as limits allow.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

namespace evendraw {

/// Shares `total` among classes of which none takes more than its limit: those whose limit is below the common
/// level take their limit, the others the level, the first of them one more where it does not come out even.
///
///   limits  K numbers
///   total   at most their sum; if it is more, every class takes its limit
///
/// Cost       O(K log K)
/// Source     water-filling, as in Chung et al. (UniMax), ICLR 2023, algorithm 1
[[nodiscard]] inline std::vector<std::uint64_t> fill_evenly(std::span<std::uint64_t const> limits,
                                                            std::uint64_t total) {
  std::vector<std::size_t> order(limits.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t c) { return limits[c]; });
  std::vector<std::uint64_t> result(limits.size());
  // From the smallest limit on, each class may take an equal part of what is left.
  std::size_t full = 0;
  while (full < order.size() && limits[order[full]] <= total / (order.size() - full)) {
    result[order[full]] = limits[order[full]];
    total -= limits[order[full]];
    ++full;
  }
  auto const rest = std::span(order).subspan(full);
  if (rest.empty()) return result;
  std::ranges::sort(rest);
  std::uint64_t const level = total / rest.size(), one_more = total % rest.size();
  for (std::size_t i = 0; i < rest.size(); ++i) result[rest[i]] = level + static_cast<std::uint64_t>(i < one_more);
  return result;
}

}  // namespace evendraw
