// Many places at once, each in a permutation of its own.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <evendraw/detail/blocks.hpp>
#include <evendraw/random/counter_random.hpp>
#include <evendraw/random/permutation.hpp>

namespace evendraw::detail {

/// Up to block_size places, each of them in its own permutation(n, key), for 1 <= n < 2^32: the same numbers as from
/// permutation's call, several times faster. For use inside of run_vectorised; whole groups must be filled in.
struct permutation_block {
  block_of<std::uint64_t> key;
  block_of<std::uint32_t> last;   // n - 1
  block_of<std::uint32_t> bits;   // bit_width(n - 1), but 1 for n = 1
  block_of<std::uint32_t> place;  // below n

  /// Fills in what is missing to whole groups.
  [[gnu::always_inline]] void fill_up(std::size_t count) noexcept {
    for (std::size_t i = count; i % group_size != 0; ++i) {
      key[i] = last[i] = place[i] = 0;
      bits[i] = 1;
    }
  }

  /// Replaces the first `count` places by what stands there; uses up the rest. All take a walk, then those that are
  /// still outside of their [0, n), together, until none is left.
  [[gnu::always_inline]] void apply(std::size_t count) noexcept {
    auto const exact = start(count);
    walk(place, count);
    std::size_t walkers = keep_those_outside(place, count);
    for (; walkers > 0; walkers = keep_those_outside(x, walkers)) {
      walk(x, walkers);
      for (std::size_t i = 0; i < walkers; ++i) {
        place[asked_by[i]] = x[i];
        one_by_one();
      }
    }
    for (std::size_t i = 0; i < exact; ++i) place[exact_place[i]] = exact_number[i];
  }

 private:
  /// Sets out; the small sizes that are permuted otherwise are answered at once. Returns their number.
  [[gnu::always_inline]] std::size_t start(std::size_t count) noexcept {
    std::uint32_t smallest = std::numeric_limits<std::uint32_t>::max();
    for_each_in_groups(count, [&](std::size_t i) {
      key[i] = mix64(unmixed_word(key[i], 0));
      factor[i] = static_cast<std::uint32_t>(key[i]);
      term[i] = static_cast<std::uint32_t>(key[i] >> 32);
      asked_by[i] = static_cast<std::uint32_t>(i);
      smallest = last[i] < smallest ? last[i] : smallest;
    });
    if (smallest >= largest_exact_permutation) return 0;
    std::size_t exact = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (last[i] >= largest_exact_permutation) continue;
      exact_place[exact] = static_cast<std::uint32_t>(i);
      exact_number[exact++] = static_cast<std::uint32_t>(exchange(place[i], last[i] + std::uint64_t{1}, key[i]));
    }
    return exact;
  }

  [[gnu::always_inline]] void walk(block_of<std::uint32_t>& numbers, std::size_t walkers) noexcept {
    std::uint32_t most_passes = 0;
    for_each_in_groups(walkers, [&](std::size_t i) {
      next_factor[i] = factor[i];
      next_term[i] = term[i];
      std::uint32_t const passes = scrambler<std::uint32_t>{bits[i], 0, 0}.passes();
      most_passes = passes > most_passes ? passes : most_passes;
    });
    for (std::uint32_t pass = 0; pass < most_passes; ++pass) {
      for_each_in_groups(walkers, [&](std::size_t i) {
        scrambler<std::uint32_t> keys{bits[i], next_factor[i], next_term[i]};
        std::uint32_t const scrambled = keys.four_rounds(numbers[i]);
        numbers[i] = pass < keys.passes() ? scrambled : numbers[i];
        next_factor[i] = keys.factor;
        next_term[i] = keys.term;
      });
    }
  }

  [[gnu::always_inline]] std::size_t keep_those_outside(block_of<std::uint32_t> const& numbers,
                                                        std::size_t walkers) noexcept {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < walkers; ++i) {
      outside[kept] = static_cast<std::uint32_t>(i);
      kept += static_cast<std::size_t>(numbers[i] > last[i]);
    }
    for (std::size_t i = 0; i < kept; ++i) {
      std::size_t const from = outside[i];
      x[i] = numbers[from];
      last[i] = last[from];
      bits[i] = bits[from];
      factor[i] = factor[from];
      term[i] = term[from];
      asked_by[i] = asked_by[from];
      one_by_one();
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

}  // namespace evendraw::detail
