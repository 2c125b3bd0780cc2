// Repeat factors for rare classes, if a sample may have several labels.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include <evendraw/classes/labels.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/math.hpp>
#include <evendraw/weights/detail/label_sets.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

namespace detail {

inline void check_threshold(std::string_view context, double threshold) {
  if (threshold >= 0 && threshold <= 1) return;
  invalid(context, "threshold is ", text(threshold),
          "; it must be in [0, 1]: the fraction of samples below which a class is repeated");
}

inline double class_repeat_factor(std::uint64_t count, std::uint64_t num_samples, double threshold) {
  double const fraction = static_cast<double>(count) / static_cast<double>(num_samples);
  return std::max(1.0, math::sqrt(threshold / fraction));
}

template <label_set_range LabelSets>
std::vector<double> repeat_factors(std::string_view context, LabelSets&& label_sets, double threshold) {
  check_threshold(context, threshold);
  auto const sets = number_label_sets(context, label_sets);
  std::vector<double> class_factors, result;
  for (std::uint64_t const count : sets.counts) {
    class_factors.push_back(class_repeat_factor(count, sets.size(), threshold));
  }
  for (std::size_t i = 0; i < sets.size(); ++i) {
    double most = 1;
    for (std::uint32_t const number : sets[i]) most = std::max(most, class_factors[number]);
    result.push_back(most);
  }
  return result;
}

}  // namespace detail

/// How often each class should be repeated: max(1, sqrt(threshold / f)), where f is the fraction of the samples that
/// have the class.
///
///   counts       K numbers: the number of samples that have the class, where each sample counts once
///   num_samples  the number of all samples
///   threshold    the fraction of the samples below which a class is repeated; 0: none is
///
/// Needs      counts <= num_samples; threshold in [0, 1] -> else std::invalid_argument
/// Edge       a count of 0 gives factor 1
/// Cost       O(K)
/// Stable     the same on every platform: IEEE 754 fixes square roots
/// Source     Gupta, Dollár, Girshick, LVIS, CVPR 2019, appendix B.2 of arXiv 1908.03195
[[nodiscard]] inline std::vector<double> class_repeat_factors(std::span<std::uint64_t const> counts,
                                                              std::uint64_t num_samples, double threshold = 1e-3) {
  constexpr std::string_view context = "class_repeat_factors";
  detail::check_threshold(context, threshold);
  detail::refuse_negative(context, {{"num_samples", num_samples}});
  std::vector<double> result;
  for (std::uint64_t const count : counts) {
    if (count > num_samples) {
      detail::invalid(context, "counts[", detail::text(result.size()), "] is ", detail::text(count), " of ",
                      detail::counted(num_samples, "sample", "samples"), "; count the samples that have the class");
    }
    result.push_back(count == 0 ? 1 : detail::class_repeat_factor(count, num_samples, threshold));
  }
  return result;
}
[[nodiscard]] inline std::vector<double> class_repeat_factors(std::initializer_list<std::uint64_t> counts,
                                                              std::uint64_t num_samples, double threshold = 1e-3) {
  return class_repeat_factors(std::span(counts.begin(), counts.size()), num_samples, threshold);
}

/// How often each sample should be repeated: the largest factor of its classes.
///
///   label_sets  n ranges of labels, one per sample; a label that a sample has twice counts once; for the rows of a 0/1
///               table give label_sets_of(rows)
///   threshold   the fraction of the samples below which a class is repeated; 0: none is
///
/// Needs      n >= 1; threshold in [0, 1]; label sets that do not look like the rows of a 0/1 table, which all have the
///            same size of at least 2 and only the labels 0 and 1, some of them twice -> else std::invalid_argument
/// Edge       a sample without labels has factor 1
/// Cost       O(number of labels)
/// Stable     the same on every platform
/// Source     as class_repeat_factors
template <detail::given_label_sets LabelSets = std::vector<std::vector<int>>>
[[nodiscard]] std::vector<double> repeat_factors(LabelSets&& label_sets, double threshold = 1e-3) {
  if constexpr (detail::are_label_sets<LabelSets>()) {
    return detail::repeat_factors("repeat_factors", label_sets, threshold);
  }
}

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
