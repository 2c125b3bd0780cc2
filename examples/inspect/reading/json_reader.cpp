#include "json_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <system_error>

#include "shared/lines.hpp"
#include "shared/user_error.hpp"

namespace inspect {

using namespace shared;
namespace {

void append_utf8(std::string& text, std::uint32_t code) {
  auto const add = [&](std::uint32_t byte) { text += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (code < 0x80) return add(code);
  if (code < 0x800) {
    add(0xc0 | code >> 6);
  } else if (code < 0x10000) {
    add(0xe0 | code >> 12);
    add(0x80 | (code >> 6 & 0x3f));
  } else {
    add(0xf0 | code >> 18);
    add(0x80 | (code >> 12 & 0x3f));
    add(0x80 | (code >> 6 & 0x3f));
  }
  add(0x80 | (code & 0x3f));
}

/// The number of the four hexadecimal digits at the beginning; if they are no digits, 0x110000, which is no character.
std::uint32_t hexadecimal(std::string_view text) {
  std::uint32_t code = 0;
  auto const four = text.substr(0, 4);
  auto const [end, error] = std::from_chars(four.data(), four.data() + four.size(), code, 16);
  return error == std::errc{} && four.size() == 4 && end == four.data() + 4 ? code : 0x110000;
}

/// Removes the escape u.... at the beginning, or two of them if they are a pair, and finds its character. Returns false
/// if it is not valid.
bool take_unicode(std::string_view& text, std::string& result) {
  std::uint32_t code = hexadecimal(text.substr(1));
  text.remove_prefix(std::min<std::size_t>(5, text.size()));
  if (code >= 0xd800 && code < 0xdc00) {
    std::uint32_t const second = text.starts_with("\\u") ? hexadecimal(text.substr(2)) : 0;
    if (second < 0xdc00 || second > 0xdfff) return false;
    code = 0x10000 + ((code - 0xd800) << 10) + (second - 0xdc00);
    text.remove_prefix(6);
  }
  if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return false;
  append_utf8(result, code);
  return true;
}

}  // namespace

char json_reader::peek() {
  while (place_ < text_.size()) {
    char const letter = text_[place_];
    if (letter != ' ' && letter != '\n' && letter != '\r' && letter != '\t') return letter;
    ++place_;
  }
  return '\0';
}

void json_reader::expect(char wanted) {
  if (peek() != wanted || place_ == text_.size()) refuse(fmt::format("'{}' should be here", wanted));
  ++place_;
}

std::string_view json_reader::raw_string() {
  if (peek() != '"') refuse("a string should be here");
  std::size_t const begin = place_;
  for (std::size_t end = begin + 1;; end += 2) {
    end = text_.find_first_of("\"\\", end);
    if (end == std::string_view::npos || (text_[end] == '\\' && end + 1 == text_.size())) {
      refuse("a string begins here and does not end");
    }
    if (text_[end] == '\\') continue;
    place_ = end + 1;
    return text_.substr(begin, place_ - begin);
  }
}

std::string json_reader::string() {
  std::string_view text = raw_string();
  text = text.substr(1, text.size() - 2);
  std::string result;
  constexpr std::string_view letters = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
  while (!text.empty()) {
    std::size_t const plain = std::min(text.find('\\'), text.size());
    result += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    text.remove_prefix(1);
    std::size_t const letter = letters.find(text.front());
    if (letter != std::string_view::npos) {
      result += meanings[letter];
      text.remove_prefix(1);
    } else if (text.front() != 'u' || !take_unicode(text, result)) {
      refuse("the string that ends here has an escape that JSON does not have");
    }
  }
  return result;
}

std::string_view json_reader::number() {
  std::size_t const begin = place_;
  place_ = std::min(text_.find_first_not_of("+-.0123456789eE", begin), text_.size());
  if (place_ == begin) refuse("a value should be here");
  return text_.substr(begin, place_ - begin);
}

std::string_view json_reader::id() {
  char const first = peek();
  if (first == '"') return raw_string();
  if (first != '-' && (first < '0' || first > '9')) refuse("a number or a string should be here");
  return number();
}

void json_reader::skip_word() {
  for (std::string_view const word : {"true", "false", "null"}) {
    if (!text_.substr(place_).starts_with(word)) continue;
    place_ += word.size();
    return;
  }
  static_cast<void>(number());
}

void json_reader::skip() {
  switch (peek()) {
    case '{':
      return enter('{', '}', [this] {
        static_cast<void>(raw_string());
        expect(':');
        skip();
      });
    case '[':
      return array([this] { skip(); });
    case '"':
      return static_cast<void>(raw_string());
    default:
      return skip_word();
  }
}

void json_reader::end() {
  if (peek() != '\0' || place_ < text_.size()) refuse("there is more after the end");
}

void json_reader::refuse(std::string_view what) const {
  std::string_view const before = text_.substr(0, place_);
  std::size_t const line_begin = before.find_last_of("\r\n") + 1;
  throw user_error(
      fmt::format("line {}, character {}: {}", count_line_ends(before) + 1, place_ - line_begin + 1, what));
}

}  // namespace inspect
