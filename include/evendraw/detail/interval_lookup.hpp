// Which of many intervals a number falls into, in O(1).
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace evendraw {

/// Consecutive intervals from 0 on, given by their lengths: a number -> its interval.
///
///   lengths  K numbers > 0
///
/// Needs      1 <= K < 2^32; lengths > 0 with a sum of at most 2^63; numbers below their sum (all asserted)
/// Cost       O(K) to build, 12 to 16 bytes an interval; a lookup takes one step on average over all numbers
/// Source     guide tables: Chen & Asau, AIIE Transactions 6(2), 1974
class interval_lookup {
 public:
  explicit interval_lookup(std::span<std::uint64_t const> lengths) : first_{0} {
    first_.reserve(lengths.size() + 1);
    assert(!lengths.empty());
    for (std::uint64_t const length : lengths) {
      assert(length > 0);
      first_.push_back(first_.back() + length);
    }
    assert(total() <= std::uint64_t{1} << 63);
    while (total() >> shift_ > 2 * lengths.size()) ++shift_;
    guide_.reserve(static_cast<std::size_t>(((total() - 1) >> shift_) + 1));
    std::uint32_t interval = 0;
    for (std::uint64_t bucket = 0; bucket << shift_ < total(); ++bucket) {
      while (first_[interval + 1] <= bucket << shift_) ++interval;
      guide_.push_back(interval);
    }
  }

  /// Number of intervals.
  [[nodiscard]] std::size_t size() const noexcept { return first_.size() - 1; }
  /// The sum of the lengths.
  [[nodiscard]] std::uint64_t total() const noexcept { return first_.back(); }

  /// The interval that holds `number`.
  [[nodiscard]] std::size_t operator()(std::uint64_t number) const noexcept {
    assert(number < total());
    std::size_t interval = guide_[static_cast<std::size_t>(number >> shift_)];
    interval += static_cast<std::size_t>(first_[interval + 1] <= number);  // mostly enough, and no branch to mispredict
    while (first_[interval + 1] <= number) ++interval;
    return interval;
  }

  /// The first number of an interval; for size(): total().
  [[nodiscard]] std::uint64_t first(std::size_t interval) const noexcept { return first_[interval]; }

 private:
  std::vector<std::uint64_t> first_;
  std::vector<std::uint32_t> guide_;  // the interval of the first number of every 2^shift_ numbers
  int shift_ = 0;
};

namespace detail {

/// The lengths of those that have one.
inline std::vector<std::uint64_t> without_zeros(std::vector<std::uint64_t> lengths) {
  std::erase(lengths, 0);
  return lengths;
}

}  // namespace detail

}  // namespace evendraw
