// Many classes: one row for each, with its name and numbers where they have room; otherwise thin rows.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "axes.hpp"
#include "first_batches.hpp"
#include "key.hpp"
#include "pictures.hpp"

namespace inspect {
namespace {

constexpr std::size_t most_named_rows = 60, most_thin_rows = 1000, bands = 24;
constexpr double named_left = 156, thin_left = 112, top = 76, named_height = 17, thin_area = 600;

/// Classes of neighbouring sizes that share a row: one, unless there are thousands.
using row_classes = std::span<std::size_t const>;

/// What the maps of all outcomes have in common.
struct heat_map {
  label_index const& classes;
  std::vector<std::size_t> order = by_size(classes);
  std::size_t per_row = (order.size() - 1) / most_thin_rows + 1;
  std::uint64_t most = 1;  ///< draws of a row in a batch

  heat_map(label_index const& subject, std::span<outcome const> outcomes) : classes(subject) {
    for (auto const& each : outcomes) {
      for (auto const& batch : pictured(each)) {
        for (std::size_t r = 0; r < rows(); ++r) most = std::max(most, draws(batch, row(r)));
      }
    }
  }

  bool numbered() const { return named() && most < 1000; }
  bool named() const { return order.size() <= most_named_rows; }
  std::size_t rows() const { return (order.size() - 1) / per_row + 1; }
  row_classes between(std::size_t first, std::size_t last) const {
    return row_classes(order).subspan(first, std::min(last, order.size()) - first);
  }
  row_classes row(std::size_t r) const { return between(r * per_row, (r + 1) * per_row); }

  static std::uint64_t draws(counts_by_class const& batch, row_classes subject) {
    std::uint64_t sum = 0;
    for (std::size_t const c : subject) sum += batch[c];
    return sum;
  }

  /// The more draws, the stronger the colour, on a scale that shows differences between small numbers, too.
  double strength(std::uint64_t count) const {
    double const part = std::log1p(static_cast<double>(count)) / std::log1p(static_cast<double>(most));
    double const least = named() ? 0.15 : 0.45;  // thin marks must be stronger to be visible
    return count == 0 ? 0 : least + (1 - least) * part;
  }
};

/// The columns of batches from `left` on.
struct columns_of {
  double left, width;

