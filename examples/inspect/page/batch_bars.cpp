#include <fmt/format.h>

#include <cstddef>
#include <cstdint>

#include "axes.hpp"
#include "first_batches.hpp"
#include "key.hpp"
#include "pictures.hpp"

namespace inspect {
namespace {

/// The look of the i-th largest class. The looks always go from blue to vermilion, which is for the rarest class.
std::string colour(std::size_t i, std::size_t subject) {
  std::size_t const place = subject < 2 ? 0 : (2 * i * (coloured_classes - 1) + subject - 1) / (2 * (subject - 1));
  return fmt::format("fill{}", place);
}

/// One batch as a bar. The rarest class is at the bottom, where it is easy to compare.
void draw_bar(svg::canvas& picture, svg::plot const& plot, double left, double right, counts_by_class const& counts,
              std::span<std::size_t const> order) {
  std::uint64_t below = 0;
  for (std::size_t i = order.size(); i-- > 0;) {
    std::uint64_t const count = counts[order[i]];
    if (count == 0) continue;
    double const top = plot.y(static_cast<double>(below + count)), bottom = plot.y(static_cast<double>(below));
    picture.rectangle({left, top, right, bottom}, colour(i, order.size()) + " part");
    below += count;
  }
}

svg::stop stop_at(svg::box area, std::size_t batch, counts_by_class const& counts, std::span<std::size_t const> order) {
  svg::stop result{.area = area, .heading = fmt::format("batch {}", batch + 1), .values = {}};
  for (std::size_t const c : order) result.values.push_back(with_commas(counts[c]));
  return result;
}

/// The bars, and the stops over them.
std::vector<svg::stop> draw_bars(svg::canvas& picture, svg::plot const& plot, std::span<counts_by_class const> batches,
                                 std::span<std::size_t const> order) {
  auto const [left, top, right, bottom] = plot.area;
  double const slot = std::min((right - left) / static_cast<double>(batches.size()), 60.0);
  std::vector<svg::stop> stops;
  for (std::size_t i = 0; i < batches.size(); ++i) {
    double const first = left + slot * static_cast<double>(i), margin = 0.09 * slot;
    draw_bar(picture, plot, first + margin, first + slot - margin, batches[i], order);
    picture.text({first + slot / 2, bottom + 16}, fmt::format("{}", i + 1), "soft", svg::anchor::middle);
    stops.push_back(stop_at({first, top, first + slot, bottom}, i, batches[i], order));
  }
  return stops;
}

std::vector<svg::key_row> key_of(label_index const& classes, std::span<counts_by_class const> batches,
                                 std::span<std::size_t const> order) {
  std::uint64_t all = 0;
  for (std::size_t const c : order) all += draws_in(batches, c);
  std::vector<svg::key_row> rows;
  for (std::size_t i = 0; i < order.size(); ++i) {
    rows.push_back({.look = colour(i, order.size()),
                    .name = name_of(classes, order[i]),
                    .value = percent(draws_in(batches, order[i]), all)});
  }
  return rows;
}

panel draw_panel(label_index const& classes, outcome const& subject) {
  auto const order = by_size(classes);
  auto const batches = pictured(subject);
  svg::canvas canvas;
  svg::draw_heading(canvas, subject.name, describe_batches(subject));
  svg::plot const plot({svg::plot_left, 66, svg::plot_right, 246}, svg::scale::linear(0, 1),
                       svg::scale::linear(0, static_cast<double>(subject.balance.batch_size()), 1));
  plot.draw_y_axis(canvas, {.label = "draws in the batch"});
  auto const stops = draw_bars(canvas, plot, batches, order);
  plot.draw_base(canvas, "batch");
  double const height = svg::draw_key(canvas, 286, "share of these draws", key_of(classes, batches, order), stops);
  return {.name = file_name("first_batches", subject.name),
          .title = "The first batches: " + subject.name,
          .height = height,
          .svg = canvas.element(svg::panel_width, height, "The first batches: " + subject.name,
                                "Stacked bars, one for each batch. Point at a batch for the draws of each class.")};
}

}  // namespace

std::vector<panel> draw_batch_bars(label_index const& classes, std::span<outcome const> outcomes) {
  std::vector<panel> panels;
  for (auto const& each : outcomes) panels.push_back(draw_panel(classes, each));
  return panels;
}

}  // namespace inspect
