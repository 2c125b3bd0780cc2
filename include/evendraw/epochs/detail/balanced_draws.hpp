// Epochs in which every class gives its quota, without replacement.
#pragma once

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <evendraw/classes/detail/class_members.hpp>
#include <evendraw/detail/blocks.hpp>
#include <evendraw/detail/coverage_cycle.hpp>
#include <evendraw/detail/huge_page_vector.hpp>
#include <evendraw/detail/interval_lookup.hpp>
#include <evendraw/detail/prefetching.hpp>
#include <evendraw/detail/shared.hpp>
#include <evendraw/detail/sort_by.hpp>
#include <evendraw/epochs/detail/windowed_classes.hpp>
#include <evendraw/kernels/lanes.hpp>
#include <evendraw/kernels/walk.hpp>
#include <evendraw/kernels/windows.hpp>
#include <evendraw/random/counter_random.hpp>
#include <evendraw/random/detail/fingerprint.hpp>
#include <evendraw/random/permutation.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// The quotas and walks that the draws of all epochs are made from.
template <std::unsigned_integral Index>
class balanced_table {
 public:
  /// Quotas by class number; 0 leaves a class out. `seen` is null, or points to the samples that were seen: then the
  /// classes begin with their unseen samples.
  template <class Seen>
  balanced_table(shared<class_members<Index> const> members, std::vector<std::uint64_t> quotas, std::uint64_t seed,
                 [[maybe_unused]] Seen seen)
      : members_(std::move(members)), quotas_(std::move(quotas)), slots_(without_zeros(quotas_)) {
    std::uint64_t const key = stream_key(seed, 0, random_stream::walk);
    narrow_ = slots_.total() >> 32 == 0 && slots_.size() >> 31 == 0;  // a tag has 31 bits for the stretch
    for (std::size_t c = 0; c < quotas_.size(); ++c) {
      if (quotas_[c] == 0) continue;
      auto const [begin, count] = members_->classes[c];
      classes_.add({begin, count, random_word(key, c)}, quotas_[c]);
      narrow_ &= (begin + std::max(count, quotas_[c])) >> 32 == 0;
    }
    if constexpr (!std::same_as<Seen, std::nullptr_t>) classes_.resume(*members_, *seen);
    if (narrow_) add_stretches();
  }

  /// The samples of the classes.
  [[nodiscard]] class_members<Index> const& members() const noexcept { return *members_; }
  /// The draws of each class in an epoch, by class number.
  [[nodiscard]] std::vector<std::uint64_t> const& quotas() const noexcept { return quotas_; }
  /// The class of each slot of an epoch, numbered among the classes that are not left out.
  [[nodiscard]] interval_lookup const& slots() const noexcept { return slots_; }
  /// The classes that are not left out.
  [[nodiscard]] windowed_classes<Index> const& classes() const noexcept { return classes_; }
  /// Whether find_places() can be used: slots, and the sum of a class's first place and any ordinal, fit into 32 bits.
  [[nodiscard]] bool narrow() const noexcept { return narrow_; }

  /// The place of the member that class c gives to an epoch as its draw number `ordinal`.
  [[nodiscard]] std::uint64_t member(std::size_t c, std::uint64_t epoch, std::uint64_t ordinal) const noexcept {
    auto const& [walked, window, quota] = classes_[c];
    if (quota == walked.n) return walked.begin + ordinal;
    auto const current = classes_.walk_at(c, epoch);
    return current.member(window.place(current.start, ordinal % walked.n));
  }

