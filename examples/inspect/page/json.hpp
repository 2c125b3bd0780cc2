// The part of JSON that report.json needs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace inspect::json {

/// A string. Control characters and bytes that are not UTF-8 become '?', as everywhere on the page.
std::string text(std::string_view value);
std::string number(std::uint64_t value);
/// The shortest digits that give the same number back. Needs a finite number.
std::string number(double value);

using member = std::pair<std::string_view, std::string>;  ///< a name, and JSON

std::string object(std::vector<member> const& members);
/// A list with each element on a line of its own.
std::string lines(std::vector<std::string> const& elements);
std::string list(std::vector<std::string> const& elements);

}  // namespace inspect::json
