// How errors are worded: who, what, which value, the remedy.
#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

namespace evendraw::detail {

/// Strings and string literals, one after the other.
template <class... Parts>
std::string joined(Parts const&... parts) {
  std::string result;
  ((result += parts), ...);
  return result;
}

template <class... Parts>
[[noreturn]] void invalid(std::string_view who, Parts const&... what) {
  throw std::invalid_argument(joined("evendraw::", who, ": ", what...));
}

template <class... Parts>
[[noreturn]] void out_of_range(std::string_view who, Parts const&... what) {
  throw std::out_of_range(joined("evendraw::", who, ": ", what...));
}

/// A value as an error message shows it: the shortest digits that read back the same, strings in quotes.
template <class T>
std::string text(T const& value) {
  if constexpr (std::same_as<T, bool>) {
    return value ? "true" : "false";
  } else if constexpr (std::is_enum_v<T>) {
    return text(static_cast<std::underlying_type_t<T>>(value));
  } else if constexpr (std::integral<T>) {
    return std::to_string(value);
  } else if constexpr (std::floating_point<T>) {
    if (value != value) return "nan";  // whatever its sign
    char digits[64];
    auto const [end, error] = std::to_chars(digits, digits + sizeof digits, static_cast<double>(value));
    return std::string(digits, error == std::errc{} ? end : digits);
  } else {
    return joined("'", std::string_view(value), "'");
  }
}

/// Throws unless `size` samples can be numbered by Index.
template <std::unsigned_integral Index>
void check_index_fits(std::string_view who, std::uint64_t size) {
  if (size > std::numeric_limits<Index>::max()) {
    invalid(who, text(size), " samples do not fit into ", text(std::numeric_limits<Index>::digits),
            "-bit indices; use std::uint64_t as the index type");
  }
}

}  // namespace evendraw::detail
