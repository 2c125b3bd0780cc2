// Whole numbers in proportion to shares.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <evendraw/detail/sort_by.hpp>
#include <evendraw/detail/uint128.hpp>

namespace evendraw::detail {

/// Divides n samples in proportion to `shares`, by the largest remainder. Remainders are rounded to 2^-16 before they
/// are compared, so that the remainders 0.5 of 0.1 * 5 and of 0.9 * 5 are equal.
///
/// Needs      shares with a sum in (0, 2^63]
inline std::vector<std::uint64_t> largest_remainder(std::uint64_t n, std::span<std::uint64_t const> shares) {
  std::uint64_t sum = 0;
  for (std::uint64_t const share : shares) sum += share;
  std::vector<std::uint64_t> result, missing;  // the largest remainder is the smallest of `missing`
  std::vector<std::size_t> order;
  std::uint64_t left = n;
  for (std::uint64_t const share : shares) {
    auto const [size, remainder] = scaled(n, share, sum);
    if (remainder > 0) order.push_back(result.size());
    result.push_back(size);
    missing.push_back(~divide(add(multiply(remainder, std::uint64_t{1} << 16), {0, sum / 2}), sum));
    left -= size;
  }
  sort_by(order, missing);
  for (std::size_t i = 0; i < left; ++i) ++result[order[i]];
  return result;
}

}  // namespace evendraw::detail
