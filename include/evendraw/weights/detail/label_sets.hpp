// Label sets as numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include <evendraw/classes/detail/label_numbering.hpp>
#include <evendraw/classes/labels.hpp>
#include <evendraw/detail/errors.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

namespace detail {

/// The labels of one sample. A string does not qualify. Neither does a range of bool, which would be a row of a 0/1
/// table.
template <class Set>
concept label_set = label_range<Set> && !std::same_as<std::ranges::range_value_t<Set>, bool>;

/// The labels of many samples: std::vector<std::vector<int>>, std::vector<std::set<std::string>>, ...
template <class Range>
concept label_set_range = std::ranges::input_range<Range> && label_set<std::ranges::range_reference_t<Range>>;

/// Anything that a user may mean as label sets, whether it is supported or not.
template <class T>
concept given_label_sets = character_text<T> ||
    (std::ranges::input_range<T> && !std::floating_point<std::ranges::range_value_t<T>>);

/// Whether these are label sets. If they are not, compilation stops with the reason.
template <class LabelSets>
constexpr bool are_label_sets() {
  static_assert(label_set_range<LabelSets>,
                "evendraw: label sets are a range of ranges of labels, one for each sample, such as "
                "std::vector<std::vector<std::string>>; label_sets_of(rows) makes them from the rows of a 0/1 table, "
                "and std::views::transform from other things. A label is an integer, an enumerator or a string");
  return label_set_range<LabelSets>;
}

/// The labels of samples by number, in order of first occurrence. A label that a sample has twice counts once.
template <class Label>
struct numbered_label_sets {
  label_numbering<Label> numbering;
  std::vector<std::uint32_t> numbers;  ///< label numbers of all samples, concatenated
  std::vector<std::size_t> ends;       ///< where each sample's numbers end
  std::vector<std::uint64_t> counts;   ///< the number of samples that have each label

  [[nodiscard]] std::size_t size() const noexcept { return ends.size(); }
  [[nodiscard]] std::span<std::uint32_t const> operator[](std::size_t i) const noexcept {
    std::size_t const begin = i == 0 ? 0 : ends[i - 1];
    return std::span(numbers).subspan(begin, ends[i] - begin);
  }
};

/// Recognises label sets that are really the rows of a 0/1 table: all have the same size of at least 2 and only the
/// labels 0 and 1, and some have one of these twice.
class table_rows {
 public:
  void add_label(auto const& label) {
    bool is_bit = false;
    if constexpr (whole_number<std::remove_cvref_t<decltype(label)>>) is_bit = label == 0 || label == 1;
    all_bits_ = all_bits_ && is_bit;
    ++size_;
  }
  void add_repeat() noexcept { any_repeat_ = true; }

  void end_set(bool first) noexcept {
    if (first) columns_ = size_;
    same_size_ = same_size_ && size_ == columns_;
    size_ = 0;
  }

  void refuse(std::string_view context) const {
    if (!all_bits_ || !any_repeat_ || !same_size_ || columns_ < 2) return;
    invalid(context, "every sample has ", text(columns_),
            " labels, all of them 0 or 1, like the rows of a 0/1 table; give label_sets_of(rows) instead");
  }

 private:
  std::size_t columns_ = 0, size_ = 0;
  bool all_bits_ = true, any_repeat_ = false, same_size_ = true;
};

template <label_set_range LabelSets>
auto number_label_sets(std::string_view context, LabelSets&& label_sets) {
  numbered_label_sets<label_of<std::ranges::range_reference_t<LabelSets>>> result;
  std::vector<std::uint64_t> last_sample;
  table_rows rows;
  for (auto&& labels : label_sets) {
    for (auto&& label : labels) {
      rows.add_label(label);
      auto const number = result.numbering.number(label);
      if (number == result.counts.size()) {
        result.counts.push_back(0);
        last_sample.push_back(0);
      }
      if (last_sample[number] == result.size() + 1) {  // the sample has it twice
        rows.add_repeat();
        continue;
      }
      last_sample[number] = result.size() + 1;
      ++result.counts[number];
      result.numbers.push_back(number);
    }
    rows.end_set(result.ends.empty());
    result.ends.push_back(result.numbers.size());
  }
  if (result.ends.empty()) invalid(context, "no samples; give the labels of at least one");
  rows.refuse(context);
  return result;
}

}  // namespace detail

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
