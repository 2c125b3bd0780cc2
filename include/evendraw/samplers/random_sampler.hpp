// A plain shuffle.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <evendraw/classes/labels.hpp>
#include <evendraw/detail/blocks.hpp>
#include <evendraw/detail/coverage_cycle.hpp>
#include <evendraw/detail/prefetching.hpp>
#include <evendraw/epochs/checkpoint.hpp>
#include <evendraw/epochs/detail/class_walks.hpp>
#include <evendraw/epochs/detail/history.hpp>
#include <evendraw/epochs/detail/resumed_walk.hpp>
#include <evendraw/epochs/detail/sampled_part.hpp>
#include <evendraw/epochs/detail/sampler_base.hpp>
#include <evendraw/kernels/windows.hpp>
#include <evendraw/random/permutation.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

template <std::unsigned_integral Index = std::uint32_t>
class random_sampler;

template <std::unsigned_integral Index>
struct detail::amendable<random_sampler<Index>> : std::true_type {
  template <class Label>
  using options = sampler_options;
};

/// Returns a sampler that continues where another one stopped, with changed options or after samples were appended or
/// withdrawn. It does the same as amended() of a balanced_epoch_sampler with one class.
///
///   data  the samples as they are now: their number, a class_index or a list, as for a new sampler
template <std::unsigned_integral Index, class Data>
requires std::constructible_from<random_sampler<Index>, Data const&,
                                 sampler_options> [[nodiscard]] random_sampler<Index>
amended(random_sampler<Index> const& before, checkpoint const& stopped, Data const& data, sampler_options options = {});

/// Draws every sample once in each epoch, in an order that differs from epoch to epoch. This is the usual baseline.
///
///   num_samples  n samples; or a part of the data, as a class_index or a list of samples. Draws are indices of the
///                whole data
///   options      .epoch_size draws per epoch (default n), .seed
///
/// Needs      1 <= n <= max of Index, at most 2^63; epoch_size <= n; distinct indices >= 0 in a list -> else
///            std::invalid_argument or std::out_of_range
/// Edge       epoch_size m < n: no sample twice in an epoch
/// Covers     every sample in every cycle of ceil(n / m) epochs, counted from epoch 0
/// Cost       O(1) to build, O(1) per draw, no memory; for a part of the data O(largest index) to build, 4 n bytes
/// Stable     same seed, epoch and position: same index on every platform
/// Source     see permutation and rolling_window
template <std::unsigned_integral Index>
class random_sampler : public detail::sampler_base {
 public:
  using index_type = Index;

  explicit random_sampler(std::uint64_t num_samples, sampler_options options = {})
      : random_sampler({}, num_samples, num_samples, options) {}

  template <class Label>
  explicit random_sampler(class_index<Label, Index> const& classes, sampler_options options = {})
      : random_sampler(detail::sampled_part<Index>("random_sampler", classes), classes.num_samples(),
                       classes.index_bound(), options) {}

  template <detail::index_range Indices>
  explicit random_sampler(Indices&& indices, sampler_options options = {})
      : random_sampler(detail::sampled_part<Index>("random_sampler", indices), options) {}

  /// One epoch: position -> place in the walk -> place in the part -> index.
  class core {
   public:
    using index_type = Index;

    core(detail::sampled_part<Index> part, detail::rolling_window<> window, std::uint64_t seed, std::uint64_t epoch)
        : part_(std::move(part)),
          window_(window),
          start_(window.start_of(epoch).place),
          walk_(window.n(), stream_key(seed, window.start_of(epoch).cycle, random_stream::walk)) {}

    /// An epoch of the first cycle of an amended sampler.
    core(detail::sampled_part<Index> part, detail::rolling_window<> window,
         detail::shared<detail::resumed_walks<Index> const> resumed, std::uint64_t epoch)
        : part_(std::move(part)),
          window_(window),
          start_(epoch * window.step()),
          walk_(window.n(), 0),
          resumed_(std::move(resumed)) {}

    [[nodiscard]] Index at(std::uint64_t position) const noexcept {
      return part_.sample(member(window_.place(start_, position)));
    }

    using place_type = detail::place_for<Index>;
    using places = detail::block_of<place_type>;
    void find_places(std::uint64_t first, std::uint64_t stride, std::size_t count, places& found,
                     detail::prefetcher& meanwhile) const noexcept {
      if (resumed_) {
        for (std::size_t i = 0; i < count; ++i) {
          found[i] = static_cast<place_type>(member(window_.place(start_, first + i * stride)));
        }
        return;
      }
      detail::window_places(static_cast<place_type>(window_.n()), static_cast<place_type>(start_),
                            static_cast<place_type>(first), static_cast<place_type>(stride), count, found);
      if constexpr (sizeof(place_type) == 4) {
        walk_.apply(count, found, meanwhile);
      } else {
        walk_.apply(std::span(found).first(count), meanwhile);
      }
    }
    [[nodiscard]] detail::sampled_part<Index> const& table() const noexcept { return part_; }

