// Draws that repeat every sample as often as its factor says.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <evendraw/classes/detail/class_members.hpp>
#include <evendraw/detail/blocks.hpp>
#include <evendraw/detail/huge_page_vector.hpp>
#include <evendraw/detail/interval_lookup.hpp>
#include <evendraw/detail/prefetching.hpp>
#include <evendraw/detail/shared.hpp>
#include <evendraw/detail/sort_by.hpp>
#include <evendraw/detail/uint128.hpp>
#include <evendraw/epochs/detail/class_walks.hpp>
#include <evendraw/epochs/detail/stratified_walks.hpp>
#include <evendraw/epochs/draws.hpp>
#include <evendraw/random/counter_random.hpp>
#include <evendraw/random/detail/fingerprint.hpp>
#include <evendraw/random/permutation.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// Samples that come `times` times in every epoch.
struct repeated_samples {
  std::uint64_t begin;  // the place of the first one
  std::uint64_t count;
  std::uint64_t times;
};

/// The slots of an epoch: first those of the samples that come in every epoch, group by group, then one batch of
/// stratified draws for the remainders of the factors.
template <std::unsigned_integral Index>
class repeat_table {
 public:
  /// `members` has the classes of the remainders, which have these shares of `num_remainders` draws an epoch. Groups
  /// have ascending places and times > 0. Needs at least one draw, and at most 2^31.
  repeat_table(shared<class_members<Index> const> members, huge_page_vector<repeated_samples> const& repeated,
               std::vector<std::uint64_t> shares, std::uint64_t num_remainders, std::uint64_t seed)
      : members_(std::move(members)) {
    std::vector<std::uint64_t> lengths;
    std::uint64_t first = 0;
    for (auto const& [begin, count, times] : repeated) {
      groups_.push_back({static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(begin), divisor(count)});
      lengths.push_back(count * times);
      first += lengths.back();
    }
    if (num_remainders > 0) {
      groups_.push_back({static_cast<std::uint32_t>(first), 0, divisor(num_remainders)});
      lengths.push_back(num_remainders);
      remainders_.emplace(members_, std::move(shares), num_remainders, seed);
    }
    num_repeated_ = repeated.size();
    parts_ = interval_lookup(lengths);
  }

  /// The samples, by place.
  [[nodiscard]] class_members<Index> const& members() const noexcept { return *members_; }
  /// The number of draws in an epoch.
  [[nodiscard]] std::uint64_t epoch_size() const noexcept { return parts_.total(); }

  /// The place of the sample that a slot of an epoch draws.
  [[nodiscard]] std::uint64_t place_at(std::uint64_t epoch, std::uint64_t slot) const noexcept {
    std::size_t const part = parts_(slot);
    auto const& [first, begin, count] = groups_[part];
    if (part < num_repeated_) return begin + count.divide(slot - first).remainder;
    auto const& quotas = remainders_->quotas();
    auto const batch = quotas.at(epoch);
    std::size_t const c = quotas.class_of(batch, slot - first);
    auto const current = remainders_->stage_of(c, batch);
    return current.member(current.step(slot - first - quotas.first_slot(c, batch)));
  }

  /// Replaces slots of an epoch by the places of the samples that they draw.
  void find_places(std::uint64_t epoch, std::size_t count, block_of<std::uint32_t>& slots) const noexcept {
    block_of<std::uint32_t> parts, lanes, in_batch;
    parts_.find(std::span<std::uint32_t const>(slots, count), parts);
    std::size_t num_remainders = 0;
    for (std::size_t i = 0; i < count; ++i) {
      auto const& [first, begin, size] = groups_[parts[i]];
      std::uint32_t const ordinal = slots[i] - first;
      slots[i] = begin + static_cast<std::uint32_t>(size.divide(ordinal).remainder);
      lanes[num_remainders] = static_cast<std::uint32_t>(i);
      in_batch[num_remainders] = ordinal;
      num_remainders += static_cast<std::size_t>(parts[i] == num_repeated_);
    }
    if (num_remainders == 0) return;
    class_walk_block walks;
    typename stratified_walks<Index>::walk_starts starts(*remainders_);
    remainders_->set_draws(remainders_->quotas().at(epoch), in_batch, num_remainders, 0, starts, walks);
    block_of<std::uint64_t> places;
    walks.find_places(num_remainders, places);
    for (std::size_t k = 0; k < num_remainders; ++k) slots[lanes[k]] = static_cast<std::uint32_t>(places[k]);
  }

