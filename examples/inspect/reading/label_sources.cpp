#include "label_sources.hpp"

#include <evendraw/random/permutation.hpp>
#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "coco_labels.hpp"
#include "csv_labels.hpp"
#include "folder_labels.hpp"
#include "label_choice.hpp"
#include "line_labels.hpp"
#include "one_hot_labels.hpp"
#include "shared/sources.hpp"
#include "shared/user_error.hpp"

namespace inspect {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t most_made_up_samples = 20'000'000;

/// A data set with these counts. Its samples are shuffled, always in the same way.
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

/// Whether a source has annotations: it has such a name, or begins like a JSON object.
bool is_json(std::string_view text, options const& settings) {
  if (settings.names_csv()) return false;
  if (has_extension(settings.source, ".json")) return true;
  std::size_t const brace = text.find_first_not_of(" \t\r\n");
  if (brace == std::string_view::npos || text[brace] != '{') return false;
  std::size_t const next = text.find_first_not_of(" \t\r\n", brace + 1);
  return next != std::string_view::npos && text[next] == '"';
}

labelled_data read_text(std::string_view text, options const& settings) {
  if (is_json(text, settings)) return read_coco(text);
  if (!settings.one_hot.empty()) return read_one_hot(text, settings);
  return settings.column.empty() ? read_lines(text, settings) : read_column(text, settings);
}

labelled_data read_file(options const& settings) {
  std::string const text = read_source(settings.source);
  try {
    auto data = choose_labels(read_text(text, settings), settings);
    if (data.empty()) throw user_error("there are no samples in it");
    return data;
  } catch (user_error const& error) {
    throw user_error(fmt::format("{}: {}", shown(settings.source), error.what()));
  }
}

}  // namespace

labelled_data read_data(options const& settings) {
  if (settings.source.empty()) return {.labels = make_up(settings.counts)};
  std::error_code ignored;
  bool const directory = settings.source != "-" && fs::is_directory(settings.source, ignored);
  if (!directory && !settings.extensions.empty()) {
    throw user_error(fmt::format("{} is not a directory; leave out --extensions, which is for class folders",
                                 shown(settings.source)));
  }
  if (!directory) return read_file(settings);
  if (auto const option = settings.option_for_files(); !option.empty()) {
    throw user_error(fmt::format("{} is a directory; leave out {}, which is for {}", shown(settings.source), option,
                                 settings.names_csv() || settings.separator != 0 ? "CSV files" : "files"));
  }
  try {
    auto data = choose_labels(read_directory(settings), settings);
    if (data.empty()) throw user_error(fmt::format("{}: there are no samples in it", shown(settings.source)));
    return data;
  } catch (fs::filesystem_error const& error) {
    throw user_error(fmt::format("'{}' cannot be read: {}", printable(error.path1().string()), error.code().message()));
  }
}

}  // namespace inspect
