// Blocks of indices. read() is fast because it works on many indices at once.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// The number of indices in a block. It is large enough to hide the latency of memory, and small enough for the fastest
/// cache.
inline constexpr std::size_t block_size = 512;

/// The number of indices in a group. Compilers turn a loop of this length into a few vector instructions, even at -O2.
inline constexpr std::size_t group_size = 32;

/// One T for every index of a block.
template <class T>
using block_of = T[block_size];

/// The type of a place in a list of samples. 32 bits are enough if they are enough for an index.
template <std::unsigned_integral Index>
using place_for = std::conditional_t<(sizeof(Index) > 4), std::uint64_t, std::uint32_t>;

/// Writes first, first + stride, first + 2 stride, ... modulo 2^32 or 2^64, in whole groups.
template <std::unsigned_integral Number>
void fill_evenly_spaced(std::uint64_t first, std::uint64_t stride, std::size_t count,
                        block_of<Number>& numbers) noexcept {
  auto next = static_cast<Number>(first);
  auto const step = static_cast<Number>(stride);
  for (std::size_t group = 0; group < count; group += group_size) {
    for (std::size_t lane = 0; lane < group_size; ++lane, next += step) numbers[group + lane] = next;
  }
}

/// Keeps the compiler from emitting gather and scatter instructions in a loop that reads or writes at random places of
/// a table. Plain reads and writes are faster, on some processors several times faster.
[[gnu::always_inline]] inline void forbid_gather() noexcept {
#if defined(__GNUC__)
  __asm__("");
#endif
}

/// Calls f(i) for every i below `count`, four to a round of the loop. GCC does not unroll loops at -O2.
template <class F>
[[gnu::always_inline]] inline void for_each_by_four(std::size_t count, F f) noexcept {
  std::size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    f(i);
    f(i + 1);
    f(i + 2);
    f(i + 3);
  }
  for (; i < count; ++i) f(i);
}

/// At most block_size consecutive indices of a longer output.
template <class Index>
struct block {
  std::uint64_t done;  ///< the number of indices before it
  std::span<Index> part;
};

/// The blocks of an output, for a range-based for loop.
template <class Index>
class blocks {
 public:
  explicit blocks(std::span<Index> out) noexcept : out_(out) {}

  struct iterator {
    std::span<Index> out;
    std::size_t done;
    block<Index> operator*() const noexcept {
      return {std::uint64_t{done}, out.subspan(done, std::min(block_size, out.size() - done))};
    }
    iterator& operator++() noexcept {
      done += block_size;
      return *this;
    }
    bool operator!=(iterator const&) const noexcept { return done < out.size(); }
  };

  [[nodiscard]] iterator begin() const noexcept { return {out_, 0}; }
  [[nodiscard]] iterator end() const noexcept { return {out_, out_.size()}; }

 private:
  std::span<Index> out_;
};

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
