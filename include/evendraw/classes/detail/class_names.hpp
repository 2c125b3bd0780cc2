// The classes of a data set, as far as they do not depend on which sample is where: labels and counts.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <evendraw/classes/detail/class_labels.hpp>
#include <evendraw/detail/errors.hpp>

namespace evendraw {

/// Which classes there are, and how an index is built.
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
              FirstSample const& first_sample) {
    if (found.empty()) invalid(who, "no samples; give at least one label");
    if (options.classes.empty()) {
      if (!std::ranges::is_sorted(found, {}, label_of)) std::ranges::sort(found, {}, label_of);
      for (auto const& each : found) {
        options.classes.push_back(each.label);
        counts_.push_back(each.count);
      }
      labels_ = {who, std::move(options.classes)};
    } else {
      labels_ = {who, std::move(options.classes)};
      counts_.resize(labels().size());
      for (auto const& [label, key, count] : found) {
        std::size_t const c = find(label);
        if (c == counts_.size()) {
          invalid(who, "the label ", text(label), " of sample ", text(first_sample(key)),
                  " is not one of the declared .classes", list());
        }
        counts_[c] = count;
      }
      std::ranges::sort(found, {}, [this](auto const& each) { return labels_.find(each.label); });
    }
    for (std::size_t c = 0; c < counts_.size(); ++c) {
      if (counts_[c] == 0 && !options.allow_empty) {
        invalid(who, "the class ", text(Label(labels()[c])),
                " has no samples; leave it out of .classes or set .allow_empty");
      }
    }
  }

  [[nodiscard]] std::vector<Label> const& labels() const noexcept { return labels_.labels(); }
  [[nodiscard]] std::vector<std::uint64_t> const& counts() const noexcept { return counts_; }
  [[nodiscard]] std::size_t find(auto const& name) const { return labels_.find(name); }
  [[nodiscard]] std::string list() const { return labels_.list(); }

 private:
  static constexpr char const* who = "class_index";

  static Label const& label_of(found_label<Label> const& found) noexcept { return found.label; }

  class_labels<Label> labels_;
  std::vector<std::uint64_t> counts_;
};

}  // namespace detail

}  // namespace evendraw
