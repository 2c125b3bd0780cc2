// Dealing the draws of blocks to batches so that every batch has its part of each class.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include <evendraw/detail/even_picks.hpp>
#include <evendraw/detail/huge_page_vector.hpp>
#include <evendraw/detail/uint128.hpp>
#include <evendraw/random/counter_random.hpp>
#include <evendraw/random/permutation.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// Maps the positions of an epoch to a list of its draws. The list has the draws of the first block class by class,
/// then those of the next blocks, and then the resident draws class by class. The epoch has one block after the other;
/// the resident draws are spread over all of it.
///
/// If a list is dealt to T batches, draw r to batch r mod T, each batch gets a T-th of every stretch of the list,
/// rounded down or up. This happens twice. The resident draws are dealt to the batches of the epoch, and the draws of a
/// block are dealt to the batches that lie entirely in the block. The batches at the two ends of a block lie in it only
/// in part. Their draws are set apart first: evenly spaced ones of its list. In the same way the resident draws of a
/// short last batch are set apart.
///
/// The numbers of resident draws of two batches differ by at most one. When a block is dealt, the batches with one more
/// come first, as if the resident draws were the beginning of its list and the draws of the block continued it.
///
/// Example: a block of 7 draws, A A A A B B C, and 3 batches with 1, 1 and 0 resident draws have 3 draws each. The
/// block's draws are dealt from the third batch on, since the other two already have one:
///   batch 0   resident, A, B
///   batch 1   resident, A, B
///   batch 2   A, A, C
///
///   blocks      draws of each block, all > 0
///   residents   resident draws
///   batch_size  B draws in a batch; the last one may have fewer
///   key         chooses which batches round up
///
/// Needs      at least one draw, at most 2^63 - 1; batch_size >= 1
/// Exact      if a class has g of the D draws of a block, each batch that lies entirely in the block has g b / D of
///            them, rounded down or up, where b is the mean number of the block's draws in such a batch. If a class has
///            p resident draws among the P draws of the epoch, a batch of b draws has p b / P of them, rounded down or
///            up
/// Cost       O(blocks log batches) to build, about 120 bytes per block; O(1) for a draw, O(log blocks) for a batch
class block_deal {
 public:
  /// No draws.
  block_deal() = default;
  block_deal(std::span<std::uint64_t const> blocks, std::uint64_t residents, std::uint64_t batch_size,
             std::uint64_t key)
      : batch_size_(batch_size), key_(key) {
    for (std::uint64_t const size : blocks) list_ += size;
    size_ = list_ + residents;
    full_batches_ = size_ / batch_size;
    last_batch_ = {size_, size_ % batch_size, phase(0, size_)};
    last_residents_ = last_batch_.before(residents);
    std::uint64_t const full = std::max<std::uint64_t>(full_batches_, 1), dealt = residents - last_residents_;
    residents_ = dealt / full;
    one_more_ = {full_batches_, dealt % full, phase(1, full_batches_)};
    add_blocks(blocks);
  }

  /// Consecutive positions whose draws come from one block, and resident draws.
  struct block {
    std::uint64_t first;           ///< the place of its first draw in the list
    std::uint64_t draws;           ///< the number of its draws, without resident ones
    std::uint64_t first_position;  ///< the position of its first draw in the epoch
    std::uint64_t first_batch;     ///< the first batch that lies entirely in it
    std::uint64_t batches;
    std::uint64_t one_more;  ///< the number of these batches with one more resident draw
    even_picks set_apart;    ///< the draws for the batches that lie in it in part, at its ends
    even_picks head;         ///< which of these draws are for the batch at its beginning
  };
  [[nodiscard]] std::span<block const> blocks() const noexcept { return {blocks_.data(), blocks_.size()}; }

  /// The number of draws of the epoch.
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  /// The number of draws of the epoch that are not resident.
  [[nodiscard]] std::uint64_t size_of_blocks() const noexcept { return list_; }
  [[nodiscard]] std::uint64_t batch_size() const noexcept { return batch_size_; }

