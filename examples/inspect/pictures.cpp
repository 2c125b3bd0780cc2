#include "pictures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "shared/text.hpp"
#include "sheet.hpp"

namespace inspect {
namespace {

using svg::box, svg::point;

/// Classes with a colour of their own, and those that share one.
struct colouring {
  static constexpr std::array<std::string_view, 7> colours{svg::blue,      svg::orange, svg::green, svg::purple,
                                                           svg::vermilion, svg::sky,    svg::yellow};
  std::vector<std::size_t> own, others;

  explicit colouring(label_index const& classes) : own(by_size(classes)) {
    if (own.size() <= colours.size()) return;
    others.assign(own.begin() + colours.size() - 1, own.end());
    own.resize(colours.size() - 1);
  }

  /// From the top of the bars to the bottom.
  std::vector<svg::legend_entry> legend(label_index const& classes) const {
    std::vector<svg::legend_entry> entries;
    for (std::size_t i = 0; i < own.size(); ++i) {
      entries.push_back({.label = name_of(classes, own[i]), .style = {.colour = colours[i]}, .filled = true});
    }
    if (!others.empty()) {
      entries.push_back({.label = fmt::format("{} others", with_commas(others.size())),
                         .style = {.colour = svg::grey},
                         .filled = true});
    }
    std::ranges::reverse(entries);
    return entries;
  }
};

std::size_t num_batches(outcome const& of) {
  return std::min(of.balance.first_batches().size(), static_cast<std::size_t>(pictured_batches));
}

/// One batch as a bar, its classes on top of each other.
void draw_bar(svg::canvas& on, svg::plot const& plot, double left, double width,
              std::vector<std::uint64_t> const& counts, colouring const& of) {
  std::uint64_t below = 0;
  auto const add = [&](std::uint64_t count, std::string_view colour) {
    if (count == 0) return;
    on.rectangle({left, plot.y(static_cast<double>(below + count)), left + width, plot.y(static_cast<double>(below))},
                 colour);
    below += count;
  };
  for (std::size_t i = 0; i < of.own.size(); ++i) add(counts[of.own[i]], colouring::colours[i]);
  std::uint64_t others = 0;
  for (std::size_t const c : of.others) others += counts[c];
  add(others, svg::grey);
}

/// The batches of one outcome.
void draw_batches(svg::canvas& on, svg::plot const& plot, outcome const& of, colouring const& colours) {
  std::size_t const batches = num_batches(of);
  double const slot = std::min((plot.area.right - plot.area.left) / static_cast<double>(batches), 60.0);
  double const first = (plot.area.left + plot.area.right - slot * static_cast<double>(batches)) / 2;
  for (std::size_t i = 0; i < batches; ++i) {
    double const middle = first + slot * (static_cast<double>(i) + 0.5);
    draw_bar(on, plot, middle - 0.41 * slot, 0.82 * slot, of.balance.first_batches()[i], colours);
    on.text({middle, plot.area.bottom + 17}, fmt::format("{}", i + 1), {.size = 11, .at = svg::anchor::middle});
  }
  on.line({plot.area.left, plot.area.bottom}, {plot.area.right, plot.area.bottom}, {.width = 1});
  double const centre = (plot.area.left + plot.area.right) / 2;
  on.text({centre, plot.area.bottom + 37}, "batch", {.at = svg::anchor::middle});
  on.text({centre, plot.area.top - 8}, of.name, {.at = svg::anchor::middle, .bold = true});
}

/// The part of the plot that belongs to outcome i.
box panel(std::size_t i, std::size_t of, double gap) {
  box const whole = sheet::plot_area;
  double const width = (whole.right - whole.left - gap * static_cast<double>(of - 1)) / static_cast<double>(of);
  double const left = whole.left + static_cast<double>(i) * (width + gap);
  return {left, whole.top + 14, left + width, whole.bottom};
}

struct ecdf_line {
  std::vector<evendraw::draw_share> steps;
  svg::legend_entry look;
};

/// One line for each outcome, and for the largest and smallest class of the last.
std::vector<ecdf_line> ecdf_lines(label_index const& classes, std::span<outcome const> outcomes) {
  std::vector<ecdf_line> lines;
  for (auto const& result : outcomes) {
    lines.push_back({result.balance.draws_per_sample().ecdf(), {.label = result.name, .style = {.width = 2.5}}});
  }
  lines.back().look.style.colour = after_colour;
  auto const order = by_size(classes);
  auto const add_class = [&](std::string_view which, std::size_t c, svg::stroke style) {
    lines.push_back({outcomes.back().balance.draws_per_sample().ecdf(c),
                     {.label = fmt::format("{}: {}", which, name_of(classes, c)), .style = style}});
  };
  add_class("largest", order.front(), {.colour = svg::orange, .dashes = "7 3"});
  add_class("smallest", order.back(), {.colour = svg::vermilion, .dashes = "2 2"});
  return lines;
}

void draw_steps(svg::canvas& on, svg::plot const& plot, ecdf_line const& line) {
  std::vector<point> points{plot.at(0, 0)};
  double height = 0;
  for (auto const& [draws, share] : line.steps) {
    auto const x = static_cast<double>(draws);
    points.push_back(plot.at(x, height));
    points.push_back(plot.at(x, share));
    height = share;
  }
  points.push_back(plot.at(plot.x.high(), height));
  on.polyline(points, line.look.style);
}

}  // namespace

std::string epoch_sizes(std::span<outcome const> outcomes) {
  std::uint64_t const first = outcomes.front().epoch_size, last = outcomes.back().epoch_size;
  std::string const draws = counted(last, "draw", "draws");
  return first == last ? draws : fmt::format("{} and {}", with_commas(first), draws);
}

picture picture_first_batches(label_index const& classes, std::span<outcome const> outcomes) {
  std::size_t batches = 0;
  for (auto const& result : outcomes) batches = std::max(batches, num_batches(result));
  std::uint64_t const size = outcomes.front().balance.batch_size(), last = outcomes.back().balance.batch_size();
  sheet paper(fmt::format("The classes in the first {}", batches == 1 ? "batch" : fmt::format("{} batches", batches)),
              fmt::format("Draws of each class in batches of {}{}", with_commas(size),
                          size == last ? "" : fmt::format(" and of {}", with_commas(last))));
  colouring const colours(classes);
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    auto const height = static_cast<double>(outcomes[i].balance.batch_size());
    svg::plot const plot(panel(i, outcomes.size(), size == last ? 24 : 66), svg::scale::linear(0, 1),
                         svg::scale::linear(0, height, 1));
    plot.draw_y_axis(paper.canvas, {.label = i == 0 ? "draws" : "", .numbered = i == 0 || size != last});
    draw_batches(paper.canvas, plot, outcomes[i], colours);
  }
  svg::draw_legend(paper.canvas, sheet::legend_area, colours.legend(classes));
  return paper.finish("first_batches",
                      "Each bar is a batch. Where a colour is missing, the batch has no sample of that class.");
}

