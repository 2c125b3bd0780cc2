// Shares of the combinations of several attributes that balance all of them at once.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <evendraw/classes/crossed_classes.hpp>
#include <evendraw/classes/labels.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/huge_page_vector.hpp>
#include <evendraw/detail/math.hpp>
#include <evendraw/weights/detail/checked_weights.hpp>
#include <evendraw/weights/detail/raking.hpp>
#include <evendraw/weights/detail/targets_by_value.hpp>
#include <evendraw/weights/raked_fit.hpp>
#include <evendraw/weights/share_targets.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

/// Options of raked_shares.
struct raked_shares_options {
  double max_repeats = 0;             ///< limit of the expected draws of a sample in an epoch of n draws; 0: none
  double tolerance = 1e-9;            ///< shares that are this close to their targets meet them
  std::uint64_t max_sweeps = 10'000;  ///< the number of sweeps after which the search ends
};

namespace detail {

/// An attribute of cells: its values, and the number of each cell's value.
struct cell_attribute {
  std::vector<std::string> const* values;
  std::vector<std::uint32_t> const* of_cell;
};

/// The shares of cells; see evendraw::raked_shares.
template <class = void>  // compiled where it is used
raked_fit rake_cells(std::span<std::uint64_t const> counts, huge_page_vector<cell_attribute> const& attributes,
                     std::vector<share_targets> const& wanted, raked_shares_options const& options) {
  constexpr std::string_view context = "raked_shares";
  check_raking_options(context, options.max_repeats, options.tolerance, options.max_sweeps);
  if (wanted.size() != attributes.size()) {
    invalid(context, "targets for ", counted(wanted.size(), "attribute", "attributes"), ", and the cells have ",
            text(attributes.size()), "; give {} for an attribute without targets");
  }
  double n = 0;
  for (std::uint64_t const count : counts) n += static_cast<double>(count);
  std::vector<double> natural;
  for (std::uint64_t const count : counts) natural.push_back(static_cast<double>(count) / n);
  std::vector<double> start = natural;
  member_lists groups;
  huge_page_vector<raking_target> targets;
  raked_fit result;
  std::vector<std::size_t> group_of;  // the group of each element of `reached`
  for (std::size_t a = 0; a < attributes.size(); ++a) {
    auto const& values = *attributes[a].values;
    auto const& of_cell = *attributes[a].of_cell;
    std::vector<std::uint64_t> value_counts(values.size());
    for (std::size_t c = 0; c < counts.size(); ++c) value_counts[of_cell[c]] += counts[c];
    auto const by_value = targets_by_value(context, a, wanted[a], values, value_counts);
    std::size_t const first = groups.size();
    groups.add_partition(of_cell, values.size());
    for (std::size_t v = 0; v < values.size(); ++v) {
      std::size_t const group = first + v;
      for (std::size_t const c : groups[group]) start[c] = !by_value.empty() && by_value[v] == 0 ? 0 : start[c];
      if (value_counts[v] == 0) continue;
      result.reached.push_back({a, values[v], static_cast<double>(value_counts[v]) / n, {}, false, 0, true});
      group_of.push_back(group);
      if (by_value.empty()) continue;
      result.reached.back().target = by_value[v];
      targets.push_back({group, by_value[v], raking_step::scale});
    }
  }
  double const left_in = sum_of(start);  // the part of the samples that no share of 0 leaves out
  if (left_in <= 0) {
    invalid(context, "the shares of 0 leave every cell out; give a share to two values that occur together");
  }
  if (options.max_repeats > 0 && options.max_repeats < (1 - 0x1p-30) / left_in) {
    invalid(context, "max_repeats is ", text(options.max_repeats), ", but the shares of 0 leave out so much that the ",
            "other samples are drawn ", text(1 / left_in),
            " times on average; raise max_repeats, or give more values a share");
  }
  std::vector<double> most;
  for (double const share : natural) {
    most.push_back(options.max_repeats > 0 ? rounded_product(share, options.max_repeats) : unlimited);
  }
  raking const raked(std::move(start), std::move(most), groups, targets, {options.tolerance, options.max_sweeps});
  result.shares = as_shares(raked.result());
  result.sweeps = raked.sweeps();
  result.ended_early = raked.ended_early();
  result.num_samples = static_cast<std::uint64_t>(n);
  double squares = 0;
  for (std::size_t c = 0; c < counts.size(); ++c) {
    double const repeats = result.shares[c] == 0 ? 0 : result.shares[c] / natural[c];
    result.weights.push_back(repeats);
    result.most_repeated = std::max(result.most_repeated, repeats);
    squares += rounded_product(result.shares[c], repeats);
  }
  result.effective_samples = n / squares;
  result.finish(options.tolerance, [&](std::size_t i) {
    double sum = 0;
    for (std::size_t const c : groups[group_of[i]]) sum += result.shares[c];
    return sum;
  });
  return result;
}

}  // namespace detail

/// Finds the shares of the cells of several attributes that give every value of every attribute its target. Of all such
/// shares, it finds those nearest to the data.
///
///   cells    the combinations that occur, of n samples
///   targets  for each attribute, in order, the shares of its values: a list {{"A", 0.5}, {"B", 0.5}}, which is divided
///            by its sum; equal(); or {} for an attribute without targets
///   options  .max_repeats, .tolerance, .max_sweeps
///
/// The nearest shares are those of least relative entropy to the natural shares n_c / n, among all shares that meet the
/// targets and do not repeat a sample more than max_repeats times.
///
/// Needs      a list names every value that occurs, once; shares finite and >= 0, one positive; max_repeats 0 or >= 1,
///            and enough to draw the whole epoch from the samples that no share of 0 leaves out; tolerance > 0;
///            max_sweeps >= 1 -> else std::invalid_argument
/// Edge       a share of 0 leaves a value out; one cell: it has the share 1. If no shares meet all targets, or
///            max_repeats prevents it, .met is false, and .reached and .report() say which values fall short. If
///            .ended_early, there may still be a solution, which more sweeps find
/// Exact      .reached always is what the shares really give; if .met, targets are met within the tolerance
/// Cost       O(cells * attributes) for each sweep; about 50 bytes per cell, and 8 for each of its attributes
/// Stable     the same on every platform whose doubles are not widened: only + - * / are used, and none are fused
/// Source     iterative proportional fitting: Deming and Stephan, Annals of Mathematical Statistics 11, 1940
template <std::unsigned_integral Index, std::same_as<std::vector<share_targets>> Targets>
[[nodiscard]] raked_fit raked_shares(crossed_classes<Index> const& cells, Targets const& targets,
                                     raked_shares_options const& options = {}) {
  detail::huge_page_vector<detail::cell_attribute> attributes;
  for (std::size_t a = 0; a < cells.num_attributes(); ++a) {
    attributes.push_back({&cells.values(a), &cells.values_of_cells(a)});
  }
  return detail::rake_cells(cells.index().counts(), attributes, targets, options);
}

template <std::unsigned_integral Index>
[[nodiscard]] raked_fit raked_shares(crossed_classes<Index> const& cells, share_targets const& first,
                                     share_targets const& second, raked_shares_options const& options = {}) {
  return raked_shares(cells, std::vector{first, second}, options);
}

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
