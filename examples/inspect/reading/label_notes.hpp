// Notes about labels of a data set that look like mistakes.
#pragma once

#include <string>
#include <vector>

#include "inspect/classes.hpp"
#include "shared/text.hpp"

namespace inspect {

/// Sentences about a header that was taken for a sample (`header_like` is its label, or empty), about labels that are
/// probably no labels or several, and what notes_about_names() says.
std::vector<std::string> notes_about(label_index const& classes, std::string const& header_like);

/// Sentences about names that are not UTF-8, and about names that differ only by case, number format, white space or
/// Unicode form.
std::vector<std::string> notes_about_names(std::vector<std::string> const& names);

/// Each note as "Note: ...", in lines for a terminal, and a blank line. Empty if there are no notes.
std::string report_notes(std::vector<std::string> const& notes, shared::charset set);

}  // namespace inspect
