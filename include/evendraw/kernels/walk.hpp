// Blocks of places in walks. Each place of a block may belong to the walk of a different class.
#pragma once

#include <cstddef>
#include <cstdint>

#include <evendraw/detail/blocks.hpp>
#include <evendraw/detail/mixing.hpp>
#include <evendraw/detail/prefetching.hpp>
#include <evendraw/kernels/dispatch.hpp>
#include <evendraw/kernels/lanes.hpp>

namespace evendraw::detail {

/// A bijection that mixes 32 bits.
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

  [[nodiscard]] constexpr walk_keys skip(int num_bits) const noexcept { return {low >> num_bits, high >> num_bits}; }
};

/// The keys of walk `number` of a class, from the halves of the class's uniform 64-bit key.
constexpr walk_keys keys_of_walk(std::uint32_t low, std::uint32_t high, std::uint32_t number) noexcept {
  low = mix32(low + number * 0x9e3779b9u);
  return {low, mix32(high + low)};
}

template <int Skipped>
constexpr std::uint32_t walk_round(std::uint32_t x, std::uint32_t mask, std::uint32_t shift, walk_keys keys) noexcept {
  x = (x * (keys.low >> Skipped | 1) + (keys.high >> Skipped)) & mask;
  return x ^ (x >> shift);
}

/// A bijection of the numbers up to `mask` = 2^bits - 1: eight rounds of multiply, add and xor-shift. If the numbers
/// have few bits, a round uses only a few bits of the keys, so each round uses different ones.
///
/// A walk only decides which samples of a class share an epoch or a batch; their order comes from a shuffle of the
/// epoch. So a walk needs less quality than a shuffle: every pair and every triple of samples is equally likely to
/// share a window.
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

/// A bijection of the numbers up to `last`. It repeats walk_once() until the number is at most `last`. This is cycle
/// walking.
constexpr std::uint32_t walk_below(std::uint32_t x, std::uint32_t last, std::uint32_t bits, walk_keys keys) noexcept {
  do {
    x = walk_once(x, ~0u >> (32 - bits), (bits + 1) / 2, keys);
  } while (x > last);
  return x;
}

/// A walk that all places of a block share. permute() uses it.
struct common_walk {
  walk_keys keys;
  std::uint32_t bits;

  [[nodiscard]] constexpr std::uint32_t walk(std::uint32_t x, std::uint32_t last) const noexcept {
    return walk_below(x, last, bits, keys);
  }
  [[gnu::always_inline]] void scramble(std::size_t count, block_of<std::uint32_t>& x,
                                       prefetcher& meanwhile) const noexcept {
    constexpr int skipped[]{0, 5, 11, 17, 3, 8, 14, 20};  // as walk_once() does
    std::uint32_t const mask = ~0u >> (32 - bits), shift = (bits + 1) / 2;
    for (std::size_t round = 0; round < 8; round += 2) {
      walk_keys const first = keys.skip(skipped[round]), second = keys.skip(skipped[round + 1]);
      for_each_in_groups(count, meanwhile, [=, &x](std::size_t i) {
        x[i] = walk_round<0>(walk_round<0>(x[i], mask, shift, first), mask, shift, second);
      });
    }
  }
};

template <int Skipped>
constexpr std::uint32_t undo_walk_round(std::uint32_t x, std::uint32_t mask, std::uint32_t shift,
                                        walk_keys keys) noexcept {
  x ^= x >> shift;
  return (x - (keys.high >> Skipped)) * inverse_of_odd(keys.low >> Skipped | 1) & mask;
}

/// The inverse of walk_once().
constexpr std::uint32_t undo_walk_once(std::uint32_t x, std::uint32_t mask, std::uint32_t shift,
                                       walk_keys keys) noexcept {
  x = undo_walk_round<20>(x, mask, shift, keys);
  x = undo_walk_round<14>(x, mask, shift, keys);
  x = undo_walk_round<8>(x, mask, shift, keys);
  x = undo_walk_round<3>(x, mask, shift, keys);
  x = undo_walk_round<17>(x, mask, shift, keys);
  x = undo_walk_round<11>(x, mask, shift, keys);
  x = undo_walk_round<5>(x, mask, shift, keys);
  return undo_walk_round<0>(x, mask, shift, keys);
}

/// The number of lanes in a group. It is smaller than group_size, because few lanes are left after some steps.
inline constexpr std::size_t walk_group_size = 16;

/// Up to block_size places, each with its own walk. A lane with last = 0 has place 0 and keeps it.
struct walk_block {
  block_of<std::uint32_t> place;  // at most last
  block_of<std::uint32_t> last;   // n - 1, below 2^32 - 1
  block_of<std::uint32_t> bits;   // bit_width(n - 1), or 1 for n = 1
  block_of<std::uint32_t> low;    // the walk's keys
  block_of<std::uint32_t> high;

  /// Gives this lane nothing to do.
  void skip(std::size_t i) noexcept {
    place[i] = last[i] = low[i] = high[i] = 0;
    bits[i] = 1;
  }

  /// Replaces each of the first `count` places by the number of the member that the walk has there. Overwrites the
  /// other arrays. The last group must be filled.
  void run(std::size_t count) noexcept;
};

