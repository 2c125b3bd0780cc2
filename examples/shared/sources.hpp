// Files and standard input.
#pragma once

#include <string>
#include <string_view>

namespace shared {

/// The name of a source in messages; "-" is standard input.
std::string shown(std::string const& source);

/// Whether a source ends with an extension, such as ".csv", in capital or small letters.
bool has_extension(std::string_view source, std::string_view extension);

/// The whole source, without a byte order mark. Throws user_error, also if it is not text: UTF-16, compressed, ...
std::string read_source(std::string const& source);

}  // namespace shared
