// Weights for samples with several labels that bring the shares of the labels to targets.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <evendraw/classes/crossed_classes.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/huge_page_vector.hpp>
#include <evendraw/detail/math.hpp>
#include <evendraw/weights/detail/label_sets.hpp>
#include <evendraw/weights/detail/raking.hpp>
#include <evendraw/weights/raked_fit.hpp>
#include <evendraw/weights/share_targets.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

/// Options of raked_weights. The share of a label is the fraction of the draws that have it. The shares of all labels
/// may sum to more than 1.
struct raked_weights_options {
  share_targets at_least = {};        ///< the smallest shares: 0.02 for every label, or {{"cat", 0.1}}
  share_targets exactly = {};         ///< the shares, {{"cat", 0.1}}; they have precedence over at_least
  double max_repeats = 0;             ///< limit of the expected draws of a sample in an epoch of n draws; 0: none
  double tolerance = 1e-9;            ///< shares that are this close to their targets meet them
  std::uint64_t max_sweeps = 10'000;  ///< the number of sweeps after which the search ends
};

namespace detail {

/// Writes the targets that an option gives to by_label, by label number.
template <class = void>  // compiled where it is used
void set_label_targets(std::string_view context, std::string_view option, share_targets const& wanted,
                       std::vector<std::string> const& names, bool at_least,
                       huge_page_vector<raking_target>& by_label) {
  if (wanted.are_equal()) {
    invalid(context, option, " is equal(), which has no meaning for labels that a sample may have together; ",
            "give one share in (0, 1) for every label, or a list of labels and shares");
  }
  raking_step const step = at_least ? raking_step::at_least : raking_step::odds;
  auto const set = [&](std::size_t k, double share) {
    if (!is_finite(share) || !(share > 0 && share < 1)) {
      invalid(context, option, " gives ", text(names[k]), " the share ", text(share),
              "; a share must be in (0, 1); leave out its samples, or its target, instead");
    }
    by_label[k] = {k, share, step};
  };
  if (wanted.of_every_label()) {
    for (std::size_t k = 0; k < names.size(); ++k) set(k, *wanted.of_every_label());
  }
  std::vector<char> named(names.size());
  for (auto const& [label, share] : wanted) {
    std::size_t const k = label_number(names, label);
    if (k == names.size()) {
      invalid(context, option, " names ", text(label), ", which no sample has; name labels that occur");
    }
    if (named[k]) invalid(context, option, " names ", text(label), " twice; name it once");
    named[k] = 1;
    set(k, share);
  }
}

/// The samples of every label.
template <class Label>
member_lists samples_of_labels(numbered_label_sets<Label> const& sets) {
  member_lists result;
  result.begins.resize(sets.counts.size() + 1);
  for (std::size_t k = 0; k < sets.counts.size(); ++k) result.begins[k + 1] = result.begins[k] + sets.counts[k];
  result.members.resize(sets.numbers.size());
  auto next = result.begins;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    for (std::uint32_t const k : sets[i]) result.members[next[k]++] = i;
  }
  return result;
}

/// The weights of n samples, from the samples of every label; see evendraw::raked_weights.
template <class = void>  // compiled where it is used
raked_fit rake_samples(std::size_t n, member_lists const& samples, std::vector<std::string> const& names,
                       raked_weights_options const& options) {
  constexpr std::string_view context = "raked_weights";
  check_raking_options(context, options.max_repeats, options.tolerance, options.max_sweeps);
  huge_page_vector<raking_target> by_label(names.size(), {0, -1, raking_step::at_least});
  set_label_targets(context, "at_least", options.at_least, names, true, by_label);
  set_label_targets(context, "exactly", options.exactly, names, false, by_label);
  auto const size = static_cast<double>(n);
  raked_fit result;
  huge_page_vector<raking_target> targets;
  for (std::size_t k = 0; k < names.size(); ++k) {
    result.reached.push_back({0, names[k], static_cast<double>(samples[k].size()) / size, {}, false, 0, true});
    if (by_label[k].share < 0) continue;
    result.reached.back().target = by_label[k].share;
    result.reached.back().at_least = by_label[k].step == raking_step::at_least;
    targets.push_back(by_label[k]);
  }
  double const most = options.max_repeats > 0 ? options.max_repeats / size : unlimited;
  raking raked(std::vector<double>(n, 1 / size), std::vector<double>(n, most), samples, targets,
               {options.tolerance, options.max_sweeps});
  result.weights = std::move(raked).result();
  result.sweeps = raked.sweeps();
  result.ended_early = raked.ended_early();
  result.num_samples = n;
  double total = 0, squares = 0;
  for (double const weight : result.weights) total += weight;
  for (double& weight : result.weights) {
    weight = weight / (total / size);
    result.most_repeated = std::max(result.most_repeated, weight);
    squares += rounded_product(weight, weight);
  }
  result.effective_samples = size / (squares / size);
  result.finish(options.tolerance, [&](std::size_t k) {
    double sum = 0;
    for (std::size_t const i : samples[k]) sum += result.weights[i];
    return sum / size;
  });
  return result;
}

}  // namespace detail

/// Finds weights that bring the shares of labels to targets, for samples that may have several labels. Of all such
/// weights, it finds those nearest to equal weights.
///
///   label_sets  n ranges of labels, one per sample; a label that a sample has twice counts once
///   options     .at_least, .exactly, .max_repeats, .tolerance, .max_sweeps
///
/// The nearest weights are those of least relative entropy to equal weights, among all weights that meet the targets.
/// Give the weights to multinomial_sampler or systematic_sampler.
///
/// Needs      n >= 1; targets in (0, 1) of labels that occur, each once; max_repeats 0 or >= 1; tolerance > 0;
///            max_sweeps >= 1 -> else std::invalid_argument
/// Edge       samples without labels get the remaining weight; a label that every sample has keeps the share 1. If no
///            weights meet all targets, or max_repeats prevents it, .met is false, and .reached and .report() say which
///            labels fall short. If .ended_early, there may still be a solution, which more sweeps find
/// Exact      .reached always is what the weights really give; if .met, targets are met within the tolerance
/// Cost       O(number of labels + n) time for each sweep; 12 bytes for each label of a sample, and 24 for each sample
/// Stable     the same on every platform whose doubles are not widened: only + - * / are used, and none are fused
/// Source     see raked_shares; a label's odds are multiplied by t (1 - m) / (m (1 - t)) for a share m and a target t
template <detail::given_label_sets LabelSets = std::vector<std::vector<int>>>
[[nodiscard]] raked_fit raked_weights(LabelSets&& label_sets, raked_weights_options const& options) {
  if constexpr (detail::are_label_sets<LabelSets>()) {
    auto const sets = detail::number_label_sets("raked_weights", label_sets);
    std::vector<std::string> names;
    for (auto const& label : sets.numbering.keys()) names.push_back(detail::plain_text(label));
    return detail::rake_samples(sets.size(), detail::samples_of_labels(sets), names, options);
  }
}

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
