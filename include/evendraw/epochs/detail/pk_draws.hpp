// Draws of batches of P classes with K samples each.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <evendraw/classes/detail/class_members.hpp>
#include <evendraw/detail/coverage_cycle.hpp>
#include <evendraw/detail/prefetching.hpp>
#include <evendraw/detail/shared.hpp>
#include <evendraw/epochs/detail/class_rounds.hpp>
#include <evendraw/epochs/detail/class_walks.hpp>
#include <evendraw/epochs/detail/resumed_walk.hpp>
#include <evendraw/epochs/detail/windowed_classes.hpp>
#include <evendraw/epochs/draws.hpp>
#include <evendraw/random/counter_random.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// The rounds of the classes and the walks through them that the draws of all epochs are made from.
template <std::unsigned_integral Index>
struct pk_table {
  template <class Seen>
  pk_table(shared<class_members<Index> const> shared_members, std::vector<std::size_t> classes, std::uint64_t per_batch,
           std::uint64_t samples_of_class, std::uint64_t seed, [[maybe_unused]] Seen seen)
      : members(std::move(shared_members)),
        drawn(std::move(classes)),
        rounds(drawn.size(), per_batch, stream_key(seed, 0, random_stream::order)),
        samples(samples_of_class) {
    std::uint64_t const key = stream_key(seed, 0, random_stream::walk);
    for (std::size_t const c : drawn) {
      auto const [begin, count] = members->classes[c];
      walks.add({begin, count, random_word(key, c)}, samples);
    }
    if constexpr (!std::same_as<Seen, std::nullptr_t>) walks.resume(*members, *seen);
  }

  /// Marks the samples that the walks of the classes have visited before a batch. The batch begins in some round. A
  /// class that has already come in this round waits for the next one.
  void mark_seen(std::uint64_t batch, seen_samples& seen) const {
    std::uint64_t const per_batch = rounds.per_batch(), slots = batch * per_batch, round = slots / rounds.classes();
    std::vector<std::uint64_t> next_round(walks.size(), round);
    class_rounds::reader read(rounds);
    for (std::uint64_t slot = round * rounds.classes(); slot < slots; ++slot) {
      ++next_round[static_cast<std::size_t>(read(slot / per_batch, slot % per_batch).c)];
    }
    for (std::size_t c = 0; c < walks.size(); ++c) walks.mark_visited(c, next_round[c], *members, seen);
  }

  shared<class_members<Index> const> members;
  std::vector<std::size_t> drawn;  // class numbers
  class_rounds rounds;             // of indices into `drawn`
  std::uint64_t samples;
  windowed_classes<Index> walks;  // in the order of `drawn`, with one window per round
};

/// Batches one after the other: position -> slot -> class and round (see class_rounds) -> step of the walk -> index.
template <std::unsigned_integral Index>
class pk_draws {
 public:
  using index_type = Index;

  pk_draws(shared<pk_table<Index> const> table, std::uint64_t first_batch)
      : table_(std::move(table)), first_batch_(first_batch) {}

  [[nodiscard]] Index at(std::uint64_t position) const noexcept {
    auto const [batch, slot, ordinal] = find(position);
    auto const [c, round] = table_->rounds(batch, slot);
    auto const current = table_->walks.walk_at(static_cast<std::size_t>(c), round);
    auto const& window = table_->walks[static_cast<std::size_t>(c)].window;
    return table_->members->sample(current.member(window.place(current.start, ordinal % window.n())));
  }

