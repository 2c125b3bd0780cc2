// m of n each epoch, without replacement, all seen in ceil(n / m) epochs.
#pragma once

#include <cstdint>

namespace evendraw {

/// Which part of n samples an epoch of m draws sees. Epochs come in cycles; a cycle walks once through all n, in an
/// order of its own, m a time; its last epoch is filled up from the cycle's beginning.
///
/// Edge       m > n: every epoch walks through all n, m / n times in whole, and the cycle is over the m mod n draws
///            that are left; so the numbers of draws of two samples in one epoch differ by one at most
/// Needs      n >= 1; m >= 1
/// Cost       O(1), no state
struct rolling_window {
  std::uint64_t n;  ///< samples
  std::uint64_t m;  ///< draws an epoch

  /// Epochs until every sample was seen, counted from epoch 0 or from the start of any cycle.
  [[nodiscard]] constexpr std::uint64_t epochs_to_cover() const noexcept { return m >= n ? 1 : divide_up(n, m); }

  /// The number of the walk that an epoch is part of.
  [[nodiscard]] constexpr std::uint64_t cycle(std::uint64_t epoch) const noexcept { return epoch / cycle_length(); }

  /// The place in the walk of an epoch's first draw.
  [[nodiscard]] constexpr std::uint64_t start(std::uint64_t epoch) const noexcept {
    return epoch % cycle_length() * (m % n);
  }

  /// The place in the walk of the draw that is `steps` after the walk's first place.
  [[nodiscard]] constexpr std::uint64_t place(std::uint64_t steps) const noexcept {
    if (steps < n) return steps;
    return steps - n < n ? steps - n : steps % n;
  }

 private:
  static constexpr std::uint64_t divide_up(std::uint64_t a, std::uint64_t b) noexcept {
    return a / b + static_cast<std::uint64_t>(a % b != 0);
  }

  [[nodiscard]] constexpr std::uint64_t cycle_length() const noexcept { return m % n == 0 ? 1 : divide_up(n, m % n); }
};

}  // namespace evendraw
