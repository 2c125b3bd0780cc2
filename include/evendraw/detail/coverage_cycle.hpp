// Epochs of m draws from n samples, without replacement, so that ceil(n / m) epochs see every sample.
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>

#include <evendraw/detail/uint128.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// The window that each epoch of m draws reads, in walks through n samples. Epochs come in cycles. A cycle is one walk
/// through all n samples in its own random order, and each of its epochs reads the next m samples. The last epoch of a
/// cycle is filled up from the beginning of the same walk.
///
/// Needs      n >= 1; n fits into Count; m >= 1
/// Edge       m > n: an epoch has every sample floor(m / n) times, and its remaining m mod n draws read the walk. So
///            the numbers of draws of two samples in one epoch differ by at most one
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
  /// A window with the values of another one.
  constexpr rolling_window(Count n, Count step, Count cycle_length, Count reciprocal) noexcept
      : n_(n), step_(step), cycle_length_(cycle_length), reciprocal_(reciprocal) {}

  /// The number of samples.
  [[nodiscard]] constexpr Count n() const noexcept { return n_; }
  [[nodiscard]] constexpr Count step() const noexcept { return step_; }
  [[nodiscard]] constexpr Count cycle_length() const noexcept { return cycle_length_; }
  [[nodiscard]] constexpr Count reciprocal() const noexcept { return reciprocal_; }

  /// The number of epochs until each of n samples has been seen, counted from epoch 0 or from the start of any cycle.
  [[nodiscard]] static constexpr std::uint64_t epochs_to_cover(std::uint64_t n, std::uint64_t m) noexcept {
    return m >= n ? 1 : divide_up(n, m);
  }

  /// Where an epoch's window starts: the number of its walk, and the place in that walk.
  struct start {
    std::uint64_t cycle;
    Count place;
  };
  /// The start of an epoch's window.
  [[nodiscard]] constexpr start start_of(std::uint64_t epoch) const noexcept {
    if constexpr (sizeof(Count) < sizeof(epoch)) {
      return {epoch / cycle_length_, static_cast<Count>(epoch % cycle_length_) * step_};
    } else {
      return start_near(epoch, multiply(epoch, reciprocal_).high);
    }
  }

  /// The same for windows and epochs of 32 bits, without a division, so that compilers can vectorise it.
  [[nodiscard]] constexpr start start_of_early(std::uint32_t epoch) const noexcept requires(sizeof(Count) == 4) {
    return start_near(epoch, static_cast<Count>(std::uint64_t{epoch} * reciprocal_ >> 32));
  }

  /// The place in the walk that is `ordinal` < n draws after place `first`. The end of the walk continues at its start.
  [[nodiscard]] constexpr Count place(Count first, Count ordinal) const noexcept {
    Count const before_end = n_ - ordinal;
    return first < before_end ? first + ordinal : first - before_end;
  }

  /// The inverse: the ordinal < n of the draw at a place of the walk.
  [[nodiscard]] constexpr Count ordinal(Count first, Count place) const noexcept {
    return place >= first ? place - first : place + (n_ - first);
  }

 private:
  /// The start of an epoch's window. `cycle` is the number of its cycle, or one less.
  [[nodiscard]] constexpr start start_near(Count epoch, Count cycle) const noexcept {
    Count const in_cycle = epoch - cycle * cycle_length_;
    bool const one_less = in_cycle >= cycle_length_;
    return {one_less ? cycle + 1 : cycle, (one_less ? in_cycle - cycle_length_ : in_cycle) * step_};
  }

  static constexpr std::uint64_t divide_up(std::uint64_t a, std::uint64_t b) noexcept {
    return a / b + static_cast<std::uint64_t>(a % b != 0);
  }

  Count n_;
  Count step_;
  Count cycle_length_;
  Count reciprocal_;
};

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
