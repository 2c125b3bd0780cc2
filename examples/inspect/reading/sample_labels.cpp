#include "sample_labels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "shared/lines.hpp"
#include "shared/user_error.hpp"

namespace inspect {

bool sample_labels::replace_missing(std::string_view& field) const {
  field = of_.missing;
  return !field.empty();
}

void sample_labels::refuse_missing(std::string const& where) {
  throw user_error(
      fmt::format("{}; give every sample a label (--skip-missing leaves out those without, --missing LABEL gives "
                  "them one)",
                  where));
}

void sample_labels::add_several(std::string_view field) {
  of_sample_.clear();
  for (;;) {
    std::size_t const end = std::min(field.find(of_.label_separator), field.size());
    auto const label = trimmed(field.substr(0, end));
    if (!label.empty()) of_sample_.push_back(numbers_.number(label));
    if (end == field.size()) break;
    field.remove_prefix(end + of_.label_separator.size());
  }
  result_.sets.add(of_sample_);
}

labelled_data sample_labels::finish() && {
  result_.sets.names = numbers_.names();
  if (skipped_ > 0) result_.notes.push_back(note_of_skipped(skipped_));
  return std::move(result_);
}

std::string note_of_skipped(std::size_t count) {
  return fmt::format("{} left out (--skip-missing).",
                     count == 1 ? "1 sample without a label is" : with_commas(count) + " samples without a label are");
}

void note_empty_at_end(labelled_data& data, std::size_t count) {
  if (count == 0) return;
  data.notes.push_back(fmt::format("{} at the end of the file {} only empty fields and {} no {}.",
                                   counted(count, "record", "records"), count == 1 ? "has" : "have",
                                   count == 1 ? "is" : "are", count == 1 ? "sample" : "samples"));
}

}  // namespace inspect
