// Time, medians, and the memory in use.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace benchmark {

/// How long one call of `work` takes.
template <class Work>
double seconds(Work&& work) {
  auto const start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

inline double median(std::vector<double> numbers) {
  auto const middle = numbers.begin() + static_cast<std::ptrdiff_t>(numbers.size() / 2);
  std::ranges::nth_element(numbers, middle);
  return *middle;
}

/// Bytes that are allocated and not freed, where the C library tells.
inline std::optional<double> bytes_held() {
#if defined(__GLIBC__) && (__GLIBC__ > 2 || __GLIBC_MINOR__ >= 33)
  auto const info = mallinfo2();
  return static_cast<double>(info.uordblks + info.hblkhd);
#else
  return std::nullopt;
#endif
}

}  // namespace benchmark
