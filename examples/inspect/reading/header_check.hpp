// Is the first line of a file a header that was taken for a sample?
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace inspect {

/// Looks at the first few samples. The first is a header if the word in one of its columns stands above numbers, or if
/// its label is a word for labels.
class header_check {
 public:
  /// The fields of a sample, and which of them has the label.
  void see(std::span<std::string_view const> fields, std::size_t label);
  bool is_header() const;

 private:
  static constexpr std::size_t most = 1000;  // samples that are looked at

  std::vector<bool> above_numbers_;  // by column: a word, and numbers below it
  bool names_labels_ = false;
  std::size_t seen_ = 0;
};

/// Whether text is a number, "-1.5e3" or "nan" for instance.
bool is_number(std::string_view text);

}  // namespace inspect
