// CSV files as RFC 4180 has them, and files with other separators.
#pragma once

#include <cstddef>
#include <forward_list>
#include <string>
#include <string_view>
#include <vector>

namespace shared {

/// Reads record after record: fields separated by one character, quoted where need be; a quoted field may hold
/// separators, line breaks and doubled quotes. Spaces around fields do not count, inside quotes they do. Separated by
/// tabs, quotes are characters as any other. A line ends with LF, CR LF or CR. Blank lines are skipped.
class csv_reader {
 public:
  struct record {
    std::size_t line = 0;                           ///< on which it begins, from 1
    std::vector<std::string_view> fields = {};      ///< parts of the text, or of `unescaped`
    std::forward_list<std::string> unescaped = {};  ///< fields that are not in the text as they are
  };

  explicit csv_reader(std::string_view text, char separator = ',') : rest_(text), separator_(separator) {}

  /// Reads the next record; false at the end. Throws user_error where quotes do not match.
  bool next(record& into);

 private:
  std::string_view field(record& of);
  std::string_view quoted(record& of);
  std::string_view unquoted();
  bool is_space(char letter) const { return letter == ' ' || (letter == '\t' && separator_ != '\t'); }
  void skip_spaces();
  bool at_line_end() const { return rest_.starts_with('\n') || rest_.starts_with('\r'); }
  bool skip_line_end();

  std::string_view rest_;
  char separator_;
  std::size_t line_ = 1;
};

}  // namespace shared
