// A random order of [0, n) that can be read at any place and needs no memory.
#pragma once

#include <algorithm>
#include <bit>
#include <cassert>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include <evendraw/detail/blocks.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/prefetching.hpp>
#include <evendraw/kernels/permutation.hpp>
#include <evendraw/random/counter_random.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

/// A random permutation of [0, n) that a key chooses. Each place is evaluated on its own.
///
///   n    1 to 2^63
///   key  any 64 bits; each key gives its own order
///
/// Needs      1 <= n <= 2^63 -> else std::invalid_argument; place < n (asserted)
/// Edge       n = 1: 0
/// Exact      n <= 12: all n! orders are equally likely, within n! / 2^64. Larger n: not exact, but the project's tests
///            of positions, neighbours, lags and pairs cannot distinguish it from a uniform order. Not cryptographic
/// Cost       24 bytes. n <= 12: n steps per place. Larger n: on average at most two tries per place, of 8 rounds
///            each (12 for n <= 4096, 16 for n <= 64)
/// Stable     the same on every platform
/// Source     n <= 12: Fisher-Yates, followed backwards for one place. Larger n: rounds of multiply, add and
///            xor-shift on bit_width(n - 1) bits, with cycle walking (Black & Rogaway, CT-RSA 2002)
class permutation {
 public:
  permutation(std::uint64_t n, std::uint64_t key) : last_(n - 1), words_{random_word(key, 0), random_word(key, 1)} {
    if (n == 0 || n > std::uint64_t{1} << 63) {
      detail::invalid("permutation", "n is ", detail::text(n), "; needs 1 <= n <= 2^63");
    }
  }

  /// The number of places, n.
  [[nodiscard]] std::uint64_t size() const noexcept { return last_ + 1; }

  /// The number at `place`.
  [[nodiscard]] std::uint64_t operator()(std::uint64_t place) const noexcept {
    assert(place <= last_);
    if (is_exact()) return detail::exchange(place, size(), words_[0]);
    return is_narrow() ? walk<std::uint32_t>(place) : walk<std::uint64_t>(place);
  }

  /// The place that has `number`: the inverse of operator(). It takes two to three times as long. Needs number < n
  /// (asserted).
  [[nodiscard]] std::uint64_t place_of(std::uint64_t number) const noexcept {
    assert(number <= last_);
    if (is_exact()) return detail::exchange_back(number, size(), words_[0]);
    return is_narrow() ? walk_back<std::uint32_t>(number) : walk_back<std::uint64_t>(number);
  }

  /// Replaces each place by the number at that place. It gives the same numbers as operator(), several times faster.
  /// For places of 32 bits n must not be larger than 2^32 (asserted).
  void apply(std::span<std::uint32_t> places) const noexcept {
    detail::prefetcher nothing;
    apply_by<std::uint32_t>(places, nothing);
  }
  /// The same for places of 64 bits.
  void apply(std::span<std::uint64_t> places) const noexcept {
    detail::prefetcher nothing;
    apply(places, nothing);
  }

  /// The same. Between its passes it lets `meanwhile` ask for memory.
  void apply(std::span<std::uint64_t> places, detail::prefetcher& meanwhile) const noexcept {
    is_narrow() ? apply_by<std::uint32_t>(places, meanwhile) : apply_by<std::uint64_t>(places, meanwhile);
  }
  /// The same for the first `count` places of a block whose last group is filled.
  void apply(std::size_t count, detail::block_of<std::uint32_t>& places, detail::prefetcher& meanwhile) const noexcept {
    assert(is_narrow());
    apply_to_block(count, places, meanwhile);
  }
  /// The same for places of 64 bits.
  void apply(std::size_t count, detail::block_of<std::uint64_t>& places, detail::prefetcher& meanwhile) const noexcept {
    apply(std::span(places).first(count), meanwhile);
  }

 private:
  static constexpr std::size_t few = 8;  // with fewer places, a block is not faster

