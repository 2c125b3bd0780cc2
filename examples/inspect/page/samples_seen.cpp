#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <utility>

#include "lines.hpp"
#include "pictures.hpp"

namespace inspect {
namespace {

series seen_by(label_index const& classes, outcome const& subject) {
  auto const all = static_cast<double>(classes.num_samples());
  series line{.name = subject.name, .points = {{0, 0}}};
  for (auto const& mark : subject.balance.draws_per_sample().epochs()) {
    line.points.push_back({static_cast<double>(line.points.size()), static_cast<double>(mark.unique_samples) / all});
  }
  line.value = percent(line.points.back().y);
  return line;
}

panel draw_seen(label_index const& classes, std::span<outcome const> outcomes) {
  auto const epochs = static_cast<double>(outcomes[0].epochs);
  line_plot plot;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    plot.lines.push_back(seen_by(classes, outcomes[i]));
    plot.lines.back().colour = colour_of(outcomes, i);
  }
  plot.file = "samples_seen";
  plot.title = "Seen in this run";
  plot.subtitle = fmt::format("of {}, by the end of each epoch", counted(classes.num_samples(), "sample", "samples"));
  plot.description = "The share of all samples that were drawn at least once, by epoch.";
  plot.y_label = "samples seen";
  plot.x = svg::scale::linear(0, epochs, 1);
  plot.value_heading = "after " + epoch_name(epochs);
  plot.stops = whole_numbers(1, epochs, 40);
  plot.name_stop = epoch_name;
  return draw_lines(plot);
}

series chances_of(coverage const& subject, std::string const& name) {
  series line{.name = name, .value = describe_range(subject)};
  if (subject.chances.empty()) line.points.push_back({static_cast<double>(subject.median), 1});
  for (auto const& [epochs, chance] : subject.chances) line.points.push_back({static_cast<double>(epochs), chance});
  return line;
}

/// The range of x from before the first line rises until the last line has risen.
std::pair<double, double> range_of(std::vector<series> const& lines) {
  double first = lines[0].points.front().x, last = lines[0].points.back().x;
  for (auto const& line : lines) {
    first = std::min(first, line.points.front().x);
    last = std::max(last, line.points.back().x);
  }
  return {std::max(first - 1, 0.0), last + 1};
}

}  // namespace

panel draw_chances(std::span<named_coverage const> subjects) {
  line_plot plot;
  for (auto const& [name, covered, colour] : subjects) {
    plot.lines.push_back(chances_of(covered, name));
    plot.lines.back().colour = colour;
  }
  auto const [first, last] = range_of(plot.lines);
  plot.file = "epochs_to_cover";
  plot.title = "Until every sample was seen";
  plot.subtitle = "by the number of epochs that the run lasts";
  plot.description = "The chance that a training run has seen every sample at least once, by epoch.";
  plot.y_label = "chance that all were seen";
  plot.x = svg::scale::linear(first, last, 1);
  plot.value_heading = "9 runs in 10";
  plot.steps = true;
  plot.stops = whole_numbers(first, last, 40);
  plot.name_stop = epoch_name;
  return draw_lines(plot);
}

picture picture_samples_seen(label_index const& classes, std::span<outcome const> outcomes,
                             std::span<coverage const> coverages) {
  picture result{.title = "How much of the data is seen",
                 .caption = "The share of the data that a model has seen at least once, epoch by epoch.",
                 .panels = {draw_seen(classes, outcomes)}};
  bool const certain = std::ranges::all_of(coverages, &coverage::is_one_number);
  if (certain) return result;
  std::vector<named_coverage> known;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (coverages[i].known_from == basis::unknown) continue;
    known.push_back({outcomes[i].name, coverages[i], colour_of(outcomes, i)});
  }
  result.panels.push_back(draw_chances(known));
  return result;
}

}  // namespace inspect
