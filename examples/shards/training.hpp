// Training from shards, in several orders.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "options.hpp"

namespace shards {

inline constexpr std::array<std::string_view, 4> methods{"shuffle", "blocks", "balanced", "equal"};

/// Trains by the methods in the options, and reports scores and costs. Throws user_error.
std::string train(options const& settings);

}  // namespace shards