  /// The numbers that all draws of a batch need.
  struct batch {
    std::uint64_t number;
    std::uint64_t residents;        ///< the number of its resident draws, which come first
    std::uint64_t resident_column;  ///< its number when the resident draws are dealt
    std::uint64_t before;           ///< the number of draws of blocks in the batches before it
    block const* whole;             ///< the block in which it lies entirely, or null
    std::uint64_t column;           ///< its number when that block is dealt
  };
  [[nodiscard]] batch at(std::uint64_t number) const noexcept {
    batch result{number, residents_in(number), 0, list_before(number), nullptr, 0};
    if (number == full_batches_) return result;
    if (result.residents > 0)
      result.resident_column = column(number, 0, full_batches_, one_more_.size(), random_word(key_, 2));
    if (blocks_.empty() || result.residents == batch_size_) return result;
    block const& b = block_at(result.before);
    if (number - b.first_batch < b.batches) {
      result.whole = &b;
      result.column = column(number, b.first_batch, b.batches, b.one_more, random_word(key_, 3 + b.first));
    }
    return result;
  }

  /// The place in the list of a batch's draw number `seat`.
  [[nodiscard]] std::uint64_t place(batch const& home, std::uint64_t seat) const noexcept {
    if (seat < home.residents) return list_ + resident(home, seat);
    if (home.whole != nullptr) {
      block const& b = *home.whole;
      std::uint64_t const dealt = (seat - residents_) * b.batches + home.column - b.one_more;
      return b.first + (b.set_apart.size() == 0 ? dealt : b.set_apart.others()[dealt]);
    }
    std::uint64_t const place = home.before + (seat - home.residents);
    block const& b = block_at(place);
    std::uint64_t const in_block = place - b.first, head = b.head.size();
    std::uint64_t const tail = b.set_apart.size() - head;
    return b.first + b.set_apart[in_block < head ? b.head[in_block] : b.head.others()[in_block - (b.draws - tail)]];
  }

  /// The position whose draw has this place in the list: the inverse of place().
  [[nodiscard]] std::uint64_t position_of(std::uint64_t place) const noexcept {
    if (place >= list_) {
      std::uint64_t const draw = place - list_, in_last = last_batch_.before(draw);
      if (last_batch_.before(draw + 1) > in_last) return full_batches_ * batch_size_ + in_last;
      std::uint64_t const dealt = draw - in_last, column = dealt % full_batches_;
      std::uint64_t const number = batch_of(column, 0, full_batches_, one_more_.size(), random_word(key_, 2));
      return number * batch_size_ + dealt / full_batches_;
    }
    block const& b = block_at(place);
    std::uint64_t const draw = place - b.first, apart = b.set_apart.before(draw);
    if (b.set_apart.before(draw + 1) > apart) {
      std::uint64_t const in_head = b.head.before(apart);
      bool const head = b.head.before(apart + 1) > in_head;
      std::uint64_t const from_end = (b.set_apart.size() - apart) - (b.head.size() - in_head);
      return position_in_order(b.first + (head ? in_head : b.draws - from_end));
    }
    std::uint64_t const dealt = draw - apart + b.batches * residents_ + b.one_more;
    std::uint64_t const number =
        batch_of(dealt % b.batches, b.first_batch, b.batches, b.one_more, random_word(key_, 3 + b.first));
    return number * batch_size_ + dealt / b.batches;
  }

 private:
  [[nodiscard]] std::uint64_t resident(batch const& home, std::uint64_t seat) const noexcept {
    if (home.number == full_batches_) return last_batch_[seat];
    std::uint64_t const dealt = seat * full_batches_ + home.resident_column;
    return last_residents_ == 0 ? dealt : last_batch_.others()[dealt];
  }

  /// The number of a batch in the random order in which `batches` batches, from `first` on, are dealt to. The
  /// `one_more` batches with one more resident draw come first.
  [[nodiscard]] std::uint64_t column(std::uint64_t number, std::uint64_t first, std::uint64_t batches,
                                     std::uint64_t one_more, std::uint64_t key) const noexcept {
    std::uint64_t const before = one_more_.before(number) - one_more_.before(first);
    if (residents_in(number) > residents_) return permutation(one_more, key)(before);
    return one_more + permutation(batches - one_more, key)(number - first - before);
  }

