// What a label may be, and how labels are told apart.
#pragma once

#include <concepts>
#include <cstdint>
#include <span>  // has the range concepts; the rest of <ranges>, mostly views, takes long to compile
#include <string>
#include <string_view>
#include <type_traits>

namespace evendraw {

/// The type of a label, which names a class: an integer of any width, an enumerator, a bool or a string.
template <class T>
concept class_label = std::integral<T> || std::is_enum_v<T> || std::convertible_to<T const&, std::string_view>;

/// A range of labels, one per sample.
template <class Range>
concept label_range = std::ranges::input_range<Range> && class_label<std::ranges::range_value_t<Range>>;

/// The type that a label is stored as: std::string for strings, otherwise the type itself.
template <class_label T>
using kept_label = std::conditional_t<std::convertible_to<T const&, std::string_view>, std::string, T>;

/// The type that the labels of a range are stored as.
template <label_range Range>
using label_of = kept_label<std::ranges::range_value_t<Range>>;

/// A type whose labels can name a Label: text can name text, and a number can name a number.
template <class Name, class Label>
concept label_name = class_label<Name> && std::constructible_from<Label, Name const&>;

/// An integer type for counts and numbers: neither bool nor a character type.
template <class T>
concept whole_number =
    std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char> && !std::same_as<T, wchar_t> &&
    !std::same_as<T, char8_t> && !std::same_as<T, char16_t> && !std::same_as<T, char32_t>;

/// A range of indices of samples.
template <class Range>
concept index_range = std::ranges::input_range<Range> && whole_number<std::ranges::range_value_t<Range>>;

namespace detail {

/// The integer value of an integer or enumerator.
template <class T>
constexpr auto label_integer(T value) noexcept {
  if constexpr (std::is_enum_v<T>) {
    return static_cast<std::underlying_type_t<T>>(value);
  } else {
    return value;
  }
}

template <class T>
constexpr bool is_negative(T value) noexcept {
  if constexpr (std::is_signed_v<T>) return value < T{};
  return false;
}

/// Whether Label can represent the name: std::uint8_t cannot represent 300, and bool cannot represent 2.
template <class Label, label_name<Label> Name>
constexpr bool can_be(Name const& name) noexcept {
  if constexpr (std::integral<Label> && !std::same_as<Label, Name>) {
    auto const given = label_integer(name);
    auto const taken = static_cast<Label>(given);
    return static_cast<decltype(given)>(taken) == given && is_negative(taken) == is_negative(given);
  }
  return true;
}

/// The key that a label is looked up by: its number or its text.
template <class T>
constexpr auto label_key(T const& value) {
  if constexpr (std::convertible_to<T const&, std::string_view>) {
    return std::string_view(value);
  } else {
    return static_cast<std::uint64_t>(value);
  }
}

}  // namespace detail

}  // namespace evendraw
