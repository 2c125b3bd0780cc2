// Text files with a line for each sample.
#pragma once

#include <string_view>

#include "inspect/options.hpp"
#include "labelled_data.hpp"

namespace inspect {

/// Throws user_error if a line is blank, except at the end.
labelled_data read_lines(std::string_view text, options const& settings);

}  // namespace inspect
