#include "json.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "shared/text.hpp"

namespace inspect::json {

std::string text(std::string_view value) {
  std::string result = "\"";
  for (char const letter : shared::printable(value)) {
    if (letter == '"' || letter == '\\') result += '\\';
    result += letter;
  }
  return result + '"';
}

std::string number(std::uint64_t value) { return fmt::format("{}", value); }

std::string number(double value) { return fmt::format("{}", value); }

std::string object(std::vector<member> const& members) {
  std::vector<std::string> parts;
  for (auto const& [name, value] : members) parts.push_back(text(name) + ": " + value);
  return fmt::format("{{{}}}", fmt::join(parts, ", "));
}

std::string lines(std::vector<std::string> const& elements) {
  return fmt::format("[\n{}\n]", fmt::join(elements, ",\n"));
}

std::string list(std::vector<std::string> const& elements) { return fmt::format("[{}]", fmt::join(elements, ", ")); }

}  // namespace inspect::json
