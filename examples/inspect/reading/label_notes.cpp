#include "label_notes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>

#include "header_check.hpp"
#include "label_forms.hpp"
#include "shared/lines.hpp"

namespace inspect {

using namespace shared;
namespace {

constexpr std::size_t most_pairs = 5;

struct difference {
  std::string_view name;
  std::string (*take_away)(std::string_view label);
};

constexpr std::array differences{
    difference{"case", label_forms::without_case}, difference{"number format", label_forms::without_number_format},
    difference{"white space", label_forms::without_white_space}, difference{"Unicode form", label_forms::composed}};

std::string without_all(std::string label) {
  for (auto const each : {3, 2, 1, 0}) label = differences[static_cast<std::size_t>(each)].take_away(label);
  return label;
}

/// The one difference between two labels, or the number of differences if there are several.
std::size_t difference_between(std::string const& a, std::string const& b) {
  for (std::size_t d = 0; d < differences.size(); ++d) {
    if (differences[d].take_away(a) == differences[d].take_away(b)) return d;
  }
  return differences.size();
}

void note_header(std::vector<std::string>& notes, label_index const& classes, std::string const& label) {
  if (label.empty() || !classes.contains(label)) return;
  if (classes.counts()[static_cast<std::size_t>(classes.class_of(label))] != 1) return;
  notes.push_back(
      fmt::format("The first line looks like a header and is taken for a sample, with the label '{}'; give --header to "
                  "leave it out.",
                  printable(label)));
}

void note_no_labels(std::vector<std::string>& notes, label_index const& classes) {
  constexpr std::uint64_t few = 5, many = 1000;
  std::uint64_t const n = classes.num_samples(), all = classes.num_classes();
  if (all == n && n >= few) {
    notes.push_back(
        fmt::format("Each of the {} samples is a class of its own: is this a label column?", with_commas(n)));
    return;
  }
  auto const numbers = static_cast<std::uint64_t>(std::ranges::count_if(classes.labels(), is_number));
  auto const fractions =
      static_cast<std::uint64_t>(std::ranges::count_if(classes.labels(), [](std::string const& label) {
        return is_number(label) && label_forms::without_number_format(label).find('.') != std::string::npos;
      }));
  if (numbers + 1 < all) return;  // one of them may be a header
  if (all >= many || (all >= 20 && fractions > all / 2)) {
    notes.push_back(fmt::format("{} classes, and their names are numbers: is this a label column?", with_commas(all)));
  }
}

/// Whether one of the labels that a separator joins is a label of its own. Commas between digits are decimal commas.
bool joins_labels(std::string_view label, char separator, label_index const& classes) {
  if (label.find(separator) == std::string_view::npos) return false;
  for (;;) {
    std::size_t const end = std::min(label.find(separator), label.size());
    auto const part = trimmed(label.substr(0, end));
    if (classes.contains(std::string(part)) && !(separator == ',' && is_number(part))) return true;
    if (end == label.size()) return false;
    label.remove_prefix(end + 1);
  }
}

void note_several_labels(std::vector<std::string>& notes, label_index const& classes) {
  for (char const separator : {'|', ';', ','}) {
    auto const joins = [&](std::string const& label) { return joins_labels(label, separator, classes); };
    auto const found = std::ranges::find_if(classes.labels(), joins);
    if (found == classes.labels().end()) continue;
    notes.push_back(
        fmt::format("The label '{}' looks like several labels; --label-separator '{}' takes such labels apart.",
                    printable(*found), separator));
    return;
  }
}

void note_encoding(std::vector<std::string>& notes, std::vector<std::string> const& names) {
  auto const found = std::ranges::find_if_not(names, label_forms::is_utf8);
  if (found == names.end()) return;
  notes.push_back(fmt::format(
      "The label '{}' has bytes that are not UTF-8, shown as '?'; convert the file (iconv -t UTF-8 -f LATIN1, if it is "
      "Latin-1).",
      printable(*found)));
}

}  // namespace

std::vector<std::string> notes_about_names(std::vector<std::string> const& names) {
  std::unordered_map<std::string, std::size_t> first;  // the first of the labels that are the same in this form
  std::array<std::string, differences.size() + 1> pairs;
  std::array<std::size_t, differences.size() + 1> counts{};
  for (std::size_t i = 0; i < names.size(); ++i) {
    auto const [place, is_new] = first.try_emplace(without_all(names[i]), i);
    if (is_new || names[place->second] == names[i]) continue;
    std::string const& other = names[place->second];
    std::size_t const d = difference_between(other, names[i]);
    if (++counts[d] > most_pairs) continue;
    pairs[d] += fmt::format("{}'{}' and '{}'", counts[d] > 1 ? ", " : "", printable(other), printable(names[i]));
  }
  std::vector<std::string> notes;
  note_encoding(notes, names);
  for (std::size_t d = 0; d < counts.size(); ++d) {
    if (counts[d] == 0) continue;
    std::string_view const what = d < differences.size() ? differences[d].name : "how they are written";
    std::string const more =
        counts[d] > most_pairs ? fmt::format(", ... ({} pairs in all)", with_commas(counts[d])) : "";
    notes.push_back(fmt::format("Labels that differ by {} only are different classes: {}{}.", what, pairs[d], more));
  }
  return notes;
}

std::vector<std::string> notes_about(label_index const& classes, std::string const& header_like) {
  std::vector<std::string> notes;
  note_header(notes, classes, header_like);
  note_no_labels(notes, classes);
  note_several_labels(notes, classes);
  auto const names = notes_about_names(classes.labels());
  notes.insert(notes.end(), names.begin(), names.end());
  return notes;
}

std::string report_notes(std::vector<std::string> const& notes, charset set) {
  std::string text;
  for (auto const& note : notes) text += wrap("Note: " + note, set);
  return text.empty() ? text : text + '\n';
}

}  // namespace inspect
