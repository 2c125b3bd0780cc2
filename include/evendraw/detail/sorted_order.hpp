// Sorting by number, compiled once.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <evendraw/detail/function_ref.hpp>

namespace evendraw::detail {

/// What a thing is sorted by: `key`, and where keys are equal, an order of its own.
struct numbered_key {
  std::uint64_t key;
  std::uint32_t number;
};

/// Sorts by key; those of equal keys by less(number, number), and what is equal in that stays in its order.
///
/// Cost       O(n log n) time, 16 n bytes. A merge sort: std::sort of these takes twice as long to compile
inline void sort_keys(std::vector<numbered_key>& keys, function_ref<bool(std::uint32_t, std::uint32_t)> less) {
  auto const before = [&](numbered_key const& a, numbered_key const& b) {
    return a.key != b.key ? a.key < b.key : less(a.number, b.number);
  };
  std::vector<numbered_key> sorted(keys.size());
  for (std::size_t width = 1; width < keys.size(); width *= 2) {
    for (std::size_t first = 0; first < keys.size(); first += 2 * width) {
      std::size_t const middle = std::min(first + width, keys.size()), last = std::min(middle + width, keys.size());
      std::size_t left = first, right = middle;
      for (std::size_t out = first; out < last; ++out) {
        bool const take_right = left == middle || (right < last && before(keys[right], keys[left]));
        sorted[out] = take_right ? keys[right++] : keys[left++];
      }
    }
    keys.swap(sorted);
  }
}

}  // namespace evendraw::detail