  /// Works block by block, in numbers as narrow as the size allows.
  template <class Word, class Place>
  void apply_by(std::span<Place> places, detail::prefetcher& meanwhile) const noexcept {
    assert(last_ <= std::numeric_limits<Word>::max());
    if (places.size() < few) {
      for (Place& place : places) place = static_cast<Place>((*this)(place));
      return;
    }
    detail::block_of<Word> x;
    for (auto const [done, part] : detail::blocks(places)) {
      for (std::size_t i = 0; i < part.size(); ++i) x[i] = static_cast<Word>(part[i]);
      for (std::size_t i = part.size(); i % detail::group_size != 0; ++i) x[i] = 0;
      apply_to_block(part.size(), x, meanwhile);
      for (std::size_t i = 0; i < part.size(); ++i) part[i] = static_cast<Place>(x[i]);
    }
  }

  template <class Word>
  void apply_to_block(std::size_t count, detail::block_of<Word>& places, detail::prefetcher& meanwhile) const noexcept {
    if (is_exact()) {
      for (std::size_t i = 0; i < count; ++i) places[i] = static_cast<Word>((*this)(places[i]));
    } else {
      detail::permute(keys<Word>(), static_cast<Word>(last_), count, places, meanwhile);
    }
  }

  [[nodiscard]] bool is_exact() const noexcept { return last_ < detail::largest_exact_permutation; }
  [[nodiscard]] bool is_narrow() const noexcept { return last_ >> 32 == 0; }

  /// The keys before the first round.
  template <class Word>
  [[nodiscard]] detail::scrambler<Word> keys() const noexcept {
    auto const bits = static_cast<Word>(std::bit_width(last_));
    if constexpr (sizeof(Word) == 4) {
      return {bits, static_cast<Word>(words_[0]), static_cast<Word>(words_[0] >> 32)};
    } else {
      return {bits, words_[0], words_[1]};
    }
  }

  template <class Word>
  [[nodiscard]] std::uint64_t walk(std::uint64_t place) const noexcept {
    return keys<Word>().walk(static_cast<Word>(place), static_cast<Word>(last_));
  }

  template <class Word>
  [[nodiscard]] std::uint64_t walk_back(std::uint64_t number) const noexcept {
    return keys<Word>().walk_back(static_cast<Word>(number), static_cast<Word>(last_));
  }

  std::uint64_t last_;
  std::uint64_t words_[2];
};

namespace detail {

/// Calls f(first, numbers) for every block of places of a permutation, in order: `numbers` are those at first, first +
/// 1, and so on. If f reads `table` at these numbers, the memory is on its way while the next block is computed.
///
///   Number  std::uint32_t if the permutation has at most 2^32 places, or std::uint64_t
template <std::unsigned_integral Number, class Element, class F>
void for_each_block(permutation const& order, std::span<Element const> table, F f) {
  block_of<Number> buffers[2];
  std::span<Number const> before;  // the numbers of the last block
  prefetcher meanwhile;            // asks for their memory
  for (std::uint64_t first = 0; first < order.size(); first += block_size) {
    auto& buffer = buffers[first / block_size % 2];
    auto const count = static_cast<std::size_t>(std::min<std::uint64_t>(block_size, order.size() - first));
    fill_evenly_spaced(first, 1, count, buffer);
    order.apply(count, buffer, meanwhile);
    meanwhile.rest();
    if (!before.empty()) f(first - before.size(), before);
    if (is_large(table)) meanwhile = prefetcher(table.data(), buffer, count);
    before = std::span<Number const>(buffer).first(count);
  }
  f(order.size() - before.size(), before);
}

/// Calls f(place, number at that place) for every place of a permutation, in order.
template <class F>
void for_each_place(permutation const& order, F f) {
  for_each_block<std::uint64_t>(order, std::span<char const>(), [&f](std::uint64_t first, auto numbers) {
    for (std::size_t i = 0; i < numbers.size(); ++i) f(first + i, numbers[i]);
  });
}

}  // namespace detail

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
