// Checks that a sampler keeps the promises on which batches, ranks and checkpoints rely. Use it in tests of your own
// samplers.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/sort_by.hpp>
#include <evendraw/epochs/any_sampler.hpp>
#include <evendraw/epochs/draws.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

/// Options of check_sampler.
struct check_sampler_options {
  bool epochs_differ = true;  ///< false for a sampler whose epochs all have the same order
};

namespace detail {

/// The expected index and word of each draw.
template <class Index>
struct expected_draws {
  std::vector<Index> indices;
  std::vector<std::uint64_t> words;

  /// The expected draws at first, first + stride, ...
  [[nodiscard]] expected_draws part(std::uint64_t first, std::uint64_t stride, std::uint64_t size) const {
    expected_draws result;
    for (std::uint64_t i = 0; i < size; ++i) {
      auto const position = static_cast<std::size_t>(first + i * stride);
      result.indices.push_back(indices[position]);
      result.words.push_back(words[position]);
    }
    return result;
  }
};

/// Throws unless every way of reading the draws gives the expected ones. Messages call the draws `name`.
template <class Draws>
void check_draws(std::string_view name, Draws const& draws,
                 expected_draws<typename Draws::index_type> const& expected) {
  using index_type = typename Draws::index_type;
  std::size_t const size = expected.indices.size();
  auto const check_index = [&](std::size_t i, index_type index, std::string_view way) {
    if (index == expected.indices[i]) return;
    invalid("check_sampler", name, ": draw ", text(i), " is ", text(index), " by ", way, "; it must be ",
            text(expected.indices[i]));
  };
  auto const check_read = [&](std::size_t first, std::size_t count) {
    std::vector<index_type> block(count);
    draws.read(first, block);
    for (std::size_t i = 0; i < count; ++i) check_index(first + i, block[i], "read");
  };

  if (draws.size() != size) {
    invalid("check_sampler", name, ".size() is ", text(draws.size()), "; it must be ", text(size));
  }
  for (std::size_t i = size; i-- > 0;) {
    check_index(i, draws[i], "[]");
    if (draws.word(i) != expected.words[i]) {
      invalid("check_sampler", name, ".word(", text(i), ") is not the word of that draw in the whole epoch");
    }
  }
  check_read(0, size);
  for (std::size_t first = 0, count = 1; first < size; first += count, count = count * 7 % 1000 + 1) {
    check_read(first, std::min(count, size - first));
  }
  std::size_t visited = 0;
  for (index_type const index : draws) {
    if (visited < size) check_index(visited, index, "iteration");
    ++visited;
  }
  if (visited != size) {
    invalid("check_sampler", name, ": iteration gives ", counted(visited, "draw", "draws"), "; size() is ", text(size));
  }
}

/// Throws unless the parts of an epoch are the expected draws.
template <class Draws>
void check_parts(std::string const& name, Draws const& epoch,
                 expected_draws<typename Draws::index_type> const& expected) {
  std::uint64_t const size = expected.indices.size();
  for (std::uint64_t const n : {std::uint64_t{1}, size / 2, size}) {
    check_draws(joined(name, ".drop(", text(n), ")"), epoch.drop(n), expected.part(n, 1, size - n));
    check_draws(joined(name, ".take(", text(n), ")"), epoch.take(n), expected.part(0, 1, n));
  }
  for (std::uint64_t const ranks : {2u, 3u, 7u}) {
    for (std::uint64_t rank = 0; rank < ranks; ++rank) {
      std::uint64_t const even = size / ranks, uneven = even + (rank < size % ranks ? 1 : 0);
      std::string const shard = joined(name, ".shard(", text(rank), ", ", text(ranks));
      check_draws(shard + ")", epoch.shard(rank, ranks), expected.part(rank, ranks, uneven));
      check_draws(shard + ", evendraw::shard_tail::even)", epoch.shard(rank, ranks, shard_tail::even),
                  expected.part(rank, ranks, even));
    }
  }
}

/// Throws unless find() gives the positions of some samples, if there is a find().
template <class Draws>
void check_find(std::string const& name, Draws const& epoch, std::vector<typename Draws::index_type> const& expected) {
  if constexpr (requires { epoch.find(std::uint64_t{0}); }) {
    for (std::size_t drawn = 0; drawn < expected.size(); drawn += expected.size() / 20 + 1) {
      std::vector<std::uint64_t> positions;
      for (std::size_t i = 0; i < expected.size(); ++i) {
        if (expected[i] == expected[drawn]) positions.push_back(i);
      }
      if (epoch.find(expected[drawn]) == positions) continue;
      invalid("check_sampler", name, ".find(", text(expected[drawn]), ") is not where that sample is drawn");
    }
  }
}

}  // namespace detail

