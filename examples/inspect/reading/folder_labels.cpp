#include "folder_labels.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "folder_files.hpp"
#include "shared/sources.hpp"
#include "shared/user_error.hpp"
#include "yolo_labels.hpp"

namespace inspect {
namespace {

namespace fs = std::filesystem;

/// The folders in a folder, sorted by name.
std::vector<fs::path> folders_in(fs::path const& folder) {
  std::vector<fs::path> result;
  for (auto const& entry : fs::directory_iterator(folder)) {
    if (entry.is_directory() && !is_left_over(entry.path())) result.push_back(entry.path());
  }
  std::ranges::sort(result);
  return result;
}

bool has(std::vector<fs::path> const& folders, std::string_view name) {
  return std::ranges::any_of(folders, [&](fs::path const& each) { return each.filename() == name; });
}

bool is_split(fs::path const& folder) {
  constexpr std::array<std::string_view, 8> names{"train",      "training", "val",     "valid",
                                                  "validation", "test",     "testing", "dev"};
  return std::ranges::find(names, folder.filename().string()) != names.end();
}

/// The folder to read: the training part if a data set is split, or the folder of labels if there is one beside the
/// images.
fs::path place_of_labels(fs::path folder, std::vector<std::string>& notes) {
  for (int level = 0; level < 3; ++level) {
    auto const folders = folders_in(folder);
    if (has(folders, "images") && has(folders, "labels")) {
      folder /= "labels";
    } else if (!folders.empty() && std::ranges::all_of(folders, is_split)) {
      auto const train =
          std::ranges::find_if(folders, [](auto const& each) { return each.filename().string().starts_with("train"); });
      fs::path const chosen = train == folders.end() ? folders.front() : *train;
      std::string others;
      for (auto const& each : folders) {
        if (each != chosen) others += fmt::format("{}'{}'", others.empty() ? "; not " : ", ", printable(each.string()));
      }
      notes.push_back(fmt::format("The data set is split: this is '{}'{}.", printable(chosen.string()), others));
      folder = chosen;
    } else {
      break;
    }
  }
  return folder;
}

/// An extension in the form ".jpg", from "jpg", "JPG" or ".jpg".
std::vector<std::string> wanted_extensions(options const& settings) {
  std::vector<std::string> result;
  for (std::string_view const each : settings.extensions) {
    result.push_back(extension_of(fmt::format("file.{}", each.substr(each.starts_with('.') ? 1 : 0))));
  }
  return result;
}

labelled_data read_class_folders(std::vector<fs::path> const& folders, options const& settings) {
  labelled_data result;
  file_tally files(wanted_extensions(settings));
  for (auto const& folder : folders) {
    auto const count = files.count(folder);
    std::string const label = folder.filename().string();
    if (count == 0) {
      throw user_error(fmt::format("the folder of class '{}' has no files{}; add some, or remove it", printable(label),
                                   settings.extensions.empty() ? "" : " with the --extensions that count"));
    }
    result.labels.insert(result.labels.end(), static_cast<std::size_t>(count), label);
  }
  result.notes = files.notes();
  return result;
}

}  // namespace

labelled_data read_directory(options const& settings) {
  std::vector<std::string> notes;
  fs::path const root = place_of_labels(settings.source, notes);
  auto const folders = folders_in(root);
  if (folders.empty() && !has_yolo_labels(root)) {
    throw user_error(fmt::format("{} has no folders; it must have one for each class, or label files of YOLO",
                                 shown(root.string())));
  }
  if (folders.empty() && !settings.extensions.empty()) {
    throw user_error(
        fmt::format("{} has label files; leave out --extensions, which is for class folders", shown(root.string())));
  }
  auto result = folders.empty() ? read_yolo(root) : read_class_folders(folders, settings);
  result.notes.insert(result.notes.begin(), notes.begin(), notes.end());
  return result;
}

}  // namespace inspect
