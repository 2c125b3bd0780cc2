// Random words: the engine that the peers are given, and the words that the limits are made of.
#pragma once

#include <bit>
#include <cstdint>
#include <limits>

namespace benchmark {

/// Word number `counter` of the sequence `key`: SplitMix64, entered at any place. Steele, Lea & Flood, OOPSLA 2014.
constexpr std::uint64_t splitmix64(std::uint64_t key, std::uint64_t counter) noexcept {
  std::uint64_t z = key + (counter + 1) * 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

/// A number in [0, n) from a word, by a product: Lemire, ACM TOMACS 29(1), 2019.
constexpr std::uint64_t below(std::uint64_t word, std::uint64_t n) noexcept {
  __extension__ using uint128 = unsigned __int128;
  return static_cast<std::uint64_t>(static_cast<uint128>(word) * n >> 64);
}

/// xoshiro256++, faster than any engine of the standard library. Blackman & Vigna, ACM TOMS 47(4), 2021.
class xoshiro256pp {
 public:
  using result_type = std::uint64_t;

  explicit constexpr xoshiro256pp(std::uint64_t seed) noexcept {
    for (std::uint64_t i = 0; i < 4; ++i) state_[i] = splitmix64(seed, i);
  }

  static constexpr result_type min() noexcept { return 0; }
  static constexpr result_type max() noexcept { return std::numeric_limits<result_type>::max(); }

  constexpr result_type operator()() noexcept {
    result_type const result = std::rotl(state_[0] + state_[3], 23) + state_[0];
    result_type const shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

 private:
  result_type state_[4];
};

}  // namespace benchmark
