// Directories: a folder for each class, or a file of labels for each image.
#pragma once

#include "inspect/options.hpp"
#include "labelled_data.hpp"

namespace inspect {

/// Reads the directory of.source. Throws user_error, or std::filesystem::filesystem_error.
labelled_data read_directory(options const& settings);

}  // namespace inspect
