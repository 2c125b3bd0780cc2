// All numbers of the page, for programs.
#pragma once

#include <string>

#include "page_data.hpp"

namespace inspect {

/// Classes are listed with the largest first, everywhere. The first batches are lists of the draws of each class.
std::string report_json(page_data const& subject);

}  // namespace inspect
