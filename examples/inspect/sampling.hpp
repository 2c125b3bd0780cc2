// Runs samplers and counts the contents of their batches.
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

/// The contents of a sampler's batches.
struct outcome {
  std::string sampler;  ///< its name in the options; empty: the baseline, which draws every sample once in an epoch
  std::string name;
  std::uint64_t epochs;
  std::uint64_t epoch_size;  ///< draws in an epoch
  evendraw::batch_balance<> balance;
  std::optional<shard_use> shards = {};  ///< if the data is in shards
};

/// Runs plain shuffling, and then the requested samplers. If random is one of these, it is the baseline and comes where
/// it was named. Throws user_error, or std::invalid_argument if the library refuses.
std::vector<outcome> run_samplers(label_index const& classes, options const& settings);

}  // namespace inspect
