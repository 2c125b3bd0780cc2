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
class stratified_walks {
 public:
  /// Shares by class number; 0 leaves a class out. A class without samples must have 0. `seen` is null, or points to
  /// the samples that were seen: then the classes begin with their unseen samples.
  template <class Seen = std::nullptr_t>
  stratified_walks(detail::shared<class_members<Index> const> members, std::vector<std::uint64_t> shares,
                   std::uint64_t batch_size, std::uint64_t seed, [[maybe_unused]] Seen seen = nullptr)
      : members_(std::move(members)),
        shares_(std::move(shares)),
        quotas_(detail::without_zeros(shares_), batch_size, stream_key(seed, 0, random_stream::quota)) {
    std::uint64_t const walk_key = stream_key(seed, 0, random_stream::walk);
    for (std::size_t number = 0; number < shares_.size(); ++number) {
      if (shares_[number] == 0) continue;
      std::size_t const c = walks_.size();
      auto const [begin, count] = members_->classes[number];
      std::uint64_t const cycle = quotas_.most(c) > 1 ? quotas_.batches_for(c, count) : 0;
      walks_.push_back({{begin, count, random_word(walk_key, number)}, cycle, divisor(cycle == 0 ? count : cycle)});
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

  /// The walk that a class is in at a batch.
  struct stage {
    detail::class_walk walk;
    std::uint64_t first_step;                    // the number of steps of the walk before the batch
    detail::resumed_walk<Index> const* resumed;  // if not null, used instead of `walk`, except for walk.n

    /// The step of the walk at the class's draw number `ordinal` of the batch.
    [[nodiscard]] std::uint64_t step(std::uint64_t ordinal) const noexcept {
      std::uint64_t const drawn = first_step + ordinal;
      return drawn < walk.n ? drawn : drawn % walk.n;
    }
    /// The place of the member that the walk visits at a step.
    [[nodiscard]] std::uint64_t member(std::uint64_t at_step) const noexcept {
      return resumed != nullptr ? resumed->member(at_step) : walk.member(at_step);
    }
  };
  /// The stage of class c, which has `drawn` draws before the batch. start_of(c, number, batch) is draws_before(c,
  /// batch), where the walk with this number starts.
  template <class StartOf>
  [[nodiscard]] stage stage_of(std::size_t c, std::uint64_t batch, std::uint64_t drawn,
                               StartOf start_of) const noexcept {
    auto const& [walked, cycle, period] = walks_[c];
    auto const [first_batches, first_draws] = first_cycle_of(c);
    if (cycle == 0 ? drawn < first_draws : batch < first_batches) {
      return {{walked.begin, walked.n, 0, {}}, drawn, resumed_[c]};
    }
    if (cycle == 0) {
      auto const [number, step] = period.divide(drawn - first_draws);
      return {walked.walk(number), step, nullptr};
    }
    std::uint64_t const number = period.divide(batch - first_batches).quotient;
    return {walked.walk(number), drawn - start_of(c, number, first_batches + number * cycle), nullptr};
  }
  [[nodiscard]] stage stage_of(std::size_t c, batch_quotas::batch const& batch) const noexcept {
    return stage_of(c, batch.number, quotas_.before(c, batch),
                    [&](std::size_t, std::uint64_t, std::uint64_t start) { return draws_before(c, start); });
  }

  /// Where the walks of classes start, for those that were asked for last.
  class walk_starts {
   public:
    explicit walk_starts(stratified_walks const& table) noexcept : table_(table) {
      for (entry& each : entries_) each.c = ~std::size_t{0};
    }
    [[nodiscard]] std::uint64_t operator()(std::size_t c, std::uint64_t number, std::uint64_t batch) noexcept {
      entry& known = entries_[c % std::size(entries_)];
      if (known.c != c || known.number != number) known = {c, number, table_.draws_before(c, batch)};
      return known.draws;
    }

   private:
    struct entry {
      std::size_t c;
      std::uint64_t number;
      std::uint64_t draws;
    };
    stratified_walks const& table_;
    entry entries_[64];
  };

  /// Sets draws `done`, done + 1, ... of a block to those in `count` slots of a batch.
  void set_draws(batch_quotas::batch const& batch, block_of<std::uint32_t> const& slots, std::size_t count,
                 std::size_t done, walk_starts& starts, class_walk_block& draws) const noexcept {
    block_of<std::uint32_t> classes, lanes;
    block_of<std::uint64_t> begins, ends, drawn;
    quotas_.find_classes(batch, slots, count, classes, begins, ends);
    batch_quotas::slots_before_batch(quotas_, batch).find(begins, ends, count, drawn);
    // Keeps the two kinds of classes apart, so that processors predict which kind comes next.
    std::size_t front = 0, back = count;
    for (std::size_t i = 0; i < count; ++i) {
      bool const one_slot = walks_[classes[i]].cycle == 0;
      lanes[one_slot ? front : back - 1] = static_cast<std::uint32_t>(i);
      front += static_cast<std::size_t>(one_slot);
      back -= static_cast<std::size_t>(!one_slot);
    }
    for (std::size_t k = 0; k < count; ++k) {
      std::size_t const i = lanes[k];
      auto const current =
          stage_of(classes[i], batch.number, drawn[i], [&](auto... of_walk) { return starts(of_walk...); });
      std::uint64_t const step = current.step(slots[i] - batch_quotas::slot_after(begins[i], batch));
      if (current.resumed != nullptr) {
        draws.set_place(done + i, current.resumed->member(step));
      } else {
        draws.set(done + i, current.walk, step);
      }
    }
  }

  /// Marks the samples that the walks of the classes have visited before a batch.
  void mark_seen(std::uint64_t number, seen_samples& seen) const {
    auto const batch = quotas_.at(number);
    for (std::size_t c = 0; c < walks_.size(); ++c) {
      auto const current = stage_of(c, batch);
      mark_visited(current, std::min(current.first_step, current.walk.n), *members_, seen);
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
    detail::fingerprint_builder hash("stratified_walks");
    for (cycle_of_walks const& each : walks_) hash.add(each.walked.begin).add(each.walked.n);
    return hash.add(quotas_.fingerprint()).add(members_->fingerprint()).value();
  }

 private:
  struct cycle_of_walks {
    detail::walked_class walked;
    std::uint64_t cycle;  // in batches; 0: a batch has at most one slot, and walks directly follow each other
    divisor period;       // the cycle, or n if it is 0
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
    auto const& [walked, cycle, period] = walks_[c];
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
        f(hit_batch, quotas_.first_slot(c, quotas_.at(hit_batch)) + (hit - draws_before(c, hit_batch)));
      }
      draw = last;
    }
  }

  detail::shared<class_members<Index> const> members_;
  std::vector<std::uint64_t> shares_;
  batch_quotas quotas_;
  huge_page_vector<cycle_of_walks> walks_;  // one for each class that is not left out
  ascending_runs runs_;                     // over the same classes
  resumed_walks<Index> resumed_;
  huge_page_vector<first_cycle> first_cycles_;  // by class; empty unless amended
};

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
