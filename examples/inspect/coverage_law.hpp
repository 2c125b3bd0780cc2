// Coverage of samplers with replacement: their exact law.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "coverage.hpp"

namespace inspect {

/// The law for class counts and shares of the draws, as evendraw::coverage_time has it.
coverage coverage_by_law(std::span<std::uint64_t const> counts, std::vector<double> const& shares,
                         std::uint64_t epoch_size);

}  // namespace inspect
