// The chi-squared test, for draws with fixed seeds: a check fails below p = 1e-6.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace statistics {

inline constexpr double threshold = 1e-6;

/// P(chi-squared with `dof` degrees of freedom > x): the regularised upper incomplete gamma function Q(dof/2, x/2).
inline double chi_squared_tail(double dof, double x) {
  if (x <= 0) return 1;
  double const a = dof / 2, y = x / 2, lead = std::exp(a * std::log(y) - y - std::lgamma(a));
  if (y < a + 1) {  // the series, DLMF 8.7.1
    double term = 1 / a, sum = term;
    for (double n = a + 1; term > sum * 1e-16; ++n) sum += term *= y / n;
    return 1 - sum * lead;
  }
  double b = y + 1 - a, c = 1e300, d = 1 / b, h = d;  // the continued fraction, DLMF 8.9.2, by Lentz's method
  for (int i = 1; i < 10000; ++i) {
    double const an = -i * (i - a);
    b += 2;
    d = 1 / (an * d + b);
    c = b + an / c;
    h *= c * d;
    if (std::fabs(c * d - 1) < 1e-15) break;
  }
  return h * lead;
}

/// p-value of counts against probabilities that sum to 1. Probability 0 must have been seen 0 times, else p = 0.
inline double chi_squared_p(std::span<std::uint64_t const> seen, std::span<double const> probability) {
  double draws = 0, x = 0, cells = 0;
  for (auto const count : seen) draws += static_cast<double>(count);
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (probability[i] == 0 && seen[i] != 0) return 0;
    if (probability[i] == 0) continue;
    double const expected = draws * probability[i], off = static_cast<double>(seen[i]) - expected;
    x += off * off / expected;
    ++cells;
  }
  return chi_squared_tail(cells - 1, x);
}

/// The same where all cells are equally likely.
inline double uniform_p(std::span<std::uint64_t const> seen) {
  return chi_squared_p(seen, std::vector<double>(seen.size(), 1 / static_cast<double>(seen.size())));
}

}  // namespace statistics