  /// Calls f(slot) for every slot of an epoch that draws the sample at a place.
  template <class F>
  void for_each_slot(std::uint64_t epoch, std::uint64_t place, F f) const {
    std::size_t low = 0, after = num_repeated_;
    while (after - low > 1) {
      std::size_t const middle = low + (after - low) / 2;
      (groups_[middle].begin <= place ? low : after) = middle;
    }
    if (num_repeated_ > 0 && place >= groups_[low].begin) {
      std::uint64_t const count = groups_[low].count.number(), ordinal = place - groups_[low].begin;
      for (std::uint64_t slot = ordinal; ordinal < count && slot < parts_.length(low); slot += count) {
        f(groups_[low].first + slot);
      }
    }
    if (!remainders_) return;
    remainders_->for_each_slot(place, epoch, epoch,
                               [&](std::uint64_t, std::uint64_t slot) { f(groups_[num_repeated_].first + slot); });
  }

  [[nodiscard]] std::uint64_t fingerprint() const noexcept {
    fingerprint_builder hash("repeat_table");
    for (auto const& [first, begin, count] : groups_) hash.add(first).add(begin).add(count.number());
    return hash.add(remainders_ ? remainders_->fingerprint() : members_->fingerprint()).value();
  }

 private:
  struct group {
    std::uint32_t first;  // its first slot
    std::uint32_t begin;  // the place of its first sample
    divisor count;        // of samples
  };

  shared<class_members<Index> const> members_;
  huge_page_vector<group> groups_;  // of repeated samples; then the remainders, if there are any
  std::size_t num_repeated_ = 0;
  interval_lookup parts_;  // slot -> group
  std::optional<stratified_walks<Index>> remainders_;
};

/// One epoch: position -> slot, by the epoch's permutation -> place -> index.
template <std::unsigned_integral Index>
class repeat_draws {
 public:
  using index_type = Index;

  repeat_draws(shared<repeat_table<Index> const> table, std::uint64_t seed, std::uint64_t epoch)
      : table_(std::move(table)),
        epoch_(epoch),
        order_(table_->epoch_size(), stream_key(seed, epoch, random_stream::order)) {}

  [[nodiscard]] Index at(std::uint64_t position) const noexcept {
    return table().sample(table_->place_at(epoch_, order_(position)));
  }

  using places = block_of<std::uint32_t>;
  void find_places(std::uint64_t first, std::uint64_t stride, std::size_t count, places& found,
                   prefetcher& meanwhile) const noexcept {
    fill_evenly_spaced(first, stride, count, found);
    order_.apply(count, found, meanwhile);
    table_->find_places(epoch_, count, found);
  }
  [[nodiscard]] class_members<Index> const& table() const noexcept { return table_->members(); }

  [[nodiscard]] std::vector<std::uint64_t> find(Index sample, std::uint64_t end) const {
    if (epoch_ >> 31 != 0) return scan(*this, sample, end);
    std::vector<std::uint64_t> result;
    table_->for_each_slot(epoch_, table().place_of(sample), [&](std::uint64_t slot) {
      std::uint64_t const position = order_.place_of(slot);
      if (position < end) result.push_back(position);
    });
    sort(result);
    return result;
  }

 private:
  shared<repeat_table<Index> const> table_;
  std::uint64_t epoch_;
  permutation order_;
};

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
