// Shapes and text in SVG. Colours and fonts are classes: see style.hpp.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace inspect::svg {

/// Text for XML: markup is escaped, and characters that XML does not allow are replaced by '?'.
std::string escaped(std::string_view text);

/// A number without needless digits.
std::string number(double value);

struct point {
  double x = 0, y = 0;  ///< y grows downwards
};

struct box {
  double left = 0, top = 0, right = 0, bottom = 0;
};

enum class anchor { start, middle, end };

/// A picture that shapes are added to. `look` is a class of the style, or several, separated by spaces.
class canvas {
 public:
  void rectangle(box where, std::string_view look, double opacity = 1);
  void line(point start, point end, std::string_view look);
  /// Leaves out points that are too close to the one before to be seen.
  void polyline(std::span<point const> points, std::string_view look);
  void dot(point position, std::string_view look);
  void text(point position, std::string_view text, std::string_view look = "t", anchor alignment = anchor::start);

  /// Everything up to end_stop() is one place to point position, or to reach by the Tab key. The title says its values.
  void begin_stop(std::string_view title);
  void end_stop();

  /// The picture as an <svg> element. Screen readers read the title and the description.
  [[nodiscard]] std::string element(double width, double height, std::string_view title,
                                    std::string_view description) const;

 private:
  std::string shapes_;
};

}  // namespace inspect::svg
