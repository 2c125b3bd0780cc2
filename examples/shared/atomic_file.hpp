// Files that are written completely or not at all.
#pragma once

#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

#if __has_include(<unistd.h>) && !defined(_WIN32)
#define EVENDRAW_EXAMPLES_HAVE_FSYNC
#include <fcntl.h>
#include <unistd.h>
#endif

namespace shared {

#ifdef EVENDRAW_EXAMPLES_HAVE_FSYNC
namespace detail {

/// A file descriptor whose errors are thrown.
class descriptor {
 public:
  descriptor(std::string const& name, int flags) : name_(name), number_(::open(name.c_str(), flags | O_CLOEXEC, 0644)) {
    check(number_ >= 0);
  }
  descriptor(descriptor const&) = delete;
  descriptor& operator=(descriptor const&) = delete;
  ~descriptor() { ::close(number_); }

  void write(std::string_view text) const {
    while (!text.empty()) {
      auto const written = ::write(number_, text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      check(written > 0);
      text.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  /// Returns when the disk has the contents. Some systems cannot tell this for a directory: EINVAL.
  void sync() const { check(::fsync(number_) == 0 || errno == EINVAL); }

 private:
  void check(bool good) const {
    if (!good) throw std::system_error(errno, std::generic_category(), name_);
  }

  std::string name_;
  int number_;
};

}  // namespace detail
#endif

/// Writes text to a file, and returns when the disk has it, if the system can tell.
inline void write_to_disk(std::string const& name, std::string_view text) {
#ifdef EVENDRAW_EXAMPLES_HAVE_FSYNC
  detail::descriptor const file(name, O_WRONLY | O_CREAT | O_TRUNC);
  file.write(text);
  file.sync();
#else
  std::ofstream file;
  file.exceptions(std::ios::badbit | std::ios::failbit);
  file.open(name, std::ios::binary);
  file << text;
  file.close();  // writes the text, and may throw, which the destructor does not
#endif
}

/// Writes a file so that a reader finds either all of the text or the old contents, even if the program is killed
/// meanwhile or, with fsync, the power fails. The text is written to NAME.new, which then replaces NAME. Two writers of
/// one file must not work at the same time. Throws std::system_error; NAME is then as before, or new if only the folder
/// could not be written.
inline void write_atomically(std::string const& name, std::string_view text) {
  std::string const unfinished = name + ".new";
  try {
    write_to_disk(unfinished, text);
    std::filesystem::rename(unfinished, name);
  } catch (...) {
    std::error_code ignored;
    std::filesystem::remove(unfinished, ignored);
    throw;
  }
#ifdef EVENDRAW_EXAMPLES_HAVE_FSYNC
  auto const folder = std::filesystem::path(name).parent_path();
  detail::descriptor(folder.empty() ? "." : folder.string(), O_RDONLY).sync();  // so that the new name is on disk, too
#endif
}

}  // namespace shared
