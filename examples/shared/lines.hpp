// Lines that end with LF, CR LF or CR.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace shared {

/// The size of the line end that begins at a place of the text; 0 if there is none.
inline std::size_t line_end_at(std::string_view text, std::size_t place) {
  if (place >= text.size()) return 0;
  if (text[place] == '\n') return 1;
  if (text[place] != '\r') return 0;
  return place + 1 < text.size() && text[place + 1] == '\n' ? 2 : 1;
}

/// Removes the first line from the text, and returns it without its end. Needs text that is not empty.
inline std::string_view take_line(std::string_view& text) {
  auto const is_end = [](char letter) { return letter == '\n' || letter == '\r'; };
  auto const end = static_cast<std::size_t>(std::ranges::find_if(text, is_end) - text.begin());
  std::string_view const line = text.substr(0, end);
  text.remove_prefix(end + line_end_at(text, end));
  return line;
}

inline std::size_t count_line_ends(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t place = 0; (place = text.find_first_of("\r\n", place)) != std::string_view::npos; ++count) {
    place += line_end_at(text, place);
  }
  return count;
}

/// The text without the spaces around it.
inline std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  return text.substr(0, text.find_last_not_of(" \t") + 1);
}

}  // namespace shared
