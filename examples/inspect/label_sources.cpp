#include "label_sources.hpp"

#include <evendraw/random/permutation.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "shared/csv.hpp"
#include "shared/sources.hpp"
#include "shared/user_error.hpp"

namespace inspect {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t most_made_up_samples = 20'000'000;

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r"), text.size()));
  return text.substr(0, text.find_last_not_of(" \t\r") + 1);
}

std::vector<std::string> read_lines(std::string_view text) {
  std::vector<std::string> labels;
  text = text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
  while (!text.empty()) {
    auto const end = std::min(text.find('\n'), text.size());
    labels.emplace_back(trimmed(text.substr(0, end)));
    if (labels.back().empty()) {
      throw user_error(fmt::format("line {} is blank; give every sample a label, or delete the line", labels.size()));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return labels;
}

std::vector<std::string> read_csv(std::string_view text, std::string const& column, bool header) {
  std::vector<std::string> labels;
  for_each_sample(text, {column, header},
                  [&](csv_reader::record const& record, std::size_t label) { labels.push_back(record.fields[label]); });
  return labels;
}

bool is_hidden(fs::path const& path) { return path.filename().string().starts_with('.'); }

/// The regular files below a folder, hidden ones left out.
std::uint64_t count_files(fs::path const& folder) {
  std::uint64_t count = 0;
  auto const follow = fs::directory_options::follow_directory_symlink;
  for (auto entry = fs::recursive_directory_iterator(folder, follow); entry != fs::end(entry); ++entry) {
    if (is_hidden(entry->path()))
      entry.disable_recursion_pending();
    else if (entry->is_regular_file())
      ++count;
  }
  return count;
}

std::vector<std::string> read_directory(std::string const& source) {
  std::vector<fs::path> folders;
  for (auto const& entry : fs::directory_iterator(source)) {
    if (entry.is_directory() && !is_hidden(entry.path())) folders.push_back(entry.path());
  }
  if (folders.empty())
    throw user_error(fmt::format("{} has no folders; it must have one for each class", shown(source)));
  std::ranges::sort(folders);
  std::vector<std::string> labels;
  for (auto const& folder : folders) {
    auto const count = count_files(folder);
    std::string const label = folder.filename().string();
    if (count == 0) {
      throw user_error(
          fmt::format("the folder of the class '{}' has no files; add some, or remove it", printable(label)));
    }
    labels.insert(labels.end(), static_cast<std::size_t>(count), label);
  }
  return labels;
}

/// A data set with these counts, its samples in an order that is shuffled and always the same.
std::vector<std::string> make_up(std::vector<std::pair<std::string, std::uint64_t>> const& counts) {
  std::vector<std::string> sorted;
  for (auto const& [label, count] : counts) {
    if (count > most_made_up_samples - sorted.size()) {
      throw user_error(fmt::format("--counts: more than {} samples; divide all counts by the same number",
                                   with_commas(most_made_up_samples)));
    }
    sorted.insert(sorted.end(), static_cast<std::size_t>(count), label);
  }
  evendraw::permutation const order(sorted.size(), 0);
  std::vector<std::string> labels(sorted.size());
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = std::move(sorted[static_cast<std::size_t>(order(i))]);
  return labels;
}

std::vector<std::string> read_file(options const& of) {
  std::string const text = read_source(of.source);
  try {
    auto labels = of.column.empty() ? read_lines(text) : read_csv(text, of.column, of.header);
    if (labels.empty()) throw user_error("there are no samples in it");
    return labels;
  } catch (user_error const& error) {
    throw user_error(fmt::format("{}: {}", shown(of.source), error.what()));
  }
}

}  // namespace

std::vector<std::string> read_labels(options const& of) {
  if (of.source.empty()) return make_up(of.counts);
  std::error_code ignored;
  if (of.source == "-" || !fs::is_directory(of.source, ignored)) return read_file(of);
  if (!of.column.empty()) {
    throw user_error(fmt::format("{} is a directory; --column is for CSV files, leave it out", shown(of.source)));
  }
  try {
    return read_directory(of.source);
  } catch (fs::filesystem_error const& error) {
    throw user_error(fmt::format("'{}' cannot be read: {}", printable(error.path1().string()), error.code().message()));
  }
}

}  // namespace inspect
