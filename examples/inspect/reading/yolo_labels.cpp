#include "yolo_labels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <map>
#include <string>
#include <system_error>
#include <utility>

#include "folder_files.hpp"
#include "header_check.hpp"
#include "shared/lines.hpp"
#include "shared/sources.hpp"
#include "shared/text.hpp"
#include "shared/user_error.hpp"
#include "yolo_names.hpp"

namespace inspect {

using namespace shared;
namespace {

namespace fs = std::filesystem;

constexpr std::string_view file_of_names = "classes.txt";

/// The files of labels in a folder, sorted by name.
std::vector<fs::path> label_files(fs::path const& folder) {
  std::vector<fs::path> result;
  for (auto const& entry : fs::directory_iterator(folder)) {
    bool const labels = extension_of(entry.path()) == ".txt" && entry.path().filename() != file_of_names;
    if (labels && !is_left_over(entry.path()) && entry.is_regular_file()) result.push_back(entry.path());
  }
  std::ranges::sort(result);
  return result;
}

/// The names in the classes.txt of the folder, or else in a data.yaml there or up to two folders above, where the data set
/// of labels/train/ or train/labels/ begins.
names_by_class class_names(fs::path const& folder) {
  names_by_class result;
  if (fs::exists(folder / file_of_names)) {
    std::string const text = read_source((folder / file_of_names).string());
    std::uint32_t number = 0;
    for (std::string_view remaining = text; !remaining.empty(); ++number)
      result[number] = trimmed(take_line(remaining));
    return result;
  }
  fs::path place = fs::absolute(folder).lexically_normal();
  if (!place.has_filename()) place = place.parent_path();  // a slash at the end
  for (int level = 0; level < 3; ++level, place = place.parent_path()) {
    for (auto const* name : {"data.yaml", "data.yml"}) {
      auto const file = place / name;
      if (!fs::is_regular_file(file)) continue;
      try {
        return yolo_names(read_source(file.string()));
      } catch (user_error const& error) {
        throw user_error(fmt::format("'{}': {}", printable(file.string()), error.what()));
      }
    }
  }
  return result;
}

std::string_view take_word(std::string_view& line) {
  line = trimmed(line);
  std::string_view const word = line.substr(0, line.find_first_of(" \t"));
  line.remove_prefix(word.size());
  return word;
}

std::uint32_t class_number(std::string_view line, std::size_t number) {
  std::uint32_t result = 0;
  std::string_view const first = take_word(line);
  auto const [end, error] = std::from_chars(first.data(), first.data() + first.size(), result);
  if (error != std::errc{} || end != first.data() + first.size()) {
    throw user_error(fmt::format("line {}: '{}' is not a class number; each line needs one, and a box after it", number,
                                 printable(first)));
  }
  std::size_t numbers = 0;
  for (line = trimmed(line); !line.empty(); line = trimmed(line), ++numbers) {
    if (std::string_view const word = take_word(line); !is_number(word)) {
      throw user_error(fmt::format("line {}: '{}' is not a number; a class number is followed by a box: four numbers",
                                   number, printable(word)));
    }
  }
  if (numbers < 4) {
    throw user_error(fmt::format("line {} has {} after the class number; a box needs four", number,
                                 counted(numbers, "number", "numbers")));
  }
  return result;
}

}  // namespace

bool has_yolo_labels(fs::path const& folder) { return !label_files(folder).empty(); }

std::vector<std::uint32_t> yolo_classes(std::string_view text) {
  std::vector<std::uint32_t> result;
  for (std::size_t line = 1; !text.empty(); ++line) {
    auto const content = trimmed(take_line(text));
    if (!content.empty()) result.push_back(class_number(content, line));
  }
  return result;
}

labelled_data read_yolo(fs::path const& folder) {
  auto const names = class_names(folder);
  std::map<std::uint32_t, std::uint32_t> numbers;  // class number -> number among the classes that occur
  for (auto const& [number, name] : names) numbers.try_emplace(number);
  std::vector<std::vector<std::uint32_t>> images;
  for (auto const& file : label_files(folder)) {
    try {
      images.push_back(yolo_classes(read_source(file.string())));
    } catch (user_error const& error) {
      throw user_error(fmt::format("'{}': {}", printable(file.string()), error.what()));
    }
    for (std::uint32_t const number : images.back()) numbers.try_emplace(number);
  }
  labelled_data result;
  std::size_t num_unnamed = 0;
  for (auto& [number, place] : numbers) {
    place = static_cast<std::uint32_t>(result.sets.names.size());
    auto const found = names.find(number);
    bool const named = found != names.end() && !found->second.empty();
    result.sets.names.push_back(named ? found->second : std::to_string(number));
    num_unnamed += named ? 0 : 1;
  }
  for (auto& image : images) {
    for (std::uint32_t& number : image) number = numbers.at(number);
    result.sets.add(image);
  }
  result.notes.push_back(fmt::format("YOLO labels of {} in '{}'; images without a file there are not counted.",
                                     counted(images.size(), "image", "images"), printable(folder.string())));
  if (num_unnamed > 0 && !names.empty()) {
    result.notes.push_back(fmt::format("{} no name there; the label is the number.",
                                       num_unnamed == 1 ? "1 class has" : with_commas(num_unnamed) + " classes have"));
  }
  return result;
}

}  // namespace inspect
