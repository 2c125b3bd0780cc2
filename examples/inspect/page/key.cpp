#include "key.hpp"

#include <cstddef>

#include "shared/text.hpp"

namespace inspect::svg {
namespace {

constexpr double row_height = 18, name_left = 24, value_right = 286, stop_right = 396;
constexpr std::size_t name_columns = 28;

double base_of(double top, std::size_t row) { return top + row_height * (static_cast<double>(row) + 1) + 13; }

void draw_row(canvas& picture, double base, key_row const& row) {
  double const middle = base - 4;
  if (row.is_line) {
    picture.line({0, middle}, {18, middle}, row.look);
  } else {
    picture.rectangle({3, middle - 6, 15, middle + 6}, row.look);
  }
  picture.text({name_left, base}, shared::cut_name(row.name, name_columns, shared::charset::utf8));
  picture.text({value_right, base}, row.value, "t", anchor::end);
}

std::string title_of(stop const& shown, std::span<key_row const> rows) {
  std::string title = shown.heading + ": ";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    title += (i == 0 ? "" : ", ") + rows[i].name + ' ' + shown.values[i];
  }
  return title;
}

void draw_stop(canvas& picture, double top, std::span<key_row const> rows, stop const& shown) {
  picture.begin_stop(title_of(shown, rows));
  picture.rectangle(shown.area, "hit");
  picture.text({stop_right, top + 13}, shown.heading, "pointed soft", anchor::end);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    picture.text({stop_right, base_of(top, i)}, shown.values[i], "pointed t", anchor::end);
  }
  picture.end_stop();
}

}  // namespace

void draw_hint(canvas& picture, point position, anchor alignment) {
  picture.text(position, "hover, or Tab", "hint", alignment);
}

double draw_key(canvas& picture, double top, std::string const& heading, std::span<key_row const> rows,
                std::span<stop const> stops) {
  picture.text({value_right, top + 13}, heading, "soft", anchor::end);
  if (!stops.empty()) draw_hint(picture, {stop_right, top + 13}, anchor::end);
  for (std::size_t i = 0; i < rows.size(); ++i) draw_row(picture, base_of(top, i), rows[i]);
  for (stop const& each : stops) draw_stop(picture, top, rows, each);
  return top + row_height * static_cast<double>(rows.size() + 1) + 2;
}

}  // namespace inspect::svg
