// Training on several ranks with MPI: the same epoch on all ranks, its shards, and data that is split among the ranks.
#pragma once

#include <mpi.h>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ranges>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <evendraw/adapters/detail/mpi_messages.hpp>
#include <evendraw/classes/class_index.hpp>
#include <evendraw/classes/labels.hpp>
#include <evendraw/classes/partition_changes.hpp>
#include <evendraw/classes/partitioned_classes.hpp>
#include <evendraw/epochs/batches.hpp>
#include <evendraw/epochs/epoch_digest.hpp>

// All ranks of the communicator must call the functions that communicate. If the arguments of one rank make such a
// function throw, it throws the same exception on all ranks, so no rank waits for another. The message names the rank.

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

namespace detail {

/// Builds the classes of this rank's samples, and gathers the counts of the other ranks.
template <class Label, std::unsigned_integral Index, class Build>
partitioned_classes<Label, Index> gather_built(MPI_Comm comm, Build const& build,
                                               class_index_options<Label> const& options) {
  constexpr std::string_view context = "gather_classes";
  std::optional<class_index<Label, Index>> mine;
  auto const counts = exchanged(
      comm, context, options,
      [&](byte_writer& writer) {
        mine = build();
        add_counts(writer, mine ? mine->label_counts() : label_counts<Label>());
      },
      [](byte_reader& reader) { return read_counts<Label>(reader); });
  return on_all_ranks(comm, context, [&] {
    return partitioned_classes<Label, Index>(mine, counts, static_cast<std::uint64_t>(mpi_rank(comm)), options);
  });
}

}  // namespace detail

/// Throws on all ranks unless all are about to draw the same epoch of the same sampler, with the same labels, options
/// and seed. Call it at the beginning of every epoch.
///
///   comm     the communicator of the ranks
///   sampler  any sampler, or batch_sampler
///   epoch    the number of the next epoch
///
/// Needs      the same on all ranks -> else std::invalid_argument, which names the ranks that differ from most ranks,
///            and says what differs
/// Cost       one reduction of two 64-bit words; and epoch_digest(), which takes O(n) if the sampler holds a list of
///            samples
template <detail::described_sampler Sampler>
void agree(MPI_Comm comm, Sampler const& sampler, std::uint64_t epoch) {
  auto const plan = detail::plan_of(sampler, epoch);
  std::uint64_t const digest = detail::digest(plan);
  std::array<std::uint64_t, 2> smallest{digest, ~digest};  // over all ranks; then 2^64 - 1 minus the largest
  detail::check_mpi(MPI_Allreduce(MPI_IN_PLACE, smallest.data(), 2, MPI_UINT64_T, MPI_MIN, comm), "MPI_Allreduce");
  if (smallest[0] == ~smallest[1]) return;
  std::vector<detail::planned_epoch> plans(static_cast<std::size_t>(detail::mpi_size(comm)));
  constexpr int words = sizeof plan / sizeof digest;
  detail::check_mpi(MPI_Allgather(&plan, words, MPI_UINT64_T, plans.data(), words, MPI_UINT64_T, comm),
                    "MPI_Allgather");
  detail::disagree("agree", plans);
}

/// This rank's part of an epoch or of its batches: epoch.shard() with the rank and size of the communicator. It does
/// not communicate.
///
///   comm   the communicator of the ranks
///   epoch  sampler.epoch(e); or batches.epoch(e), whose batch size is that of all ranks together
///   tail   even: every rank has the same number of draws or batches, which is necessary if ranks wait for each other;
///          the last few that do not divide evenly are left out. uneven: nothing is left out
///
/// Needs      for batches, a batch size that the number of ranks divides -> else std::invalid_argument
template <class Epoch>
[[nodiscard]] auto shard(MPI_Comm comm, Epoch const& epoch, shard_tail tail = shard_tail::even) {
  return epoch.shard(static_cast<std::uint64_t>(detail::mpi_rank(comm)),
                     static_cast<std::uint64_t>(detail::mpi_size(comm)), tail);
}

