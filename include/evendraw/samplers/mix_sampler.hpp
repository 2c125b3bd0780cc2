// Several samplers in one sequence, each with its share of it.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <numeric>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <evendraw/core/any_sampler.hpp>
#include <evendraw/core/batch_quotas.hpp>
#include <evendraw/core/blocks.hpp>
#include <evendraw/core/permutation.hpp>
#include <evendraw/core/sampler_base.hpp>
#include <evendraw/core/stratified_draws.hpp>
#include <evendraw/core/weights.hpp>

namespace evendraw {

struct mix_options {
  std::uint64_t epoch_size = 0;               ///< draws per epoch; 0: as many as the drawn sources have together
  std::uint64_t window = 64;                  ///< draws in which each source has its share: best the batch size
  batch_order order = batch_order::shuffled;  ///< how the draws of a window are ordered
  std::uint64_t seed = 0;
};

/// Mixes several samplers, of several data sets, such that every window of draws has its share of each. The indices
/// are those of the data sets put one after the other, as by ConcatDataset: those of source s are raised by the sizes
/// of the data sets before it.
///
///   sources  samplers of any kind with the same index type: {real, synthetic}
///   shares   a number >= 0 for each source, {0.7, 0.3}; their sum need not be 1
///   options  .epoch_size, .window, .order, .seed
///
/// Each source is read on and on, from one of its epochs to the next, through the windows and epochs of the mix: none of
/// its draws is skipped or repeated. A shuffled window also shuffles the draws that a source has in it.
///
/// Needs      one source at least and as many shares, finite, one positive; no empty epoch in a source that is drawn;
///            indices that fit into Index; window >= 1 -> else std::invalid_argument.
///            epoch(e): fewer than 2^63 draws up to its end -> else std::out_of_range
/// Edge       a share of 0 leaves a source out; an epoch whose last window is shorter has the shares there, too
/// Exact      in every window a source has its part of it, rounded down or up; for windows in a row see batch_quotas
/// Cost       epoch(e) begins every epoch of a source that it touches, about 200 bytes each beside what that takes;
///            O(1) per draw. Fastest with windows of at most 512 draws that are read whole: by one rank, or two
/// Stable     same sources, shares, seed, epoch and position: same index on every platform
/// Source     see batch_quotas
template <std::unsigned_integral Index = std::uint32_t>
class mix_sampler : public detail::sampler_base {
  struct plan;
  struct window;
  struct run;
  class begun_epoch;
  class runs;

 public:
  using index_type = Index;

  mix_sampler(std::vector<any_sampler<Index>> sources, std::vector<double> const& shares, mix_options const& options = {})
      : mix_sampler(std::make_shared<plan const>(std::move(sources), as_integers(shares), options,
                                                 options.order == batch_order::shuffled ? order::shuffled
                                                                                        : order::rotated),
                    options.seed) {}

  /// The sources one after the other: an epoch gives the epoch of each source, whole and in its order. What ConcatDataset
  /// gives when it is read in order.
  [[nodiscard]] static mix_sampler concatenated(std::vector<any_sampler<Index>> sources) {
    std::vector<std::uint64_t> sizes;
    for (auto const& source : sources) sizes.push_back(source.epoch_size());
    mix_options const one_window{.window = std::numeric_limits<std::uint64_t>::max()};
    return {std::make_shared<plan const>(std::move(sources), sizes, one_window, order::given), 0};
  }

  /// One epoch: position -> seat of a window -> source and number of its draw -> index.
  class core {
   public:
    using index_type = Index;

    explicit core(std::shared_ptr<begun_epoch const> of) noexcept : of_(std::move(of)) {}

    [[nodiscard]] Index at(std::uint64_t position) const noexcept {
      auto const window = of_->window_of(position);
      std::uint64_t seat = position - window.begin;
      of_->find_seats(window, {&seat, 1});
      std::size_t const c = window.quotas->class_of(window.number, seat);
      return of_->draw(c, of_->run_of(c, window).draw_at(seat));
    }

