// The samplers that can be requested.
#pragma once

#include <evendraw/epochs/any_sampler.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "classes.hpp"
#include "options.hpp"

namespace inspect {

/// The name of plain shuffling.
inline constexpr std::string_view plain = "plain shuffling";

/// The name of the requested sampler.
std::string name_of_sampler(options const& settings);

/// A sampler, and what is expected of it.
struct chosen_sampler {
  evendraw::any_sampler<> sampler;
  std::vector<double> shares = {};            ///< the expected shares by class; empty: those of the data
  std::uint64_t batch_size = 0;               ///< the batch size of a sampler that makes batches itself; 0: any
  std::uint64_t epoch_cost = 1'000;           ///< the cost of beginning an epoch, in draws
  bool with_replacement = false;              ///< whether draws are independent, by these shares, uniform in a class
  std::vector<std::uint32_t> in_memory = {};  ///< samples that need no shard, ascending
  std::uint64_t epochs_to_cover = 0;          ///< epochs until every run has seen every sample; 0: not known
};

/// The baseline, which draws every sample once in an epoch.
chosen_sampler plain_shuffling(label_index const& classes, options const& settings);

/// The requested sampler. Throws user_error, or std::invalid_argument if the library refuses.
chosen_sampler choose_sampler(label_index const& classes, options const& settings);

}  // namespace inspect
