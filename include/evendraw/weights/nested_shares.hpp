// Shares of classes within super-classes.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <evendraw/classes/crossed_classes.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/weights/detail/checked_weights.hpp>
#include <evendraw/weights/detail/targets_by_value.hpp>
#include <evendraw/weights/share_targets.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

namespace detail {

/// The shares of cells; see evendraw::nested_shares. `outer` and `inner` have the value of each cell in the two
/// attributes.
template <class = void>  // compiled where it is used
std::vector<double> nest_shares(std::vector<std::uint64_t> const& counts, std::vector<std::string> const& outer_values,
                                std::vector<std::uint32_t> const& outer, std::vector<std::string> const& inner_values,
                                std::vector<std::uint32_t> const& inner, share_targets const& outer_targets,
                                share_targets const& inner_targets) {
  constexpr std::string_view context = "nested_shares";
  std::vector<std::uint64_t> outer_counts(outer_values.size()), inner_counts(inner_values.size());
  for (std::size_t c = 0; c < counts.size(); ++c) {
    outer_counts[outer[c]] += counts[c];
    inner_counts[inner[c]] += counts[c];
  }
  auto of_outer = targets_by_value(context, 0, outer_targets, outer_values, outer_counts);
  if (of_outer.empty()) of_outer = as_shares(weights_as_doubles(outer_counts));
  auto const of_inner = targets_by_value(context, 1, inner_targets, inner_values, inner_counts);
  std::vector<double> result(counts.size()), sums(outer_values.size());
  for (std::size_t c = 0; c < result.size(); ++c) {
    result[c] = of_inner.empty() ? static_cast<double>(counts[c]) : of_inner[inner[c]];
    sums[outer[c]] += result[c];
  }
  for (std::size_t v = 0; v < sums.size(); ++v) {
    if (of_outer[v] <= 0 || sums[v] > 0) continue;
    invalid(context, text(outer_values[v]), " has the share ", text(of_outer[v]),
            ", but all values of attribute 1 in it have the share 0; give one of them a share, or leave it out too");
  }
  for (std::size_t c = 0; c < result.size(); ++c) {
    result[c] = of_outer[outer[c]] == 0 ? 0 : of_outer[outer[c]] * (result[c] / sums[outer[c]]);
  }
  return result;
}

}  // namespace detail

/// The shares of the cells of nested attributes, such as super-classes and the classes in them, or sites and the
/// scanners of each.
///
///   cells  the combinations of two attributes that occur
///   outer  the shares of the values of attribute 0: a list {{"animal", 0.5}, {"vehicle", 0.5}}, equal(), or {} for
///          those of the data
///   inner  the shares of the values of attribute 1 within each value of attribute 0. Only their proportions count
///
/// A value of attribute 0 has its share. The values of attribute 1 that occur with it divide this share in proportion
/// to `inner`. The result has one share for each cell, by cell number:
///
///   crossed_classes const cells(super_classes, classes);
///   target_proportion_sampler(cells.index(), nested_shares(cells, equal(), equal()));
///
/// Needs      two attributes; a list names every value that occurs, once; shares finite and >= 0, one positive; if a
///            value of attribute 0 has a share, a value in it has one -> else std::invalid_argument
/// Edge       a share of 0 leaves a value out; attributes need not be nested: a value of attribute 1 may occur with
///            several of attribute 0. For shares of both attributes over all the data, use raked_shares
/// Cost       O(cells)
/// Stable     the same on every platform: only + * / are used, and none are fused
template <std::unsigned_integral Index>
[[nodiscard]] std::vector<double> nested_shares(crossed_classes<Index> const& cells, share_targets const& outer,
                                                share_targets const& inner) {
  if (cells.num_attributes() != 2) {
    detail::invalid("nested_shares", "the cells have ", detail::text(cells.num_attributes()),
                    " attributes; cross two, the outer one first");
  }
  auto const& counts = cells.index().counts();
  return detail::nest_shares({counts.begin(), counts.end()}, cells.values(0), cells.values_of_cells(0), cells.values(1),
                             cells.values_of_cells(1), outer, inner);
}

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
