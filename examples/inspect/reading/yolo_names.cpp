#include "yolo_names.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstddef>
#include <system_error>

#include "shared/lines.hpp"
#include "shared/text.hpp"
#include "shared/user_error.hpp"

namespace inspect {

using namespace shared;
namespace {

/// The line without its comment, which begins with '#' outside of quotes.
std::string_view without_comment(std::string_view line) {
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (quote != 0) {
      if (line[i] == quote) quote = 0;
    } else if (line[i] == '\'' || line[i] == '"') {
      quote = line[i];
    } else if (line[i] == '#' && (i == 0 || line[i - 1] == ' ' || line[i - 1] == '\t')) {
      return line.substr(0, i);
    }
  }
  return line;
}

/// The name without the quotes around it. In single quotes, two quotes are one.
std::string unquoted(std::string_view name) {
  bool const quoted = name.size() >= 2 && name.front() == name.back() && (name.front() == '\'' || name.front() == '"');
  if (!quoted) return std::string(name);
  std::string result;
  for (std::size_t i = 1; i + 1 < name.size(); ++i) {
    result += name[i];
    if (name.front() == '\'' && name.substr(i).starts_with("''")) ++i;
  }
  return result;
}

/// Reads the items of the entry "names".
class name_reader {
 public:
  /// "person" of a list.
  void add_to_list(std::string_view item) { names_[static_cast<std::uint32_t>(names_.size())] = unquoted(item); }

  /// "0: person" of a mapping.
  void add_to_mapping(std::string_view item, std::size_t line) {
    std::size_t const colon = item.find(':');
    auto const key = trimmed(item.substr(0, colon));
    std::uint32_t number = 0;
    auto const [end, error] = std::from_chars(key.data(), key.data() + key.size(), number);
    if (colon == std::string_view::npos || error != std::errc{} || end != key.data() + key.size()) {
      throw user_error(
          fmt::format("line {}: '{}' is not the name of a class; write '- NAME', or 'NUMBER: NAME', or names: "
                      "[NAME, NAME]",
                      line, printable(item)));
    }
    if (!names_.try_emplace(number, unquoted(trimmed(item.substr(colon + 1)))).second) {
      throw user_error(fmt::format("line {}: a second name for class {}; keep one", line, number));
    }
  }

  /// "person, 'a, b'" or "0: person, 1: kite", from between brackets.
  void add_all(std::string_view items, bool mapping, std::size_t line) {
    char quote = 0;
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= items.size(); ++i) {
      if (i < items.size() && quote != 0) {
        if (items[i] == quote) quote = 0;
      } else if (i < items.size() && (items[i] == '\'' || items[i] == '"')) {
        quote = items[i];
      } else if (i == items.size() || items[i] == ',') {
        auto const item = trimmed(items.substr(begin, i - begin));
        begin = i + 1;
        if (item.empty()) continue;
        if (mapping) {
          add_to_mapping(item, line);
        } else {
          add_to_list(item);
        }
      }
    }
  }

  [[nodiscard]] names_by_class const& names() const { return names_; }

 private:
  names_by_class names_;
};

}  // namespace

names_by_class yolo_names(std::string_view yaml) {
  constexpr std::string_view entry = "names:";
  name_reader reader;
  std::string bracketed;  // from the opening bracket on
  std::size_t opened = 0;
  bool inside = false;
  for (std::size_t number = 1; !yaml.empty(); ++number) {
    std::string_view const line = without_comment(take_line(yaml));
    auto content = trimmed(line);
    if (content.empty()) continue;
    if (!inside) {
      if (!line.starts_with(entry)) continue;
      inside = true;
      opened = number;
      content = trimmed(line.substr(entry.size()));
    } else if (bracketed.empty() && line.front() != ' ' && line.front() != '\t' && line.front() != '-') {
      break;  // the following entry
    }
    if (content.empty()) continue;
    if (!bracketed.empty() || content.front() == '[' || content.front() == '{') {
      bracketed.append(content).append(" ");
      char const end = bracketed.front() == '[' ? ']' : '}';
      if (content.back() != end) continue;
      auto const items = trimmed(bracketed);
      reader.add_all(items.substr(1, items.size() - 2), end == '}', opened);
      return reader.names();
    }
    if (content.starts_with("- ")) {
      reader.add_to_list(trimmed(content.substr(2)));
    } else {
      reader.add_to_mapping(content, number);
    }
  }
  if (!bracketed.empty()) throw user_error(fmt::format("line {}: the names have no closing bracket", opened));
  return reader.names();
}

}  // namespace inspect
