// CSV files as in RFC 4180, and files with other separators.
#pragma once

#include <cstddef>
#include <forward_list>
#include <string>
#include <string_view>
#include <vector>

namespace shared {

/// Reads one record after the other. Fields are separated by one character, and may be quoted. A quoted field may hold
/// separators, line breaks and doubled quotes. Spaces around fields are ignored, except inside quotes. If tabs separate
/// the fields, quotes are ordinary characters. A line ends with LF, CR LF or CR.
class csv_reader {
 public:
  struct record {
    std::size_t line = 0;                           ///< the line on which it begins, from 1 on
    std::vector<std::string_view> fields = {};      ///< parts of the text, or of `unescaped`
    std::forward_list<std::string> unescaped = {};  ///< the fields whose quotes had to be undone
  };

  explicit csv_reader(std::string_view text, char separator = ',') : rest_(text), separator_(separator) {}

  enum class blank_lines { skipped, records };  ///< a record of a blank line has one empty field

  /// Reads the next record. Returns false at the end. Throws user_error if quotes do not match.
  bool next(record& into, blank_lines blank);

 private:
  std::string_view field(record& subject);
  std::string_view quoted(record& subject);
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
