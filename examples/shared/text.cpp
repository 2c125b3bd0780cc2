#include "text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <utility>

namespace shared {
namespace {

struct character {
  char32_t code;
  std::size_t bytes;
  bool valid;
};

/// The first character of text that is not empty. Bytes that are not UTF-8 come one at a time, as not valid.
character first_character(std::string_view text) {
  auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  unsigned char const lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  std::size_t const bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < bytes) return {U'?', 1, false};
  char32_t code = lead & (0xffu >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xc0u) != 0x80) return {U'?', 1, false};
    code = code << 6 | (byte(i) & 0x3fu);
  }
  bool const too_long = (bytes == 3 && code < 0x800) || (bytes == 4 && code < 0x10000);
  bool const surrogate = code >= 0xd800 && code <= 0xdfff;
  if (too_long || surrogate || code > 0x10ffff) return {U'?', 1, false};
  return {code, bytes, true};
}

using code_range = std::pair<char32_t, char32_t>;

template <std::size_t Size>
bool is_in(std::array<code_range, Size> const& ranges, char32_t code) {
  return std::ranges::any_of(
      ranges, [code](code_range range) { return range.first <= code && code <= range.second; });
}

bool is_control(char32_t code) {
  constexpr std::array controls{code_range{0, 0x1f},        code_range{0x7f, 0x9f},
                                code_range{0x200e, 0x200f}, code_range{0x2028, 0x202e},
                                code_range{0x2066, 0x2069}, code_range{0xfeff, 0xfeff}};
  return is_in(controls, code);
}

std::size_t columns_of(char32_t code) {
  constexpr std::array none{code_range{0x300, 0x36f},   code_range{0x1ab0, 0x1aff},
                            code_range{0x200b, 0x200d}, code_range{0x20d0, 0x20ff},
                            code_range{0xfe00, 0xfe0f}, code_range{0xfe20, 0xfe2f}};
  constexpr std::array two{
      code_range{0x1100, 0x115f},   code_range{0x2e80, 0x303e},   code_range{0x3041, 0xa4cf},
      code_range{0xac00, 0xd7a3},   code_range{0xf900, 0xfaff},   code_range{0xfe30, 0xfe6f},
      code_range{0xff00, 0xff60},   code_range{0xffe0, 0xffe6},   code_range{0x1f300, 0x1f64f},
      code_range{0x1f680, 0x1f6ff}, code_range{0x1f900, 0x1faff}, code_range{0x20000, 0x3fffd}};
  if (is_in(none, code)) return 0;
  return is_in(two, code) ? 2 : 1;
}

/// The longest end of the text that takes at most `width` columns.
std::string_view ending(std::string_view text, std::size_t width) {
  while (columns(text) > width) text.remove_prefix(first_character(text).bytes);
  return text;
}

std::string_view ellipsis(charset set) { return set == charset::utf8 ? "…" : "..."; }

}  // namespace

charset charset_of_environment() {
  for (char const* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    char const* const set = std::getenv(name);
    if (set == nullptr || *set == '\0') continue;
    std::string value(set);
    std::ranges::transform(value, value.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    bool const utf8 = value.find("utf-8") != std::string::npos || value.find("utf8") != std::string::npos;
    return utf8 ? charset::utf8 : charset::ascii;
  }
  return charset::ascii;
}

std::string printable(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    auto const next = first_character(text);
    bool const shown = next.valid && !is_control(next.code);
    result += shown ? text.substr(0, next.bytes) : "?";
    text.remove_prefix(next.bytes);
  }
  return result;
}

std::size_t columns(std::string_view text) {
  std::size_t sum = 0;
  while (!text.empty()) {
    auto const next = first_character(text);
    sum += columns_of(next.code);
    text.remove_prefix(next.bytes);
  }
  return sum;
}

std::string_view beginning(std::string_view text, std::size_t width) {
  std::size_t bytes = 0, used = 0;
  while (bytes < text.size()) {
    auto const next = first_character(text.substr(bytes));
    used += columns_of(next.code);
    if (used > width) break;
    bytes += next.bytes;
  }
  return text.substr(0, bytes);
}

std::string cut(std::string_view text, std::size_t width, charset set) {
  if (columns(text) <= width) return std::string(text);
  std::size_t const dots = columns(ellipsis(set));
  if (dots > width) return std::string(beginning(text, width));
  return std::string(beginning(text, width - dots)).append(ellipsis(set));
}

std::string cut_name(std::string_view name, std::size_t width, charset set) {
  std::size_t const behind = width / 3;
  if (columns(name) <= width || behind == 0) return cut(name, width, set);
  return cut(name, width - behind, set).append(ending(name, behind));
}

std::string pad_right(std::string_view text, std::size_t width) {
  return std::string(text).append(width - std::min(width, columns(text)), ' ');
}

std::string pad_left(std::string_view text, std::size_t width) {
  return std::string(width - std::min(width, columns(text)), ' ').append(text);
}

std::string wrap(std::string_view text, charset set) {
  std::string result, line;
  while (!text.empty()) {
    std::string_view const word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    std::string const fitting = cut(word, line_width, set);
    if (!line.empty() && columns(line) + 1 + columns(fitting) > line_width) {
      result += line + '\n';
      line.clear();
    }
    line += (line.empty() ? "" : " ") + fitting;
  }
  return result + line + '\n';
}

std::string with_commas(std::uint64_t number) {
  std::string digits = fmt::format("{}", number);
  for (std::size_t place = digits.size(); place > 3; place -= 3) digits.insert(place - 3, 1, ',');
  return digits;
}

std::string compact(std::uint64_t number) {
  if (number < 10'000'000) return with_commas(number);
  auto value = static_cast<double>(number) / 1e6;
  std::size_t unit = 0;
  for (; value >= 999.95 && unit < 4; ++unit) value /= 1000;
  return fmt::format("{:.1f} {}", value, "MGTPE"[unit]);
}

std::string counted(std::uint64_t number, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", with_commas(number), number == 1 ? one : many);
}

std::string percent(double share) {
  if (share <= 0) return "0 %";
  if (share >= 1) return "100 %";
  if (share < 0.0005) return "<0.1 %";
  if (share >= 0.9995) return ">99.9 %";
  return fmt::format("{:.1f} %", share * 100);
}

std::string percent(std::uint64_t part, std::uint64_t whole) {
  return percent(whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole));
}

}  // namespace shared
