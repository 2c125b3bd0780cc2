// The files in folders that are samples, and those that are not.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace inspect {

/// Whether this is the name of a hidden file, or of one that an operating system or an archive left there.
bool is_left_over(std::filesystem::path const& path);

/// The extension of a name in small letters: ".jpg" for "a/B.JPG"; "" if there is none.
std::string extension_of(std::filesystem::path const& path);

/// Counts files, folder after folder.
class file_tally {
 public:
  /// Only files with these extensions count, such as ".jpg"; if there are none, all files count.
  explicit file_tally(std::vector<std::string> extensions) : extensions_(std::move(extensions)) {}

  /// The files in a folder and below it that are samples. Links are followed. Throws user_error if a link leads to a
  /// folder that it is in, std::filesystem::filesystem_error if something cannot be read.
  std::uint64_t count(std::filesystem::path const& folder);

  /// Sentences about the files that were counted and those that were not.
  std::vector<std::string> notes() const;

 private:
  void walk(std::filesystem::path const& folder);
  void follow(std::filesystem::path const& link);
  void add(std::filesystem::path const& file);

  std::vector<std::string> extensions_;
  std::vector<std::filesystem::path> open_ = {};  // the folders that are being read, without links in their paths
  std::map<std::string, std::uint64_t> counted_ = {};
  std::uint64_t files_ = 0, left_out_ = 0, dead_links_ = 0;
  std::string a_dead_link_ = {};
};

}  // namespace inspect
