// Random words by number. random_word(key, i) needs no state, so every position of a sequence has its own words.
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <type_traits>

#include <evendraw/detail/mixing.hpp>
#include <evendraw/detail/uint128.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

/// Options where only the seed can be chosen.
struct seed_options {
  std::uint64_t seed = 0;  ///< chooses the split, the quotas or the draws
};

/// A uniform number in [0, n): the high half of word * n.
///
///   word  64 uniform random bits
///   n     the number of numbers to choose from
///
/// Edge       n = 0 or 1: 0
/// Exact      each probability is off by at most 2^-64
/// Cost       one multiplication and exactly one word, since nothing is rejected
/// Source     Lemire, ACM Transactions on Modeling and Computer Simulation 29(1), 2019
constexpr std::uint64_t bounded(std::uint64_t word, std::uint64_t n) noexcept { return detail::multiply(word, n).high; }

/// Mixes 64 bits: a bijection, every bit of whose result depends on every bit of its argument.
using detail::mix64;

/// Random word number `counter` of the sequence `key`. It equals that word of SplitMix64 started at `key`, and is
/// computed without the words before it.
///
/// Cost       O(1), about 1 ns
/// Stable     the same on every platform
/// Source     Steele, Lea, Flood, Fast splittable pseudorandom number generators, OOPSLA 2014
constexpr std::uint64_t random_word(std::uint64_t key, std::uint64_t counter) noexcept {
  return mix64(detail::unmixed_word(key, counter));
}

/// The purpose of a sequence of words. Each purpose has its own sequence.
enum class random_stream : std::uint64_t {
  draw = 0,     ///< the choice of a class or an alias slot at a position
  member = 1,   ///< the choice of a member of the class at a position
  order = 2,    ///< the permutation of an epoch's positions
  walk = 3,     ///< the permutation of a class's members in a walk
  augment = 4,  ///< the words that draws::word gives to the user
  split = 5,    ///< the parts of a split that samples go to
  quota = 6,    ///< the rounding of quotas
};

/// The key of one stream of one epoch of one seed. It is hashed, so that seed 1, epoch 0 differs from seed 0, epoch 1.
constexpr std::uint64_t stream_key(std::uint64_t seed, std::uint64_t epoch, random_stream stream) noexcept {
  std::uint64_t const seeded = mix64(seed + 0x3c6ef372fe94f82bu);
  std::uint64_t const epoch_key = mix64(seeded ^ (epoch * 0xd1342543de82ef95u + 0xa54ff53a5f1d36f1u));
  return mix64(epoch_key + static_cast<std::uint64_t>(stream) * 0xaef17502108ef2d9u + 1);
}

namespace detail {

/// The same as std::uniform_random_bit_generator, whose header takes long to compile.
template <class Engine>
concept random_bit_generator =
    std::invocable<Engine&> && std::unsigned_integral<std::invoke_result_t<Engine&>> && requires {
  { Engine::min() } -> std::same_as<std::invoke_result_t<Engine&>>;
  { Engine::max() } -> std::same_as<std::invoke_result_t<Engine&>>;
  requires Engine::min()
  < Engine::max();
};

/// 64 random bits from any standard generator, whatever its range.
///
///   engine  the generator to call
///
/// Cost       one call of a 64-bit generator, or two calls of a 32-bit one. For other generators it uses whole bits of
///            their range and rejects some numbers: it calls std::minstd_rand about six times
template <random_bit_generator Engine>
constexpr std::uint64_t word_from(Engine& engine) {
  constexpr std::uint64_t range = std::uint64_t{Engine::max()} - std::uint64_t{Engine::min()};
  auto const next = [&engine] { return std::uint64_t{engine()} - std::uint64_t{Engine::min()}; };
  if constexpr (range == ~std::uint64_t{0}) {
    return next();
  } else {
    constexpr int bits = std::bit_width(range + 1) - 1;  // whole random bits in one call
    std::uint64_t result = 0;
    for (int have = 0; have < 64; have += bits) {
      std::uint64_t part = next();
      while (part >> bits != 0) part = next();
      result = result << bits | part;
    }
    return result;
  }
}

}  // namespace detail

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
