// The n-th allocation fails, for every n.
#pragma once

#include <atomic>
#include <cstddef>
#include <new>

namespace allocations {

/// How many allocations succeed before one fails; below 0: all do.
inline std::atomic<std::ptrdiff_t> left = -1;

/// The number of bytes that were requested.
inline std::atomic<std::size_t> asked_for = 0;

/// Whether `f` runs out of memory if only `successes` allocations succeed.
template <class F>
bool runs_out(std::ptrdiff_t successes, F const& f) {
  left = successes;
  try {
    f();
  } catch (std::bad_alloc const&) {
    left = -1;
    return true;
  }
  left = -1;
  return false;
}

struct result {
  std::ptrdiff_t failures = 0;  // the number of allocations
  std::size_t wrong = 0;        // the number of failures after which something has changed or no longer works
};

/// Changes copies of an object while every allocation fails in turn. The state is what can be seen of it.
template <class T, class Change, class State>
result tried(T const& object, Change const& change, State const& state) {
  auto const before = state(object);
  T changed = object;
  change(changed);
  auto const after = state(changed);
  result found;
  for (;; ++found.failures) {
    T copy = object;
    bool const failed = runs_out(found.failures, [&] { change(copy); });
    if (!failed) {
      found.wrong += state(copy) != after;
      return found;
    }
    found.wrong += state(copy) != before;
    change(copy);
    found.wrong += state(copy) != after;
  }
}

}  // namespace allocations