  /// Turns slots of the epoch into places of members. A class that gives all its members needs no walk: the epoch's
  /// permutation has already shuffled them. All other draws go through their walks together. If only one class
  /// walks, its walk lets `meanwhile` ask for memory.
  ///
  /// Example: class A has places 0 to 19 and gives 3 draws, class B has places 20 to 22 and gives all 3. Slots 0 to 2
  /// are A's, slots 3 to 5 are B's. In epoch 2:
  ///   slot 4 -> B: 4 + (20 - 3) = place 21
  ///   slot 1 -> A: its ordinal is 1 and A's window starts at 2 * 3 = 6, so it is number 6 + 1 = 7 of A's walk;
  ///             the walk's permutation takes 7 to 13, say: place 0 + 13 = 13
  void find_places(std::uint32_t epoch, std::size_t count, block_of<std::uint32_t>& slots,
                   prefetcher& meanwhile) const noexcept {
    if (slots_are_places_) return;
    block_of<std::uint64_t> tagged;
    stretches_.add_values(std::span<std::uint32_t const>(slots, count), shifts_.data(), tagged);
    for (std::size_t i = count; i % group_size != 0; ++i) tagged[i] = 0;
    lane_list walking;
    std::size_t const num_walking = untag(tagged, count, slots, walking);
    if (num_walking == 0) return;
    std::span<std::uint16_t const> const draws(walking, num_walking);
    if (one_walks_) {
      walk_one_class(narrow_classes_[stretch_of(tagged[walking[0]])], epoch, draws, slots, meanwhile);
    } else {
      walk_classes(tagged, epoch, draws, slots);
    }
  }

  /// Marks the samples that the walks of the classes have visited before an epoch. If a class gives more draws than it
  /// has members, it marks those that have had more draws than others.
  void mark_seen(std::uint64_t epoch, seen_samples& seen) const {
    for (std::size_t c = 0; c < classes_.size(); ++c) classes_.mark_visited(c, epoch, *members_, seen);
  }

  [[nodiscard]] std::uint64_t fingerprint() const noexcept {
    fingerprint_builder hash("quotas");
    for (std::uint64_t const quota : quotas_) hash.add(quota);
    return hash.add(members_->fingerprint()).value();
  }

 private:
  /// What is added to the slots of a stretch. It makes them tagged places (see untag). The tag is twice the number of
  /// the stretch, plus 1 if the draw then goes through a walk.
  static constexpr std::uint64_t shift_of(std::uint64_t stretch, bool walks, std::uint64_t to_place) noexcept {
    return ((2 * stretch + static_cast<std::uint64_t>(walks)) << 32) + to_place;
  }
  static constexpr std::size_t stretch_of(std::uint64_t tagged) noexcept {
    return static_cast<std::size_t>(tagged >> 33);
  }

  /// Cuts the slots into stretches. A stretch has the slots of one class that walks, or of neighbouring classes that do
  /// not walk and whose slots become places by the same shift.
  void add_stretches() {
    std::vector<std::uint64_t> lengths;
    std::size_t num_walking = 0;
    for (std::size_t c = 0; c < classes_.size(); ++c) {
      auto const& [walked, window, quota] = classes_[c];
      auto const n = static_cast<std::uint32_t>(walked.n), begin = static_cast<std::uint32_t>(walked.begin);
      bool const walks = quota != n;
      std::uint64_t const to_place = walked.begin - slots_.first(c);
      if (!walks && c > 0 && shifts_.back() == shift_of(shifts_.size() - 1, false, to_place)) {
        lengths.back() += quota;
        continue;
      }
      rolling_window<std::uint32_t> const in_32_bits(n, quota);
      lengths.push_back(quota);
      shifts_.push_back(shift_of(shifts_.size(), walks, to_place));
      narrow_classes_.push_back({.begin = begin,
                                 .last = n - 1,
                                 .bits = static_cast<std::uint32_t>(std::bit_width((n - 1) | 1)),
                                 .low = static_cast<std::uint32_t>(walked.key),
                                 .high = static_cast<std::uint32_t>(walked.key >> 32),
                                 .step = in_32_bits.step(),
                                 .cycle_length = in_32_bits.cycle_length(),
                                 .reciprocal = in_32_bits.reciprocal()});
      slots_are_places_ &= !walks && to_place == 0;
      num_walking += static_cast<std::size_t>(walks);
      enter_alone_ |= walks && (!class_walk::is_narrow(n) || classes_.resumed());
    }
    stretches_ = interval_lookup(lengths);
    one_walks_ = num_walking == 1 && !enter_alone_;
  }

