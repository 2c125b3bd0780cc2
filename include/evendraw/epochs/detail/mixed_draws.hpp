// Draws of several samplers, mixed by windows that have a share of each.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <evendraw/detail/blocks.hpp>
#include <evendraw/detail/interval_lookup.hpp>
#include <evendraw/detail/shared.hpp>
#include <evendraw/epochs/any_sampler.hpp>
#include <evendraw/epochs/batches.hpp>
#include <evendraw/epochs/detail/batch_quotas.hpp>
#include <evendraw/epochs/detail/source_list.hpp>
#include <evendraw/epochs/draws.hpp>
#include <evendraw/random/counter_random.hpp>
#include <evendraw/random/detail/fingerprint.hpp>
#include <evendraw/random/permutation.hpp>

namespace evendraw::detail {

/// What the draws of all epochs of a mix are made from. The draws are cut into windows of the same size, but for the
/// last window of each epoch, which takes what is left. The sources that are drawn are the classes of the windows'
/// quotas, and each gives its draws on and on, from its epoch 0.
template <std::unsigned_integral Index>
class mixed_table {
 public:
  /// Shares by source; 0 leaves it out, and is all that a source with empty epochs may have. window <= epoch_size.
  mixed_table(detail::source_list<Index> sources, std::vector<std::uint64_t> const& shares, std::uint64_t epoch_size,
              std::uint64_t window, evendraw::order order, std::uint64_t seed)
      : sources_(std::move(sources)),
        window_(window),
        full_windows_(epoch_size / window),
        full_(detail::without_zeros(shares), window, stream_key(seed, 0, random_stream::quota)),
        order_(order) {
    if (std::uint64_t const rest = epoch_size % window; rest > 0) {
      last_.emplace(detail::without_zeros(shares), rest, stream_key(seed, 1, random_stream::quota));
    }
    for (std::size_t s = 0; s < shares.size(); ++s) {
      if (shares[s] > 0) drawn_.push_back(s);
    }
  }

  /// The samplers that are mixed.
  [[nodiscard]] detail::source_list<Index> const& sources() const noexcept { return sources_; }
  /// The sources that are not left out, by class number.
  [[nodiscard]] std::vector<std::size_t> const& drawn() const noexcept { return drawn_; }
  /// Whether the seats of a window are shuffled.
  [[nodiscard]] bool shuffled() const noexcept { return order_ == evendraw::order::shuffled; }

  /// A window, and what it needs to be read.
  struct found_window {
    batch_quotas const* quotas;
    batch_quotas::batch batch;  // among those with the same quotas, of all epochs
    std::uint64_t epoch;
    std::uint64_t of_epoch;  // its number in the epoch
    std::uint64_t begin;     // the position of its first draw
  };
  /// The window that holds a position of an epoch.
  [[nodiscard]] found_window window_at(std::uint64_t epoch, std::uint64_t position) const noexcept {
    std::uint64_t const of_epoch = position / window_, begin = of_epoch * window_;
    if (of_epoch == full_windows_) return {&*last_, last_->at(epoch), epoch, of_epoch, begin};
    return {&full_, full_.at(epoch * full_windows_ + of_epoch), epoch, of_epoch, begin};
  }

  /// Replaces places of a window by the seats that are read there.
  void find_seats(found_window const& of, std::uint64_t order_key, std::span<std::uint64_t> places) const noexcept {
    std::uint64_t const size = of.quotas->batch_size(), random = random_word(order_key, of.of_epoch);
    if (shuffled()) {
      permutation(size, random).apply(places);
      return;
    }
    auto const first_class = static_cast<std::size_t>(bounded(random, of.quotas->num_classes()));
    std::uint64_t const first = of.quotas->first_seat(first_class, of.batch), before_end = size - first;
    for (std::uint64_t& place : places) place = place < before_end ? first + place : place - before_end;
  }

