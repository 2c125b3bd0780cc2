// What is odd about the labels of a data set.
#pragma once

#include <string>
#include <vector>

#include "inspect/classes.hpp"
#include "shared/text.hpp"

namespace inspect {

/// Whole sentences: about a header that was taken for a sample (`header_like` is its label, or empty), about labels that
/// are none, about labels that differ in the way they are written only.
std::vector<std::string> notes_about(label_index const& classes, std::string const& header_like);

/// About names that differ by case, number format, white space or Unicode form only.
std::vector<std::string> notes_about_names(std::vector<std::string> const& names);

/// "Note: ..." for each, in lines for a terminal, and a blank line; nothing if there are none.
std::string report_notes(std::vector<std::string> const& notes, shared::charset set);

}  // namespace inspect
