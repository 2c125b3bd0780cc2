// Class weights from class counts, for samplers and for cost-sensitive losses.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <string_view>
#include <vector>

#include <evendraw/classes/detail/label_runs.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/math.hpp>
#include <evendraw/detail/sort_by.hpp>
#include <evendraw/weights/detail/checked_counts.hpp>
#include <evendraw/weights/detail/checked_weights.hpp>

// Every function takes the K class counts n_c and returns K class weights v_c. v_c is the weight of a sample of class
// c. A class without samples gets weight 0. Weights are not normalised unless their definition says so. Sampling by
// them draws class c with probability n_c v_c / sum n v. Counts must be >= 0 and at least one > 0; otherwise a function
// throws std::invalid_argument. Unless a function says otherwise, it uses only operations that IEEE 754 fixes. So
// weights are the same on every platform that does not widen doubles (32-bit x86 needs -mfpmath=sse). Use weights
// either for sampling or in the loss. Both together would correct twice.

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

namespace detail {

/// Returns weight(n) for every count n > 0, and 0 for a count of 0.
template <class Weight>
std::vector<double> weigh(std::string_view context, std::vector<std::uint64_t> const& counts, Weight weight) {
  std::vector<double> result;
  for (std::uint64_t const n : counts) {
    result.push_back(n == 0 ? 0 : weight(static_cast<double>(n)));
    if (n > 0 && (!is_finite(result.back()) || !(result.back() > 0))) {
      invalid(context, "the weight of a class of ", counted(n, "sample", "samples"), " is ", text(result.back()),
              "; choose parameters closer to 1");
    }
  }
  return result;
}

}  // namespace detail

/// v_c = 1 / n_c: every class is equally likely.
template <detail::count_range Counts = std::initializer_list<std::uint64_t>>
std::vector<double> inverse_frequency_weights(Counts&& counts) {
  return detail::weigh("inverse_frequency_weights", detail::checked_counts("inverse_frequency_weights", counts),
                       [](double n) { return 1 / n; });
}

/// v_c = N / (K n_c), where K counts the classes that have samples. Every class is equally likely. The mean of the
/// weights over the samples is 1.
///
/// Source     scikit-learn's class_weight="balanced"; King & Zeng, Political Analysis 9, 2001
template <detail::count_range Counts = std::initializer_list<std::uint64_t>>
std::vector<double> balanced_weights(Counts&& counts) {
  auto const checked = detail::checked_counts("balanced_weights", counts);
  double const mean = detail::total(checked) / detail::present(checked);
  return detail::weigh("balanced_weights", checked, [mean](double n) { return mean / n; });
}

/// v_c = n_c^-exponent: class c is drawn in proportion to n_c^(1 - exponent).
///
///   exponent  0: natural frequencies; 0.5: square root; 1: all classes equally likely; above 1: rare classes favoured
///
/// Needs      a finite exponent -> else std::invalid_argument
/// Stable     exact for exponents 0, 0.5 and 1; others use std::pow, whose last digit may differ between platforms
/// Source     Mahajan et al., ECCV 2018 (square root); Kang et al., ICLR 2020, equation 1 (q = 1 - exponent)
template <detail::count_range Counts = std::initializer_list<std::uint64_t>>
std::vector<double> power_weights(Counts&& counts, double exponent) {
  if (!detail::is_finite(exponent)) {
    detail::invalid("power_weights", "exponent is ", detail::text(exponent), "; it must be finite");
  }
  return detail::weigh("power_weights", detail::checked_counts("power_weights", counts), [exponent](double n) {
    if (exponent == 0.5) return 1 / detail::math::sqrt(n);
    if (exponent == 1) return 1 / n;
    return detail::math::pow(n, -exponent);
  });
}

/// Weights by which class c is drawn in proportion to n_c^(1 / temperature).
///
///   temperature  1: natural frequencies; towards infinity: every class equally likely
///
/// Needs      temperature > 0 with a finite reciprocal -> else std::invalid_argument
/// Stable     as power_weights(counts, 1 - 1 / temperature)
/// Source     Arivazhagan et al., arXiv 1907.05019, 2019
template <detail::count_range Counts = std::initializer_list<std::uint64_t>>
std::vector<double> temperature_weights(Counts&& counts, double temperature) {
  if (!(temperature > 0) || !detail::is_finite(1 / temperature)) {
    detail::invalid("temperature_weights", "temperature is ", detail::text(temperature),
                    "; it must be > 0, and its reciprocal finite");
  }
  return power_weights(counts, 1 - 1 / temperature);
}

/// v_c = (1 - beta) / (1 - beta^n_c): the inverse of the effective number of samples.
///
///   beta  0: natural frequencies (every sample counts); towards 1: every class equally likely
///
/// Needs      0 <= beta < 1 -> else std::invalid_argument
/// Stable     uses std::log1p and std::expm1, whose last digit may differ between platforms
/// Source     Cui et al., CVPR 2019, equation 2; computed without cancellation for beta near 1
template <detail::count_range Counts = std::initializer_list<std::uint64_t>>
std::vector<double> effective_number_weights(Counts&& counts, double beta) {
  if (!(beta >= 0 && beta < 1)) {
    detail::invalid("effective_number_weights", "beta is ", detail::text(beta), "; needs 0 <= beta < 1");
  }
  double const log_beta = detail::math::log1p(beta - 1);
  return detail::weigh("effective_number_weights", detail::checked_counts("effective_number_weights", counts),
                       [=](double n) { return (1 - beta) / -detail::math::expm1(n * log_beta); });
}