picture picture_draws_per_sample(label_index const& classes, std::span<outcome const> outcomes) {
  sheet paper(
      "How often each sample was drawn",
      fmt::format("In {} of {}; dashed: the largest and the smallest class under {}",
                  counted(outcomes.back().epochs, "epoch", "epochs"), epoch_sizes(outcomes), outcomes.back().name));
  auto const lines = ecdf_lines(classes, outcomes);
  std::uint64_t most = 1;
  for (auto const& line : lines) most = std::max(most, line.steps.back().draws);
  svg::plot const plot(sheet::plot_area, svg::scale::counts(most), svg::scale::linear(0, 1));
  plot.draw_y_axis(paper.canvas, {.label = "samples drawn at most so often", .in = svg::unit::share, .most_ticks = 5});
  plot.draw_x_axis(paper.canvas, {.label = "draws of a sample", .most_ticks = 14});
  std::vector<svg::legend_entry> legend;
  for (auto const& line : lines) {
    draw_steps(paper.canvas, plot, line);
    legend.push_back(line.look);
  }
  svg::draw_legend(paper.canvas, sheet::legend_area, legend);
  return paper.finish("draws_per_sample",
                      "The height at 0 is the share of the samples that were never drawn; a line far to the right "
                      "belongs to samples that were repeated often.");
}

std::vector<picture> draw_pictures(label_index const& classes, std::span<outcome const> outcomes, options const& of) {
  auto const runs = simulate_coverage(classes, of);
  return {picture_first_batches(classes, outcomes), picture_draws_per_sample(classes, outcomes),
          picture_samples_seen(classes, outcomes, runs), picture_epochs_to_cover(outcomes.back().name, runs),
          picture_imbalance_ratios(classes, of)};
}

}  // namespace inspect
