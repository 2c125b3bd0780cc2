// Chosen words instead of random ones. They make complete enumeration possible.
#pragma once

#include <cstdint>
#include <utility>

#include <evendraw/random/counter_random.hpp>

namespace words {

/// The middle of cell i when the 2^64 words are cut into `cells` equal cells.
constexpr std::uint64_t middle(std::uint64_t i, std::uint64_t cells) {
  std::uint64_t const width = ~std::uint64_t{0} / cells;
  return i * width + i * (~std::uint64_t{0} % cells) / cells + width / 2;
}

/// The inverse of a ^ (a >> by).
constexpr std::uint64_t undo_xorshift(std::uint64_t b, int shift) {
  std::uint64_t a = b;
  for (int known = shift; known < 64; known += shift) a = b ^ (a >> shift);
  return a;
}

/// The inverse of mix64: the constants are the inverses of its two, modulo 2^64.
constexpr std::uint64_t unmix64(std::uint64_t z) {
  z = undo_xorshift(z, 31) * 0x319642b2d24d8ec3u;
  z = undo_xorshift(z, 27) * 0x96de1b173f119089u;
  return undo_xorshift(z, 30);
}

/// The key whose word number 0 is `first`.
constexpr std::uint64_t key_of(std::uint64_t first) { return unmix64(first) - 0x9e3779b97f4a7c15u; }

/// A generator whose next() gives 0, 1, 2, ... modulo Range, shifted by Min; it counts its calls.
template <std::uint64_t Min, std::uint64_t Range, class Result = std::uint64_t>
struct counting_engine {
  using result_type = Result;
  static constexpr result_type min() { return static_cast<Result>(Min); }
  static constexpr result_type max() { return static_cast<Result>(Min + Range - 1); }
  constexpr result_type operator()() { return static_cast<Result>(Min + (first + calls++) % Range); }
  std::uint64_t first = 0;
  std::uint64_t calls = 0;
};

/// Any generator; it counts its calls.
template <class Engine>
struct counted {
  using result_type = typename Engine::result_type;
  static constexpr result_type min() { return Engine::min(); }
  static constexpr result_type max() { return Engine::max(); }
  result_type operator()() {
    ++calls;
    return engine();
  }
  Engine engine;
  std::uint64_t calls = 0;
};

}  // namespace words
