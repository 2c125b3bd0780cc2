// CSV files as tables. Columns have numbers and names, and all records have the same number of fields.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "csv.hpp"

namespace shared {

/// The layout of a file.
struct csv_layout {
  bool header = false;  ///< the first record has names, and is not a sample
  char separator = 0;   ///< 0: a comma, unless the first line seems to have another separator
};

/// A CSV file, read record after record. The first record is known from the beginning.
class csv_table {
 public:
  using record = csv_reader::record;

  /// Throws user_error if there is no record, or if the first line has other separators but no comma outside quotes.
  csv_table(std::string_view text, csv_layout const& layout);
  csv_table(csv_table const&) = delete;
  csv_table& operator=(csv_table const&) = delete;

  /// The number, from 0 on, of a column that is given by a number from 1 on or by a name. A name implies that there is
  /// a header. Throws user_error if there is no such column.
  std::size_t column(std::string_view number_or_name);

  /// The first record, which may be a header.
  record const& first() const { return first_; }
  std::size_t num_columns() const { return first_.fields.size(); }
  /// The name of a column for messages: "column 2 ('label')", or "column 2" without a header.
  std::string name_of(std::size_t place) const;
  char separator() const { return separator_; }
  void set_header() { header_ = true; }
  bool has_header() const { return header_; }

  /// Reads the next sample. Returns false at the end. At the end, records with only empty fields are skipped. If there
  /// are several columns, blank lines are skipped. Throws user_error if a record does not have the same number of fields
  /// as the first one.
  bool next(record& into);

  /// The number of records with only empty fields that were skipped at the end. Blank lines do not count.
  std::size_t num_empty_at_end() const { return num_empty_at_end_; }

 private:
  bool read(record& into);
  bool next_with_content(record& into);
  void check(record const& read) const;

  char separator_;
  csv_reader reader_;
  record first_;
  bool header_;
  bool begun_ = false;
  std::size_t num_empty_at_end_ = 0;
  std::deque<std::size_t> empty_lines_ = {};  // records without content that were read ahead, and the one after them
  record behind_ = {};
};

/// Whether text is a whole number without a sign.
bool is_whole_number(std::string_view text);

/// The separator that --separator names: one character, or the word tab. Throws user_error.
char separator_named(std::string_view text);

}  // namespace shared
