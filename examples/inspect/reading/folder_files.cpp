#include "folder_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>

#include "shared/text.hpp"
#include "shared/user_error.hpp"

namespace inspect {

using namespace shared;
namespace {

namespace fs = std::filesystem;

std::string in_lower_case(std::string text) {
  for (char& letter : text) letter = letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  return text;
}

/// Whether `inner` is `outer`, or below it. Both must be without links and dots.
bool is_within(fs::path const& inner, fs::path const& outer) {
  return std::ranges::mismatch(outer, inner).in1 == outer.end();
}

}  // namespace

bool is_left_over(fs::path const& path) {
  constexpr std::array<std::string_view, 8> names{
      "thumbs.db", "ehthumbs.db", "desktop.ini",  "__macosx",
      "icon\r",    "@eadir",      "$recycle.bin", "system volume information"};
  std::string const name = in_lower_case(path.filename().string());
  return name.starts_with('.') || std::ranges::find(names, name) != names.end();
}

std::string extension_of(fs::path const& path) { return in_lower_case(path.extension().string()); }

std::uint64_t file_tally::count(fs::path const& folder) {
  std::uint64_t const before = files_;
  open_.assign(1, fs::canonical(folder));
  walk(folder);
  return files_ - before;
}

void file_tally::walk(fs::path const& folder) {
  for (auto const& entry : fs::directory_iterator(folder)) {
    if (is_left_over(entry.path())) continue;
    if (entry.is_symlink()) {
      follow(entry.path());
    } else if (entry.is_directory()) {
      open_.push_back(open_.back() / entry.path().filename());
      walk(entry.path());
      open_.pop_back();
    } else if (entry.is_regular_file()) {
      add(entry.path());
    }
  }
}

void file_tally::follow(fs::path const& link) {
  std::error_code error;
  fs::path const target = fs::canonical(link, error);
  if (error) {
    ++dead_links_;
    if (a_dead_link_.empty()) a_dead_link_ = link.string();
    return;
  }
  if (!fs::is_directory(target)) {
    if (fs::is_regular_file(target)) add(link);
    return;
  }
  if (std::ranges::any_of(open_, [&](fs::path const& folder) { return is_within(folder, target); })) {
    throw user_error(fmt::format("the link '{}' leads to '{}', which it is in itself; remove it",
                                 printable(link.string()), printable(target.string())));
  }
  open_.push_back(target);
  walk(link);
  open_.pop_back();
}

void file_tally::add(fs::path const& file) {
  std::string const extension = extension_of(file);
  if (!extensions_.empty() && std::ranges::find(extensions_, extension) == extensions_.end()) {
    ++left_out_;
    return;
  }
  ++counted_[extension];
  ++files_;
}

std::vector<std::string> file_tally::notes() const {
  std::string counts;
  std::vector<std::pair<std::string, std::uint64_t>> sorted(counted_.begin(), counted_.end());
  std::ranges::stable_sort(sorted, std::ranges::greater{}, [](auto const& each) { return each.second; });
  for (auto const& [extension, count] : std::span(sorted).first(std::min<std::size_t>(sorted.size(), 10))) {
    counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", with_commas(count),
                          extension.empty() ? "without extension" : printable(extension));
  }
  if (sorted.size() > 10) counts += fmt::format(", ... ({} extensions in all)", with_commas(sorted.size()));
  std::vector<std::string> result;
  std::string const others = extensions_.empty() ? sorted.size() < 2 ? "" : " (--extensions jpg,png counts those only)"
                                                 : fmt::format("; {} left out (--extensions)", with_commas(left_out_));
  result.push_back(fmt::format("Files counted: {}{}.", counts, others));
  if (dead_links_ > 0) {
    result.push_back(fmt::format("{} nowhere and {} not counted, '{}' for instance.",
                                 dead_links_ == 1 ? "1 link leads" : with_commas(dead_links_) + " links lead",
                                 dead_links_ == 1 ? "is" : "are", printable(a_dead_link_)));
  }
  return result;
}

}  // namespace inspect
