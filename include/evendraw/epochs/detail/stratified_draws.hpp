// Batches with exact class counts. Each class is walked through without replacement.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <evendraw/classes/detail/class_members.hpp>
#include <evendraw/detail/blocks.hpp>
#include <evendraw/detail/interval_lookup.hpp>
#include <evendraw/detail/shared.hpp>
#include <evendraw/epochs/batches.hpp>
#include <evendraw/epochs/detail/batch_quotas.hpp>
#include <evendraw/epochs/detail/class_walks.hpp>
#include <evendraw/epochs/draws.hpp>
#include <evendraw/random/counter_random.hpp>
#include <evendraw/random/detail/fingerprint.hpp>
#include <evendraw/random/permutation.hpp>

namespace evendraw::detail {

/// The quotas of the batches and the walks through the classes. The stratified draws of all epochs are made from them.
///
/// A class that may have several slots in a batch is walked through in cycles. A cycle has enough batches for all
/// members of the class; slots that are left over at its end begin the cycle's walk again. So no sample comes twice in
/// a batch, unless the class has more slots there than members. A class that has at most one slot in a batch is walked
/// through again and again.
template <std::unsigned_integral Index>
class stratified_table {
 public:
  /// Shares by class number; 0 leaves a class out. A class without samples must have 0.
  stratified_table(detail::shared<class_members<Index> const> members, std::vector<std::uint64_t> shares,
                   std::uint64_t batch_size, evendraw::order order, std::uint64_t seed)
      : members_(std::move(members)),
        shares_(std::move(shares)),
        quotas_(detail::without_zeros(shares_), batch_size, stream_key(seed, 0, random_stream::quota)),
        order_key_(stream_key(seed, 0, random_stream::order)),
        order_(order) {
    std::uint64_t const walk_key = stream_key(seed, 0, random_stream::walk);
    for (std::size_t number = 0; number < shares_.size(); ++number) {
      if (shares_[number] == 0) continue;
      std::size_t const c = walks_.size();
      auto const [begin, count] = members_->classes[number];
      std::uint64_t const cycle = quotas_.most(c) > 1 ? quotas_.batches_for(c, count) : 0;
      walks_.push_back({{begin, count, random_word(walk_key, number)}, cycle});
      runs_.add(walks_.back().walked);
    }
  }

  /// The samples of the classes.
  [[nodiscard]] class_members<Index> const& members() const noexcept { return *members_; }
  /// The shares, by class number.
  [[nodiscard]] std::vector<std::uint64_t> const& shares() const noexcept { return shares_; }
  /// The quotas of the classes that are not left out.
  [[nodiscard]] batch_quotas const& quotas() const noexcept { return quotas_; }
  /// Replaces positions in a batch by the slots that are drawn there.
  void find_slots(std::uint64_t batch, std::span<std::uint64_t> positions) const noexcept {
    std::uint64_t const size = quotas_.batch_size(), random = random_word(order_key_, batch);
    if (order_ == evendraw::order::shuffled) {
      permutation(size, random).apply(positions);
      return;
    }
    std::uint64_t const first = bounded(random, size), before_end = size - first;
    for (std::uint64_t& position : positions) {
      position = position < before_end ? first + position : position - before_end;
    }
  }

  /// The position in a batch at which a slot is drawn.
  [[nodiscard]] std::uint64_t position_of(std::uint64_t batch, std::uint64_t slot) const noexcept {
    std::uint64_t const size = quotas_.batch_size(), random = random_word(order_key_, batch);
    if (order_ == evendraw::order::shuffled) return permutation(size, random).place_of(slot);
    std::uint64_t const first = bounded(random, size);
    return slot >= first ? slot - first : slot + (size - first);
  }

  /// The slots of a class in a batch, and the steps of its walk that they take.
  struct run {
    std::uint64_t first_slot;
    detail::class_walk walk;
    std::uint64_t first_step;  // which the first slot takes

