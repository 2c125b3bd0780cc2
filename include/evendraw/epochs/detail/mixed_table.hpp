// What the draws of all epochs of a mix are made from: sources, quotas, windows.
#pragma once

#include <algorithm>
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
#include <evendraw/epochs/detail/source_list.hpp>
#include <evendraw/epochs/draws.hpp>
#include <evendraw/random/counter_random.hpp>
#include <evendraw/random/detail/fingerprint.hpp>
#include <evendraw/random/permutation.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// The sources and quotas that the draws of all epochs of a mix are made from. The draws are cut into windows of the
/// same size; the last window of an epoch may be shorter. The sources that are drawn are the classes of the windows'
/// quotas. The draws of a source continue from window to window, beginning with its epoch 0.
template <std::unsigned_integral Index>
class mixed_table {
 public:
  /// Shares by source; 0 leaves a source out. A source with empty epochs must have 0. Needs window <= epoch_size. The
  /// draws of source s begin with its draw number begin[s], or 0 if `begin` is shorter.
  mixed_table(detail::source_list<Index> sources, std::vector<std::uint64_t> const& shares, std::uint64_t epoch_size,
              std::uint64_t window, evendraw::order order, std::vector<std::uint64_t> begin, std::uint64_t seed)
      : sources_(std::move(sources)),
        window_(window),
        full_windows_(epoch_size / window),
        full_(detail::without_zeros(shares), window, stream_key(seed, 0, random_stream::quota)),
        order_(order),
        begin_(std::move(begin)) {
    begin_.resize(sources_.size());
    if (std::uint64_t const remainder = epoch_size % window; remainder > 0) {
      last_ = batch_quotas(detail::without_zeros(shares), remainder, stream_key(seed, 1, random_stream::quota));
    }
    for (std::size_t s = 0; s < shares.size(); ++s) {
      if (shares[s] > 0) drawn_.push_back(s);
    }
  }

  /// The samplers that are mixed.
  [[nodiscard]] detail::source_list<Index> const& sources() const noexcept { return sources_; }
  /// The sources that are not left out, by class number.
  [[nodiscard]] std::vector<std::size_t> const& drawn() const noexcept { return drawn_; }
  /// Whether the slots of a window are shuffled.
  [[nodiscard]] bool shuffled() const noexcept { return order_ == evendraw::order::shuffled; }

  /// A window, and what is needed to read it.
  struct found_window {
    batch_quotas const* quotas;
    batch_quotas::batch batch;  // numbered among the windows of the same size, over all epochs
    std::uint64_t epoch;
    std::uint64_t number;  // its number in the epoch
    std::uint64_t begin;   // the position of its first draw
  };
  /// The window that holds a position of an epoch.
  [[nodiscard]] found_window window_at(std::uint64_t epoch, std::uint64_t position) const noexcept {
    std::uint64_t const number = position / window_, begin = number * window_;
    if (number == full_windows_) return {&last_, last_.at(epoch), epoch, number, begin};
    return {&full_, full_.at(epoch * full_windows_ + number), epoch, number, begin};
  }

  /// Replaces positions in a window by the slots that are drawn there.
  void find_slots(found_window const& window, std::uint64_t order_key,
                  std::span<std::uint64_t> positions) const noexcept {
    std::uint64_t const size = window.quotas->batch_size(), random = random_word(order_key, window.number);
    if (shuffled()) {
      permutation(size, random).apply(positions);
      return;
    }
    auto const first_class = static_cast<std::size_t>(bounded(random, window.quotas->num_classes()));
    std::uint64_t const first = window.quotas->first_slot(first_class, window.batch), before_end = size - first;
    for (std::uint64_t& position : positions) {
      position = position < before_end ? first + position : position - before_end;
    }
  }

  /// The position in a window at which a slot is drawn.
  [[nodiscard]] std::uint64_t position_of(found_window const& window, std::uint64_t order_key,
                                          std::uint64_t slot) const noexcept {
    std::uint64_t const size = window.quotas->batch_size(), random = random_word(order_key, window.number);
    if (shuffled()) return permutation(size, random).place_of(slot);
    auto const first_class = static_cast<std::size_t>(bounded(random, window.quotas->num_classes()));
    std::uint64_t const first = window.quotas->first_slot(first_class, window.batch);
    return slot >= first ? slot - first : slot + (size - first);
  }

  /// The number of windows in an epoch, including a shorter last one.
  [[nodiscard]] std::uint64_t num_windows() const noexcept { return full_windows_ + (last_.num_classes() > 0 ? 1 : 0); }
  /// The number of draws in a window, unless it is the shorter last one.
  [[nodiscard]] std::uint64_t window() const noexcept { return window_; }

  /// The number of draws of class c before a window of an epoch.
  [[nodiscard]] std::uint64_t draws_before(std::size_t c, std::uint64_t epoch, std::uint64_t window) const noexcept {
    return begin_[drawn_[c]] + full_.before(c, full_.at(epoch * full_windows_ + window)) +
           (last_.num_classes() > 0 ? last_.before(c, last_.at(epoch)) : 0);
  }

  /// The number of draws of every source before a position < epoch_size of an epoch, including those of `begin`.
  [[nodiscard]] std::vector<std::uint64_t> draws_used(std::uint64_t epoch, std::uint64_t order_key,
                                                      std::uint64_t position) const {
    auto result = begin_;
    auto const window = window_at(epoch, position);
    for (std::size_t c = 0; c < drawn_.size(); ++c) result[drawn_[c]] = draws_before(c, epoch, window.number);
    block_of<std::uint64_t> block;
    for (std::uint64_t done = window.begin; done < position; done += block_size) {
      auto const slots =
          std::span(block).first(static_cast<std::size_t>(std::min<std::uint64_t>(block_size, position - done)));
      for (std::size_t i = 0; i < slots.size(); ++i) slots[i] = done - window.begin + i;
      find_slots(window, order_key, slots);
      for (std::uint64_t const slot : slots) ++result[drawn_[window.quotas->class_of(window.batch, slot)]];
    }
    return result;
  }

  [[nodiscard]] std::uint64_t fingerprint() const noexcept {
    detail::fingerprint_builder hash("mixed_table");
    for (std::size_t const s : drawn_) hash.add(s);
    hash.add(static_cast<std::uint64_t>(order_)).add(full_.fingerprint());
    if (last_.num_classes() > 0) hash.add(last_.fingerprint());
    for (std::size_t s = 0; s < begin_.size(); ++s) {
      if (begin_[s] > 0) hash.add(s).add(begin_[s]);
    }
    return hash.add(sources_.fingerprint()).value();
  }

 private:
  detail::source_list<Index> sources_;
  std::vector<std::size_t> drawn_;
  std::uint64_t window_;
  std::uint64_t full_windows_;  // per epoch
  batch_quotas full_;
  batch_quotas last_;  // the quotas of a shorter last window, if there is one
  evendraw::order order_;
  std::vector<std::uint64_t> begin_;  // by source
};

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
