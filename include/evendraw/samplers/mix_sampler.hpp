// Several samplers mixed into one sequence, each with its share.
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
#include <evendraw/detail/math.hpp>
#include <evendraw/detail/shared.hpp>
#include <evendraw/epochs/any_sampler.hpp>
#include <evendraw/epochs/detail/batch_quotas.hpp>
#include <evendraw/epochs/detail/mixed_draws.hpp>
#include <evendraw/epochs/detail/sampler_base.hpp>
#include <evendraw/epochs/detail/source_list.hpp>
#include <evendraw/epochs/draws.hpp>
#include <evendraw/random/detail/fingerprint.hpp>
#include <evendraw/weights/detail/checked_weights.hpp>
#include <evendraw/weights/detail/class_shares.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

/// Where an epoch of a mix ends if its epoch_size is not given.
enum class mix_stop {
  sum_of_sources,   ///< after as many draws as one epoch of every drawn source has in total
  first_exhausted,  ///< when one source has given all draws of an epoch
  last_exhausted,   ///< when every drawn source has done so; sources that end earlier begin another epoch
};

/// Options of mix_sampler.
struct mix_options {
  std::uint64_t epoch_size = 0;              ///< draws per epoch; 0: as .stop says
  mix_stop stop = mix_stop::sum_of_sources;  ///< where an epoch ends
  std::uint64_t window = 64;  ///< number of draws in which each source has its share: the batch size, or a part of it
  evendraw::order order = evendraw::order::shuffled;  ///< the order of the draws in a window
  std::vector<std::uint64_t> begin = {};              ///< draws of each source to skip: draws_used() of another mix
  std::uint64_t seed = 0;                             ///< chooses the draws
};

/// Mixes samplers of several data sets so that each source has its share of every window. The first `window` draws of
/// an epoch are a window, the next `window` draws are the next one, and so on. The indices are those of the
/// concatenated data sets, as in PyTorch's ConcatDataset: the sizes of the data sets before a source are added to its
/// indices.
///
///   sources  samplers of any kind with the same index type: {real, synthetic}
///   shares   a number >= 0 for each source, {0.7, 0.3}; their sum need not be 1
///   options  .epoch_size or .stop, .window, .order, .begin, .seed
///
/// Each window, and each epoch of the mix, continues with a source where the one before stopped. When an epoch of the
/// source ends, its next epoch begins. No draw of a source is skipped or repeated. Give each source a seed of its own:
/// sources with the same seed and size draw the same samples.
///
/// To change sources or shares in the middle of a run, make another mix with .begin = mix.draws_used(epoch, position),
/// where the position is the end of a window. It continues with the sources where this one stopped. Sources for which
/// .begin has no number begin with their first draw.
///
/// Needs      not both epoch_size and stop; at least one source; a finite share >= 0 for each, one positive; no empty
///            epochs in a source that is drawn, and at most 2^24 of its epochs in an epoch of the mix; an Index that
///            can count the samples of all data sets together; 1 <= window <= 2^31 -> else std::invalid_argument; fewer
///            than 2^63 draws up to the end of the requested epoch -> else std::out_of_range
/// Edge       a share of 0 leaves a source out; if the last window of an epoch is shorter, it has the same shares; the
///            epoch_size that .stop chooses is rounded to whole draws: down for first_exhausted, up for last_exhausted
/// Exact      each source has its share of every window, rounded down or up; for sums over windows see batch_quotas
/// Cost       epoch(e) begins every epoch of a source that it draws from, and takes about 150 bytes for each in
///            addition to what the source takes; O(1) per draw. It is fastest to read whole windows that have at most
///            512 draws or are grouped
/// Stable     same sources, shares, seed, epoch and position: same index on every platform
/// Source     see batch_quotas
template <std::unsigned_integral Index = std::uint32_t>
class mix_sampler : public detail::sampler_base {
 public:
  using index_type = Index;

  mix_sampler(std::vector<any_sampler<Index>> sources, std::vector<double> const& shares,
              mix_options const& options = {})
      : mix_sampler{
            detail::source_list<Index>(context, std::move(sources)),  // checked first, since braces keep the order
            detail::checked_weights(context, "shares", shares), options} {}

  [[nodiscard]] draws<detail::mixed_draws<Index>> epoch(std::uint64_t e) const {
    check_epoch(e);
    return make_draws(detail::mixed_draws<Index>(table_, seed(), e), e);
  }

  /// The number of draws of each source before a position of an epoch, including those of .begin. At the end of a
  /// window these are the first draws of the source. Within a window they need not be the first ones.
  ///
  /// Needs      position <= epoch_size(); an epoch that epoch() takes -> else std::out_of_range
  /// Cost       O(log epoch) for each source; within a window also O(1) per position before it
  [[nodiscard]] std::vector<std::uint64_t> draws_used(std::uint64_t e, std::uint64_t position) const {
    check_epoch(e);
    if (position > epoch_size()) {
      detail::out_of_range(context, "position ", detail::text(position), " of an epoch of ",
                           detail::text(epoch_size()));
    }
    if (position == epoch_size()) return table_->draws_used(e + 1, 0, 0);
    return table_->draws_used(e, stream_key(seed(), e, random_stream::order), position);
  }