    [[nodiscard]] std::vector<std::uint64_t> find(Index sample, std::uint64_t end) const {
      std::uint64_t const member = part_.place_of(sample);
      if (member >= window_.n()) return {};
      std::uint64_t const step = resumed_ ? (*resumed_)[0]->step_of(member) : walk_.place_of(member);
      std::uint64_t const position = window_.ordinal(start_, step);
      return std::vector<std::uint64_t>(position < end ? 1 : 0, position);
    }

    /// Marks the samples that the walk has visited before this epoch.
    void mark_visited(detail::seen_samples& seen) const {
      detail::mark_visited(visits{this, resumed_ ? (*resumed_)[0] : nullptr}, start_, part_, seen);
    }

   private:
    struct visits {
      core const* epoch;
      detail::resumed_walk<Index> const* resumed;
      [[nodiscard]] std::uint64_t member(std::uint64_t step) const noexcept { return epoch->member(step); }
    };

    /// The place in the part of the sample that the walk visits at a step.
    [[nodiscard]] std::uint64_t member(std::uint64_t step) const noexcept {
      return resumed_ ? (*resumed_)[0]->member(step) : walk_(step);
    }

    detail::sampled_part<Index> part_;
    detail::rolling_window<> window_;
    std::uint64_t start_;
    permutation walk_;
    detail::shared<detail::resumed_walks<Index> const> resumed_;  // instead of walk_, if there is one
  };

  [[nodiscard]] draws<core> epoch(std::uint64_t e) const { return make_draws(core_of(e), e); }

  /// The number of epochs until every sample has been drawn: ceil(n / epoch_size). After amended(), this also counts
  /// the epochs that first draw the unseen samples.
  [[nodiscard]] std::uint64_t epochs_to_cover() const noexcept {
    std::uint64_t const later = epoch_size() < num_samples() ? first_cycle_ : 0;
    return later + detail::rolling_window<>::epochs_to_cover(num_samples(), epoch_size());
  }

  [[nodiscard]] std::uint64_t fingerprint() const noexcept {
    return make_fingerprint("random_sampler", part_.fingerprint());
  }

 private:
  template <std::unsigned_integral I, class Data>
  requires std::constructible_from<random_sampler<I>, Data const&, sampler_options> friend random_sampler<I> amended(
      random_sampler<I> const&, checkpoint const&, Data const&, sampler_options);

  random_sampler(detail::sampled_part<Index> const& part, sampler_options options)
      : random_sampler(part, part.size(), part.bound(), options) {}
  random_sampler(detail::sampled_part<Index> part, std::uint64_t num_samples, std::uint64_t bound,
                 sampler_options options)
      : sampler_base("random_sampler", num_samples, options.epoch_size, options.seed, bound), part_(std::move(part)) {
    detail::check_num_samples<Index>("random_sampler", num_samples);
    if (num_samples > std::uint64_t{1} << 63) {
      detail::invalid("random_sampler", detail::text(num_samples), " samples; at most 2^63 can be shuffled");
    }
    detail::check_shuffle(num_samples, epoch_size());
  }

  [[nodiscard]] detail::rolling_window<> window() const noexcept { return {num_samples(), epoch_size()}; }

  [[nodiscard]] core core_of(std::uint64_t e) const {
    return e < first_cycle_ ? core(part_, window(), resumed_, e) : core(part_, window(), seed(), e - first_cycle_);
  }

  /// Makes the sampler begin with the unseen samples.
  void resume(detail::seen_samples const& seen) {
    struct whole_part {
      detail::walked_class walked;
    };
    whole_part const whole[] = {{{0, num_samples(), stream_key(seed(), 1, random_stream::walk)}}};
    resumed_ = detail::share<detail::resumed_walks<Index> const>(part_, whole, seen);
    if ((*resumed_)[0] == nullptr) return;
    std::uint64_t const step = window().step();  // 0: every epoch draws every sample
    first_cycle_ = step == 0 ? 1 : ((*resumed_)[0]->unseen.size() - 1) / step + 1;
  }

  detail::sampled_part<Index> part_;
  detail::shared<detail::resumed_walks<Index> const> resumed_;
  std::uint64_t first_cycle_ = 0;  // the number of epochs that first draw the unseen samples
};

template <std::unsigned_integral Index, class Data>
requires std::constructible_from<random_sampler<Index>, Data const&, sampler_options> random_sampler<Index> amended(
    random_sampler<Index> const& before, checkpoint const& stopped, Data const& data, sampler_options options) {
  std::uint64_t const fingerprint = before.fingerprint();
  checkpoint const stop = detail::checked_stop(stopped, fingerprint, before.epoch_size());
  detail::seen_samples seen(static_cast<std::size_t>(before.index_bound()));
  detail::mark_drawn(before.epoch(stop.epoch).take(stop.position), seen);
  before.core_of(stop.epoch).mark_visited(seen);
  options.seed = detail::seed_after(before.seed(), stop, options.seed);
  auto const make = [&] {
    if constexpr (whole_number<Data>) {
      return random_sampler<Index>(static_cast<std::uint64_t>(data), options);  // of any integer type
    } else {
      return random_sampler<Index>(data, options);
    }
  };
  auto result = make();
  result.resume(seen);
  result.go_on_from(detail::history_of(fingerprint, stop));
  return result;
}

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
