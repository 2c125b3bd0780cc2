// Batches with exact class counts, each class drawn without replacement.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <evendraw/detail/blocks.hpp>
#include <evendraw/detail/prefetching.hpp>
#include <evendraw/detail/shared.hpp>
#include <evendraw/epochs/detail/batch_order.hpp>
#include <evendraw/epochs/detail/batch_quotas.hpp>
#include <evendraw/epochs/detail/class_walks.hpp>
#include <evendraw/epochs/detail/resumed_walk.hpp>
#include <evendraw/epochs/detail/stratified_walks.hpp>
#include <evendraw/epochs/draws.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// The batches of stratified draws, which all epochs share.
template <std::unsigned_integral Index>
struct stratified_table {
  /// See stratified_walks.
  template <class Seen = std::nullptr_t>
  stratified_table(shared<class_members<Index> const> members, std::vector<std::uint64_t> shares,
                   std::uint64_t batch_size, evendraw::order kind, std::uint64_t seed, Seen seen = nullptr)
      : walks(std::move(members), std::move(shares), batch_size, seed, seen),
        positions(batch_size, kind, stream_key(seed, 0, random_stream::order)) {}

  [[nodiscard]] std::uint64_t fingerprint() const noexcept {
    return fingerprint_builder("stratified_table").add(positions.is_shuffled()).add(walks.fingerprint()).value();
  }

  stratified_walks<Index> walks;
  batch_order positions;
};

/// The batches of a stratified table from `first_batch` on.
template <std::unsigned_integral Index>
class stratified_draws {
 public:
  using index_type = Index;

  stratified_draws(detail::shared<stratified_table<Index> const> table, std::uint64_t first_batch) noexcept
      : table_(std::move(table)), first_batch_(first_batch) {}

  [[nodiscard]] Index at(std::uint64_t position) const noexcept {
    batch_quotas const& quotas = table_->walks.quotas();
    auto const batch = quotas.at(first_batch_ + position / quotas.batch_size());
    std::uint64_t const slot = table_->positions.slot_at(batch.number, ranks_, position % quotas.batch_size());
    std::size_t const c = quotas.class_of(batch, slot);
    auto const current = table_->walks.stage_of(c, batch);
    return table_->walks.members().sample(current.member(current.step(slot - quotas.first_slot(c, batch))));
  }

  using places = block_of<std::uint64_t>;
  /// Finds the slots of each batch, and the step of the walk for each slot. Then it takes the steps of all walks at
  /// once.
  void find_places(std::uint64_t first, std::uint64_t stride, std::size_t total, places& found,
                   prefetcher& meanwhile) const noexcept {
    meanwhile.rest();
    batch_quotas const& quotas = table_->walks.quotas();
    std::uint64_t const batch_size = quotas.batch_size();
    block_of<std::uint32_t> slots;
    class_walk_block walks;
    typename stratified_walks<Index>::walk_starts starts(table_->walks);
    for (std::size_t done = 0; done < total;) {
      std::uint64_t const position = first + done * stride, in_batch = position % batch_size;
      auto const batch = quotas.at(first_batch_ + position / batch_size);
      std::uint64_t const reads_left = (batch_size - in_batch - 1) / stride + 1;
      auto const count = static_cast<std::size_t>(std::min<std::uint64_t>(total - done, reads_left));
      table_->positions.find_slots(batch.number, ranks_, in_batch, stride, count, slots);
      table_->walks.set_draws(batch, slots, count, done, starts, walks);
      done += count;
    }
    walks.find_places(total, found);
  }
  [[nodiscard]] class_members<Index> const& table() const noexcept { return table_->walks.members(); }

  [[nodiscard]] std::vector<std::uint64_t> find(Index sample, std::uint64_t end) const {
    std::vector<std::uint64_t> result;
    std::uint64_t const batch_size = table_->walks.quotas().batch_size(),
                        last_batch = first_batch_ + (end - 1) / batch_size;
    if (last_batch >= (std::uint64_t{1} << 63) / batch_size) return detail::scan(*this, sample, end);
    std::uint64_t const place = table_->walks.members().place_of(sample);
    table_->walks.for_each_slot(place, first_batch_, last_batch, [&](std::uint64_t batch, std::uint64_t slot) {
      std::uint64_t const position =
          (batch - first_batch_) * batch_size + table_->positions.position_of(batch, ranks_, slot);
      if (position < end) result.push_back(position);
    });
    sort(result);
    return result;
  }

  /// The number of ranks that the batches are dealt out to.
  [[nodiscard]] std::uint64_t ranks() const noexcept { return ranks_; }
  /// The same batches, dealt out to `ranks` times as many ranks: each rank's part is divided among `ranks` ranks. If
  /// `first` does not begin a batch, or batch_size is not that of these batches, the draws stay as they are.
  [[nodiscard]] stratified_draws dealt(std::uint64_t ranks, std::uint64_t first, std::uint64_t batch_size) const {
    stratified_draws result = *this;
    std::uint64_t const size = table_->walks.quotas().batch_size();
    if (size / ranks_ == batch_size && first % size < ranks_ && batch_size % ranks == 0) result.ranks_ *= ranks;
    return result;
  }
  /// The position that a draw would have if the batches were not dealt out.
  [[nodiscard]] std::uint64_t undealt(std::uint64_t position) const noexcept {
    if (ranks_ == 1) return position;
    std::uint64_t const size = table_->walks.quotas().batch_size(), in_batch = position % size;
    std::uint64_t const batch = first_batch_ + position / size;
    std::uint64_t const slot = table_->positions.slot_at(batch, ranks_, in_batch);
    return position - in_batch + table_->positions.position_of(batch, 1, slot);
  }

 private:
  detail::shared<stratified_table<Index> const> table_;
  std::uint64_t first_batch_;
  std::uint64_t ranks_ = 1;
};

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
