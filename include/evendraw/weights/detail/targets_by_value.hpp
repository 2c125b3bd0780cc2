// The targets of the values of an attribute, checked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/math.hpp>
#include <evendraw/weights/detail/checked_weights.hpp>
#include <evendraw/weights/share_targets.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// The targets of an attribute, by value number; empty if it has none.
template <class = void>  // compiled where it is used
std::vector<double> targets_by_value(std::string_view context, std::size_t number, share_targets const& targets,
                                     std::vector<std::string> const& values, std::vector<std::uint64_t> const& counts) {
  std::vector<double> result;
  if (targets.empty()) return result;
  std::string const subject = joined("the targets of attribute ", text(number));
  if (targets.of_every_label()) {
    invalid(context, subject, " are the number ", text(*targets.of_every_label()),
            "; give equal(), or a list of values and shares");
  }
  constexpr double none = -1;
  result.assign(values.size(), none);
  for (auto const& [label, share] : targets) {
    std::size_t const v = label_number(values, label);
    if (v == values.size() || counts[v] == 0) {
      invalid(context, subject, " name ", text(label), ", which no sample has; name values that occur");
    }
    if (result[v] != none) invalid(context, subject, " name ", text(label), " twice; name it once");
    if (!is_finite(share) || !(share >= 0)) {
      invalid(context, subject, " give ", text(label), " the share ", text(share), "; it must be finite and >= 0");
    }
    result[v] = share;
  }
  for (std::size_t v = 0; v < values.size(); ++v) {
    if (targets.are_equal()) result[v] = 1;
    if (counts[v] == 0) result[v] = 0;
    if (result[v] == none) {
      invalid(context, subject, " do not name ", text(values[v]), " (", counted(counts[v], "sample", "samples"),
              "); give it a share (0 leaves it out)");
    }
  }
  if (sum_of(result) <= 0) invalid(context, subject, " are all 0; one must be > 0");
  return as_shares(std::move(result));
}

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
