// The smallest of many keys, in order.
#pragma once

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <vector>

#include <evendraw/detail/blocks.hpp>
#include <evendraw/detail/huge_page_vector.hpp>
#include <evendraw/detail/math.hpp>
#include <evendraw/kernels/lanes.hpp>
#include <evendraw/random/counter_random.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// Finds the indices of the smallest keys, in ascending order of the keys; equal keys are in order of their indices.
///
/// A key is an exponential variate divided by a weight. Whatever the weight, its density hardly varies within a small
/// part of an octave, so keys are spread almost evenly there. Two passes over the candidates put them into buckets,
/// each of which is a part of an octave. Inside a bucket, each key is then put near the place that it would have with
/// even spacing.
///
/// For example, the 3 smallest of the keys 20 25 17 30 19 27, which have the indices 0 to 5:
///   probable_limit   28, so the key 30 is not a candidate
///   collect          lists the candidates 0 1 2 4 5, and counts 2 1 2 keys in the buckets [16,20) [20,24) [24,28)
///   fill_buckets     puts the candidates into their buckets: 2 4 | 0 | 1 5
///   sort_buckets     sorts 17 19 | 20 and stops: the result is 2 4 0
///
/// For each of its keys, a bucket holds the next 32 bits (64 if Index has 64) and the index. If two entries have the
/// same bits, the keys are computed again to compare them.
///
///   Keys  size(); least() and limit(), multiples of 2^52: no key is below least(), keys that count are below limit();
///         list_low(first, count, limit, lanes, keys) and read_block(indices, keys), as exponential_keys has them
///
/// Needs      at least as many keys below limit() as are requested -> else std::logic_error; fewer than 2^32 keys in a
///            bucket
/// Cost       expected O(size) time. While it runs it needs 20 bytes per candidate (32 for an Index of 64 bits), has
///            about 1.1 candidates for each requested key, and keeps counters for every octave of the weights. Other
///            keys are sorted correctly, too, in O(n^(4/3))
template <std::unsigned_integral Index, class Keys>
class smallest_keys {
 public:
  explicit smallest_keys(Keys const& keys) : keys_(keys) {}

  [[nodiscard]] huge_page_vector<Index> find(std::uint64_t count) {
    start_buckets(count);
    collect(probable_limit(count), count);
    if (candidates_.size() < count) collect(keys_.limit(), count);  // at most once in ten thousand times
    if (candidates_.size() < count) {
      throw std::logic_error("evendraw: too few keys are below the limit; compile without -ffast-math");
    }
    fill_buckets();
    candidates_.resize(static_cast<std::size_t>(count));
    sort_buckets();
    return std::move(candidates_);
  }

 private:
  static constexpr int bits_of_part = sizeof(Index) > 4 ? 64 : 32;
  using key_part = std::conditional_t<(sizeof(Index) > 4), std::uint64_t, std::uint32_t>;

  struct entry {
    key_part part;  // the bits of the key after those that choose the bucket
    Index index;
  };

  static constexpr int most_divisions = 12;  // an octave has at most 2^12 buckets

  /// Makes buckets that hold at most a few thousand candidates each, for up to 10^8 candidates.
  void start_buckets(std::uint64_t count) {
    shift_ = 52 - std::clamp(static_cast<int>(std::bit_width(count)) - 13, 0, most_divisions);
    buckets_.resize(static_cast<std::size_t>((keys_.limit() - keys_.least()) >> shift_) + 1);
  }

  /// Divides keys into the number of their bucket and the bits that follow. If a key is below `least`, contrary to the
  /// promise, it is put into the last bucket.
  struct divider {
    std::uint64_t least;
    std::uint64_t last;
    int shift;

    [[nodiscard]] std::size_t bucket_of(std::uint64_t key) const noexcept {
      return static_cast<std::size_t>(std::min((key - least) >> shift, last));
    }
    [[nodiscard]] key_part part_of(std::uint64_t key) const noexcept {
      return static_cast<key_part>(key << (64 - shift) >> (64 - bits_of_part));
    }
  };

  [[nodiscard]] divider make_divider() const noexcept { return {keys_.least(), buckets_.size() - 1, shift_}; }

  /// A key that probably has `count` keys below it, and not many more. It is estimated from a sample of the keys. The
  /// result of find() does not depend on it.
  [[nodiscard]] std::uint64_t probable_limit(std::uint64_t count) const {
    std::uint64_t const n = keys_.size();
    if (n < std::uint64_t{1} << 15 || count > n / 4 * 3) return keys_.limit();
    std::vector<std::uint64_t> sample(static_cast<std::size_t>(std::min<std::uint64_t>(n / 64, 1 << 16)));
    for (auto const [done, part] : blocks(std::span(sample))) {
      block_of<Index> asked;
      block_of<std::uint64_t> keys;
      for (std::size_t i = 0; i < part.size(); ++i) asked[i] = static_cast<Index>(bounded(mix64(done + i), n));
      keys_.read_block(std::span<Index const>(asked).first(part.size()), keys);
      std::copy_n(keys, part.size(), part.begin());
    }
    double const mean = static_cast<double>(count) / static_cast<double>(n) * static_cast<double>(sample.size());
    auto const rank = static_cast<std::size_t>(mean + 4 * math::sqrt(mean) + 8);
    if (rank >= sample.size()) return keys_.limit();
    auto const limit = sample.begin() + static_cast<std::ptrdiff_t>(rank);
    std::ranges::nth_element(sample, limit);
    return std::min(*limit, keys_.limit());
  }

