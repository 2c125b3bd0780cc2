// The coverage of samplers with replacement, from their exact law.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "coverage.hpp"

namespace inspect {

/// The law of evendraw::coverage_time for these class counts and shares of the draws.
coverage coverage_by_law(std::span<std::uint64_t const> counts, std::vector<double> const& shares,
                         std::uint64_t epoch_size);

}  // namespace inspect
