#include "header_check.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <system_error>

namespace inspect {
namespace {

bool is_word_for_labels(std::string_view text) {
  constexpr std::array<std::string_view, 8> words{"label",  "labels",   "class",      "classes",
                                                  "target", "category", "categories", "species"};
  std::string lower(text);
  for (char& letter : lower) letter = letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  return std::ranges::find(words, lower) != words.end();
}

}  // namespace

void header_check::see(std::span<std::string_view const> fields, std::size_t label) {
  if (seen_ == most) return;
  if (seen_++ == 0) {
    for (auto const field : fields) above_numbers_.push_back(!field.empty() && !is_number(field));
    names_labels_ = is_word_for_labels(fields[label]);
    return;
  }
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (above_numbers_[i] && !is_number(fields[i])) above_numbers_[i] = false;
  }
}

bool header_check::is_header() const {
  return seen_ > 1 && (names_labels_ || std::ranges::find(above_numbers_, true) != above_numbers_.end());
}

bool is_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error != std::errc::invalid_argument && end == text.data() + text.size();
}

}  // namespace inspect
