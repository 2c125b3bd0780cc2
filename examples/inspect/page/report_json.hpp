// All numbers of the page, for programs.
#pragma once

#include <string>

#include "page_data.hpp"

namespace inspect {

/// The classes come largest first, everywhere; the first batches as draws of each class.
std::string report_json(page_data const& of);

}  // namespace inspect
