// The shares that a user gives to classes: checked, ordered by class number, and turned into integers.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/classes/per_label.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/math.hpp>
#include <evendraw/weights/detail/checked_weights.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// The shares by class number. Messages call one of them `one`: "share" or "quota".
template <class Label, std::unsigned_integral Index, class Value>
std::vector<double> shares_by_class(std::string_view context, std::string_view one,
                                    class_index<Label, Index> const& classes, per_label<Label, Value> const& shares,
                                    unnamed_classes unnamed) {
  shares.refuse_problem(context, joined(one, "s"));
  for (auto const& [label, share] : shares) {
    auto const value = static_cast<double>(share);
    if (!(value >= 0) || !is_finite(value)) {
      invalid(context, "the ", one, " of ", text(label), " is ", text(share), "; every ", one,
              " must be finite and >= 0");
    }
  }
  auto const [values, named] = shares.by_class(context, joined(one, "s"), classes);
  double sum = 0, unnamed_samples = 0;
  for (auto const value : values) sum += static_cast<double>(value);
  for (std::size_t c = 0; c < named.size(); ++c) {
    if (named[c] != 0 || classes.counts()[c] == 0) continue;
    unnamed_samples += static_cast<double>(classes.counts()[c]);
    if (unnamed == unnamed_classes::error) {
      invalid(context, "the ", one, "s do not name class ", text(Label(classes.labels()[c])), " (",
              counted(classes.counts()[c], "sample", "samples"), "); give it a ", one,
              " (0 leaves it out), or set .unnamed to evendraw::unnamed_classes::exclude",
              sum < 1 ? " or evendraw::unnamed_classes::natural" : "");
    }
  }
  if (unnamed == unnamed_classes::natural && unnamed_samples > 0 && !(sum < 1)) {
    invalid(context, "the ", one, "s sum to ", text(sum),
            "; with evendraw::unnamed_classes::natural they must sum to less than 1");
  }
  std::vector<double> result(named.size());
  for (std::size_t c = 0; c < result.size(); ++c) {
    if (named[c] != 0) {
      result[c] = static_cast<double>(values[c]);
    } else if (unnamed == unnamed_classes::natural && classes.counts()[c] > 0) {
      result[c] = (1 - sum) * (static_cast<double>(classes.counts()[c]) / unnamed_samples);
    }
  }
  return result;
}

/// Shares by class number, checked. Messages name a class by its label.
template <class Label, std::unsigned_integral Index, weight_range Shares>
std::vector<double> checked_shares(std::string_view context, class_index<Label, Index> const& classes,
                                   Shares const& shares) {
  return checked_shares(context, shares, classes.counts(),
                        [&](std::size_t c) { return joined("class ", text(Label(classes.labels()[c]))); });
}

/// Integers in proportion to checked shares, with a sum of at most 2^63. If all shares are whole numbers, they are
/// returned unchanged. Otherwise they are rounded down to multiples of 2^-62 of their sum, and a positive share is at
/// least one multiple.
inline std::vector<std::uint64_t> integer_shares(std::vector<double> shares) {
  bool whole = sum_of(shares) <= 0x1p53;
  for (double const share : shares) whole = whole && math::floor(share) == share;
  if (!whole) shares = as_shares(std::move(shares));
  std::vector<std::uint64_t> result;
  for (double const share : shares) {
    auto const integer = static_cast<std::uint64_t>(math::ldexp(share, whole ? 0 : 62));
    result.push_back(share > 0 ? std::max<std::uint64_t>(integer, 1) : 0);
  }
  return result;
}

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
