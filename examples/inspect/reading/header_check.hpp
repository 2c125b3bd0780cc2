// Finds out whether the first line of a file is a header that was taken for a sample.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace inspect {

/// Looks at the first few samples. The first one is a header if it has a word in a column that has numbers below, or if
/// its label is a word such as "label".
class header_check {
 public:
  /// The fields of a sample, and the number of the field with the label.
  void see(std::span<std::string_view const> fields, std::size_t label);
  bool is_header() const;

 private:
  static constexpr std::size_t most = 1000;  // the number of samples to look at

  std::vector<bool> above_numbers_;  // by column: whether it has a word first and numbers below
  bool names_labels_ = false;
  std::size_t seen_ = 0;
};

/// Whether text is a number, such as "-1.5e3" or "nan".
bool is_number(std::string_view text);

}  // namespace inspect
