// Runs samplers and counts what is in their batches.
#pragma once

#include <evendraw/inspect/batch_balance.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "classes.hpp"
#include "options.hpp"
#include "shards.hpp"

namespace inspect {

/// What a sampler's batches contained.
struct outcome {
  std::string sampler;  ///< as options call it; empty: the baseline, with every sample once in an epoch
  std::string name;
  std::uint64_t epochs;
  std::uint64_t epoch_size;  ///< draws
  evendraw::batch_balance<> balance;
  std::optional<shard_use> shards = {};  ///< if the data is in shards
};

/// Plain shuffling, and then the samplers that were asked for. If random is one of them, it is the baseline and comes
/// where it was named. Throws user_error, or std::invalid_argument where the library refuses.
std::vector<outcome> run_samplers(label_index const& classes, options const& of);

}  // namespace inspect
