// Finds the interval that a number falls into, in O(1).
#pragma once

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <evendraw/detail/blocks.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// Maps a number to its interval. The intervals are consecutive, start at 0 and are given by their lengths.
///
/// The numbers are cut into buckets of 2^shift. Their number grows up to 8 per interval, until no bucket has more than
/// one border. Then a bucket has one word: (i + 1) 2^shift - end modulo 2^64. Here i is the interval in which the
/// bucket begins, and `end` is its border, or its own end if it has none. The sum of this word and a number of the
/// bucket, divided by 2^shift, is the interval of the number: i below `end`, and i + 1 from there on.
///
/// If some buckets have more borders, a guide stores the interval in which each bucket begins. From there a binary
/// search without branches takes as many steps as the fullest bucket needs.
///
///   lengths  K numbers > 0
///
/// Needs      1 <= K < 2^32; lengths > 0 with a sum of at most 2^63; numbers below their sum (all asserted)
/// Cost       O(K) to build, 16 to 72 bytes per interval. A look-up reads one word if no bucket has more than one
///            border, as when the lengths are similar. Otherwise it takes O(log m) steps if at most m intervals begin
///            in one bucket, never more than log2 K + 1
/// Source     guide tables: Chen & Asau, AIIE Transactions 6(2), 1974
class interval_lookup {
 public:
  /// No intervals: nothing can be looked up.
  interval_lookup() = default;
  explicit interval_lookup(std::span<std::uint64_t const> lengths) : size_(lengths.size()) {
    assert(!lengths.empty());
    first_.reserve(size_ + 1);
    first_.push_back(0);
    for (std::uint64_t const length : lengths) {
      assert(length > 0);
      first_.push_back(first_.back() + length);
    }
    assert(total() <= std::uint64_t{1} << 63);
    while (total() >> shift_ > 2 * size_) ++shift_;
    build_guide();
    while (searches() && shift_ > 0 && total() >> (shift_ - 1) <= 8 * size_) {
      --shift_;
      build_guide();
    }
    if (searches()) {
      first_.resize(size_ + 2 * first_step_ + 1, std::numeric_limits<std::uint64_t>::max());  // no step goes past it
    } else {
      replace_guide();
    }
  }

  /// The number of intervals.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  /// The sum of the lengths.
  [[nodiscard]] std::uint64_t total() const noexcept { return first_[size_]; }

  /// The number of steps of a search, or 0 if nothing is searched.
  [[nodiscard]] int num_steps() const noexcept {
    return searches() ? static_cast<int>(std::bit_width(first_step_)) : 0;
  }

  /// The interval that holds `number`.
  [[nodiscard]] std::size_t operator()(std::uint64_t number) const noexcept {
    assert(number < total());
    return searches() ? finder().by_search(number) : finder().by_word(number);
  }

  /// The intervals of many numbers, faster than one by one.
  template <class Number>
  void find(std::span<Number const> numbers, std::uint32_t* intervals) const noexcept {
    for_each(numbers,
             [=](std::size_t i, std::size_t interval) { intervals[i] = static_cast<std::uint32_t>(interval); });
  }

  /// Writes to sums[i] the sum of numbers[i] and the value of its interval, modulo 2^64. It is faster than find() and a
  /// loop that adds.
  void add_values(std::span<std::uint32_t const> numbers, std::uint64_t const* values,
                  std::uint64_t* sums) const noexcept {
    for_each(numbers, [=](std::size_t i, std::size_t interval) { sums[i] = numbers[i] + values[interval]; });
  }

  /// The first number of an interval, or total() for size().
  [[nodiscard]] std::uint64_t first(std::size_t interval) const noexcept { return first_[interval]; }
  [[nodiscard]] std::uint64_t length(std::size_t interval) const noexcept {
    return first_[interval + 1] - first_[interval];
  }

 private:
  struct finding {
    std::uint64_t const* words;
    std::uint32_t const* guide;
    std::uint64_t const* first;
    std::size_t first_step;
    int shift;
    std::size_t by_word(std::uint64_t number) const noexcept {
      return static_cast<std::size_t>((words[static_cast<std::size_t>(number >> shift)] + number) >> shift);
    }
    std::size_t by_search(std::uint64_t number) const noexcept {
      std::size_t interval = guide[static_cast<std::size_t>(number >> shift)];
      for (std::size_t step = first_step; step > 0; step /= 2) {
        interval += first[interval + step] <= number ? step : 0;
      }
      return interval;
    }
  };
  [[nodiscard]] finding finder() const noexcept {
    return {words_.data(), guide_.data(), first_.data(), first_step_, shift_};
  }
  [[nodiscard]] bool searches() const noexcept { return first_step_ > 1; }

  /// Calls f(i, the interval of numbers[i]) for every i.
  template <class Number, class F>
  void for_each(std::span<Number const> numbers, F f) const noexcept {
    auto const find = finder();  // a copy, so that what f writes cannot change it
    if (searches()) {
      for (std::size_t i = 0; i < numbers.size(); ++i) f(i, find.by_search(numbers[i]));
    } else {
      for_each_by_four(numbers.size(), [=](std::size_t i) { f(i, find.by_word(numbers[i])); });
    }
  }

  void build_guide() {
    guide_.clear();
    guide_.reserve(static_cast<std::size_t>(((total() - 1) >> shift_) + 1));
    std::uint32_t interval = 0, most = 0;  // most: the largest number of intervals that begin inside a bucket
    for (std::uint64_t bucket = 0; bucket << shift_ < total(); ++bucket) {
      std::uint32_t const before = interval;
      while (first_[interval + 1] <= bucket << shift_) ++interval;
      if (!guide_.empty()) most = interval - before > most ? interval - before : most;
      guide_.push_back(interval);
    }
    std::uint32_t const last = static_cast<std::uint32_t>(size_ - 1) - interval;
    most = last > most ? last : most;
    first_step_ = std::bit_floor(most);
  }

  void replace_guide() {
    words_.reserve(guide_.size());
    std::uint64_t end_of_bucket = 0;
    for (std::uint64_t const interval : guide_) {
      end_of_bucket += std::uint64_t{1} << shift_;
      std::uint64_t const end = std::min(first_[static_cast<std::size_t>(interval) + 1], end_of_bucket);
      words_.push_back(((interval + 1) << shift_) - end);
    }
    guide_ = {};
  }

  std::size_t size_ = 0;
  std::vector<std::uint64_t> first_;
  std::vector<std::uint64_t> words_;  // by bucket, if nothing is searched
  std::vector<std::uint32_t> guide_;  // by bucket, if look-ups search
  std::size_t first_step_ = 0;        // the first step of a search: 2^k if a bucket has at most 2^(k + 1) - 1 borders
  int shift_ = 0;
};

/// The lengths that are not 0.
inline std::vector<std::uint64_t> without_zeros(std::vector<std::uint64_t> lengths) {
  std::size_t kept = 0;
  for (std::uint64_t const length : lengths) {
    if (length > 0) lengths[kept++] = length;
  }
  lengths.resize(kept);
  return lengths;
}

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