  columns_of(double start, std::size_t batches)
      : left(start), width(std::min((svg::plot_right - start) / static_cast<double>(batches), 40.0)) {}
  double at(std::size_t batch) const { return left + width * static_cast<double>(batch); }
};

std::size_t classes_without(std::span<counts_by_class const> batches, std::span<std::size_t const> subject) {
  auto const missing = [&](std::size_t c) { return draws_in(batches, c) == 0; };
  return static_cast<std::size_t>(std::ranges::count_if(subject, missing));
}

std::uint64_t batches_with(std::span<counts_by_class const> batches, std::size_t c) {
  auto const has = [c](counts_by_class const& batch) { return batch[c] > 0; };
  return static_cast<std::uint64_t>(std::ranges::count_if(batches, has));
}

void draw_cell(svg::canvas& picture, heat_map const& map, svg::box where, std::uint64_t count) {
  double const strength = map.strength(count);
  picture.rectangle(where, count == 0 ? "empty" : "heat", count == 0 ? 1 : strength);
  if (count == 0 || !map.numbered()) return;
  picture.text({(where.left + where.right) / 2, where.bottom - 4}, fmt::format("{}", count),
               strength > 0.85   ? "cell strong"
               : strength > 0.62 ? "cell medium"
                                 : "cell",
               svg::anchor::middle);
}

/// A class with its name, its size and its cells; and a summary, which is shown while one points at the class.
void draw_named_row(svg::canvas& picture, heat_map const& map, std::span<counts_by_class const> batches, std::size_t r,
                    double readout) {
  std::size_t const c = map.order[r];
  double const y = top + named_height * static_cast<double>(r);
  std::string const samples = counted(map.classes.counts()[c], "sample", "samples");
  std::string const sum = fmt::format("{} in {} of {}", counted(draws_in(batches, c), "draw", "draws"),
                                      batches_with(batches, c), counted(batches.size(), "batch", "batches"));
  picture.begin_stop(fmt::format("{} ({}): {}", name_of(map.classes, c), samples, sum));
  picture.rectangle({0, y, svg::plot_right, y + named_height}, "hit");
  picture.text({0, y + 13}, cut_name(name_of(map.classes, c), 15, charset::utf8), "small");
  picture.text({named_left - 6, y + 13}, compact(map.classes.counts()[c]), "small soft", svg::anchor::end);
  columns_of const columns(named_left, batches.size());
  for (std::size_t b = 0; b < batches.size(); ++b) {
    draw_cell(picture, map, {columns.at(b) + 0.5, y + 0.5, columns.at(b + 1) - 0.5, y + named_height - 0.5},
              batches[b][c]);
  }
  picture.text({0, readout}, cut(fmt::format("{} ({})", name_of(map.classes, c), samples), 58, charset::utf8),
               "pointed t");
  picture.text({0, readout + 16}, sum, "pointed t");
  picture.end_stop();
}

void draw_batch_numbers(svg::canvas& picture, columns_of const& columns, std::size_t batches) {
  for (std::size_t b = 0; b < batches; ++b) {
    picture.text({columns.at(b) + columns.width / 2, top - 6}, fmt::format("{}", b + 1), "soft", svg::anchor::middle);
  }
  picture.text({columns.left, top - 22}, "batch", "soft");
}

/// The key to the colours.
void draw_strengths(svg::canvas& picture, heat_map const& map, double base) {
  double x = thin_left;
  picture.text({0, base}, map.per_row == 1 ? "draws of a class" : "draws of a row", "soft");
  auto const middle = static_cast<std::uint64_t>(std::lround(std::sqrt(static_cast<double>(map.most))));
  for (std::uint64_t const count : {std::uint64_t{1}, middle, map.most}) {
    if (count == 0 || (count == 1 && x > thin_left) || (count == middle && map.most == middle && x > thin_left))
      continue;
    picture.rectangle({x, base - 10, x + 14, base + 2}, "heat", map.strength(count));
    picture.text({x + 20, base}, compact(count), "soft");
    x += 64;
  }
}

double draw_named_map(svg::canvas& picture, heat_map const& map, std::span<counts_by_class const> batches) {
  double const bottom = top + named_height * static_cast<double>(map.rows());
  picture.text({0, top - 6}, "class", "soft");
  picture.text({named_left - 6, top - 6}, "samples", "soft", svg::anchor::end);
  draw_batch_numbers(picture, columns_of(named_left, batches.size()), batches.size());
  svg::draw_hint(picture, {0, bottom + 20}, svg::anchor::start);
  for (std::size_t r = 0; r < map.rows(); ++r) draw_named_row(picture, map, batches, r, bottom + 20);
  if (map.numbered()) return bottom + 44;
  draw_strengths(picture, map, bottom + 60);
  return bottom + 68;
}

double thin_y(heat_map const& map, std::size_t row) {
  return top + thin_area * static_cast<double>(row) / static_cast<double>(map.rows());
}

void draw_thin_cells(svg::canvas& picture, heat_map const& map, std::span<counts_by_class const> batches) {
  columns_of const columns(thin_left, batches.size());
  picture.rectangle({columns.left, top, columns.at(batches.size()), top + thin_area}, "empty");
  double const height = std::max(thin_area / static_cast<double>(map.rows()), 1.2);
  for (std::size_t b = 0; b < batches.size(); ++b) {
    for (std::size_t r = 0; r < map.rows(); ++r) {
      std::uint64_t const count = map.draws(batches[b], map.row(r));
      if (count == 0) continue;
      double const y = std::min(thin_y(map, r), top + thin_area - height);
      picture.rectangle({columns.at(b) + 1, y, columns.at(b + 1) - 1, y + height}, "heat", map.strength(count));
    }
  }
}

/// Ranks and names at the side.
void draw_ranks(svg::canvas& picture, heat_map const& map) {
  std::size_t const last = map.order.size() - 1;
  for (std::size_t i = 0; i <= 5; ++i) {
    std::size_t const rank = last * i / 5;
    double const y = thin_y(map, rank / map.per_row) + (i == 0 ? 10 : i == 5 ? -2 : 4);
    picture.text({0, y}, cut_name(name_of(map.classes, map.order[rank]), 10, charset::utf8), "small");
    picture.text({thin_left - 6, y}, with_commas(rank + 1), "small soft", svg::anchor::end);
  }
}

/// A part of the rows to point at.
void draw_band(svg::canvas& picture, heat_map const& map, std::span<counts_by_class const> batches, std::size_t band) {
  std::size_t const first = map.rows() * band / bands, end = map.rows() * (band + 1) / bands;
  auto const subject = map.between(first * map.per_row, end * map.per_row);
  if (subject.empty()) return;
  std::uint64_t sum = 0;
  for (std::size_t const c : subject) sum += draws_in(batches, c);
  auto const counts = map.classes.counts();
  std::string const heading =
      fmt::format("Classes {} to {} by size ({} to {} samples)", with_commas(first * map.per_row + 1),
                  with_commas(first * map.per_row + subject.size()), compact(counts[subject.front()]),
                  compact(counts[subject.back()]));
  std::string const what = fmt::format("{}; {} of these classes without any", counted(sum, "draw", "draws"),
                                       with_commas(classes_without(batches, subject)));
  picture.begin_stop(fmt::format("{}: {}", heading, what));
  picture.rectangle({0, thin_y(map, first), svg::plot_right, thin_y(map, end)}, "hit");
  picture.text({0, top + thin_area + 20}, cut(heading, 58, charset::utf8), "pointed t");
  picture.text({0, top + thin_area + 36}, cut(what, 58, charset::utf8), "pointed t");
  picture.end_stop();
}

double draw_thin_map(svg::canvas& picture, heat_map const& map, std::span<counts_by_class const> batches) {
  double const bottom = top + thin_area;
  picture.text({0, top - 22}, map.per_row == 1 ? "class, by size" : fmt::format("rows of {} classes", map.per_row),
               "soft");
  draw_batch_numbers(picture, columns_of(thin_left, batches.size()), batches.size());
  draw_thin_cells(picture, map, batches);
  draw_ranks(picture, map);
  svg::draw_hint(picture, {0, bottom + 20}, svg::anchor::start);
  for (std::size_t band = 0; band < bands; ++band) draw_band(picture, map, batches, band);
  draw_strengths(picture, map, bottom + 60);
  return bottom + 68;
}

std::string describe_absent(heat_map const& map, std::span<counts_by_class const> batches) {
  std::size_t const absent = classes_without(batches, map.order);
  if (absent == 0) return fmt::format("all {} classes occur", with_commas(map.order.size()));
  return fmt::format("{} of {} classes are missing", with_commas(absent), with_commas(map.order.size()));
}

panel draw_panel(heat_map const& map, outcome const& subject) {
  auto const batches = pictured(subject);
  std::string const absent = describe_absent(map, batches);
  svg::canvas canvas;
  svg::draw_heading(canvas, subject.name, fmt::format("{}; {}", describe_batches(subject), absent));
  double const height = map.named() ? draw_named_map(canvas, map, batches) : draw_thin_map(canvas, map, batches);
  return {.name = file_name("first_batches", subject.name),
          .title = "The first batches: " + subject.name,
          .height = height,
          .svg = canvas.element(svg::panel_width, height, "The first batches: " + subject.name,
                                fmt::format("A heat map of {}: classes by size down, batches across. {}.",
                                            describe_batches(subject), absent))};
}

}  // namespace

std::vector<panel> draw_heat_maps(label_index const& classes, std::span<outcome const> outcomes) {
  heat_map const map(classes, outcomes);
  std::vector<panel> panels;
  for (auto const& each : outcomes) panels.push_back(draw_panel(map, each));
  return panels;
}

}  // namespace inspect
