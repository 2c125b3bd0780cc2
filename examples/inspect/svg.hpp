// Charts in SVG: shapes, scales, axes, legends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace inspect::svg {

/// The colours of Okabe and Ito (2008), which the colour-blind can tell apart too.
inline constexpr std::string_view blue = "#0072b2", orange = "#e69f00", green = "#009e73", purple = "#cc79a7",
                                  sky = "#56b4e9", vermilion = "#d55e00", yellow = "#f0e442", grey = "#bbbbbb",
                                  dark = "#555555";

/// Text as XML has it: markup escaped, characters that XML does not allow replaced by '?'.
std::string escaped(std::string_view text);

struct point {
  double x = 0, y = 0;  ///< y grows downwards
};

struct box {
  double left = 0, top = 0, right = 0, bottom = 0;
};

struct stroke {
  std::string_view colour = dark;
  double width = 2;
  std::string_view dashes = {};
};

enum class anchor { start, middle, end };

struct font {
  double size = 12;
  anchor at = anchor::start;
  bool bold = false;
  bool upwards = false;  ///< turned by 90 degrees
};

/// A picture that shapes are added to.
class canvas {
 public:
  canvas(double width, double height) : width_(width), height_(height) {}

  void rectangle(box where, std::string_view colour);
  void line(point from, point to, stroke style);
  /// Points closer to the one before than can be seen are left out.
  void polyline(std::span<point const> points, stroke style);
  void dot(point at, std::string_view colour);
  void text(point at, std::string_view text, font style = {});

  /// The picture as an <svg> element; readers of the screen are told the title.
  [[nodiscard]] std::string element(std::string_view title) const;

 private:
  double width_, height_;
  std::string shapes_;
};

/// Values to places, and the values that an axis names.
class scale {
 public:
  /// Evenly from low to high. step: the least distance between ticks, 1 for whole numbers.
  static scale linear(double low, double high, double step = 0);
  /// Numbers from 0 to a little over high; if that is large, numbers are closer the larger they are.
  static scale counts(std::uint64_t high);

  /// The scale that puts its low end at one place and its high end at another.
  [[nodiscard]] scale between(double low_place, double high_place) const;

  double operator()(double value) const;
  double low() const { return low_; }
  double high() const { return high_; }
  /// At most so many round numbers, evenly spread.
  [[nodiscard]] std::vector<double> ticks(std::size_t most) const;

 private:
  double bent(double value) const;
  std::vector<double> linear_ticks(std::size_t most) const;
  std::vector<double> count_ticks(std::size_t most) const;

  double low_ = 0, high_ = 1, step_ = 0, low_place_ = 0, high_place_ = 1;
  bool bent_ = false;
};

enum class unit { number, share };

struct axis {
  std::string label;
  unit in = unit::number;
  std::size_t most_ticks = 8;
  bool numbered = true;
};

/// Scales over an area. Values outside the scales are the caller's mistake.
struct plot {
  box area;
  scale x, y;

  plot(box where, scale x_scale, scale y_scale)
      : area(where), x(x_scale.between(where.left, where.right)), y(y_scale.between(where.bottom, where.top)) {}

  point at(double x_value, double y_value) const { return {x(x_value), y(y_value)}; }

  /// Grid lines, tick labels and the label of the axis.
  void draw_x_axis(canvas& on, axis const& of) const;
  void draw_y_axis(canvas& on, axis const& of) const;
};

struct legend_entry {
  std::string label;
  stroke style = {};
  bool filled = false;  ///< a square instead of a line
};

/// One entry below the other; long labels take two lines, and are cut if these are too short.
void draw_legend(canvas& on, box where, std::span<legend_entry const> entries);

}  // namespace inspect::svg
