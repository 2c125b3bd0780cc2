// CSV files with a column of 0 and 1 for each label.
#pragma once

#include <string_view>

#include "inspect/options.hpp"
#include "labelled_data.hpp"

namespace inspect {

/// Reads the columns of --one-hot, which are numbers, ranges of numbers, or names. If the first line has neither 0 nor
/// 1 in these columns, it has their names. Throws user_error if there is another value.
labelled_data read_one_hot(std::string_view text, options const& settings);

}  // namespace inspect
