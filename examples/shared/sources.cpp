#include "sources.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <system_error>

#include "text.hpp"
#include "user_error.hpp"

namespace shared {
namespace {

std::string read_all(std::istream& stream, std::string const& source) {
  constexpr std::size_t piece = 1 << 20;
  std::error_code no_file;
  auto const size = std::filesystem::file_size(source, no_file);
  std::string text;
  if (!no_file) text.reserve(static_cast<std::size_t>(size) + piece);
  while (stream) {
    std::size_t const before = text.size();
    text.resize(before + piece);
    stream.read(text.data() + before, piece);
    text.resize(before + static_cast<std::size_t>(stream.gcount()));
  }
  if (stream.bad()) throw user_error(fmt::format("{} cannot be read to its end", shown(source)));
  return text;
}

}  // namespace

std::string shown(std::string const& source) {
  return source == "-" ? "standard input" : fmt::format("'{}'", printable(source));
}

bool has_extension(std::string_view source, std::string_view extension) {
  auto const small = [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  };
  if (source.size() < extension.size()) return false;
  return std::ranges::equal(source.substr(source.size() - extension.size()), extension, {}, small);
}

std::string read_source(std::string const& source) {
  std::ifstream file;
  if (source != "-") {
    errno = 0;
    file.open(source, std::ios::binary);
    if (!file) {
      throw user_error(fmt::format("{} cannot be opened: {}", shown(source), std::generic_category().message(errno)));
    }
  }
  std::string text = read_all(source == "-" ? std::cin : file, source);
  if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
    throw user_error(fmt::format("{} is UTF-16; convert it to UTF-8 (iconv -f UTF-16 -t UTF-8)", shown(source)));
  }
  return text;
}

}  // namespace shared
