// Samplers that continue where another one stopped.
#pragma once

#include <cstdint>
#include <type_traits>

#include <evendraw/detail/errors.hpp>
#include <evendraw/epochs/checkpoint.hpp>
#include <evendraw/epochs/draws.hpp>
#include <evendraw/random/detail/fingerprint.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

namespace detail {

/// True for samplers that amended() takes. These also name the type of their options: options<Label>.
template <class Sampler>
struct amendable : std::false_type {};
template <class Sampler>
concept is_amendable = amendable<Sampler>::value;

/// Checks the position where a sampler stopped, and returns it without a fingerprint. The end of an epoch becomes the
/// beginning of the next one.
inline checkpoint checked_stop(checkpoint const& stopped, std::uint64_t fingerprint, std::uint64_t epoch_size) {
  if (stopped.fingerprint != 0 && stopped.fingerprint != fingerprint) {
    invalid("amended",
            "the checkpoint was made with another sampler than the one that stopped; for a batch_sampler of "
            "it give {.epoch = ..., .position = ...}, where .position is the number of draws: batches * batch_size");
  }
  check_position("amended", stopped.position, epoch_size);
  if (stopped.position < epoch_size) return {.epoch = stopped.epoch, .position = stopped.position};
  return {.epoch = stopped.epoch + 1};
}

/// The seed of a sampler that continues where one with the seed `before` stopped. It does not depend on how the data is
/// numbered, so ranks that share the data draw what one process draws.
inline std::uint64_t seed_after(std::uint64_t before, checkpoint const& stopped, std::uint64_t seed) noexcept {
  return fingerprint_builder("amended").add(before).add(stopped.epoch).add(stopped.position).add(seed).value();
}

/// A hash of the sampler that stopped, and of where it stopped, for the fingerprint of the sampler that continues.
inline std::uint64_t history_of(std::uint64_t fingerprint, checkpoint const& stopped) noexcept {
  return fingerprint_builder("history").add(fingerprint).add(stopped.epoch).add(stopped.position).value();
}

}  // namespace detail

/// Samplers without a history are refused: their epochs do not depend on what was drawn before.
template <sampler Sampler, class Data>
requires(!detail::is_amendable<Sampler>) void amended(Sampler const&, checkpoint const&, Data const&,
                                                      sampler_options const& = {}) {
  static_assert(
      detail::is_amendable<Sampler>,
      "amended() takes balanced_epoch_sampler, stratified_batch_sampler, pk_batch_sampler and random_sampler. A "
      "sampler that draws with replacement, or every epoch anew, has no history: make a new one with another "
      "seed. To continue a mix, give another one .begin = mix.draws_used(epoch, position)");
}

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
