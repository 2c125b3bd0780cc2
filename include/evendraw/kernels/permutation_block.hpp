// Many places at once, each in a permutation of its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include <evendraw/detail/blocks.hpp>
#include <evendraw/detail/mixing.hpp>
#include <evendraw/kernels/dispatch.hpp>
#include <evendraw/kernels/permutation.hpp>

namespace evendraw::detail {

/// Up to block_size places, each of them in its own permutation(n, key), for 1 <= n < 2^32: the same numbers as from
/// permutation's call, several times faster.
struct permutation_block {
  block_of<std::uint64_t> key;
  block_of<std::uint32_t> last;   // n - 1
  block_of<std::uint32_t> bits;   // bit_width(n - 1), but 1 for n = 1
  block_of<std::uint32_t> place;  // below n
  block_of<std::uint64_t> begin;  // what is added to the number that stands there

  /// Fills in what is missing to whole groups.
  void fill_up(std::size_t count) noexcept {
    for (std::size_t i = count; i % group_size != 0; ++i) {
      key[i] = last[i] = place[i] = 0;
      begin[i] = 0;
      bits[i] = 1;
    }
  }

  /// Adds to each of the first `count` begins what stands at its place; uses up the rest.
  void apply(std::size_t count) noexcept;
};

namespace kernels {

/// The places of a permutation_block on their way: all take a walk, then those that are still outside of their [0, n),
/// together, until none is left.
class block_walk {
 public:
  static void run(permutation_block* block, std::size_t count) noexcept {
    block_walk walk;  // its arrays are left unset
    walk.walk_all(*block, count);
  }

 private:
  void walk_all(permutation_block& block, std::size_t count) noexcept {
    std::size_t const exact = start(block, count);
    walk(block.place, block.bits, count);
    std::size_t walkers = keep_those_outside(block, block.place, count);
    for (; walkers > 0; walkers = keep_those_outside(block, x, walkers)) {
      walk(x, block.bits, walkers);
      for (std::size_t i = 0; i < walkers; ++i) {
        block.place[asked_by[i]] = x[i];
        forbid_gather();
      }
    }
    for (std::size_t i = 0; i < exact; ++i) block.place[exact_place[i]] = exact_number[i];
    for (std::size_t group = 0; group < count; group += group_size) {
      for (std::size_t lane = 0; lane < group_size; ++lane) block.begin[group + lane] += block.place[group + lane];
    }
  }

  /// Sets out; the small sizes that are permuted otherwise are answered at once. Returns their number.
  std::size_t start(permutation_block& block, std::size_t count) noexcept {
    std::uint32_t smallest = std::numeric_limits<std::uint32_t>::max();
    for (std::size_t group = 0; group < count; group += group_size) {
      for (std::size_t lane = 0; lane < group_size; ++lane) {
        std::size_t const i = group + lane;
        std::uint64_t const keys = mix64(unmixed_word(block.key[i], 0));
        block.key[i] = keys;
        factor[i] = static_cast<std::uint32_t>(keys);
        term[i] = static_cast<std::uint32_t>(keys >> 32);
        asked_by[i] = static_cast<std::uint32_t>(i);
        smallest = block.last[i] < smallest ? block.last[i] : smallest;
      }
    }
    if (smallest >= largest_exact_permutation) return 0;
    std::size_t exact = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (block.last[i] >= largest_exact_permutation) continue;
      exact_place[exact] = static_cast<std::uint32_t>(i);
      exact_number[exact++] =
          static_cast<std::uint32_t>(exchange(block.place[i], block.last[i] + std::uint64_t{1}, block.key[i]));
    }
    return exact;
  }

  void walk(std::uint32_t* __restrict numbers, std::uint32_t const* __restrict bits, std::size_t walkers) noexcept {
    std::uint32_t most_passes = 0;
    for (std::size_t group = 0; group < walkers; group += group_size) {
      for (std::size_t lane = 0; lane < group_size; ++lane) {
        std::size_t const i = group + lane;
        next_factor[i] = factor[i];
        next_term[i] = term[i];
        std::uint32_t const passes = scrambler<std::uint32_t>{bits[i], 0, 0}.passes();
        most_passes = passes > most_passes ? passes : most_passes;
      }
    }
    for (std::uint32_t pass = 0; pass < most_passes; ++pass) {
      for (std::size_t group = 0; group < walkers; group += group_size) {
        for (std::size_t lane = 0; lane < group_size; ++lane) {
          std::size_t const i = group + lane;
          scrambler<std::uint32_t> keys{bits[i], next_factor[i], next_term[i]};
          std::uint32_t const scrambled = keys.four_rounds(numbers[i]);
          numbers[i] = pass < keys.passes() ? scrambled : numbers[i];
          next_factor[i] = keys.factor;
          next_term[i] = keys.term;
        }
      }
    }
  }

  std::size_t keep_those_outside(permutation_block& block, std::uint32_t const* numbers, std::size_t walkers) noexcept {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < walkers; ++i) {
      outside[kept] = static_cast<std::uint32_t>(i);
      kept += static_cast<std::size_t>(numbers[i] > block.last[i]);
    }
    for (std::size_t i = 0; i < kept; ++i) {
      std::size_t const from = outside[i];
      x[i] = numbers[from];
      block.last[i] = block.last[from];
      block.bits[i] = block.bits[from];
      factor[i] = factor[from];
      term[i] = term[from];
      asked_by[i] = asked_by[from];
      forbid_gather();
    }
    for (std::size_t i = kept; i % group_size != 0; ++i) x[i] = 0;  // what fills up the last group is read, too
    return kept;
  }

  block_of<std::uint32_t> x;         // a walker's number,
  block_of<std::uint32_t> asked_by;  // the place that it belongs to,
  block_of<std::uint32_t> factor;    // the keys of its first round
  block_of<std::uint32_t> term;
  block_of<std::uint32_t> next_factor;  // and of the next one
  block_of<std::uint32_t> next_term;
  block_of<std::uint32_t> outside;
  block_of<std::uint32_t> exact_place;
  block_of<std::uint32_t> exact_number;
};

}  // namespace kernels

inline void permutation_block::apply(std::size_t count) noexcept { dispatch<kernels::block_walk::run>(this, count); }

}  // namespace evendraw::detail
