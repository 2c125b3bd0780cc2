// Batches of P different classes: which ones.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include <evendraw/random/counter_random.hpp>
#include <evendraw/random/permutation.hpp>

namespace evendraw::detail {

/// Which of C classes have the P seats of every batch, each class at most one. The classes come in rounds that follow
/// each other seat by seat, so that the batch that a round ends in begins the next one: each class comes once in every
/// round, and no class has come more than once more often than another, at any time.
///
///   classes    C
///   per_batch  P
///   key        chooses the orders
///
/// A round is a permutation of its own, except that in the batch it begins in, the classes that the round before left
/// there are passed over; they come right after. Where C < 2P - 1 the rounds have the same order until one of them ends
/// with a batch: after P / gcd(C, P) rounds.
///
/// Needs      1 <= P <= C < 2^32; P <= most_per_batch (asserted)
/// Edge       C = P: all classes in every batch. After about 2^62 seats all begins again
/// Cost       O(1) memory and O(1) a seat, O(P log P) where a round was begun in a batch
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

  /// Number of classes.
  [[nodiscard]] std::uint64_t classes() const noexcept { return classes_; }
  /// Classes in a batch.
  [[nodiscard]] std::uint64_t per_batch() const noexcept { return per_batch_; }

  /// A class, and how often it has come before.
  struct turn {
    std::uint64_t c;
    std::uint64_t round;
  };

  /// The class of a seat < per_batch(). For seats in order a reader is faster.
  [[nodiscard]] turn operator()(std::uint64_t batch, std::uint64_t seat) const noexcept {
    return reader(*this)(batch, seat);
  }

  /// Reads seats, and keeps what it found out about their round. Not for several threads.
  class reader {
   public:
    explicit reader(class_rounds const& of) noexcept : of_(of), order_(of.order_of(0)) {}

    [[nodiscard]] turn operator()(std::uint64_t batch, std::uint64_t seat) noexcept {
      assert(seat < of_.per_batch_);
      std::uint64_t const place = batch % of_.batches_ * of_.per_batch_ + seat;
      std::uint64_t const round = place / of_.classes_, in_round = place % of_.classes_;
      if (round != round_) {
        order_ = of_.order_of(round);
        round_ = round;
        begun_ = false;
      }
      if (in_round >= of_.per_batch_ || of_.left_before(round) == 0) return {order_(in_round), round};
      if (!begun_) of_.begin_round(round, beginning_);
      begun_ = true;
      return {beginning_[static_cast<std::size_t>(in_round)], round};
    }

   private:
    class_rounds const& of_;
    permutation order_;
    std::uint64_t round_ = 0;
    bool begun_ = false;
    std::array<std::uint32_t, most_per_batch> beginning_;  // of the round, if begun_
  };

 private:
  [[nodiscard]] permutation order_of(std::uint64_t round) const noexcept {
    return {classes_, random_word(key_, rounds_per_order_ == 0 ? round : round / rounds_per_order_)};
  }

  /// The seats of the round before, in the batch that a round begins in, where they must be looked at.
  [[nodiscard]] std::uint64_t left_before(std::uint64_t round) const noexcept {
    return rounds_per_order_ == 0 ? round * classes_ % per_batch_ : 0;
  }

  /// The first per_batch() classes of a round. The round before ends as its permutation does, since it has 2P - 1
  /// classes and only its first P may have changed places.
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
    for (auto from = beginning.begin(); auto& seat : in_batch) {
      while (std::binary_search(taken.data(), taken.data() + taken.size(), *from)) ++from;
      std::swap(seat, *from++);
    }
  }

  std::uint64_t classes_;
  std::uint64_t per_batch_;
  std::uint64_t batches_;  // whole rounds; then from the first one on again
  std::uint64_t key_;
  std::uint64_t rounds_per_order_ = 0;  // 0: every round has an order of its own
};

}  // namespace evendraw::detail
