// Work in blocks, which is where the speed of read() comes from.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include <evendraw/random/counter_random.hpp>

namespace evendraw::detail {

/// Indices in a block: enough work to hide the latency of memory behind, little enough for the fastest cache.
inline constexpr std::size_t block_size = 512;

/// Indices in a group: compilers turn loops over so many into a few vector instructions, at -O2 too.
inline constexpr std::size_t group_size = 32;

/// Something for every index of a block.
template <class T>
using block_of = std::array<T, block_size>;

/// Calls f(i) for i from 0 to count rounded up to whole groups: blocks have room for that.
template <class F>
[[gnu::always_inline]] inline void for_each_in_groups(std::size_t count, F f) noexcept {
  for (std::size_t group = 0; group < count; group += group_size) {
    for (std::size_t lane = 0; lane < group_size; ++lane) f(group + lane);
  }
}

/// Calls f(i) for every i below count, whole groups first.
template <class F>
[[gnu::always_inline]] inline void for_each_index(std::size_t count, F f) noexcept {
  std::size_t const whole = count - count % group_size;
  for_each_in_groups(whole, f);
  for (std::size_t i = whole; i < count; ++i) f(i);
}

/// Said in a loop that reads or writes at places all over a table: it stays a loop of plain reads and writes. The
/// gather and scatter instructions that compilers make of it are slower, on some processors several times.
[[gnu::always_inline]] inline void one_by_one() noexcept {
#if defined(__GNUC__)
  __asm__("");
#endif
}

/// A part of at most block_size indices of a longer output.
template <class Index>
struct block {
  std::uint64_t done;  ///< indices before it
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

/// words[i] = word(key, first + i * stride).
[[gnu::always_inline]] inline void make_words(std::uint64_t key, std::uint64_t first, std::uint64_t stride,
                                              std::size_t count, block_of<std::uint64_t>& words) noexcept {
  std::uint64_t unmixed = unmixed_word(key, first);
  std::uint64_t const step = stride * word_step;
  for_each_in_groups(count, [&](std::size_t i) {
    words[i] = mix64(unmixed);
    unmixed += step;
  });
}

}  // namespace evendraw::detail
