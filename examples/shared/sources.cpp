#include "sources.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <fstream>
#include <iostream>
#include <sstream>
#include <system_error>
#include <utility>

#include "text.hpp"
#include "user_error.hpp"

namespace shared {
namespace {

std::string read_all(std::istream& in, std::string const& source) {
  std::ostringstream text;
  text << in.rdbuf();
  if (in.bad()) throw user_error(fmt::format("{} cannot be read to its end", shown(source)));
  return std::move(text).str();
}

}  // namespace

std::string shown(std::string const& source) {
  return source == "-" ? "standard input" : fmt::format("'{}'", printable(source));
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