/// Reads some epochs of a sampler, and throws at the first broken promise. The message says which draw is wrong.
///
///   sampler  a sampler whose epochs are draws<>, or have the same functions
///   options  .epochs_differ = false if every epoch has the same order
///
/// The promises are:
///   epoch(e).size() is epoch_size(), and iteration gives the same number of draws
///   every index is below index_bound()
///   [], read and iteration give the same indices, whatever was read before
///   drop, take and shard give the right draws of the epoch, each with its word
///   find gives the positions at which a sample is drawn
///   reading an epoch again gives the same draws, even from a copy of the sampler; the copy has the same fingerprint
///   epochs differ, and no two of their draws have the same word
///
/// Needs      a sampler that keeps these promises and has at least one draw in an epoch -> else std::invalid_argument
/// Edge       with very few samples, two epochs may be the same by chance. The reading of full blocks is tested only if
///            an epoch has about 4,000 draws or more
/// Cost       O(epoch_size) time and memory: use a small data set
template <sampler Sampler>
void check_sampler(Sampler const& sampler, check_sampler_options options = {}) {
  using index_type = typename Sampler::index_type;
  std::uint64_t const size = sampler.epoch_size(), bound = sampler.index_bound();
  if (size == 0) detail::invalid("check_sampler", "an epoch has no draws; give the sampler some, to check them");
  if (Sampler(sampler).fingerprint() != sampler.fingerprint()) {
    detail::invalid("check_sampler", "a copy has another fingerprint()");
  }

  std::vector<std::vector<index_type>> epochs;
  std::vector<std::uint64_t> words;
  for (std::uint64_t const e : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1} << 32}) {
    std::string const name = detail::joined("epoch(", detail::text(e), ")");
    auto const epoch = sampler.epoch(e);
    if (epoch.size() != size) {
      detail::invalid("check_sampler", name, ".size() is ", detail::text(epoch.size()), "; epoch_size() is ",
                      detail::text(size));
    }
    detail::expected_draws<index_type> expected;
    for (std::uint64_t i = 0; i < size; ++i) {
      expected.indices.push_back(epoch[i]);
      expected.words.push_back(epoch.word(i));
      if (expected.indices.back() >= bound) {
        detail::invalid("check_sampler", name, ": draw ", detail::text(i), " is ",
                        detail::text(expected.indices.back()), "; every index must be below ", detail::text(bound));
      }
    }
    detail::check_draws(name, epoch, expected);
    detail::check_draws(name + " again", sampler.epoch(e), expected);
    detail::check_draws(name + " of a copy", Sampler(sampler).epoch(e), expected);
    detail::check_parts(name, epoch, expected);
    detail::check_find(name, epoch, expected.indices);
    detail::check_find(name + ".shard(1, 3)", epoch.shard(1, 3), expected.part(1, 3, epoch.shard(1, 3).size()).indices);

    if (options.epochs_differ && std::ranges::find(epochs, expected.indices) != epochs.end()) {
      detail::invalid("check_sampler", name, " has the same indices as an earlier epoch");
    }
    epochs.push_back(std::move(expected.indices));
    words.insert(words.end(), expected.words.begin(), expected.words.end());
  }
  detail::sort(words);
  if (std::ranges::adjacent_find(words) != words.end()) {
    detail::invalid("check_sampler", "two draws have the same word(); it must belong to one epoch and position");
  }
}

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