namespace kernels {

/// Makes the keys of walks from the halves of the keys of their classes, in whole groups.
inline void begin_walks(std::uint32_t const* __restrict numbers, std::size_t count,
                        walk_block* __restrict walks) noexcept {
  for (std::size_t group = 0; group < count; group += walk_group_size) {
    for (std::size_t lane = 0; lane < walk_group_size; ++lane) {
      std::size_t const i = group + lane;
      auto const keys = keys_of_walk(walks->low[i], walks->high[i], numbers[i]);
      walks->low[i] = keys.low;
      walks->high[i] = keys.high;
    }
  }
}

/// Takes a step in every lane, in whole groups.
[[gnu::always_inline]] inline void step(walk_block const* __restrict walks, std::size_t count,
                                        std::uint32_t* __restrict x) noexcept {
  for (std::size_t group = 0; group < count; group += walk_group_size) {
    for (std::size_t lane = 0; lane < walk_group_size; ++lane) {
      std::size_t const i = group + lane;
      std::uint32_t const bits = walks->bits[i], any = 0u - static_cast<std::uint32_t>(walks->last[i] != 0);
      x[i] = walk_once(x[i], ~0u >> (32 - bits) & any, (bits + 1) / 2, {walks->low[i], walks->high[i]});
    }
  }
}

/// Lists the lanes with x > last, in whole groups.
[[gnu::always_inline]] inline std::size_t list_above(std::uint32_t const* __restrict x,
                                                     std::uint32_t const* __restrict last, std::size_t count,
                                                     std::uint16_t* __restrict lanes) noexcept {
  block_of<std::uint8_t> marks;
  for (std::size_t group = 0; group < count; group += walk_group_size) {
    for (std::size_t lane = 0; lane < walk_group_size; ++lane) {
      marks[group + lane] = x[group + lane] > last[group + lane];
    }
  }
  for (std::size_t i = count; i % 8 != 0; ++i) marks[i] = 0;
  return list_marked(marks, count, lanes);
}

/// Moves the walks of some lanes, in ascending order, to the front.
[[gnu::always_inline]] inline void move_to_front(walk_block* walks, std::uint16_t const* lanes,
                                                 std::size_t count) noexcept {
  for (std::size_t k = 0; k < count; ++k) {
    std::size_t const i = lanes[k];
    walks->last[k] = walks->last[i];
    walks->bits[k] = walks->bits[i];
    walks->low[k] = walks->low[i];
    walks->high[k] = walks->high[i];
    forbid_gather();
  }
}

/// Takes a step in every lane of a list, and again in those that are still above their `last`, until none is left. x[k]
/// belongs to place[walker[k]].
[[gnu::always_inline]] inline void step_in_turns(walk_block* walks, std::uint16_t const* walker, std::uint32_t* x,
                                                 std::uint16_t* left, std::size_t num_left) noexcept {
  while (num_left > 0) {
    std::size_t still_left = 0;
    for (std::size_t i = 0; i < num_left; ++i) {
      std::size_t const k = left[i];
      std::uint32_t const bits = walks->bits[k];
      x[k] = walk_once(x[k], ~0u >> (32 - bits), (bits + 1) / 2, {walks->low[k], walks->high[k]});
      walks->place[walker[k]] = x[k];
      left[still_left] = static_cast<std::uint16_t>(k);
      still_left += static_cast<std::size_t>(x[k] > walks->last[k]);
      forbid_gather();
    }
    num_left = still_left;
  }
}

/// Takes a step in every lane. Lanes whose number is then above their `last` take further steps: together, and in turns
/// when only a few are left after such a step.
inline void run_walks(walk_block* walks, std::size_t count) noexcept {
  constexpr std::size_t few = 8;  // with fewer lanes, vector instructions are not faster
  step(walks, count, walks->place);
  lane_list walker;  // x[k] belongs to place[walker[k]]
  std::size_t walkers = list_above(walks->place, walks->last, count, walker);
  block_of<std::uint32_t> x;
  for (std::size_t k = 0; k < walkers; ++k) {
    x[k] = walks->place[walker[k]];
    forbid_gather();
  }
  move_to_front(walks, walker, walkers);

  lane_list left;  // the k for which x[k] needs another step
  std::size_t num_left = 0;
  while (walkers > 0) {
    for (std::size_t k = walkers; k % walk_group_size != 0; ++k) x[k] = 0;  // step() reads these, but nothing uses them
    step(walks, walkers, x);
    num_left = 0;
    for (std::size_t k = 0; k < walkers; ++k) {
      walks->place[walker[k]] = x[k];
      left[num_left] = static_cast<std::uint16_t>(k);
      num_left += static_cast<std::size_t>(x[k] > walks->last[k]);
    }
    if (num_left <= few) break;
    for (std::size_t k = 0; k < num_left; ++k) {
      x[k] = x[left[k]];
      walker[k] = walker[left[k]];
      forbid_gather();
    }
    move_to_front(walks, left, num_left);
    walkers = num_left;
  }
  step_in_turns(walks, walker, x, left, num_left);
}

}  // namespace kernels

/// Makes the keys of walks. Before the call, walks.low and walks.high are the halves of each class's key; after it,
/// they are the keys of that class's walk numbers[i]. Reads and writes whole groups. (`numbers` is not const, since GCC
/// would then warn of blocks that it does not see filled.)
inline void begin_walks(block_of<std::uint32_t>& numbers, std::size_t count, walk_block& walks) noexcept {
  dispatch<kernels::begin_walks>(numbers, count, &walks);
}

inline void walk_block::run(std::size_t count) noexcept { dispatch<kernels::run_walks>(this, count); }

}  // namespace evendraw::detail
