#include "label_choice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sample_labels.hpp"

namespace inspect {
namespace {

void settle_missing(labelled_data& data, options const& settings) {
  std::size_t const all = data.sets.size();
  auto const without =
      static_cast<std::size_t>(std::ranges::count_if(data.sets.all(), [](auto set) { return set.empty(); }));
  if (without == 0) return;
  label_sets settled;
  settled.names = data.sets.names;
  if (!settings.missing.empty()) settled.names.push_back(settings.missing);
  std::vector<std::uint32_t> labels;
  for (auto const set : data.sets.all()) {
    if (set.empty() && settings.skip_missing) continue;
    labels.assign(set.begin(), set.end());
    if (set.empty() && !settings.missing.empty())
      labels.push_back(static_cast<std::uint32_t>(settled.names.size() - 1));
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
  std::string unused;
  std::size_t count = 0;
  auto const counts = data.sets.counts();
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] > 0) continue;
    if (++count <= 5) unused += fmt::format("{}'{}'", count > 1 ? ", " : "", printable(data.sets.names[i]));
  }
  if (count == 0) return;
  data.notes.push_back(fmt::format("No sample has the {} {}{}.", count == 1 ? "label" : "labels", unused,
                                   count > 5 ? fmt::format(", ... ({} in all)", with_commas(count)) : ""));
}

/// Turns every set into one label that joins its labels.
void take_for_labels(labelled_data& data) {
  for (auto const set : data.sets.all()) data.labels.push_back(joined(data.sets, set));
  data.sets = {};
}

}  // namespace

labelled_data choose_labels(labelled_data data, options const& settings) {
  if (!data.has_sets()) return data;
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
