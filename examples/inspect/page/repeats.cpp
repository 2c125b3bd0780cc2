#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "lines.hpp"
#include "pictures.hpp"

namespace inspect {
namespace {

series repeats_of(outcome const& subject, std::size_t c) {
  auto const seen = subject.balance.of_class(c);
  series line{.name = subject.name};
  line.value = fmt::format("{:.1f}", static_cast<double>(seen.draws) / static_cast<double>(seen.class_size));
  for (auto const& [draws, share] : subject.balance.draws_per_sample().ecdf(c)) {
    line.points.push_back({static_cast<double>(draws), share});
  }
  return line;
}

panel draw_repeats(label_index const& classes, std::span<outcome const> outcomes, std::size_t c,
                   std::string const& rank) {
  std::uint64_t most = 1;
  line_plot plot;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    plot.lines.push_back(repeats_of(outcomes[i], c));
    plot.lines.back().colour = colour_of(outcomes, i);
    most = std::max(most, outcomes[i].balance.of_class(c).most_draws);
  }
  plot.file = "repeats-" + rank + "_class";
  plot.title = fmt::format("The {} class: {}", rank, name_of(classes, c));
  plot.subtitle = fmt::format("{}, in {}", counted(classes.counts()[c], "sample", "samples"),
                              counted(outcomes[0].epochs, "epoch", "epochs"));
  plot.description = "The share of its samples that were drawn at most a given number of times.";
  plot.x_label = "times drawn";
  plot.y_label = "samples drawn at most so often";
  plot.x = svg::scale::counts(most);
  plot.x_ticks = 12;
  plot.value_heading = "times on average";
  plot.steps = true;
  plot.stops = plot.x.ticks(20);
  plot.name_stop = [](double times) {
    return fmt::format("{} or less", with_commas(static_cast<std::uint64_t>(times)));
  };
  return draw_lines(plot);
}

}  // namespace

picture picture_repeats(label_index const& classes, std::span<outcome const> outcomes) {
  auto const order = by_size(classes);
  return {.title = "How often samples were drawn",
          .caption =
              "The height at 0 is the share of samples that were never drawn. A line far to the right belongs to "
              "samples that were repeated often.",
          .panels = {draw_repeats(classes, outcomes, order.front(), "largest"),
                     draw_repeats(classes, outcomes, order.back(), "smallest")}};
}

}  // namespace inspect