/// The classes of a data set that is split among the ranks: see partitioned_classes. Ranks send only labels and counts.
///
///   comm     the communicator of the ranks
///   labels   one for each sample of this rank, which may have no samples; any integer, enum or string type, which must
///            be the same on all ranks
///   indices  optional: the samples to index, such as this rank's part of a training split; may be empty
///   options  .classes: all classes in the order of their numbers (default: those of all ranks, sorted); .allow_empty;
///            .threads that build
///
/// Needs      as class_index and partitioned_classes; the same .classes and .allow_empty on all ranks -> else
///            std::invalid_argument on all ranks, even if only one rank has the problem
/// Cost       that of class_index; every rank sends its labels with their counts to all ranks: 16 bytes and the text of
///            each
template <std::unsigned_integral Index = std::uint32_t, detail::given_labels Labels>
requires(std::ranges::forward_range<Labels> || !detail::label_range<Labels>)
    [[nodiscard]] partitioned_classes<detail::label_of<Labels>, Index> gather_classes(
        MPI_Comm comm, Labels&& labels,
        std::type_identity_t<class_index_options<detail::label_of<Labels>>> const& options = {}) {
  if constexpr (detail::are_labels<Labels>()) {
    using index = class_index<detail::label_of<Labels>, Index>;
    auto const build = [&]() -> std::optional<index> {
      if (std::ranges::empty(labels)) return std::nullopt;
      return index(labels, {.threads = options.threads});
    };
    return detail::gather_built<detail::label_of<Labels>, Index>(comm, build, options);
  }
}

template <std::unsigned_integral Index = std::uint32_t, detail::given_labels Labels, detail::index_range Indices>
requires((std::ranges::random_access_range<Labels> ||
          !detail::label_range<Labels>)&&std::ranges::forward_range<Indices>)
    [[nodiscard]] partitioned_classes<detail::label_of<Labels>, Index> gather_classes(
        MPI_Comm comm, Labels&& labels, Indices&& indices,
        std::type_identity_t<class_index_options<detail::label_of<Labels>>> const& options = {}) {
  if constexpr (detail::are_labels<Labels>()) {
    using index = class_index<detail::label_of<Labels>, Index>;
    auto const build = [&]() -> std::optional<index> {
      if (std::ranges::empty(indices)) return std::nullopt;
      return index(labels, indices, {.threads = options.threads});
    };
    return detail::gather_built<detail::label_of<Labels>, Index>(comm, build, options);
  }
}

/// The same from an existing class_index of this rank, such as one made from counts.
template <class Label, std::unsigned_integral Index>
[[nodiscard]] partitioned_classes<Label, Index> gather_classes(
    MPI_Comm comm, class_index<Label, Index> const& mine,
    std::type_identity_t<class_index_options<Label>> const& options = {}) {
  return detail::gather_built<Label, Index>(
      comm, [&] { return mine; }, options);
}

/// The classes of all ranks after the data of some ranks changed in the middle of a run: see changes_of() and
/// amended().
///
///   comm     the communicator of the ranks
///   before   the classes so far: those of gather_classes(), or of an earlier change
///   mine     the classes of this rank's samples as they are now; std::nullopt if it has none. The remaining samples
///            keep their local indices
///   options  as for gather_classes
///
/// Needs      as gather_classes -> else std::invalid_argument on all ranks
/// Cost       that of changes_of() and amended(); 8 bytes for each withdrawn sample, and some more for relabelled ones,
///            to all ranks
template <class Label, std::unsigned_integral Index>
[[nodiscard]] partitioned_classes<Label, Index> gather_amended(
    MPI_Comm comm, partitioned_classes<Label, Index> const& before,
    std::type_identity_t<std::optional<class_index<Label, Index>>> const& mine,
    std::type_identity_t<class_index_options<Label>> const& options = {}) {
  constexpr std::string_view context = "gather_amended";
  auto const changes = detail::exchanged(
      comm, context, options,
      [&](detail::byte_writer& writer) { detail::add_changes(writer, changes_of(before, mine)); },
      [](detail::byte_reader& reader) { return detail::read_changes<Label>(reader); });
  return detail::on_all_ranks(comm, context, [&] {
    return amended(before, mine, changes, static_cast<std::uint64_t>(detail::mpi_rank(comm)), options);
  });
}

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
