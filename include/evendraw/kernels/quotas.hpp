// Counts the slots that classes have in all batches before a given one.
#pragma once

#include <cstddef>
#include <cstdint>

#include <evendraw/detail/blocks.hpp>
#include <evendraw/kernels/dispatch.hpp>

namespace evendraw::detail {

/// A group of batches with equally spaced offsets: (x + to_first) >> spacing_bits of these offsets are below x.
struct offset_group {
  std::uint64_t to_first;
  int spacing_bits;
};

/// The number of slots that a class has in all batches before batch `number`. The class has the numbers from `begin` to
/// `end` of the line. The offsets of those batches form the given groups; see batch_quotas.
constexpr std::uint64_t slots_before(std::uint64_t begin, std::uint64_t end, std::uint64_t number,
                                     offset_group const* groups, std::size_t num_groups) noexcept {
  std::uint64_t const low = begin & 0xffffffff, high = end & 0xffffffff;
  std::uint64_t result = ((end >> 32) - (begin >> 32)) * number + (number >> 32) * (high - low);
  for (std::size_t g = 0; g < num_groups; ++g) {
    result += ((high + groups[g].to_first) >> groups[g].spacing_bits) -
              ((low + groups[g].to_first) >> groups[g].spacing_bits);
  }
  return result;
}

namespace kernels {

inline void slots_before(std::uint64_t const* __restrict begins, std::uint64_t const* __restrict ends,
                         std::uint64_t number, offset_group const* __restrict groups, std::size_t num_groups,
                         std::size_t count, std::uint64_t* __restrict result) noexcept {
  constexpr std::size_t lanes = 16;
  for (std::size_t first = 0; first < count; first += lanes) {
    std::uint64_t low[lanes], high[lanes], sum[lanes];
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      low[lane] = begins[first + lane] & 0xffffffff;
      high[lane] = ends[first + lane] & 0xffffffff;
      sum[lane] = ((ends[first + lane] >> 32) - (begins[first + lane] >> 32)) * number +
                  (number >> 32) * (high[lane] - low[lane]);
    }
    for (std::size_t g = 0; g < num_groups; ++g) {
      std::uint64_t const to_first = groups[g].to_first;
      int const bits = groups[g].spacing_bits;
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        sum[lane] += ((high[lane] + to_first) >> bits) - ((low[lane] + to_first) >> bits);
      }
    }
    for (std::size_t lane = 0; lane < lanes; ++lane) result[first + lane] = sum[lane];
  }
}

}  // namespace kernels

/// The same for the classes of a block, in whole groups.
inline void slots_before(block_of<std::uint64_t> const& begins, block_of<std::uint64_t> const& ends,
                         std::uint64_t number, offset_group const* groups, std::size_t num_groups, std::size_t count,
                         block_of<std::uint64_t>& result) noexcept {
  dispatch<kernels::slots_before>(begins, ends, number, groups, num_groups, count, result);
}

}  // namespace evendraw::detail
