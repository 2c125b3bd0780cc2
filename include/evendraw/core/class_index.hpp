// Labels -> classes, their counts and their members.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <numeric>
#include <optional>
#include <ranges>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <evendraw/core/class_members.hpp>
#include <evendraw/core/errors.hpp>
#include <evendraw/core/labels.hpp>

namespace evendraw {

template <class Label>
struct class_index_options {
  std::vector<Label> classes = {};  ///< all classes, in the order of their numbers; empty: those found, sorted
  bool allow_empty = false;         ///< whether a class in `classes` may have no samples
};

/// The classes of a data set: what samplers, weights and reports are built from. Built once, cheap to copy.
///
///   labels   n labels, one per sample; integers of any width and sign, enumerators, bools or strings
///   indices  optional: the samples to index (a training split); members are then the original indices
///   options  .classes: all classes in the order of their numbers (default: those found, sorted); .allow_empty
///
/// Needs      n >= 1; n <= max of Index; a label of every sample in .classes, if given; a sample for every class
///            in .classes unless .allow_empty; indices in range and distinct -> else std::invalid_argument or
///            std::out_of_range
/// Cost       O(n + K log K); 4 n bytes held for 32-bit indices, nothing if the samples of every class are consecutive;
///            counting sort for integers and enumerators close together, hashing for others
/// Stable     same labels: same classes in the same order; plain char sorts as on the platform, signed or not
template <class Label, std::unsigned_integral Index = std::uint32_t>
class class_index {
 public:
  using label_type = Label;
  using index_type = Index;

  template <label_range Labels>
  requires std::same_as<label_of<Labels>, Label>
  explicit class_index(Labels&& labels, std::type_identity_t<class_index_options<Label>> options = {}) {
    if constexpr (std::ranges::forward_range<Labels>) {
      auto const visit = [&labels](auto f) {
        std::uint64_t sample = 0;
        for (auto const& label : labels) f(sample++, label);
      };
      build(visit, static_cast<std::uint64_t>(std::ranges::distance(labels)), std::move(options));
    } else {  // can be read once only
      std::vector<Label> kept;
      for (auto const& label : labels) kept.push_back(Label(label));
      *this = class_index(kept, std::move(options));
    }
  }

  template <label_range Labels, index_range Indices>
  requires std::same_as<label_of<Labels>, Label> && std::ranges::random_access_range<Labels> class_index(
      Labels&& labels, Indices&& indices, std::type_identity_t<class_index_options<Label>> options = {}) {
    auto const size = static_cast<std::uint64_t>(std::ranges::distance(labels));
    auto const mask = detail::subset_mask(indices, size);
    auto const visit = [&](auto f) {
      auto label = std::ranges::begin(labels);
      for (std::size_t sample = 0; sample < mask.size(); ++sample, ++label) {
        if (mask[sample]) f(std::uint64_t{sample}, *label);
      }
    };
    build(visit, size, std::move(options));
  }

  [[nodiscard]] std::uint64_t num_classes() const noexcept { return names_->labels.size(); }
  /// Number of samples indexed.
  [[nodiscard]] std::uint64_t num_samples() const noexcept { return names_->num_samples; }
  /// Number of labels given: every index is below it. More than num_samples() for a subset.
  [[nodiscard]] std::uint64_t index_bound() const noexcept { return names_->index_bound; }

  /// The label of each class, by class number.
  [[nodiscard]] std::vector<Label> const& labels() const noexcept { return names_->labels; }
  /// The number of samples of each class.
  [[nodiscard]] std::span<std::uint64_t const> counts() const noexcept { return names_->counts; }
  /// The samples of class c, ascending. Needs c < num_classes() -> else std::out_of_range.
  [[nodiscard]] member_range<Index> members(std::uint64_t c) const {
    if (c >= num_classes()) {
      detail::out_of_range("class_index", "class number ", detail::text(c), "; there are ", detail::text(num_classes()),
                           " classes");
    }
    return member_range<Index>(*members_, static_cast<std::size_t>(c));
  }

  /// The number of the class with this label. O(log K). A label that no class has -> std::out_of_range.
  [[nodiscard]] std::uint64_t class_of(Label const& label) const {
    if (auto const found = names_->find(label); found != num_classes()) return found;
    detail::out_of_range("class_index", "no class has the label ", detail::text(label), names_->list());
  }
  /// The first labels as an error message ends with them: "; the classes are 'cat', 'dog'".
  [[nodiscard]] std::string known_labels() const { return names_->list(); }
  [[nodiscard]] bool contains(Label const& label) const { return names_->find(label) != num_classes(); }

