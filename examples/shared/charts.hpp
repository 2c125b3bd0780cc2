// Bars and tables in lines of at most 80 columns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "text.hpp"

namespace shared {

/// A bar for value of full, in at most `width` columns: any value above 0 shows, 0 does not.
std::string bar(std::uint64_t value, std::uint64_t full, std::size_t width, charset set);

/// What the last column of a table has.
enum class last_column { numbers, bars };

/// Rows of cells in columns. The first column is aligned to the left and cut to what the others leave of a
/// line; numbers are aligned to the right, bars to the left.
class table {
 public:
  explicit table(std::vector<std::string> heading, last_column last = last_column::numbers)
      : rows_{std::move(heading)}, last_(last) {}

  /// Needs as many cells as the heading.
  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  /// A line that is text alone.
  void add_note(std::string text) { rows_.push_back({std::move(text)}); }

  std::string print(charset set) const;

 private:
  std::vector<std::size_t> widths() const;

  std::string line(std::vector<std::string> const& row, std::vector<std::size_t> const& widths,
                   charset set) const;

  std::vector<std::vector<std::string>> rows_;
  last_column last_;
};

}  // namespace shared
