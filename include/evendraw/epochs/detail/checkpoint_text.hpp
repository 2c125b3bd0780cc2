// The numbers in the text of a checkpoint.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include <evendraw/detail/errors.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

[[noreturn]] inline void refuse_checkpoint(text_part why, text_part more = "", text_part and_more = "",
                                           text_part last = "") {
  invalid("checkpoint", "this is not a usable checkpoint: ", why, more, and_more, last,
          "; start the run from the beginning");
}

inline std::string hexadecimal(std::uint64_t value) {
  std::string digits(16, '0');
  for (std::size_t i = digits.size(); i-- > 0; value >>= 4) digits[i] = "0123456789abcdef"[value & 15];
  return digits;
}

inline std::uint64_t number_in(std::string_view word, std::uint64_t base) {
  constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  bool fits = !word.empty();
  std::uint64_t value = 0;
  for (char const letter : word) {
    std::uint64_t const digit = std::string_view("0123456789abcdef").find(letter);
    fits = fits && digit < base && value <= (most - digit) / base;
    value = value * base + digit;
  }
  if (!fits) refuse_checkpoint(text(word), " is not a number that fits 64 bits");
  return value;
}

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
