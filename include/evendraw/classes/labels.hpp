// What a label may be, and how labels are told apart.
#pragma once

#include <concepts>
#include <cstdint>
#include <span>  // has the range concepts; the rest of <ranges>, mostly views, takes long to compile
#include <string>
#include <string_view>
#include <type_traits>

namespace evendraw {

/// Something that names a class: an integer of any width, an enumerator, a bool or a string.
template <class T>
concept class_label = std::integral<T> || std::is_enum_v<T> || std::convertible_to<T const&, std::string_view>;

/// A range of labels, one per sample.
template <class Range>
concept label_range = std::ranges::input_range<Range> && class_label<std::ranges::range_value_t<Range>>;

/// What a label is kept as: the type itself, strings as std::string.
template <class_label T>
using kept_label = std::conditional_t<std::convertible_to<T const&, std::string_view>, std::string, T>;

/// What a range's labels are kept as.
template <label_range Range>
using label_of = kept_label<std::ranges::range_value_t<Range>>;

/// A label that can name one of another type: text for text, a number for a number.
template <class Name, class Label>
concept label_name = class_label<Name> && std::constructible_from<Label, Name const&>;

/// An integer that counts or numbers: no bool, no character.
template <class T>
concept whole_number =
    std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char> && !std::same_as<T, wchar_t> &&
    !std::same_as<T, char8_t> && !std::same_as<T, char16_t> && !std::same_as<T, char32_t>;

/// The indices of a part of the samples.
template <class Range>
concept index_range = std::ranges::input_range<Range> && whole_number<std::ranges::range_value_t<Range>>;

namespace detail {

/// The integer that an integer or enumerator is.
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

/// Whether a Label can be what the name says: no std::uint8_t is 300, and no bool is 2.
template <class Label, label_name<Label> Name>
constexpr bool can_be(Name const& name) noexcept {
  if constexpr (std::integral<Label> && !std::same_as<Label, Name>) {
    auto const given = label_integer(name);
    auto const taken = static_cast<Label>(given);
    return static_cast<decltype(given)>(taken) == given && is_negative(taken) == is_negative(given);
  }
  return true;
}

/// What a label is looked up by: a number or the text.
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