    /// The step of the walk that a slot takes.
    [[nodiscard]] std::uint64_t step(std::uint64_t slot) const noexcept {
      std::uint64_t const drawn = first_step + (slot - first_slot);
      return drawn < walk.n ? drawn : drawn % walk.n;
    }
  };
  /// The slots of class c in a batch, as consecutive steps of a walk through the class.
  [[nodiscard]] run run_of(std::size_t c, batch_quotas::batch const& batch,
                           batch_quotas::seats_before const& before) const noexcept {
    auto const& [walked, cycle] = walks_[c];
    std::uint64_t const first_slot = quotas_.first_seat(c, batch), drawn = before(c);
    if (cycle == 0) return {first_slot, walked.walk(drawn / walked.n), drawn % walked.n};
    std::uint64_t const number = batch.number / cycle;
    std::uint64_t const before_cycle = quotas_.before(c, quotas_.at(number * cycle));
    return {first_slot, walked.walk(number), (drawn - before_cycle) % walked.n};
  }

  /// Calls f(batch number, slot) for every slot of some batches that takes the member at a place. Needs last_batch *
  /// batch size < 2^63.
  template <class F>
  void for_each_slot(std::uint64_t place, std::uint64_t first_batch, std::uint64_t last_batch, F f) const {
    runs_.for_each_with(walks_, place, [&](std::size_t c) { for_each_slot(c, place, first_batch, last_batch, f); });
  }

  /// How many batches, from the first one on, draw every sample of the classes with a share; 2^63 if it is more.
  [[nodiscard]] std::uint64_t batches_to_cover() const noexcept {
    std::uint64_t most = 0;
    for (std::size_t c = 0; c < walks_.size(); ++c) {
      auto const covers = [&](std::uint64_t batches) {
        return quotas_.before(c, quotas_.at(batches)) >= walks_[c].walked.n;
      };
      std::uint64_t too_few = 0, enough = 1;
      while (enough >> 63 == 0 && !covers(enough)) enough *= 2;
      while (enough - too_few > 1) {
        std::uint64_t const middle = too_few + (enough - too_few) / 2;
        (covers(middle) ? enough : too_few) = middle;
      }
      most = std::max(most, enough);
    }
    return most;
  }

  [[nodiscard]] std::uint64_t fingerprint() const noexcept {
    detail::fingerprint_builder hash("stratified_table");
    for (walk const& each : walks_) hash.add(each.walked.begin).add(each.walked.n);
    hash.add(static_cast<std::uint64_t>(order_)).add(quotas_.fingerprint());
    return hash.add(members_->fingerprint()).value();
  }

 private:
  struct walk {
    detail::walked_class walked;
    std::uint64_t cycle;  // in batches; 0: a batch has at most one slot of the class, and walks follow each other
  };

  /// The number of draws of class c before a batch.
  [[nodiscard]] std::uint64_t draws_before(std::size_t c, std::uint64_t batch) const noexcept {
    return quotas_.before(c, quotas_.at(batch));
  }

  /// The same for the member of one class. A walk is undone once, and the batch of a draw is found by bisection.
  template <class F>
  void for_each_slot(std::size_t c, std::uint64_t place, std::uint64_t first_batch, std::uint64_t last_batch,
                     F f) const {
    auto const& [walked, cycle] = walks_[c];
    std::uint64_t const n = walked.n;
    for (std::uint64_t batch = first_batch; batch <= last_batch;) {  // as many as the same rule holds for
      std::uint64_t const number = cycle == 0 ? 0 : batch / cycle;
      std::uint64_t const last = cycle == 0 ? last_batch : std::min(last_batch, (number + 1) * cycle - 1);
      std::uint64_t const origin = cycle == 0 ? 0 : draws_before(c, number * cycle);
      std::uint64_t const begin = draws_before(c, batch) - origin, end = draws_before(c, last + 1) - origin;
      for (std::uint64_t first = begin - begin % n; first < end; first += n) {
        std::uint64_t const draw = first + walked.walk(cycle == 0 ? first / n : number).step_of(place);
        if (draw < begin || draw >= end) continue;
        std::uint64_t low = batch, high = last + 1;  // the draw is in one of batches low to high - 1
        while (high - low > 1) {
          std::uint64_t const middle = low + (high - low) / 2;
          (draws_before(c, middle) - origin <= draw ? low : high) = middle;
        }
        f(low, quotas_.first_seat(c, quotas_.at(low)) + (draw - (draws_before(c, low) - origin)));
      }
      batch = last + 1;
    }
  }

