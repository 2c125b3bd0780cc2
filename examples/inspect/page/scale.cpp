#include "scale.hpp"

#include <algorithm>
#include <cmath>

namespace inspect::svg {
namespace {

/// The smallest of 1, 2, 5, 10, 20, 50, ... (or 0.5, 0.2, ...) that is at least this large.
double round_step(double least) {
  double const power = std::pow(10, std::floor(std::log10(least)));
  for (double const digit : {1.0, 2.0, 5.0}) {
    if (digit * power >= least * (1 - 1e-9)) return digit * power;
  }
  return 10 * power;
}

}  // namespace

scale scale::linear(double low, double high, double step) {
  scale result;
  result.low_ = low;
  result.high_ = high;
  result.step_ = step;
  return result;
}

scale scale::counts(std::uint64_t high) {
  bool const bent = high > 15;
  scale result = linear(0, static_cast<double>(high) * (bent ? 1.2 : 1.05), 1);
  result.bent_ = bent;
  return result;
}

scale scale::between(double low_place, double high_place) const {
  scale result = *this;
  result.low_place_ = low_place;
  result.high_place_ = high_place;
  return result;
}

double scale::bent(double value) const { return bent_ ? std::log1p(value) : value; }

double scale::operator()(double value) const {
  double const part = (bent(value) - bent(low_)) / (bent(high_) - bent(low_));
  return low_place_ + part * (high_place_ - low_place_);
}

std::vector<double> scale::ticks(std::size_t most) const { return bent_ ? count_ticks(most) : linear_ticks(most); }

std::vector<double> scale::linear_ticks(std::size_t most) const {
  double const least = std::max(step_, (high_ - low_) / static_cast<double>(most));
  double const step = round_step(least);
  std::vector<double> result;
  for (double i = std::ceil(low_ / step - 1e-9); i * step <= high_ + step * 1e-9; ++i) result.push_back(i * step + 0.0);
  return result;
}

/// 0, 1, 2, 5, 10, 20, 50, ...; or 0, 1, 10, 100, ...; or 0, 1, 100, 10000, ...
std::vector<double> scale::count_ticks(std::size_t most) const {
  double const decades = std::log10(high_);
  std::vector<double> result{0};
  if (3 * decades + 2 <= static_cast<double>(most)) {
    for (double power = 1; power <= high_; power *= 10) {
      for (double const digit : {1.0, 2.0, 5.0}) {
        if (digit * power <= high_) result.push_back(digit * power);
      }
    }
    return result;
  }
  double const factor = std::pow(10, std::ceil(decades / static_cast<double>(most - 1)));
  for (double power = 1; power <= high_; power *= factor) result.push_back(power);
  return result;
}

}  // namespace inspect::svg
