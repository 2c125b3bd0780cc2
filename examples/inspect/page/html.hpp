// Pieces of HTML that are valid XML as well.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace inspect::html {

/// <name>text</name>, the text escaped. The name may have attributes: `td class="n"`.
std::string element(std::string_view name, std::string_view text);

/// The same, around text that already is HTML.
std::string around(std::string_view name, std::string_view inner);

struct column {
  std::string title;
  bool is_number = true;
};

/// Rows in groups: those of a class, under all samplers. Tables that are too wide or very long can be scrolled.
class table {
 public:
  /// The first column names the groups.
  table(std::string about, std::vector<column> columns);

  /// Adds the rows of a name in the first column. Each row has one cell fewer than there are columns. Cells are text.
  void add(std::string_view name, std::vector<std::vector<std::string>> const& rows);
  /// Adds a row whose last cell is a bar for a share.
  void add_bar(std::string_view name, std::vector<std::string> const& row, double share);
  /// Adds a line of text.
  void add_note(std::string_view text);

  std::string finish() const;

 private:
  std::string cells(std::vector<std::string> const& row) const;

  std::string about_;
  std::vector<column> columns_;
  std::string body_;
  std::size_t rows_ = 0;
};

}  // namespace inspect::html
