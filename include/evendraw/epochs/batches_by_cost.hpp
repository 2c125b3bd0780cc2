// Batches that are dealt to ranks by cost, so that all ranks take about the same time.
#pragma once

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/huge_page_vector.hpp>
#include <evendraw/detail/math.hpp>
#include <evendraw/detail/sort_by.hpp>
#include <evendraw/epochs/detail/batch_in_place.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

namespace detail {

/// Costs that outlive the expression they are given in: a container or a span of numbers.
template <class Costs>
concept cost_range = std::ranges::contiguous_range<Costs> && std::ranges::borrowed_range<Costs> &&
    std::is_arithmetic_v<std::ranges::range_value_t<Costs>>;

}  // namespace detail

/// One rank's part of every batch, dealt by cost: longest processing time first. Items are taken in descending order of
/// cost, and each goes to the rank with the smallest sum so far. Every rank computes the same deal.
///
///   batches  the batches of an epoch, or of a part of it, with their index_bound()
///   costs    a finite number >= 0 for every index, such as the length of a sequence; it must outlive this object
///
/// Edge       ranks may have different numbers of items, but no rank is empty if there are at least as many items as
///            ranks. Within a rank, items keep their order
/// Exact      the largest sum of a rank is at most 4/3 - 1/(3 world_size) times the smallest possible one
/// Cost       O(n) to check the costs; reading a batch of B items takes O(B (log B + world_size))
/// Stable     the same on every platform
/// Source     Graham, SIAM Journal on Applied Mathematics 17(2), 1969
template <class Batches, class Number>
class batches_by_cost {
 public:
  using index_type = typename Batches::index_type;
  using iterator = detail::batch_iterator<batches_by_cost>;

  /// See shard_by_cost of batched_draws, and of the batches of distinct_batch_sampler.
  batches_by_cost(Batches batches, std::uint64_t rank, std::uint64_t world_size, std::span<Number const> costs)
      : batches_(std::move(batches)), rank_(rank), world_size_(world_size), costs_(costs) {
    detail::check_rank(context, rank, world_size);
    if (costs.size() < batches_.index_bound()) {
      detail::invalid(context, detail::counted(costs.size(), "cost", "costs"), " for indices below ",
                      detail::text(batches_.index_bound()), "; give one for each");
    }
    for (std::size_t i = 0; i < costs.size(); ++i) {
      auto const cost = static_cast<double>(costs[i]);
      if (cost >= 0 && detail::is_finite(cost)) continue;
      detail::invalid(context, "costs[", detail::text(i), "] is ", detail::text(cost),
                      "; every cost must be finite and >= 0");
    }
  }

  /// The number of batches, on every rank.
  [[nodiscard]] std::uint64_t size() const noexcept { return batches_.size(); }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }

  /// The size of a buffer that has room for this rank's part of every batch: the size of the largest whole batch.
  [[nodiscard]] std::size_t buffer_size() const noexcept { return batches_.buffer_size(); }

  /// Writes this rank's indices of batch b to the front of `buffer` and returns that part. Many threads may call it.
  ///
  /// Needs      b < size() -> else std::out_of_range; a buffer with room for these indices -> else
  ///            std::invalid_argument
  std::span<index_type> read(std::uint64_t b, std::span<index_type> buffer) const {
    detail::check_read("batches_by_cost::read", b, size(), buffer.size(), 0);  // else `batches` would be named
    auto const mine = (*this)[b];
    detail::check_read("batches_by_cost::read", b, size(), buffer.size(), mine.size());
    for (std::size_t i = 0; i < mine.size(); ++i) buffer[i] = mine[i];
    return buffer.first(mine.size());
  }

  /// This rank's indices of batch b.
  [[nodiscard]] std::vector<index_type> operator[](std::uint64_t b) const {
    auto const batch = batches_[b];
    std::vector<index_type> result;
    for (std::uint64_t const seat : seats(batch)) result.push_back(batch[static_cast<std::size_t>(seat)]);
    return result;
  }

  /// The seats of these items in batch b. The word of an item is word(b, seat) of the batches that were dealt.
  [[nodiscard]] std::vector<std::uint64_t> seats(std::uint64_t b) const { return seats(batches_[b]); }

  /// Iterates over the batches, as batched_draws does.
  [[nodiscard]] iterator begin() const { return iterator(*this); }
  [[nodiscard]] std::default_sentinel_t end() const noexcept { return {}; }

 private:
  static constexpr auto context = "shard_by_cost";

  /// The load of a rank so far.
  struct load {
    double sum = 0;
    std::uint64_t items = 0;
    friend bool operator<(load const& a, load const& b) noexcept {
      return a.sum < b.sum || (a.sum == b.sum && a.items < b.items);
    }
  };

  [[nodiscard]] double cost_of(index_type index) const noexcept {
    return static_cast<double>(costs_[static_cast<std::size_t>(index)]);
  }

  [[nodiscard]] std::vector<std::uint64_t> seats(std::vector<index_type> const& batch) const {
    std::vector<std::uint64_t> keys, result;
    std::vector<std::size_t> by_cost;
    for (std::size_t seat = 0; seat < batch.size(); ++seat) {
      by_cost.push_back(seat);
      double const cost = detail::math::fabs(cost_of(batch[seat]));  // -0 is 0
      keys.push_back(~std::bit_cast<std::uint64_t>(cost));           // costs >= 0 are ordered as their bits
    }
    detail::sort_by(by_cost, keys);
    detail::huge_page_vector<load> loads(static_cast<std::size_t>(world_size_), load{});
    for (std::size_t const seat : by_cost) {
      std::size_t least = 0;
      for (std::size_t rank = 1; rank < loads.size(); ++rank) least = loads[rank] < loads[least] ? rank : least;
      loads[least].sum += cost_of(batch[seat]);
      ++loads[least].items;
      if (least == rank_) result.push_back(seat);
    }
    detail::sort(result);
    return result;
  }

  Batches batches_;
  std::uint64_t rank_;
  std::uint64_t world_size_;
  std::span<Number const> costs_;
};

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
