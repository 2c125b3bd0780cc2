// How many samples a run sees, and when it has seen them all, computed before it starts.
#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <numbers>
#include <span>
#include <vector>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/weights/class_weights.hpp>
#include <evendraw/weights/detail/checked_weights.hpp>

namespace evendraw {

namespace detail {

/// The probability that independent draws meet a sample which each of them is with this probability.
inline double drawn_at_least_once(double probability, double draws) noexcept {
  return draws == 0 ? 0 : -std::expm1(draws * std::log1p(-std::min(probability, 1.0)));
}

}  // namespace detail

/// The expected number of different samples of each class in so many draws with replacement, by class number:
/// n_c (1 - (1 - t_c / n_c)^draws).
///
///   counts  K class counts
///   shares  the share of the draws that each class has; divided by their sum
///
/// Needs      see target_proportion_weights -> else std::invalid_argument
/// Cost       O(K)
/// Exact      up to rounding: a relative error of some 2^-52, whatever the counts
template <count_range Counts = std::initializer_list<std::uint64_t>,
          weight_range Shares = std::initializer_list<double>>
std::vector<double> expected_unique_samples(Counts&& counts, Shares&& shares, std::uint64_t draws) {
  auto const sizes = detail::checked_counts("expected_unique_samples", counts);
  auto result = target_proportion_weights(sizes, shares);
  for (std::size_t c = 0; c < result.size(); ++c) {
    result[c] = static_cast<double>(sizes[c]) * detail::drawn_at_least_once(result[c], static_cast<double>(draws));
  }
  return result;
}

/// The same for any weights, one per sample, as multinomial_sampler draws: sum of 1 - (1 - p_i)^draws over each class.
///
///   classes  class_index of n labels
///   weights  n weights; for a subset: as many as there are labels
///
/// Needs      a weight for every label; finite, >= 0, one positive -> else std::invalid_argument
/// Cost       O(n), 8 n bytes
template <class Label, std::unsigned_integral Index, weight_range Weights>
std::vector<double> expected_unique_samples(class_index<Label, Index> const& classes, Weights&& weights,
                                            std::uint64_t draws) {
  auto const shares = detail::as_shares(detail::checked_weights("expected_unique_samples", "weights", weights));
  if (shares.size() != classes.index_bound()) {
    detail::invalid("expected_unique_samples", detail::text(shares.size()), " weights for ",
                    detail::text(classes.index_bound()), " labels; give one for each");
  }
  std::vector<double> result;
  for (std::uint64_t c = 0; c < classes.num_classes(); ++c) {
    double sum = 0;
    for (Index const sample : classes.members(c)) {
      sum += detail::drawn_at_least_once(shares[static_cast<std::size_t>(sample)], static_cast<double>(draws));
    }
    result.push_back(sum);
  }
  return result;
}

namespace detail {

/// So many samples, each with the same probability to be drawn.
struct equal_samples {
  double count;
  double probability;
};

/// sin x - x, without cancellation where x is small.
inline double sin_minus(double x) noexcept {
  if (x > 0.25) return std::sin(x) - x;
  double const s = x * x;
  return -x * s / 6 * (1 - s / 20 * (1 - s / 42 * (1 - s / 72 * (1 - s / 110))));
}

/// A complex number. Not std::complex: <complex> takes long to compile.
struct complex_number {
  double real;
  double imag;
};

inline complex_number polar(double size, double angle) noexcept {
  return {size * std::cos(angle), size * std::sin(angle)};
}

/// log(1 - w)
inline complex_number log_of_rest(complex_number w) noexcept {
  double const norm = w.real * w.real + w.imag * w.imag;
  double const log_size = norm > 0.25 ? std::log(std::hypot(1 - w.real, w.imag)) : std::log1p(norm - 2 * w.real) / 2;
  return {log_size, std::atan2(-w.imag, 1 - w.real)};
}

/// 1 - e^x
inline complex_number rest_of_exp(complex_number x) noexcept {
  double const half = std::sin(x.imag / 2);
  return {2 * half * half - std::expm1(x.real) * std::cos(x.imag), -std::exp(x.real) * std::sin(x.imag)};
}

/// Beyond it even 2^64 samples are seen, but for a probability below 1e-30.
inline constexpr double certainly_seen = 120;

/// log of the probability that all samples are seen at time t, where each is drawn at random times, p a unit of time.
inline double log_seen_at(std::span<equal_samples const> samples, double t) noexcept {
  double sum = 0;
  for (auto const& [count, probability] : samples) {
    double const expected = probability * t;
    if (expected < certainly_seen) sum += count * std::log1p(-std::exp(-expected));
  }
  return sum;
}

/// The probability that a sample is still unseen after N draws. At random times the samples are independent, and the
/// probability is 1 - product of (1 - e^(-p t)); that is a mixture, by the Poisson law of the number of draws until
/// t, of the one sought, which is hence the N-th coefficient of a power series: an integral over the circle |t| = N.
/// Its trapezoidal rule leaves out what coefficients farther than `points` from N give, and stops where no summand is
/// above 1e-17 of the first.
inline double unseen_after(std::span<equal_samples const> samples, double draws) {
  if (samples.empty()) return 0;
  double count = 0;
  for (auto const& each : samples) count += each.count;
  double const log_seen = log_seen_at(samples, draws);
  if (draws < count || log_seen + std::log(2 * std::numbers::pi * draws) / 2 < -39) return 1;
  double const points = 2 * std::ceil(16 + std::sqrt(21 * draws)) + 1, step = 2 * std::numbers::pi / points;
  double above = -std::expm1(log_seen) / 2, below = 0.5;
  double const negligible = above * 1e-17;
  for (double j = 1; 2 * j < points; ++j) {
    double const angle = j * step, half = std::sin(angle / 2), decay = std::exp(-2 * draws * half * half);
    complex_number const t = polar(draws, angle), kernel = polar(decay, draws * sin_minus(angle));
    complex_number log_product{0, 0};
    double log_bound = 0;
    for (auto const& each : samples) {
      if (each.probability * t.real > certainly_seen) continue;
      double const size = std::exp(-each.probability * t.real);
      complex_number const log_seen_here = log_of_rest(polar(size, -each.probability * t.imag));
      log_product.real += each.count * log_seen_here.real;
      log_product.imag += each.count * log_seen_here.imag;
      log_bound += each.count * std::log1p(size);
    }
    complex_number const rest = rest_of_exp(log_product);
    above += rest.real * kernel.real - rest.imag * kernel.imag;
    below += kernel.real;
    if (std::expm1(log_bound) * decay <= negligible) break;
  }
  return std::clamp(above / below, 0.0, 1.0);
}

/// Simpson's rule, in halves where it differs from that of the halves by more than the tolerance.
template <class Function>
double integral(Function const& f, double from, double f_from, double to, double f_to, double f_middle,
                double tolerance, int halvings = 40) {
  double const middle = from + (to - from) / 2, width = (to - from) / 12;
  double const left = f(from + (middle - from) / 2), right = f(middle + (to - middle) / 2);
  double const whole = 2 * width * (f_from + 4 * f_middle + f_to);
  double const halves = width * (f_from + 4 * left + 2 * f_middle + 4 * right + f_to);
  if (halvings == 0 || std::fabs(halves - whole) <= 15 * tolerance) return halves + (halves - whole) / 15;
  return integral(f, from, f_from, middle, f_middle, left, tolerance / 2, halvings - 1) +
         integral(f, middle, f_middle, to, f_to, right, tolerance / 2, halvings - 1);
}

}  // namespace detail

/// The law of the number of epochs until every sample was drawn at least once, where draws are independent, with
/// replacement, and their weights depend on the class only.
///
///   of_classes  K class counts
///   shares      the share of the draws that each class has; divided by their sum
///   epoch_size  draws per epoch
///
/// Needs      see target_proportion_weights; epoch_size >= 1 -> else std::invalid_argument
/// Edge       a class with share 0 is not waited for
/// Cost       O(K) to build; a probability is O(K), a quantile some ten of them, the mean up to 1000
/// Exact      the law itself, not its approximation by independent samples: absolute error below 1e-13
/// Source     Flajolet, Gardy, Thimonier, Discrete Applied Mathematics 39, 1992; the coefficient as an integral by the
///            trapezoidal rule: Trefethen, Weideman, SIAM Review 56, 2014
class coverage_time {
 public:
  template <count_range Counts = std::initializer_list<std::uint64_t>,
            weight_range Shares = std::initializer_list<double>>
  coverage_time(Counts&& of_classes, Shares&& shares, std::uint64_t epoch_size)
      : epoch_size_(static_cast<double>(epoch_size)) {
    if (epoch_size == 0) detail::invalid("coverage_time", "epoch_size is 0; an epoch needs at least one draw");
    auto const sizes = detail::checked_counts("coverage_time", of_classes);
    auto const probabilities = target_proportion_weights(sizes, shares);
    for (std::size_t c = 0; c < sizes.size(); ++c) {
      classes_.push_back({static_cast<double>(sizes[c]), probabilities[c]});
    }
    keep_drawn();
  }

