// Class counts that are given by users.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include <evendraw/classes/detail/label_runs.hpp>
#include <evendraw/detail/errors.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// The counts, at least one of which must be above 0. Error messages call them `name`.
template <count_range Counts>
std::vector<std::uint64_t> checked_counts(std::string_view context, Counts&& counts, std::string_view name = "counts") {
  std::vector<std::uint64_t> result;
  bool any = false;
  for (auto const count : counts) {
    if (std::cmp_less(count, 0)) {
      invalid(context, name, "[", text(result.size()), "] is ", text(count), "; a count must be >= 0");
    }
    any |= count != 0;
    result.push_back(static_cast<std::uint64_t>(count));
  }
  if (!any) invalid(context, "there are no samples; at least one count must be > 0");
  return result;
}

inline double total(std::vector<std::uint64_t> const& counts) {
  double sum = 0;
  for (std::uint64_t const n : counts) sum += static_cast<double>(n);
  return sum;
}

inline double present(std::vector<std::uint64_t> const& counts) {
  double classes = 0;
  for (std::uint64_t const n : counts) classes += n > 0 ? 1 : 0;
  return classes;
}

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
