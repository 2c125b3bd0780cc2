// The page that --svg asks for.
#pragma once

#include <span>
#include <string>

#include "inspect/classes.hpp"
#include "inspect/options.hpp"
#include "inspect/sampling.hpp"

namespace inspect {

/// Writes index.html, which needs no other file, report.json with its numbers, and one SVG file for each drawing into the
/// directory that the options name, which is made unless it is there. Throws user_error.
///
///   notes  what a person should know about the data: whole sentences
void write_page(label_index const& classes, std::span<outcome const> outcomes, std::span<std::string const> notes,
                options const& of);

}  // namespace inspect
