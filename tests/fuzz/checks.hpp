// Properties of every sampler.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <fuzz/input.hpp>

#include <evendraw/epochs/batches.hpp>
#include <evendraw/epochs/cursor.hpp>
#include <evendraw/epochs/draws.hpp>
#include <evendraw/samplers/batch_sampler.hpp>

namespace fuzz {

inline constexpr std::uint64_t most_read = 4096, most_found = 20'000;
inline constexpr std::uint64_t most_ranks = ~std::uint64_t{0} >> 1;  // more are refused, as negative

/// Draws are the same in all ways of reading, and indices are below the bound.
template <class Draws>
void check_draws(Draws const& draws, std::uint64_t bound, byte_reader& input) {
  std::uint64_t const n = draws.size();
  if (n == 0) return;
  std::uint64_t const first = input.place(n), world = std::clamp<std::uint64_t>(input.count(), 1, most_ranks),
                      rank = input.below(world);
  std::vector<typename Draws::index_type> block(
      static_cast<std::size_t>(std::min<std::uint64_t>(n - first, 1 + input.byte() * std::uint64_t{3})));
  draws.read(first, block);
  auto iterator = draws.begin();
  iterator += static_cast<std::ptrdiff_t>(first);
  for (std::size_t i = 0; i < block.size(); ++i, ++iterator) {
    check(block[i] < bound, "an index is below index_bound()");
    check(block[i] == draws[first + i], "read() gives what [] gives");
    check(block[i] == *iterator, "read() gives what iteration gives");
  }
  auto const tail = input.flag() ? evendraw::shard_tail::even : evendraw::shard_tail::uneven;
  auto const shard = draws.shard(rank, world, tail);
  bool const one_more = tail == evendraw::shard_tail::uneven && rank < n % world;
  check(shard.size() == n / world + (one_more ? 1 : 0), "a shard has its size");
  if (shard.empty()) return;
  std::uint64_t const start = input.place(shard.size());
  block.resize(static_cast<std::size_t>(std::min<std::uint64_t>(shard.size() - start, 20)));
  shard.read(start, block);
  for (std::size_t i = 0; i < block.size(); ++i) {
    std::uint64_t const position = rank + (start + i) * world;
    check(block[i] == draws[position], "a shard has its draws");
    check(shard.word(start + i) == draws.word(position), "a shard has its words");
  }
  if (n <= most_found) {
    auto const sample = draws[first];
    auto const places = draws.find(sample), in_shard = shard.find(sample);
    check(std::ranges::find(places, first) != places.end(), "find() finds a draw");
    for (std::size_t i = 0; i < places.size(); ++i) {
      check(draws[places[i]] == sample && (i == 0 || places[i - 1] < places[i]), "find() finds the sample, in order");
    }
    std::uint64_t found = 0, wanted = 0;
    for (std::uint64_t i = start; i < std::min(shard.size(), start + 500); ++i) wanted += shard[i] == sample ? 1u : 0u;
    for (std::uint64_t const i : in_shard) found += i >= start && i < start + 500 ? 1u : 0u;
    check(found == wanted, "find() finds the draws of a shard");
  }
  auto const few = draws.drop(first).take(3);
  check(few.size() == std::min<std::uint64_t>(n - first, 3) && few[0] == draws[first],
        "drop() and take() give a part of the draws");
}

/// Batches are the draws, cut into pieces.
template <class Batches>
void check_batches(Batches const& batches, std::uint64_t bound, byte_reader& input) {
  auto const draws = batches.draws();
  check(batches.size() == 0 || (batches.size() - 1) * batches.batch_size() < draws.size(), "no batch is empty");
  check_draws(draws, bound, input);
  if (batches.empty() || batches.buffer_size() > most_read) return;
  std::uint64_t const b = input.place(batches.size()), first = b * batches.batch_size();
  auto const batch = batches[b];
  check(batch.size() == std::min(batches.batch_size(), draws.size() - first), "a batch has its size");
  for (std::size_t i = 0; i < batch.size(); ++i) check(batch[i] == draws[first + i], "a batch has its draws");
  std::uint64_t const world = 1 + input.below(8), rank = input.below(world);
  if (auto const shard = made([&] { return batches.shard(rank, world); }); shard && b < shard->size()) {
    auto const part = (*shard)[b];
    for (std::size_t i = 0; i < part.size(); ++i) {
      std::uint64_t const position = shard->draws().position(b * shard->batch_size() + i);
      check(position / batches.batch_size() == b && draws[position] == part[i], "a rank has its part of a batch");
      check(shard->word(b, i) == draws.word(position), "a rank has the words of its draws");
    }
  }
  check(batches.drop(b).size() == batches.size() - b, "drop() leaves the other batches");
}

/// A cursor that continues from a checkpoint gives the draws of the epoch.
template <class Source>
void check_cursor(Source const& source, std::uint64_t epoch, byte_reader& input) {
  auto const draws = source.epoch(epoch);
  if (draws.size() == 0) return;
  std::uint64_t const position = input.place(draws.size());
  evendraw::cursor const stood(source, {.fingerprint = source.fingerprint(), .epoch = epoch, .position = position});
  evendraw::cursor resumed(source, evendraw::checkpoint::from_bytes(stood.save().to_bytes()));
  if constexpr (requires { draws.batch_size(); }) {
    if (draws.buffer_size() > most_read) return;
    check(std::ranges::equal(resumed.next(), draws[position]), "a cursor continues where it stopped");
  } else {
    check(resumed.next() == draws[position], "a cursor continues where it stopped");
  }
  check(resumed.position() == position + 1 && resumed.epoch() == epoch, "a cursor counts epochs");
}

/// Checks a sampler of single draws.
template <class Sampler>
void check_sampler(Sampler const& sampler, std::uint64_t epoch, byte_reader& input) {
  auto const draws = sampler.epoch(epoch);
  check(draws.size() == sampler.epoch_size(), "an epoch has epoch_size() draws");
  check_draws(draws, sampler.index_bound(), input);
  auto const last = input.flag() ? evendraw::last_batch::keep : evendraw::last_batch::drop;
  std::uint64_t const batch_size = input.count();
  if (auto const batches =
          made([&] { return evendraw::batch_sampler(sampler, {.batch_size = batch_size, .last = last}); })) {
    check(batches->epoch(epoch).size() == batches->epoch_size(), "an epoch has epoch_size() batches");
    check_batches(batches->epoch(epoch), sampler.index_bound(), input);
  }
  check_cursor(sampler, epoch, input);
}

/// Stops a run somewhere and continues it with the same data and other options.
template <class Sampler, class Classes, class Options, class Check>
void check_amended(Sampler const& before, std::uint64_t epoch, Classes const& classes, Options const& options,
                   byte_reader& input, Check check_next) {
  if (before.index_bound() > most_found || before.epoch_size() > most_found) return;
  evendraw::checkpoint const stopped{.epoch = epoch, .position = input.place(before.epoch_size() + 1)};
  auto const next = made([&] { return amended(before, stopped, classes, options); });
  if (!next) return;
  check(next->fingerprint() != before.fingerprint(), "another history has another fingerprint");
  check_next(*next);
}

/// Checks a sampler that makes its own batches.
template <class Sampler>
void check_batch_maker(Sampler const& sampler, std::uint64_t epoch, std::uint64_t bound, byte_reader& input) {
  auto const batches = sampler.epoch(epoch);
  check(batches.size() == sampler.epoch_size(), "an epoch has epoch_size() batches");
  check(batches.draws().size() == batches.size() * sampler.batch_size(), "every batch is full");
  check_batches(batches, bound, input);
  check_cursor(sampler, epoch, input);
}

}  // namespace fuzz
