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

/// How many draws each class gives to an epoch. Without epoch_size and per_class, every class gives as many as the
/// class that can give least.
template <class Label>
struct balanced_epoch_options {
  std::uint64_t epoch_size = 0;                 ///< draws in total, divided evenly among the classes that have enough
  std::uint64_t per_class = 0;                  ///< draws of each class that has enough
  per_label<Label, std::uint64_t> limits = {};  ///< the most draws of a class, {{"dry", 5'000}}; 0 leaves it out
  std::uint64_t max_repeats = 1;                ///< the most draws of a sample in an epoch; 1: without replacement
  std::uint64_t seed = 0;
};

/// Draws the same number of samples of each class in every epoch, exactly and without replacement. The samples of a
/// large class that one epoch leaves out come in the next epochs.
///
///   labels   n labels, one per sample; or a class_index, which is then shared
///   options  .epoch_size or .per_class, .limits, .max_repeats, .seed
///
/// Class c can give n_c * max_repeats draws, or its limit if that is less. Its quota m_c is this number, cut to
///   with per_class q    q
///   with epoch_size M   the level at which all quotas sum to M (one more for the first classes if the level is not
///                       whole)
///   with neither        what the class that can give least (of those not left out) can give
///
/// Needs      not both epoch_size and per_class; epoch_size at least one draw of every class that gives any, and at
///            most what all classes can give; max_repeats >= 1; limits for labels that occur, each once, not all 0
///            -> else std::invalid_argument
/// Edge       m_c <= n_c: no index of the class comes twice in an epoch; m_c > n_c: the numbers of draws of two of its
///            samples differ by at most one; every quota equal to the class size: a plain shuffle
/// Covers     every sample of class c in every cycle of ceil(n_c / m_c) epochs, counted from epoch 0: the cycle is one
///            walk through the class, and only its last epoch is filled up with samples from the walk's beginning
/// Cost       O(n) to build; 4 n bytes for 32-bit indices (see class_index) and about 60 bytes a class; O(1) per draw,
///            no memory per epoch
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

  /// One epoch: position -> slot, by the epoch's permutation -> class and ordinal -> place in its walk -> index.
  class core {
   public:
    using index_type = Index;

    core(detail::shared<plan const> shared_plan, std::uint64_t seed, std::uint64_t epoch)
        : plan_(std::move(shared_plan)),
          epoch_(epoch),
          order_(plan_->slots.total(), stream_key(seed, epoch, random_stream::order)) {}

    [[nodiscard]] Index at(std::uint64_t position) const noexcept {
      std::uint64_t const slot = order_(position);
      std::size_t const c = plan_->slots(slot);
      std::uint64_t const first = plan_->slots.first(c), quota = plan_->slots.first(c + 1) - first;
      auto const& walked = plan_->classes[c].walked;
      return plan_->members->sample(walked.n == quota ? walked.begin + (slot - first) : member(c, slot - first));
    }

    void read_block(std::uint64_t first, std::uint64_t stride, std::span<Index> out) const noexcept {
      if (!plan_->narrow || epoch_ >> 32 != 0) {  // rare, and slower
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

    [[nodiscard]] std::vector<std::uint64_t> find(Index sample, std::uint64_t end) const {
      std::vector<std::uint64_t> result;
      std::uint64_t const place = plan_->members->place_of(sample);
      plan_->runs.for_each_with(plan_->classes, place, [&](std::size_t c) {
        auto const& [walked, window] = plan_->classes[c];
        std::uint64_t const first = plan_->slots.first(c), quota = plan_->slots.first(c + 1) - first;
        std::uint64_t ordinal = place - walked.begin;
        if (walked.n != quota) {
          auto const [cycle, start] = window.start_of(epoch_);
          ordinal = window.ordinal(start, walked.walk(cycle).step_of(place));
        }
        for (; ordinal < quota; ordinal += walked.n) {
          std::uint64_t const position = order_.place_of(first + ordinal);
          if (position < end) result.push_back(position);
        }
      });
      std::sort(result.begin(), result.end());
      return result;
    }

   private:
    /// The place of the member that a drawn class gives as its draw number `ordinal`.
    [[nodiscard]] std::uint64_t member(std::size_t c, std::uint64_t ordinal) const noexcept {
      auto const& [walked, window] = plan_->classes[c];
      auto const [cycle, start] = window.start_of(epoch_);
      return walked.walk(cycle).member(window.place(start, ordinal % window.n()));
    }

    /// Turns slots of the epoch into places of members. A class that gives all its members needs no walk: the epoch's
    /// permutation has already shuffled them. All other draws go through their walks together.
    ///
    /// Example: class A has places 0 to 19 and gives 3 draws, class B has places 20 to 22 and gives all 3. Slots 0 to 2
    /// are A's, slots 3 to 5 are B's. In epoch 2:
    ///   slot 4 -> B: 4 + (20 - 3) = place 21
    ///   slot 1 -> A: its ordinal is 1 and A's window starts at 2 * 3 = 6, so it is number 6 + 1 = 7 of A's walk;
    ///             the walk's permutation takes 7 to 13, say: place 0 + 13 = 13
    void find_places(std::size_t count, detail::block_of<std::uint32_t>& slots) const noexcept {
      detail::block_of<std::uint32_t> walking, classes;
      plan_->slots.find(std::span(slots).first(count), classes);
      shift const* const shifts = plan_->shifts.data();
      std::size_t num_walking = 0;
      for (std::size_t i = 0; i < count; ++i) {
        std::uint32_t const c = classes[i];
        auto const [to_place, walks] = shifts[c];
        slots[i] += to_place;
        walking[num_walking] = static_cast<std::uint32_t>(i);
        classes[num_walking] = c;
        num_walking += walks;
      }
      if (num_walking == 0) return;
      detail::walk_block walks;
      detail::window_block windows;
      for (std::size_t k = 0; k < num_walking; ++k) {
        auto const& narrow = plan_->narrow_classes[classes[k]];
        std::uint32_t const ordinal = slots[walking[k]] - narrow.begin;
        slots[walking[k]] = narrow.begin;
        if (narrow.last < detail::class_walk::largest_exact) {
          slots[walking[k]] = static_cast<std::uint32_t>(member(classes[k], ordinal));
          walks.skip(k);
          continue;
        }
        walks.place[k] = ordinal <= narrow.last ? ordinal : ordinal % (narrow.last + 1);
        walks.last[k] = narrow.last;
        walks.bits[k] = narrow.bits;
        walks.low[k] = narrow.low;
        walks.high[k] = narrow.high;
        windows.step[k] = narrow.step;
        windows.cycle_length[k] = narrow.cycle_length;
        windows.reciprocal[k] = narrow.reciprocal;
      }
      windows.fill_up(num_walking);
      walks.fill_up(num_walking);
      detail::enter_walks(windows, static_cast<std::uint32_t>(epoch_), num_walking, walks);
      walks.run(num_walking);
      for (std::size_t k = 0; k < num_walking; ++k) slots[walking[k]] += walks.place[k];
    }

    detail::shared<plan const> plan_;
    std::uint64_t epoch_;
    permutation order_;
  };

  [[nodiscard]] draws<core> epoch(std::uint64_t e) const { return make_draws(core(plan_, seed(), e), e); }

  /// The draws that each class gives to every epoch, by class number.
  [[nodiscard]] std::vector<std::uint64_t> quotas() const { return plan_->quotas; }

  /// The share of each class in the draws of every epoch, by class number: the quotas, divided by their sum.
  [[nodiscard]] std::vector<double> class_shares() const {
    return detail::as_shares(detail::weights_as_doubles(plan_->quotas));
  }

  /// Epochs until every sample of every class that is not left out has been drawn: the largest ceil(n_c / m_c).
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
    detail::walked_class walked;
    detail::rolling_window<> window;
  };

  /// A drawn_class in 32 bits.
  struct narrow_class {
    std::uint32_t begin;
    std::uint32_t last;
    std::uint32_t bits;
    std::uint32_t low, high;  // halves of the key
    std::uint32_t step, cycle_length, reciprocal;
  };

  /// What turns a slot of a class into a place, and whether the draw then goes through the walk (1) or not (0), because
  /// the class gives all its members.
  struct shift {
    std::uint32_t to_place;
    std::uint32_t walks;
  };

  struct plan {
    plan(detail::shared<class_members<Index> const> shared_members, std::vector<std::uint64_t> draws,
         std::uint64_t seed)
        : members(std::move(shared_members)), quotas(std::move(draws)), slots(detail::without_zeros(quotas)) {
      std::uint64_t const key = stream_key(seed, 0, random_stream::walk);
      narrow = slots.total() >> 32 == 0;
      for (std::size_t c = 0; c < quotas.size(); ++c) {
        if (quotas[c] == 0) continue;
        auto const [begin, count] = members->classes[c];
        classes.push_back({.walked = {begin, count, random_word(key, c)}, .window = {count, quotas[c]}});
        runs.add(classes.back().walked);
        narrow &= (begin + count) >> 32 == 0;
      }
      if (narrow) add_narrow_classes();
    }

    detail::shared<class_members<Index> const> members;
    std::vector<std::uint64_t> quotas;
    detail::interval_lookup slots;     // the drawn class of each slot of an epoch
    std::vector<drawn_class> classes;  // the drawn classes
    detail::ascending_runs runs;       // of the drawn classes
    bool narrow;                       // whether slots and places fit into 32 bits; only then are the following filled
    std::vector<narrow_class> narrow_classes;
    std::vector<shift> shifts;
    bool slots_are_places = true;

   private:
    void add_narrow_classes() {
      for (std::size_t c = 0; c < classes.size(); ++c) {
        auto const& [walked, window] = classes[c];
        auto const n = static_cast<std::uint32_t>(walked.n), begin = static_cast<std::uint32_t>(walked.begin);
        detail::rolling_window<std::uint32_t> const in_32_bits(walked.n, slots.first(c + 1) - slots.first(c));
        narrow_classes.push_back({.begin = begin,
                                  .last = n - 1,
                                  .bits = static_cast<std::uint32_t>(std::bit_width((n - 1) | 1)),
                                  .low = static_cast<std::uint32_t>(walked.key),
                                  .high = static_cast<std::uint32_t>(walked.key >> 32),
                                  .step = in_32_bits.step(),
                                  .cycle_length = in_32_bits.cycle_length(),
                                  .reciprocal = in_32_bits.reciprocal()});
        bool const walks = slots.first(c + 1) - slots.first(c) != walked.n;
        shifts.push_back({begin - static_cast<std::uint32_t>(slots.first(c)), static_cast<std::uint32_t>(walks)});
        slots_are_places &= !walks && shifts.back().to_place == 0;
      }
    }
  };

  balanced_epoch_sampler(detail::shared<plan const> shared_plan, std::uint64_t num_samples, std::uint64_t index_bound,
                         std::uint64_t seed)
      : sampler_base(context, num_samples, shared_plan->slots.total(), seed, index_bound),
        plan_(std::move(shared_plan)) {}

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
