// The draws of one epoch of data in shards.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <evendraw/classes/detail/class_members.hpp>
#include <evendraw/detail/blocks.hpp>
#include <evendraw/detail/prefetching.hpp>
#include <evendraw/detail/shared.hpp>
#include <evendraw/epochs/detail/class_walks.hpp>
#include <evendraw/epochs/detail/shard_epoch.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// One epoch: position -> batch and seat -> place in the list of draws -> cell and step of its walk -> index.
template <std::unsigned_integral Index>
class shard_draws {
 public:
  using index_type = Index;

  shard_draws(shared<shard_epoch const> epoch, shared<class_members<Index> const> members) noexcept
      : epoch_(std::move(epoch)), members_(std::move(members)) {}

  [[nodiscard]] Index at(std::uint64_t position) const noexcept {
    auto const& deal = epoch_->deal();
    auto const batch = deal.at(position / deal.batch_size());
    auto const [cell, ordinal] = epoch_->at(deal.place(batch, position % deal.batch_size()));
    return members_->sample(cell->walk.member(cell->step(ordinal)));
  }

  using places = block_of<std::uint64_t>;
  void find_places(std::uint64_t first, std::uint64_t stride, std::size_t count, places& found,
                   prefetcher& meanwhile) const noexcept {
    meanwhile.rest();
    auto const& deal = epoch_->deal();
    class_walk_block walks;
    auto batch = deal.at(first / deal.batch_size());
    std::uint64_t seat = first % deal.batch_size();
    for (std::size_t i = 0; i < count; ++i, seat += stride) {
      if (seat >= deal.batch_size()) {
        batch = deal.at(batch.number + seat / deal.batch_size());
        seat %= deal.batch_size();
      }
      auto const [cell, ordinal] = epoch_->at(deal.place(batch, seat));
      walks.set(i, cell->walk, cell->step(ordinal));
    }
    walks.find_places(count, found);
  }
  [[nodiscard]] class_members<Index> const& table() const noexcept { return *members_; }

  [[nodiscard]] std::vector<std::uint64_t> find(Index sample, std::uint64_t end) const {
    std::vector<std::uint64_t> result;
    epoch_->for_each_position(members_->place_of(sample), [&](std::uint64_t position) {
      if (position < end) result.push_back(position);
    });
    std::sort(result.begin(), result.end());
    return result;
  }

 private:
  shared<shard_epoch const> epoch_;
  shared<class_members<Index> const> members_;
};

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
