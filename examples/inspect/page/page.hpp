// The page that --svg asks for.
#pragma once

#include <span>
#include <string>

#include "inspect/classes.hpp"
#include "inspect/options.hpp"
#include "inspect/sampling.hpp"

namespace inspect {

/// Writes index.html, which needs no other file, report.json with its numbers, and one SVG file for each drawing into
/// the directory that the options name. Makes this directory unless it exists. Throws user_error.
///
///   notes  sentences about the data that the user should know
void write_page(label_index const& classes, std::span<outcome const> outcomes, std::span<std::string const> notes,
                options const& settings);

}  // namespace inspect
