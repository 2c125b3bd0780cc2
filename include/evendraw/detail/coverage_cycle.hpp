// m of n each epoch, without replacement, all seen in ceil(n / m) epochs.
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>

namespace evendraw::detail {

/// Which part of n samples an epoch of m draws sees. Epochs come in cycles; a cycle walks once through all n, in an
/// order of its own, m a time; its last epoch is filled up from the cycle's beginning.
///
/// Edge       m > n: every epoch walks through all n, m / n times in whole, and the cycle is over the m mod n draws
///            that are left; so the numbers of draws of two samples in one epoch differ by one at most
/// Needs      n >= 1, n within Count; m >= 1
/// Cost       O(1), no state
template <std::unsigned_integral Count = std::uint64_t>
class rolling_window {
 public:
  rolling_window() = default;
  constexpr rolling_window(std::uint64_t n, std::uint64_t m) noexcept
      : n_(static_cast<Count>(n)),
        step_(static_cast<Count>(m % n)),
        cycle_length_(step_ == 0 ? Count{1} : static_cast<Count>(divide_up(n, step_))),
        reciprocal_(std::numeric_limits<Count>::max() / cycle_length_) {}
  /// From the parts of another one.
  constexpr rolling_window(Count n, Count step, Count cycle_length, Count reciprocal) noexcept
      : n_(n), step_(step), cycle_length_(cycle_length), reciprocal_(reciprocal) {}

  /// Samples.
  [[nodiscard]] constexpr Count n() const noexcept { return n_; }
  [[nodiscard]] constexpr Count step() const noexcept { return step_; }
  [[nodiscard]] constexpr Count cycle_length() const noexcept { return cycle_length_; }
  [[nodiscard]] constexpr Count reciprocal() const noexcept { return reciprocal_; }

  /// Epochs until every one of n samples was seen, counted from epoch 0 or from the start of any cycle.
  [[nodiscard]] static constexpr std::uint64_t epochs_to_cover(std::uint64_t n, std::uint64_t m) noexcept {
    return m >= n ? 1 : divide_up(n, m);
  }

  /// Where an epoch's first draw is: the number of the walk that the epoch is part of, and the place in it.
  struct start {
    std::uint64_t cycle;
    Count place;
  };
  /// Where an epoch's window starts.
  [[nodiscard]] constexpr start start_of(std::uint64_t epoch) const noexcept {
    return {epoch / cycle_length_, static_cast<Count>(epoch % cycle_length_) * step_};
  }

  /// The same for windows and epochs of 32 bits, in operations that vector instructions have: no division.
  [[nodiscard]] constexpr start start_of_early(std::uint32_t epoch) const noexcept requires(sizeof(Count) == 4) {
    auto const estimate = static_cast<Count>(std::uint64_t{epoch} * reciprocal_ >> 32);  // the quotient, or one less
    Count const in_cycle = epoch - estimate * cycle_length_;
    bool const one_less = in_cycle >= cycle_length_;
    return {one_less ? estimate + 1 : estimate, (one_less ? in_cycle - cycle_length_ : in_cycle) * step_};
  }

  /// The place in the walk of the draw that comes `ordinal` < n after the one at `first`.
  [[nodiscard]] constexpr Count place(Count first, Count ordinal) const noexcept {
    Count const before_end = n_ - ordinal;
    return first < before_end ? first + ordinal : first - before_end;
  }

 private:
  static constexpr std::uint64_t divide_up(std::uint64_t a, std::uint64_t b) noexcept {
    return a / b + static_cast<std::uint64_t>(a % b != 0);
  }

  Count n_;
  Count step_;
  Count cycle_length_;
  Count reciprocal_;
};

}  // namespace evendraw::detail
