// Pairs of a label and a value, as users give them.
#pragma once

#include <concepts>
#include <cstdint>
#include <type_traits>

#include <evendraw/classes/labels.hpp>
#include <evendraw/detail/errors.hpp>

namespace evendraw {

/// A pair of a label and a value.
///
///   name    a label of any type that can name a Label
///   number  the value
///
/// Needs      a label that Label can represent; a whole number >= 0 if Value is an integer -> else
///            std::invalid_argument
template <class Label, class Value>
struct labelled {
  Label first;
  Value second;

  template <label_name<Label> Name, std::convertible_to<Value> Number>
  labelled(Name const& name, Number number) : first(label_of(name)), second(value_of(number)) {}

 private:
  template <class Name>
  static Label label_of(Name const& name) {
    if (!detail::can_be<Label>(name)) {
      detail::invalid("labelled", "no label can be ", detail::text(name), ", which would be taken for ",
                      detail::text(static_cast<Label>(name)), "; name labels that occur");
    }
    return static_cast<Label>(name);
  }

  template <class Number>
  Value value_of(Number number) const {
    if constexpr (std::integral<Value> && std::is_arithmetic_v<Number>) {
      bool fits = number >= Number{0};
      if constexpr (std::floating_point<Number>) {
        fits = fits && number < Number{0x1p63} && static_cast<Number>(static_cast<std::uint64_t>(number)) == number;
      }
      if (!fits) {
        detail::invalid("labelled", "the value of ", detail::text(first), " is ", detail::text(number),
                        "; a count must be a whole number >= 0");
      }
    }
    return static_cast<Value>(number);
  }
};

}  // namespace evendraw