  /// The batch with this number: the inverse of column().
  [[nodiscard]] std::uint64_t batch_of(std::uint64_t column, std::uint64_t first, std::uint64_t batches,
                                       std::uint64_t one_more, std::uint64_t key) const noexcept {
    std::uint64_t const before = one_more_.before(first);
    if (column < one_more) return one_more_[before + permutation(one_more, key).place_of(column)];
    return one_more_.others()[first - before + permutation(batches - one_more, key).place_of(column - one_more)];
  }

  [[nodiscard]] std::uint64_t residents_in(std::uint64_t number) const noexcept {
    if (number >= full_batches_) return last_residents_;
    return residents_ + one_more_.before(number + 1) - one_more_.before(number);
  }

  /// The number of draws of blocks in the batches before this one.
  [[nodiscard]] std::uint64_t list_before(std::uint64_t number) const noexcept {
    if (number > full_batches_) return list_;
    return number * (batch_size_ - residents_) - one_more_.before(number);
  }

  /// The first batch with at least `place` draws of blocks before it. It may be the one after the last batch.
  [[nodiscard]] std::uint64_t batch_from(std::uint64_t place) const noexcept {
    std::uint64_t low = 0, high = full_batches_ + 1;
    while (low < high) {
      std::uint64_t const middle = low + (high - low) / 2;
      list_before(middle) < place ? low = middle + 1 : high = middle;
    }
    return low;
  }

  [[nodiscard]] block const& block_at(std::uint64_t place) const noexcept {
    std::size_t low = 0, high = blocks_.size();  // blocks_[low].first <= place < blocks_[high].first
    while (high - low > 1) {
      std::size_t const middle = low + (high - low) / 2;
      (blocks_[middle].first <= place ? low : high) = middle;
    }
    return blocks_[low];
  }

  [[nodiscard]] std::uint64_t phase(std::uint64_t purpose, std::uint64_t n) const noexcept {
    return bounded(random_word(key_, purpose), n);
  }

  void add_blocks(std::span<std::uint64_t const> sizes) {
    blocks_.reserve(sizes.size());
    std::uint64_t first = 0, next_batch = 0;
    for (std::uint64_t const draws : sizes) {
      std::uint64_t const first_batch = next_batch, end = first + draws;
      next_batch = batch_from(end);
      std::uint64_t const end_batch =
          std::min(list_before(next_batch) == end ? next_batch : next_batch - 1, full_batches_);
      std::uint64_t const whole = end_batch > first_batch ? end_batch - first_batch : 0;
      std::uint64_t const head = std::min(list_before(first_batch) - first, draws);
      std::uint64_t const in_whole = whole == 0 ? 0 : list_before(end_batch) - list_before(first_batch);
      std::uint64_t const apart = draws - in_whole, word = random_word(random_word(key_, 3 + first), 0);
      blocks_.push_back(
          {.first = first,
           .draws = draws,
           .first_position = list_before(first_batch) == first ? first_batch * batch_size_ : position_in_order(first),
           .first_batch = first_batch,
           .batches = whole,
           .one_more = whole == 0 ? 0 : one_more_.before(end_batch) - one_more_.before(first_batch),
           .set_apart = {draws, apart, bounded(word, draws)},
           .head = {apart, head, bounded(mix64(word), apart)}});
      first = end;
    }
  }

  /// The position of the draw with this number among those of blocks, in the order of the epoch.
  [[nodiscard]] std::uint64_t position_in_order(std::uint64_t number) const noexcept {
    std::uint64_t const its_batch = batch_from(number + 1) - 1;
    return its_batch * batch_size_ + residents_in(its_batch) + (number - list_before(its_batch));
  }

  std::uint64_t batch_size_ = 1;
  std::uint64_t key_ = 0;
  std::uint64_t list_ = 0;
  std::uint64_t size_ = 0;
  std::uint64_t full_batches_ = 0;
  std::uint64_t residents_ = 0;       // the number of resident draws in every full batch; some have one more
  even_picks one_more_;               // the batches that have one more
  even_picks last_batch_;             // of these, the picks among the resident draws are for a short last batch
  std::uint64_t last_residents_ = 0;  // the number of its resident draws
  huge_page_vector<block> blocks_;
};

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
