// Steps through epochs with next(), and resumes where a run was interrupted.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <evendraw/classes/labels.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/epochs/checkpoint.hpp>
#include <evendraw/epochs/detail/batch_in_place.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

/// Steps through one epoch after the other, for loops that call next().
///
///   source  a sampler (next() returns an index) or a source of batches (next() returns a batch)
///   saved   optional: the checkpoint of another cursor over the same source, or checkpoint_of()
///
/// Needs      epochs that are not empty; a checkpoint of this same source (data, options, seed, sequence_version) ->
///            else std::invalid_argument
/// Edge       after epoch 2^64 - 1 comes epoch 0
/// Cost       O(n) once, for the fingerprint; next() costs one draw or one batch; resuming from a checkpoint is O(1)
template <detail::epoch_source Source>
class cursor {
  using epoch_type = decltype(std::declval<Source const&>().epoch(0));
  using index_type = typename Source::index_type;
  static constexpr bool in_batches = requires(epoch_type const& epoch) { epoch.batch_size(); };

 public:
  explicit cursor(Source source) : cursor(std::move(source), no_checkpoint{}) {}

  cursor(Source source, checkpoint const& saved) : cursor(std::move(source), no_checkpoint{}) {
    detail::check_continues("cursor", saved, state_);
    move_to(saved.epoch, saved.position);
  }

  cursor(cursor const&) = default;
  cursor(cursor&&) = default;
  /// Changes nothing if memory runs out.
  cursor& operator=(cursor const& other) { return *this = cursor(other); }
  cursor& operator=(cursor&&) = default;
  ~cursor() = default;

  /// Returns the next index or batch. After the last one of an epoch comes the first one of the next epoch. A batch is
  /// a std::span<const index_type> that is valid until the following next(), and therefore cannot be copied. It
  /// converts to a vector.
  std::conditional_t<in_batches, detail::batch_in_place<index_type>, index_type> next() {
    if (state_.position == current_.size()) {
      move_to(state_.epoch + 1, 0, true);
    } else {
      make_room(current_);
    }
    if constexpr (in_batches) {
      std::span<index_type const> const batch = current_.read(state_.position, buffer_);
      ++state_.position;  // after reading, which can fail in a source of yours
      return detail::batch_in_place<index_type>(batch);
    } else {
      index_type const index = current_[state_.position];
      ++state_.position;
      return index;
    }
  }

  /// Skips the next n indices or batches, as n calls of next() would. Needs n >= 0 -> else std::invalid_argument. Costs
  /// O(1), and a call of epoch() if it ends in another epoch.
  template <whole_number Count>
  void skip(Count n) {
    if (std::cmp_less(n, 0)) detail::invalid("cursor::skip", "n is ", detail::text(n), "; it must be >= 0");
    if (n == 0) return;
    std::uint64_t const size = current_.size(), last = static_cast<std::uint64_t>(n) - 1;  // the last one to skip
    std::uint64_t const last_place = state_.position % size + last % size;
    std::uint64_t const epochs = state_.position / size + last / size + last_place / size;
    std::uint64_t const position = last_place % size + 1;
    if (epochs == 0) {
      state_.position = position;
    } else {
      move_to(state_.epoch + epochs, position);
    }
  }

  /// The epoch of the index or batch that next() returned last.
  [[nodiscard]] std::uint64_t epoch() const noexcept { return state_.epoch; }
  /// The number of indices or batches that were taken from that epoch.
  [[nodiscard]] std::uint64_t position() const noexcept { return state_.position; }
  /// The number of epochs that were taken to their end. So a run of three epochs, also one that was resumed, is:
  ///
  ///   while (cursor.epochs_done() < 3) train_on(cursor.next());
  [[nodiscard]] std::uint64_t epochs_done() const {
    return state_.epoch + static_cast<std::uint64_t>(state_.position == current_.size());
  }
  /// The state of this cursor. A loader that runs ahead of training must keep the checkpoint of the last batch that was
  /// trained on, not of the last one that was loaded.
  [[nodiscard]] checkpoint save() const noexcept { return state_; }

 private:
  struct no_checkpoint {};

  cursor(Source source, no_checkpoint) : source_(std::move(source)), current_(source_.epoch(0)) {
    if (current_.size() == 0)
      detail::invalid("cursor", "an epoch is empty, so next() has nothing to return; check batch_size");
    state_ = detail::beginning_of(source_);
  }

  void move_to(std::uint64_t epoch, std::uint64_t position, bool with_room = false) {
    epoch_type other = source_.epoch(epoch);
    if (with_room) make_room(other);  // all that can fail comes before any change
    current_ = std::move(other);
    state_.epoch = epoch;
    state_.position = position;
  }

  void make_room(epoch_type const& epoch) {
    if constexpr (in_batches) buffer_.resize(std::max(buffer_.size(), epoch.buffer_size()));
  }

  Source source_;
  epoch_type current_;
  checkpoint state_;
  std::vector<index_type> buffer_;
};

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
