// What dynamic_weights refuses, and what it says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string_view>

#include <evendraw/detail/errors.hpp>
#include <evendraw/weights/detail/checked_weights.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// The checks of dynamic_weights. Each of them returns if all is well, and otherwise throws.
template <class = void>  // compiled where it is used
struct changing_weights_checks {
  static constexpr std::string_view context = "dynamic_weights";

  /// The option .capacity of a table of n weights.
  static void capacity(std::uint64_t given, std::size_t n) {
    if (given == 0 || given >= n) return;
    invalid(context, ".capacity is ", text(given), " for ", text(n), " weights; it must be at least as large, or 0");
  }

  /// The option .largest.
  static void largest(double given) {
    if (given >= 0 && is_finite(given)) return;
    invalid(context, ".largest is ", text(given),
            "; give the largest weight that will be set, or 0 for the largest of the weights");
  }

  /// The largest weight that can be set in a table that begins with n weights.
  static void some_largest(double value, std::size_t n) {
    if (value != 0) return;
    invalid(context, "all ", text(n),
            " weights are zero and .largest is 0; give the largest weight that will be set as .largest");
  }

  /// Weight i. Without `most`, which is then 0, it may be any finite number >= 0.
  static void weight(std::size_t i, double value, double most) {
    if (value < 0 || !is_finite(value)) bad_weight(context, "weights", i, value);
    if (most > 0 && value > most) {
      invalid(context, "weights[", text(i), "] is ", text(value), ", above .largest, which is ", text(most),
              "; build the table with a generous .largest, which costs nothing, or continue with "
              "table = table.rescaled(largest)");
    }
  }

  /// The new weight i of a table of n weights.
  static void update(std::uint64_t i, double value, double most, std::uint64_t n) {
    if (i >= n) {
      out_of_range(context, "index ", text(i), " of a table of ", text(n), " weights; needs index < size()");
    }
    weight(static_cast<std::size_t>(i), value, most);
  }

  /// Room for one more weight.
  static void room(std::uint64_t n, std::uint64_t places) {
    if (n < places) return;
    throw std::length_error(joined("evendraw::", context, ": all ", text(places),
                                   " places are taken; set the weight of an old index, or build the table "
                                   "with a larger .capacity"));
  }

  /// A sum of the n weights that is not 0.
  static void drawable(std::uint64_t sum, std::uint64_t n) {
    if (sum != 0) return;
    throw std::logic_error(joined("evendraw::", context, ": all ", text(n),
                                  " weights are zero, so nothing can be drawn; set one > 0 first"));
  }
};

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
