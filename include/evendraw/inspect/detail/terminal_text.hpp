// Text for terminals: UTF-8 that is cut between characters, numbers, percentages. It needs only the standard library.
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <evendraw/detail/math.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail::terminal {

inline constexpr std::size_t line_width = 80;

/// Whether bars and ellipses may use Unicode.
enum class charset { ascii, utf8 };

struct character {
  char32_t code;
  std::size_t bytes;
  bool valid;
};

/// The first character of a text that is not empty. A byte that is not UTF-8 counts as a character that is not valid.
inline character first_character(std::string_view text) {
  constexpr character invalid{U'?', 1, false};
  auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  unsigned char const lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  std::size_t const bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < bytes) return invalid;
  char32_t code = lead & (0xffu >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xc0u) != 0x80) return invalid;
    code = code << 6 | (byte(i) & 0x3fu);
  }
  bool const too_long = (bytes == 3 && code < 0x800) || (bytes == 4 && code < 0x10000);
  bool const surrogate = code >= 0xd800 && code <= 0xdfff;
  if (too_long || surrogate || code > 0x10ffff) return invalid;
  return {code, bytes, true};
}

using code_range = std::pair<char32_t, char32_t>;

template <std::size_t Size>
bool is_in(std::array<code_range, Size> const& ranges, char32_t code) {
  return std::ranges::any_of(ranges, [code](code_range range) { return range.first <= code && code <= range.second; });
}

inline bool is_control(char32_t code) {
  constexpr std::array controls{code_range{0, 0x1f},        code_range{0x7f, 0x9f},     code_range{0x200e, 0x200f},
                                code_range{0x2028, 0x202e}, code_range{0x2066, 0x2069}, code_range{0xfeff, 0xfeff}};
  return is_in(controls, code);
}

inline std::size_t columns_of(char32_t code) {
  constexpr std::array none{code_range{0x300, 0x36f},   code_range{0x1ab0, 0x1aff}, code_range{0x200b, 0x200d},
                            code_range{0x20d0, 0x20ff}, code_range{0xfe00, 0xfe0f}, code_range{0xfe20, 0xfe2f}};
  constexpr std::array two{code_range{0x1100, 0x115f},   code_range{0x2e80, 0x303e},   code_range{0x3041, 0xa4cf},
                           code_range{0xac00, 0xd7a3},   code_range{0xf900, 0xfaff},   code_range{0xfe30, 0xfe6f},
                           code_range{0xff00, 0xff60},   code_range{0xffe0, 0xffe6},   code_range{0x1f300, 0x1f64f},
                           code_range{0x1f680, 0x1f6ff}, code_range{0x1f900, 0x1faff}, code_range{0x20000, 0x3fffd}};
  if (is_in(none, code)) return 0;
  return is_in(two, code) ? 2 : 1;
}

inline std::string_view ellipsis(charset set) { return set == charset::utf8 ? "…" : "..."; }

/// The text with '?' instead of each control character and each byte that is not UTF-8, because these could upset a
/// terminal.
inline std::string printable(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    auto const next = first_character(text);
    bool const shown = next.valid && !is_control(next.code);
    result += shown ? text.substr(0, next.bytes) : "?";
    text.remove_prefix(next.bytes);
  }
  return result;
}

/// The number of terminal columns of UTF-8 text. East Asian characters and emoji take two, and combining marks take
/// none.
inline std::size_t columns(std::string_view text) {
  std::size_t sum = 0;
  while (!text.empty()) {
    auto const next = first_character(text);
    sum += columns_of(next.code);
    text.remove_prefix(next.bytes);
  }
  return sum;
}

/// The longest beginning of the text that takes at most `width` columns.
inline std::string_view beginning(std::string_view text, std::size_t width) {
  std::size_t bytes = 0, used = 0;
  while (bytes < text.size()) {
    auto const next = first_character(text.substr(bytes));
    used += columns_of(next.code);
    if (used > width) break;
    bytes += next.bytes;
  }
  return text.substr(0, bytes);
}

