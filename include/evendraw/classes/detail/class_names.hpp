// The labels and counts of classes, without their members.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <evendraw/classes/detail/class_labels.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/function_ref.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

/// Options of a class_index: the classes, and how it is built.
template <class Label>
struct class_index_options {
  std::vector<Label> classes = {};  ///< all classes, in the order of their numbers; empty: those found, sorted
  bool allow_empty = false;         ///< whether a class in `classes` may have no samples
  unsigned threads = 1;             ///< the most threads that build it; the result does not depend on it
};

namespace detail {

/// The different labels that were found.
template <class Label>
struct found_labels {
  std::vector<Label> labels;
  huge_page_vector<std::uint64_t> const& counts;          // the number of samples of each label
  function_ref<std::uint64_t(std::size_t)> first_sample;  // the number of a label -> the index of its first sample
};

/// The label of each class, the class of each label, and the number of samples of each class.
template <class Label>
class class_names {
 public:
  /// Moves the labels out of `found` or `options`. If found label f has samples, its class is written to class_of[f].
  class_names(found_labels<Label>& found, class_index_options<Label>& options,
              huge_page_vector<std::uint32_t>& class_of)
      : class_names(found, options, class_of, !options.classes.empty()) {}

  [[nodiscard]] std::vector<Label> const& labels() const noexcept { return labels_.labels(); }
  [[nodiscard]] huge_page_vector<std::uint64_t> const& counts() const noexcept { return counts_; }
  [[nodiscard]] std::size_t find(auto const& name) const { return labels_.find(name); }
  [[nodiscard]] std::string list() const { return labels_.list(); }

 private:
  static constexpr char const* context = "class_index";

  class_names(found_labels<Label>& found, class_index_options<Label>& options,
              huge_page_vector<std::uint32_t>& class_of, bool declared)
      : labels_(context, declared ? std::move(options.classes) : sorted(found, class_of)), counts_(labels().size(), 0) {
    for (std::size_t f = 0; f < class_of.size(); ++f) {
      if (found.counts[f] == 0) continue;
      if (declared) class_of[f] = declared_class(found, f);
      counts_[class_of[f]] = found.counts[f];
    }
    for (std::size_t c = 0; c < counts_.size(); ++c) {
      if (counts_[c] == 0 && !options.allow_empty) refuse_empty(c);
    }
  }

  /// Returns the found labels, sorted, and writes the class of each.
  static std::vector<Label> sorted(found_labels<Label>& found, huge_page_vector<std::uint32_t>& class_of) {
    std::vector<Label> result(class_of.size());
    auto const order = sorted_numbers(found.labels);
    for (std::size_t c = 0; c < order.size(); ++c) {
      class_of[order[c]] = static_cast<std::uint32_t>(c);
      result[c] = std::move(found.labels[order[c]]);
    }
    return result;
  }

  [[nodiscard]] std::uint32_t declared_class(found_labels<Label> const& found, std::size_t f) const {
    std::size_t const c = find(found.labels[f]);
    if (c == counts_.size()) refuse_undeclared(found.labels[f], found.first_sample(f));
    return static_cast<std::uint32_t>(c);
  }

  [[noreturn, gnu::cold, gnu::noinline]] void refuse_undeclared(Label const& label, std::uint64_t sample) const {
    invalid(context, "the label ", text(label), " of sample ", text(sample), " is not one of the declared .classes",
            list());
  }
  [[noreturn, gnu::cold, gnu::noinline]] void refuse_empty(std::size_t c) const {
    invalid(context, "class ", text(Label(labels()[c])),
            " has no samples; leave it out of .classes or set .allow_empty");
  }

  class_labels<Label> labels_;
  huge_page_vector<std::uint64_t> counts_;
};

}  // namespace detail

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
