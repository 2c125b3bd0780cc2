// Scales over an area: grid lines, tick labels, and names of the axes.
#pragma once

#include <cstddef>
#include <string>

#include "scale.hpp"
#include "svg.hpp"

namespace inspect::svg {

enum class unit { number, share };

/// The width of every panel, and the left and right end of its plot.
inline constexpr double panel_width = 400, plot_left = 44, plot_right = 396;

struct axis {
  std::string label;
  unit measure = unit::number;
  std::size_t most_ticks = 6;
};

/// Needs values within the scales.
struct plot {
  box area;
  scale x, y;

  plot(box where, scale x_scale, scale y_scale)
      : area(where), x(x_scale.between(where.left, where.right)), y(y_scale.between(where.bottom, where.top)) {}

  point at(double x_value, double y_value) const { return {x(x_value), y(y_value)}; }

  void draw_x_axis(canvas& picture, axis const& subject) const;
  /// The label is above the axis, not turned.
  void draw_y_axis(canvas& picture, axis const& subject) const;
  /// The line at the bottom, and the name of the numbers below it.
  void draw_base(canvas& picture, std::string const& label) const;
};

/// The two first lines of a panel, which say what it is about.
void draw_heading(canvas& picture, std::string const& title, std::string const& subtitle);
inline constexpr double heading_height = 40;

}  // namespace inspect::svg
