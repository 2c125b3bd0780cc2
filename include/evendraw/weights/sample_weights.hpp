// From class weights: the weights of samples, the probability of each class, and scales for losses.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/math.hpp>
#include <evendraw/weights/detail/checked_counts.hpp>
#include <evendraw/weights/detail/checked_weights.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

/// The scale of class weights. Sampling does not depend on it, but a loss and its learning rate do.
enum class normalisation {
  sum_to_one,          ///< the weights sum to 1
  sum_to_num_classes,  ///< the weights sum to K, as in the code of Cui et al.
  mean_sample_one,     ///< the mean over all samples is 1, so that the loss keeps its scale
};

namespace detail {

template <weight_range Weights>
std::vector<double> normalised(std::string_view context, Weights&& weights, std::vector<std::uint64_t> const& counts,
                               normalisation target) {
  auto result = checked_weights(context, "weights", weights);
  if (result.size() != counts.size()) {
    invalid(context, text(result.size()), " weights for ", text(counts.size()), " classes; give one for each");
  }
  divide_by_largest(result);
  double sum = 0, wanted = 1;
  for (std::size_t c = 0; c < result.size(); ++c) {
    sum = math::fma(result[c], target == normalisation::mean_sample_one ? static_cast<double>(counts[c]) : 1, sum);
  }
  if (sum == 0) invalid(context, "only classes without samples have a weight; weigh one that has some");
  if (target == normalisation::sum_to_num_classes) wanted = static_cast<double>(result.size());
  if (target == normalisation::mean_sample_one) wanted = total(counts);
  if (!is_finite(wanted / sum)) {
    invalid(context, "classes without samples have weights so large that all others vanish beside them; weigh them 0");
  }
  for (double& weight : result) weight *= wanted / sum;
  return result;
}

}  // namespace detail

/// The weights, multiplied by the constant that normalises them.
///
///   weights  K class weights
///   counts   K class counts
///   target   the scale
///
/// Needs      as many weights as counts; finite, >= 0, one positive -> else std::invalid_argument
template <detail::weight_range Weights, detail::count_range Counts>
std::vector<double> normalised(Weights&& weights, Counts&& counts, normalisation target) {
  return detail::normalised("normalised", weights, detail::checked_counts("normalised", counts), target);
}

/// The probability that a draw by these class weights is of each class, by class number: n_c v_c / sum n v.
///
///   counts   K class counts n_c
///   weights  K class weights v_c
///
/// Needs      as many weights as counts; finite, >= 0, one positive for a class with samples
///            -> else std::invalid_argument
template <detail::count_range Counts, detail::weight_range Weights>
std::vector<double> class_probabilities(Counts&& counts, Weights&& weights) {
  auto const checked = detail::checked_counts("class_probabilities", counts);
  auto result = detail::normalised("class_probabilities", weights, checked, normalisation::mean_sample_one);
  double const all = detail::total(checked);
  for (std::size_t c = 0; c < result.size(); ++c) result[c] *= static_cast<double>(checked[c]) / all;
  return result;
}

/// The weight of every sample: that of its class, or 0 for a sample outside a subset.
///
///   classes        class_index of n labels
///   class_weights  K class weights
///
/// Needs      as many weights as classes; finite, >= 0, one positive -> else std::invalid_argument
/// Edge       for a subset, n is the number of all labels, because the indices are those of the whole data
/// Cost       O(n), 8 n bytes
template <class Label, std::unsigned_integral Index, detail::weight_range Weights = std::initializer_list<double>>
std::vector<double> sample_weights(class_index<Label, Index> const& classes, Weights&& class_weights) {
  auto const weights = detail::checked_weights("sample_weights", "weights", class_weights);
  if (weights.size() != classes.num_classes()) {
    detail::invalid("sample_weights", detail::text(weights.size()), " weights for ",
                    detail::text(classes.num_classes()), " classes; give one for each");
  }
  std::vector<double> result(static_cast<std::size_t>(classes.index_bound()));
  for (std::size_t c = 0; c < weights.size(); ++c) {
    for (Index const sample : classes.members(c)) result[static_cast<std::size_t>(sample)] = weights[c];
  }
  return result;
}

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
