#include "csv.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lines.hpp"
#include "user_error.hpp"

namespace shared {
namespace {

/// The text of a quoted field, in which each quote is doubled.
std::string with_single_quotes(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); i += text[i] == '"' ? 2 : 1) result += text[i];
  return result;
}

}  // namespace

bool csv_reader::next(record& into, blank_lines blank) {
  skip_spaces();
  while (blank == blank_lines::skipped && skip_line_end()) skip_spaces();
  into.fields.clear();
  into.unescaped.clear();
  if (rest_.empty()) return false;
  into.line = line_;
  for (;;) {
    into.fields.push_back(field(into));
    if (rest_.empty() || skip_line_end()) return true;
    rest_.remove_prefix(1);  // the separator
  }
}

std::string_view csv_reader::field(record& subject) {
  skip_spaces();
  return rest_.starts_with('"') && separator_ != '\t' ? quoted(subject) : unquoted();
}

std::string_view csv_reader::quoted(record& subject) {
  std::size_t const first_line = line_;
  std::size_t end = 1;
  bool doubled = false;
  for (;; end += 2, doubled = true) {
    end = rest_.find('"', end);
    if (end == std::string_view::npos) {
      throw user_error(fmt::format("line {}: a quoted field begins here and does not end", first_line));
    }
    if (!rest_.substr(end + 1).starts_with('"')) break;
  }
  std::string_view const text = rest_.substr(1, end - 1);
  line_ += count_line_ends(text);
  rest_.remove_prefix(end + 1);
  skip_spaces();
  if (!rest_.empty() && !rest_.starts_with(separator_) && !at_line_end()) {
    throw user_error(
        fmt::format("line {}: there is text after a closing quote; a quote inside a field is doubled", line_));
  }
  return doubled ? std::string_view(subject.unescaped.emplace_front(with_single_quotes(text))) : text;
}

std::string_view csv_reader::unquoted() {
  auto const ends = [this](char letter) { return letter == separator_ || letter == '\n' || letter == '\r'; };
  auto const size = static_cast<std::size_t>(std::ranges::find_if(rest_, ends) - rest_.begin());
  std::string_view result = rest_.substr(0, size);
  rest_.remove_prefix(size);
  while (!result.empty() && is_space(result.back())) result.remove_suffix(1);
  return result;
}

void csv_reader::skip_spaces() {
  while (!rest_.empty() && is_space(rest_.front())) rest_.remove_prefix(1);
}

bool csv_reader::skip_line_end() {
  std::size_t const size = line_end_at(rest_, 0);
  rest_.remove_prefix(size);
  line_ += size > 0 ? 1 : 0;
  return size > 0;
}

}  // namespace shared
