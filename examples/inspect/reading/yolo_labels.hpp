// A text file for each image, with a line for each object in it: its class number, and where it is.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include "labelled_data.hpp"

namespace inspect {

/// Whether a folder has *.txt files besides the one with the names of the classes.
bool has_yolo_labels(std::filesystem::path const& folder);

/// The class numbers in every *.txt file of a folder. If there is a classes.txt, it has their names, one a line; otherwise
/// the data.yaml of the data set has them, if there is one. Throws user_error.
labelled_data read_yolo(std::filesystem::path const& folder);

/// The class numbers in a file. In every line that is not blank, the first word is the class number, and at least four
/// numbers follow. Throws user_error.
std::vector<std::uint32_t> yolo_classes(std::string_view text);

}  // namespace inspect
