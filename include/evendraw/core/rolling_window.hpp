// m of n each epoch, without replacement, all seen in ceil(n / m) epochs.
#pragma once

#include <cstdint>

namespace evendraw {

/// Which part of n samples an epoch of m draws sees. Epochs come in cycles of ceil(n / m); a cycle walks once
/// through all n, in an order of its own, m a time; its last epoch is filled up from the cycle's beginning.
///
/// Edge       m >= n: whole passes, n at a time, then m mod n draws from the walk, so that the numbers of
///            draws of two samples differ by one at most; m = 0: nothing is drawn and nothing covered
/// Cost       O(1), no state
struct rolling_window {
  std::uint64_t n;  ///< samples
  std::uint64_t m;  ///< draws an epoch

  /// What of an epoch's draws is not whole passes.
  [[nodiscard]] constexpr std::uint64_t rest() const noexcept { return n == 0 ? 0 : m % n; }

  /// Epochs until every sample was seen, counted from epoch 0 or from the start of any cycle.
  [[nodiscard]] constexpr std::uint64_t epochs_to_cover() const noexcept {
    return m >= n ? 1 : (n + m - 1) / m;
  }

  /// The number of the walk that an epoch is part of: its permutation's number.
  [[nodiscard]] constexpr std::uint64_t cycle(std::uint64_t epoch) const noexcept { return epoch / cycle_length(); }

  /// The place in the walk of draw j of an epoch.
  [[nodiscard]] constexpr std::uint64_t place(std::uint64_t epoch, std::uint64_t j) const noexcept {
    std::uint64_t const whole = m - rest();
    if (j < whole) return j % n;
    std::uint64_t const at = epoch % cycle_length() * rest() + (j - whole);
    return at < n ? at : at - n;
  }

 private:
  [[nodiscard]] constexpr std::uint64_t cycle_length() const noexcept {
    return rest() == 0 ? 1 : (n + rest() - 1) / rest();
  }
};

}  // namespace evendraw
