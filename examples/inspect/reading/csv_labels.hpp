// CSV files with a column that has the label or labels of every sample.
#pragma once

#include <string_view>

#include "inspect/options.hpp"
#include "labelled_data.hpp"

namespace inspect {

/// Reads the column of --column. With --label-separator, each field may have several labels. Throws user_error.
labelled_data read_column(std::string_view text, options const& settings);

}  // namespace inspect
