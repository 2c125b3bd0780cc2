// Draws of several samplers, mixed in windows in which each has its share.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <evendraw/detail/blocks.hpp>
#include <evendraw/detail/interval_lookup.hpp>
#include <evendraw/detail/shared.hpp>
#include <evendraw/detail/sort_by.hpp>
#include <evendraw/epochs/any_sampler.hpp>
#include <evendraw/epochs/batches.hpp>
#include <evendraw/epochs/detail/batch_quotas.hpp>
#include <evendraw/epochs/detail/mixed_table.hpp>
#include <evendraw/epochs/detail/source_list.hpp>
#include <evendraw/epochs/draws.hpp>
#include <evendraw/random/counter_random.hpp>
#include <evendraw/random/permutation.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// An epoch of a mix: position -> slot of a window -> source and number of its draw -> index.
template <std::unsigned_integral Index>
class mixed_draws {
 public:
  using index_type = Index;

  /// Makes the epochs of the sources that this epoch draws from.
  mixed_draws(detail::shared<mixed_table<Index> const> table, std::uint64_t seed, std::uint64_t epoch)
      : table_(std::move(table)), epoch_(epoch), order_key_(stream_key(seed, epoch, random_stream::order)) {
    std::vector<begun_source> begun;
    for (std::size_t c = 0; c < table_->drawn().size(); ++c) {
      std::size_t const s = table_->drawn()[c];
      any_sampler<Index> const& source = table_->sources()[s];
      std::uint64_t const size = source.epoch_size(), end = table_->draws_before(c, epoch + 1, 0);
      std::uint64_t const first_epoch = table_->draws_before(c, epoch, 0) / size;
      auto& added = begun.emplace_back(begun_source{table_->sources().first_index(s), size, first_epoch, {}});
      for (std::uint64_t e = first_epoch; e * size < end; ++e) added.epochs.push_back(source.epoch(e));
    }
    sources_ = detail::share<std::vector<begun_source> const>(std::move(begun));
  }

  [[nodiscard]] Index at(std::uint64_t position) const noexcept {
    auto const window = table_->window_at(epoch_, position);
    std::uint64_t slot = position - window.begin;
    table_->find_slots(window, order_key_, {&slot, 1});
    std::size_t const c = window.quotas->class_of(window.batch, slot);
    std::uint64_t const first_draw = table_->draws_before(c, epoch_, window.number);
    return draw(c, first_draw + (slot - window.quotas->first_slot(c, window.batch)));
  }

  /// Reads window by window. Consecutive slots are read source by source, and so is a shuffled window if at least half
  /// of it is read. Other slots are read one by one.
  void read_block(std::uint64_t first, std::uint64_t stride, std::span<Index> out) const noexcept {
    detail::block_of<std::uint64_t> block;
    runs known(*table_);
    for (std::size_t done = 0; done < out.size();) {
      std::uint64_t const position = first + done * stride;
      auto const window = table_->window_at(epoch_, position);
      std::uint64_t const size = window.quotas->batch_size(), in_window = position - window.begin;
      auto const count = std::min<std::uint64_t>(out.size() - done, (size - in_window - 1) / stride + 1);
      auto const part = out.subspan(done, static_cast<std::size_t>(count));
      auto const slots = std::span(block).first(part.size());
      for (std::size_t i = 0; i < slots.size(); ++i) slots[i] = in_window + i * stride;
      table_->find_slots(window, order_key_, slots);
      if (stride == 1 && !table_->shuffled()) {
        auto const before_end = static_cast<std::size_t>(std::min(count, size - slots[0]));
        read_slots(known, window, slots[0], part.first(before_end));
        read_slots(known, window, 0, part.subspan(before_end));
      } else if (size <= detail::block_size && 2 * count >= size) {
        detail::block_of<Index> drawn;
        read_slots(known, window, 0, std::span(drawn).first(static_cast<std::size_t>(size)));
        for (std::size_t i = 0; i < part.size(); ++i) part[i] = drawn[static_cast<std::size_t>(slots[i])];
      } else {
        for (std::size_t i = 0; i < part.size(); ++i) {
          std::size_t const c = window.quotas->class_of(window.batch, slots[i]);
          part[i] = draw(c, known.find(c, window).draw_at(slots[i]));
        }
      }
      done += part.size();
    }
  }