  /// Changes the places of some draws, all of one class. Before, the place of a draw is begin + its ordinal; afterwards
  /// it is the place that the walk of the epoch gives to this ordinal.
  static void walk_one_class(narrow_class const& narrow, std::uint32_t epoch, std::span<std::uint16_t const> draws,
                             block_of<std::uint32_t>& places, prefetcher& meanwhile) noexcept {
    auto const [begin, last, bits, low, high, step, cycle_length, reciprocal] = narrow;
    rolling_window<std::uint32_t> const window(last + 1, step, cycle_length, reciprocal);
    auto const [cycle, start] = window.start_of_early(epoch);
    common_walk const walk{keys_of_walk(low, high, static_cast<std::uint32_t>(cycle)), bits};
    block_of<std::uint32_t> in_walk;
    for (std::size_t k = 0; k < draws.size(); ++k) {
      std::uint32_t const ordinal = places[draws[k]] - begin;
      in_walk[k] = window.place(start, ordinal <= last ? ordinal : ordinal % (last + 1));
    }
    for (std::size_t k = draws.size(); k % group_size != 0; ++k) in_walk[k] = 0;
    permute(walk, last, draws.size(), in_walk, meanwhile);
    for (std::size_t k = 0; k < draws.size(); ++k) places[draws[k]] = begin + in_walk[k];
  }

  /// The same for draws of many classes, which go through their walks together.
  void walk_classes(block_of<std::uint64_t> const& tagged, std::uint32_t epoch, std::span<std::uint16_t const> draws,
                    block_of<std::uint32_t>& places) const noexcept {
    walk_block walks;
    narrow_class classes[block_size];
    block_of<std::uint32_t> begins;
    narrow_class const* const all_classes = narrow_classes_.data();
    for (std::size_t k = 0; k < draws.size(); ++k) {
      std::size_t const i = draws[k];
      auto const& narrow = all_classes[stretch_of(tagged[i])];
      classes[k] = narrow;  // whole, since single values would be stored one by one
      std::uint32_t const ordinal = places[i] - narrow.begin;
      walks.place[k] = ordinal <= narrow.last ? ordinal : ordinal % (narrow.last + 1);
    }
    for (std::size_t k = draws.size(); k % walk_group_size != 0; ++k) {
      classes[k] = {0, 0, 1, 0, 0, 0, 0, 0};
      walks.place[k] = 0;
    }
    enter_walks(classes, epoch, draws.size(), begins, walks);
    for (std::size_t k = 0; enter_alone_ && k < draws.size(); ++k) {
      std::uint64_t const with_tag = tagged[draws[k]], slot = with_tag - shifts_[stretch_of(with_tag)];
      enter_alone(slots_(slot), epoch, places[draws[k]] - begins[k], k, walks, begins[k]);
    }
    walks.run(draws.size());
    for (std::size_t k = 0; k < draws.size(); ++k) places[draws[k]] = begins[k] + walks.place[k];
  }

  /// Does for draw k, of class c, what enter_walks() cannot do: it permutes a small class exactly, and begins with the
  /// unseen members of an amended class. If this already gives the place of the draw, the walk is skipped.
  void enter_alone(std::size_t c, std::uint32_t epoch, std::uint32_t ordinal, std::size_t k, walk_block& walks,
                   std::uint32_t& begin) const noexcept {
    auto const current = classes_.walk_at(c, epoch);
    if (current.resumed != nullptr || !class_walk::is_narrow(current.walk.n)) {
      begin = static_cast<std::uint32_t>(member(c, epoch, ordinal));
      walks.skip(k);
    } else {
      walks.place[k] = static_cast<std::uint32_t>(classes_[c].window.place(current.start, ordinal % current.walk.n));
      auto const keys = current.walk.keys();
      walks.low[k] = keys.low;
      walks.high[k] = keys.high;
    }
  }

