// Drawings as files.
#pragma once

#include "files.hpp"
#include "pictures.hpp"

namespace inspect {

/// The drawing as a file of its own, with its size and its style.
file svg_file(panel const& subject);

}  // namespace inspect
