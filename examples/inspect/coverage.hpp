// How many epochs it takes until every sample was seen, by simulation.
#pragma once

#include <cstdint>
#include <vector>

#include "classes.hpp"
#include "options.hpp"

namespace inspect {

/// Training runs that differ in the seed, each until every sample was seen that can be drawn.
struct coverage {
  std::uint64_t drawable = 0;              ///< samples that can be drawn
  std::vector<std::uint64_t> seen = {};    ///< in the first run, with the seed that was given: samples seen, by epoch
  std::vector<std::uint64_t> epochs = {};  ///< of every run: epochs needed; empty if the first run was given up
};

/// The runs simulated: so many, or fewer if they would take longer than about so many draws.
inline constexpr std::uint64_t most_runs = 1000, most_draws = 200'000'000;

/// Simulates the sampler that was asked for.
coverage simulate_coverage(label_index const& classes, options const& of);

}  // namespace inspect
