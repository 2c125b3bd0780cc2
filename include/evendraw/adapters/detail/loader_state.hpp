// The state of a sampler whose loader reads ahead of training: what was requested, and what was used.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <evendraw/detail/errors.hpp>
#include <evendraw/epochs/batches.hpp>
#include <evendraw/epochs/checkpoint.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

/// Options of torch_sampler: the rank whose part of every epoch it draws.
struct torch_sampler_options {
  std::uint64_t rank = 0;              ///< the number of this rank
  std::uint64_t world_size = 1;        ///< the number of ranks
  shard_tail tail = shard_tail::even;  ///< even: every rank has the same number of batches
};

namespace detail {

/// The position that training has reached, and where the current loop of the loader began. The loader is ahead of
/// training.
struct training_place {
  /// The meaning of `reached`.
  enum class kind {
    begin_of_loop,  // the beginning of a loop that is not counted
    last_batch,     // the position after the last batch that a counted loop received
    next_loop,      // the beginning of the next loop: after set_epoch, load, or the end of a counted loop
  };

  checkpoint reached;
  kind reached_is = kind::next_loop;
  checkpoint began;
  std::uint64_t requested = 0;  // the number of batches or draws that the loader has requested in its loop
  std::uint64_t loops = 0;      // the number of loops that the loader has begun

  [[nodiscard]] bool known() const noexcept { return reached_is != kind::begin_of_loop || requested == 0; }

  [[nodiscard]] training_place in_next_loop() const noexcept {
    training_place next = *this;
    if (!known()) next.end_epoch();
    next.began = next.reached;
    next.reached_is = kind::begin_of_loop;
    next.requested = 0;
    ++next.loops;
    return next;
  }
  void end_epoch() noexcept { move_to(reached.epoch + 1, 0); }
  void move_to(std::uint64_t epoch, std::uint64_t position) noexcept {
    reached.epoch = epoch;
    reached.position = position;
    reached_is = kind::next_loop;
  }
};

/// The state that copies of a torch_sampler share.
template <epoch_source Source>
struct loader_state {
  static constexpr std::string_view context = "torch_sampler";
  using epoch_type = decltype(std::declval<Source const&>().epoch(0));
  using index_type = typename Source::index_type;
  static constexpr bool in_batches = requires(epoch_type const& epoch) { epoch.batch_size(); };

  loader_state(Source new_source, torch_sampler_options const& new_options, checkpoint const* saved)
      : source(std::move(new_source)), options(new_options), part(source.epoch(saved == nullptr ? 0 : saved->epoch)) {
    if (source.epoch_size() == 0) invalid(context, "an epoch is empty; check batch_size");
    place.reached = beginning_of(source);
    if (saved != nullptr) go_on_from(*saved);
    place.began = place.reached;
    if (remainder_of(part, 0).empty()) {
      invalid(context, "rank ", text(options.rank), " of ", text(options.world_size), " has no part of an epoch of ",
              text(source.epoch_size()), in_batches ? " batches" : " draws", "; train on fewer ranks");
    }
    part = remainder_of(part, place.reached.position);
  }

  void go_on_from(checkpoint const& saved) {
    check_continues(context, saved, place.reached);
    go_on_from(saved.epoch, saved.position);
  }
  void go_on_from(std::uint64_t epoch, std::uint64_t position) noexcept {
    place.move_to(epoch, position);
    moved = true;
  }

  void begin_loop() {
    auto const next = place.in_next_loop();
    if (next.began != place.began) part = remainder_of(source.epoch(next.began.epoch), next.began.position);
    place = next;  // after everything that can fail
    moved = false;
  }

  [[nodiscard]] epoch_type remainder_of(epoch_type const& epoch, std::uint64_t position) const {
    return epoch.drop(position).shard(options.rank, options.world_size, options.tail);
  }

  /// The next batch. It stays the next batch until count_request().
  std::span<index_type const> next(std::size_t batch_size) {
    if (moved && counting.expired()) begin_loop();
    if constexpr (in_batches) {
      if (batch_size != part.batch_size()) {
        invalid(context, "the loader's batch_size is ", text(batch_size), ", and a batch of the sampler has ",
                text(part.batch_size()), options.world_size > 1 ? " on each rank" : "", "; give the loader ",
                text(part.batch_size()));
      }
      if (place.requested == part.size()) return {};
      buffer.resize(part.buffer_size());
      return part.read(place.requested, buffer);
    } else {
      if (batch_size == 0) invalid(context, "the loader's batch_size is 0; a batch needs at least one index");
      buffer.resize(static_cast<std::size_t>(std::min<std::uint64_t>(batch_size, part.size() - place.requested)));
      part.read(place.requested, buffer);
      return buffer;
    }
  }
  void count_request(std::size_t size) noexcept { place.requested += in_batches ? 1 : size; }

  /// The position after n of the loader's batches.
  [[nodiscard]] std::uint64_t position_after(std::uint64_t n, std::uint64_t batch_size) const noexcept {
    std::uint64_t const left = source.epoch_size() - place.began.position;
    if (in_batches) return place.began.position + n;
    bool const all = batch_size > left / options.world_size / n;
    return place.began.position + (all ? left : n * batch_size * options.world_size);
  }

  Source source;
  torch_sampler_options options;
  training_place place;
  bool moved = true;                   // whether construction, load or set_epoch moved it since the last loop began
  std::weak_ptr<void const> counting;  // lives as long as the iterator of a counted loop
  epoch_type part;                     // this rank's part of the epoch, from place.began on
  std::vector<index_type> buffer;
};

}  // namespace detail

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
