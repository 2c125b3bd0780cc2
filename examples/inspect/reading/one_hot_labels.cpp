#include "one_hot_labels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sample_labels.hpp"
#include "shared/csv_table.hpp"
#include "shared/lines.hpp"
#include "shared/user_error.hpp"

namespace inspect {
namespace {

std::optional<bool> bit(std::string_view text) {
  constexpr std::array<std::string_view, 5> zeros{"0", "0.0", "false", "False", "FALSE"};
  constexpr std::array<std::string_view, 5> ones{"1", "1.0", "true", "True", "TRUE"};
  if (std::ranges::find(zeros, text) != zeros.end()) return false;
  if (std::ranges::find(ones, text) != ones.end()) return true;
  return {};
}

/// The numbers of the columns that "3-80", "3" or a name stands for.
void add_columns(std::vector<std::size_t>& columns, std::string_view text, csv_table& table) {
  std::size_t const dash = text.find('-');
  bool const range =
      dash != std::string_view::npos && is_whole_number(text.substr(0, dash)) && is_whole_number(text.substr(dash + 1));
  if (!range) {
    columns.push_back(table.column(text));
    return;
  }
  std::size_t const first = table.column(text.substr(0, dash)), last = table.column(text.substr(dash + 1));
  if (first > last) {
    throw user_error(fmt::format("--one-hot: '{}' ends before it begins; give the smaller number first", text));
  }
  for (std::size_t column = first; column <= last; ++column) columns.push_back(column);
}

std::vector<std::size_t> columns_of(std::string_view list, csv_table& table) {
  std::vector<std::size_t> result;
  while (!list.empty()) {
    std::size_t const end = std::min(list.find(','), list.size());
    if (auto const item = trimmed(list.substr(0, end)); !item.empty()) add_columns(result, item, table);
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  std::ranges::sort(result);
  if (std::ranges::adjacent_find(result) != result.end()) {
    throw user_error(
        fmt::format("--one-hot names {} twice; name it once", table.name_of(*std::ranges::adjacent_find(result))));
  }
  if (result.empty())
    throw user_error("--one-hot names no column; give numbers or names, 3-80 or cat,dog for instance");
  return result;
}

}  // namespace

labelled_data read_one_hot(std::string_view text, options const& settings) {
  csv_table table(text, {.header = settings.header, .separator = settings.separator});
  auto const columns = columns_of(settings.one_hot, table);
  bool const names =
      std::ranges::none_of(columns, [&](std::size_t c) { return bit(table.first().fields[c]).has_value(); });
  if (names) table.set_header();
  labelled_data result;
  for (std::size_t const c : columns) {
    result.sets.names.push_back(table.has_header() ? std::string(table.first().fields[c]) : table.name_of(c));
  }
  csv_table::record record;
  std::vector<std::uint32_t> labels;
  while (table.next(record)) {
    labels.clear();
    for (std::uint32_t i = 0; i < columns.size(); ++i) {
      auto const value = bit(record.fields[columns[i]]);
      if (!value) {
        throw user_error(fmt::format("line {}: {} is '{}'; columns of --one-hot hold 0 or 1{}", record.line,
                                     table.name_of(columns[i]), printable(record.fields[columns[i]]),
                                     table.has_header() ? "" : " (--header if the first line has names)"));
      }
      if (*value) labels.push_back(i);
    }
    result.sets.add(labels);
  }
  note_empty_at_end(result, table.num_empty_at_end());
  return result;
}

}  // namespace inspect
