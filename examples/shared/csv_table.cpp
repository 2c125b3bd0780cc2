#include "csv_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <system_error>

#include "suggestions.hpp"
#include "text.hpp"
#include "user_error.hpp"

namespace shared {
namespace {

std::string separators(char separator) {
  return separator == ',' ? "commas" : separator == '\t' ? "tabs" : fmt::format("'{}'", separator);
}

std::string shown_separator(char separator) { return separator == '\t' ? "tab" : fmt::format("'{}'", separator); }

std::size_t column_by_number(std::string_view text, csv_table const& table) {
  std::size_t number = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number == 0) {
    throw user_error(fmt::format("'{}' is not a column; the first one is 1", printable(text)));
  }
  if (number > table.num_columns()) {
    throw user_error(fmt::format("line {} has {}, separated by {}; there is no column {}", table.first().line,
                                 counted(table.num_columns(), "column", "columns"), separators(table.separator()),
                                 number));
  }
  return number - 1;
}

std::size_t column_by_name(std::string_view name, csv_table const& table) {
  auto const& names = table.first().fields;
  auto const found = std::ranges::find(names, name);
  if (found == names.end()) {
    throw user_error(fmt::format("no column has the name '{}'; the first line has the names {}{}", printable(name),
                                 listed(names), did_you_mean(name, names)));
  }
  if (std::find(found + 1, names.end(), name) != names.end()) {
    throw user_error(
        fmt::format("two columns have the name '{}'; give the number of the one instead", printable(name)));
  }
  return static_cast<std::size_t>(found - names.begin());
}

/// Refuses a first line that has other separators but no comma outside quotes, because these are probably meant.
void check_separator(std::string_view text) {
  bool quoted = false;
  char other = 0;
  for (char const letter : text) {
    if (letter == '"') quoted = !quoted;
    if (quoted) continue;
    if (letter == ',') return;
    if (letter == '\n' || letter == '\r') break;
    if (letter == ';' || letter == '\t' || letter == '|') other = letter;
  }
  if (other == 0) return;
  throw user_error(
      fmt::format("the first line has no comma, but {}; give --separator {} if that separates the columns, or "
                  "--separator ',' if there is only one column",
                  separators(other), shown_separator(other)));
}

bool is_empty(csv_table::record const& record) {
  return std::ranges::all_of(record.fields, [](auto const& field) { return field.empty(); });
}

}  // namespace

csv_table::csv_table(std::string_view text, csv_layout const& layout)
    : separator_(layout.separator == 0 ? ',' : layout.separator), reader_(text, separator_), header_(layout.header) {
  if (layout.separator == 0) check_separator(text);
  if (!reader_.next(first_, csv_reader::blank_lines::skipped)) throw user_error("there are no samples in it");
}

std::size_t csv_table::column(std::string_view number_or_name) {
  if (is_whole_number(number_or_name)) return column_by_number(number_or_name, *this);
  header_ = true;
  return column_by_name(number_or_name, *this);
}

std::string csv_table::name_of(std::size_t place) const {
  std::string const number = fmt::format("column {}", place + 1);
  return header_ ? fmt::format("{} ('{}')", number, printable(first_.fields[place])) : number;
}

bool csv_table::next(record& into) {
  if (!empty_lines_.empty()) {
    into.line = empty_lines_.front();
    into.fields.assign(num_columns(), {});
    empty_lines_.pop_front();
    return true;
  }
  if (!behind_.fields.empty()) {
    std::swap(into, behind_);
    behind_.fields.clear();
    return true;
  }
  return next_with_content(into);
}

/// The next record. In a table with one column, a blank line is a record.
bool csv_table::read(record& into) {
  using enum csv_reader::blank_lines;
  return reader_.next(into, num_columns() == 1 ? records : skipped);
}

/// The next record. Records without content are returned only if others follow.
bool csv_table::next_with_content(record& into) {
  if (!begun_ && !header_) {
    into = first_;
  } else if (!read(into)) {
    return false;
  }
  begun_ = true;
  while (is_empty(into)) {
    empty_lines_.push_back(into.line);
    if (read(into)) continue;
    num_empty_at_end_ = num_columns() == 1 ? 0 : empty_lines_.size();
    empty_lines_.clear();
    return false;
  }
  check(into);
  if (empty_lines_.empty()) return true;
  std::swap(into, behind_);
  return next(into);
}

void csv_table::check(record const& read) const {
  if (read.fields.size() == num_columns()) return;
  std::string const remedy =
      separator_ == '\t' ? "" : fmt::format(", and quote fields that hold {}", separators(separator_));
  throw user_error(fmt::format("line {} has {}, line {} has {}; give every line the same number{}", read.line,
                               counted(read.fields.size(), "field", "fields"), first_.line, with_commas(num_columns()),
                               remedy));
}

bool is_whole_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

char separator_named(std::string_view text) {
  if (text == "tab" || text == "\\t" || text == "\t") return '\t';
  bool const possible = text.size() == 1 && text[0] > ' ' && text[0] < 127 && text[0] != '"';
  if (!possible) {
    throw user_error(fmt::format("--separator: '{}' is not a separator; give one character, ';' for instance, or tab",
                                 printable(text)));
  }
  return text[0];
}

}  // namespace shared
