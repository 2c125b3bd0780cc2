// Decides which P classes each batch has.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include <evendraw/detail/blocks.hpp>
#include <evendraw/random/counter_random.hpp>
#include <evendraw/random/permutation.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// Gives the P slots of every batch to P different classes among C. Each class comes once in every round. Rounds follow
/// each other slot by slot, so the next round often begins in the batch in which a round ends. At any time, the numbers
/// of times that two classes have come differ by at most one.
///
///   classes    C
///   per_batch  P
///   key        chooses the orders
///
/// Every round has a random order of its own. If it begins within a batch, classes that the round before has already
/// put into this batch are postponed until just after the batch. If C < 2P - 1, the rounds share one order until a
/// round ends at the end of a batch, which is after P / gcd(C, P) rounds.
///
/// Needs      1 <= P <= C < 2^32; P <= most_per_batch (asserted)
/// Edge       if C = P, every batch has all classes; after about 2^62 slots everything repeats
/// Cost       O(1) memory; O(1) per slot, and O(P log P) for a round that begins within a batch
/// Stable     the same on every platform
class class_rounds {
 public:
  /// The largest number of classes in a batch.
  static constexpr std::uint64_t most_per_batch = 4096;

  class_rounds(std::uint64_t classes, std::uint64_t per_batch, std::uint64_t key)
      : classes_(classes),
        per_batch_(per_batch),
        batches_((std::uint64_t{1} << 62) / (classes * per_batch) * classes),
        key_(key) {
    assert(per_batch > 0 && per_batch <= classes && per_batch <= most_per_batch && classes >> 32 == 0);
    if (classes < 2 * per_batch - 1) {
      for (rounds_per_order_ = 1; rounds_per_order_ * classes % per_batch != 0;) ++rounds_per_order_;
    }
  }

  /// The number of classes, C.
  [[nodiscard]] std::uint64_t classes() const noexcept { return classes_; }
  /// The number of classes in a batch, P.
  [[nodiscard]] std::uint64_t per_batch() const noexcept { return per_batch_; }

  /// A class, and how often it has come before.
  struct turn {
    std::uint64_t c;
    std::uint64_t round;
  };

  /// The class of a slot < per_batch(). If slots are read in order, a reader is faster.
  [[nodiscard]] turn operator()(std::uint64_t batch, std::uint64_t slot) const noexcept {
    return reader(*this)(batch, slot);
  }

  /// Whether the first `slots` slots, counted from the beginning of a batch, come before everything repeats.
  [[nodiscard]] bool is_early(std::uint64_t batch, std::uint64_t slots) const noexcept {
    constexpr std::uint64_t early = std::uint64_t{1} << 60;
    return batch < early / per_batch_ && slots < early;
  }

  /// The number of slots of a round before the slot of class c: the inverse of the round's order. Needs an early round.
  [[nodiscard]] std::uint64_t turn_of(std::uint64_t c, std::uint64_t round) const noexcept {
    std::uint64_t const in_order = order_of(round).place_of(c);
    if (in_order >= per_batch_ || left_before(round) == 0) return in_order;
    std::array<std::uint32_t, most_per_batch> storage;
    begin_round(round, storage);
    return static_cast<std::uint64_t>(std::ranges::find(storage, c) - storage.begin());
  }

  /// Reads slots, and keeps the round of the last one. Threads must not share a reader.
  class reader {
   public:
    explicit reader(class_rounds const& rounds) noexcept : rounds_(rounds), order_(rounds.order_of(0)) {}

    [[nodiscard]] turn operator()(std::uint64_t batch, std::uint64_t slot) noexcept {
      assert(slot < rounds_.per_batch_);
      std::uint64_t const number = rounds_.number_of(batch, slot);
      std::uint64_t const in_round = number % rounds_.classes_;
      begin(number / rounds_.classes_);
      return {is_changed(in_round) ? beginning_[static_cast<std::size_t>(in_round)] : order_(in_round), round_};
    }

