// Sorts numbers, by themselves or by keys, and searches sorted ones. Each instance of std::sort takes as long to
// compile as a sampler, so all callers share these.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace evendraw::detail {

/// Sorts numbers by before(number, number). A heap sort: std::sort takes longer to compile than a sampler.
template <class Number, class Before>
void heap_sort(Number* numbers, std::size_t n, Before before) noexcept {
  for (std::size_t unordered = n / 2; n > 1;) {
    std::size_t hole = 0;
    Number sinking = numbers[hole];
    if (unordered > 0) {  // from `unordered` on, no number comes before those below it in the heap
      hole = --unordered;
      sinking = numbers[hole];
    } else {  // the last number in order is at the top
      sinking = numbers[--n];
      numbers[n] = numbers[0];
    }
    for (std::size_t below = 2 * hole + 1; below < n; below = 2 * hole + 1) {
      if (below + 1 < n && before(numbers[below], numbers[below + 1])) ++below;
      if (!before(sinking, numbers[below])) break;
      numbers[hole] = numbers[below];
      hole = below;
    }
    numbers[hole] = sinking;
  }
}

/// Sorts numbers.
inline void sort(std::span<std::uint64_t> numbers) noexcept {
  heap_sort(numbers.data(), numbers.size(), [](std::uint64_t a, std::uint64_t b) { return a < b; });
}

/// The number of values that are below `value` in an ascending list of n.
template <class Number>
std::size_t count_below(Number const* ascending, std::size_t n, Number value) noexcept {
  std::size_t low = 0;
  for (std::size_t high = n; low < high;) {
    std::size_t const middle = low + (high - low) / 2;
    ascending[middle] < value ? low = middle + 1 : high = middle;
  }
  return low;
}

/// Sorts numbers by keys[number]. Numbers with equal keys come in ascending order.
inline void sort_by(std::span<std::size_t> numbers, std::span<std::uint64_t const> keys) noexcept {
  heap_sort(numbers.data(), numbers.size(),
            [keys](std::size_t a, std::size_t b) { return keys[a] < keys[b] || (keys[a] == keys[b] && a < b); });
}

}  // namespace evendraw::detail
