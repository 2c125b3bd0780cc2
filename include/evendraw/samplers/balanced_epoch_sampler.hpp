// Class-balanced epochs without replacement.
#pragma once

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/classes/per_label.hpp>
#include <evendraw/detail/blocks.hpp>
#include <evendraw/detail/coverage_cycle.hpp>
#include <evendraw/detail/interval_lookup.hpp>
#include <evendraw/detail/shared.hpp>
#include <evendraw/epochs/detail/balanced_quotas.hpp>
#include <evendraw/epochs/detail/class_walks.hpp>
#include <evendraw/epochs/detail/sampler_base.hpp>
#include <evendraw/kernels/walk.hpp>
#include <evendraw/kernels/windows.hpp>
#include <evendraw/random/permutation.hpp>
#include <evendraw/weights/detail/checked_weights.hpp>

namespace evendraw {

/// How many draws each class gives to an epoch. With neither epoch_size nor per_class: as many as the smallest can.
template <class Label>
struct balanced_epoch_options {
  std::uint64_t epoch_size = 0;                 ///< draws in all, shared out evenly among the classes that have enough
  std::uint64_t per_class = 0;                  ///< draws of each class that has enough
  per_label<Label, std::uint64_t> limits = {};  ///< the most draws of single classes, {{"dry", 5'000}}; 0: left out
  std::uint64_t max_repeats = 1;                ///< how often a sample may come in an epoch; 1: without replacement
  std::uint64_t seed = 0;
};

/// Gives each class the same number of draws in every epoch, exactly, without replacement; what one epoch leaves out of
/// a large class comes in the following ones.
///
///   labels   n labels, one per sample; or a class_index, then shared
///   options  .epoch_size or .per_class, .limits, .max_repeats, .seed
///
/// Class c can give n_c * max_repeats draws, and no more than its limit. It gives
///   per_class q    what it can, at most q
///   epoch_size M   what it can, at most the level at which all together are M (one more for the first classes if the
///                  level is not whole)
///   neither        what it can, at most what the class that can give least (of those not left out) gives
///
/// Needs      not both epoch_size and per_class; epoch_size at least one draw of every class that gives any, and at
///            most what all can give; max_repeats >= 1; limits for labels that occur, each once, not all 0
///            -> else std::invalid_argument
/// Edge       no index twice in an epoch while a class gives at most n_c; beyond that the numbers of draws of two of
///            its samples differ by one at most; all classes at their size: a plain shuffle
/// Covers     every sample of class c in every cycle of ceil(n_c / m_c) epochs, counted from epoch 0: the cycle walks
///            through the class, and only its last epoch is filled up with samples from its beginning
/// Cost       O(n) to build, 4 n bytes for 32-bit indices (see class_index) and about 60 K; O(1) per draw, no memory per
///            epoch
/// Stable     same seed, epoch and position: same index on every platform
/// Source     random under-sampling at each epoch; see rolling_window, permutation, fill_evenly
template <std::unsigned_integral Index = std::uint32_t>
class balanced_epoch_sampler : public detail::sampler_base {
  struct plan;

 public:
  using index_type = Index;

  template <label_range Labels>
  explicit balanced_epoch_sampler(Labels&& labels,
                                  std::type_identity_t<balanced_epoch_options<label_of<Labels>>> const& options = {})
      : balanced_epoch_sampler(class_index<label_of<Labels>, Index>(labels), options) {}

  template <class Label>
  explicit balanced_epoch_sampler(class_index<Label, Index> const& classes,
                                  std::type_identity_t<balanced_epoch_options<Label>> const& options = {})
      : balanced_epoch_sampler(
            detail::share<plan const>(classes.shared_members(), quotas(classes, options), options.seed),
            classes.num_samples(), classes.index_bound(), options.seed) {}

  /// One epoch: position -> slot by the epoch's permutation -> class and ordinal -> place in the class's walk -> index.
  class core {
   public:
    using index_type = Index;

    core(detail::shared<plan const> of, std::uint64_t seed, std::uint64_t epoch)
        : plan_(std::move(of)),
          epoch_(epoch),
          order_(plan_->slots.total(), stream_key(seed, epoch, random_stream::order)) {}

