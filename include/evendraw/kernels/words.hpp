// Blocks of random words, and of bounded numbers made from them.
#pragma once

#include <cstddef>
#include <cstdint>

#include <evendraw/detail/blocks.hpp>
#include <evendraw/detail/mixing.hpp>
#include <evendraw/detail/uint128.hpp>
#include <evendraw/kernels/dispatch.hpp>

namespace evendraw::detail {

namespace kernels {

// Plain nested loops. The inner one becomes a few vector instructions, even at -O2, because its length is fixed and
// __restrict says that the arrays do not overlap. (GCC ignores __restrict in a lambda.)

inline void make_words(std::uint64_t unmixed, std::uint64_t step, std::size_t count,
                       std::uint64_t* __restrict words) noexcept {
  for (std::size_t group = 0; group < count; group += group_size) {
    for (std::size_t lane = 0; lane < group_size; ++lane) {
      words[group + lane] = mix64(unmixed);
      unmixed += step;
    }
  }
}

inline void split_words(std::uint64_t n, std::size_t count, std::uint64_t* __restrict words,
                        std::uint32_t* __restrict high) noexcept {
  for (std::size_t group = 0; group < count; group += group_size) {
    for (std::size_t lane = 0; lane < group_size; ++lane) {
      auto const product = multiply_narrow(words[group + lane], n);
      high[group + lane] = static_cast<std::uint32_t>(product.high);
      words[group + lane] = product.low;
    }
  }
}

inline void add_bounded(std::uint64_t const* __restrict words, std::uint32_t const* __restrict bounds,
                        std::size_t count, std::uint32_t* __restrict sums) noexcept {
  for (std::size_t group = 0; group < count; group += group_size) {
    for (std::size_t lane = 0; lane < group_size; ++lane) {
      std::size_t const i = group + lane;
      sums[i] += static_cast<std::uint32_t>(multiply_narrow(words[i], bounds[i]).high);
    }
  }
}

}  // namespace kernels

/// Writes random_word(key, first + i * stride) to words[i], in whole groups.
inline void make_words(std::uint64_t key, std::uint64_t first, std::uint64_t stride, std::size_t count,
                       block_of<std::uint64_t>& words) noexcept {
  dispatch<kernels::make_words>(unmixed_word(key, first), stride * word_step, count, words);
}

/// Multiplies each word by n < 2^32. The high half, bounded(words[i], n), goes to high[i]. The low half goes to
/// words[i] and serves as another random word.
inline void split_words(std::uint64_t n, std::size_t count, block_of<std::uint64_t>& words,
                        block_of<std::uint32_t>& high) noexcept {
  dispatch<kernels::split_words>(n, count, words, high);
}

/// Adds bounded(words[i], bounds[i]) to sums[i], in whole groups. (If `bounds` were const, GCC would warn of blocks
/// that it does not see filled.)
inline void add_bounded(block_of<std::uint64_t> const& words, block_of<std::uint32_t>& bounds, std::size_t count,
                        block_of<std::uint32_t>& sums) noexcept {
  dispatch<kernels::add_bounded>(words, bounds, count, sums);
}
/// The same for 64-bit bounds, for which no processor has vector instructions.
inline void add_bounded(block_of<std::uint64_t> const& words, block_of<std::uint64_t>& bounds, std::size_t count,
                        block_of<std::uint64_t>& sums) noexcept {
  for (std::size_t i = 0; i < count; ++i) sums[i] += multiply(words[i], bounds[i]).high;
}

}  // namespace evendraw::detail
