// CSV files as RFC 4180 has them.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shared {

/// Reads record after record: fields separated by commas, quoted where need be; a quoted field may hold
/// commas, line breaks and doubled quotes. Spaces around fields do not count, inside quotes they do. Blank
/// lines are skipped.
class csv_reader {
 public:
  struct record {
    std::size_t line = 0;  ///< on which it begins, from 1
    std::vector<std::string> fields = {};
  };

  explicit csv_reader(std::string_view text) : rest_(text) {}

  /// The next record, or nothing at the end. Throws user_error where quotes do not match.
  std::optional<record> next();

 private:
  std::string field();
  std::string quoted();
  std::string unquoted();
  void skip_spaces();
  bool skip_line_end();
  bool at_line_end() const;
  void advance();

  std::string_view rest_;
  std::size_t line_ = 1;
};

/// Where a CSV file has its labels.
struct label_column {
  std::string column;   ///< a number from 1 on, or a name, which is in the first line then
  bool header = false;  ///< the first line has names, and is not a sample
};

/// Given a sample and the place of its label in record.fields, which is not empty.
using sample_visitor = std::function<void(csv_reader::record const& record, std::size_t label)>;

/// Calls visit for every sample. Throws user_error.
void for_each_sample(std::string_view text, label_column const& labels, sample_visitor const& visit);

}  // namespace shared
