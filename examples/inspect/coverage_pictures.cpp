#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>

#include "pictures.hpp"
#include "shared/text.hpp"
#include "sheet.hpp"

namespace inspect {
namespace {

using svg::point;

constexpr svg::stroke mean_style{.colour = svg::vermilion, .dashes = "5 3"};

/// Numbers counted in bins of equal width.
struct histogram {
  double first = 0;  ///< where the first bin begins: numbers lie in the middle of their units
  double width = 1;
  std::vector<double> shares;

  histogram(std::span<std::uint64_t const> numbers, double bin_width) : width(bin_width) {
    auto const [least, most] = std::ranges::minmax(numbers);
    std::uint64_t const unit = static_cast<std::uint64_t>(width), first_bin = least / unit;
    first = static_cast<double>(first_bin * unit) - 0.5;
    shares.resize(static_cast<std::size_t>(most / unit - first_bin + 1));
    for (std::uint64_t const number : numbers) {
      shares[static_cast<std::size_t>(number / unit - first_bin)] += 1 / static_cast<double>(numbers.size());
    }
  }

  double last() const { return first + width * static_cast<double>(shares.size()); }
  double highest() const { return std::ranges::max(shares); }
};

/// 1, 2, 5, 10, ...: the least with which so many numbers give no more bins than they fill well.
double bin_width(std::uint64_t range, std::size_t numbers) {
  double const most_bins = std::clamp(2 * std::sqrt(static_cast<double>(numbers)), 5.0, 40.0);
  double width = 1;
  for (std::size_t i = 0; static_cast<double>(range) / width > most_bins; ++i) width *= i % 3 == 1 ? 2.5 : 2;
  return width;
}

std::uint64_t range_of(std::span<std::uint64_t const> numbers) {
  auto const [least, most] = std::ranges::minmax(numbers);
  return most - least + 1;
}

double mean_of(std::span<std::uint64_t const> numbers) {
  auto const sum = std::accumulate(numbers.begin(), numbers.end(), 0.0);
  return sum / static_cast<double>(numbers.size());
}

std::uint64_t quantile(std::vector<std::uint64_t> numbers, double share) {
  std::ranges::sort(numbers);
  return numbers[static_cast<std::size_t>(std::lround(share * static_cast<double>(numbers.size() - 1)))];
}

std::string describe_mean(std::span<std::uint64_t const> numbers) {
  double const mean = mean_of(numbers);
  if (mean < 99.95) return fmt::format("mean {:.1f}", mean);
  return fmt::format("mean {}", compact(static_cast<std::uint64_t>(std::llround(mean))));
}

/// Where the middle 90 % of the runs are; all of them, if they are few or the same.
std::string describe_spread(std::vector<std::uint64_t> const& epochs) {
  auto const [least, most] = std::ranges::minmax(epochs);
  if (least == most) return fmt::format("all runs: {}", compact(least));
  if (epochs.size() < 40) return fmt::format("all runs: {} to {}", compact(least), compact(most));
  return fmt::format("90 % of the runs: {} to {}", compact(quantile(epochs, 0.05)), compact(quantile(epochs, 0.95)));
}

std::string describe_runs(std::size_t runs) {
  return fmt::format(
      "{} with different seeds, simulated{}", counted(runs, "training run", "training runs"),
      runs == most_runs ? "" : fmt::format(" (no more than about {} million draws)", most_draws / 1'000'000));
}

/// The bars, and a line at the mean.
void draw_runs(svg::canvas& on, svg::plot const& plot, std::span<std::uint64_t const> epochs, histogram const& of,
               std::string_view colour) {
  double const gap = std::min(1.0, 0.1 * (plot.x(of.width) - plot.x(0)));
  for (std::size_t i = 0; i < of.shares.size(); ++i) {
    if (of.shares[i] == 0) continue;
    double const left = of.first + of.width * static_cast<double>(i);
    auto const [x, y] = plot.at(left, of.shares[i]);
    on.rectangle({x + gap / 2, y, plot.x(left + of.width) - gap / 2, plot.area.bottom}, colour);
  }
  double const mean = mean_of(epochs);
  on.line(plot.at(mean, 0), {plot.x(mean), plot.area.top}, mean_style);
}

void draw_runs_legend(svg::canvas& on, double top, std::string const& name, std::string_view colour,
                      std::span<std::uint64_t const> epochs) {
  std::array<svg::legend_entry, 2> const entries{
      svg::legend_entry{.label = name, .style = {.colour = colour}, .filled = true},
      svg::legend_entry{.label = describe_mean(epochs), .style = mean_style}};
  auto const area = sheet::legend_area;
  svg::draw_legend(on, {area.left, top, area.right, area.bottom}, entries);
}

/// Two classes whose sizes have this proportion.
struct ratio {
  std::uint64_t common, rare;
  std::string_view colour;
};

constexpr std::array<ratio, 4> ratios{
    ratio{50, 50, svg::blue}, {75, 25, svg::green}, {90, 10, svg::orange}, {94, 6, svg::purple}};

std::vector<std::uint64_t> simulate(ratio of, std::uint64_t samples, std::uint64_t seed) {
  std::uint64_t const rare = std::max<std::uint64_t>(1, (samples * of.rare + 50) / 100);
  auto const classes = label_index::from_runs({{"common", samples - rare}, {"rare", rare}});
  options with;
  with.seed = seed;
  return simulate_coverage(classes, with).epochs;
}

/// A histogram for each ratio, one below the other, on the same scales.
void draw_ratios(svg::canvas& on, std::span<std::vector<std::uint64_t> const> epochs) {
  std::vector<std::uint64_t> all;
  for (auto const& each : epochs) all.insert(all.end(), each.begin(), each.end());
  double const width = bin_width(range_of(all), epochs.front().size());
  double highest = 0;
  for (auto const& each : epochs) highest = std::max(highest, histogram(each, width).highest());
  auto const x = svg::scale::linear(0, histogram(all, width).last(), 1), y = svg::scale::linear(0, highest);
  svg::box const area = sheet::plot_area;
  double const row = (area.bottom - area.top) / static_cast<double>(ratios.size());
  for (std::size_t i = 0; i < ratios.size(); ++i) {
    double const top = area.top + row * static_cast<double>(i);
    svg::plot const plot({area.left, top + 12, area.right, top + row}, x, y);
    plot.draw_y_axis(on, {.label = "", .in = svg::unit::share, .most_ticks = 2});
    draw_runs(on, plot, epochs[i], histogram(epochs[i], width), ratios[i].colour);
    draw_runs_legend(on, top + 16, fmt::format("{} : {}", ratios[i].common, ratios[i].rare), ratios[i].colour,
                     epochs[i]);
    if (i + 1 == ratios.size()) plot.draw_x_axis(on, {.label = "epochs"});
  }
  on.text({16, (area.top + area.bottom) / 2}, "share of the runs", {.at = svg::anchor::middle, .upwards = true});
}

/// Shares of the samples by the end of epochs 0, 1, 2, ...; the last one stays.
void draw_seen(svg::canvas& on, svg::plot const& plot, std::span<double const> shares, svg::stroke style) {
  std::vector<point> points;
  for (double const share : shares) points.push_back(plot.at(static_cast<double>(points.size()), share));
  if (plot.x.high() <= 30) {
    for (point const at : points) on.dot(at, style.colour);
  }
  points.push_back({plot.area.right, points.back().y});
  on.polyline(points, style);
}

std::string describe_samples(label_index const& classes, coverage const& runs) {
  std::string all = counted(classes.num_samples(), "sample", "samples");
  if (runs.drawable == classes.num_samples()) return all;
  return fmt::format("{}, {} of which can be drawn", all, with_commas(runs.drawable));
}

}  // namespace

picture picture_samples_seen(label_index const& classes, std::span<outcome const> outcomes, coverage const& runs) {
  std::vector<double> const plain_shares{0, 1};  // a shuffle has each sample once
  std::vector<double> shares{0};
  for (std::uint64_t const seen : runs.seen) {
    shares.push_back(static_cast<double>(seen) / static_cast<double>(classes.num_samples()));
  }
  sheet paper("Samples seen so far", fmt::format("Of {}, by the end of each epoch of {}",
                                                 describe_samples(classes, runs), epoch_sizes(outcomes)));
  auto const epochs = static_cast<double>(shares.size() - 1);
  svg::plot const plot(sheet::plot_area, svg::scale::linear(0, epochs, 1), svg::scale::linear(0, 1));
  plot.draw_y_axis(paper.canvas, {.label = "samples seen", .in = svg::unit::share, .most_ticks = 5});
  plot.draw_x_axis(paper.canvas, {.label = "epochs"});
  std::vector<svg::legend_entry> legend;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    bool const before = i + 1 < outcomes.size();
    svg::stroke const style{.colour = before ? before_colour : after_colour, .width = 2.5};
    draw_seen(paper.canvas, plot, before ? plain_shares : shares, style);
    legend.push_back({.label = outcomes[i].name, .style = style});
  }
  svg::draw_legend(paper.canvas, sheet::legend_area, legend);
  return paper.finish("samples_seen", "How much of the data a model has seen by when, in the first run.");
}

