// Raked shares and weights, and how close they are to their targets.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/math.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

/// The result of raked_shares or raked_weights, and how close it is to its targets.
struct raked_fit {
  /// The share of the draws that have a label.
  struct label_share {
    std::size_t attribute;         ///< the number of the attribute; 0 for label sets
    std::string label;             ///< the label, as text
    double in_data;                ///< the share of the samples that have it
    std::optional<double> target;  ///< the requested share
    bool at_least;                 ///< whether more than the target is also good
    double reached;                ///< the share of the draws that the result gives
    bool met;                      ///< whether `reached` meets the target, within the tolerance; true without a target
  };

  std::vector<double> shares;        ///< by cell number; they sum to 1; empty for label sets
  std::vector<double> weights;       ///< expected draws of a sample in an epoch of n draws, by cell or sample number
  std::vector<label_share> reached;  ///< by attribute, then value; by label for label sets
  bool met = true;                   ///< whether all targets are met, within the tolerance
  std::uint64_t num_samples = 0;     ///< n
  std::uint64_t sweeps = 0;          ///< the number of passes over all targets
  bool ended_early = false;          ///< whether .max_sweeps ended the search, which more sweeps may bring further
  double most_repeated = 0;          ///< the largest expected number of draws of a sample in an epoch of n draws
  double effective_samples = 0;      ///< 1 / sum of squares of the samples' probabilities (Kish)

  /// A table of the targets and the reached shares, and the labels whose targets are not met, as text of several lines.
  [[nodiscard]] std::string report() const {
    std::size_t width = 5;
    for (auto const& each : reached) width = std::max(width, each.label.size());
    auto const line = [&](std::string_view label, std::string_view a, std::string_view b, std::string_view c) {
      std::string result(label);
      result.resize(width, ' ');
      for (std::string_view const cell : {a, b, c}) {
        result.append(cell.size() < 12 ? 12 - cell.size() : 1, ' ');
        result += cell;
      }
      return result;
    };
    std::string result = line("label", "in data", "target", "reached") + "\n", misses;
    for (std::size_t i = 0; i < reached.size(); ++i) {
      auto const& [attribute, label, in_data, target, at_least, share, is_met] = reached[i];
      if (i > 0 && attribute != reached[i - 1].attribute) result += "\n";
      std::string const goal = target ? detail::joined(at_least ? ">= " : "", decimals(*target, 6)) : "-";
      result += line(label, decimals(in_data, 6), goal, decimals(share, 6)) + (is_met ? "\n" : "  not met\n");
      if (is_met) continue;
      misses += detail::joined(misses.empty() ? "" : ", ", detail::text(label),
                               share < *target ? " is short by " : " is over by ",
                               decimals(share < *target ? *target - share : share - *target, 6));
    }
    result += detail::joined("\nmost repeated sample: ", decimals(most_repeated, 2), " draws in ",
                             detail::text(num_samples), "; effective samples: ", decimals(effective_samples, 0), "\n");
    std::string const end = detail::joined("after ", detail::counted(sweeps, "sweep", "sweeps"));
    result += met ? detail::joined("all targets are met ", end, "\n")
                  : detail::joined(end, " ", misses,
                                   ended_early ? "; max_sweeps ended the search, so raise it\n"
                                               : "; the targets contradict each other, the data or max_repeats\n");
    return result;
  }

  /// Fills in the reached shares: share_of(i) is that of reached[i].
  template <class ShareOf>
  void finish(double tolerance, ShareOf share_of) {
    for (std::size_t i = 0; i < reached.size(); ++i) {
      auto& each = reached[i];
      each.reached = share_of(i);
      double const deviation = each.target ? each.reached - *each.target : 0;
      each.met = deviation >= -tolerance && (each.at_least || deviation <= tolerance);
      met = met && each.met;
    }
  }

 private:
  static std::string decimals(double value, int digits) {
    char text[64];
    auto const [end, error] = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed, digits);
    return error == std::errc{} ? std::string(text, end) : std::string(detail::text(value));
  }
};

namespace detail {

inline void check_raking_options(std::string_view context, double max_repeats, double tolerance,
                                 std::uint64_t max_sweeps) {
  if (!is_finite(max_repeats) || !(max_repeats == 0 || (max_repeats >= 1 && max_repeats <= 0x1p60))) {
    invalid(context, "max_repeats is ", text(max_repeats),
            "; it must be at least 1 and at most 2^60, or 0 for any number of draws");
  }
  if (!is_finite(tolerance) || !(tolerance > 0 && tolerance < 1)) {
    invalid(context, "tolerance is ", text(tolerance), "; it must be in (0, 1)");
  }
  refuse_negative(context, {{"max_sweeps", max_sweeps}});
  if (max_sweeps == 0) invalid(context, "max_sweeps is 0; it must be at least 1");
}

}  // namespace detail

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
