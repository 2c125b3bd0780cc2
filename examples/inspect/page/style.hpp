// How the page and its pictures look.
#pragma once

#include <string_view>

namespace inspect {

/// The style of the pictures, which those in files of their own carry with them.
std::string_view picture_style();

/// The style of the page around them.
std::string_view page_style();

}  // namespace inspect
