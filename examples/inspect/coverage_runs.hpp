// Coverage of samplers whose law is not known: by simulation.
#pragma once

#include "coverage.hpp"

namespace inspect {

/// The runs simulated: so many, or fewer if they would take longer than about so many draws.
inline constexpr std::uint64_t most_runs = 1000, most_draws = 50'000'000;

/// Simulates the sampler that is set, with one seed after the other, each until every sample was seen.
coverage coverage_by_simulation(label_index const& classes, options const& of);

}  // namespace inspect
