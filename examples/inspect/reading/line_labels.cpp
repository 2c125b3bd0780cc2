#include "line_labels.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <utility>

#include "header_check.hpp"
#include "sample_labels.hpp"
#include "shared/lines.hpp"

namespace inspect {

labelled_data read_lines(std::string_view text, options const& settings) {
  text = text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
  sample_labels labels(settings);
  header_check header;
  std::size_t line = 0;
  if (settings.header && !text.empty()) take_line(text), ++line;
  std::string_view first;
  while (!text.empty()) {
    ++line;
    auto const label = trimmed(take_line(text));
    labels.add(label, [line] { return fmt::format("line {} is blank", line); });
    if (first.empty()) first = label;
    if (!settings.header && !label.empty()) header.see({&label, 1}, 0);
  }
  auto result = std::move(labels).finish();
  if (header.is_header()) result.header_like = first;
  return result;
}

}  // namespace inspect