  /// The law of the epochs until every sample of class c was drawn. Needs c < K -> else std::out_of_range.
  [[nodiscard]] coverage_time of_class(std::uint64_t c) const {
    if (c >= classes_.size()) {
      detail::out_of_range("coverage_time", "class number ", detail::text(c), "; there are ",
                           detail::text(classes_.size()), " classes");
    }
    coverage_time result = *this;
    result.classes_.assign(1, classes_[static_cast<std::size_t>(c)]);
    result.keep_drawn();
    return result;
  }

  /// The probability that all were drawn within so many epochs.
  [[nodiscard]] double probability(std::uint64_t epochs) const { return 1 - probability_unseen(epochs); }

  /// The probability that one was not: 1 - probability(epochs), and right also where that is next to nothing.
  [[nodiscard]] double probability_unseen(std::uint64_t epochs) const {
    return detail::unseen_after(drawn_, epoch_size_ * static_cast<double>(epochs));
  }

  /// The smallest number of epochs within which all were drawn with probability q or more; 2^64 - 1 if it is above 2^63.
  ///
  /// Needs      0 < q < 1 -> else std::invalid_argument
  [[nodiscard]] std::uint64_t quantile(double q) const {
    if (!(q > 0 && q < 1)) detail::invalid("coverage_time", "the quantile of ", detail::text(q), "; needs 0 < q < 1");
    return drawn_.empty() ? 0 : epochs_until(1 - q);
  }

