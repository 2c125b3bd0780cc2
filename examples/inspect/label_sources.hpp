// Where labels come from: text files, CSV files, directories, counts.
#pragma once

#include <string>
#include <vector>

#include "options.hpp"

namespace inspect {

/// One label per sample, at least one. Throws user_error.
std::vector<std::string> read_labels(options const& of);

}  // namespace inspect
