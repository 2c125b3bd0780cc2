// Corrects a model that was trained on resampled classes for the class shares where it is used.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/math.hpp>
#include <evendraw/weights/detail/checked_weights.hpp>

// A model trained on draws with the class shares t gives the posterior under t. It may be used where the classes look
// the same but have the shares pi (the prior, usually that of the data: class_index::counts()). The posterior under pi
// has the logits minus log(t_c / pi_c), or the probabilities times pi_c / t_c, renormalised. Class-driven samplers
// return t as class_shares(); sampling by class weights has t = class_probabilities(counts, weights).
//
// Prior and shares are K numbers by class number: counts or weights of any arithmetic type. Both are divided by their
// sum. A class that has a prior but is never drawn is an error, since the model learnt nothing about it. Correct only
// once: the logits, the probabilities, or the loss by importance weights.

namespace evendraw {

namespace detail {

/// pi and t, each with the sum 1.
struct prior_and_drawn {
  std::vector<double> prior, drawn;
};

template <weight_range Prior, weight_range Shares>
prior_and_drawn checked_prior_and_drawn(std::string_view context, Prior&& prior, Shares&& shares) {
  prior_and_drawn result{as_shares(checked_weights(context, "priors", prior)),
                         as_shares(checked_weights(context, "shares", shares))};
  auto const& [pi, t] = result;
  if (pi.size() != t.size()) {
    invalid(context, text(t.size()), " shares for a prior of ", text(pi.size()), " classes; give one for each");
  }
  for (std::size_t c = 0; c < pi.size(); ++c) {
    if (pi[c] > t[c] * std::numeric_limits<double>::max()) {  // pi / t is not finite
      invalid(context, "class number ", text(c), " has the prior ", text(pi[c]), " but is drawn with the share ",
              text(t[c]), "; draw it, or leave it out by a prior of 0");
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

}  // namespace detail

/// pi_c / t_c: the weight of a draw of class c in a loss or metric. Weighted so, the draws represent the prior. Their
/// mean weight is 1.
///
///   prior   pi: K counts or shares where the model is used, for instance classes.counts()
///   shares  t: K counts or shares of the draws, for instance sampler.class_shares()
///
/// Needs      as many priors as shares; all finite and >= 0, one positive; a share > 0 for every class with a prior > 0
///            -> else std::invalid_argument
/// Edge       a prior of 0 gives weight 0, whether the class is drawn or not
/// Source     King & Zeng, Political Analysis 9, 2001 (weighting)
template <weight_range Prior = std::initializer_list<double>, weight_range Shares = std::initializer_list<double>>
std::vector<double> importance_weights(Prior&& prior, Shares&& shares) {
  return detail::importance_weights("importance_weights", prior, shares);
}

/// log(t_c / pi_c): subtract it from the logit of class c of a model that was trained on the draws. The softmax is then
/// the posterior under the prior. If a model of two classes has one logit, class 1 against class 0, subtract
/// offsets[1] - offsets[0].
///
///   prior, shares  as in importance_weights
///
/// Needs      as importance_weights
/// Edge       a prior of 0 gives +infinity for a class that is drawn (its probability becomes 0), and 0 for one that is
///            not (its logit stays)
/// Stable     uses std::log, whose last digit may differ between platforms
/// Source     King & Zeng, Political Analysis 9, 2001 (prior correction)
template <weight_range Prior = std::initializer_list<double>, weight_range Shares = std::initializer_list<double>>
std::vector<double> logit_offsets(Prior&& prior, Shares&& shares) {
  auto const [pi, t] = detail::checked_prior_and_drawn("logit_offsets", prior, shares);
  std::vector<double> result(pi.size());
  for (std::size_t c = 0; c < pi.size(); ++c) {
    if (pi[c] > 0) {
      result[c] = detail::math::log(t[c]) - detail::math::log(pi[c]);  // the quotient may exceed double's range
    } else if (t[c] > 0) {
      result[c] = std::numeric_limits<double>::infinity();
    }
  }
  return result;
}

/// p_c pi_c / t_c, renormalised: the prediction under the prior, from a model that was trained on the draws. For many
/// predictions compute importance_weights or logit_offsets once.
///
///   predicted      K probabilities of one sample; their sum need not be 1
///   prior, shares  as in importance_weights
///
/// Needs      as importance_weights; K predictions, finite and >= 0, one positive for a class with a prior > 0
///            -> else std::invalid_argument
/// Edge       a prior of 0 gives probability 0
/// Source     Saerens, Latinne & Decaestecker, Neural Computation 14, 2002 (known priors)
template <weight_range Predicted = std::initializer_list<double>, weight_range Prior = std::initializer_list<double>,
          weight_range Shares = std::initializer_list<double>>
std::vector<double> corrected_probabilities(Predicted&& predicted, Prior&& prior, Shares&& shares) {
  constexpr std::string_view context = "corrected_probabilities";
  auto const weights = detail::importance_weights(context, prior, shares);
  auto result = detail::checked_weights(context, "predicted", predicted);
  if (result.size() != weights.size()) {
    detail::invalid(context, detail::text(result.size()), " predictions for ", detail::text(weights.size()),
                    " classes; give one for each");
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
