// Bars and tables for a terminal. They need only the standard library.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <evendraw/inspect/detail/terminal_text.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail::terminal {

/// The number of parts of a bar to fill, out of `parts` equal parts.
inline std::size_t filled(std::uint64_t value, std::uint64_t full, std::size_t parts) {
  if (value == 0 || full == 0) return 0;
  double const share = static_cast<double>(value) / static_cast<double>(full);
  auto const rounded = static_cast<std::size_t>(math::round(share * static_cast<double>(parts)));
  return std::clamp(rounded, std::size_t{1}, parts);
}

/// A bar for the part `value` of `full`, in at most `width` columns. Only a value of 0 gives an empty bar.
inline std::string bar(std::uint64_t value, std::uint64_t full, std::size_t width, charset set) {
  if (width == 0) return "";
  if (set == charset::ascii) return std::string(filled(value, full, width), '#');
  constexpr std::array<std::string_view, 8> eighths{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  std::size_t const parts = filled(value, full, width * 8);
  std::string result;
  for (std::size_t i = 0; i < parts / 8; ++i) result += "█";
  return result.append(eighths[parts % 8]);
}

/// The contents of the last column of a table.
enum class last_column { numbers, bars };

/// Rows of cells in columns. The first column is aligned to the left, and cut to the width that the other columns
/// leave. Numbers are aligned to the right, and bars to the left.
class table {
 public:
  explicit table(std::vector<std::string> heading, last_column last = last_column::numbers)
      : rows_{std::move(heading)}, last_(last) {}

  /// Adds a row. Needs as many cells as the heading.
  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  /// Adds a line of text.
  void add_note(std::string text) { rows_.push_back({std::move(text)}); }

  /// Removes the last columns, `step` at a time, until a line of this width has room for 12 columns of each name.
  void fit(std::size_t width, std::size_t step = 1) {
    auto const all = widths();
    std::size_t line = total(all) - all[0] + std::min(all[0], shortest_cut), kept = all.size();
    while (kept > step && line > width) {
      for (std::size_t i = 0; i < step; ++i) line -= all[--kept] + gap;
    }
    if (kept == all.size()) return;
    last_ = last_column::numbers;
    for (auto& row : rows_) {
      if (row.size() == all.size()) row.resize(kept);
    }
  }

  /// The width of the longest line if no name is cut.
  [[nodiscard]] std::size_t width() const { return total(widths()); }

  /// The lines of the table, none longer than `width` if possible.
  [[nodiscard]] std::string print(charset set, std::size_t width = line_width) const {
    auto all = widths();
    std::size_t const others = total(all) - all[0];
    all[0] = std::min(all[0], width - std::min(width, others));
    std::string result;
    for (auto const& row : rows_) {
      bool const is_note = row.size() != all.size();
      result.append(cut(is_note ? row[0] : line(row, all, set), width, set)).append("\n");
    }
    return result;
  }

 private:
  static constexpr std::size_t gap = 2;            // between columns
  static constexpr std::size_t shortest_cut = 12;  // fit() lets names be cut to this width

  [[nodiscard]] std::vector<std::size_t> widths() const {
    std::vector<std::size_t> result(rows_.front().size());
    for (auto const& row : rows_) {
      if (row.size() != result.size()) continue;  // a note
      for (std::size_t i = 0; i < row.size(); ++i) result[i] = std::max(result[i], columns(row[i]));
    }
    return result;
  }

  static std::size_t total(std::vector<std::size_t> const& widths) {
    return std::accumulate(widths.begin(), widths.end(), gap * (widths.size() - 1));
  }

  [[nodiscard]] std::string line(std::vector<std::string> const& row, std::vector<std::size_t> const& widths,
                                 charset set) const {
    std::string result = pad_right(cut_name(row[0], widths[0], set), widths[0]);
    for (std::size_t i = 1; i < row.size(); ++i) {
      bool const is_bar = last_ == last_column::bars && i + 1 == row.size();
      result.append(gap, ' ').append(is_bar ? row[i] : pad_left(row[i], widths[i]));
    }
    return result.erase(result.find_last_not_of(' ') + 1);
  }

  std::vector<std::vector<std::string>> rows_;
  last_column last_;
};

/// The page that tables are printed on.
struct page {
  std::size_t width = line_width;  ///< columns of a line
  charset set = charset::utf8;

  /// Writes a table.
  [[nodiscard]] std::string print(table const& rows) const { return rows.print(set, width); }
  /// Breaks a sentence into lines.
  [[nodiscard]] std::string wrap(std::string_view sentence) const { return terminal::wrap(sentence, set, width); }
};

/// Adds row(each) for all elements. If there are more than 20, adds the first ten, a note, and the last ten.
template <class Each, class Row>
void add_rows(table& rows, std::vector<Each> const& all, Row row) {
  std::size_t const most = 20, part = all.size() > most ? most / 2 : all.size(), between = all.size() - part;
  for (std::size_t i = 0; i < part; ++i) rows.add(row(all[i]));
  if (between == 0) return;
  rows.add_note("(" + with_commas(between - part).append(" left out)"));
  for (std::size_t i = between; i < all.size(); ++i) rows.add(row(all[i]));
}

}  // namespace evendraw::detail::terminal

#include <evendraw/detail/macros_on.hpp>
