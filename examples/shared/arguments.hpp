// Numbers on the command line.
#pragma once

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <string_view>
#include <system_error>
#include <type_traits>

#include "text.hpp"
#include "user_error.hpp"

namespace shared {

/// The value of an option. Throws user_error unless it is a whole number of at least `smallest`; `needs` describes it.
template <class Number>
Number number(std::string_view option, std::string_view text, Number smallest, std::string_view needs) {
  Number result{};
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), result);
  if (error == std::errc::result_out_of_range) {
    throw user_error(fmt::format("{}: '{}' is too large{}", option, printable(text),
                                 std::is_integral_v<Number> ? "" : ", or too close to 0"));
  }
  if (error != std::errc{} || end != text.data() + text.size() || !(result >= smallest)) {
    throw user_error(fmt::format("{}: '{}' is not {}", option, printable(text), needs));
  }
  return result;
}

inline std::uint64_t whole_number(std::string_view option, std::string_view text, std::uint64_t smallest) {
  return number(option, text, smallest, fmt::format("a whole number from {} on", smallest));
}

}  // namespace shared
