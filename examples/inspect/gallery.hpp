// Pictures to files.
#pragma once

#include <span>
#include <string>

#include "pictures.hpp"

namespace inspect {

/// Makes the directory unless it is there. Throws user_error.
void make_directory(std::string const& path);

/// Writes one SVG file for each picture, and index.html with all of them, which needs no other file. The
/// paragraphs, plain text, come before the pictures. Throws user_error.
void write_gallery(std::string const& directory, std::span<picture const> pictures,
                   std::span<std::string const> paragraphs);

}  // namespace inspect
