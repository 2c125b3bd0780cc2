// Runs samplers and counts what is in their batches.
#pragma once

#include <evendraw/inspect/batch_balance.hpp>

#include <cstdint>
#include <string>

#include "classes.hpp"
#include "options.hpp"

namespace inspect {

/// What a sampler's batches contained.
struct outcome {
  std::string name;
  std::uint64_t epochs;
  std::uint64_t epoch_size;  ///< draws
  evendraw::batch_balance<> balance;
};

/// The baseline: every sample once in an epoch.
outcome run_plain_shuffling(label_index const& classes, options const& of);

/// The sampler that was asked for. Throws user_error, or std::invalid_argument where the library refuses.
outcome run_sampler(label_index const& classes, options const& of);

}  // namespace inspect
