#include "html.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "shared/text.hpp"
#include "svg.hpp"

namespace inspect::html {
namespace {

constexpr std::size_t name_columns = 80, word_columns = 16, most_rows_at_once = 60;

std::string row_of(std::string_view cells) { return fmt::format("<tr>{}</tr>\n", cells); }

/// Whether a word is too long to be kept whole in a narrow column.
bool has_long_word(std::string_view name) {
  std::size_t longest = 0;
  for (std::size_t begin = 0, end = 0; begin < name.size(); begin = end + 1) {
    end = std::min(name.find_first_of(" _", begin), name.size());
    longest = std::max(longest, shared::columns(name.substr(begin, end - begin)));
  }
  return longest > word_columns;
}

/// The name, which may be broken behind its underscores as well as at spaces.
std::string name_cell(std::string_view name, std::size_t rows) {
  std::string text = svg::escaped(shared::cut_name(name, name_columns, shared::charset::utf8));
  for (std::size_t place = 0; (place = text.find('_', place)) != std::string::npos; place += 6)
    text.insert(place + 1, "<wbr/>");
  std::string const span = rows > 1 ? fmt::format(" rowspan=\"{}\"", rows) : "";
  return around(fmt::format("th class=\"name{}\" scope=\"rowgroup\"{}", has_long_word(name) ? " long" : "", span),
                text);
}

}  // namespace

std::string around(std::string_view name, std::string_view inner) {
  return fmt::format("<{}>{}</{}>", name, inner, name.substr(0, name.find(' ')));
}

std::string element(std::string_view name, std::string_view text) { return around(name, svg::escaped(text)); }

table::table(std::string about, std::vector<column> columns) : about_(std::move(about)), columns_(std::move(columns)) {}

std::string table::cells(std::vector<std::string> const& row) const {
  std::string result;
  for (std::size_t i = 0; i < row.size(); ++i) {
    result += element(columns_[i + 1].is_number ? "td class=\"n\"" : "td", row[i]);
  }
  return result;
}

void table::add(std::string_view name, std::vector<std::vector<std::string>> const& rows) {
  std::string group;
  for (auto const& row : rows) group += row_of((group.empty() ? name_cell(name, rows.size()) : "") + cells(row));
  body_ += around("tbody", group) + '\n';
  rows_ += rows.size();
}

void table::add_bar(std::string_view name, std::vector<std::string> const& row, double share) {
  double const width = std::clamp(share * 100, 0.1, 100.0);
  std::string const bar = fmt::format("<td class=\"bar\"><i style=\"width: {:.1f}%\"></i></td>", width);
  body_ += around("tbody", row_of(name_cell(name, 1) + cells(row) + bar)) + '\n';
  ++rows_;
}

void table::add_note(std::string_view text) {
  body_ +=
      around("tbody", around("tr class=\"rest\"", element(fmt::format("td colspan=\"{}\"", columns_.size()), text)));
}

std::string table::finish() const {
  std::string heading;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::string_view const look = i == 0 ? " class=\"name\"" : columns_[i].is_number ? " class=\"n\"" : "";
    heading += element(fmt::format("th scope=\"col\"{}", look), columns_[i].title);
  }
  return fmt::format(
      "<div class=\"scroll rows{}\" tabindex=\"0\" role=\"region\" aria-label=\"{}\">\n<table>\n"
      "<thead>{}</thead>\n{}</table>\n</div>\n",
      rows_ > most_rows_at_once ? " many" : "", svg::escaped(about_), row_of(heading), body_);
}

}  // namespace inspect::html