  /// Lists the indices of all keys below `limit`, and counts the keys of every bucket.
  void collect(std::uint64_t limit, std::uint64_t expected) {
    std::ranges::fill(buckets_, 0);
    auto const room = static_cast<std::size_t>(expected + expected / 8) + block_size;
    candidates_.clear();
    candidates_.reserve(room);
    candidate_keys_.clear();
    candidate_keys_.reserve(room);
    for (std::uint64_t first = 0; first < keys_.size(); first += block_size) {
      auto const count = static_cast<std::size_t>(std::min<std::uint64_t>(block_size, keys_.size() - first));
      std::size_t const size = candidates_.size();
      candidates_.resize(size + count);
      candidate_keys_.resize(size + count);
      std::size_t const kept =
          collect_block(first, count, limit, candidates_.data() + size, candidate_keys_.data() + size);
      candidates_.resize(size + kept);
      candidate_keys_.resize(size + kept);
    }
  }

  std::size_t collect_block(std::uint64_t first, std::size_t count, std::uint64_t limit, Index* indices,
                            std::uint64_t* kept_keys) noexcept {
    lane_list lanes;
    block_of<std::uint64_t> keys;
    std::size_t const listed = keys_.list_low(first, count, limit, lanes, keys);
    divider const divide = make_divider();
    std::uint64_t* const counters = buckets_.data();
    std::size_t kept = 0;
    for (std::size_t i = 0; i < listed; ++i) {
      if (keys[i] >= limit) continue;
      ++counters[divide.bucket_of(keys[i])];
      kept_keys[kept] = keys[i];
      indices[kept] = static_cast<Index>(first + lanes[i]);
      ++kept;
    }
    return kept;
  }

  /// Puts the candidates into their buckets, in the order of their indices. The counter of a bucket becomes its end.
  void fill_buckets() {
    std::uint64_t before = 0;
    for (std::uint64_t& bucket : buckets_) before += std::exchange(bucket, before);
    std::size_t const size = candidates_.size();
    entries_.resize(size);
    divider const divide = make_divider();
    std::uint64_t* const ends = buckets_.data();
    entry* const entries = entries_.data();
    for (std::size_t i = 0; i < size; ++i) {
      std::uint64_t const key = candidate_keys_[i];
      entries[static_cast<std::size_t>(ends[divide.bucket_of(key)]++)] = {divide.part_of(key), candidates_[i]};
    }
  }

  /// Sorts bucket by bucket, and overwrites the candidates with the sorted indices until there are enough.
  void sort_buckets() {
    std::uint64_t begin = 0;
    for (std::uint64_t const end : buckets_) {
      if (begin >= candidates_.size()) return;
      auto const bucket =
          std::span(entries_).subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
      auto const sorted = bucket.size() > few ? spread_out(bucket) : bucket;
      insert(sorted);
      std::size_t const wanted = std::min(sorted.size(), candidates_.size() - static_cast<std::size_t>(begin));
      for (std::size_t i = 0; i < wanted; ++i) candidates_[static_cast<std::size_t>(begin) + i] = sorted[i].index;
      begin = end;
    }
  }

  static constexpr std::size_t few = 8;

  /// The entries of a bucket, sorted by the places that they would have if the keys were evenly spaced. Two places for
  /// each entry leave less to do for insert() than one.
  [[nodiscard]] std::span<entry> spread_out(std::span<entry const> bucket) {
    std::size_t const num_places = 2 * bucket.size();
    places_.assign(num_places + 1, 0);
    spread_.resize(std::max(spread_.size(), bucket.size()));
    auto const place_of = [num_places](entry const& e) {
      return static_cast<std::size_t>(bounded(std::uint64_t{e.part} << (64 - bits_of_part), num_places));
    };
    for (entry const& e : bucket) ++places_[place_of(e) + 1];
    for (std::size_t i = 1; i < num_places; ++i) places_[i] += places_[i - 1];
    for (entry const& e : bucket) spread_[places_[place_of(e)]++] = e;
    return std::span(spread_).first(bucket.size());
  }

  [[nodiscard]] bool is_before(entry const& a, entry const& b) const noexcept {
    return a.part == b.part ? is_before_exactly(a.index, b.index) : a.part < b.part;
  }

  [[nodiscard, gnu::cold, gnu::noinline]] bool is_before_exactly(Index a, Index b) const noexcept {
    Index const indices[2]{a, b};
    block_of<std::uint64_t> keys;
    keys_.read_block(std::span<Index const>(indices), keys);
    return keys[0] < keys[1] || (keys[0] == keys[1] && a < b);
  }

  /// Moves entry i forward, `gap` places at a time. Returns the number of moves.
  std::size_t insert(std::span<entry> entries, std::size_t i, std::size_t gap) const noexcept {
    entry const moved = entries[i];
    std::size_t place = i, moves = 0;
    for (; place >= gap && is_before(moved, entries[place - gap]); place -= gap, ++moves) {
      entries[place] = entries[place - gap];
    }
    entries[place] = moved;
    return moves;
  }

  /// Sorts entries by insertion, because they are nearly sorted. If the weights were chosen so that they are not, it
  /// uses Shell's sort.
  void insert(std::span<entry> entries) const noexcept {
    std::size_t moves = 0;
    for (std::size_t i = 1; i < entries.size() && moves <= 16 * entries.size(); ++i) moves += insert(entries, i, 1);
    if (moves <= 16 * entries.size()) return;
    for (std::size_t gap = entries.size() / 2; gap > 0; gap = gap == 2 ? 1 : gap * 4 / 9) {
      for (std::size_t i = gap; i < entries.size(); ++i) insert(entries, i, gap);
    }
  }

  Keys const& keys_;
  int shift_ = 0;
  std::vector<std::uint64_t> buckets_;
  huge_page_vector<Index> candidates_;
  huge_page_vector<std::uint64_t> candidate_keys_;
  huge_page_vector<entry> entries_;
  huge_page_vector<entry> spread_;
  std::vector<std::uint32_t> places_;
};

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
