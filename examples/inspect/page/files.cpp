#include "files.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "shared/atomic_file.hpp"
#include "shared/text.hpp"
#include "shared/user_error.hpp"

namespace inspect {
namespace {

namespace fs = std::filesystem;

std::string unfinished(std::string const& path) { return path + ".new"; }

/// Calls f. If it fails, the error names the path.
template <class F>
void saying(std::string const& path, F f) {
  try {
    f();
  } catch (std::system_error const& error) {
    throw shared::user_error(
        fmt::format("--svg: '{}' cannot be written: {}", shared::printable(path), error.code().message()));
  }
}

}  // namespace

void make_directory(std::string const& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (!error && !fs::is_directory(path, error) && !error) error = std::make_error_code(std::errc::not_a_directory);
  if (!error) return;
  throw shared::user_error(
      fmt::format("--svg: the directory '{}' cannot be made: {}", shared::printable(path), error.message()));
}

void write_files(std::string const& directory, std::vector<file> const& files) {
  std::vector<std::string> paths;
  try {
    for (auto const& each : files) {
      paths.push_back((fs::path(directory) / each.name).string());
      saying(paths.back(), [&] { shared::write_to_disk(unfinished(paths.back()), each.text); });
    }
    for (auto const& path : paths) saying(path, [&] { fs::rename(unfinished(path), path); });
  } catch (...) {
    std::error_code ignored;
    for (auto const& path : paths) fs::remove(unfinished(path), ignored);
    throw;
  }
}

}  // namespace inspect