  /// Finds the sample in the epochs of its source, and then finds the window of each of these draws by bisection.
  [[nodiscard]] std::vector<std::uint64_t> find(Index sample, std::uint64_t end) const {
    std::vector<std::uint64_t> result;
    auto const [s, index] = table_->sources().source_of(sample);
    auto const& drawn = table_->drawn();
    std::size_t const c = count_below(drawn.data(), drawn.size(), s);
    if (c == drawn.size() || drawn[c] != s) return result;
    begun_source const& source = (*sources_)[c];
    std::uint64_t const windows = table_->num_windows(), first_draw = table_->draws_before(c, epoch_, 0);
    for (std::size_t e = 0; e < source.epochs.size(); ++e) {
      for (std::uint64_t const position : source.epochs[e].find(index)) {
        std::uint64_t const k = (source.first_epoch + e) * source.epoch_size + position;
        if (k < first_draw || k >= table_->draws_before(c, epoch_ + 1, 0)) continue;
        std::uint64_t low = 0, high = windows;
        while (high - low > 1) {
          std::uint64_t const middle = low + (high - low) / 2;
          (table_->draws_before(c, epoch_, middle) <= k ? low : high) = middle;
        }
        auto const window = table_->window_at(epoch_, low * table_->window());
        std::uint64_t const before = table_->draws_before(c, epoch_, low);
        std::uint64_t const slot = window.quotas->first_slot(c, window.batch) + (k - before);
        result.push_back(window.begin + table_->position_of(window, order_key_, slot));
      }
    }
    sort(result);
    while (!result.empty() && result.back() >= end) result.pop_back();
    return result;
  }

 private:
  using found_window = typename mixed_table<Index>::found_window;

  /// What an epoch of the mix needs from a source.
  struct begun_source {
    Index first_index;
    std::uint64_t epoch_size;
    std::uint64_t first_epoch;
    std::vector<draws<typename any_sampler<Index>::core>> epochs;
  };

  /// The slots of a class in a window, and the number of its first draw there.
  struct run {
    std::uint64_t first_slot;
    std::uint64_t end_slot;
    std::uint64_t first_draw;

    [[nodiscard]] std::uint64_t draw_at(std::uint64_t slot) const noexcept { return first_draw + (slot - first_slot); }
  };

  /// Keeps the runs that were read last. Since a class's draws continue from window to window, the next run is often
  /// known without counting.
  class runs {
   public:
    explicit runs(mixed_table<Index> const& table) noexcept : table_(table) {
      for (entry& each : entries_) each.c = ~std::size_t{0};
    }

    [[nodiscard]] run const& find(std::size_t c, found_window const& window) noexcept {
      entry& known = entries_[c % entries_.size()];
      if (known.c == c && known.window == window.number) return known.found;
      bool const continues = known.c == c && known.window + 1 == window.number;
      std::uint64_t const first_draw =
          continues ? known.found.draw_at(known.found.end_slot) : table_.draws_before(c, window.epoch, window.number);
      run const found{window.quotas->first_slot(c, window.batch), window.quotas->first_slot(c + 1, window.batch),
                      first_draw};
      known = {c, window.number, found};
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

  /// Reads the draws of consecutive slots, from `slot` on.
  void read_slots(runs& known, found_window const& window, std::uint64_t slot, std::span<Index> out) const noexcept {
    while (!out.empty()) {
      std::size_t const c = window.quotas->class_of(window.batch, slot);
      run const& drawn = known.find(c, window);
      auto const count = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), drawn.end_slot - slot));
      read_draws(c, drawn.draw_at(slot), out.first(count));
      out = out.subspan(count);
      slot += count;
    }
  }

  /// Reads draws k, k + 1, ... of class c.
  void read_draws(std::size_t c, std::uint64_t k, std::span<Index> out) const noexcept {
    begun_source const& source = (*sources_)[c];
    auto epoch = static_cast<std::size_t>(k / source.epoch_size - source.first_epoch);
    for (std::uint64_t position = k % source.epoch_size; !out.empty(); position = 0) {
      auto const count = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), source.epoch_size - position));
      detail::read_raised(source.epochs[epoch++], position, source.first_index, out.first(count));
      out = out.subspan(count);
    }
  }

  detail::shared<mixed_table<Index> const> table_;
  std::uint64_t epoch_;
  std::uint64_t order_key_;
  detail::shared<std::vector<begun_source> const> sources_;  // by class number
};

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