  /// The draws of class c before a window of an epoch.
  [[nodiscard]] std::uint64_t draws_before(std::size_t c, std::uint64_t epoch, std::uint64_t of_epoch) const noexcept {
    return full_.before(c, full_.at(epoch * full_windows_ + of_epoch)) +
           (last_ ? last_->before(c, last_->at(epoch)) : 0);
  }

  [[nodiscard]] std::uint64_t fingerprint() const noexcept {
    detail::fingerprint_builder hash("mixed_table");
    for (std::size_t const s : drawn_) hash.add(s);
    hash.add(static_cast<std::uint64_t>(order_)).add(full_.fingerprint());
    if (last_) hash.add(last_->fingerprint());
    return hash.add(sources_.fingerprint()).value();
  }

 private:
  detail::source_list<Index> sources_;
  std::vector<std::size_t> drawn_;
  std::uint64_t window_;
  std::uint64_t full_windows_;  // in an epoch
  batch_quotas full_;
  std::optional<batch_quotas> last_;  // the shorter window's
  evendraw::order order_;
};

/// An epoch of a mix: position -> seat of a window -> source and number of its draw -> index.
template <std::unsigned_integral Index>
class mixed_draws {
 public:
  using index_type = Index;

  /// Begins the epochs of the sources that the epoch touches.
  mixed_draws(detail::shared<mixed_table<Index> const> table, std::uint64_t seed, std::uint64_t epoch)
      : table_(std::move(table)), epoch_(epoch), order_key_(stream_key(seed, epoch, random_stream::order)) {
    std::vector<begun_source> begun;
    for (std::size_t c = 0; c < table_->drawn().size(); ++c) {
      std::size_t const s = table_->drawn()[c];
      any_sampler<Index> const& source = table_->sources()[s];
      std::uint64_t const size = source.epoch_size(), end = table_->draws_before(c, epoch + 1, 0);
      std::uint64_t const first_epoch = table_->draws_before(c, epoch, 0) / size;
      auto& of = begun.emplace_back(begun_source{table_->sources().first_index(s), size, first_epoch, {}});
      for (std::uint64_t e = first_epoch; e * size < end; ++e) of.epochs.push_back(source.epoch(e));
    }
    sources_ = detail::share<std::vector<begun_source> const>(std::move(begun));
  }

  [[nodiscard]] Index at(std::uint64_t position) const noexcept {
    auto const window = table_->window_at(epoch_, position);
    std::uint64_t seat = position - window.begin;
    table_->find_seats(window, order_key_, {&seat, 1});
    std::size_t const c = window.quotas->class_of(window.batch, seat);
    std::uint64_t const first_draw = table_->draws_before(c, epoch_, window.of_epoch);
    return draw(c, first_draw + (seat - window.quotas->first_seat(c, window.batch)));
  }

  /// Window by window. Seats that follow each other are read source by source, and so is a shuffled window of which half
  /// is wanted at least; others are read one by one.
  void read_block(std::uint64_t first, std::uint64_t stride, std::span<Index> out) const noexcept {
    detail::block_of<std::uint64_t> places;
    runs known(*table_);
    for (std::size_t done = 0; done < out.size();) {
      std::uint64_t const position = first + done * stride;
      auto const window = table_->window_at(epoch_, position);
      std::uint64_t const size = window.quotas->batch_size(), place = position - window.begin;
      auto const count = std::min<std::uint64_t>(out.size() - done, (size - place - 1) / stride + 1);
      auto const part = out.subspan(done, static_cast<std::size_t>(count));
      auto const seats = std::span(places).first(part.size());
      for (std::size_t i = 0; i < seats.size(); ++i) seats[i] = place + i * stride;
      table_->find_seats(window, order_key_, seats);
      if (stride == 1 && !table_->shuffled()) {
        auto const before_end = static_cast<std::size_t>(std::min(count, size - seats[0]));
        read_seats(known, window, seats[0], part.first(before_end));
        read_seats(known, window, 0, part.subspan(before_end));
      } else if (size <= detail::block_size && 2 * count >= size) {
        detail::block_of<Index> drawn;
        read_seats(known, window, 0, std::span(drawn).first(static_cast<std::size_t>(size)));
        for (std::size_t i = 0; i < part.size(); ++i) part[i] = drawn[static_cast<std::size_t>(seats[i])];
      } else {
        for (std::size_t i = 0; i < part.size(); ++i) {
          std::size_t const c = window.quotas->class_of(window.batch, seats[i]);
          part[i] = draw(c, known.of(c, window).draw_at(seats[i]));
        }
      }
      done += part.size();
    }
  }

