// The classes of a data set, as far as they do not depend on which sample is where: labels and counts.
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

namespace evendraw {

/// Which classes there are, and how an index is built.
template <class Label>
struct class_index_options {
  std::vector<Label> classes = {};  ///< all classes, in the order of their numbers; empty: those found, sorted
  bool allow_empty = false;         ///< whether a class in `classes` may have no samples
  unsigned threads = 1;             ///< how many threads may build; the result is the same
};

namespace detail {

/// The label of each class, the class of each label, and how many samples each class has.
template <class Label>
class class_names {
 public:
  /// From the labels that were found, each of them once.
  ///
  ///   counts        how many samples have each
  ///   first_sample  number of a found label -> the index of the first sample that has it
  ///   class_of      receives the class of each found label
  class_names(std::vector<Label> found, std::span<std::uint64_t const> counts, class_index_options<Label>& options,
              function_ref<std::uint64_t(std::size_t)> first_sample, std::vector<std::uint32_t>& class_of) {
    class_of.resize(found.size());
    if (options.classes.empty()) {
      for (std::uint32_t const f : sorted_numbers(found)) {
        class_of[f] = static_cast<std::uint32_t>(counts_.size());
        options.classes.push_back(std::move(found[f]));
        counts_.push_back(counts[f]);
      }
      labels_ = {who, std::move(options.classes)};
    } else {
      labels_ = {who, std::move(options.classes)};
      counts_.resize(labels().size());
      for (std::size_t f = 0; f < found.size(); ++f) {
        if (counts[f] == 0) continue;
        std::size_t const c = find(found[f]);
        if (c == counts_.size()) {
          invalid(who, "the label ", text(Label(found[f])), " of sample ", text(first_sample(f)),
                  " is not one of the declared .classes", list());
        }
        counts_[c] = counts[f];
        class_of[f] = static_cast<std::uint32_t>(c);
      }
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

  class_labels<Label> labels_;
  std::vector<std::uint64_t> counts_;
};

}  // namespace detail

}  // namespace evendraw
