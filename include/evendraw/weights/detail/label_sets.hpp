// Label sets as numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <evendraw/classes/detail/label_numbering.hpp>
#include <evendraw/classes/labels.hpp>
#include <evendraw/detail/errors.hpp>

namespace evendraw {

/// The labels of one sample. A string does not qualify, nor does a range of bool: it would be a row of an indicator
/// table.
template <class Set>
concept label_set = label_range<Set> && !std::convertible_to<Set, std::string_view> &&
                    !std::same_as<std::ranges::range_value_t<Set>, bool>;

/// The labels of many samples: std::vector<std::vector<int>>, std::vector<std::set<std::string>>, ...
template <class Range>
concept label_set_range = std::ranges::input_range<Range> && label_set<std::ranges::range_reference_t<Range>>;

namespace detail {

/// The labels of samples by number, in order of first occurrence. A label that a sample has twice counts once.
template <class Label>
struct numbered_label_sets {
  label_numbering<Label> numbering;
  std::vector<std::uint32_t> numbers;  ///< label numbers of all samples, concatenated
  std::vector<std::size_t> ends;       ///< where each sample's numbers end
  std::vector<std::uint64_t> counts;   ///< the samples that have each label

  [[nodiscard]] std::size_t size() const noexcept { return ends.size(); }
  [[nodiscard]] std::span<std::uint32_t const> operator[](std::size_t i) const noexcept {
    std::size_t const begin = i == 0 ? 0 : ends[i - 1];
    return std::span(numbers).subspan(begin, ends[i] - begin);
  }
};

template <label_set_range LabelSets>
auto number_label_sets(std::string_view context, LabelSets&& label_sets) {
  numbered_label_sets<label_of<std::ranges::range_reference_t<LabelSets>>> result;
  std::vector<std::uint64_t> last_sample;
  for (auto&& labels : label_sets) {
    for (auto&& label : labels) {
      auto const number = result.numbering.number(label);
      if (number == result.counts.size()) {
        result.counts.push_back(0);
        last_sample.push_back(0);
      }
      if (last_sample[number] == result.size() + 1) continue;  // the sample has it twice
      last_sample[number] = result.size() + 1;
      ++result.counts[number];
      result.numbers.push_back(number);
    }
    result.ends.push_back(result.numbers.size());
  }
  if (result.ends.empty()) invalid(context, "no samples; give the labels of at least one");
  return result;
}

}  // namespace detail

}  // namespace evendraw
