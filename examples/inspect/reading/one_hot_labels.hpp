// CSV files with a column of 0 and 1 for each label.
#pragma once

#include <string_view>

#include "inspect/options.hpp"
#include "labelled_data.hpp"

namespace inspect {

/// The columns --one-hot: numbers, ranges of them, names. The first line has their names if none of them is 0 or 1
/// there. Throws user_error where another value is.
labelled_data read_one_hot(std::string_view text, options const& of);

}  // namespace inspect