  /// The class number of every sample below index_bound(); num_classes() for samples outside a subset. O(n).
  [[nodiscard]] std::vector<std::uint32_t> sample_classes() const {
    std::vector<std::uint32_t> result(static_cast<std::size_t>(index_bound()),
                                      static_cast<std::uint32_t>(num_classes()));
    for (std::uint64_t c = 0; c < num_classes(); ++c) {
      for (Index const sample : members(c)) result[static_cast<std::size_t>(sample)] = static_cast<std::uint32_t>(c);
    }
    return result;
  }

  /// What samplers share with this index.
  [[nodiscard]] std::shared_ptr<class_members<Index> const> const& shared_members() const noexcept { return members_; }

 private:
  struct names {
    std::vector<Label> labels;
    std::vector<std::uint64_t> counts;
    std::vector<std::uint32_t> sorted;  // class numbers by label
    std::uint64_t index_bound;
    std::uint64_t num_samples = 0;

    names(std::vector<Label> of, std::uint64_t bound)
        : labels(std::move(of)), counts(labels.size()), index_bound(bound) {
      sorted.resize(labels.size());
      std::iota(sorted.begin(), sorted.end(), std::uint32_t{0});
      std::ranges::sort(sorted, {}, by_label());
      auto const twice = std::ranges::adjacent_find(sorted, {}, by_label());
      if (twice != sorted.end()) {
        detail::invalid("class_index", "the class ", detail::text(Label(labels[*twice])), " is declared twice");
      }
    }

    /// The class with this label, or the number of classes.
    std::uint64_t find(Label const& label) const {
      auto const at = std::ranges::lower_bound(sorted, label, {}, by_label());
      return at != sorted.end() && labels[*at] == label ? *at : labels.size();
    }

    /// The first labels, for error messages.
    std::string list() const {
      std::string result = "; the classes are ";
      for (std::size_t c = 0; c < labels.size(); ++c) {
        if (c == 10) return detail::joined(result, ", ... (", detail::text(labels.size()), " in all)");
        result += detail::joined(c == 0 ? "" : ", ", detail::text(Label(labels[c])));
      }
      return result;
    }

    auto by_label() const {
      return [this](std::uint32_t c) -> decltype(auto) { return labels[c]; };
    }
  };

  /// Counts the pieces that samples of one label lie in. As many pieces as labels: each label lies in one.
  struct piece_counter {
    void add(std::uint64_t sample, std::uint64_t key) noexcept {
      if (count == 0 || key != last_key || sample != last_sample + 1) ++count;
      last_key = key;
      last_sample = sample;
    }

    std::uint64_t count = 0, last_key = 0, last_sample = 0;
  };

  /// visit(f) calls f(sample, label) for every sample, ascending; it can be called again.
  template <class Visit>
  void build(Visit const& visit, std::uint64_t index_bound, class_index_options<Label> options) {
    if (index_bound > std::numeric_limits<Index>::max()) {
      detail::invalid("class_index", detail::text(index_bound), " samples do not fit into ",
                      detail::text(std::numeric_limits<Index>::digits),
                      "-bit indices; use std::uint64_t as the index type");
    }
    if constexpr (std::integral<Label> || std::is_enum_v<Label>) {
      if (build_dense(visit, index_bound, options)) return;
    }
    detail::label_numbering<Label> numbering;
    std::vector<std::uint32_t> numbers;
    std::vector<std::uint64_t> counts;
    piece_counter pieces;
    visit([&](std::uint64_t sample, auto const& label) {
      numbers.push_back(numbering.number(label));
      pieces.add(sample, numbers.back());
      if (counts.size() < numbering.labels.size()) counts.push_back(0);
      ++counts[numbers.back()];
    });
    std::size_t next = 0;
    finish(visit, index_bound, std::move(options), std::move(numbering.labels), counts, pieces.count,
           [&](auto const&) { return numbers[next++]; });
  }

