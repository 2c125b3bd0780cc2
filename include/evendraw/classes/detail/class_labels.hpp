// The label of each class, and the class of each label.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <evendraw/classes/labels.hpp>
#include <evendraw/detail/errors.hpp>

namespace evendraw::detail {

/// The labels of the classes 0, 1, 2, ..., each of them once.
template <class Label>
class class_labels {
 public:
  class_labels() = default;

  /// `who` speaks if a label comes twice.
  class_labels(std::string_view who, std::vector<Label> labels) : labels_(std::move(labels)), sorted_(labels_.size()) {
    std::iota(sorted_.begin(), sorted_.end(), std::uint32_t{0});
    if (!std::ranges::is_sorted(sorted_, {}, by_label())) std::ranges::sort(sorted_, {}, by_label());
    auto const twice = std::ranges::adjacent_find(sorted_, {}, by_label());
    if (twice != sorted_.end()) invalid(who, "the class ", text(Label(labels_[*twice])), " is declared twice");
  }

  /// By class number.
  [[nodiscard]] std::vector<Label> const& labels() const noexcept { return labels_; }

  /// The class with this label, or the number of classes. O(log K).
  [[nodiscard]] std::size_t find(Label const& label) const {
    auto const at = std::ranges::lower_bound(sorted_, label, {}, by_label());
    return at != sorted_.end() && labels_[*at] == label ? *at : labels_.size();
  }

  template <label_name<Label> Name>
  [[nodiscard]] std::size_t find(Name const& name) const {
    return can_be<Label>(name) ? find(static_cast<Label>(name)) : labels_.size();
  }

  /// The first labels, as error messages end with them.
  [[nodiscard]] std::string list() const {
    std::string result = "; the classes are ";
    for (std::size_t c = 0; c < labels_.size(); ++c) {
      if (c == 10) return joined(result, ", ... (", text(labels_.size()), " in all)");
      result += joined(c == 0 ? "" : ", ", text(Label(labels_[c])));
    }
    return result;
  }

 private:
  auto by_label() const {
    return [this](std::uint32_t c) -> decltype(auto) { return labels_[c]; };
  }

  std::vector<Label> labels_;
  std::vector<std::uint32_t> sorted_;  // classes by label
};

}  // namespace evendraw::detail
