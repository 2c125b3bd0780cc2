// Compiles plain functions over arrays for each instruction set, and chooses one when the program runs.
#pragma once

#include <evendraw/instruction_sets.hpp>

namespace evendraw::detail {

#if defined(EVENDRAW_HAS_WIDE_KERNELS)

template <auto Kernel, class... Args>
[[gnu::target("avx2"), gnu::flatten, gnu::noinline]] auto run_avx2(Args... args) noexcept {
  return Kernel(args...);
}
template <auto Kernel, class... Args>
[[gnu::target("avx2,avx512f,avx512dq,avx512bw,avx512vl"), gnu::flatten, gnu::noinline]] auto run_avx512(
    Args... args) noexcept {
  return Kernel(args...);
}

#endif

// A kernel reads only what its caller has filled. GCC cannot see that, and would warn of some blocks.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

/// Calls Kernel(args...), compiled for the instruction set in use, and returns what it returns.
///
///   Kernel  a function over the arrays of a block; all its compiled forms give the same results. If it calls functions
///           with loops, these must be [[gnu::always_inline]]. Otherwise clang compiles them only once, for the
///           processor of the program's flags
///   args    numbers and pointers
///
/// Cost       a few nanoseconds per call besides the kernel's own work, so a kernel takes a block, not an element
template <auto Kernel, class... Args>
auto dispatch(Args... args) noexcept {
#if defined(EVENDRAW_HAS_WIDE_KERNELS)
  switch (find_used_set()) {
    case instruction_set::portable:
      break;
    case instruction_set::avx2:
      return run_avx2<Kernel>(args...);
    case instruction_set::avx512:
      return run_avx512<Kernel>(args...);
  }
#endif
  return Kernel(args...);
}
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

}  // namespace evendraw::detail
