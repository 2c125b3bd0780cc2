// k of n numbers, evenly spaced.
#pragma once

#include <cassert>
#include <cstdint>

#include <evendraw/detail/uint128.hpp>

namespace evendraw::detail {

/// Picks k of the numbers 0 to n - 1, evenly spaced: of any g numbers in a row, k g / n are picked, rounded down or up.
///
///   offset  chooses the numbers: 0 to n - 1
///
/// Needs      k <= n < 2^63, offset < n unless n = 0 (asserted)
/// Cost       O(1), 24 bytes
/// Source     systematic sampling: Madow, Annals of Mathematical Statistics 20(3), 1949
class even_picks {
 public:
  constexpr even_picks() = default;
  constexpr even_picks(std::uint64_t n, std::uint64_t k, std::uint64_t offset) noexcept
      : n_(n == 0 ? 1 : n), k_(k), offset_(offset) {
    assert(k <= n && (n == 0 || offset < n));
  }

  /// The number of picks, k.
  [[nodiscard]] constexpr std::uint64_t size() const noexcept { return k_; }

  /// The number of picks below i <= n: floor((i k + offset) / n).
  [[nodiscard]] constexpr std::uint64_t before(std::uint64_t i) const noexcept {
    auto const [quotient, remainder] = scaled(i, k_, n_);
    return quotient + static_cast<std::uint64_t>(remainder + offset_ >= n_);
  }

  /// Pick number j < k: the largest i with before(i) = j.
  [[nodiscard]] constexpr std::uint64_t operator[](std::uint64_t j) const noexcept {
    auto const [quotient, remainder] = scaled(j, n_, k_);
    return quotient + (remainder + (n_ - 1 - offset_)) / k_;
  }

  /// The n - k numbers that are not picked. They are evenly spaced, too.
  [[nodiscard]] constexpr even_picks others() const noexcept { return {n_, n_ - k_, n_ - 1 - offset_}; }

 private:
  std::uint64_t n_ = 1;
  std::uint64_t k_ = 0;
  std::uint64_t offset_ = 0;
};

}  // namespace evendraw::detail
