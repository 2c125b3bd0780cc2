// Options of samplers with balanced epochs, and of plans of their runs.
#pragma once

#include <cstdint>

#include <evendraw/classes/per_label.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

/// What happens if a class cannot give per_class draws.
enum class when_short {
  error,     ///< std::invalid_argument, which names the class
  give_all,  ///< the class gives as many as it can: its size times max_repeats
};

/// Options of balanced_epoch_sampler: how many draws each class gives to an epoch. Without epoch_size, per_class and
/// quotas, every class gives as many draws as the class that can give the fewest.
template <class Label>
struct balanced_epoch_options {
  std::uint64_t epoch_size = 0;                 ///< draws in total, divided evenly among the classes that have enough
  std::uint64_t per_class = 0;                  ///< draws of each class; see when_short for smaller classes
  per_label<Label, std::uint64_t> limits = {};  ///< the most draws of a class, {{"dry", 5'000}}; 0 leaves it out
  per_label<Label, std::uint64_t> quotas = {};  ///< instead of the above: the draws of each class; 0 leaves it out
  std::uint64_t max_repeats = 1;                ///< the most draws of a sample in an epoch; 1: without replacement
  evendraw::when_short when_short =
      evendraw::when_short::error;  ///< what happens if a class cannot give per_class draws
  std::uint64_t seed = 0;           ///< chooses the draws
};

/// Options of shard_sampler: how many shards it keeps open, and how many draws each class gives. For the latter see
/// balanced_epoch_sampler.
template <class Label>
struct shard_options {
  std::uint64_t open = 0;                       ///< W, the most shards that a block needs; at least 1
  std::uint64_t batch_size = 1;                 ///< draws in a batch; each batch has its part of every class
  std::uint64_t resident = 0;                   ///< the most samples of small classes that you keep in memory
  std::uint64_t epoch_size = 0;                 ///< draws in total, divided evenly among the classes that have enough
  std::uint64_t per_class = 0;                  ///< draws of each class; see when_short for smaller classes
  per_label<Label, std::uint64_t> limits = {};  ///< the most draws of a class; 0 leaves it out
  per_label<Label, std::uint64_t> quotas = {};  ///< instead of these three: the draws of each class; 0 leaves it out
  std::uint64_t max_repeats = 1;                ///< the most draws of a sample in an epoch; 1: without replacement
  evendraw::when_short when_short =
      evendraw::when_short::error;  ///< what happens if a class cannot give per_class draws
  std::uint64_t seed = 0;           ///< chooses the draws
};

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
