#include "label_choice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "label_numbers.hpp"
#include "sample_labels.hpp"
#include "shared/text.hpp"
#include "shared/user_error.hpp"

namespace inspect {
namespace {

/// "'a', 'b'", or the first five and their number.
std::string some_of(std::vector<std::string> const& names) {
  constexpr std::size_t most = 5;
  std::string result;
  for (std::size_t i = 0; i < names.size() && i < most; ++i) {
    result += fmt::format("{}'{}'", i > 0 ? ", " : "", printable(names[i]));
  }
  return names.size() > most ? fmt::format("{}, ... ({} in all)", result, with_commas(names.size())) : result;
}

/// Makes one label of those that have the same name.
void merge_same_names(labelled_data& data) {
  label_numbers merged;
  std::vector<std::uint32_t> number_of;
  std::vector<std::string> repeated;
  for (auto const& name : data.sets.names) {
    std::size_t const before = merged.names().size();
    number_of.push_back(merged.number(name));
    if (merged.names().size() == before) repeated.push_back(name);
  }
  if (repeated.empty()) return;
  label_sets result;
  result.names = merged.names();
  std::vector<std::uint32_t> labels;
  for (auto const set : data.sets.all()) {
    labels.clear();
    for (std::uint32_t const number : set) labels.push_back(number_of[number]);
    result.add(labels);
  }
  data.sets = std::move(result);
  data.notes.push_back(
      fmt::format("Several labels have the name {}; those of one name count as one label.", some_of(repeated)));
}

void settle_missing(labelled_data& data, options const& settings) {
  std::size_t const all = data.sets.size();
  auto const without =
      static_cast<std::size_t>(std::ranges::count_if(data.sets.all(), [](auto set) { return set.empty(); }));
  if (without == 0) return;
  label_sets settled;
  settled.names = data.sets.names;
  auto const found = std::ranges::find(settled.names, settings.missing);
  auto const missing = static_cast<std::uint32_t>(found - settled.names.begin());
  if (found == settled.names.end() && !settings.missing.empty()) settled.names.push_back(settings.missing);
  std::vector<std::uint32_t> labels;
  for (auto const set : data.sets.all()) {
    if (set.empty() && settings.skip_missing) continue;
    labels.assign(set.begin(), set.end());
    if (set.empty() && !settings.missing.empty()) labels.push_back(missing);
    settled.add(labels);
  }
  data.sets = std::move(settled);
  if (settings.skip_missing) {
    data.notes.push_back(note_of_skipped(without));
  } else if (settings.missing.empty()) {
    data.notes.push_back(
        fmt::format("{} of {} {} no label (--skip-missing leaves such samples out, --missing LABEL gives them one).",
                    with_commas(without), counted(all, "sample", "samples"), without == 1 ? "has" : "have"));
  }
}

std::string joined(label_sets const& sets, std::span<std::uint32_t const> set) {
  std::string result;
  for (std::uint32_t const number : set) result += (result.empty() ? "" : "+") + sets.names[number];
  return result.empty() ? "(no label)" : result;
}

void note_unused(labelled_data& data) {
  std::vector<std::string> unused;
  auto const counts = data.sets.counts();
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) unused.push_back(data.sets.names[i]);
  }
  if (unused.empty()) return;
  data.notes.push_back(
      fmt::format("No sample has the {} {}.", unused.size() == 1 ? "label" : "labels", some_of(unused)));
}

/// Turns every set into one label that joins its labels. Throws user_error if two different sets give the same.
void take_for_labels(labelled_data& data) {
  std::unordered_map<std::string, std::span<std::uint32_t const>> seen;
  for (auto const set : data.sets.all()) {
    std::string label = joined(data.sets, set);
    auto const [other, is_new] = seen.try_emplace(label, set);
    if (!is_new && !std::ranges::equal(other->second, set)) {
      throw user_error(fmt::format(
          "two combinations of labels have the same name, '{}'; rename the label that has a '+' or this name",
          printable(label)));
    }
    data.labels.push_back(std::move(label));
  }
  data.sets = {};
}

}  // namespace

labelled_data choose_labels(labelled_data data, options const& settings) {
  if (!data.has_sets()) return data;
  merge_same_names(data);
  settle_missing(data, settings);
  bool const one_each = std::ranges::all_of(data.sets.all(), [](auto set) { return set.size() == 1; });
  if (one_each) {
    note_unused(data);
    take_for_labels(data);
  } else if (settings.combinations) {
    take_for_labels(data);
    data.notes.push_back("Every combination of labels is a class of its own (--combinations).");
  }
  return data;
}

}  // namespace inspect