    [[nodiscard]] Index at(std::uint64_t position) const noexcept {
      std::uint64_t const slot = order_(position);
      std::size_t const c = plan_->slots(slot);
      std::uint64_t const first = plan_->slots.first(c), quota = plan_->slots.first(c + 1) - first;
      auto const& of = plan_->classes[c].of;
      return plan_->members->sample(of.n == quota ? of.begin + (slot - first) : member(c, slot - first));
    }

    void read_block(std::uint64_t first, std::uint64_t stride, std::span<Index> out) const noexcept {
      if (!plan_->narrow || epoch_ >> 32 != 0) {  // seldom, and slower
        for (std::size_t i = 0; i < out.size(); ++i) out[i] = at(first + i * stride);
        return;
      }
      detail::block_of<std::uint32_t> slots;
      detail::for_each_in_groups(out.size(),
                                 [&](std::size_t i) { slots[i] = static_cast<std::uint32_t>(first + i * stride); });
      order_.apply(out.size(), slots);
      if (!plan_->slots_are_places) find_places(out.size(), slots);
      plan_->members->read(slots, out);
    }

   private:
    /// The place of a drawn class's draw among the members.
    [[nodiscard]] std::uint64_t member(std::size_t c, std::uint64_t ordinal) const noexcept {
      auto const& [of, window] = plan_->classes[c];
      auto const [cycle, start] = window.start_of(epoch_);
      return of.walk(cycle).member(window.place(start, ordinal % window.n()));
    }

    /// Slots of an epoch -> places among the members. Classes that give all they have are in the epoch's order already;
    /// the draws of the others are walked on together.
    void find_places(std::size_t count, detail::block_of<std::uint32_t>& slots) const noexcept {
      detail::block_of<std::uint32_t> walker, drawn;
      plan_->slots.find(std::span(slots).first(count), drawn);
      shift const* const shifts = plan_->shifts.data();
      std::size_t walkers = 0;
      for (std::size_t i = 0; i < count; ++i) {
        std::uint32_t const c = drawn[i];
        auto const [to_place, walks] = shifts[c];
        slots[i] += to_place;
        walker[walkers] = static_cast<std::uint32_t>(i);
        drawn[walkers] = c;
        walkers += walks;
      }
      if (walkers == 0) return;
      detail::walk_block walks;
      detail::window_block windows;
      for (std::size_t k = 0; k < walkers; ++k) {
        auto const& of = plan_->narrow_classes[drawn[k]];
        std::uint32_t const ordinal = slots[walker[k]] - of.begin;
        slots[walker[k]] = of.begin;
        if (of.last < detail::class_walk::largest_exact) {
          slots[walker[k]] = static_cast<std::uint32_t>(member(drawn[k], ordinal));
          walks.skip(k);
          continue;
        }
        walks.place[k] = ordinal <= of.last ? ordinal : ordinal % (of.last + 1);
        walks.last[k] = of.last;
        walks.bits[k] = of.bits;
        walks.low[k] = of.low;
        walks.high[k] = of.high;
        windows.step[k] = of.step;
        windows.cycle_length[k] = of.cycle_length;
        windows.reciprocal[k] = of.reciprocal;
      }
      windows.fill_up(walkers);
      walks.fill_up(walkers);
      detail::enter_walks(windows, static_cast<std::uint32_t>(epoch_), walkers, walks);
      walks.run(walkers);
      for (std::size_t k = 0; k < walkers; ++k) slots[walker[k]] += walks.place[k];
    }

    detail::shared<plan const> plan_;
    std::uint64_t epoch_;
    permutation order_;
  };

  [[nodiscard]] draws<core> epoch(std::uint64_t e) const { return make_draws(core(plan_, seed(), e), e); }

  /// The number of draws of each class in every epoch, by class number.
  [[nodiscard]] std::vector<std::uint64_t> quotas() const { return plan_->quotas; }

  /// The share of the draws that each class has in every epoch, by class number: the quotas, divided by their sum.
  [[nodiscard]] std::vector<double> class_shares() const {
    return detail::as_shares(detail::weights_as_doubles(plan_->quotas));
  }

  /// Epochs until every sample of every class that is not left out was seen: the largest ceil(n_c / m_c).
  [[nodiscard]] std::uint64_t epochs_to_cover() const noexcept {
    std::uint64_t most = 1;
    for (std::size_t c = 0; c < plan_->quotas.size(); ++c) {
      if (plan_->quotas[c] == 0) continue;
      most =
          std::max(most, detail::rolling_window<>::epochs_to_cover(plan_->members->classes[c].count, plan_->quotas[c]));
    }
    return most;
  }

