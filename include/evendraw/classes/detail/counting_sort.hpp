// Sorting by small keys.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include <evendraw/detail/huge_page_vector.hpp>
#include <evendraw/detail/parallel.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// The first item of stretch `number`, if `size` items are cut into stretches of equal length. The last stretch
/// also has the remainder.
constexpr std::uint64_t stretch_begin(std::uint64_t size, unsigned stretches, unsigned number) noexcept {
  return number == stretches ? size : size / stretches * number;
}

/// Sorts the items 0 to size - 1 by their keys, which are small integers. Items with equal keys keep their order. All
/// keys are read twice: first to count them, and then to place the items.
///
/// The items are cut into stretches, each with its own counters. A thread reads `lanes` stretches side by side. In a
/// single stretch, an item with the same key as the one before would have to wait until the counter is written. The
/// result does not depend on the number of threads.
///
/// Needs      keys below `keys`; size <= max of Index; the same keys both times
/// Cost       O(size + keys) time; at most keys + 384 counters of 32 or 64 bits, with several threads at most `size`
template <std::unsigned_integral Index>
class counting_sort {
 public:
  counting_sort(std::uint64_t size, std::uint64_t keys, unsigned threads)
      : size_(size), pitch_(padded(keys)), lanes_(keys <= most_keys_in_lanes ? most_lanes : 1) {
    while (threads > 1 && pitch_ * lanes_ * threads > size) --threads;
    threads_ = std::max(threads, 1u);
    counters_ = huge_page_vector<Index>(static_cast<std::size_t>(pitch_ * stretches()));
    std::memset(counters_.data(), 0, counters_.size() * sizeof(Index));
  }

  /// Counts the keys: key(i) for every i.
  template <class Key>
  void count(Key const& key) {
    walk([key](std::uint64_t i, Index* counters) { ++counters[key(i)]; });
  }

  /// The number of items with this key. Valid after count() and before start(key, ...).
  [[nodiscard]] std::uint64_t operator[](std::uint64_t key) const noexcept {
    std::uint64_t sum = 0;
    for (unsigned stretch = 0; stretch < stretches(); ++stretch) sum += counters_[at(stretch, key)];
    return sum;
  }

  /// Sets the place where the items with this key begin. Returns the place where they end.
  std::uint64_t start(std::uint64_t key, std::uint64_t begin) noexcept {
    for (unsigned stretch = 0; stretch < stretches(); ++stretch) {
      auto& counter = counters_[at(stretch, key)];  // from now on the place of the next item
      begin += std::exchange(counter, static_cast<Index>(begin));
    }
    return begin;
  }

  /// Writes every i to the next place of key(i) in `out`. Needs start() for every key that occurs.
  template <class Key>
  void place(Key const& key, Index* out) {
    walk([key, out](std::uint64_t i, Index* counters) { out[counters[key(i)]++] = static_cast<Index>(i); });
  }

 private:
  static constexpr unsigned most_lanes = 4;
  static constexpr std::uint64_t most_keys_in_lanes = 64;  // with more, neighbours mostly differ, and lanes need cache

  /// The distance between the counters of neighbouring stretches. They share no cache line, and the counters of a
  /// thread's lanes are not a multiple of 4 KiB apart.
  static std::uint64_t padded(std::uint64_t keys) noexcept {
    constexpr std::uint64_t line = 64 / sizeof(Index);
    return (keys / line + 2) * line;
  }

  unsigned stretches() const noexcept { return threads_ * lanes_; }
  std::size_t at(unsigned stretch, std::uint64_t key) const noexcept {
    return static_cast<std::size_t>(pitch_ * stretch + key);
  }

  /// Calls f(i, counters of the stretch of i) for every i.
  template <class F>
  void walk(F const& f) {
    run_parts(threads_, [&](unsigned thread) {
      if (lanes_ == 1) {
        walk_lanes(thread, f, std::integer_sequence<unsigned, 0>());
      } else {
        walk_lanes(thread, f, std::make_integer_sequence<unsigned, most_lanes>());
      }
    });
  }

  template <class F, unsigned... Lane>
  void walk_lanes(unsigned thread, F const f, std::integer_sequence<unsigned, Lane...>) {
    unsigned const first = thread * lanes_;
    std::uint64_t const begins[] = {stretch_begin(size_, stretches(), first + Lane)...};
    Index* const counters[] = {counters_.data() + at(first + Lane, 0)...};
    std::uint64_t const common = size_ / stretches();
    for (std::uint64_t i = 0; i < common; ++i) (f(begins[Lane] + i, counters[Lane]), ...);
    std::uint64_t const end = stretch_begin(size_, stretches(), first + lanes_);
    constexpr std::size_t last = sizeof...(Lane) - 1;
    for (std::uint64_t i = begins[last] + common; i < end; ++i) f(i, counters[last]);
  }

  std::uint64_t size_;
  std::uint64_t pitch_;
  unsigned lanes_;
  unsigned threads_ = 1;
  huge_page_vector<Index> counters_;  // by stretch and key
};

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
