// Many places at once, each in a permutation of its own.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include <evendraw/core/blocks.hpp>
#include <evendraw/core/counter_random.hpp>
#include <evendraw/core/permutation.hpp>

namespace evendraw::detail {

/// Up to block_size places, each of which is looked up in its own permutation(n, key): the same numbers as from
/// permutation's call, several times faster. For use inside of run_vectorised.
class permutation_block {
 public:
  /// Asks what stands at `place` of permutation(n, key); apply() answers to result[i].
  [[gnu::always_inline]] void ask(std::size_t i, std::uint64_t n, std::uint64_t key, std::uint64_t place,
                                  block_of<std::uint64_t>& result) noexcept {
    result[i] = place;
    std::uint64_t const last = n - 1;
    if (last < largest_exact_permutation || last >> 32 != 0) {  // seldom: classes so small give few draws
      result[i] = permutation(n, key)(place);
      return;
    }
    x_[walkers_] = static_cast<std::uint32_t>(place);
    last_[walkers_] = static_cast<std::uint32_t>(last);
    bits_[walkers_] = static_cast<std::uint32_t>(std::bit_width(last));
    key_[walkers_] = unmixed_word(key, 0);
    asked_by_[walkers_] = static_cast<std::uint32_t>(i);
    ++walkers_;
  }

  /// All walk, then those that are outside of their [0, n), together, until none is left.
  [[gnu::always_inline]] void apply(block_of<std::uint64_t>& result) noexcept {
    for_each_in_groups(walkers_, [this](std::size_t i) {
      std::uint64_t const word = mix64(key_[i]);
      factor_[i] = static_cast<std::uint32_t>(word);
      term_[i] = static_cast<std::uint32_t>(word >> 32);
    });
    while (walkers_ > 0) {
      walk();
      for (std::size_t i = 0; i < walkers_; ++i) result[asked_by_[i]] = x_[i];
      keep_those_outside();
    }
  }

 private:
  [[gnu::always_inline]] void walk() noexcept {
    std::uint32_t most_passes = 0;
    for_each_in_groups(walkers_, [&](std::size_t i) {
      bits_[i] = i < walkers_ ? bits_[i] : 32;  // what fills up the last group needs no third pass
      keys_[i] = factor_[i];
      more_keys_[i] = term_[i];
      std::uint32_t const passes = scrambler<std::uint32_t>{bits_[i], 0, 0}.passes();
      most_passes = passes > most_passes ? passes : most_passes;
    });
    for (std::uint32_t pass = 0; pass < most_passes; ++pass) {
      for_each_in_groups(walkers_, [&](std::size_t i) {
        scrambler<std::uint32_t> keys{bits_[i], keys_[i], more_keys_[i]};
        std::uint32_t const scrambled = keys.four_rounds(x_[i]);
        x_[i] = pass < keys.passes() ? scrambled : x_[i];
        keys_[i] = keys.factor;
        more_keys_[i] = keys.term;
      });
    }
  }

  [[gnu::always_inline]] void keep_those_outside() noexcept {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < walkers_; ++i) {
      outside_[kept] = static_cast<std::uint32_t>(i);
      kept += static_cast<std::size_t>(x_[i] > last_[i]);
    }
    for (std::size_t i = 0; i < kept; ++i) {
      std::size_t const from = outside_[i];
      x_[i] = x_[from];
      last_[i] = last_[from];
      bits_[i] = bits_[from];
      factor_[i] = factor_[from];
      term_[i] = term_[from];
      asked_by_[i] = asked_by_[from];
    }
    walkers_ = kept;
  }

  std::size_t walkers_ = 0;
  alignas(64) block_of<std::uint32_t> x_;
  block_of<std::uint32_t> last_;
  block_of<std::uint32_t> bits_;
  block_of<std::uint32_t> factor_;  // the keys that a walk starts with
  block_of<std::uint32_t> term_;
  block_of<std::uint32_t> keys_;  // the keys of the next rounds
  block_of<std::uint32_t> more_keys_;
  block_of<std::uint32_t> asked_by_;
  block_of<std::uint32_t> outside_;
  block_of<std::uint64_t> key_;
};

}  // namespace evendraw::detail
