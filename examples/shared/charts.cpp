#include "charts.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string_view>

namespace shared {
namespace {

constexpr std::size_t gap = 2;  // columns between the columns of a table

/// How many of `parts` equal parts of a bar to fill.
std::size_t filled(std::uint64_t value, std::uint64_t full, std::size_t parts) {
  if (value == 0 || full == 0) return 0;
  double const share = static_cast<double>(value) / static_cast<double>(full);
  auto const rounded = static_cast<std::size_t>(std::lround(share * static_cast<double>(parts)));
  return std::clamp(rounded, std::size_t{1}, parts);
}

}  // namespace

std::string bar(std::uint64_t value, std::uint64_t full, std::size_t width, charset set) {
  if (width == 0) return "";
  if (set == charset::ascii) return std::string(filled(value, full, width), '#');
  constexpr std::array<std::string_view, 8> eighths{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  std::size_t const parts = filled(value, full, width * 8);
  std::string result;
  for (std::size_t i = 0; i < parts / 8; ++i) result += "█";
  return result.append(eighths[parts % 8]);
}

std::vector<std::size_t> table::widths() const {
  std::vector<std::size_t> result(rows_.front().size());
  for (auto const& row : rows_) {
    if (row.size() != result.size()) continue;  // a note
    for (std::size_t i = 0; i < row.size(); ++i) result[i] = std::max(result[i], columns(row[i]));
  }
  std::size_t const others = std::accumulate(result.begin() + 1, result.end(), gap * (result.size() - 1));
  result[0] = std::min(result[0], line_width - std::min(line_width, others));
  return result;
}

std::string table::line(std::vector<std::string> const& row, std::vector<std::size_t> const& widths,
                        charset set) const {
  std::string result = pad_right(cut_name(row[0], widths[0], set), widths[0]);
  for (std::size_t i = 1; i < row.size(); ++i) {
    bool const is_bar = last_ == last_column::bars && i + 1 == row.size();
    result.append(gap, ' ').append(is_bar ? row[i] : pad_left(row[i], widths[i]));
  }
  return result.erase(result.find_last_not_of(' ') + 1);
}

std::string table::print(charset set) const {
  auto const all_widths = widths();
  std::string result;
  for (auto const& row : rows_) {
    bool const is_note = row.size() != all_widths.size();
    result += cut(is_note ? row[0] : line(row, all_widths, set), line_width, set) + '\n';
  }
  return result;
}

}  // namespace shared
