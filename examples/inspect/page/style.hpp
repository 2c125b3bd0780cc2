// The style of the page and its pictures.
#pragma once

#include <string_view>

namespace inspect {

/// The style of the pictures. Pictures in files of their own contain it.
std::string_view picture_style();

/// The style of the page around them.
std::string_view page_style();

}  // namespace inspect
