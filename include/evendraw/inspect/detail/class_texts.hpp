// The names of classes in tables, and their order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/sort_by.hpp>

namespace evendraw::detail {

/// The labels as text. For an enumerator, it is the result of a function to_string in the namespace of its type, or
/// else its number.
template <class Label>
std::vector<std::string> names_of(std::vector<Label> const& labels) {
  std::vector<std::string> result;
  for (auto const& label : labels) result.push_back(plain_text(Label(label)));
  return result;
}

/// Class numbers by class size, the largest class first.
inline std::vector<std::size_t> by_size(std::vector<std::uint64_t> const& sizes) {
  std::vector<std::size_t> result;
  std::vector<std::uint64_t> smallness;
  for (std::uint64_t const size : sizes) {
    result.push_back(result.size());
    smallness.push_back(~size);
  }
  sort_by(result, smallness);
  return result;
}

}  // namespace evendraw::detail
