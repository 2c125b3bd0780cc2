// The instruction sets that block loops are compiled for, and the one that they use.
#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>
#include <vector>

#include <evendraw/detail/errors.hpp>

namespace evendraw {

/// An instruction set that block loops are compiled for. All give the same results; wider ones are faster.
enum class instruction_set : std::uint8_t {
  portable,  ///< what the program was compiled for
  avx2,      ///< x86-64 with 256-bit integers
  avx512,    ///< x86-64 with 512-bit integers (F, DQ, BW, VL)
};

/// The name of an instruction set: "portable", "avx2" or "avx512".
constexpr std::string_view to_string(instruction_set set) noexcept {
  switch (set) {
    case instruction_set::portable:
      return "portable";
    case instruction_set::avx2:
      return "avx2";
    case instruction_set::avx512:
      return "avx512";
  }
  return "an unknown instruction set";
}

namespace detail {

// Code for an instruction set other than the program's needs compiler attributes (see kernels/dispatch.hpp), and a
// stack that the compiler can align, which GCC cannot do on Windows.
#if defined(__GNUC__) && defined(__x86_64__) && !defined(_WIN32)
#define EVENDRAW_HAS_WIDE_KERNELS 1

inline bool processor_has(instruction_set set) noexcept {
  __builtin_cpu_init();
  bool const avx2 = __builtin_cpu_supports("avx2") != 0;
  switch (set) {
    case instruction_set::portable:
      return true;
    case instruction_set::avx2:
      return avx2;
    case instruction_set::avx512:
      return avx2 && __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
             __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512vl") != 0;
  }
  return false;
}

#else

inline bool processor_has(instruction_set set) noexcept { return set == instruction_set::portable; }

#endif

inline instruction_set widest_instruction_set() noexcept {
  for (auto const set : {instruction_set::avx512, instruction_set::avx2}) {
    if (processor_has(set)) return set;
  }
  return instruction_set::portable;
}

/// The number of the set in use, plus 1; 0 before the first use.
inline constinit std::atomic<std::uint8_t> used_set = 0;

inline instruction_set find_used_set() noexcept {
  auto used = used_set.load(std::memory_order_relaxed);
  if (used == 0) {
    auto const widest = static_cast<std::uint8_t>(static_cast<unsigned>(widest_instruction_set()) + 1);
    if (used_set.compare_exchange_strong(used, widest)) used = widest;
  }
  return static_cast<instruction_set>(used - 1);
}

}  // namespace detail

/// The instruction sets that this processor has, the widest last.
inline std::vector<instruction_set> usable_instruction_sets() {
  std::vector<instruction_set> result;
  for (auto const set : {instruction_set::portable, instruction_set::avx2, instruction_set::avx512}) {
    if (detail::processor_has(set)) result.push_back(set);
  }
  return result;
}

/// The instruction set that block loops use: the widest that the processor has, unless use_instruction_set() chose
/// another.
inline instruction_set used_instruction_set() noexcept { return detail::find_used_set(); }

/// Chooses the instruction set that block loops use from now on, in all threads. It is for tests and measurements:
/// results do not depend on it.
///
/// Needs      an instruction set that the processor has -> else std::invalid_argument
inline void use_instruction_set(instruction_set set) {
  if (!detail::processor_has(set)) {
    detail::invalid("use_instruction_set", "this processor (or compiler) does not have ", to_string(set),
                    "; usable_instruction_sets() lists what it has");
  }
  detail::used_set.store(static_cast<std::uint8_t>(static_cast<unsigned>(set) + 1), std::memory_order_relaxed);
}

}  // namespace evendraw
