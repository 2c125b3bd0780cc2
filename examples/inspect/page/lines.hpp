// Plots with a line for each sampler.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "axes.hpp"
#include "pictures.hpp"

namespace inspect {

struct series {
  std::string name;
  std::string value = {};               ///< shown beside the name
  std::vector<svg::point> points = {};  ///< at least one, x ascending; after the last one the line is level
  std::size_t colour = 0;               ///< 0: plain shuffling; 1, 2, ...: the samplers

  /// y of the last point that is not beyond x; 0 before the first.
  double at(double x) const;
};

struct line_plot {
  std::string file, title, subtitle, description;
  std::string x_label = "epochs", y_label;  ///< y is a share
  svg::scale x;
  std::size_t x_ticks = 8;
  std::string value_heading;  ///< the heading of the values beside the names
  std::vector<series> lines;
  bool steps = false;                            ///< level up to the next point
  std::vector<double> stops;                     ///< places on the x axis to point at, ascending
  std::function<std::string(double)> name_stop;  ///< "3 epochs"
};

panel draw_lines(line_plot const& subject);

/// The colour of the i-th outcome. Plain shuffling has a colour of its own.
std::size_t colour_of(std::span<outcome const> outcomes, std::size_t i);

/// Evenly spaced whole numbers from first to last, at most about `most` of them.
std::vector<double> whole_numbers(double first, double last, double most);

/// "1 epoch", "12 epochs"
std::string epoch_name(double epochs);

}  // namespace inspect
