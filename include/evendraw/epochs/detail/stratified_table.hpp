// The quotas of batches, and the walks that fill them.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <evendraw/classes/detail/class_members.hpp>
#include <evendraw/detail/huge_page_vector.hpp>
#include <evendraw/detail/shared.hpp>
#include <evendraw/detail/sort_by.hpp>
#include <evendraw/epochs/batches.hpp>
#include <evendraw/epochs/detail/batch_quotas.hpp>
#include <evendraw/epochs/detail/class_walks.hpp>
#include <evendraw/epochs/detail/resumed_walk.hpp>
#include <evendraw/random/counter_random.hpp>
#include <evendraw/random/detail/fingerprint.hpp>
#include <evendraw/random/permutation.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// The quotas of the batches and the walks through the classes. The stratified draws of all epochs are made from them.
///
/// If a class may have several slots in a batch, its walks come in cycles. A cycle has enough batches for all members
/// of the class; if slots are left over at its end, they begin the cycle's walk again. So no sample comes twice in a
/// batch, unless the class has more slots there than members. If a class has at most one slot in a batch, one walk
/// directly follows the other.
template <std::unsigned_integral Index>
class stratified_table {
 public:
  /// Shares by class number; 0 leaves a class out. A class without samples must have 0. `seen` is null, or points to
  /// the samples that were seen: then the classes begin with their unseen samples.
  template <class Seen = std::nullptr_t>
  stratified_table(detail::shared<class_members<Index> const> members, std::vector<std::uint64_t> shares,
                   std::uint64_t batch_size, evendraw::order order, std::uint64_t seed,
                   [[maybe_unused]] Seen seen = nullptr)
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
    if constexpr (!std::same_as<Seen, std::nullptr_t>) {
      resumed_ = {*members_, walks_, *seen};
      add_first_cycles();
    }
  }

  /// The samples of the classes.
  [[nodiscard]] class_members<Index> const& members() const noexcept { return *members_; }
  /// The shares, by class number.
  [[nodiscard]] std::vector<std::uint64_t> const& shares() const noexcept { return shares_; }
  /// The quotas of the classes that are not left out.
  [[nodiscard]] batch_quotas const& quotas() const noexcept { return quotas_; }
  /// Writes the slots that are drawn at first, first + stride, ... of a batch that is dealt out to `ranks` ranks.
  ///
  /// A grouped batch begins at a random slot. Each rank has every ranks-th slot, and therefore its part of every class.
  /// A shuffled batch gives every rank the same slots as a grouped one, in a random order.
  void find_slots(std::uint64_t batch, std::uint64_t ranks, std::uint64_t first, std::uint64_t stride,
                  std::span<std::uint64_t> slots) const noexcept {
    if (stride % ranks != 0) {  // draws of several ranks
      for (std::size_t i = 0; i < slots.size(); ++i) {
        find_slots(batch, ranks, first + i * stride, ranks, slots.subspan(i, 1));
      }
      return;
    }
    std::uint64_t const size = quotas_.batch_size(), random = random_word(order_key_, batch), rank = first % ranks;
    if (order_ == evendraw::order::shuffled) {
      for (std::size_t i = 0; i < slots.size(); ++i) slots[i] = first / ranks + i * (stride / ranks);
      order_of(random, rank, ranks).apply(slots);
      if (ranks == 1) return;  // a random beginning changes nothing
      for (std::uint64_t& slot : slots) slot = rank + slot * ranks;
    } else {
      for (std::size_t i = 0; i < slots.size(); ++i) slots[i] = first + i * stride;
    }
    std::uint64_t const begin = bounded(random, size), before_end = size - begin;
    for (std::uint64_t& slot : slots) slot = slot < before_end ? begin + slot : slot - before_end;
  }

  /// The position in a batch at which a slot is drawn: the inverse of find_slots().
  [[nodiscard]] std::uint64_t position_of(std::uint64_t batch, std::uint64_t ranks, std::uint64_t slot) const noexcept {
    std::uint64_t const size = quotas_.batch_size(), random = random_word(order_key_, batch);
    std::uint64_t const begin = bounded(random, size);
    bool const shuffled = order_ == evendraw::order::shuffled;
    if (shuffled && ranks == 1) return order_of(random, 0, 1).place_of(slot);
    std::uint64_t const dealt = slot >= begin ? slot - begin : slot + (size - begin), rank = dealt % ranks;
    return shuffled ? rank + order_of(random, rank, ranks).place_of(dealt / ranks) * ranks : dealt;
  }

  /// The slots of a class in a batch, and the steps of its walk to which they belong.
  struct run {
    std::uint64_t first_slot;
    detail::class_walk walk;
    std::uint64_t first_step;                    // the number of steps of the walk before the first slot
    detail::resumed_walk<Index> const* resumed;  // if not null, used instead of `walk`, except for walk.n

    /// The step of the walk to which a slot belongs.
    [[nodiscard]] std::uint64_t step(std::uint64_t slot) const noexcept {
      std::uint64_t const drawn = first_step + (slot - first_slot);
      return drawn < walk.n ? drawn : drawn % walk.n;
    }
    /// The place of the member that the walk visits at a step.
    [[nodiscard]] std::uint64_t member(std::uint64_t at_step) const noexcept {
      return resumed != nullptr ? resumed->member(at_step) : walk.member(at_step);
    }
  };
  /// The slots of class c in a batch, as consecutive steps of a walk through the class.
  [[nodiscard]] run run_of(std::size_t c, batch_quotas::batch const& batch,
                           batch_quotas::seats_before const& before) const noexcept {
    auto const& [walked, cycle] = walks_[c];
    auto const [first_batches, first_draws] = first_cycle_of(c);
    std::uint64_t const first_slot = quotas_.first_seat(c, batch), drawn = before(c), n = walked.n;
    if (cycle == 0 ? drawn < first_draws : batch.number < first_batches) {
      return {first_slot, {walked.begin, n, 0, {}}, drawn, resumed_[c]};
    }
    if (cycle == 0) {
      std::uint64_t const in_walks = drawn - first_draws;
      return {first_slot, walked.walk(in_walks / n), in_walks % n, nullptr};
    }
    std::uint64_t const number = (batch.number - first_batches) / cycle;
    return {first_slot, walked.walk(number), drawn - draws_before(c, first_batches + number * cycle), nullptr};
  }

  /// Marks the samples that the walks of the classes have visited before a batch.
  void mark_seen(std::uint64_t number, seen_samples& seen) const {
    auto const batch = quotas_.at(number);
    batch_quotas::seats_before const before(quotas_, batch);
    for (std::size_t c = 0; c < walks_.size(); ++c) {
      auto const now = run_of(c, batch, before);
      mark_visited(now, std::min(now.first_step, now.walk.n), *members_, seen);
    }
  }

  /// Calls f(batch number, slot) for every slot of these batches that draws the member at a place. Needs
  /// last_batch * batch size < 2^63.
  template <class F>
  void for_each_slot(std::uint64_t place, std::uint64_t first_batch, std::uint64_t last_batch, F f) const {
    runs_.for_each_with(walks_, place, [&](std::size_t c) { for_each_slot(c, place, first_batch, last_batch, f); });
  }

  /// The number of batches, from the first one on, until every sample of every class with a share has been drawn; at
  /// most 2^63.
  [[nodiscard]] std::uint64_t batches_to_cover() const noexcept {
    std::uint64_t most = 0;
    for (std::size_t c = 0; c < walks_.size(); ++c) {
      std::uint64_t const draws = first_cycle_of(c).draws + walks_[c].walked.n;
      auto const covers = [&](std::uint64_t batches) { return draws_before(c, batches) >= draws; };
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
    std::uint64_t cycle;  // in batches; 0: a batch has at most one slot, and walks directly follow each other
  };

  /// An amended class first draws its unseen members.
  struct first_cycle {
    std::uint64_t batches = 0;  // the number of batches in which they come
    std::uint64_t draws = 0;    // the draws of the class in these batches; if cycle is 0, the number of unseen members
  };
  [[nodiscard]] first_cycle first_cycle_of(std::size_t c) const noexcept {
    return first_cycles_.empty() ? first_cycle{} : first_cycles_[c];
  }

  /// The number of draws of class c before a batch.
  [[nodiscard]] std::uint64_t draws_before(std::size_t c, std::uint64_t batch) const noexcept {
    return quotas_.before(c, quotas_.at(batch));
  }

  /// The batch that has draw number `draw` of class c. It is one of `first` to `last`.
  [[nodiscard]] std::uint64_t batch_of(std::size_t c, std::uint64_t draw, std::uint64_t first,
                                       std::uint64_t last) const noexcept {
    if (first == last) return first;
    std::uint64_t const guess = std::clamp(quotas_.batch_near(c, draw), first, last);
    bool const later = draws_before(c, guess) <= draw;
    (later ? first : last) = later ? guess : guess - (guess > first ? 1u : 0u);
    for (std::uint64_t reach = 1; last - first > reach; reach *= 2) {  // the guess is nearly right
      std::uint64_t const middle = later ? first + reach : last - reach;
      bool const not_before = draws_before(c, middle) <= draw;
      (not_before ? first : last) = not_before ? middle : middle - 1;
      if (not_before != later) break;
    }
    while (first < last) {
      std::uint64_t const middle = first + (last - first + 1) / 2;
      if (draws_before(c, middle) <= draw) {
        first = middle;
      } else {
        last = middle - 1;
      }
    }
    return first;
  }

  /// Finds the number of batches in which the unseen members of each amended class come.
  void add_first_cycles() {
    first_cycles_ = huge_page_vector<first_cycle>(walks_.size(), first_cycle{});
    for (std::size_t c = 0; c < walks_.size(); ++c) {
      if (resumed_[c] == nullptr) continue;
      std::uint64_t const unseen = resumed_[c]->unseen.size();
      std::uint64_t enough = 1;
      while (enough >> 62 == 0 && draws_before(c, enough) < unseen) enough *= 2;
      std::uint64_t const batches = batch_of(c, unseen - 1, 0, enough) + 1;
      first_cycles_[c] = {batches, walks_[c].cycle == 0 ? unseen : draws_before(c, batches)};
    }
  }

  /// The same for the member of one class. Each walk is inverted once, and the batch of each draw is found by
  /// bisection.
  template <class F>
  void for_each_slot(std::size_t c, std::uint64_t place, std::uint64_t first_batch, std::uint64_t last_batch,
                     F f) const {
    auto const& [walked, cycle] = walks_[c];
    auto const [first_batches, first_draws] = first_cycle_of(c);
    std::uint64_t const n = walked.n, end = draws_before(c, last_batch + 1);
    for (std::uint64_t draw = draws_before(c, first_batch), batch = first_batch; draw < end;) {
      batch = batch_of(c, draw, batch, last_batch);
      // The draws origin, ..., last - 1 come from one walk, which visits the member at `step`.
      std::uint64_t origin = 0, last = first_draws, step = 0;
      if (cycle == 0 ? draw < first_draws : batch < first_batches) {
        step = resumed_[c]->step_of(place);
      } else if (cycle == 0) {
        std::uint64_t const number = (draw - first_draws) / n;
        origin = first_draws + number * n;
        last = origin + n;
        step = walked.walk(number).step_of(place);
      } else {
        std::uint64_t const number = (batch - first_batches) / cycle;
        origin = draws_before(c, first_batches + number * cycle);
        last = draws_before(c, first_batches + (number + 1) * cycle);
        step = walked.walk(number).step_of(place);
      }
      std::uint64_t const done = draw - origin;
      std::uint64_t hit = origin + step;
      if (step < done) hit += (done - step + n - 1) / n * n;
      for (last = std::min(last, end); hit < last; hit += n) {
        std::uint64_t const hit_batch = batch_of(c, hit, batch, last_batch);
        f(hit_batch, quotas_.first_seat(c, quotas_.at(hit_batch)) + (hit - draws_before(c, hit_batch)));
      }
      draw = last;
    }
  }

  /// The random order of a rank's part of a shuffled batch.
  [[nodiscard]] permutation order_of(std::uint64_t random, std::uint64_t rank, std::uint64_t ranks) const noexcept {
    return {quotas_.batch_size() / ranks, ranks == 1 ? random : random_word(random, rank + 2)};
  }

  detail::shared<class_members<Index> const> members_;
  std::vector<std::uint64_t> shares_;
  batch_quotas quotas_;
  huge_page_vector<walk> walks_;  // one for each class that is not left out
  ascending_runs runs_;           // over the same classes
  resumed_walks<Index> resumed_;
  huge_page_vector<first_cycle> first_cycles_;  // by class; empty unless amended
  std::uint64_t order_key_;
  evendraw::order order_;
};

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
