#include "csv.hpp"

#include <fmt/format.h>

#include "options.hpp"

namespace inspect {

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
    throw user_error(fmt::format(
        "line {}: there is text behind a closing quote; a quote inside a field is doubled", line_));
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

}  // namespace inspect
