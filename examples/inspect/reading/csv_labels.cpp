#include "csv_labels.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "header_check.hpp"
#include "sample_labels.hpp"
#include "shared/csv_table.hpp"
#include "shared/user_error.hpp"

namespace inspect {

namespace {

/// Another column that belongs to the labels.
class further_column {
 public:
  further_column(csv_table& table, std::string const& name)
      : place_(name.empty() ? none : table.column(name)), table_(table) {}

  void add(csv_table::record const& record) {
    if (place_ == none) return;
    if (record.fields[place_].empty()) {
      throw shared::user_error(
          fmt::format("line {}: {} is empty; give every sample a value", record.line, table_.name_of(place_)));
    }
    values.emplace_back(record.fields[place_]);
  }

  std::vector<std::string> values = {};

 private:
  static constexpr auto none = ~std::size_t{0};
  std::size_t place_;
  csv_table& table_;
};

}  // namespace

labelled_data read_column(std::string_view text, options const& settings) {
  csv_table table(text, {.header = settings.header, .separator = settings.separator});
  std::size_t const column = table.column(settings.column);
  further_column second(table, settings.and_column), groups(table, settings.group_column);
  sample_labels labels(settings);
  header_check header;
  std::string first;
  csv_table::record record;
  while (table.next(record)) {
    std::size_t const before = labels.size();
    labels.add(record.fields[column],
               [&] { return fmt::format("line {}: {} is empty", record.line, table.name_of(column)); });
    if (labels.size() > before) {
      second.add(record);
      groups.add(record);
    }
    if (table.has_header()) continue;
    if (first.empty()) first = record.fields[column];
    header.see(record.fields, column);
  }
  auto result = std::move(labels).finish();
  result.second = std::move(second.values);
  result.groups = std::move(groups.values);
  if (header.is_header()) result.header_like = first;
  note_empty_at_end(result, table.num_empty_at_end());
  return result;
}

}  // namespace inspect
