// A text file for each image, a line for each object in it: its class number, and where it is.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include "labelled_data.hpp"

namespace inspect {

/// Whether a folder has files *.txt besides the one with the names of the classes.
bool has_yolo_labels(std::filesystem::path const& folder);

/// The class numbers in every *.txt of a folder; classes.txt, if it is there, has their names, one a line. Throws
/// user_error.
labelled_data read_yolo(std::filesystem::path const& folder);

/// The class numbers in a file: first in every line that is not blank, at least four numbers behind it. Throws
/// user_error.
std::vector<std::uint32_t> yolo_classes(std::string_view text);

}  // namespace inspect
