// Files that are there as a whole, or as they were before.
#pragma once

#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

#if __has_include(<unistd.h>)
#include <fcntl.h>
#include <unistd.h>
#endif

namespace shared {

#if __has_include(<unistd.h>)
namespace detail {

/// A file descriptor; what goes wrong with it is thrown.
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
  /// Returns when the disk has it.
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

/// Writes a file such that a reader finds all of the text or what was there before, also if the program is killed or
/// the power fails meanwhile. The text is written to NAME.new, which then takes the place of NAME. Throws
/// std::system_error.
inline void write_atomically(std::string const& name, std::string_view text) {
  std::string const unfinished = name + ".new";
#if __has_include(<unistd.h>)
  {
    detail::descriptor const file(unfinished, O_WRONLY | O_CREAT | O_TRUNC);
    file.write(text);
    file.sync();
  }
  std::filesystem::rename(unfinished, name);
  auto const folder = std::filesystem::path(name).parent_path();
  detail::descriptor(folder.empty() ? "." : folder.string(), O_RDONLY).sync();  // so that the new name lasts, too
#else
  {
    std::ofstream file;
    file.exceptions(std::ios::badbit | std::ios::failbit);
    file.open(unfinished, std::ios::binary);
    file << text;
  }
  std::filesystem::rename(unfinished, name);
#endif
}

}  // namespace shared
