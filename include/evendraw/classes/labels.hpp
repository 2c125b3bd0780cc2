// The types that labels may have, and how labels are compared.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <span>  // has the range concepts; the rest of <ranges>, mostly views, takes long to compile
#include <string>
#include <string_view>
#include <type_traits>

#include <evendraw/detail/errors.hpp>

namespace evendraw {

namespace detail {

template <class T>
concept character = std::same_as<T, char> || std::same_as<T, wchar_t> || std::same_as<T, char8_t> ||
    std::same_as<T, char16_t> || std::same_as<T, char32_t>;

/// True for std::basic_string, std::basic_string_view and std::filesystem::path.
template <class T>
concept whole_text_type = requires {
  typename T::traits_type;
}
|| requires { typename T::string_type; };

}  // namespace detail

/// The type of a label, which names a class: an integer of any width, an enumerator, a bool or a string.
template <class T>
concept class_label = std::integral<T> || std::is_enum_v<T> || std::convertible_to<T const&, std::string_view>;

namespace detail {

/// Text: strings, literals and paths. Its characters are not labels.
template <class T>
concept character_text = std::convertible_to<T, std::string_view> || whole_text_type<std::remove_cvref_t<T>> ||
    character<std::remove_cv_t<std::remove_pointer_t<std::decay_t<T>>>>;

/// A range of labels, one per sample. Text is not such a range.
template <class Range>
concept label_range =
    std::ranges::input_range<Range> && !character_text<Range> && class_label<std::ranges::range_value_t<Range>>;

/// The type that a label is stored as: std::string for strings, and otherwise the type itself.
template <class_label T>
using kept_label = std::conditional_t<std::convertible_to<T const&, std::string_view>, std::string, T>;

/// Stands for a label of an unsupported type, so that the compiler reaches the static_assert that explains it.
struct unsupported_label : std::string {
  unsupported_label() = default;
  template <class T>
  unsupported_label(T const&) {}
};

/// Stands for labels in braces, which have no type of their own.
struct labels_in_braces {
  template <class... T>
  labels_in_braces(T const&...) {}
  labels_in_braces(std::initializer_list<labels_in_braces>) {}
};

/// Anything that a user may mean as labels, whether it is supported or not.
template <class T>
concept given_labels =
    std::ranges::input_range<T> || character_text<T> || std::same_as<std::remove_cvref_t<T>, labels_in_braces>;

template <class Range>
struct label_in {
  using type = unsupported_label;
};
template <label_range Range>
struct label_in<Range> {
  using type = kept_label<std::ranges::range_value_t<Range>>;
};

/// Labels of this type. Unsupported labels are included: for them are_labels() says what is wrong.
template <class Labels, class Label>
concept gives_labels = !label_range<Labels> || std::same_as<typename label_in<Labels>::type, Label>;

/// Whether labels are supported. If they are not, compilation stops with the reason.
template <class Labels>
constexpr bool are_labels() {
  constexpr bool in_braces = std::same_as<std::remove_cvref_t<Labels>, labels_in_braces>;
  constexpr bool is_text = character_text<Labels>;
  static_assert(!in_braces,
                "evendraw: labels in braces have no type; give a range of them, std::vector{...} for instance. A label "
                "is an integer, an enumerator, a bool or a string; std::views::transform makes such labels from "
                "others");
  static_assert(!is_text,
                "evendraw: a text or path is not a range of labels: its characters would be taken for labels. Read the "
                "file, and give one label per sample. A label is an integer, an enumerator, a bool or a string; "
                "std::views::transform makes such labels from others");
  static_assert(in_braces || is_text || label_range<Labels>,
                "evendraw: a label is an integer, an enumerator, a bool or a string (std::string, std::string_view, "
                "char const*); std::views::transform makes such labels from others");
  return label_range<Labels>;
}

/// The type that the labels of a range are stored as.
template <class Range>
using label_of = typename label_in<Range>::type;

/// A type whose values can name a Label: text can name text, and a number can name a number.
template <class Name, class Label>
concept label_name = class_label<Name> && std::constructible_from<Label, Name const&>;

/// Names of labels. Unsupported types are included: see gives_labels.
template <class Names, class Label>
concept name_labels = !label_range<Names> || label_name<std::ranges::range_value_t<Names>, Label>;

}  // namespace detail

/// An integer type for counts and numbers: neither bool nor a character type.
template <class T>
concept whole_number = std::integral<T> && !std::same_as<T, bool> && !detail::character<T>;

namespace detail {

/// A range of indices of samples.
template <class Range>
concept index_range = std::ranges::input_range<Range> && whole_number<std::ranges::range_value_t<Range>>;

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

/// The label that a name stands for.
template <class Label, label_name<Label> Name>
Label as_label(Name const& name) {
  if constexpr (std::same_as<Label, std::string> && std::convertible_to<Name const&, std::string_view>) {
    return Label(characters_of(name));
  } else {
    return static_cast<Label>(name);
  }
}

/// The key for looking up a label: its number or its text.
template <class T>
constexpr auto label_key(T const& value) {
  if constexpr (std::convertible_to<T const&, std::string_view>) {
    return characters_of(value);
  } else {
    return static_cast<std::uint64_t>(value);
  }
}

}  // namespace detail

}  // namespace evendraw
