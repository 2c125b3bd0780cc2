// The probability that some sample is still unseen after draws with replacement.
#pragma once

#include <algorithm>
#include <numbers>

#include <evendraw/detail/huge_page_vector.hpp>
#include <evendraw/detail/math.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// `count` samples, each with the same probability of being drawn.
struct equal_samples {
  double count;
  double probability;
};

/// sin x - x, without cancellation for small x.
inline double sin_minus(double x) noexcept {
  if (x > 0.25) return math::sin(x) - x;
  double const s = x * x;
  return -x * s / 6 * (1 - s / 20 * (1 - s / 42 * (1 - s / 72 * (1 - s / 110))));
}

/// A complex number. std::complex is not used, because <complex> takes long to compile.
struct complex_number {
  double real;
  double imag;
};

inline complex_number polar(double size, double angle) noexcept {
  return {size * math::cos(angle), size * math::sin(angle)};
}

/// log(1 - w)
inline complex_number log_one_minus(complex_number w) noexcept {
  double const norm = w.real * w.real + w.imag * w.imag;
  double const log_size = norm > 0.25 ? math::log(math::hypot(1 - w.real, w.imag)) : math::log1p(norm - 2 * w.real) / 2;
  return {log_size, math::atan2(-w.imag, 1 - w.real)};
}

/// 1 - e^x
inline complex_number one_minus_exp(complex_number x) noexcept {
  double const half = math::sin(x.imag / 2);
  return {2 * half * half - math::expm1(x.real) * math::cos(x.imag), -math::exp(x.real) * math::sin(x.imag)};
}

/// If every sample has more expected draws than this, the probability that any of 2^64 samples is unseen is below
/// 1e-30.
inline constexpr double certainly_seen = 120;

/// The logarithm of the probability that all samples are seen by time t, if each is drawn at random times, p times per
/// unit of time.
inline double log_seen_at(huge_page_vector<equal_samples> const& samples, double t) noexcept {
  double sum = 0;
  for (auto const& [count, probability] : samples) {
    double const expected = probability * t;
    if (expected < certainly_seen) sum += count * math::log1p(-math::exp(-expected));
  }
  return sum;
}

/// The probability that some sample is still unseen after N draws. If draws come at random times, the samples are
/// independent, and the probability at time t is 1 - product of (1 - e^(-p t)). This is the mean of the probability
/// after N draws, where N has the Poisson law with mean t. So the probability after N draws is the N-th coefficient of
/// a power series, which is an integral over the circle |t| = N. The trapezoidal rule for this integral ignores the
/// coefficients farther than `points` from N, and stops when no further summand exceeds 1e-17 of the first.
inline double unseen_after(huge_page_vector<equal_samples> const& samples, double draws) {
  if (samples.empty()) return 0;
  double count = 0;
  for (auto const& each : samples) count += each.count;
  double const log_seen = log_seen_at(samples, draws);
  if (draws < count || log_seen + math::log(2 * std::numbers::pi * draws) / 2 < -39) return 1;
  double const points = 2 * math::ceil(16 + math::sqrt(21 * draws)) + 1, step = 2 * std::numbers::pi / points;
  double above = -math::expm1(log_seen) / 2, below = 0.5;
  double const negligible = above * 1e-17;
  for (double j = 1; 2 * j < points; ++j) {
    double const angle = j * step, half = math::sin(angle / 2), decay = math::exp(-2 * draws * half * half);
    complex_number const t = polar(draws, angle), kernel = polar(decay, draws * sin_minus(angle));
    complex_number log_product{0, 0};
    double log_bound = 0;
    for (auto const& each : samples) {
      if (each.probability * t.real > certainly_seen) continue;
      double const size = math::exp(-each.probability * t.real);
      complex_number const log_seen_here = log_one_minus(polar(size, -each.probability * t.imag));
      log_product.real += each.count * log_seen_here.real;
      log_product.imag += each.count * log_seen_here.imag;
      log_bound += each.count * math::log1p(size);
    }
    complex_number const unseen = one_minus_exp(log_product);
    above += unseen.real * kernel.real - unseen.imag * kernel.imag;
    below += kernel.real;
    if (math::expm1(log_bound) * decay <= negligible) break;
  }
  return std::clamp(above / below, 0.0, 1.0);
}

/// Simpson's rule. Halves the interval if the results of the whole and of its halves differ by more than the tolerance.
template <class Function>
double integral(Function const& f, double low, double f_low, double high, double f_high, double f_middle,
                double tolerance, int halvings = 40) {
  double const middle = low + (high - low) / 2, width = (high - low) / 12;
  double const left = f(low + (middle - low) / 2), right = f(middle + (high - middle) / 2);
  double const whole = 2 * width * (f_low + 4 * f_middle + f_high);
  double const halves = width * (f_low + 4 * left + 2 * f_middle + 4 * right + f_high);
  if (halvings == 0 || math::fabs(halves - whole) <= 15 * tolerance) return halves + (halves - whole) / 15;
  return integral(f, low, f_low, middle, f_middle, left, tolerance / 2, halvings - 1) +
         integral(f, middle, f_middle, high, f_high, right, tolerance / 2, halvings - 1);
}

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
