// A plain shuffle.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <evendraw/detail/blocks.hpp>
#include <evendraw/detail/coverage_cycle.hpp>
#include <evendraw/epochs/detail/sampled_part.hpp>
#include <evendraw/epochs/detail/sampler_base.hpp>
#include <evendraw/kernels/windows.hpp>
#include <evendraw/random/permutation.hpp>

namespace evendraw {

/// Draws every sample once in each epoch, in an order that differs from epoch to epoch. This is the usual baseline.
///
///   num_samples  n samples; or the samples of a part of the data, which keep their indices: a class_index, or a list
///   options      .epoch_size draws per epoch (default n), .seed
///
/// Needs      1 <= n <= max of Index, at most 2^63; epoch_size <= n; distinct indices >= 0 in a list -> else
///            std::invalid_argument or std::out_of_range
/// Edge       epoch_size m < n: no sample twice in an epoch
/// Covers     every sample in every cycle of ceil(n / m) epochs, counted from epoch 0
/// Cost       O(1) to build, O(1) per draw, no memory; for a part of the data O(largest index) to build, 4 n bytes
/// Stable     same seed, epoch and position: same index on every platform
/// Source     see permutation and rolling_window
template <std::unsigned_integral Index = std::uint32_t>
class random_sampler : public detail::sampler_base {
 public:
  using index_type = Index;

  explicit random_sampler(std::uint64_t num_samples, sampler_options options = {})
      : random_sampler({}, num_samples, num_samples, options) {}

  template <class Label>
  explicit random_sampler(class_index<Label, Index> const& classes, sampler_options options = {})
      : random_sampler(detail::sampled_part<Index>("random_sampler", classes), classes.num_samples(),
                       classes.index_bound(), options) {}

  template <index_range Indices>
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

    [[nodiscard]] Index at(std::uint64_t position) const noexcept {
      return part_.sample(walk_(window_.place(start_, position)));
    }

    void read_block(std::uint64_t first, std::uint64_t stride, std::span<Index> out) const noexcept {
      detail::block_of<place> places;
      detail::window_places(static_cast<place>(window_.n()), static_cast<place>(start_), static_cast<place>(first),
                            static_cast<place>(stride), out.size(), places);
      if constexpr (sizeof(place) == 4) {
        walk_.apply(out.size(), places);
      } else {
        walk_.apply(std::span(places).first(out.size()));
      }
      part_.read(places, out);
    }

    [[nodiscard]] std::vector<std::uint64_t> find(Index sample, std::uint64_t end) const {
      std::uint64_t const member = part_.place_of(sample);
      if (member >= window_.n()) return {};
      std::uint64_t const position = window_.ordinal(start_, walk_.place_of(member));
      return std::vector<std::uint64_t>(position < end ? 1 : 0, position);
    }

   private:
    using place = std::conditional_t<(sizeof(Index) > 4), std::uint64_t, std::uint32_t>;

    detail::sampled_part<Index> part_;
    detail::rolling_window<> window_;
    std::uint64_t start_;
    permutation walk_;
  };

  [[nodiscard]] draws<core> epoch(std::uint64_t e) const { return make_draws(core(part_, window(), seed(), e), e); }

  /// Epochs until every sample has been drawn: ceil(n / epoch_size).
  [[nodiscard]] std::uint64_t epochs_to_cover() const noexcept {
    return detail::rolling_window<>::epochs_to_cover(num_samples(), epoch_size());
  }

  [[nodiscard]] std::uint64_t fingerprint() const noexcept {
    return make_fingerprint("random_sampler", part_.fingerprint());
  }

 private:
  random_sampler(detail::sampled_part<Index> const& part, sampler_options options)
      : random_sampler(part, part.size(), part.bound(), options) {}
  random_sampler(detail::sampled_part<Index> part, std::uint64_t num_samples, std::uint64_t bound,
                 sampler_options options)
      : sampler_base("random_sampler", num_samples, options.epoch_size, options.seed, bound), part_(std::move(part)) {
    detail::check_num_samples<Index>("random_sampler", num_samples);
    if (num_samples > std::uint64_t{1} << 63) {
      detail::invalid("random_sampler", detail::text(num_samples), " samples; at most 2^63 can be shuffled");
    }
    if (epoch_size() > num_samples) {
      detail::invalid("random_sampler", "epoch_size is ", detail::text(epoch_size()), " and there are ",
                      detail::text(num_samples),
                      " samples; a shuffle gives each once, balanced_epoch_sampler can repeat");
    }
  }

  [[nodiscard]] detail::rolling_window<> window() const noexcept { return {num_samples(), epoch_size()}; }

  detail::sampled_part<Index> part_;
};

}  // namespace evendraw
