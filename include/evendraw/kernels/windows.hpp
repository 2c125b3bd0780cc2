// Blocks of draws from windows of walks (see rolling_window): finds the place of each draw in its walk.
#pragma once

#include <cstddef>
#include <cstdint>

#include <evendraw/detail/blocks.hpp>
#include <evendraw/detail/coverage_cycle.hpp>
#include <evendraw/kernels/dispatch.hpp>
#include <evendraw/kernels/walk.hpp>

namespace evendraw::detail {

/// A class whose numbers all fit into 32 bits. In every epoch it gives a window of a walk (see rolling_window).
struct narrow_class {
  std::uint32_t begin;      // the place of its first member
  std::uint32_t last;       // the number of its members, less 1
  std::uint32_t bits;       // see walk_block
  std::uint32_t low, high;  // the halves of its key
  std::uint32_t step, cycle_length, reciprocal;
};

namespace kernels {

template <class Count>
void window_places(Count n, Count start, Count first, Count stride, std::size_t count, Count* places) noexcept {
  rolling_window<Count> const window(n, 1, 1, 1);
  for (std::size_t group = 0; group < count; group += group_size) {
    for (Count lane = 0; lane < group_size; ++lane) {
      places[group + lane] = window.place(start, first + lane * stride);
    }
    first += static_cast<Count>(group_size) * stride;
  }
}

// GCC turns this into vector instructions only because it uses all eight values of a class.
inline void enter_walks(narrow_class* __restrict classes, std::uint32_t epoch, std::size_t count,
                        std::uint32_t* __restrict begins, walk_block* __restrict walks) noexcept {
  for (std::size_t group = 0; group < count; group += walk_group_size) {
    for (std::size_t lane = 0; lane < walk_group_size; ++lane) {
      std::size_t const i = group + lane;
      std::uint32_t const last = classes[i].last;
      rolling_window<std::uint32_t> const window(last + 1, classes[i].step, classes[i].cycle_length,
                                                 classes[i].reciprocal);
      auto const [cycle, start] = window.start_of_early(epoch);
      auto const keys = keys_of_walk(classes[i].low, classes[i].high, static_cast<std::uint32_t>(cycle));
      walks->low[i] = keys.low;
      walks->high[i] = keys.high;
      walks->last[i] = last;
      begins[i] = classes[i].begin;
      walks->bits[i] = classes[i].bits;
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

/// Finds the walk that the class of each draw is in at an epoch, and the place of the draw in that walk.
///
///   classes  the class of each draw, in whole groups; not const, since GCC would then warn of blocks that it does not
///            see filled
///   begins   becomes the places of the first members of the classes
///   walks    before: .place is the draw's ordinal in its window; after: all that run() needs
inline void enter_walks(narrow_class* classes, std::uint32_t epoch, std::size_t count, block_of<std::uint32_t>& begins,
                        walk_block& walks) noexcept {
  dispatch<kernels::enter_walks>(classes, epoch, count, begins, &walks);
}

}  // namespace evendraw::detail
