// The order of the draws in every batch.
#pragma once

#include <cstddef>
#include <cstdint>

#include <evendraw/detail/blocks.hpp>
#include <evendraw/detail/prefetching.hpp>
#include <evendraw/epochs/batches.hpp>
#include <evendraw/random/counter_random.hpp>
#include <evendraw/random/permutation.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// Turns positions of a batch into slots, class by class in slots and in the order of the batch by position.
///
/// A grouped batch begins at a random slot. If it is dealt out to ranks, each rank has every ranks-th slot, and
/// therefore its part of every class. A shuffled batch gives every rank the same slots as a grouped one, in a random
/// order.
class batch_order {
 public:
  batch_order(std::uint64_t batch_size, order kind, std::uint64_t key) noexcept
      : size_(batch_size), key_(key), shuffled_(kind == order::shuffled) {}

  /// The slot that is drawn at a position of a batch that is dealt out to `ranks` ranks.
  [[nodiscard]] std::uint64_t slot_at(std::uint64_t batch, std::uint64_t ranks, std::uint64_t position) const noexcept {
    std::uint64_t const random = random_word(key_, batch), rank = position % ranks;
    if (shuffled_) {
      position = rank + order_of(random, rank, ranks)(position / ranks) * ranks;
      if (ranks == 1) return position;  // a random beginning changes nothing
    }
    std::uint64_t const begin = bounded(random, size_), before_end = size_ - begin;
    return position < before_end ? begin + position : position - before_end;
  }

  /// The slots at first, first + stride, ... of a batch, in whole groups. Needs a size of at most 2^31.
  void find_slots(std::uint64_t batch, std::uint64_t ranks, std::uint64_t first, std::uint64_t stride,
                  std::size_t count, block_of<std::uint32_t>& slots) const noexcept {
    if (stride % ranks != 0) {  // draws of several ranks
      for (std::size_t i = 0; i < count; ++i) {
        slots[i] = static_cast<std::uint32_t>(slot_at(batch, ranks, first + i * stride));
      }
      return;
    }
    std::uint64_t const random = random_word(key_, batch), rank = first % ranks;
    if (shuffled_) {
      fill_evenly_spaced(first / ranks, stride / ranks, count, slots);
      prefetcher nothing;
      order_of(random, rank, ranks).apply(count, slots, nothing);
      if (ranks == 1) return;
      for (std::size_t i = 0; i < count; ++i) slots[i] = static_cast<std::uint32_t>(rank + slots[i] * ranks);
    } else {
      fill_evenly_spaced(first, stride, count, slots);
    }
    auto const begin = static_cast<std::uint32_t>(bounded(random, size_));
    auto const before_end = static_cast<std::uint32_t>(size_ - begin);
    for (std::size_t i = 0; i < count; ++i) {
      slots[i] = slots[i] < before_end ? begin + slots[i] : slots[i] - before_end;
    }
  }

  /// The position in a batch at which a slot is drawn: the inverse of slot_at().
  [[nodiscard]] std::uint64_t position_of(std::uint64_t batch, std::uint64_t ranks, std::uint64_t slot) const noexcept {
    std::uint64_t const random = random_word(key_, batch), begin = bounded(random, size_);
    if (shuffled_ && ranks == 1) return order_of(random, 0, 1).place_of(slot);
    std::uint64_t const dealt = slot >= begin ? slot - begin : slot + (size_ - begin), rank = dealt % ranks;
    return shuffled_ ? rank + order_of(random, rank, ranks).place_of(dealt / ranks) * ranks : dealt;
  }

  [[nodiscard]] bool is_shuffled() const noexcept { return shuffled_; }

 private:
  /// The random order of a rank's part of a shuffled batch.
  [[nodiscard]] permutation order_of(std::uint64_t random, std::uint64_t rank, std::uint64_t ranks) const noexcept {
    return {size_ / ranks, ranks == 1 ? random : random_word(random, rank + 2)};
  }

  std::uint64_t size_;
  std::uint64_t key_;
  bool shuffled_;
};

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
