// The classes of a data set, as far as they do not depend on which sample is where: labels and counts.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include <evendraw/core/errors.hpp>

namespace evendraw {

template <class Label>
struct class_index_options {
  std::vector<Label> classes = {};  ///< all classes, in the order of their numbers; empty: those found, sorted
  bool allow_empty = false;         ///< whether a class in `classes` may have no samples
  unsigned threads = 1;             ///< how many threads may build; the result is the same
};

namespace detail {

/// A label that occurs, the number by which it is counted, and how many samples have it.
template <class Label>
struct found_label {
  Label label;
  std::uint64_t key;
  std::uint64_t count;
};

/// The label of each class, the class of each label, and how many samples each class has.
template <class Label>
class class_names {
 public:
  /// `found` is brought into the order of the classes; first_sample(key) is the first sample that has a found label.
  template <class FirstSample>
  class_names(std::vector<found_label<Label>>& found, class_index_options<Label>& options,
              FirstSample const& first_sample)
      : labels_(std::move(options.classes)) {
    if (found.empty()) invalid(who, "no samples; give at least one label");
    if (labels_.empty()) {
      if (!std::ranges::is_sorted(found, {}, label_of)) std::ranges::sort(found, {}, label_of);
      for (auto const& [label, key, count] : found) {
        labels_.push_back(label);
        counts_.push_back(count);
      }
      sort_labels();
    } else {
      counts_.resize(labels_.size());
      sort_labels();
      for (auto const& [label, key, count] : found) {
        std::size_t const c = find(label);
        if (c == labels_.size()) {
          invalid(who, "the label ", text(label), " of sample ", text(first_sample(key)),
                  " is not one of the declared .classes", list());
        }
        counts_[c] = count;
      }
      std::ranges::sort(found, {}, [this](auto const& each) { return find(each.label); });
    }
    for (std::size_t c = 0; c < labels_.size(); ++c) {
      if (counts_[c] == 0 && !options.allow_empty) {
        invalid(who, "the class ", text(Label(labels_[c])),
                " has no samples; leave it out of .classes or set .allow_empty");
      }
    }
  }

  [[nodiscard]] std::vector<Label> const& labels() const noexcept { return labels_; }
  [[nodiscard]] std::vector<std::uint64_t> const& counts() const noexcept { return counts_; }

  /// The class with this label, or the number of classes. O(log K).
  [[nodiscard]] std::size_t find(Label const& label) const {
    auto const at = std::ranges::lower_bound(sorted_, label, {}, by_label());
    return at != sorted_.end() && labels_[*at] == label ? *at : labels_.size();
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
  static constexpr char const* who = "class_index";

  static Label const& label_of(found_label<Label> const& found) noexcept { return found.label; }
  auto by_label() const {
    return [this](std::uint32_t c) -> decltype(auto) { return labels_[c]; };
  }

  void sort_labels() {
    sorted_.resize(labels_.size());
    std::iota(sorted_.begin(), sorted_.end(), std::uint32_t{0});
    if (!std::ranges::is_sorted(sorted_, {}, by_label())) std::ranges::sort(sorted_, {}, by_label());
    auto const twice = std::ranges::adjacent_find(sorted_, {}, by_label());
    if (twice != sorted_.end()) invalid(who, "the class ", text(Label(labels_[*twice])), " is declared twice");
  }

  std::vector<Label> labels_;
  std::vector<std::uint64_t> counts_;
  std::vector<std::uint32_t> sorted_;  // classes by label
};

}  // namespace detail

}  // namespace evendraw
