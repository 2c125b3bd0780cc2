// Corrections for a model that was trained on resampled classes, and is used where classes have other shares.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/huge_page_vector.hpp>
#include <evendraw/detail/math.hpp>
#include <evendraw/weights/detail/checked_weights.hpp>

// A model that is trained on draws with the class shares t predicts the posterior under t. It may be used where the
// classes look the same but have other shares pi. These shares are called the prior. Usually the prior is that of the
// data: class_index::counts(). To get the posterior under pi, subtract log(t_c / pi_c) from the logits, or multiply the
// probabilities by pi_c / t_c and renormalise them. Class-driven samplers return t as class_shares(). Sampling by class
// weights has t = class_probabilities(counts, weights).
//
// Prior and shares are K numbers by class number: counts or weights of any arithmetic type. Each of them is divided by
// its sum. If a class has a prior but is never drawn, this is an error, because the model learnt nothing about it.
// Correct one thing only: the logits, or the probabilities, or the loss by importance weights.

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

/// A mean that is estimated from draws, and the standard error of the estimate.
struct mean_estimate {
  double mean = 0;            ///< the estimate
  double standard_error = 0;  ///< the standard deviation of the estimate
};

namespace detail {

/// pi and t, each with sum 1.
struct prior_and_drawn {
  std::vector<double> prior, drawn;
};

template <weight_range Prior, weight_range Shares>
prior_and_drawn checked_prior_and_drawn(std::string_view context, Prior&& prior, Shares&& shares) {
  prior_and_drawn result{as_shares(checked_weights(context, "priors", prior)),
                         as_shares(checked_weights(context, "shares", shares))};
  auto const& [pi, t] = result;
  if (pi.size() != t.size()) {
    invalid(context, counted(t.size(), "share", "shares"), " for a prior of ", counted(pi.size(), "class", "classes"),
            "; give one for each");
  }
  for (std::size_t c = 0; c < pi.size(); ++c) {
    if (pi[c] > t[c] * std::numeric_limits<double>::max()) {  // pi / t is not finite
      invalid(context, "class number ", text(c), " has the prior ", text(pi[c]), " but is drawn with the share ",
              text(t[c]), "; draw it, or give it the prior 0");
    }
  }
  return result;
}

template <weight_range Prior, weight_range Shares>
std::vector<double> importance_weights(std::string_view context, Prior&& prior, Shares&& shares) {
  auto [result, drawn] = checked_prior_and_drawn(context, prior, shares);
  for (std::size_t c = 0; c < result.size(); ++c) result[c] = result[c] > 0 ? result[c] / drawn[c] : 0;
  return result;
}

/// The mean of each class's values, and their sum of squared deviations, by Welford's updates.
class class_means {
 public:
  explicit class_means(std::size_t num_classes) : classes_(num_classes, moments{}) {}

  void add(std::string_view context, std::uint64_t number, double value) {
    if (number >= classes_.size()) {
      invalid(context, "a draw of class number ", text(number), "; the prior has ",
              counted(classes_.size(), "class", "classes"));
    }
    if (!is_finite(value)) invalid(context, "a value is ", text(value), "; every value must be finite");
    auto& [count, mean, squares] = classes_[static_cast<std::size_t>(number)];
    count += 1;
    double const deviation = value - mean;
    mean += deviation / count;
    squares += deviation * (value - mean);
  }

  /// sum shares[c] mean_c, and its standard error.
  [[nodiscard]] mean_estimate weighted(std::string_view context, std::vector<double> const& shares) const {
    double sum = 0, variance = 0;
    for (std::size_t c = 0; c < shares.size(); ++c) {
      if (shares[c] == 0) continue;
      auto const& [count, mean, squares] = classes_[c];
      if (count == 0) {
        invalid(context, "class number ", text(c), " has a prior but no draws; draw it, or give it the prior 0");
      }
      sum += shares[c] * mean;
      double const unknown = std::numeric_limits<double>::infinity();
      variance += count == 1 ? unknown : shares[c] * shares[c] * squares / (count - 1) / count;
    }
    return {sum, math::sqrt(variance)};
  }

 private:
  struct moments {
    double count = 0;
    double mean = 0;
    double squares = 0;
  };
  huge_page_vector<moments> classes_;
};

}  // namespace detail

/// pi_c / t_c: the weight of a draw of class c in a loss or metric. With these weights, the draws represent the prior.
/// The mean weight of a draw is 1.
///
///   prior   pi: K counts or shares where the model is used, for instance classes.counts()
///   shares  t: K counts or shares of the draws, for instance sampler.class_shares()
///
/// Needs      as many priors as shares; all finite and >= 0, one positive; a share > 0 for every class with a prior > 0
///            -> else std::invalid_argument
/// Edge       a class with a prior of 0 gets weight 0, whether it is drawn or not
/// Source     King & Zeng, Political Analysis 9, 2001 (weighting)
template <detail::weight_range Prior = std::initializer_list<double>,
          detail::weight_range Shares = std::initializer_list<double>>
