// Pairs of a label and a value, as users give them.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include <evendraw/classes/labels.hpp>
#include <evendraw/detail/errors.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

/// A pair of a label and a value.
template <class Label, class Value>
struct labelled {
  Label first;   ///< the label
  Value second;  ///< its value
};

namespace detail {

/// A pair as the user gave it, and what is wrong with it. It does not throw: only the function that takes it knows the
/// name of the option for the message.
///
///   name    a label of any type that can name a Label
///   number  the value
///
/// Needs      a label that Label can represent; a whole number >= 0 if Value is an integer -> else a problem
template <class Label, class Value>
struct given_pair : labelled<Label, Value> {
  std::string problem;  // the second part of an error message; empty: none

  template <label_name<Label> Name, std::convertible_to<Value> Number>
  given_pair(Name const& name, Number number) : labelled<Label, Value>{as_label<Label>(name), Value{}} {
    if (!can_be<Label>(name)) {
      problem =
          joined(" names ", text(name), ", which would be taken for ", text(this->first), "; name labels that occur");
    } else if (!can_be_value(number)) {
      problem = joined(" gives ", text(name), " the value ", text(number), "; a count must be a whole number >= 0");
    } else {
      this->second = static_cast<Value>(number);
    }
  }

 private:
  template <class Number>
  static bool can_be_value(Number number) {
    bool fits = true;
    if constexpr (std::integral<Value> && std::is_arithmetic_v<Number>) {
      fits = number >= Number{0};
      if constexpr (std::floating_point<Number>) {
        fits = fits && number < Number{0x1p63} && static_cast<Number>(static_cast<std::uint64_t>(number)) == number;
      }
    }
    return fits;
  }
};

/// Throws the problem of a pair. `what` is the option, `context` the function.
inline void refuse_problem(std::string_view context, std::string_view what, std::string_view problem) {
  if (!problem.empty()) invalid(context, what, problem);
}

}  // namespace detail

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
