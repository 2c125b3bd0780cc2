// Training on several ranks with MPI: the same epoch on all ranks, shards of it, and data split among the ranks.
#pragma once

#include <mpi.h>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <limits>
#include <optional>
#include <ranges>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/classes/labels.hpp>
#include <evendraw/classes/partitioned_classes.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/epochs/batches.hpp>
#include <evendraw/epochs/epoch_digest.hpp>

// All ranks of the communicator have to call the functions that communicate. If the arguments of one rank make such a
// function throw, it throws the same exception on all ranks, so that none waits for another. The message names the rank.

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

namespace detail {

/// Throws the message of an error, for communicators that return errors (by default MPI ends the program).
inline void check_mpi(int code, std::string_view call) {
  if (code == MPI_SUCCESS) return;
  std::string message(MPI_MAX_ERROR_STRING, ' ');
  int length = 0;
  MPI_Error_string(code, message.data(), &length);
  message.resize(static_cast<std::size_t>(length));
  throw std::runtime_error(joined("evendraw: ", call, " failed: ", message));
}

inline int mpi_rank(MPI_Comm comm) {
  int rank = 0;
  check_mpi(MPI_Comm_rank(comm, &rank), "MPI_Comm_rank");
  return rank;
}

inline int mpi_size(MPI_Comm comm) {
  int size = 0;
  check_mpi(MPI_Comm_size(comm, &size), "MPI_Comm_size");
  return size;
}

/// Gathers the bytes of every rank on every rank.
inline std::vector<std::string> gather_bytes(MPI_Comm comm, std::string const& mine) {
  auto const ranks = static_cast<std::size_t>(mpi_size(comm));
  auto size = static_cast<std::uint64_t>(mine.size());
  std::vector<std::uint64_t> sizes(ranks);
  check_mpi(MPI_Allgather(&size, 1, MPI_UINT64_T, sizes.data(), 1, MPI_UINT64_T, comm), "MPI_Allgather");
  std::vector<int> counts, begins;
  std::uint64_t sum = 0;
  for (std::uint64_t const each : sizes) {
    begins.push_back(static_cast<int>(sum));
    counts.push_back(static_cast<int>(each));
    sum += each;
    if (each > std::numeric_limits<int>::max() || sum > std::numeric_limits<int>::max()) {
      invalid("gather_classes",
              "the labels and counts of all ranks take 2^31 bytes or more, which MPI can't gather; "
              "use numbers or shorter names as labels");
    }
  }
  std::string all(static_cast<std::size_t>(sum), '\0');
  check_mpi(MPI_Allgatherv(mine.data(), static_cast<int>(size), MPI_BYTE, all.data(), counts.data(), begins.data(),
                           MPI_BYTE, comm),
            "MPI_Allgatherv");
  std::vector<std::string> result;
  for (std::size_t r = 0; r < ranks; ++r) {
    result.push_back(all.substr(static_cast<std::size_t>(begins[r]), static_cast<std::size_t>(counts[r])));
  }
  return result;
}

/// Writes numbers and texts as bytes, the same on every platform.
class byte_writer {
 public:
  void add(std::uint64_t number) {
    for (int shift = 0; shift < 64; shift += 8) {
      bytes_ += static_cast<char>(static_cast<unsigned char>(number >> shift));
    }
  }
  void add(std::string_view text) {
    add(std::uint64_t{text.size()});
    bytes_ += text;
  }
  [[nodiscard]] std::string const& bytes() const noexcept { return bytes_; }

 private:
  std::string bytes_;
};

/// Reads what a byte_writer wrote.
class byte_reader {
 public:
  explicit byte_reader(std::string_view bytes) noexcept : bytes_(bytes) {}

  [[nodiscard]] bool at_end() const noexcept { return bytes_.empty(); }
  std::uint64_t number() {
    std::uint64_t result = 0;
    for (int shift = 0; shift < 64; shift += 8) {
      result |= std::uint64_t{static_cast<unsigned char>(bytes_[static_cast<std::size_t>(shift / 8)])} << shift;
    }
    bytes_.remove_prefix(8);
    return result;
  }
  std::string text() {
    auto const size = static_cast<std::size_t>(number());
    std::string result(bytes_.substr(0, size));
    bytes_.remove_prefix(size);
    return result;
  }
  template <class Label>
  Label label() {
    if constexpr (std::same_as<Label, std::string>) {
      return text();
    } else {
      return static_cast<Label>(static_cast<decltype(label_integer(Label{}))>(number()));
    }
  }

