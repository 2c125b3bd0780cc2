// Lists the lanes of a block that need more work.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <evendraw/detail/blocks.hpp>
#include <evendraw/kernels/dispatch.hpp>

namespace evendraw::detail {

/// The numbers of lanes, with room for eight that are written and not used.
using lane_list = std::uint16_t[block_size + 8];

/// The lanes of each pattern of eight marks, one after the other.
struct lanes_of_patterns {
  std::uint16_t lanes[256][8];
};

template <class = void>  // computed where it is used
constexpr lanes_of_patterns make_lanes_of_patterns() noexcept {
  lanes_of_patterns result{};
  for (unsigned pattern = 0; pattern < 256; ++pattern) {
    unsigned count = 0;
    for (unsigned lane = 0; lane < 8; ++lane) {
      unsigned const bit = std::endian::native == std::endian::little ? lane : 7 - lane;
      if (pattern >> bit & 1) result.lanes[pattern][count++] = static_cast<std::uint16_t>(lane);
    }
  }
  return result;
}
template <class T = void>
inline constexpr lanes_of_patterns all_lanes_of_patterns = make_lanes_of_patterns<T>();

namespace kernels {

/// Lists the lanes whose mark is 1, eight at a time and without branches. Returns their number. All marks are 0 or 1,
/// and there are marks up to a multiple of eight.
///
/// The marks of eight lanes are the bytes of a word. A product moves them side by side into its highest byte, which is
/// the pattern; another product adds them up there.
[[gnu::always_inline]] inline std::size_t list_marked(std::uint8_t const* __restrict marks, std::size_t count,
                                                      std::uint16_t* __restrict lanes) noexcept {
  std::size_t found = 0;
  for (std::size_t first = 0; first < count; first += 8) {
    std::uint64_t eight;
    std::memcpy(&eight, marks + first, 8);
    auto const& marked = all_lanes_of_patterns<>.lanes[eight * 0x0102040810204080u >> 56];
    for (std::size_t k = 0; k < 8; ++k) lanes[found + k] = static_cast<std::uint16_t>(first + marked[k]);
    found += static_cast<std::size_t>(eight * 0x0101010101010101u >> 56);
  }
  return found;
}

/// Lists the lanes with x > last. Reads whole groups of x.
template <class Word>
[[gnu::always_inline]] inline std::size_t list_above(Word const* __restrict x, Word last, std::size_t count,
                                                     std::uint16_t* __restrict lanes) noexcept {
  block_of<std::uint8_t> marks;
  for (std::size_t group = 0; group < count; group += group_size) {
    for (std::size_t lane = 0; lane < group_size; ++lane) marks[group + lane] = x[group + lane] > last;
  }
  for (std::size_t i = count; i % 8 != 0; ++i) marks[i] = 0;
  return list_marked(marks, count, lanes);
}

inline std::size_t untag(std::uint64_t const* __restrict tagged, std::size_t count, std::uint32_t* __restrict places,
                         std::uint16_t* __restrict odd) noexcept {
  block_of<std::uint8_t> marks;
  for (std::size_t group = 0; group < count; group += group_size) {
    for (std::size_t lane = 0; lane < group_size; ++lane) {
      places[group + lane] = static_cast<std::uint32_t>(tagged[group + lane]);
      marks[group + lane] = static_cast<std::uint8_t>(tagged[group + lane] >> 32 & 1);
    }
  }
  return list_marked(marks, count, odd);
}

}  // namespace kernels

/// Writes the places of tagged places, and lists the lanes whose tags are odd. A tagged place has the place in its low
/// half and the tag in its high half. Returns the number of lanes in the list. The last group must be filled with zeros.
inline std::size_t untag(block_of<std::uint64_t> const& tagged, std::size_t count, block_of<std::uint32_t>& places,
                         lane_list& odd) noexcept {
  return dispatch<kernels::untag>(tagged, count, places, odd);
}

}  // namespace evendraw::detail
