// Where labels come from: text files, CSV files, annotations, directories, counts.
#pragma once

#include "inspect/options.hpp"
#include "labelled_data.hpp"

namespace inspect {

/// The labels of all samples, at least one. Throws user_error.
labelled_data read_data(options const& settings);

}  // namespace inspect