    /// Window by window. Seats that follow each other are read source by source, and so is a shuffled window of which
    /// half is wanted at least; others are read one by one.
    [[gnu::always_inline]] void read_block(std::uint64_t first, std::uint64_t stride,
                                           std::span<Index> out) const noexcept {
      detail::block_of<std::uint64_t> seats;
      runs known(*of_);
      for (std::size_t done = 0; done < out.size();) {
        std::uint64_t const position = first + done * stride;
        auto const window = of_->window_of(position);
        std::uint64_t const size = window.quotas->batch_size(), place = position - window.begin;
        auto const count = std::min<std::uint64_t>(out.size() - done, (size - place - 1) / stride + 1);
        auto const wanted = std::span(seats).first(static_cast<std::size_t>(count));
        for (std::size_t i = 0; i < wanted.size(); ++i) wanted[i] = place + i * stride;
        of_->find_seats(window, wanted);
        auto const part = out.subspan(done, wanted.size());
        if (stride == 1 && !of_->shuffled()) {
          auto const wrapped = std::min<std::uint64_t>(count, size - wanted[0]);  // from here on the seats are 0, 1, ...
          read_seats(known, window, wanted[0], part.first(static_cast<std::size_t>(wrapped)));
          read_seats(known, window, 0, part.subspan(static_cast<std::size_t>(wrapped)));
        } else if (size <= detail::block_size && 2 * count >= size) {
          detail::block_of<Index> drawn;
          read_seats(known, window, 0, std::span(drawn).first(static_cast<std::size_t>(size)));
          for (std::size_t i = 0; i < part.size(); ++i) part[i] = drawn[static_cast<std::size_t>(wanted[i])];
        } else {
          for (std::size_t i = 0; i < part.size(); ++i) {
            std::size_t const c = window.quotas->class_of(window.number, wanted[i]);
            part[i] = of_->draw(c, known.of(c, window).draw_at(wanted[i]));
          }
        }
        done += part.size();
      }
    }