picture picture_epochs_to_cover(std::string const& sampler, coverage const& runs) {
  auto const& epochs = runs.epochs;
  sheet paper("Epochs until every sample was seen", epochs.empty() ? sampler : describe_runs(epochs.size()));
  if (epochs.empty()) {
    paper.canvas.text({(sheet::plot_area.left + sheet::plot_area.right) / 2, 190},
                      fmt::format("Not all samples were seen in {}, the most that are simulated.",
                                  counted(runs.seen.size(), "epoch", "epochs")),
                      {.at = svg::anchor::middle});
  } else {
    histogram const bars(epochs, bin_width(range_of(epochs), epochs.size()));
    double const pad = bars.shares.size() < 4 ? 2 * bars.width : bars.width;
    svg::plot const plot(sheet::plot_area, svg::scale::linear(std::max(-0.5, bars.first - pad), bars.last() + pad, 1),
                         svg::scale::linear(0, bars.highest()));
    plot.draw_y_axis(paper.canvas, {.label = "share of the runs", .in = svg::unit::share, .most_ticks = 6});
    draw_runs(paper.canvas, plot, epochs, bars, after_colour);
    plot.draw_x_axis(paper.canvas, {.label = "epochs"});
    draw_runs_legend(paper.canvas, sheet::legend_area.top, sampler, after_colour, epochs);
    paper.canvas.text({sheet::legend_area.left, sheet::legend_area.top + 60}, describe_spread(epochs));
  }
  return paper.finish("epochs_to_cover",
                      "Plain shuffling shows every sample in each epoch: it needs one. Samples that are never "
                      "drawn are not waited for.");
}

picture picture_imbalance_ratios(label_index const& classes, options const& of) {
  std::uint64_t const samples = std::clamp<std::uint64_t>(classes.num_samples(), 100, 2000);
  std::vector<std::vector<std::uint64_t>> epochs;
  epochs.reserve(std::size(ratios));
  for (ratio const& each : ratios) epochs.push_back(simulate(each, samples, of.seed));
  sheet paper("Epochs until every sample was seen, by the sizes of two classes",
              fmt::format("inverse_frequency, {} in all, as many draws in an epoch; {} each",
                          counted(samples, "sample", "samples"), counted(epochs.front().size(), "run", "runs")));
  draw_ratios(paper.canvas, epochs);
  return paper.finish("imbalance_ratios",
                      "Made-up data. The larger a class, the fewer of its samples an epoch can show when all "
                      "classes are drawn equally often.");
}

}  // namespace inspect
