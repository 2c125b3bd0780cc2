// Maps values to places, and chooses the values that an axis names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace inspect::svg {

class scale {
 public:
  /// An even scale from low to high. `step` is the least distance between ticks, 1 for whole numbers.
  static scale linear(double low, double high, double step = 0);
  /// A scale from 0 to a little over high. If high is large, the scale is compressed towards large numbers.
  static scale counts(std::uint64_t high);

  /// The scale that puts its low end at one place and its high end at another.
  [[nodiscard]] scale between(double low_place, double high_place) const;

  double operator()(double value) const;
  double low() const { return low_; }
  double high() const { return high_; }
  /// At most this many round numbers, evenly spread.
  [[nodiscard]] std::vector<double> ticks(std::size_t most) const;

 private:
  double bent(double value) const;
  std::vector<double> linear_ticks(std::size_t most) const;
  std::vector<double> count_ticks(std::size_t most) const;

  double low_ = 0, high_ = 1, step_ = 0, low_place_ = 0, high_place_ = 1;
  bool bent_ = false;
};

}  // namespace inspect::svg
