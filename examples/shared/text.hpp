// Text that fits into a terminal: functions of the library, and numbers for narrow columns.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include <evendraw/inspect/format.hpp>

namespace shared {

using evendraw::terminal::charset, evendraw::terminal::line_width, evendraw::terminal::printable,
    evendraw::terminal::columns, evendraw::terminal::beginning, evendraw::terminal::cut, evendraw::terminal::cut_name,
    evendraw::terminal::pad_left, evendraw::terminal::pad_right, evendraw::terminal::wrap,
    evendraw::terminal::with_commas, evendraw::terminal::counted, evendraw::terminal::percent;

inline charset charset_of_environment() { return evendraw::utf8_locale() ? charset::utf8 : charset::ascii; }

/// Numbers up to 9,999,999 as with_commas() writes them; larger ones as "12.3 M" or "4.6 G".
inline std::string compact(std::uint64_t number) {
  if (number < 10'000'000) return with_commas(number);
  auto value = static_cast<double>(number) / 1e6;
  std::size_t unit = 0;
  for (; value >= 999.95 && unit < 4; ++unit) value /= 1000;
  return fmt::format("{:.1f} {}", value, "MGTPE"[unit]);
}

}  // namespace shared
