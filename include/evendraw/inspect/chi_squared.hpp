// The chi-squared test, which asks whether counts could have come from given probabilities.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numbers>
#include <span>
#include <string_view>

#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/math.hpp>
#include <evendraw/weights/detail/checked_weights.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

namespace detail {

/// log(y^a e^-y / Gamma(a)) for a, y > 0. It does not use std::lgamma, because that writes a global variable.
inline double log_gamma_density(double a, double y) {
  double sum = 0;
  for (; a < 16; ++a) sum += math::log(a / y);  // Gamma(a + 1) = a Gamma(a), DLMF 5.5.1
  double const t = (y - a) / a, square = 1 / (a * a);
  double const series = (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square / 1680))) / a;
  double const log_ratio = t < -0.5 ? math::log(y / a) : math::log1p(t);
  return sum + a * (log_ratio - t) + math::log(a / (2 * std::numbers::pi)) / 2 - series;  // DLMF 5.11.1
}

/// The sum over n of y^n / (a (a + 1) ... (a + n)), DLMF 8.7.1.
inline double lower_gamma_series(double a, double y) {
  double term = 1 / a, sum = term;
  for (double n = a + 1; term > sum * 1e-17; ++n) {
    term *= y / n;
    sum += term;
  }
  return sum;
}

/// The continued fraction of DLMF 8.9.2 by Lentz's method.
inline double upper_gamma_fraction(double a, double y) {
  double b = y + 1 - a, c = 1e300, d = 1 / b, result = d;
  for (double n = 1; n < 1e6; ++n) {
    double const numerator = -n * (n - a);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    result *= c * d;
    if (math::fabs(c * d - 1) < 4e-16) break;
  }
  return result;
}

/// The probability that a chi-squared variable exceeds x.
///
///   degrees_of_freedom  > 0
///
/// Edge       x <= 0: 1; infinite x: 0
/// Exact      relative error below 1e-11 for values above 1e-300 and one to a million degrees of freedom
/// Cost       a small multiple of sqrt(degrees_of_freedom) steps
/// Source     the regularised incomplete gamma function Q(degrees_of_freedom / 2, x / 2): DLMF 8.7.1 and 8.9.2
[[nodiscard]] inline double chi_squared_tail(double degrees_of_freedom, double x) {
  if (x <= 0) return 1;
  if (!is_finite(x)) return is_nan(x) ? x : 0;
  double const a = degrees_of_freedom / 2, y = x / 2, factor = math::exp(log_gamma_density(a, y));
  if (y >= a + 1) return factor * upper_gamma_fraction(a, y);
  return std::max(0.0, 1 - factor * lower_gamma_series(a, y));
}

}  // namespace detail

/// Tests counts of independent draws against the probabilities of the cells.
///
///   counts         the number of draws of each cell
///   probabilities  one for each cell; they are divided by their sum
///
/// Needs      as many probabilities as counts; finite, >= 0, one positive -> else std::invalid_argument
/// Edge       no draws, or one cell: p_value 1. If a cell of probability 0 was drawn, the statistic is infinite and the
///            p_value 0. The p_value is accurate if every expected count is at least 5
/// Cost       O(number of cells)
/// Source     Pearson, Philosophical Magazine 50, 1900
struct chi_squared_test {
  double statistic = 0;           ///< sum of (count - expected count)^2 / expected count
  double degrees_of_freedom = 0;  ///< number of probabilities above 0, minus one
  double p_value = 1;             ///< the probability of a statistic at least this large

  chi_squared_test(std::span<std::uint64_t const> counts, std::span<double const> probabilities) {
    constexpr std::string_view context = "chi_squared_test";
    if (counts.size() != probabilities.size()) {
      detail::invalid(context, detail::counted(probabilities.size(), "probability", "probabilities"), " for ",
                      detail::counted(counts.size(), "count", "counts"), "; give one for each");
    }
    auto const shares = detail::as_shares(detail::checked_weights(context, "probabilities", probabilities));
    double draws = 0, cells = 0;
    for (auto const count : counts) draws += static_cast<double>(count);
    for (double const share : shares) cells += share > 0 ? 1 : 0;
    degrees_of_freedom = cells - 1;
    for (std::size_t i = 0; i < counts.size(); ++i) {
      if (counts[i] == 0 && (shares[i] == 0 || draws == 0)) continue;
      double const expected = draws * shares[i], difference = static_cast<double>(counts[i]) - expected;
      statistic += difference * difference / expected;
    }
    p_value = detail::chi_squared_tail(degrees_of_freedom, statistic);
  }
};

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