  shared<class_members<Index> const> members_;
  std::vector<std::uint64_t> quotas_;
  interval_lookup slots_;
  windowed_classes<Index> classes_;
  bool narrow_;  // the following are filled only if this is true
  interval_lookup stretches_;
  huge_page_vector<std::uint64_t> shifts_;         // by stretch
  huge_page_vector<narrow_class> narrow_classes_;  // by stretch; used for those that walk
  bool slots_are_places_ = true;
  bool one_walks_ = false;    // whether only one class walks
  bool enter_alone_ = false;  // whether some draws need enter_alone()
};

/// One epoch: position -> slot, by the epoch's permutation -> class and ordinal -> place in its walk -> index.
template <std::unsigned_integral Index>
class balanced_draws {
 public:
  using index_type = Index;

  balanced_draws(shared<balanced_table<Index> const> table, std::uint64_t seed, std::uint64_t epoch)
      : table_(std::move(table)),
        epoch_(epoch),
        order_(table_->slots().total(), stream_key(seed, epoch, random_stream::order)) {}

  [[nodiscard]] Index at(std::uint64_t position) const noexcept { return table_->members().sample(place_at(position)); }

  using place_type = place_for<Index>;
  using places = block_of<place_type>;
  void find_places(std::uint64_t first, std::uint64_t stride, std::size_t count, places& found,
                   prefetcher& meanwhile) const noexcept {
    if (!table_->narrow() || epoch_ >> 32 != 0) {  // rare, and slower
      for (std::size_t i = 0; i < count; ++i) found[i] = static_cast<place_type>(place_at(first + i * stride));
    } else if constexpr (sizeof(place_type) == 4) {
      find_narrow_places(first, stride, count, found, meanwhile);
    } else {
      block_of<std::uint32_t> narrow;
      find_narrow_places(first, stride, count, narrow, meanwhile);
      for (std::size_t i = 0; i < count; ++i) found[i] = narrow[i];
    }
  }
  [[nodiscard]] class_members<Index> const& table() const noexcept { return table_->members(); }

  [[nodiscard]] std::vector<std::uint64_t> find(Index sample, std::uint64_t end) const {
    std::vector<std::uint64_t> result;
    std::uint64_t const place = table_->members().place_of(sample);
    table_->classes().for_each_with(place, [&](std::size_t c) {
      auto const& [walked, window, quota] = table_->classes()[c];
      std::uint64_t ordinal = place - walked.begin;
      if (walked.n != quota) {
        auto const current = table_->classes().walk_at(c, epoch_);
        ordinal = window.ordinal(current.start, current.step_of(place));
      }
      for (; ordinal < quota; ordinal += walked.n) {
        std::uint64_t const position = order_.place_of(table_->slots().first(c) + ordinal);
        if (position < end) result.push_back(position);
      }
    });
    sort(result);
    return result;
  }

 private:
  [[nodiscard]] std::uint64_t place_at(std::uint64_t position) const noexcept {
    std::uint64_t const slot = order_(position);
    std::size_t const c = table_->slots()(slot);
    return table_->member(c, epoch_, slot - table_->slots().first(c));
  }

  void find_narrow_places(std::uint64_t first, std::uint64_t stride, std::size_t count, block_of<std::uint32_t>& found,
                          prefetcher& meanwhile) const noexcept {
    fill_evenly_spaced(first, stride, count, found);
    order_.apply(count, found, meanwhile);
    table_->find_places(static_cast<std::uint32_t>(epoch_), count, found, meanwhile);
  }

  shared<balanced_table<Index> const> table_;
  std::uint64_t epoch_;
  permutation order_;
};

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
