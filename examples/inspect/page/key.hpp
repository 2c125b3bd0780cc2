// The rows below a plot: the meaning of its colours, a value for each, and the values at the place that one points at.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "svg.hpp"

namespace inspect::svg {

struct key_row {
  std::string look;  ///< a class of the style
  bool is_line = false;
  std::string name;
  std::string value;
};

/// A place that one can point position, or reach by the Tab key.
struct stop {
  box area;
  std::string heading;              ///< what the place is: "batch 3"
  std::vector<std::string> values;  ///< one for each row
};

/// Draws the rows from `top` on. Stops fill their last column. Returns where the rows end.
double draw_key(canvas& picture, double top, std::string const& heading, std::span<key_row const> rows,
                std::span<stop const> stops);

/// The line under a plot that says how to see more. It is hidden while one points at a stop, and in print.
void draw_hint(canvas& picture, point position, anchor alignment);

}  // namespace inspect::svg
