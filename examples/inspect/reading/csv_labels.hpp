// CSV files with a column that holds the label of every sample, or several.
#pragma once

#include <string_view>

#include "inspect/options.hpp"
#include "labelled_data.hpp"

namespace inspect {

/// The column --column; with --label-separator each field may hold several labels. Throws user_error.
labelled_data read_column(std::string_view text, options const& of);

}  // namespace inspect
