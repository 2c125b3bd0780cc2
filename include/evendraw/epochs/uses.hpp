// When a run uses a sample.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <evendraw/detail/errors.hpp>
#include <evendraw/epochs/batches.hpp>
#include <evendraw/epochs/checkpoint.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

/// A use of a sample: it is item number `seat` of batch number `batch` of an epoch.
struct batch_use {
  std::uint64_t epoch;  ///< the epoch
  std::uint64_t batch;  ///< the number of the batch in the epoch
  std::uint64_t seat;   ///< the number of the item in the batch
  friend bool operator==(batch_use const&, batch_use const&) = default;
};

/// A use of a sample: it is drawn at a position of an epoch.
struct draw_use {
  std::uint64_t epoch;     ///< the epoch
  std::uint64_t position;  ///< the draw's number in the epoch
  friend bool operator==(draw_use const&, draw_use const&) = default;
};

namespace detail {

inline batch_use use_in(std::uint64_t epoch, batch_seat const& found) { return {epoch, found.batch, found.seat}; }
inline draw_use use_in(std::uint64_t epoch, std::uint64_t position) { return {epoch, position}; }

/// The position of a cursor before this use: the number of the batch or of the draw.
inline std::uint64_t position_of(batch_use const& use) { return use.batch; }
inline std::uint64_t position_of(draw_use const& use) { return use.position; }

template <class Source>
using use_of = decltype(use_in(0, std::declval<Source const&>().epoch(0).find(0).front()));

}  // namespace detail

/// All uses of a sample in the epochs first_epoch, first_epoch + 1, ..., end_epoch - 1, in order:
///
///   for (auto [epoch, batch, seat] : evendraw::uses(batches, sample, 0, 20)) ...    epochs 0 to 19
///
///   source  a source of batches (uses have .epoch, .batch and .seat) or a sampler (.epoch and .position)
///   sample  its number
///
/// Needs      first_epoch <= end_epoch < 2^63 -> else std::invalid_argument; a sample of the data -> else
///            std::out_of_range
/// Cost       that of epoch(e).find(sample) for every epoch: see draws::find
template <detail::epoch_source Source>
[[nodiscard]] std::vector<detail::use_of<Source>> uses(Source const& source, std::uint64_t sample,
                                                       std::uint64_t first_epoch, std::uint64_t end_epoch) {
  if (first_epoch > end_epoch || end_epoch >> 63 != 0) {
    detail::invalid("uses", "first_epoch is ", detail::text(first_epoch), " and end_epoch ", detail::text(end_epoch),
                    "; needs first_epoch <= end_epoch < 2^63");
  }
  std::vector<detail::use_of<Source>> result;
  for (std::uint64_t e = first_epoch; e < end_epoch; ++e) {
    for (auto const& found : source.epoch(e).find(sample)) result.push_back(detail::use_in(e, found));
  }
  return result;
}

/// The next use of a sample after a position of a run: {.epoch = 3, .position = 512}, or what a cursor saved. With it a
/// cache can find which of its samples is needed last.
///
///   start   .epoch, and .position: the number of batches, or draws of a sampler, that were taken from this epoch
///   epochs  the number of epochs to look through, including that of `start`
///
/// Needs      a sample of the data; .position <= source.epoch_size() -> else std::out_of_range; a checkpoint of this
///            source, if `start` has a fingerprint -> else std::invalid_argument
/// Edge       no use in these epochs: std::nullopt
/// Cost       that of epoch(e).find(sample) for every epoch up to the use
template <detail::epoch_source Source>
[[nodiscard]] std::optional<detail::use_of<Source>> next_use(Source const& source, std::uint64_t sample,
                                                             checkpoint const& start, std::uint64_t epochs = 1'000) {
  if (start.fingerprint != 0) detail::check_continues("next_use", start, detail::beginning_of(source));
  detail::check_position("next_use", start.position, source.epoch_size());
  for (std::uint64_t e = 0; e < epochs; ++e) {
    for (auto const& found : source.epoch(start.epoch + e).find(sample)) {
      auto const use = detail::use_in(start.epoch + e, found);
      if (e > 0 || detail::position_of(use) >= start.position) return use;
    }
  }
  return std::nullopt;
}

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
