// Labels from lines and columns, where a field may have several labels or none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "inspect/options.hpp"
#include "label_numbers.hpp"
#include "labelled_data.hpp"

namespace inspect {

/// Takes the field of one sample after the other.
class sample_labels {
 public:
  explicit sample_labels(options const& settings) : of_(settings), several_(!settings.label_separator.empty()) {}

  /// If the field has no label, throws user_error, unless the options say what to do. `where` is called only then; it
  /// names the field in words, such as "line 3: column 2".
  template <class Where>
  void add(std::string_view field, Where where) {
    if (field.empty() && !replace_missing(field)) {
      if (!of_.skip_missing) refuse_missing(where());
      ++skipped_;
      return;
    }
    several_ ? add_several(field) : static_cast<void>(result_.labels.emplace_back(field));
  }

  std::size_t size() const { return several_ ? result_.sets.size() : result_.labels.size(); }
  labelled_data finish() &&;

 private:
  bool replace_missing(std::string_view& field) const;
  void add_several(std::string_view field);
  [[noreturn]] static void refuse_missing(std::string const& where);

  options const& of_;
  bool several_;
  labelled_data result_ = {};
  label_numbers numbers_ = {};
  std::vector<std::uint32_t> of_sample_ = {};
  std::size_t skipped_ = 0;
};

/// "12 samples without a label are left out (--skip-missing)."
std::string note_of_skipped(std::size_t count);

/// Notes how many records with only empty fields were skipped at the end of a file, if any were.
void note_empty_at_end(labelled_data& data, std::size_t count);

}  // namespace inspect
