// Weights that change, as whole numbers.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include <evendraw/weights/detail/quantise.hpp>

namespace evendraw::detail {

/// Weights as whole numbers of a quantum: a power of two with which n of them sum to less than 2^63.
class weight_quantum {
 public:
  weight_quantum() = default;
  weight_quantum(double largest, std::uint64_t n) noexcept {
    weight_bits const top(largest);
    exponent_ = static_cast<int>(top.exponent) + 65 - std::countl_zero(top.digits) - std::countl_zero(n);
  }

  /// Rounded down, but to 1 if that is 0, and the weight is not.
  [[nodiscard]] std::uint64_t units(double weight) const noexcept {
    weight_bits const w(weight);
    int const left = static_cast<int>(w.exponent) - exponent_;
    if (left >= 0) return w.digits << left;
    return std::max(left > -64 ? w.digits >> -left : 0, static_cast<std::uint64_t>(w.digits != 0));
  }

  /// The weight that has so many units: exact.
  [[nodiscard]] double weight(std::uint64_t units) const noexcept {
    return std::ldexp(static_cast<double>(units), exponent_ - 1075);
  }

 private:
  int exponent_ = 0;  // of the quantum, as weight_bits counts
};

}  // namespace evendraw::detail
