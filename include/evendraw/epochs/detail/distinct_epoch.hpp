// One epoch of batches in which no two samples are of the same group.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <evendraw/classes/detail/class_members.hpp>
#include <evendraw/detail/blocks.hpp>
#include <evendraw/detail/huge_page_vector.hpp>
#include <evendraw/detail/interval_lookup.hpp>
#include <evendraw/detail/shared.hpp>
#include <evendraw/epochs/detail/class_walks.hpp>
#include <evendraw/epochs/detail/distinct_layers.hpp>
#include <evendraw/random/counter_random.hpp>
#include <evendraw/random/permutation.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// The groups that have samples.
template <std::unsigned_integral Index>
struct distinct_groups {
  struct group {
    walked_class walked;
  };

  distinct_groups(shared<class_members<Index> const> shared_members, std::uint64_t walk_key)
      : members(std::move(shared_members)) {
    for (std::size_t g = 0; g < members->classes.size(); ++g) {
      auto const [begin, count] = members->classes[g];
      if (count == 0) continue;
      groups.push_back({{begin, count, random_word(walk_key, g)}});
      runs.add(groups.back().walked);
    }
  }

  shared<class_members<Index> const> members;
  huge_page_vector<group> groups;
  ascending_runs runs;  // of `groups`
};

/// One epoch: a list of all samples, group after group, and how it is dealt to batches.
template <std::unsigned_integral Index>
class distinct_epoch {
 public:
  distinct_epoch(shared<distinct_groups<Index> const> groups, std::uint64_t num_batches, std::uint64_t seed,
                 std::uint64_t epoch)
      : word_key(stream_key(seed, epoch, random_stream::augment)),
        groups_(std::move(groups)),
        epoch_(epoch),
        order_(groups_->groups.size(), random_word(stream_key(seed, epoch, random_stream::order), 0)),
        starts_(sizes()),
        layers(starts_, num_batches, random_word(stream_key(seed, epoch, random_stream::order), 1)) {}

  /// Writes the samples that are these items of the list, at most a block of them. Each step is done for all items
  /// before the next step, so that reads of memory overlap.
  void read_block(std::span<std::uint64_t const> items, std::span<Index> out) const noexcept {
    block_of<std::uint64_t> turns, steps;
    for (std::size_t i = 0; i < items.size(); ++i) {
      std::size_t const turn = starts_(items[i]);
      turns[i] = turn;
      steps[i] = items[i] - starts_.first(turn);
    }
    order_.apply(std::span(turns).first(items.size()));
    class_walk_block walks;
    for (std::size_t i = 0; i < items.size(); ++i) {
      walks.set(i, groups_->groups[static_cast<std::size_t>(turns[i])].walked.walk(epoch_), steps[i]);
    }
    walks.read(*groups_->members, out);
  }

  /// Calls f(item) with the place of a sample in the list, if it is there.
  template <class F>
  void find(Index sample, F f) const {
    std::uint64_t const place = groups_->members->place_of(sample);
    groups_->runs.for_each_with(groups_->groups, place, [&](std::size_t g) {
      f(starts_.first(static_cast<std::size_t>(order_.place_of(g))) +
        groups_->groups[g].walked.walk(epoch_).step_of(place));
    });
  }

  std::uint64_t word_key;

 private:
  [[nodiscard]] std::vector<std::uint64_t> sizes() const {
    std::vector<std::uint64_t> result;
    result.reserve(static_cast<std::size_t>(order_.size()));
    for_each_place(order_, [&](std::uint64_t, std::uint64_t g) {
      result.push_back(groups_->groups[static_cast<std::size_t>(g)].walked.n);
    });
    return result;
  }

  shared<distinct_groups<Index> const> groups_;
  std::uint64_t epoch_;
  permutation order_;       // of the groups
  interval_lookup starts_;  // item -> where its group comes in the order

 public:
  distinct_layers layers;
};

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
