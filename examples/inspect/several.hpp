// What a person reads about a second attribute, and about groups.
#pragma once

#include <string>
#include <vector>

#include "classes.hpp"
#include "options.hpp"

namespace inspect {

/// The combinations of labels and second values, both marginals as they are and balanced, and what stands in the way.
std::string report_pairs(label_index const& classes, std::vector<std::string> const& second, options const& of);

/// How many groups are in two parts of a split, and how often two samples of a group share a batch: without and with
/// knowing the groups.
std::string report_groups(label_index const& classes, std::vector<std::string> const& groups, options const& of);

}  // namespace inspect