  [[nodiscard]] std::uint64_t fingerprint() const noexcept {
    detail::fingerprint_builder hash("quotas");
    for (std::uint64_t const quota : plan_->quotas) hash.add(quota);
    return make_fingerprint("balanced_epoch_sampler", hash.add(plan_->members->fingerprint()).value());
  }

 private:
  static constexpr std::string_view context = "balanced_epoch_sampler";

  /// A class that gives draws.
  struct drawn_class {
    detail::walked_class of;
    detail::rolling_window<> window;
  };

  /// The same in 32 bits.
  struct narrow_class {
    std::uint32_t begin;
    std::uint32_t last;
    std::uint32_t bits;
    std::uint32_t low, high;  // of the key
    std::uint32_t step, cycle_length, reciprocal;
  };

  /// What is added to a slot of the class to make it a place, and whether it walks on from there: it does not if the
  /// class gives all it has.
  struct shift {
    std::uint32_t to_place;
    std::uint32_t walks;
  };

  struct plan {
    plan(detail::shared<class_members<Index> const> of, std::vector<std::uint64_t> draws, std::uint64_t seed)
        : members(std::move(of)), quotas(std::move(draws)), slots(detail::without_zeros(quotas)) {
      std::uint64_t const key = stream_key(seed, 0, random_stream::walk);
      narrow = slots.total() >> 32 == 0;
      for (std::size_t c = 0; c < quotas.size(); ++c) {
        if (quotas[c] == 0) continue;
        auto const [begin, count] = members->classes[c];
        classes.push_back({.of = {begin, count, random_word(key, c)}, .window = {count, quotas[c]}});
        narrow &= (begin + count) >> 32 == 0;
      }
      if (narrow) add_narrow_classes();
    }

    detail::shared<class_members<Index> const> members;
    std::vector<std::uint64_t> quotas;
    detail::interval_lookup slots;     // the drawn class of each of an epoch's slots
    std::vector<drawn_class> classes;  // the drawn classes
    bool narrow;                       // whether slots and places have 32 bits; then also
    std::vector<narrow_class> narrow_classes;
    std::vector<shift> shifts;
    bool slots_are_places = true;

   private:
    void add_narrow_classes() {
      for (std::size_t c = 0; c < classes.size(); ++c) {
        auto const& [of, window] = classes[c];
        auto const n = static_cast<std::uint32_t>(of.n), begin = static_cast<std::uint32_t>(of.begin);
        detail::rolling_window<std::uint32_t> const in_32_bits(of.n, slots.first(c + 1) - slots.first(c));
        narrow_classes.push_back({.begin = begin,
                                  .last = n - 1,
                                  .bits = static_cast<std::uint32_t>(std::bit_width((n - 1) | 1)),
                                  .low = static_cast<std::uint32_t>(of.key),
                                  .high = static_cast<std::uint32_t>(of.key >> 32),
                                  .step = in_32_bits.step(),
                                  .cycle_length = in_32_bits.cycle_length(),
                                  .reciprocal = in_32_bits.reciprocal()});
        bool const walks = slots.first(c + 1) - slots.first(c) != of.n;
        shifts.push_back({begin - static_cast<std::uint32_t>(slots.first(c)), static_cast<std::uint32_t>(walks)});
        slots_are_places &= !walks && shifts.back().to_place == 0;
      }
    }
  };

  balanced_epoch_sampler(detail::shared<plan const> of, std::uint64_t num_samples, std::uint64_t index_bound,
                         std::uint64_t seed)
      : sampler_base(context, num_samples, of->slots.total(), seed, index_bound), plan_(std::move(of)) {}

  template <class Label>
  static std::vector<std::uint64_t> quotas(class_index<Label, Index> const& classes,
                                           balanced_epoch_options<Label> const& options) {
    return detail::balanced_quotas(
        context, classes.counts(), options.limits.by_class(context, "limits", classes),
        {.epoch_size = options.epoch_size, .per_class = options.per_class, .max_repeats = options.max_repeats});
  }

  detail::shared<plan const> plan_;
};

}  // namespace evendraw
