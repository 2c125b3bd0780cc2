// Plain functions over arrays, compiled once for each instruction set and chosen when the program runs.
#pragma once

#include <evendraw/instruction_sets.hpp>

namespace evendraw::detail {

#if defined(EVENDRAW_HAS_WIDE_KERNELS)

template <auto Kernel, class... Args>
[[gnu::target("avx2"), gnu::flatten, gnu::noinline]] void run_avx2(Args... args) noexcept {
  Kernel(args...);
}
template <auto Kernel, class... Args>
[[gnu::target("avx2,avx512f,avx512dq,avx512bw,avx512vl"), gnu::flatten, gnu::noinline]] void run_avx512(
    Args... args) noexcept {
  Kernel(args...);
}

#endif

/// Calls Kernel(args...) in the form that was compiled for the widest registers.
///
///   Kernel  a function over arrays of a block; what it does is the same in every form
///   args    numbers and pointers
///
/// Cost       a few nanoseconds beside what the kernel does: give it a block, not an element
template <auto Kernel, class... Args>
void dispatch(Args... args) noexcept {
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
  Kernel(args...);
}

}  // namespace evendraw::detail