  /// The mean number of epochs.
  ///
  /// Exact      a relative error below 1e-10 as a rule. Where the number spreads over more than 1000 epochs, it takes
  ///            the last draw as equally likely at any place of its epoch, and is at most 1/2 off if it is not
  [[nodiscard]] double mean() const {
    if (drawn_.empty()) return 0;
    std::uint64_t const first = epochs_until(1 - 1e-14), last = epochs_until(1e-14);
    if (last == never || last - first > 1000 || smooth()) return (mean_draws() + (epoch_size_ - 1) / 2) / epoch_size_;
    double result = static_cast<double>(first);
    for (std::uint64_t e = first; e < last; ++e) result += probability_unseen(e);
    return result;
  }

  /// The mean number of draws until the last one was drawn: the integral of 1 - product of (1 - e^(-p t)) over t.
  [[nodiscard]] double mean_draws() const {
    if (drawn_.empty()) return 0;
    auto const unseen = [this](double t) { return unseen_at(t); };
    double end = 1;
    while (unseen(end) > 1e-16) end *= 2;
    if (std::isinf(end)) return end;
    int const pieces = 64;
    double const piece = end / pieces;
    double sum = 0;
    for (int i = 0; i < pieces; ++i) {
      double const from = i * piece, to = from + piece;
      sum += detail::integral(unseen, from, from == 0 ? 1 : unseen(from), to, unseen(to), unseen(from + piece / 2),
                              1e-12 * piece);
    }
    return sum;
  }

 private:
  static constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();

  void keep_drawn() {
    drawn_.clear();
    for (auto const& each : classes_) {
      if (each.probability > 0) drawn_.push_back(each);
    }
  }

  /// Whether no class becomes complete so suddenly that the part of the last epoch that is used would not be uniform.
  [[nodiscard]] bool smooth() const {
    bool result = true;
    for (auto const& each : drawn_) result = result && each.probability * epoch_size_ < 0.25;
    return result;
  }

  /// The probability that a sample is unseen where draws come at random times, epoch_size_ of them an epoch.
  [[nodiscard]] double unseen_at(double t) const noexcept { return -std::expm1(detail::log_seen_at(drawn_, t)); }

  /// The smallest number of epochs >= 1 after which a sample is unseen with at most this probability: near that for
  /// draws at random times, which is faster to find.
  [[nodiscard]] std::uint64_t epochs_until(double unseen) const {
    auto const enough = [&](std::uint64_t epochs) { return probability_unseen(epochs) <= unseen; };
    std::uint64_t const guess = first_from(
        0, [&](std::uint64_t epochs) { return unseen_at(epoch_size_ * static_cast<double>(epochs)) <= unseen; });
    if (guess >> 63 != 0) return never;
    std::uint64_t back = 1;
    while (back < guess && enough(guess - back)) back *= 2;
    return first_from(back < guess ? guess - back : 0, enough);
  }

  /// The smallest number above `low` that is enough, if every larger one is, too; `never` if it is far above 2^63.
  template <class Enough>
  static std::uint64_t first_from(std::uint64_t low, Enough enough) {
    std::uint64_t step = 1;
    while (!enough(low + step)) {
      low += step;
      if (low >> 63 != 0) return never;
      step *= 2;
    }
    std::uint64_t high = low + step;
    while (high - low > 1) {
      std::uint64_t const middle = low + (high - low) / 2;
      (enough(middle) ? high : low) = middle;
    }
    return high;
  }

  double epoch_size_;
  std::vector<detail::equal_samples> classes_;
  std::vector<detail::equal_samples> drawn_;  // the classes with a probability
};

}  // namespace evendraw