/// The longest end of the text that takes at most `width` columns.
inline std::string_view ending(std::string_view text, std::size_t width) {
  for (std::size_t left = columns(text); left > width;) {
    auto const first = first_character(text);
    left -= columns_of(first.code);
    text.remove_prefix(first.bytes);
  }
  return text;
}

/// The text, or its beginning and an ellipsis, in at most `width` columns. Characters are never split.
inline std::string cut(std::string_view text, std::size_t width, charset set) {
  if (columns(text) <= width) return std::string(text);
  std::size_t const dots = columns(ellipsis(set));
  if (dots > width) return std::string(beginning(text, width));
  return std::string(beginning(text, width - dots)).append(ellipsis(set));
}

/// Like cut, but for names. It leaves out the middle, because names often differ at the end.
inline std::string cut_name(std::string_view name, std::size_t width, charset set) {
  std::size_t const end = width / 3;
  if (columns(name) <= width || end == 0) return cut(name, width, set);
  return cut(name, width - end, set).append(ending(name, end));
}

/// The text with spaces after it, up to `width` columns.
inline std::string pad_right(std::string_view text, std::size_t width) {
  return std::string(text).append(width - std::min(width, columns(text)), ' ');
}

/// The text with spaces before it, up to `width` columns.
inline std::string pad_left(std::string_view text, std::size_t width) {
  return std::string(width - std::min(width, columns(text)), ' ').append(text);
}

/// The text broken between words into lines of at most `width` columns. Longer words are cut.
inline std::string wrap(std::string_view text, charset set, std::size_t width = line_width) {
  std::string result, line;
  while (!text.empty()) {
    std::string_view const word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    std::string const fitting = cut(word, width, set);
    if (!line.empty() && columns(line) + 1 + columns(fitting) > width) {
      result.append(line).append("\n");
      line.clear();
    }
    line.append(line.empty() ? "" : " ").append(fitting);
  }
  return result.append(line).append("\n");
}

/// The value with `decimals` <= 17 digits after the point, or "-" if it is not a number.
inline std::string fixed(double value, int decimals) {
  if (is_nan(value)) return "-";
  std::array<char, 400> digits;
  auto const [end, error] =
      std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed, decimals);
  return {digits.data(), end};
}

/// 12345678 as "12,345,678".
inline std::string with_commas(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t place = digits.size(); place > 3; place -= 3) digits.insert(place - 3, 1, ',');
  return digits;
}

/// An expected count: "3" if it is exactly 3, otherwise "3.0"; "0.03"; "1,235"; "1.2e+20" from 10^12 on; "-" if it is
/// not a number.
inline std::string rounded(double count) {
  if (is_nan(count)) return "-";
  if (count >= 99.95 && count < 1e12) return with_commas(static_cast<std::uint64_t>(math::round(count)));
  if (count >= 1e12) {
    std::array<char, 32> digits;
    auto const [end, error] =
        std::to_chars(digits.data(), digits.data() + digits.size(), count, std::chars_format::scientific, 1);
    return {digits.data(), end};
  }
  if (count == math::floor(count)) return fixed(count, 0);
  return count < 0.005 ? "<0.01" : fixed(count, count < 0.995 ? 2 : 1);
}

/// "1 batch" or "2 batches", from a number and both words.
inline std::string counted(std::uint64_t number, std::string_view one, std::string_view many) {
  return with_commas(number).append(" ").append(number == 1 ? one : many);
}

/// 0.25 as "25.0 %". Only exactly 0 and 1 are "0 %" and "100 %".
inline std::string percent(double share) {
  if (share <= 0) return "0 %";
  if (share >= 1) return "100 %";
  if (share < 0.0005) return "<0.1 %";
  if (share >= 0.9995) return ">99.9 %";
  return fixed(share * 100, 1).append(" %");
}

inline std::string percent(std::uint64_t part, std::uint64_t whole) {
  return percent(whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole));
}

}  // namespace evendraw::detail::terminal

#include <evendraw/detail/macros_on.hpp>