 private:
  std::string_view bytes_;
};

/// Calls f on every rank, and returns its result if it threw on none. Otherwise it throws std::invalid_argument on all
/// ranks: the message, if it is the same on all, or that of the first rank on which f threw, with its number.
template <class F>
auto on_all_ranks(MPI_Comm comm, std::string_view context, F const& f) {
  std::optional<decltype(f())> result;
  std::string error;
  try {
    result.emplace(f());
  } catch (std::exception const& e) {
    error = e.what();
  } catch (...) {
    error = "an exception that is no std::exception";
  }
  int failed = error.empty() ? 0 : 1;
  check_mpi(MPI_Allreduce(MPI_IN_PLACE, &failed, 1, MPI_INT, MPI_MAX, comm), "MPI_Allreduce");
  if (failed == 0) return std::move(*result);
  auto const errors = gather_bytes(comm, error);
  std::size_t first = 0, alike = 0;
  while (errors[first].empty()) ++first;
  for (auto const& other : errors) alike += other == errors[first] ? 1 : 0;
  if (alike == errors.size()) throw std::invalid_argument(errors[first]);
  invalid(context, "on rank ", text(first), ": ", errors[first]);
}

/// What ranks have to declare alike, as bytes.
template <class Label>
std::string declared_as_bytes(class_index_options<Label> const& options) {
  byte_writer writer;
  writer.add(std::uint64_t{options.allow_empty});
  for (auto const& label : options.classes) writer.add(label_key(label));
  return writer.bytes();
}

/// The message of a rank to the others: what it declares, and its counts.
template <class Label>
std::string counts_as_bytes(std::string_view declared, label_counts<Label> const& counts) {
  byte_writer writer;
  writer.add(declared);
  for (auto const& [label, count] : counts) {
    writer.add(label_key(label));
    writer.add(count);
  }
  return writer.bytes();
}

/// What the ranks sent. Throws if one does not declare what rank 0 declares.
template <class Label>
std::vector<label_counts<Label>> counts_of_ranks(std::string_view context, std::vector<std::string> const& messages) {
  std::vector<label_counts<Label>> result;
  std::string expected;
  for (auto const& bytes : messages) {
    byte_reader reader(bytes);
    auto const declared = reader.text();
    if (result.empty()) expected = declared;
    if (declared != expected) {
      invalid(context, "rank ", text(result.size()),
              " has other .classes or another .allow_empty than rank 0; give all ranks the same");
    }
    auto& counts = result.emplace_back();
    while (!reader.at_end()) {
      auto label = reader.template label<Label>();
      counts.emplace_back(std::move(label), reader.number());
    }
  }
  return result;
}

/// Builds the classes of this rank's samples, and gathers the counts of the other ranks.
template <class Label, std::unsigned_integral Index, class Build>
partitioned_classes<Label, Index> gather_built(MPI_Comm comm, Build const& build,
                                               class_index_options<Label> const& options) {
  constexpr std::string_view context = "gather_classes";
  std::optional<class_index<Label, Index>> mine;
  auto const message = on_all_ranks(comm, context, [&] {
    mine = build();
    return counts_as_bytes(declared_as_bytes(options), mine ? label_counts_of(*mine) : label_counts<Label>());
  });
  auto const counts = counts_of_ranks<Label>(context, gather_bytes(comm, message));
  return on_all_ranks(comm, context, [&] {
    return partitioned_classes<Label, Index>(mine, counts, static_cast<std::uint64_t>(mpi_rank(comm)), options);
  });
}

}  // namespace detail

/// Throws on all ranks unless all are about to draw the same epoch: the same sampler with the same labels, options and
/// seed, and the same epoch. Call it at the beginning of every epoch.
///
///   comm     the communicator of the ranks
///   sampler  any sampler, or batch_sampler
///   epoch    the number of the next epoch
///
/// Needs      the same on all ranks -> else std::invalid_argument, which names the ranks that differ from most, and how
/// Cost       one reduction of two 64-bit words; epoch_digest(): O(n) if the sampler holds a list of samples
template <detail::described_sampler Sampler>
void agree(MPI_Comm comm, Sampler const& sampler, std::uint64_t epoch) {
  auto const plan = detail::plan_of(sampler, epoch);
  std::uint64_t const digest = detail::digest(plan);
  std::array<std::uint64_t, 2> smallest{digest, ~digest};  // of the digests, and of 2^64 - 1 minus each
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
///   tail   even: every rank has the same number of draws (batches), as needed if ranks wait for each other, and the
///          last few that do not divide evenly are left out; uneven: nothing is left out
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
///   labels   one for each sample of this rank, which may have none; any integer, enum or string type, the same on all
///            ranks
///   indices  optional: the samples to index (this rank's part of a training split), may be empty
///   options  .classes: all classes in the order of their numbers (default: those of all ranks, sorted); .allow_empty;
///            .threads for the building
///
/// Needs      what class_index and partitioned_classes need; the same .classes and .allow_empty on all ranks -> else
///            std::invalid_argument on all ranks, even if only one rank lacks it
/// Cost       that of class_index; every rank sends its labels with their counts to all ranks, 16 bytes and the text
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

/// The same from a class_index of this rank that exists already, for instance one made from counts.
template <class Label, std::unsigned_integral Index>
[[nodiscard]] partitioned_classes<Label, Index> gather_classes(
    MPI_Comm comm, class_index<Label, Index> const& mine,
    std::type_identity_t<class_index_options<Label>> const& options = {}) {
  return detail::gather_built<Label, Index>(
      comm, [&] { return mine; }, options);
}

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