  /// The number of sources.
  [[nodiscard]] std::size_t num_sources() const noexcept { return table_->sources().size(); }
  /// The number of the source that an index comes from, and the index within that source. Needs index < index_bound()
  /// (asserted).
  [[nodiscard]] detail::source_index<Index> source_of(Index index) const noexcept {
    return table_->sources().source_of(index);
  }

  [[nodiscard]] std::uint64_t fingerprint() const noexcept { return make_fingerprint(context, table_->fingerprint()); }

  /// A hash of the epoch_fingerprint() of the epochs of the sources that epoch e draws from; 0 if no source has one.
  [[nodiscard]] std::uint64_t epoch_fingerprint(std::uint64_t e) const {
    check_epoch(e);
    auto const used = table_->draws_used(e, 0, 0), after = table_->draws_used(e + 1, 0, 0);
    detail::fingerprint_builder hash("epochs_of_sources");
    bool any = false;
    for (std::size_t s = 0; s < num_sources(); ++s) {
      auto const& source = table_->sources()[s];
      for (std::uint64_t draws = used[s]; draws < after[s];
           draws += source.epoch_size() - draws % source.epoch_size()) {
        std::uint64_t const drawn_from = source.epoch_fingerprint(draws / source.epoch_size());
        if (drawn_from == 0) break;  // its other epochs do not have one either
        any = true;
        hash.add(s).add(drawn_from);
      }
    }
    return any ? hash.value() : 0;
  }

 private:
  static constexpr std::string_view context = "mix_sampler";

  mix_sampler(detail::source_list<Index> sources, std::vector<double> const& shares, mix_options const& options)
      : sampler_base(context, sources.num_samples(), draws_of(sources, shares, options), options.seed,
                     sources.index_bound()) {
    detail::refuse_negative(context, {{"window", options.window, 1}});
    if (options.window == 0) detail::invalid(context, "window is 0; use the batch size, or a part of it");
    std::uint64_t const window = std::min(options.window, epoch_size());
    if (window > detail::batch_quotas::largest_batch) {
      detail::invalid(context, "windows of ", detail::text(window), " draws; a window can have at most 2^31");
    }
    check_begun_epochs(sources, shares, epoch_size());
    check_begin(options.begin, sources.size());
    table_ = detail::share<detail::mixed_table<Index> const>(std::move(sources), detail::integer_shares(shares),
                                                             epoch_size(), window, options.order, options.begin,
                                                             options.seed);
  }

  void check_epoch(std::uint64_t e) const {
    if (e < static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) / epoch_size()) return;
    detail::out_of_range(context, "epoch ", detail::text(e), " of ", detail::text(epoch_size()),
                         " draws; at most 2^63 - 1 draws can be counted");
  }

  static void check_begin(std::vector<std::uint64_t> const& begin, std::size_t sources) {
    if (begin.size() > sources) {
      detail::invalid(context, ".begin has ", detail::counted(begin.size(), "number", "numbers"), " for ",
                      detail::text(sources), " sources; give at most one for each, in their order");
    }
    for (std::size_t s = 0; s < begin.size(); ++s) {
      if (begin[s] >> 62 != 0) {
        detail::invalid(context, ".begin[", detail::text(s), "] is ", detail::text(begin[s]),
                        "; at most 2^62 draws can have been used");
      }
    }
  }

  /// The number of draws in an epoch. Checks the sources and the number of shares.
  static std::uint64_t draws_of(detail::source_list<Index> const& sources, std::vector<double> const& shares,
                                mix_options const& options) {
    if (shares.size() != sources.size()) {
      detail::invalid(context, detail::counted(shares.size(), "share", "shares"), " for ", detail::text(sources.size()),
                      " sources; give one for each");
    }
    if (options.stop != mix_stop::sum_of_sources) {
      if (options.epoch_size > 0) {
        detail::invalid(context, "epoch_size is ", detail::text(options.epoch_size),
                        " and .stop is given as well; give ", "one of them");
      }
      return draws_until(sources, detail::as_shares(shares), options.stop);
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

  /// The number of draws after which the first, or the last, drawn source has given all draws of an epoch.
  static std::uint64_t draws_until(detail::source_list<Index> const& sources, std::vector<double> const& shares,
                                   mix_stop stop) {
    bool const first = stop == mix_stop::first_exhausted;
    double result = first ? 0x1p64 : 0;
    for (std::size_t s = 0; s < shares.size(); ++s) {
      if (shares[s] == 0) continue;
      double const draws = static_cast<double>(sources.checked_epoch_size(context, s)) / shares[s];
      result = first ? std::min(result, draws) : std::max(result, draws);
    }
    if (!(result < 0x1p63)) detail::invalid(context, "an epoch of more than 2^63 - 1 draws; raise the smallest share");
    double const whole = detail::math::round(result);  // used if it differs by rounding errors only
    bool const is_whole = detail::math::fabs(result - whole) <= 1e-12 * result;
    return static_cast<std::uint64_t>(is_whole ? whole
                                      : first  ? detail::math::floor(result)
                                               : detail::math::ceil(result));
  }

  /// Refuses a mix whose epochs draw from too many epochs of a source, because a mix begins each of them.
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
                      detail::counted(size, "draw", "draws"),
                      "; lower epoch_size or the share, or give the source longer epochs");
    }
  }

  detail::shared<detail::mixed_table<Index> const> table_;
};

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
