// What a sampler is, and what a source of batches is.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <evendraw/epochs/batches.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

namespace detail {

/// What samplers and sources of batches have in common, except index_bound().
template <class S>
concept described_source = std::copyable<S> && requires(S const& s) {
  { s.epoch_size() } -> std::same_as<std::uint64_t>;
  { s.num_samples() } -> std::same_as<std::uint64_t>;
  { s.seed() } -> std::same_as<std::uint64_t>;
  { s.fingerprint() } -> std::same_as<std::uint64_t>;
};

template <class S>
concept has_index_bound = requires(S const& s) {
  { s.index_bound() } -> std::same_as<std::uint64_t>;
};

/// Appears in the compiler's message about a sampler without std::uint64_t index_bound() const. This is a number that
/// every index is below: num_samples(), or the size of the whole data for a sampler of a part.
struct a_sampler_needs_index_bound {};

template <class S>
concept sampler_of_draws = described_source<S> &&
    requires(S const& s, std::uint64_t e, std::span<typename S::index_type> out) {
  { s.epoch(e).size() } -> std::same_as<std::uint64_t>;
  { s.epoch(e)[e] } -> std::same_as<typename S::index_type>;
  s.epoch(e).read(e, out);
  { s.epoch(e).word(e) } -> std::same_as<std::uint64_t>;
};

/// The batches of an epoch, or a part of them.
template <class Epoch, class Index>
concept epoch_in_batches = std::copyable<Epoch> &&
    requires(Epoch const& batches, std::uint64_t n, std::span<Index> out) {
  { batches.size() } -> std::same_as<std::uint64_t>;
  { batches.batch_size() } -> std::same_as<std::uint64_t>;
  { batches.buffer_size() } -> std::same_as<std::size_t>;
  { batches.read(n, out) } -> std::convertible_to<std::span<Index const>>;
  { batches.word(n, n) } -> std::same_as<std::uint64_t>;
  { batches.drop(n) } -> std::same_as<Epoch>;
  { batches.shard(n, n, shard_tail::even) } -> std::same_as<Epoch>;
};

/// The shares of the classes of a sampler or source, by class number; empty if it has no class_shares().
template <class Source>
std::vector<double> class_shares_of(Source const& source) {
  if constexpr (requires { source.class_shares(); }) {
    return source.class_shares();
  } else {
    return {};
  }
}

}  // namespace detail

/// A sampler: an immutable value whose epochs are random-access sequences of sample indices. Every sampler has
///
///   index_type     the unsigned integer type of an index
///   epoch(e)       the draws of epoch e, for any e. Every call, on every platform, gives the same draws
///   epoch_size()   the number of draws in every epoch: epoch(e).size()
///   num_samples()  the number of samples in the data, or in the part of it that the sampler draws from
///   index_bound()  a number that every index is below: num_samples(), or the size of the whole data for a sampler of a
///                  part. concat_sampler and mix_sampler add it to the indices of the next data set
///   seed()         the seed that it was made with
///   fingerprint()  64 bits that differ for other data, options, seed or sequence_version, and are the same on every
///                  platform. A checkpoint recognises its sampler by them. Computing them takes O(n) if there are
///                  tables
///
/// It may have class_shares(), the share of each class in the draws, by class number.
template <class S>
concept sampler = detail::sampler_of_draws<S> && detail::has_index_bound<S>;

/// A source of batches: an immutable value whose epochs are batches of sample indices, as batch_sampler,
/// stratified_batch_sampler and pk_batch_sampler are. Every source has
///
///   index_type     the unsigned integer type of an index
///   epoch(e)       the batches of epoch e, for any e: batched_draws, or anything with size(), batch_size(),
///                  buffer_size(), read(b, buffer), word(b, i), drop(n) and shard(rank, world_size, tail)
///   epoch_size()   the number of batches in every epoch: epoch(e).size()
///   batch_size()   the number of items in a full batch
///   num_samples(), index_bound(), seed(), fingerprint()   as those of a sampler
///
/// It may also have class_shares(). any_batches holds any source.
template <class S>
concept batch_source = detail::described_source<S> && detail::has_index_bound<S> &&
    requires(S const& s, std::uint64_t e) {
  { s.epoch(e) } -> detail::epoch_in_batches<typename S::index_type>;
  { s.batch_size() } -> std::same_as<std::uint64_t>;
};

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
