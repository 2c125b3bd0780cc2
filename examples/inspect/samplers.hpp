// The samplers that can be asked for.
#pragma once

#include <evendraw/epochs/any_sampler.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "classes.hpp"
#include "options.hpp"

namespace inspect {

/// What plain shuffling is called.
inline constexpr std::string_view plain = "plain shuffling";

/// The name of the sampler that was asked for.
std::string name_of_sampler(options const& of);

/// A sampler, and what it should come to.
struct chosen_sampler {
  evendraw::any_sampler<> sampler;
  std::vector<double> shares = {};            ///< the expected ones by class; none: those of the data
  std::uint64_t batch_size = 0;               ///< of a sampler that makes batches itself; 0: any
  std::uint64_t epoch_cost = 1'000;           ///< of beginning an epoch, in draws
  bool with_replacement = false;              ///< draws are independent, with the shares, uniform in a class
  std::vector<std::uint32_t> in_memory = {};  ///< samples that need no shard, ascending
  std::uint64_t epochs_to_cover = 0;          ///< after which every sample was seen, in every run; 0: that depends
};

/// The baseline: every sample once in an epoch.
chosen_sampler plain_shuffling(label_index const& classes, options const& of);

/// The sampler that was asked for. Throws user_error, or std::invalid_argument where the library refuses.
chosen_sampler choose_sampler(label_index const& classes, options const& of);

}  // namespace inspect
