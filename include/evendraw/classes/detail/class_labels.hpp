// The label of each class, and the class of each label.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <evendraw/classes/labels.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/function_ref.hpp>
#include <evendraw/detail/huge_page_vector.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// Sorts numbers by less(number, number). It is a merge sort of our own, because std::sort takes longer to compile than
/// the rest of this header.
template <class Numbers>
void sort_numbers(Numbers& numbers, function_ref<bool(std::uint32_t, std::uint32_t)> less) {
  std::size_t const n = numbers.size();
  Numbers sorted(n);
  for (std::size_t width = 1; width < n; width *= 2) {
    for (std::size_t first = 0; first < n; first += 2 * width) {
      std::size_t const middle = std::min(first + width, n), last = std::min(middle + width, n);
      std::size_t left = first, right = middle;
      for (std::size_t out = first; out < last; ++out) {
        bool const take_right = left == middle || (right < last && less(numbers[right], numbers[left]));
        sorted[out] = numbers[take_right ? right++ : left++];
      }
    }
    numbers.swap(sorted);
  }
}

/// The numbers of labels, sorted by label.
template <class Label>
huge_page_vector<std::uint32_t> sorted_numbers(std::vector<Label> const& labels) {
  huge_page_vector<std::uint32_t> result(labels.size());
  bool sorted = true;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    result[i] = static_cast<std::uint32_t>(i);
    sorted = sorted && (i == 0 || !(labels[i] < labels[i - 1]));
  }
  if (!sorted) sort_numbers(result, [&](std::uint32_t a, std::uint32_t b) { return labels[a] < labels[b]; });
  return result;
}

/// The labels of the classes 0, 1, 2, ... All are different.
template <class Label>
class class_labels {
 public:
  class_labels() = default;

  /// Throws if a label occurs twice; `context` begins the message.
  class_labels(std::string_view context, std::vector<Label> labels)
      : labels_(std::move(labels)), sorted_(sorted_numbers(labels_)) {
    for (std::size_t i = 1; i < sorted_.size(); ++i) {
      if (labels_[sorted_[i]] == labels_[sorted_[i - 1]]) {
        invalid(context, "class ", text(Label(labels_[sorted_[i]])),
                " is declared twice; give every class its own label");
      }
    }
  }

  /// The labels by class number.
  [[nodiscard]] std::vector<Label> const& labels() const noexcept { return labels_; }

  /// The class with this label, or the number of classes if there is none. O(log K).
  [[nodiscard]] std::size_t find(Label const& label) const noexcept {
    std::size_t first = 0;
    for (std::size_t size = sorted_.size(); size > 0;) {  // the first label >= `label` is in [first, first + size]
      std::size_t const half = size / 2;
      bool const behind = labels_[sorted_[first + half]] < label;
      first += behind ? half + 1 : 0;
      size = behind ? size - half - 1 : half;
    }
    return first < sorted_.size() && labels_[sorted_[first]] == label ? sorted_[first] : labels_.size();
  }

  template <label_name<Label> Name>
  [[nodiscard]] std::size_t find(Name const& name) const {
    return can_be<Label>(name) ? find(as_label<Label>(name)) : labels_.size();
  }

  /// The first labels, as the end of an error message.
  [[nodiscard]] std::string list() const {
    std::string result = "; the classes are ";
    for (std::size_t c = 0; c < labels_.size(); ++c) {
      if (c == 10) return joined(result, ", ... (", text(labels_.size()), " in all)");
      result += joined(c == 0 ? "" : ", ", text(Label(labels_[c])));
    }
    return result;
  }

 private:
  std::vector<Label> labels_;
  huge_page_vector<std::uint32_t> sorted_;  // the classes, sorted by label
};

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