  /// Counting by label - smallest label, where the labels lie close together; false where they do not.
  template <class Visit>
  bool build_dense(Visit const& visit, std::uint64_t index_bound, class_index_options<Label>& options) {
    std::uint64_t samples = 0;
    using integer = decltype(detail::label_integer(Label{}));
    integer smallest = std::numeric_limits<integer>::max(), largest = std::numeric_limits<integer>::min();
    piece_counter pieces;
    visit([&](std::uint64_t sample, Label label) {
      ++samples;
      pieces.add(sample, static_cast<std::uint64_t>(label));
      smallest = std::min(smallest, detail::label_integer(label));
      largest = std::max(largest, detail::label_integer(label));
    });
    if (samples == 0) return false;
    auto const offset = [smallest](Label label) {
      return static_cast<std::uint64_t>(label) - static_cast<std::uint64_t>(smallest);
    };
    std::uint64_t const width = offset(static_cast<Label>(largest));
    if (width >= 4 * samples + 1024) return false;
    std::vector<std::uint64_t> table(static_cast<std::size_t>(width) + 1);
    visit([&](std::uint64_t, Label label) { ++table[static_cast<std::size_t>(offset(label))]; });
    std::vector<Label> labels;
    std::vector<std::uint64_t> counts;
    for (std::size_t i = 0; i < table.size(); ++i) {
      if (table[i] == 0) continue;
      counts.push_back(std::exchange(table[i], labels.size()));
      labels.push_back(static_cast<Label>(static_cast<integer>(static_cast<std::uint64_t>(smallest) + i)));
    }
    finish(visit, index_bound, std::move(options), std::move(labels), counts, pieces.count,
           [&](Label label) { return static_cast<std::uint32_t>(table[static_cast<std::size_t>(offset(label))]); });
    return true;
  }

  /// From the labels found, their counts and the number of each sample's label: final classes and their members.
  template <class Visit, class Number>
  void finish(Visit const& visit, std::uint64_t index_bound, class_index_options<Label> options,
              std::vector<Label> found, std::vector<std::uint64_t> const& found_counts, std::uint64_t pieces,
              Number number) {
    if (found.empty()) detail::invalid("class_index", "no samples; give at least one label");
    if (options.classes.empty()) {
      options.classes = found;
      std::sort(options.classes.begin(), options.classes.end());
    }
    names result(std::move(options.classes), index_bound);
    std::size_t const classes = result.labels.size();
    std::vector<std::uint32_t> class_of_number(found.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      std::uint64_t const c = result.find(found[i]);
      if (c == classes) undeclared(visit, found[i], result);
      class_of_number[i] = static_cast<std::uint32_t>(c);
      result.counts[static_cast<std::size_t>(c)] = found_counts[i];
    }
    auto members = std::make_shared<class_members<Index>>();
    for (std::size_t c = 0; c < classes; ++c) {
      if (result.counts[c] == 0 && !options.allow_empty) {
        detail::invalid("class_index", "the class ", detail::text(Label(result.labels[c])),
                        " has no samples; leave it out of .classes or set .allow_empty");
      }
      members->classes.push_back({result.num_samples, result.counts[c]});
      result.num_samples += result.counts[c];
    }
    std::vector<std::uint64_t> seen(classes);
    if (pieces == found.size()) {
      visit([&](std::uint64_t sample, auto const& label) {
        std::size_t const c = class_of_number[number(label)];
        if (seen[c]++ == 0) members->classes[c].begin = sample;
      });
    } else {
      members->samples.resize(static_cast<std::size_t>(result.num_samples));
      visit([&](std::uint64_t sample, auto const& label) {
        std::size_t const c = class_of_number[number(label)];
        members->samples[static_cast<std::size_t>(members->classes[c].begin + seen[c]++)] = static_cast<Index>(sample);
      });
    }
    names_ = std::make_shared<names const>(std::move(result));
    members_ = std::move(members);
  }

  template <class Visit>
  [[noreturn]] static void undeclared(Visit const& visit, Label const& unknown, names const& declared) {
    std::optional<std::uint64_t> first;
    visit([&](std::uint64_t sample, auto const& label) {
      if (!first && Label(label) == unknown) first = sample;
    });
    detail::invalid("class_index", "the label ", detail::text(unknown), " of sample ", detail::text(*first),
                    " is not one of the declared .classes", declared.list());
  }

  std::shared_ptr<names const> names_;
  std::shared_ptr<class_members<Index> const> members_;
};

template <label_range Labels>
class_index(Labels&&) -> class_index<label_of<Labels>>;
template <label_range Labels>
class_index(Labels&&, class_index_options<label_of<Labels>>) -> class_index<label_of<Labels>>;
template <label_range Labels, index_range Indices>
class_index(Labels&&, Indices&&) -> class_index<label_of<Labels>>;
template <label_range Labels, index_range Indices>
class_index(Labels&&, Indices&&, class_index_options<label_of<Labels>>) -> class_index<label_of<Labels>>;

}  // namespace evendraw
