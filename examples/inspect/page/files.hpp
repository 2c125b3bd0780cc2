// Files that are written together or not at all.
#pragma once

#include <string>
#include <vector>

namespace inspect {

struct file {
  std::string name;
  std::string text;
};

/// Makes the directory unless it exists. Throws user_error.
void make_directory(std::string const& path);

/// Writes them all into the directory. Each is written to NAME.new first, and they take their places only when all were
/// written. Throws user_error; then nothing of it is left, and what was there before still is, unless a file could not
/// take its place.
void write_files(std::string const& directory, std::vector<file> const& files);

}  // namespace inspect
