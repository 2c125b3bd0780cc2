// The report about a second attribute and about groups.
#pragma once

#include <string>
#include <vector>

#include "classes.hpp"
#include "options.hpp"

namespace inspect {

/// The combinations of labels and second values, the shares of both attributes in the data and after balancing, and
/// what prevents a perfect balance.
std::string report_pairs(label_index const& classes, std::vector<std::string> const& second, options const& settings);

/// The number of groups in two parts of a split, and how often two samples of a group are in one batch, each with and
/// without the samplers that know the groups.
std::string report_groups(label_index const& classes, std::vector<std::string> const& groups, options const& settings);

}  // namespace inspect
