#include "lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>

#include "key.hpp"

namespace inspect {
namespace {

std::string look_of(series const& line) { return fmt::format("line{}", line.colour % 8); }

void draw_line(svg::canvas& picture, svg::plot const& plot, series const& line, bool steps) {
  std::vector<svg::point> places;
  for (auto const& [x, y] : line.points) {
    auto const place = plot.at(x, y);
    if (steps) places.push_back({place.x, places.empty() ? plot.area.bottom : places.back().y});
    places.push_back(place);
  }
  places.push_back({plot.area.right, places.back().y});
  picture.polyline(places, look_of(line));
  if (steps || line.points.size() > 30) return;
  for (auto const& [x, y] : line.points) picture.dot(plot.at(x, y), look_of(line));
}

std::vector<svg::stop> stops_of(line_plot const& subject, svg::plot const& plot) {
  auto const& area = plot.area;
  std::vector<svg::stop> result;
  for (std::size_t i = 0; i < subject.stops.size(); ++i) {
    double const here = plot.x(subject.stops[i]);
    double const left = i == 0 ? area.left : (plot.x(subject.stops[i - 1]) + here) / 2;
    double const right = i + 1 == subject.stops.size() ? area.right : (plot.x(subject.stops[i + 1]) + here) / 2;
    svg::stop stop{
        .area = {left, area.top, right, area.bottom}, .heading = subject.name_stop(subject.stops[i]), .values = {}};
    for (auto const& line : subject.lines) stop.values.push_back(percent(line.at(subject.stops[i])));
    result.push_back(std::move(stop));
  }
  return result;
}

}  // namespace

double series::at(double x) const {
  auto const beyond = std::ranges::upper_bound(points, x, {}, &svg::point::x);
  return beyond == points.begin() ? 0 : std::prev(beyond)->y;
}

panel draw_lines(line_plot const& subject) {
  svg::canvas canvas;
  svg::draw_heading(canvas, subject.title, subject.subtitle);
  svg::plot const plot({svg::plot_left + 4, 66, svg::plot_right - 6, 246}, subject.x, svg::scale::linear(0, 1));
  plot.draw_y_axis(canvas, {.label = subject.y_label, .measure = svg::unit::share, .most_ticks = 5});
  plot.draw_x_axis(canvas, {.label = subject.x_label, .most_ticks = subject.x_ticks});
  std::vector<svg::key_row> rows;
  for (auto const& line : subject.lines) {
    draw_line(canvas, plot, line, subject.steps);
    rows.push_back({.look = look_of(line), .is_line = true, .name = line.name, .value = line.value});
  }
  double const height = svg::draw_key(canvas, 286, subject.value_heading, rows, stops_of(subject, plot));
  return {.name = subject.file,
          .title = subject.title,
          .height = height,
          .svg = canvas.element(svg::panel_width, height, subject.title, subject.description)};
}

std::size_t colour_of(std::span<outcome const> outcomes, std::size_t i) { return outcomes.size() == 1 ? 1 : i; }

std::vector<double> whole_numbers(double first, double last, double most) {
  double const step = std::max(1.0, std::ceil((last - first) / most));
  std::vector<double> result;
  for (double value = first; value <= last; value += step) result.push_back(value);
  return result;
}

std::string epoch_name(double epochs) { return counted(static_cast<std::uint64_t>(epochs), "epoch", "epochs"); }

}  // namespace inspect