    /// The turns of `count` slots. Slot number i is ahead[i] slots after a given slot of a batch, and ahead[i] ascends.
    /// This is faster than one by one.
    void find(std::uint64_t batch, std::uint64_t slot, block_of<std::uint64_t> const& ahead, std::size_t count,
              block_of<std::uint32_t>& classes, block_of<std::uint64_t>& rounds) noexcept {
      std::uint64_t const start = rounds_.number_of(batch, slot);
      for (std::size_t i = 0, end = 0; i < count; i = end) {
        std::uint64_t const number = (start + ahead[i]) % rounds_.period();
        std::uint64_t const in_round = number % rounds_.classes_, left = rounds_.classes_ - in_round;
        begin(number / rounds_.classes_);
        block_of<std::uint32_t> turns;
        for (; end < count && ahead[end] - ahead[i] < left; ++end) {
          turns[end - i] = static_cast<std::uint32_t>(in_round + (ahead[end] - ahead[i]));
          rounds[end] = round_;
        }
        std::size_t changed = 0;  // the number of turns that the round before changes
        while (changed < end - i && is_changed(turns[changed])) ++changed;
        for (std::size_t k = 0; k < changed; ++k) classes[i + k] = beginning_[turns[k]];
        order_.apply(std::span(turns).subspan(changed, end - i - changed));
        for (std::size_t k = changed; k < end - i; ++k) classes[i + k] = turns[k];
      }
    }

   private:
    void begin(std::uint64_t round) noexcept {
      if (round == round_) return;
      order_ = rounds_.order_of(round);
      round_ = round;
      begun_ = false;
    }
    /// Whether the round before may change a turn; if so, `beginning_` has it.
    [[nodiscard]] bool is_changed(std::uint64_t in_round) noexcept {
      if (in_round >= rounds_.per_batch_ || rounds_.left_before(round_) == 0) return false;
      if (!begun_) rounds_.begin_round(round_, beginning_);
      begun_ = true;
      return true;
    }

    class_rounds const& rounds_;
    permutation order_;
    std::uint64_t round_ = 0;
    bool begun_ = false;
    std::array<std::uint32_t, most_per_batch> beginning_;  // the first classes of the round, if begun_
  };

 private:
  /// The slots until everything repeats: a whole number of rounds.
  [[nodiscard]] std::uint64_t period() const noexcept { return batches_ * per_batch_; }
  /// The number of a slot among them.
  [[nodiscard]] std::uint64_t number_of(std::uint64_t batch, std::uint64_t slot) const noexcept {
    return batch % batches_ * per_batch_ + slot;
  }

  [[nodiscard]] permutation order_of(std::uint64_t round) const noexcept {
    return {classes_, random_word(key_, rounds_per_order_ == 0 ? round : round / rounds_per_order_)};
  }

  /// The number of slots that the round before has in the batch in which a round begins; 0 if they do not matter.
  [[nodiscard]] std::uint64_t left_before(std::uint64_t round) const noexcept {
    return rounds_per_order_ == 0 ? round * classes_ % per_batch_ : 0;
  }

  /// Finds the first per_batch() classes of a round. It may read the end of the round before from that round's
  /// permutation, because the round has at least 2P - 1 classes, and only the first P may have been postponed.
  void begin_round(std::uint64_t round, std::span<std::uint32_t> beginning) const noexcept {
    std::uint64_t const left = left_before(round);
    std::array<std::uint32_t, most_per_batch> storage;
    auto const taken = std::span(storage).first(static_cast<std::size_t>(left));
    permutation const before = order_of(round - 1), order = order_of(round);
    for (std::uint64_t i = 0; i < left; ++i) {
      taken[static_cast<std::size_t>(i)] = static_cast<std::uint32_t>(before(classes_ - left + i));
    }
    std::sort(taken.data(), taken.data() + taken.size());
    for (std::uint64_t i = 0; i < per_batch_; ++i) {
      beginning[static_cast<std::size_t>(i)] = static_cast<std::uint32_t>(order(i));
    }
    auto const in_batch = beginning.first(static_cast<std::size_t>(per_batch_ - left));
    for (auto next = beginning.begin(); auto& slot : in_batch) {
      while (std::binary_search(taken.data(), taken.data() + taken.size(), *next)) ++next;
      std::swap(slot, *next++);
    }
  }

  std::uint64_t classes_;
  std::uint64_t per_batch_;
  std::uint64_t batches_;  // after these batches, a whole number of rounds, everything repeats
  std::uint64_t key_;
  std::uint64_t rounds_per_order_ = 0;  // 0: every round has an order of its own
};

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