  detail::shared<class_members<Index> const> members_;
  std::vector<std::uint64_t> shares_;
  batch_quotas quotas_;
  std::vector<walk> walks_;  // of the classes that are not left out
  ascending_runs runs_;      // of these classes
  std::uint64_t order_key_;
  evendraw::order order_;
};

/// The batches of a stratified table from `first_batch` on.
template <std::unsigned_integral Index>
class stratified_draws {
 public:
  using index_type = Index;

  stratified_draws(detail::shared<stratified_table<Index> const> table, std::uint64_t first_batch) noexcept
      : table_(std::move(table)), first_batch_(first_batch) {}

  [[nodiscard]] Index at(std::uint64_t position) const noexcept {
    batch_quotas const& quotas = table_->quotas();
    auto const batch = quotas.at(first_batch_ + position / quotas.batch_size());
    std::uint64_t slot = position % quotas.batch_size();
    table_->find_slots(batch.number, {&slot, 1});
    auto const run = table_->run_of(quotas.class_of(batch, slot), batch, {quotas, batch});
    return table_->members().sample(run.walk.member(run.step(slot)));
  }

  /// Finds the slots of each batch and the run of each slot's class, and then reads all walks at once.
  void read_block(std::uint64_t first, std::uint64_t stride, std::span<Index> out) const noexcept {
    batch_quotas const& quotas = table_->quotas();
    std::uint64_t const batch_size = quotas.batch_size();
    detail::block_of<std::uint64_t> block;
    detail::class_walk_block walks;
    runs known(*table_);
    for (std::size_t done = 0; done < out.size();) {
      std::uint64_t const position = first + done * stride, in_batch = position % batch_size;
      auto const batch = quotas.at(first_batch_ + position / batch_size);
      std::uint64_t const reads_left = (batch_size - in_batch - 1) / stride + 1;
      auto const count = static_cast<std::size_t>(std::min<std::uint64_t>(out.size() - done, reads_left));
      batch_quotas::seats_before const before(quotas, batch);
      auto const slots = std::span(block).subspan(done, count);
      for (std::size_t i = 0; i < slots.size(); ++i) slots[i] = in_batch + i * stride;
      table_->find_slots(batch.number, slots);
      for (std::uint64_t const slot : slots) {
        auto const& run = known.find(quotas.class_of(batch, slot), batch, before);
        walks.set(done, run.walk, run.step(slot));
        ++done;
      }
    }
    walks.read(table_->members(), out);
  }

  [[nodiscard]] std::vector<std::uint64_t> find(Index sample, std::uint64_t end) const {
    std::vector<std::uint64_t> result;
    std::uint64_t const batch_size = table_->quotas().batch_size(), last_batch = first_batch_ + (end - 1) / batch_size;
    if (last_batch >= (std::uint64_t{1} << 63) / batch_size) return detail::scan(*this, sample, end);
    std::uint64_t const place = table_->members().place_of(sample);
    table_->for_each_slot(place, first_batch_, last_batch, [&](std::uint64_t batch, std::uint64_t slot) {
      std::uint64_t const position = (batch - first_batch_) * batch_size + table_->position_of(batch, slot);
      if (position < end) result.push_back(position);
    });
    std::sort(result.begin(), result.end());
    return result;
  }

 private:
  /// Keeps the runs that were asked for last: a batch asks for the same few again and again.
  class runs {
   public:
    explicit runs(stratified_table<Index> const& table) noexcept : table_(table) {
      for (entry& each : entries_) each.c = ~std::size_t{0};
    }

    [[nodiscard]] auto const& find(std::size_t c, batch_quotas::batch const& batch,
                                   batch_quotas::seats_before const& before) noexcept {
      entry& known = entries_[c % entries_.size()];
      if (known.c != c || known.batch != batch.number) known = {c, batch.number, table_.run_of(c, batch, before)};
      return known.run;
    }

   private:
    struct entry {
      std::size_t c;
      std::uint64_t batch;
      typename stratified_table<Index>::run run;
    };
    stratified_table<Index> const& table_;
    std::array<entry, 64> entries_;
  };

  detail::shared<stratified_table<Index> const> table_;
  std::uint64_t first_batch_;
};

}  // namespace evendraw::detail
