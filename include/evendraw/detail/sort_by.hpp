// Sorts numbers, by themselves or by keys. Each instance of std::sort takes as long to compile as a sampler, so all
// callers share these.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace evendraw::detail {

/// Sorts numbers.
inline void sort(std::span<std::uint64_t> numbers) { std::sort(numbers.data(), numbers.data() + numbers.size()); }

/// Sorts numbers by keys[number]. Numbers with equal keys come in ascending order.
inline void sort_by(std::span<std::size_t> numbers, std::span<std::uint64_t const> keys) {
  std::size_t* const first = numbers.data();
  std::sort(first, first + numbers.size(),
            [keys](std::size_t a, std::size_t b) { return keys[a] < keys[b] || (keys[a] == keys[b] && a < b); });
}

}  // namespace evendraw::detail
