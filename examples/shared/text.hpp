// Text that fits into a terminal. The programs of this repository print with internal functions of the library.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include <evendraw/inspect/format.hpp>

namespace shared {

using evendraw::detail::terminal::charset, evendraw::detail::terminal::line_width,
    evendraw::detail::terminal::printable, evendraw::detail::terminal::columns, evendraw::detail::terminal::beginning,
    evendraw::detail::terminal::cut, evendraw::detail::terminal::cut_name, evendraw::detail::terminal::pad_left,
    evendraw::detail::terminal::pad_right, evendraw::detail::terminal::wrap, evendraw::detail::terminal::with_commas,
    evendraw::detail::terminal::counted, evendraw::detail::terminal::percent;

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
