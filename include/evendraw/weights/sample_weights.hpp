// From class weights: the weights of samples, the probability of each class, and scales for losses.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <type_traits>
#include <vector>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/math.hpp>
#include <evendraw/weights/detail/checked_counts.hpp>
#include <evendraw/weights/detail/checked_weights.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

namespace detail {

template <weight_range Weights>
std::vector<double> normalised(std::string_view context, Weights&& weights, std::vector<std::uint64_t> const& counts) {
  auto result = checked_weights(context, "weights", weights);
  if (result.size() != counts.size()) {
    invalid(context, counted(result.size(), "weight", "weights"), " for ", counted(counts.size(), "class", "classes"),
            "; give one for each");
  }
  divide_by_largest(result);
  double sum = 0;
  for (std::size_t c = 0; c < result.size(); ++c) sum = math::fma(result[c], static_cast<double>(counts[c]), sum);
  if (sum == 0) invalid(context, "only classes without samples have a weight; give one to a class that has some");
  double const factor = total(counts) / sum;
  if (!is_finite(factor)) {
    invalid(context,
            "classes without samples have weights so large that all others vanish beside them; set these to 0");
  }
  for (double& weight : result) weight *= factor;
  return result;
}

}  // namespace detail

/// Class weights, multiplied by the constant that makes the mean weight of all samples 1. Sampling does not depend on
/// the scale of weights, but a loss and its learning rate do: these weights keep the scale of the loss.
///
///   weights  K class weights
///   counts   K class counts
///
/// Needs      as many weights as counts; finite, >= 0, one positive for a class with samples
///            -> else std::invalid_argument
template <detail::weight_range Weights = std::initializer_list<double>,
          detail::count_range Counts = std::initializer_list<std::uint64_t>>
std::vector<double> normalised(Weights&& weights, Counts&& counts) {
  return detail::normalised("normalised", weights, detail::checked_counts("normalised", counts));
}

/// Weights, multiplied by the constant that gives them this sum: 1, or the number of classes, as in the code of Cui et
/// al.
///
/// Needs      finite weights >= 0, one positive; a finite sum > 0 -> else std::invalid_argument
template <detail::weight_range Weights = std::initializer_list<double>, class Number>
requires std::is_arithmetic_v<Number> std::vector<double> normalised(Weights&& weights, Number sum) {
  auto result = detail::checked_weights("normalised", "weights", weights);
  auto const wanted = static_cast<double>(sum);
  if (!detail::is_finite(wanted) || !(wanted > 0)) {
    detail::invalid("normalised", "the sum is ", detail::text(sum), "; it must be finite and > 0");
  }
  detail::divide_by_largest(result);
  double given = 0;
  for (double const weight : result) given += weight;
  for (double& weight : result) weight *= wanted / given;
  return result;
}

/// The probability that a draw by these class weights is of each class, by class number: n_c v_c / sum n v.
///
///   counts   K class counts n_c
///   weights  K class weights v_c
///
/// Needs      as many weights as counts; finite, >= 0, one positive for a class with samples
///            -> else std::invalid_argument
template <detail::count_range Counts = std::initializer_list<std::uint64_t>,
          detail::weight_range Weights = std::initializer_list<double>>
std::vector<double> class_probabilities(Counts&& counts, Weights&& weights) {
  auto const checked = detail::checked_counts("class_probabilities", counts);
  auto result = detail::normalised("class_probabilities", weights, checked);
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
    detail::invalid("sample_weights", detail::counted(weights.size(), "weight", "weights"), " for ",
                    detail::counted(classes.num_classes(), "class", "classes"), "; give one for each");
  }
  std::vector<double> result(static_cast<std::size_t>(classes.index_bound()));
  for (std::size_t c = 0; c < weights.size(); ++c) {
    for (Index const sample : classes.members(c)) result[static_cast<std::size_t>(sample)] = weights[c];
  }
  return result;
}

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
