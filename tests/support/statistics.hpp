// The chi-squared test, for draws with fixed seeds: a check fails below p = 1e-6.
#pragma once

#include <evendraw/inspect/chi_squared.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace statistics {

inline constexpr double threshold = 1e-6;

using evendraw::detail::chi_squared_tail;

/// p-value of counts against probabilities that sum to 1. Probability 0 must have been seen 0 times, else p = 0.
inline double chi_squared_p(std::span<std::uint64_t const> seen, std::span<double const> probability) {
  return evendraw::chi_squared_test(seen, probability).p_value;
}

/// The same where all cells are equally likely.
inline double uniform_p(std::span<std::uint64_t const> seen) {
  return chi_squared_p(seen, std::vector<double>(seen.size(), 1 / static_cast<double>(seen.size())));
}

}  // namespace statistics
