// Data in shards: the sizes of the shards, and the number of shards that batches need.
#pragma once

#include <evendraw/epochs/any_sampler.hpp>

#include <cstdint>
#include <string>
#include <vector>

#include "options.hpp"

namespace inspect {

/// The number of samples in every shard, from --shards. Throws user_error.
std::vector<std::uint64_t> shard_sizes(options const& settings, std::uint64_t num_samples);

/// The shards that the first epoch needs.
struct shard_use {
  std::uint64_t shards = 0;  ///< the number of all shards
  double per_batch = 0;      ///< the mean number of shards in a batch
  std::uint64_t most_open =
      0;  ///< the most at a time, if a shard is opened when it is first needed and closed after its last sample
};

/// Finds the shards that batches need. The samples in `in_memory`, ascending, need no shard.
shard_use find_shard_use(evendraw::any_sampler<> const& sampler, std::vector<std::uint64_t> const& sizes,
                         std::vector<std::uint32_t> const& in_memory, std::uint64_t batch_size);

/// "38.1 of 60 shards in a batch on average, 60 open at a time"
std::string describe(shard_use const& subject);

}  // namespace inspect