namespace detail {

/// The median of the numbers above 0.
inline double median_above_zero(std::vector<double> const& numbers) {
  std::vector<std::uint64_t> sorted;  // doubles above 0 are ordered as their bits are
  for (double const number : numbers) {
    if (number > 0) sorted.push_back(std::bit_cast<std::uint64_t>(number));
  }
  sort(sorted);
  std::size_t const half = sorted.size() / 2;
  double const upper = std::bit_cast<double>(sorted[half]);
  return sorted.size() % 2 == 1 ? upper : (std::bit_cast<double>(sorted[half - 1]) + upper) / 2;
}

}  // namespace detail

/// v_c = (median count) / n_c, where the median is over the classes that have samples. This is median frequency
/// balancing for data in which every sample has one label. For segmentation, where only some images have pixels of a
/// class, also give totals.
///
/// Source     Eigen & Fergus, ICCV 2015, section 6.3.2
template <detail::count_range Counts = std::initializer_list<std::uint64_t>>
std::vector<double> median_frequency_weights(Counts&& counts) {
  auto const checked = detail::checked_counts("median_frequency_weights", counts);
  double const median = detail::median_above_zero({checked.begin(), checked.end()});
  return detail::weigh("median_frequency_weights", checked, [median](double n) { return median / n; });
}

/// v_c = (median frequency) / f_c, where the frequency f_c of a class is the number of its pixels divided by the number
/// of pixels of all images that contain the class. The median is over the classes that have pixels.
///
///   counts  the pixels of each class
///   totals  for each class, the pixels of the images that contain it
///
/// Needs      as many totals as counts; totals_c >= counts_c -> else std::invalid_argument
/// Edge       a class without pixels gets weight 0
/// Source     Eigen & Fergus, ICCV 2015, section 6.3.2
template <detail::count_range Counts = std::initializer_list<std::uint64_t>,
          detail::count_range Totals = std::initializer_list<std::uint64_t>>
std::vector<double> median_frequency_weights(Counts&& counts, Totals&& totals) {
  constexpr std::string_view context = "median_frequency_weights";
  auto const checked = detail::checked_counts(context, counts), all = detail::checked_counts(context, totals, "totals");
  if (all.size() != checked.size()) {
    detail::invalid(context, detail::counted(checked.size(), "count", "counts"), " and ", detail::text(all.size()),
                    " totals; give one of each for every class");
  }
  std::vector<double> result;
  for (std::size_t c = 0; c < checked.size(); ++c) {
    if (all[c] < checked[c]) {
      detail::invalid(context, "totals[", detail::text(c), "] is ", detail::text(all[c]), " and counts[",
                      detail::text(c), "] is ", detail::text(checked[c]),
                      "; a total counts the pixels of all images that contain the class");
    }
    result.push_back(checked[c] == 0 ? 0 : static_cast<double>(checked[c]) / static_cast<double>(all[c]));
  }
  double const median = detail::median_above_zero(result);
  for (double& frequency : result) frequency = frequency > 0 ? median / frequency : 0;
  return result;
}

/// Weights by which class c is drawn with probability balance / K + (1 - balance) n_c / N. Their mean over the samples
/// is 1.
///
///   balance  0: natural frequencies; 1: every class equally likely
///
/// Needs      0 <= balance <= 1 -> else std::invalid_argument
/// Source     Kang et al., ICLR 2020, equation 2 (progressively balanced: balance = epoch / epochs)
template <detail::count_range Counts = std::initializer_list<std::uint64_t>>
std::vector<double> interpolated_weights(Counts&& counts, double balance) {
  if (!(balance >= 0 && balance <= 1)) {
    detail::invalid("interpolated_weights", "balance is ", detail::text(balance), "; needs 0 <= balance <= 1");
  }
  auto const checked = detail::checked_counts("interpolated_weights", counts);
  double const mean = detail::total(checked) / detail::present(checked);
  // A quotient and a sum: compilers may fuse a product and a sum, and then round once instead of twice.
  return detail::weigh("interpolated_weights", checked, [=](double n) { return balance / (n / mean) + (1 - balance); });
}

/// v_c = t_c / n_c: class c is drawn with probability t_c.
///
///   shares  K numbers >= 0, by class number; normalised to t with sum 1
///
/// Needs      as many shares as counts; none negative, NaN or infinite, one positive; a positive share only for a class
///            that has samples -> else std::invalid_argument
template <detail::count_range Counts = std::initializer_list<std::uint64_t>,
          detail::weight_range Shares = std::initializer_list<double>>
std::vector<double> target_proportion_weights(Counts&& counts, Shares&& shares) {
  auto const checked = detail::checked_counts("target_proportion_weights", counts);
  auto weights = detail::checked_shares("target_proportion_weights", shares, checked, detail::class_number);
  detail::divide_by_largest(weights);
  double const sum = detail::sum_of(weights);
  for (std::size_t c = 0; c < weights.size(); ++c) {
    if (weights[c] > 0) {  // a positive weight stays positive
      weights[c] =
          std::max(weights[c] / (sum * static_cast<double>(checked[c])), std::numeric_limits<double>::denorm_min());
    }
  }
  return weights;
}

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
