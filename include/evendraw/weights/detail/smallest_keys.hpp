// The smallest of many keys, in order.
#pragma once

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

#include <evendraw/detail/blocks.hpp>
#include <evendraw/detail/huge_page_vector.hpp>
#include <evendraw/detail/math.hpp>
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
///   Keys  size(); least() and limit(), multiples of 2^52: no key is below least(), keys that count are below limit();
///         read_block(first, count, block) and read_block(indices, block)
///
/// Needs      at least as many keys below limit() as are requested; fewer than 2^32 keys in a bucket
/// Cost       expected O(size) time. While it runs it needs 16 bytes per candidate, has about 1.1 candidates for each
///            requested key, and keeps counters for every octave of the weights. Other keys are sorted correctly, too,
///            in O(n^(4/3)). If keys change between two readings, it throws
template <std::unsigned_integral Index, class Keys>
class smallest_keys {
 public:
  explicit smallest_keys(Keys const& keys) : keys_(keys) {}

  [[nodiscard]] huge_page_vector<Index> find(std::uint64_t count) {
    start_buckets(count);
    collect(probable_limit(count), count);
    if (candidates_.size() < count) collect(keys_.limit(), count);  // at most once in ten thousand times
    if (candidates_.size() < count) refuse_keys();
    fill_buckets();
    keep_first(static_cast<std::size_t>(count));
    sort_buckets();
    return std::move(candidates_);
  }

 private:
  struct entry {
    std::uint64_t key;
    Index index;
  };

  static constexpr int most_divisions = 12;  // an octave has at most 2^12 buckets

  void keep_first(std::size_t count) {
    candidates_.erase(candidates_.begin() + static_cast<std::ptrdiff_t>(count), candidates_.end());
  }

  /// Makes buckets that hold at most a few thousand candidates each, for up to 10^8 candidates.
  void start_buckets(std::uint64_t count) {
    shift_ = 52 - std::clamp(static_cast<int>(std::bit_width(count)) - 13, 0, most_divisions);
    buckets_.resize(static_cast<std::size_t>((keys_.limit() - keys_.least()) >> shift_) + 1);
  }

  /// The bucket of a key. If a key is below least() against the promise, it is put into the last bucket.
  [[nodiscard]] std::size_t bucket_of(std::uint64_t key) const noexcept {
    auto const bucket = static_cast<std::size_t>((key - keys_.least()) >> shift_);
    return std::min(bucket, buckets_.size() - 1);
  }

  [[noreturn, gnu::cold, gnu::noinline]] static void refuse_keys() {
    throw std::logic_error(
        "evendraw: keys that are computed twice are not equal; compile without options that change arithmetic, such as "
        "-ffast-math");
  }

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
    sum_of_keys_ = 0;
    candidates_.clear();
    candidates_.reserve(static_cast<std::size_t>(expected + expected / 8) + block_size);
    for (std::uint64_t first = 0; first < keys_.size(); first += block_size) {
      auto const count = static_cast<std::size_t>(std::min<std::uint64_t>(block_size, keys_.size() - first));
      std::size_t const size = candidates_.size();
      candidates_.resize(size + count);
      keep_first(size + collect_block(first, count, limit, candidates_.data() + size));
    }
  }

  std::size_t collect_block(std::uint64_t first, std::size_t count, std::uint64_t limit, Index* out) noexcept {
    block_of<std::uint64_t> keys;
    keys_.read_block(first, count, keys);
    block_of<std::uint32_t> below;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < count; ++i) {
      below[kept] = static_cast<std::uint32_t>(i);
      kept += static_cast<std::size_t>(keys[i] < limit);
    }
    for (std::size_t i = 0; i < kept; ++i) {
      ++buckets_[bucket_of(keys[below[i]])];
      sum_of_keys_ += keys[below[i]];
      out[i] = static_cast<Index>(first + below[i]);
      forbid_gather();
    }
    return kept;
  }

  /// Puts the candidates into their buckets, in the order of their indices. The counter of a bucket becomes its end.
  /// Throws if the keys are not those that were counted.
  void fill_buckets() {
    std::uint64_t before = 0;
    for (std::uint64_t& bucket : buckets_) before += std::exchange(bucket, before);
    entries_.resize(candidates_.size());
    for (auto const [done, indices] : blocks(std::span(candidates_))) {
      block_of<std::uint64_t> keys;
      keys_.read_block(std::span<Index const>(indices), keys);
      for (std::size_t i = 0; i < indices.size(); ++i) {
        auto const place = static_cast<std::size_t>(buckets_[bucket_of(keys[i])]++);
        if (place >= entries_.size()) refuse_keys();
        entries_[place] = {keys[i], indices[i]};
        sum_of_keys_ -= keys[i];
      }
    }
    if (sum_of_keys_ != 0) refuse_keys();
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

  /// The entries of a bucket, sorted by the places that they would have if the keys were evenly spaced.
  [[nodiscard]] std::span<entry> spread_out(std::span<entry const> bucket) {
    places_.assign(bucket.size() + 1, 0);
    spread_.resize(std::max(spread_.size(), bucket.size()));
    auto const place_of = [this, &bucket](std::uint64_t key) {
      return static_cast<std::size_t>(bounded(key << (64 - shift_), bucket.size()));
    };
    for (entry const& e : bucket) ++places_[place_of(e.key) + 1];
    for (std::size_t i = 1; i < places_.size(); ++i) places_[i] += places_[i - 1];
    for (entry const& e : bucket) spread_[places_[place_of(e.key)]++] = e;
    return std::span(spread_).first(bucket.size());
  }

  static bool is_before(entry const& a, entry const& b) noexcept {
    return a.key < b.key || (a.key == b.key && a.index < b.index);
  }

  /// Moves entry i forward, `gap` places at a time. Returns the number of moves.
  static std::size_t insert(std::span<entry> entries, std::size_t i, std::size_t gap) noexcept {
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
  static void insert(std::span<entry> entries) noexcept {
    std::size_t moves = 0;
    for (std::size_t i = 1; i < entries.size() && moves <= 16 * entries.size(); ++i) moves += insert(entries, i, 1);
    if (moves <= 16 * entries.size()) return;
    for (std::size_t gap = entries.size() / 2; gap > 0; gap = gap == 2 ? 1 : gap * 4 / 9) {
      for (std::size_t i = gap; i < entries.size(); ++i) insert(entries, i, gap);
    }
  }

  Keys const& keys_;
  int shift_ = 0;
  std::uint64_t sum_of_keys_ = 0;  // modulo 2^64
  std::vector<std::uint64_t> buckets_;
  huge_page_vector<Index> candidates_;
  huge_page_vector<entry> entries_;
  huge_page_vector<entry> spread_;
  std::vector<std::uint32_t> places_;
};

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
