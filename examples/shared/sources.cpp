#include "sources.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <system_error>

#include "lines.hpp"
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

struct file_kind {
  std::string_view beginning;
  std::string_view name;
  std::string_view remedy;
};

using namespace std::string_view_literals;
constexpr std::array with_marks{file_kind{"\xff\xfe\0\0"sv, "UTF-32", "convert it to UTF-8 (iconv -f UTF-32 -t UTF-8)"},
                                file_kind{"\0\0\xfe\xff"sv, "UTF-32", "convert it to UTF-8 (iconv -f UTF-32 -t UTF-8)"},
                                file_kind{"\xff\xfe"sv, "UTF-16", "convert it to UTF-8 (iconv -f UTF-16 -t UTF-8)"},
                                file_kind{"\xfe\xff"sv, "UTF-16", "convert it to UTF-8 (iconv -f UTF-16 -t UTF-8)"}};
constexpr std::array with_zero_bytes{
    file_kind{"\x1f\x8b"sv, "compressed", "unpack it first (gunzip)"},
    file_kind{"\x28\xb5\x2f\xfd"sv, "compressed", "unpack it first (unzstd)"},
    file_kind{"\xfd\x37zXZ"sv, "compressed", "unpack it first (unxz)"},
    file_kind{"BZh"sv, "compressed", "unpack it first (bunzip2)"},
    file_kind{"PK\3\4"sv, "a ZIP archive or a workbook", "unpack it, or export it as CSV"},
    file_kind{"PAR1"sv, "a Parquet file", "export it as CSV"}};

/// Refuses what is not UTF-8 text, because it would be read as nonsense.
void check_is_text(std::string_view text, std::string const& source) {
  auto const refuse_kind = [&](auto const& kinds) {
    for (auto const& [beginning, name, remedy] : kinds) {
      if (text.starts_with(beginning)) throw user_error(fmt::format("{} is {}; {}", shown(source), name, remedy));
    }
  };
  refuse_kind(with_marks);
  std::size_t const zero = text.find('\0');
  if (zero == std::string_view::npos) return;
  refuse_kind(with_zero_bytes);
  throw user_error(
      fmt::format("{} is not text: line {} has a byte of value 0; if it is UTF-16, convert it to UTF-8 (iconv -f "
                  "UTF-16LE or UTF-16BE, -t UTF-8), otherwise export the data as CSV",
                  shown(source), count_line_ends(text.substr(0, zero)) + 1));
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
  check_is_text(text, source);
  return text;
}

}  // namespace shared