 private:
  using found_window = typename mixed_table<Index>::found_window;

  /// What an epoch of the mix needs of a source.
  struct begun_source {
    Index first_index;
    std::uint64_t epoch_size;
    std::uint64_t first_epoch;
    std::vector<draws<typename any_sampler<Index>::core>> epochs;
  };

  /// The seats of a class in a window, and the number of its first draw there.
  struct run {
    std::uint64_t first_seat;
    std::uint64_t end_seat;
    std::uint64_t first_draw;

    [[nodiscard]] std::uint64_t draw_at(std::uint64_t seat) const noexcept { return first_draw + (seat - first_seat); }
  };

  /// The runs that were asked for last. From one window to the next a class's draws go on, which is quickly found.
  class runs {
   public:
    explicit runs(mixed_table<Index> const& table) noexcept : table_(table) {
      for (entry& each : entries_) each.c = ~std::size_t{0};
    }

    [[nodiscard]] run const& of(std::size_t c, found_window const& in) noexcept {
      entry& known = entries_[c % entries_.size()];
      if (known.c == c && known.window == in.of_epoch) return known.found;
      bool const goes_on = known.c == c && known.window + 1 == in.of_epoch;
      std::uint64_t const first_draw =
          goes_on ? known.found.draw_at(known.found.end_seat) : table_.draws_before(c, in.epoch, in.of_epoch);
      run const found{in.quotas->first_seat(c, in.batch), in.quotas->first_seat(c + 1, in.batch), first_draw};
      known = {c, in.of_epoch, found};
      return known.found;
    }

   private:
    struct entry {
      std::size_t c;
      std::uint64_t window;
      run found;
    };
    mixed_table<Index> const& table_;
    std::array<entry, 64> entries_;
  };

  /// Draw number k of class c.
  [[nodiscard]] Index draw(std::size_t c, std::uint64_t k) const noexcept {
    begun_source const& source = (*sources_)[c];
    auto const& epoch = source.epochs[static_cast<std::size_t>(k / source.epoch_size - source.first_epoch)];
    return static_cast<Index>(source.first_index + epoch[k % source.epoch_size]);
  }

  /// The draws at seats that follow each other, from `seat` on.
  void read_seats(runs& known, found_window const& of, std::uint64_t seat, std::span<Index> out) const noexcept {
    while (!out.empty()) {
      std::size_t const c = of.quotas->class_of(of.batch, seat);
      run const& drawn = known.of(c, of);
      auto const count = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), drawn.end_seat - seat));
      read_draws(c, drawn.draw_at(seat), out.first(count));
      out = out.subspan(count);
      seat += count;
    }
  }

  /// Draws k, k + 1, ... of class c.
  void read_draws(std::size_t c, std::uint64_t k, std::span<Index> out) const noexcept {
    begun_source const& source = (*sources_)[c];
    auto epoch = static_cast<std::size_t>(k / source.epoch_size - source.first_epoch);
    for (std::uint64_t place = k % source.epoch_size; !out.empty(); place = 0) {
      auto const count = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), source.epoch_size - place));
      detail::read_raised(source.epochs[epoch++], place, source.first_index, out.first(count));
      out = out.subspan(count);
    }
  }

  detail::shared<mixed_table<Index> const> table_;
  std::uint64_t epoch_;
  std::uint64_t order_key_;
  detail::shared<std::vector<begun_source> const> sources_;  // by class number
};

}  // namespace evendraw::detail
