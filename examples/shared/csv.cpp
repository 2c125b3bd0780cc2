#include "csv.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <system_error>

#include "text.hpp"
#include "user_error.hpp"

namespace shared {
namespace {

/// A column's number from 1 on; nothing if it is a name.
std::optional<std::size_t> column_number(std::string const& column) {
  if (column.find_first_not_of("0123456789") != std::string::npos) return {};
  std::size_t number = 0;
  auto const [end, error] = std::from_chars(column.data(), column.data() + column.size(), number);
  if (error != std::errc{} || number == 0) {
    throw user_error(fmt::format("--column: '{}' is no column; the first one is 1", column));
  }
  return number;
}

std::size_t column_by_name(std::string const& column, std::vector<std::string> const& names) {
  auto const found = std::ranges::find(names, column);
  if (found == names.end()) {
    throw user_error(fmt::format("no column has the name '{}'; the first line has the names '{}'", printable(column),
                                 printable(fmt::format("{}", fmt::join(names, "', '")))));
  }
  if (std::find(found + 1, names.end(), column) != names.end()) {
    throw user_error(fmt::format("two columns have the name '{}'; say which by --column NUMBER", printable(column)));
  }
  return static_cast<std::size_t>(found - names.begin()) + 1;
}

void check(csv_reader::record const& record, std::size_t column) {
  if (record.fields.size() < column) {
    throw user_error(fmt::format("line {} has {}, separated by commas; there is no column {}", record.line,
                                 counted(record.fields.size(), "column", "columns"), column));
  }
  if (record.fields[column - 1].empty()) {
    throw user_error(fmt::format("line {}: column {} is empty; give every sample a label", record.line, column));
  }
}

}  // namespace

void for_each_sample(std::string_view text, label_column const& labels, sample_visitor const& visit) {
  csv_reader reader(text);
  auto number = column_number(labels.column);
  auto record = reader.next();
  if (record && (labels.header || !number)) {
    if (!number) number = column_by_name(labels.column, record->fields);
    record = reader.next();
  }
  for (; record; record = reader.next()) {
    check(*record, *number);
    visit(*record, *number - 1);
  }
}

std::optional<csv_reader::record> csv_reader::next() {
  skip_spaces();
  while (skip_line_end()) skip_spaces();
  if (rest_.empty()) return {};
  record result{.line = line_};
  for (;;) {
    result.fields.push_back(field());
    if (rest_.empty() || skip_line_end()) return result;
    advance();  // the comma
  }
}

std::string csv_reader::field() {
  skip_spaces();
  return rest_.starts_with('"') ? quoted() : unquoted();
}

std::string csv_reader::quoted() {
  std::size_t const first_line = line_;
  std::string result;
  for (advance();; advance()) {
    if (rest_.empty()) {
      throw user_error(fmt::format("line {}: a quoted field begins here and does not end", first_line));
    }
    if (rest_.starts_with('"')) {
      advance();
      if (!rest_.starts_with('"')) break;
    }
    result += rest_.front();
  }
  skip_spaces();
  if (!rest_.empty() && !rest_.starts_with(',') && !at_line_end()) {
    throw user_error(
        fmt::format("line {}: there is text behind a closing quote; a quote inside a field is doubled", line_));
  }
  return result;
}

std::string csv_reader::unquoted() {
  std::string result;
  for (; !rest_.empty() && !rest_.starts_with(',') && !at_line_end(); advance()) result += rest_.front();
  return result.erase(result.find_last_not_of(" \t") + 1);
}

void csv_reader::skip_spaces() {
  while (rest_.starts_with(' ') || rest_.starts_with('\t')) advance();
}

bool csv_reader::at_line_end() const { return rest_.starts_with('\n') || rest_.starts_with("\r\n"); }

bool csv_reader::skip_line_end() {
  if (!at_line_end()) return false;
  if (rest_.starts_with('\r')) advance();
  advance();
  return true;
}

void csv_reader::advance() {
  if (rest_.front() == '\n') ++line_;
  rest_.remove_prefix(1);
}

}  // namespace shared