  using places = block_of<std::uint64_t>;
  /// Finds the slots of all draws, then the classes of the slots, then the steps of their walks.
  void find_places(std::uint64_t first, std::uint64_t stride, std::size_t count, places& found,
                   prefetcher& meanwhile) const noexcept {
    meanwhile.rest();
    std::uint64_t const samples = table_->samples;
    auto const [batch, slot, ordinal] = find(first);
    block_of<std::uint64_t> ahead, ordinals;  // by slot: how far ahead it is, and the ordinal of its first draw
    block_of<std::uint16_t> first_draws;
    std::size_t num_slots = 0;
    std::uint64_t now_ahead = 0, now_ordinal = ordinal;
    for (std::uint64_t i = 0; i < count; ++num_slots) {
      first_draws[num_slots] = static_cast<std::uint16_t>(i);
      ahead[num_slots] = now_ahead;
      ordinals[num_slots] = now_ordinal;
      for (; now_ordinal < samples && i < count; ++i) now_ordinal += stride;
      std::uint64_t const slots = now_ordinal < 2 * samples ? 1 : now_ordinal / samples;
      now_ahead += slots;
      now_ordinal -= slots * samples;
    }
    block_of<std::uint32_t> classes;
    block_of<std::uint64_t> rounds;
    class_rounds::reader(table_->rounds).find(batch, slot, ahead, num_slots, classes, rounds);
    class_walk_block walks;
    for (std::size_t k = 0; k < num_slots; ++k) {
      auto const& window = table_->walks[classes[k]].window;
      auto const current = table_->walks.walk_at(classes[k], rounds[k]);
      std::size_t const end = k + 1 < num_slots ? first_draws[k + 1] : count;
      std::uint64_t draw = ordinals[k];
      for (std::size_t i = first_draws[k]; i < end; ++i, draw += stride) {
        std::uint64_t const step = window.place(current.start, draw < window.n() ? draw : draw % window.n());
        if (current.resumed != nullptr) {
          walks.set_place(i, current.resumed->member(step));
        } else {
          walks.set(i, current.walk, step);
        }
      }
    }
    walks.find_places(count, found);
  }
  [[nodiscard]] class_members<Index> const& table() const noexcept { return *table_->members; }

  [[nodiscard]] std::vector<std::uint64_t> find(Index sample, std::uint64_t end) const {
    std::uint64_t const slots = (end - 1) / table_->samples + 1;
    if (!table_->rounds.is_early(first_batch_, slots)) return scan(*this, sample, end);
    std::vector<std::uint64_t> result;
    std::uint64_t const place = table_->members->place_of(sample);
    table_->walks.for_each_with(place, [&](std::size_t c) { find(c, place, slots, result); });
    while (!result.empty() && result.back() >= end) result.pop_back();
    return result;
  }

 private:
  /// Adds the positions in the first `slots` slots at which class c draws the member at this place.
  void find(std::size_t c, std::uint64_t place, std::uint64_t slots, std::vector<std::uint64_t>& result) const {
    auto const& window = table_->walks[c].window;
    std::uint64_t const samples = table_->samples, per_round = table_->rounds.classes();
    std::uint64_t const first_slot = first_batch_ * table_->rounds.per_batch();
    std::uint64_t const first_round = first_slot / per_round, end_round = (first_slot + slots - 1) / per_round + 1;
    table_->walks.for_each_period_with(
        c, place, first_round, end_round, [&](std::uint64_t round, std::uint64_t ordinal) {
          std::uint64_t const slot = round * per_round + table_->rounds.turn_of(c, round) - first_slot;
          if (slot >= slots) return;  // after the last slot; or before the first one, if the subtraction wrapped
          for (; ordinal < samples; ordinal += window.n()) result.push_back(slot * samples + ordinal);
        });
  }

  /// The batch, slot and ordinal of a draw.
  struct spot {
    std::uint64_t batch;
    std::uint64_t slot;     // the number of its class among the P classes of the batch
    std::uint64_t ordinal;  // the number of the draw among the K draws of the class
  };
  [[nodiscard]] spot find(std::uint64_t position) const noexcept {
    std::uint64_t const slots = position / table_->samples, per_batch = table_->rounds.per_batch();
    return {first_batch_ + slots / per_batch, slots % per_batch, position % table_->samples};
  }

  shared<pk_table<Index> const> table_;
  std::uint64_t first_batch_;
};

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
