// Text that fits into a terminal: functions of the library, and numbers for narrow columns.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include <evendraw/inspect/format.hpp>

namespace shared {

using evendraw::terminal::charset, evendraw::terminal::line_width, evendraw::terminal::printable,
    evendraw::terminal::columns, evendraw::terminal::beginning, evendraw::terminal::cut, evendraw::terminal::cut_name,
    evendraw::terminal::pad_left, evendraw::terminal::pad_right, evendraw::terminal::wrap,
    evendraw::terminal::with_commas, evendraw::terminal::counted, evendraw::terminal::percent;

/// UTF-8 if the environment asks for it. The first of LC_ALL, LC_CTYPE and LANG that is set decides.
inline charset charset_of_environment() {
  for (char const* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    char const* const set = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing here changes the environment
    if (set == nullptr || *set == '\0') continue;
    std::string value(set);
    std::ranges::replace(value, 'U', 'u');
    std::ranges::replace(value, 'T', 't');
    std::ranges::replace(value, 'F', 'f');
    bool const utf8 = value.find("utf-8") != std::string::npos || value.find("utf8") != std::string::npos;
    return utf8 ? charset::utf8 : charset::ascii;
  }
  return charset::ascii;
}

/// Numbers up to 9,999,999 as with_commas() writes them; larger ones as "12.3 M" or "4.6 G".
inline std::string compact(std::uint64_t number) {
  if (number < 10'000'000) return with_commas(number);
  auto value = static_cast<double>(number) / 1e6;
  std::size_t unit = 0;
  for (; value >= 999.95 && unit < 4; ++unit) value /= 1000;
  return fmt::format("{:.1f} {}", value, "MGTPE"[unit]);
}

}  // namespace shared
