// An order of shards in which every stretch has the classes in about the same proportion.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include <evendraw/detail/huge_page_vector.hpp>
#include <evendraw/detail/uint128.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// The draws of one class in one shard.
struct shard_class {
  std::uint32_t in_class;
  std::uint32_t draws;  ///< in units of the histogram
};

/// The draws of each class in each shard. The unit is so large that every shard has fewer than 2^16 units.
struct shard_histograms {
  huge_page_vector<std::size_t> first;  ///< the first entry of each shard; the last element is the number of entries
  huge_page_vector<shard_class> entries;
  std::size_t num_classes;

  [[nodiscard]] std::span<shard_class const> of(std::size_t shard) const noexcept {
    return std::span(entries.data(), entries.size()).subspan(first[shard], first[shard + 1] - first[shard]);
  }
};

/// The draws of the shards so far, and how far each class is from its share of them.
///
/// The distance is chi-squared: the sum over the classes of the squared deviation, divided by the class's share. Let
/// d_c be the deviation of class c so far. A shard with a_c draws of class c, and z draws in total, changes the
/// distance by sum_c (2 d_c + a_c) a_c / share_c - z^2. This needs only the classes of the shard. It is computed with
/// integers, so all platforms choose the same shard.
class running_shares {
 public:
  explicit running_shares(shard_histograms const& shards) : shards_(&shards), classes_(shards.num_classes, running{}) {
    std::uint64_t total = 0;
    for (auto const& entry : shards.entries) {
      classes_[entry.in_class].drawn += entry.draws;
      total += entry.draws;
    }
    for (running const& each : classes_) drawn_classes_ += static_cast<std::uint64_t>(each.drawn > 0);
    for (running& each : classes_) {
      std::uint64_t const draws = std::exchange(each.drawn, 0);
      if (draws == 0) continue;
      each.share = draws == total ? ~std::uint64_t{0} : divide({draws, 0}, total);
      each.weight =
          static_cast<std::int64_t>(std::clamp<std::uint64_t>(64 * total / (drawn_classes_ * draws), 1, heaviest));
    }
  }

  /// A shard that may come next.
  struct candidate {
    shard_class const* first;
    shard_class const* last;
    std::uint64_t reciprocal;  // 1 / its number of draws, in units of 2^-64
    std::int64_t own;          // the last term of the change, divided by its number of draws
    std::uint32_t shard;
  };
  [[nodiscard]] candidate candidate_of(std::uint32_t shard) const noexcept {
    auto const classes = shards_->of(shard);
    std::int64_t size = 0;
    for (auto const& each : classes) size += each.draws;
    return {classes.data(), classes.data() + classes.size(),
            size == 0 ? 0 : ~std::uint64_t{0} / static_cast<std::uint64_t>(size),
            size == 0 ? 0 : 64 * size / static_cast<std::int64_t>(drawn_classes_), shard};
  }

  /// The change of the distance by a shard, divided by its number of draws.
  [[nodiscard]] std::int64_t distance_of(candidate const& next) const noexcept {
    std::int64_t sum = 0;
    for (auto const* each = next.first; each != next.last; ++each) {
      running const& so_far = classes_[each->in_class];
      auto const share = static_cast<std::int64_t>(multiply(drawn_, so_far.share).high);
      std::int64_t const deviation = std::clamp(static_cast<std::int64_t>(so_far.drawn) - share, -farthest, farthest);
      sum += (2 * deviation + each->draws) * each->draws * so_far.weight;
    }
    constexpr std::uint64_t above_0 = std::uint64_t{1} << 62;  // the sum is between -2^60 and 2^60
    auto const divided =
        multiply(static_cast<std::uint64_t>(sum) + above_0, next.reciprocal).high - (next.reciprocal >> 2);
    return static_cast<std::int64_t>(divided) - next.own;
  }

  void add(std::size_t shard) noexcept {
    for (auto const [c, draws] : shards_->of(shard)) {
      classes_[c].drawn += draws;
      drawn_ += draws;
    }
  }

 private:
  static constexpr std::uint64_t heaviest = 1 << 12;
  static constexpr std::int64_t farthest = std::int64_t{1} << 30;

  struct running {
    std::uint64_t drawn;  // the draws so far
    std::uint64_t share;  // its share of all draws, in units of 2^-64
    std::int64_t weight;  // 1 / share, divided by the number of classes, in units of 2^-6
  };
  shard_histograms const* shards_;
  huge_page_vector<running> classes_;
  std::uint64_t drawn_ = 0;
  std::uint64_t drawn_classes_ = 0;
};

/// Reorders shards, which come in random order, so that the classes stay close to their shares. It always takes the one
/// of the next 64 shards that brings the draws so far closest to the shares.
///
/// Cost       O(64 x entries of the histograms)
/// Source     a greedy choice from a pool, as in vector balancing; see also CorgiPile (Xu et al., SIGMOD 2022), which
///            orders blocks at random
inline void balance_shards(shard_histograms const& shards, std::span<std::uint32_t> order) {
  constexpr std::size_t largest_pool = 64;
  running_shares running(shards);
  running_shares::candidate pool[largest_pool];
  std::size_t size = std::min(largest_pool, order.size());
  for (std::size_t i = 0; i < size; ++i) pool[i] = running.candidate_of(order[i]);
  for (std::size_t next = 0; next < order.size(); ++next) {
    std::size_t best = 0;
    std::int64_t nearest = running.distance_of(pool[0]);
    for (std::size_t i = 1; i < size; ++i) {
      std::int64_t const distance = running.distance_of(pool[i]);
      best = distance < nearest ? i : best;
      nearest = std::min(nearest, distance);
    }
    std::uint32_t const chosen = pool[best].shard;
    running.add(chosen);
    pool[best] = next + size < order.size() ? running.candidate_of(order[next + size]) : pool[--size];
    order[next] = chosen;
  }
}

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
