#include "csv_labels.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <utility>

#include "header_check.hpp"
#include "sample_labels.hpp"
#include "shared/csv_table.hpp"

namespace inspect {

labelled_data read_column(std::string_view text, options const& of) {
  csv_table table(text, {.header = of.header, .separator = of.separator});
  std::size_t const column = table.column(of.column);
  sample_labels labels(of);
  header_check header;
  std::string first;
  csv_table::record record;
  while (table.next(record)) {
    labels.add(record.fields[column],
               [&] { return fmt::format("line {}: {} is empty", record.line, table.name_of(column)); });
    if (table.has_header()) continue;
    if (first.empty()) first = record.fields[column];
    header.see(record.fields, column);
  }
  auto result = std::move(labels).finish();
  if (header.is_header()) result.header_like = first;
  return result;
}

}  // namespace inspect
