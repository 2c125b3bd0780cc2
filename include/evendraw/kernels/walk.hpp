// Blocks of places in walks: each in a random order of its own class.
#pragma once

#include <cstddef>
#include <cstdint>

#include <evendraw/detail/blocks.hpp>
#include <evendraw/kernels/dispatch.hpp>

namespace evendraw::detail {

/// Mixes 32 bits; a bijection.
///
/// Source     lowbias32: Wellons, Prospecting for Hash Functions, 2018
constexpr std::uint32_t mix32(std::uint32_t x) noexcept {
  x = (x ^ (x >> 16)) * 0x7feb352du;
  x = (x ^ (x >> 15)) * 0x846ca68bu;
  return x ^ (x >> 16);
}

/// The keys of one walk through a class.
struct walk_keys {
  std::uint32_t low;
  std::uint32_t high;
};

/// Those of walk `number`, of a class that has a uniform 64-bit key.
constexpr walk_keys keys_of_walk(std::uint32_t low, std::uint32_t high, std::uint32_t number) noexcept {
  low = mix32(low + number * 0x9e3779b9u);
  return {low, mix32(high + low)};
}

template <int Skipped>
constexpr std::uint32_t walk_round(std::uint32_t x, std::uint32_t mask, std::uint32_t shift, walk_keys keys) noexcept {
  x = (x * (keys.low >> Skipped | 1) + (keys.high >> Skipped)) & mask;
  return x ^ (x >> shift);
}

/// A bijection of the numbers up to `mask`, which is 2^bits - 1: eight rounds of multiply, add and xor-shift. Each round
/// takes other bits of the keys, since numbers of few bits see few of them.
///
/// A walk decides which samples of a class share an epoch or a batch, and the epoch's own order does the rest. So it has
/// to meet less than a shuffle: every pair and triple of samples is equally likely to share a window.
constexpr std::uint32_t walk_once(std::uint32_t x, std::uint32_t mask, std::uint32_t shift, walk_keys keys) noexcept {
  x = walk_round<0>(x, mask, shift, keys);
  x = walk_round<5>(x, mask, shift, keys);
  x = walk_round<11>(x, mask, shift, keys);
  x = walk_round<17>(x, mask, shift, keys);
  x = walk_round<3>(x, mask, shift, keys);
  x = walk_round<8>(x, mask, shift, keys);
  x = walk_round<14>(x, mask, shift, keys);
  return walk_round<20>(x, mask, shift, keys);
}

/// Up to block_size places, each in a walk of its own. A lane with last = 0 has place 0 and keeps it.
struct walk_block {
  block_of<std::uint32_t> place;  // at most last
  block_of<std::uint32_t> last;   // n - 1, below 2^32 - 1
  block_of<std::uint32_t> bits;   // bit_width(n - 1), but 1 for n = 1
  block_of<std::uint32_t> low;    // the walk's keys
  block_of<std::uint32_t> high;

  /// Nothing to do in this lane.
  void skip(std::size_t i) noexcept {
    place[i] = last[i] = low[i] = high[i] = 0;
    bits[i] = 1;
  }

  /// Fills in what is missing to whole groups.
  void fill_up(std::size_t count) noexcept {
    for (std::size_t i = count; i % group_size != 0; ++i) skip(i);
  }

  /// Replaces the first `count` places by what stands there; uses up the rest. Whole groups must be filled in.
  void run(std::size_t count) noexcept;
};

namespace kernels {

/// All take a step, for whole groups.
inline void step(walk_block const* __restrict walks, std::size_t count, std::uint32_t* __restrict x) noexcept {
  for (std::size_t group = 0; group < count; group += group_size) {
    for (std::size_t lane = 0; lane < group_size; ++lane) {
      std::size_t const i = group + lane;
      std::uint32_t const bits = walks->bits[i], any = 0u - static_cast<std::uint32_t>(walks->last[i] != 0);
      x[i] = walk_once(x[i], ~0u >> (32 - bits) & any, (bits + 1) / 2, {walks->low[i], walks->high[i]});
    }
  }
}

/// All take a step, then those that are still above their last place, together, until none is left.
inline void run_walks(walk_block* walks, std::size_t count) noexcept {
  step(walks, count, walks->place);
  block_of<std::uint32_t> x, asked_by;
  std::size_t walkers = 0;
  for (std::size_t i = 0; i < count; ++i) {
    asked_by[walkers] = static_cast<std::uint32_t>(i);
    walkers += static_cast<std::size_t>(walks->place[i] > walks->last[i]);
  }
  for (std::size_t i = 0; i < walkers; ++i) {
    std::size_t const from = asked_by[i];
    x[i] = walks->place[from];
    walks->last[i] = walks->last[from];
    walks->bits[i] = walks->bits[from];
    walks->low[i] = walks->low[from];
    walks->high[i] = walks->high[from];
    forbid_gather();
  }
  while (walkers > 0) {
    for (std::size_t i = walkers; i % group_size != 0; ++i) x[i] = 0;  // read, but not used
    step(walks, walkers, x);
    std::size_t left = 0;
    for (std::size_t i = 0; i < walkers; ++i) {
      std::uint32_t const number = x[i], last = walks->last[i];
      walks->place[asked_by[i]] = number;
      x[left] = number;
      walks->last[left] = last;
      walks->bits[left] = walks->bits[i];
      walks->low[left] = walks->low[i];
      walks->high[left] = walks->high[i];
      asked_by[left] = asked_by[i];
      left += static_cast<std::size_t>(number > last);
    }
    walkers = left;
  }
}

}  // namespace kernels

inline void walk_block::run(std::size_t count) noexcept { dispatch<kernels::run_walks>(this, count); }

}  // namespace evendraw::detail
