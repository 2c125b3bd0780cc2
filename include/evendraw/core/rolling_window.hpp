// m of n each epoch, without replacement, all seen in ceil(n / m) epochs.
#pragma once

#include <cstdint>
#include <limits>

#include <evendraw/core/counter_random.hpp>

namespace evendraw {

/// Which part of n samples an epoch of m draws sees. Epochs come in cycles; a cycle walks once through all n, in an
/// order of its own, m a time; its last epoch is filled up from the cycle's beginning.
///
/// Edge       m > n: every epoch walks through all n, m / n times in whole, and the cycle is over the m mod n draws
///            that are left; so the numbers of draws of two samples in one epoch differ by one at most
/// Needs      n >= 1; m >= 1
/// Cost       O(1), no division after construction
class rolling_window {
 public:
  constexpr rolling_window(std::uint64_t n, std::uint64_t m) noexcept
      : n_(n),
        m_(m),
        step_(m % n),
        cycle_length_(step_ == 0 ? 1 : divide_up(n, step_)),
        reciprocal_(std::numeric_limits<std::uint64_t>::max() / cycle_length_) {}

  /// Samples.
  [[nodiscard]] constexpr std::uint64_t n() const noexcept { return n_; }
  /// Draws an epoch.
  [[nodiscard]] constexpr std::uint64_t m() const noexcept { return m_; }

  /// Epochs until every sample was seen, counted from epoch 0 or from the start of any cycle.
  [[nodiscard]] constexpr std::uint64_t epochs_to_cover() const noexcept { return m_ >= n_ ? 1 : divide_up(n_, m_); }

  /// Where an epoch's first draw is: the number of the walk that the epoch is part of, and the place in it.
  struct start {
    std::uint64_t cycle;
    std::uint64_t place;
  };
  [[nodiscard]] constexpr start start_of(std::uint64_t epoch) const noexcept {
    std::uint64_t cycle = bounded(epoch, reciprocal_);  // epoch / cycle_length_, or one less
    std::uint64_t in_cycle = epoch - cycle * cycle_length_;
    bool const one_less = in_cycle >= cycle_length_;
    cycle += static_cast<std::uint64_t>(one_less);
    in_cycle -= one_less ? cycle_length_ : 0;
    return {cycle, in_cycle * step_};
  }

  /// The place in the walk of the draw that is `steps` after the walk's first place.
  [[nodiscard]] constexpr std::uint64_t place(std::uint64_t steps) const noexcept {
    if (steps < n_) return steps;
    return steps - n_ < n_ ? steps - n_ : steps % n_;
  }

 private:
  static constexpr std::uint64_t divide_up(std::uint64_t a, std::uint64_t b) noexcept {
    return a / b + static_cast<std::uint64_t>(a % b != 0);
  }

  std::uint64_t n_;
  std::uint64_t m_;
  std::uint64_t step_;
  std::uint64_t cycle_length_;
  std::uint64_t reciprocal_;
};

}  // namespace evendraw