std::vector<double> importance_weights(Prior&& prior, Shares&& shares) {
  return detail::importance_weights("importance_weights", prior, shares);
}

/// Estimates the mean of a loss or metric under the prior, from draws in which classes have other shares. For example,
/// it estimates the loss on the original data from balanced batches.
///
///   values   a number for every draw
///   classes  the class number of every draw
///   prior    pi: K counts or shares where the model is used, for instance classes.counts()
///
/// Needs      finite values; a class number below K for each value; a prior as in importance_weights; a draw of every
///            class with a prior > 0 -> else std::invalid_argument
/// Edge       draws of classes with a prior of 0 do not count; if a class with a prior has only one draw, its spread is
///            not known, and the standard error is infinite
/// Exact      the mean is sum pi_c mean_c. It is unbiased if the draws of each class are a random part of its samples,
///            however many there are. The standard error is that of draws with replacement; for draws without
///            replacement it may be too large
/// Source     Horvitz & Thompson, JASA 47, 1952, by class: Cochran, Sampling Techniques, 1977, chapter 5
template <std::ranges::input_range Values, std::ranges::input_range Classes,
          detail::weight_range Prior = std::initializer_list<double>>
mean_estimate mean_under_prior(Values&& values, Classes&& classes, Prior&& prior) {
  constexpr std::string_view context = "mean_under_prior";
  auto const pi = detail::as_shares(detail::checked_weights(context, "priors", prior));
  detail::class_means means(pi.size());
  auto c = std::ranges::begin(classes);
  for (auto const& value : values) {
    if (c == std::ranges::end(classes)) detail::invalid(context, "more values than classes; give one class for each");
    if constexpr (std::signed_integral<std::ranges::range_value_t<Classes>>) {
      if (*c < 0) detail::invalid(context, "a draw of class number ", detail::text(*c), "; it must be >= 0");
    }
    means.add(context, static_cast<std::uint64_t>(*c), static_cast<double>(value));
    ++c;
  }
  if (c != std::ranges::end(classes)) detail::invalid(context, "more classes than values; give one value for each");
  return means.weighted(context, pi);
}

/// log(t_c / pi_c), to be subtracted from the logit of class c of a model that was trained on the draws. The softmax is
/// then the posterior under the prior. If a model of two classes has a single logit, for class 1 against class 0,
/// subtract offsets[1] - offsets[0] from it.
///
///   prior, shares  as in importance_weights
///
/// Needs      as importance_weights
/// Edge       if a class with a prior of 0 is drawn, its offset is +infinity, and its probability becomes 0; if it is
///            not drawn, its offset is 0, and its logit stays
/// Stable     uses std::log, whose last digit may differ between platforms
/// Source     King & Zeng, Political Analysis 9, 2001 (prior correction)
template <detail::weight_range Prior = std::initializer_list<double>,
          detail::weight_range Shares = std::initializer_list<double>>
std::vector<double> logit_offsets(Prior&& prior, Shares&& shares) {
  auto const [pi, t] = detail::checked_prior_and_drawn("logit_offsets", prior, shares);
  std::vector<double> result(pi.size());
  for (std::size_t c = 0; c < pi.size(); ++c) {
    if (pi[c] > 0) {
      result[c] = detail::math::log(t[c]) - detail::math::log(pi[c]);  // t / pi could exceed the range of double
    } else if (t[c] > 0) {
      result[c] = std::numeric_limits<double>::infinity();
    }
  }
  return result;
}

/// p_c pi_c / t_c, renormalised: the prediction under the prior, from a model that was trained on the draws. If you
/// have many predictions, compute importance_weights or logit_offsets once instead.
///
///   predicted      K probabilities of one sample; their sum need not be 1
///   prior, shares  as in importance_weights
///
/// Needs      as importance_weights; K predictions, finite and >= 0, one positive for a class with a prior > 0
///            -> else std::invalid_argument
/// Edge       a prior of 0 gives probability 0
/// Source     Saerens, Latinne & Decaestecker, Neural Computation 14, 2002 (known priors)
template <detail::weight_range Predicted = std::initializer_list<double>,
          detail::weight_range Prior = std::initializer_list<double>,
          detail::weight_range Shares = std::initializer_list<double>>
std::vector<double> corrected_probabilities(Predicted&& predicted, Prior&& prior, Shares&& shares) {
  constexpr std::string_view context = "corrected_probabilities";
  auto const weights = detail::importance_weights(context, prior, shares);
  auto result = detail::checked_weights(context, "predicted", predicted);
  if (result.size() != weights.size()) {
    detail::invalid(context, detail::counted(result.size(), "prediction", "predictions"), " for ",
                    detail::counted(weights.size(), "class", "classes"), "; give one for each");
  }
  detail::divide_by_largest(result);
  bool any = false;
  for (std::size_t c = 0; c < result.size(); ++c) {
    result[c] *= weights[c];
    any |= result[c] > 0;
  }
  if (!any) detail::invalid(context, "only classes without a prior are predicted; give them a prior > 0");
  return detail::as_shares(std::move(result));
}

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
