// Data in shards: their sizes, and how many of them batches need.
#pragma once

#include <evendraw/epochs/any_sampler.hpp>

#include <cstdint>
#include <string>
#include <vector>

#include "options.hpp"

namespace inspect {

/// The number of samples in every shard, as --shards says. Throws user_error.
std::vector<std::uint64_t> shard_sizes(options const& of, std::uint64_t num_samples);

/// The shards that the first epoch needs.
struct shard_use {
  std::uint64_t shards = 0;  ///< all
  double per_batch = 0;      ///< in a batch on average
  std::uint64_t most_open =
      0;  ///< at a time, if each is opened when it is first needed and closed after its last sample
};

/// Samples in `in_memory`, ascending, need no shard.
shard_use find_shard_use(evendraw::any_sampler<> const& sampler, std::vector<std::uint64_t> const& sizes,
                         std::vector<std::uint32_t> const& in_memory, std::uint64_t batch_size);

/// "38.1 of 60 shards in a batch on average, 60 open at a time"
std::string describe(shard_use const& of);

}  // namespace inspect
