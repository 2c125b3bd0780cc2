// Label sets of samples, from the rows of a 0/1 table.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

#include <evendraw/classes/labels.hpp>
#include <evendraw/detail/errors.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

namespace detail {

/// A row of a table, which says for each label whether a sample has it.
template <class Row>
concept indicator_row = std::ranges::input_range<Row> && std::integral<std::ranges::range_value_t<Row>>;

}  // namespace detail

/// Turns the rows of a 0/1 table into label sets: the row 0 1 1 has the labels 1 and 2.
///
///   rows  n rows of K integers or bools, each 0 or 1; column k says which samples have the label k
///
/// Needs      values of 0 and 1; rows of one size -> else std::invalid_argument
/// Edge       a row of zeros gives an empty set
/// Cost       O(n K)
template <std::ranges::input_range Rows = std::initializer_list<std::initializer_list<int>>>
requires detail::indicator_row<std::ranges::range_reference_t<Rows>>
[[nodiscard]] std::vector<std::vector<std::uint32_t>> label_sets_of(Rows&& rows) {
  constexpr std::string_view context = "label_sets_of";
  std::vector<std::vector<std::uint32_t>> result;
  std::uint32_t columns = 0;
  for (auto&& row : rows) {
    auto& set = result.emplace_back();
    std::uint32_t column = 0;
    for (auto const value : row) {
      if (value != 0 && value != 1) {
        detail::invalid(context, "rows[", detail::text(result.size() - 1), "][", detail::text(column), "] is ",
                        detail::text(+value), "; a row has a 0 or 1 for each label");
      }
      if (value == 1) set.push_back(column);
      ++column;
    }
    if (result.size() == 1) columns = column;
    if (column != columns) {
      detail::invalid(context, "rows[", detail::text(result.size() - 1), "] has ",
                      detail::counted(column, "column", "columns"), ", and rows[0] has ", detail::text(columns),
                      "; give every row a column for each label");
    }
  }
  return result;
}

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
