#include "line_labels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include "header_check.hpp"
#include "sample_labels.hpp"
#include "shared/lines.hpp"

namespace inspect {

namespace {

/// Finds out whether lines are the rows of a table: all have the same number of separators, at least one.
class table_check {
 public:
  void see(std::string_view line) {
    for (auto& [letter, name, count, possible] : separators_) {
      auto const here = std::ranges::count(line, letter);
      possible = possible && here > 0 && (num_seen_ == 0 || here == count);
      count = here;
    }
    ++num_seen_;
  }

  /// What separates the columns: "tabs", ...; empty if nothing does.
  std::string_view separator() const {
    for (auto const& each : separators_) {
      if (num_seen_ > 1 && each.possible) return each.name;
    }
    return "";
  }

 private:
  struct candidate {
    char letter;
    std::string_view name;
    std::ptrdiff_t count = 0;
    bool possible = true;
  };
  std::array<candidate, 4> separators_{{{'\t', "tabs"}, {',', "commas"}, {';', "semicolons"}, {'|', "'|'"}}};
  std::size_t num_seen_ = 0;
};

}  // namespace

labelled_data read_lines(std::string_view text, options const& settings) {
  text = text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
  sample_labels labels(settings);
  header_check header;
  table_check table;
  std::size_t line = 0;
  if (settings.header && !text.empty()) take_line(text), ++line;
  std::string_view first;
  while (!text.empty()) {
    ++line;
    auto const label = trimmed(take_line(text));
    labels.add(label, [line] { return fmt::format("line {} is blank", line); });
    if (!label.empty()) table.see(label);
    if (first.empty()) first = label;
    if (!settings.header && !label.empty()) header.see({&label, 1}, 0);
  }
  auto result = std::move(labels).finish();
  if (header.is_header()) result.header_like = first;
  if (auto const separator = table.separator(); !separator.empty() && settings.label_separator.empty()) {
    result.notes.push_back(fmt::format(
        "All lines have equally many {}: if this is a table, say with --column which column has the labels.",
        separator));
  }
  return result;
}

}  // namespace inspect
