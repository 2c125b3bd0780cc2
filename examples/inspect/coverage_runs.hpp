// The coverage of samplers whose law is not known, by simulation.
#pragma once

#include "coverage.hpp"

namespace inspect {

/// The limits of a simulation: the number of runs, and the number of draws after which it stops earlier.
inline constexpr std::uint64_t most_runs = 1000, most_draws = 50'000'000;

/// Simulates the sampler in the options with one seed after the other, each until every sample has been seen.
coverage coverage_by_simulation(label_index const& classes, options const& settings);

}  // namespace inspect