   private:
    /// The draws at seats that follow each other, from `seat` on.
    void read_seats(runs& known, window const& of, std::uint64_t seat, std::span<Index> out) const noexcept {
      while (!out.empty()) {
        std::size_t const c = of.quotas->class_of(of.number, seat);
        run const& drawn = known.of(c, of);
        auto const count = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), drawn.end_seat - seat));
        of_->read_draws(c, drawn.draw_at(seat), out.first(count));
        out = out.subspan(count);
        seat += count;
      }
    }

    std::shared_ptr<begun_epoch const> of_;
  };

  [[nodiscard]] draws<core> epoch(std::uint64_t e) const {
    if (e >= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) / epoch_size()) {
      detail::out_of_range(who, "epoch ", detail::text(e), " of ", detail::text(epoch_size()),
                           " draws; at most 2^63 - 1 draws can be counted");
    }
    return make_draws(core(std::make_shared<begun_epoch const>(plan_, e, stream_key(seed(), e, stream::order))), e);
  }

  [[nodiscard]] std::size_t num_sources() const noexcept { return plan_->sources.size(); }

  /// An index, told apart: the number of the source, and the index that the source gave.
  struct source_index {
    std::size_t source;
    Index index;
    friend bool operator==(source_index const&, source_index const&) = default;
  };
  /// Needs index < index_bound() (asserted). O(log of the number of sources).
  [[nodiscard]] source_index source_of(Index index) const noexcept {
    assert(index < plan_->first_index.back());
    auto const after = std::ranges::upper_bound(plan_->first_index, std::uint64_t{index});
    auto const source = static_cast<std::size_t>(after - plan_->first_index.begin()) - 1;
    return {source, static_cast<Index>(index - plan_->first_index[source])};
  }

  [[nodiscard]] std::uint64_t fingerprint() const noexcept { return make_fingerprint(who, plan_->fingerprint()); }

 private:
  static constexpr std::string_view who = "mix_sampler";

  /// How the seats of a window follow each other.
  enum class order {
    shuffled,
    rotated,  // source after source, beginning with another one in every window
    given,    // source after source
  };

  /// The draws of all epochs are cut into windows of the same size, but for the last window of each epoch, which takes
  /// what is left. The sources that are drawn are the classes of the windows' quotas.
  struct plan {
    plan(std::vector<any_sampler<Index>> all, std::vector<std::uint64_t> const& shares, mix_options const& options,
         order how)
        : sources(std::move(all)),
          drawn(drawn_sources(sources, shares)),
          first_index(first_indices(sources)),
          epoch_size(options.epoch_size > 0 ? options.epoch_size : all_draws(sources, drawn)),
          window(std::min(window_of(options), epoch_size)),
          full_windows(epoch_size / window),
          full(positive(shares), window, stream_key(options.seed, 0, stream::quota)),
          seats(how) {
      if (std::uint64_t const rest = epoch_size % window; rest > 0) {
        last.emplace(positive(shares), rest, stream_key(options.seed, 1, stream::quota));
      }
    }

    /// The draws of class c before a window of an epoch.
    [[nodiscard]] std::uint64_t draws_before(std::size_t c, std::uint64_t epoch, std::uint64_t of_epoch) const noexcept {
      return full.before(c, epoch * full_windows + of_epoch) + (last ? last->before(c, epoch) : 0);
    }

    [[nodiscard]] std::uint64_t fingerprint() const noexcept {
      detail::fingerprint_builder hash("mix");
      for (auto const& source : sources) hash.add(source.fingerprint());
      for (std::uint64_t const first : first_index) hash.add(first);
      for (std::size_t const source : drawn) hash.add(source);
      return hash.add(static_cast<std::uint64_t>(seats)).add(full.fingerprint()).value();
    }

    std::vector<any_sampler<Index>> sources;
    std::vector<std::size_t> drawn;          // the sources with a share, by class number
    std::vector<std::uint64_t> first_index;  // of each source, and what follows the last one's indices
    std::uint64_t epoch_size;
    std::uint64_t window;
    std::uint64_t full_windows;  // in an epoch
    batch_quotas full;
    std::optional<batch_quotas> last;  // the shorter window's
    order seats;

   private:
    static std::vector<std::size_t> drawn_sources(std::vector<any_sampler<Index>> const& sources,
                                                  std::vector<std::uint64_t> const& shares) {
      if (sources.empty()) detail::invalid(who, "no sources; give at least one sampler");
      if (sources.size() != shares.size()) {
        detail::invalid(who, detail::text(shares.size()), " shares for ", detail::text(sources.size()),
                        " sources; give one for each");
      }
      std::vector<std::size_t> result;
      for (std::size_t s = 0; s < sources.size(); ++s) {
        if (shares[s] == 0) continue;
        if (sources[s].epoch_size() == 0) {
          detail::invalid(who, "the epochs of sources[", detail::text(s), "] are empty; leave it out");
        }
        result.push_back(s);
      }
      return result;
    }

    static std::vector<std::uint64_t> first_indices(std::vector<any_sampler<Index>> const& sources) {
      std::vector<std::uint64_t> result{0};
      for (auto const& source : sources) {
        detail::check_index_fits<Index>(who, source.index_bound());
        if (source.index_bound() > std::numeric_limits<std::uint64_t>::max() - result.back()) {
          detail::invalid(who, "the data sets have more than 2^64 - 1 samples; no index type counts so many");
        }
        result.push_back(result.back() + source.index_bound());
      }
      detail::check_index_fits<Index>(who, result.back());
      return result;
    }

    static std::uint64_t all_draws(std::vector<any_sampler<Index>> const& sources,
                                   std::vector<std::size_t> const& drawn) {
      std::uint64_t left = std::numeric_limits<std::uint64_t>::max(), sum = 0;
      for (std::size_t const s : drawn) {
        std::uint64_t const size = std::min(sources[s].epoch_size(), left);
        sum += size;
        left -= size;
      }
      return sum;
    }

    static std::uint64_t window_of(mix_options const& options) {
      if (options.window == 0) detail::invalid(who, "window is 0; a window has at least one draw, best a batch");
      return options.window;
    }

    static std::vector<std::uint64_t> positive(std::vector<std::uint64_t> shares) {
      std::erase(shares, 0);
      return shares;
    }
  };

  /// A window of an epoch.
  struct window {
    batch_quotas const* quotas;
    std::uint64_t number;    // among those with the same quotas,
    std::uint64_t of_epoch;  // and among all of the epoch
    std::uint64_t begin;     // the position of its first draw
  };

  /// The seats of a class in a window, and the number of its first draw there, among all its draws from epoch 0 on.
  struct run {
    std::uint64_t first_seat;
    std::uint64_t end_seat;
    std::uint64_t first_draw;

    [[nodiscard]] std::uint64_t draw_at(std::uint64_t seat) const noexcept { return first_draw + (seat - first_seat); }
    [[nodiscard]] std::uint64_t end_draw() const noexcept { return draw_at(end_seat); }
  };

  /// An epoch of the mix, with the epochs of the sources that it touches.
  class begun_epoch {
   public:
    begun_epoch(std::shared_ptr<plan const> of, std::uint64_t epoch, std::uint64_t order_key)
        : plan_(std::move(of)), epoch_(epoch), order_key_(order_key) {
      for (std::size_t c = 0; c < plan_->drawn.size(); ++c) {
        std::size_t const s = plan_->drawn[c];
        auto const& source = plan_->sources[s];
        auto& begun = sources_.emplace_back();
        begun.first_index = static_cast<Index>(plan_->first_index[s]);
        begun.epoch_size = source.epoch_size();
        std::uint64_t const first = plan_->draws_before(c, epoch, 0), end = plan_->draws_before(c, epoch + 1, 0);
        begun.first_epoch = first / begun.epoch_size;
        for (std::uint64_t e = begun.first_epoch; e * begun.epoch_size < end; ++e) {
          begun.epochs.push_back(source.epoch(e));
        }
      }
    }

    [[nodiscard]] bool shuffled() const noexcept { return plan_->seats == order::shuffled; }

    [[nodiscard]] window window_of(std::uint64_t position) const noexcept {
      std::uint64_t const of_epoch = position / plan_->window, begin = of_epoch * plan_->window;
      if (of_epoch == plan_->full_windows) return {&*plan_->last, epoch_, of_epoch, begin};
      return {&plan_->full, epoch_ * plan_->full_windows + of_epoch, of_epoch, begin};
    }

    /// Replaces places of a window by the seats that are read there.
    [[gnu::always_inline]] void find_seats(window const& of, std::span<std::uint64_t> places) const noexcept {
      if (plan_->seats == order::given) return;
      std::uint64_t const size = of.quotas->batch_size(), random = word(order_key_, of.of_epoch);
      if (plan_->seats == order::shuffled) return permutation(size, random).apply_to_block(places);
      auto const first_class = static_cast<std::size_t>(bounded(random, of.quotas->num_classes()));
      std::uint64_t const first = of.quotas->first_seat(first_class, of.number), before_end = size - first;
      for (std::uint64_t& place : places) place = place < before_end ? first + place : place - before_end;
    }

    [[nodiscard]] run run_of(std::size_t c, window const& of) const noexcept {
      return seats_of(c, of, plan_->draws_before(c, epoch_, of.of_epoch));
    }
    /// The same, where the class's first draw in the window is known.
    [[nodiscard]] run seats_of(std::size_t c, window const& of, std::uint64_t first_draw) const noexcept {
      return {of.quotas->first_seat(c, of.number), of.quotas->first_seat(c + 1, of.number), first_draw};
    }

    /// Draw number k of class c.
    [[nodiscard]] Index draw(std::size_t c, std::uint64_t k) const noexcept {
      auto const& source = sources_[c];
      auto const& epoch = source.epochs[static_cast<std::size_t>(k / source.epoch_size - source.first_epoch)];
      return static_cast<Index>(source.first_index + epoch[k % source.epoch_size]);
    }

    /// Draws k, k + 1, ... of class c.
    void read_draws(std::size_t c, std::uint64_t k, std::span<Index> out) const noexcept {
      auto const& source = sources_[c];
      auto epoch = source.epochs.begin() + static_cast<std::ptrdiff_t>(k / source.epoch_size - source.first_epoch);
      for (std::uint64_t place = k % source.epoch_size; !out.empty(); place = 0, ++epoch) {
        auto const part = out.first(static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), source.epoch_size - place)));
        epoch->read(place, part);
        for (Index& index : part) index = static_cast<Index>(source.first_index + index);
        out = out.subspan(part.size());
      }
    }

   private:
    /// What an epoch of the mix needs of a source.
    struct begun_source {
      Index first_index;
      std::uint64_t epoch_size;
      std::uint64_t first_epoch;
      std::vector<draws<typename any_sampler<Index>::core>> epochs;
    };

    std::shared_ptr<plan const> plan_;
    std::uint64_t epoch_;
    std::uint64_t order_key_;
    std::vector<begun_source> sources_;  // by class number
  };

  /// The runs that were asked for last. From one window to the next a class's draws go on, which is quickly found.
  class runs {
   public:
    explicit runs(begun_epoch const& of) noexcept : of_(of) {
      for (entry& each : entries_) each.c = ~std::size_t{0};
    }

    [[nodiscard]] run const& of(std::size_t c, window const& in) noexcept {
      entry& known = entries_[c % entries_.size()];
      if (known.c == c && known.window == in.of_epoch) return known.found;
      bool const goes_on = known.c == c && known.window + 1 == in.of_epoch;
      run const found = goes_on ? of_.seats_of(c, in, known.found.end_draw()) : of_.run_of(c, in);
      known = {c, in.of_epoch, found};
      return known.found;
    }

   private:
    struct entry {
      std::size_t c;
      std::uint64_t window;
      run found;
    };
    begun_epoch const& of_;
    std::array<entry, 64> entries_;
  };

  mix_sampler(std::shared_ptr<plan const> of, std::uint64_t seed)
      : sampler_base(who, samples_of(*of), of->epoch_size, seed, of->first_index.back()), plan_(std::move(of)) {}

  static std::uint64_t samples_of(plan const& of) {
    std::uint64_t sum = 0;
    for (auto const& source : of.sources) sum += source.num_samples();
    return sum;
  }

  /// The shares, scaled by a power of two, so that whole numbers keep their ratio; what is positive stays positive.
  static std::vector<std::uint64_t> as_integers(std::vector<double> const& shares) {
    auto weights = detail::checked_weights(who, "shares", shares);
    double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    if (!std::isnormal(sum)) {
      detail::divide_by_largest(weights);
      sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    }
    int const exponent = 62 - (std::ilogb(sum) + 1);
    std::vector<std::uint64_t> result;
    for (double const weight : weights) {
      auto const share = static_cast<std::uint64_t>(std::ldexp(weight, exponent));
      result.push_back(std::max(share, static_cast<std::uint64_t>(weight > 0)));
    }
    return result;
  }

  std::shared_ptr<plan const> plan_;
};

}  // namespace evendraw
