// What all pictures have in common: size, title, the places of the plot and the legend.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "pictures.hpp"
#include "svg.hpp"

namespace inspect {

struct sheet {
  static constexpr svg::box plot_area{72, 66, 540, 322};
  static constexpr svg::box legend_area{562, 66, 752, 322};

  std::string title;
  svg::canvas canvas{760, 380};

  /// The subtitle says what was drawn: how much, by which sampler.
  sheet(std::string heading, std::string_view subtitle) : title(std::move(heading)) {
    canvas.text({16, 24}, title, {.size = 15, .bold = true});
    canvas.text({16, 43}, subtitle);
  }

  picture finish(std::string name, std::string caption) const {
    return {.name = std::move(name), .title = title, .caption = std::move(caption), .svg = canvas.element(title)};
  }
};

/// "3,000 draws"; "20,000 and 3,000 draws" if the epochs of the outcomes differ in size.
std::string epoch_sizes(std::span<outcome const> outcomes);

/// The colours of the lines of the two outcomes: before and after.
inline constexpr std::string_view before_colour = svg::dark, after_colour = svg::blue;

}  // namespace inspect
