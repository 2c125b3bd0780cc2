// Weights that change, as integers.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

#include <evendraw/detail/math.hpp>
#include <evendraw/weights/detail/quantise.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// Weights as integer multiples of a quantum. The quantum is a power of two, chosen so that n weights sum to less than
/// 2^63 units.
class weight_quantum {
 public:
  weight_quantum() = default;
  weight_quantum(double largest, std::uint64_t n) noexcept {
    weight_bits const top(largest);
    exponent_ = static_cast<int>(top.exponent) + 65 - std::countl_zero(top.digits) - std::countl_zero(n);
  }

  /// The weight in units, rounded down; a positive weight has at least 1.
  [[nodiscard]] std::uint64_t units(double weight) const noexcept {
    weight_bits const w(weight);
    int const left = static_cast<int>(w.exponent) - exponent_;
    if (left >= 0) return w.digits << left;
    return std::max(left > -64 ? w.digits >> -left : 0, static_cast<std::uint64_t>(w.digits != 0));
  }

  /// The weight of this many units; exact.
  [[nodiscard]] double weight(std::uint64_t units) const noexcept {
    return math::ldexp(static_cast<double>(units), exponent_ - 1075);
  }

 private:
  int exponent_ = 0;  // the exponent of the quantum, counted as in weight_bits
};

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
