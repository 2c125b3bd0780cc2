#include "key.hpp"

#include <cstddef>

#include "shared/text.hpp"

namespace inspect::svg {
namespace {

constexpr double row_height = 18, name_left = 24, value_right = 286, stop_right = 396;
constexpr std::size_t name_columns = 28;

double base_of(double top, std::size_t row) { return top + row_height * (static_cast<double>(row) + 1) + 13; }

void draw_row(canvas& on, double base, key_row const& row) {
  double const middle = base - 4;
  if (row.is_line) {
    on.line({0, middle}, {18, middle}, row.look);
  } else {
    on.rectangle({3, middle - 6, 15, middle + 6}, row.look);
  }
  on.text({name_left, base}, shared::cut_name(row.name, name_columns, shared::charset::utf8));
  on.text({value_right, base}, row.value, "t", anchor::end);
}

std::string title_of(stop const& at, std::span<key_row const> rows) {
  std::string title = at.heading + ": ";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    title += (i == 0 ? "" : ", ") + rows[i].name + ' ' + at.values[i];
  }
  return title;
}

void draw_stop(canvas& on, double top, std::span<key_row const> rows, stop const& at) {
  on.begin_stop(title_of(at, rows));
  on.rectangle(at.area, "hit");
  on.text({stop_right, top + 13}, at.heading, "pointed soft", anchor::end);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    on.text({stop_right, base_of(top, i)}, at.values[i], "pointed t", anchor::end);
  }
  on.end_stop();
}

}  // namespace

void draw_hint(canvas& on, point at, anchor at_which) { on.text(at, "hover, or Tab", "hint", at_which); }

double draw_key(canvas& on, double top, std::string const& heading, std::span<key_row const> rows,
                std::span<stop const> stops) {
  on.text({value_right, top + 13}, heading, "soft", anchor::end);
  if (!stops.empty()) draw_hint(on, {stop_right, top + 13}, anchor::end);
  for (std::size_t i = 0; i < rows.size(); ++i) draw_row(on, base_of(top, i), rows[i]);
  for (stop const& each : stops) draw_stop(on, top, rows, each);
  return top + row_height * static_cast<double>(rows.size() + 1) + 2;
}

}  // namespace inspect::svg
