// Blocks of draws from windows of walks (see rolling_window): finds the place of each draw in its walk.
#pragma once

#include <cstddef>
#include <cstdint>

#include <evendraw/detail/blocks.hpp>
#include <evendraw/detail/coverage_cycle.hpp>
#include <evendraw/kernels/dispatch.hpp>
#include <evendraw/kernels/walk.hpp>

namespace evendraw::detail {

/// The window of the class of each draw in a block: the values of a rolling_window.
struct window_block {
  block_of<std::uint32_t> step;
  block_of<std::uint32_t> cycle_length;
  block_of<std::uint32_t> reciprocal;

  /// Fills the last group.
  void fill_up(std::size_t count) noexcept {
    for (std::size_t i = count; i % group_size != 0; ++i) step[i] = cycle_length[i] = reciprocal[i] = 0;
  }
};

namespace kernels {

template <class Count>
void window_places(Count n, Count start, Count first, Count stride, std::size_t count, Count* places) noexcept {
  rolling_window<Count> const window(n, 1, 1, 1);
  for (std::size_t group = 0; group < count; group += group_size) {
    for (std::size_t lane = 0; lane < group_size; ++lane) {
      std::size_t const i = group + lane;
      places[i] = window.place(start, static_cast<Count>(first + i * stride));
    }
  }
}

inline void enter_walks(window_block const* __restrict windows, std::uint32_t epoch, std::size_t count,
                        walk_block* __restrict walks) noexcept {
  for (std::size_t group = 0; group < count; group += group_size) {
    for (std::size_t lane = 0; lane < group_size; ++lane) {
      std::size_t const i = group + lane;
      rolling_window<std::uint32_t> const window(walks->last[i] + 1, windows->step[i], windows->cycle_length[i],
                                                 windows->reciprocal[i]);
      auto const [cycle, start] = window.start_of_early(epoch);
      auto const keys = keys_of_walk(walks->low[i], walks->high[i], static_cast<std::uint32_t>(cycle));
      walks->low[i] = keys.low;
      walks->high[i] = keys.high;
      walks->place[i] = window.place(start, walks->place[i]);
    }
  }
}

}  // namespace kernels

/// Writes the places of the draws first, first + stride, ... of a window that starts at place `start` of a walk through
/// n members. Writes whole groups.
template <class Count>
void window_places(Count n, Count start, Count first, Count stride, std::size_t count,
                   block_of<Count>& places) noexcept {
  dispatch<kernels::window_places<Count>>(n, start, first, stride, count, places);
}

/// Finds the walk that the class of each draw is in at an epoch, and the place of the draw in that walk. Reads and
/// writes whole groups.
///
///   walks  before: .place is the draw's ordinal in its window, .low and .high are the halves of its class's key;
///          after: .place is its place in the walk, .low and .high are the keys of the walk
inline void enter_walks(window_block const& windows, std::uint32_t epoch, std::size_t count,
                        walk_block& walks) noexcept {
  dispatch<kernels::enter_walks>(&windows, epoch, count, &walks);
}

}  // namespace evendraw::detail
