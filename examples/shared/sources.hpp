// Files and standard input.
#pragma once

#include <string>

namespace shared {

/// The name of a source in messages; "-" is standard input.
std::string shown(std::string const& source);

/// The whole source, without a byte order mark. Throws user_error.
std::string read_source(std::string const& source);

}  // namespace shared
