// Several samplers in one sequence, each with its share of it.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/shared.hpp>
#include <evendraw/epochs/any_sampler.hpp>
#include <evendraw/epochs/detail/batch_quotas.hpp>
#include <evendraw/epochs/detail/mixed_draws.hpp>
#include <evendraw/epochs/detail/sampler_base.hpp>
#include <evendraw/epochs/detail/source_list.hpp>
#include <evendraw/epochs/draws.hpp>
#include <evendraw/weights/detail/checked_weights.hpp>
#include <evendraw/weights/detail/class_shares.hpp>

namespace evendraw {

/// How sources are mixed.
struct mix_options {
  std::uint64_t epoch_size = 0;  ///< draws per epoch; 0: as many as an epoch of each drawn source has together
  std::uint64_t window = 64;     ///< draws in which each source has its share: the batch size, or a part of it
  evendraw::order order = evendraw::order::shuffled;
  std::uint64_t seed = 0;
};

/// Mixes several samplers, of several data sets, such that every window of draws has its share of each. The indices are
/// those of the data sets put one after the other, as by PyTorch's ConcatDataset: those of each source are raised by the
/// sizes of the data sets before it.
///
///   sources  samplers of any kind with the same index type: {real, synthetic}
///   shares   a number >= 0 for each source, {0.7, 0.3}; their sum need not be 1
///   options  .epoch_size, .window, .order, .seed
///
/// Each source is read on and on, from one of its epochs to the next, through the windows and epochs of the mix: none of
/// its draws is skipped or repeated. Each needs a seed of its own: sources with the same seed and size draw the same
/// places. Windows are counted from the beginning of each epoch, as batches are.
///
/// Needs      one source at least and as many shares, finite, one positive; no empty epochs in a source that is drawn,
///            and at most 2^24 of them in an epoch of the mix;
///            data sets that fit into Index together; 1 <= window <= 2^31 -> else std::invalid_argument
///            fewer than 2^63 draws up to the end of the epoch asked for -> else std::out_of_range
/// Edge       a share of 0 leaves a source out; a shorter last window of an epoch has the shares, too
/// Exact      in every window a source has its part of it, rounded down or up; over windows see batch_quotas
/// Cost       an epoch begins every epoch of the sources that it touches, about 150 bytes each beside what that takes;
///            O(1) per draw. Fastest where windows are read whole, and have at most 512 draws or are grouped
/// Stable     same sources, shares, seed, epoch and position: same index on every platform
/// Source     see batch_quotas
template <std::unsigned_integral Index = std::uint32_t>
class mix_sampler : public detail::sampler_base {
 public:
  using index_type = Index;

  mix_sampler(std::vector<any_sampler<Index>> sources, std::vector<double> const& shares,
              mix_options const& options = {})
      : mix_sampler(detail::source_list<Index>(context, std::move(sources)),
                    detail::checked_weights(context, "shares", shares), options) {}

  [[nodiscard]] draws<detail::mixed_draws<Index>> epoch(std::uint64_t e) const {
    if (e >= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) / epoch_size()) {
      detail::out_of_range(context, "epoch ", detail::text(e), " of ", detail::text(epoch_size()),
                           " draws; at most 2^63 - 1 draws can be counted");
    }
    return make_draws(detail::mixed_draws<Index>(table_, seed(), e), e);
  }

  /// Number of sources.
  [[nodiscard]] std::size_t num_sources() const noexcept { return table_->sources().size(); }
  /// The number of the source that an index is of, and the index that the source gave. Needs index < index_bound()
  /// (asserted).
  [[nodiscard]] source_index<Index> source_of(Index index) const noexcept { return table_->sources().source_of(index); }

  [[nodiscard]] std::uint64_t fingerprint() const noexcept { return make_fingerprint(context, table_->fingerprint()); }

 private:
  static constexpr std::string_view context = "mix_sampler";

  mix_sampler(detail::source_list<Index> sources, std::vector<double> const& shares, mix_options const& options)
      : sampler_base(context, sources.num_samples(), draws_of(sources, shares, options), options.seed,
                     sources.index_bound()) {
    if (options.window == 0) detail::invalid(context, "window is 0; a window has at least one draw, best a batch");
    std::uint64_t const window = std::min(options.window, epoch_size());
    if (window > detail::batch_quotas::largest_batch) {
      detail::invalid(context, "windows of ", detail::text(window), " draws; at most 2^31 can be shared out");
    }
    check_begun_epochs(sources, shares, epoch_size());
    table_ = detail::share<detail::mixed_table<Index> const>(std::move(sources), detail::integer_shares(shares),
                                                             epoch_size(), window, options.order, options.seed);
  }

  /// Draws in an epoch, and checks what they are drawn from.
  static std::uint64_t draws_of(detail::source_list<Index> const& sources, std::vector<double> const& shares,
                                mix_options const& options) {
    if (shares.size() != sources.size()) {
      detail::invalid(context, detail::text(shares.size()), " shares for ", detail::text(sources.size()),
                      " sources; give one for each");
    }
    std::uint64_t left = std::numeric_limits<std::uint64_t>::max(), sum = 0;
    for (std::size_t s = 0; s < shares.size(); ++s) {
      if (shares[s] == 0) continue;
      std::uint64_t const size = std::min(sources.checked_epoch_size(context, s), left);
      sum += size;
      left -= size;
    }
    return options.epoch_size > 0 ? options.epoch_size : sum;
  }

  /// An epoch of the mix begins all epochs of its sources that it draws from.
  static void check_begun_epochs(detail::source_list<Index> const& sources, std::vector<double> const& shares,
                                 std::uint64_t draws) {
    constexpr double most = 0x1p24;
    auto const parts = detail::as_shares(shares);
    for (std::size_t s = 0; s < parts.size(); ++s) {
      if (parts[s] == 0) continue;
      std::uint64_t const size = sources.checked_epoch_size(context, s);
      if (parts[s] * static_cast<double>(draws) / static_cast<double>(size) <= most) continue;
      detail::invalid(context, "an epoch of ", detail::text(draws),
                      " draws would begin more than 2^24 epochs of source ", detail::text(s), ", which have ",
                      detail::text(size), " draws; lower epoch_size or the share, or give the source longer epochs");
    }
  }

  detail::shared<detail::mixed_table<Index> const> table_;
};

}  // namespace evendraw
