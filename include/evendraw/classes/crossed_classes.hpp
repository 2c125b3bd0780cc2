// Samples with several labels of different kinds: diagnosis and scanner, class and domain.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/classes/labels.hpp>
#include <evendraw/detail/errors.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

namespace detail {

/// One attribute of all samples.
struct attribute {
  std::vector<std::string> values;       ///< its values, by their numbers
  std::vector<std::uint32_t> of_sample;  ///< the number of every sample's value, or values.size() outside a subset
};

template <std::unsigned_integral Index, class Label>
attribute attribute_of(class_index<Label, Index> const& classes) {
  attribute result{{}, classes.sample_classes()};
  for (std::size_t c = 0; c < classes.labels().size(); ++c) {
    result.values.push_back(plain_text(Label(classes.labels()[c])));
  }
  return result;
}
template <std::unsigned_integral Index, given_labels Labels>
attribute attribute_of(Labels const& labels) {
  if constexpr (are_labels<Labels const&>()) {
    return attribute_of<Index>(class_index<label_of<Labels const&>, Index>(labels));
  } else {
    return {};
  }
}

template <class T>
inline constexpr bool is_attribute = given_labels<T>;  // of unsupported types too: see are_labels
template <class Label, class Index>
inline constexpr bool is_attribute<class_index<Label, Index>> = true;

}  // namespace detail

/// Makes a class of every combination of attributes that occurs. These classes are called cells.
///
///   attributes  two or more; each has one label per sample: a range of labels, or a class_index. If one is the
///               class_index of a subset, all must be, and of the same subset
///
/// The cell of the values "melanoma" and "A" is the class "melanoma, A". Cells are ordered by the value of the first
/// attribute, then by that of the second, and so on.
///
/// Needs      the same number of samples for each attribute; at most 2^32 - 1 cells; different texts for different
///            cells -> else std::invalid_argument
/// Edge       a combination that does not occur is not a cell; in the names of cells, numbers appear as digits.
///            Enumerators appear as the text of to_string() in the namespace of their type, or as digits if there is
///            none
/// Cost       O(n) time; 4 n bytes (see class_index), and about 60 bytes and the text for each cell; while building
///            about 30 bytes for each index below index_bound()
/// Stable     as class_index
template <std::unsigned_integral Index = std::uint32_t>
class crossed_classes {
 public:
  using index_type = Index;

  template <class First, class... Others>
  requires(sizeof...(Others) > 0 && detail::is_attribute<First> &&
           (detail::is_attribute<Others> && ...)) explicit crossed_classes(First const& first, Others const&... others)
      : crossed_classes(std::vector<detail::attribute>{detail::attribute_of<Index>(first),
                                                       detail::attribute_of<Index>(others)...}) {}

  crossed_classes(crossed_classes const&) = default;
  crossed_classes(crossed_classes&&) noexcept = default;
  /// Changes nothing if memory runs out.
  crossed_classes& operator=(crossed_classes const& other) { return *this = crossed_classes(other); }
  crossed_classes& operator=(crossed_classes&&) noexcept = default;
  ~crossed_classes() = default;

  /// The cells as classes. Give it to a sampler, whose shares or quotas are then those of cells.
  [[nodiscard]] class_index<std::string, Index> const& index() const& noexcept { return index_; }
  [[nodiscard]] class_index<std::string, Index> index() && noexcept { return index_; }

  /// The number of attributes.
  [[nodiscard]] std::size_t num_attributes() const noexcept { return values_.size(); }
  /// The values of attribute a, by their numbers. Needs a < num_attributes() -> else std::out_of_range.
  [[nodiscard]] std::vector<std::string> const& values(std::size_t a) const& {
    check_attribute(a);
    return values_[a];
  }
  /// The number of the value that attribute a has in each cell, by cell number. Needs a < num_attributes() -> else
  /// std::out_of_range.
  [[nodiscard]] std::vector<std::uint32_t> const& values_of_cells(std::size_t a) const& {
    check_attribute(a);
    return of_cell_[a];
  }

  /// Sums up numbers of cells, such as counts or shares, for each value of attribute a.
  ///
  ///   a         the number of the attribute
  ///   of_cells  one number per cell, by cell number
  ///
  /// Needs      a < num_attributes() -> else std::out_of_range; as many numbers as cells -> else std::invalid_argument
  template <class Number>
  [[nodiscard]] std::vector<Number> marginal(std::size_t a, std::span<Number const> of_cells) const {
    std::vector<Number> result(values(a).size());
    if (of_cells.size() != of_cell_[a].size()) {
      detail::invalid(context, "marginal: ", detail::counted(of_cells.size(), "number", "numbers"), " for ",
                      detail::counted(of_cell_[a].size(), "cell", "cells"), "; give one for each");
    }
    for (std::size_t c = 0; c < of_cells.size(); ++c) result[of_cell_[a][c]] += of_cells[c];
    return result;
  }

 private:
  static constexpr std::string_view context = "crossed_classes";

  explicit crossed_classes(std::vector<detail::attribute> attributes)
      : values_(values_of(attributes)), of_cell_(attributes.size()), index_(cells(attributes)) {}

  void check_attribute(std::size_t a) const {
    if (a < num_attributes()) return;
    detail::out_of_range(context, "attribute number ", detail::text(a), "; there are ", detail::text(num_attributes()),
                         " attributes, numbered from 0");
  }

  static std::vector<std::vector<std::string>> values_of(std::vector<detail::attribute>& attributes) {
    std::vector<std::vector<std::string>> result;
    for (auto& each : attributes) result.push_back(std::move(each.values));
    return result;
  }

  /// Joins the attributes one after the other: (cells so far, next attribute) -> cells, numbered in order.
  class_index<std::string, Index> cells(std::vector<detail::attribute> const& attributes) {
    std::vector<std::uint32_t> cell_of = attributes[0].of_sample;
    std::vector<Index> samples;  // those that have a value
    for (std::size_t i = 0; i < cell_of.size(); ++i) {
      if (cell_of[i] < values_[0].size()) samples.push_back(static_cast<Index>(i));
    }
    of_cell_[0].resize(values_[0].size());
    std::iota(of_cell_[0].begin(), of_cell_[0].end(), std::uint32_t{0});
    for (std::size_t a = 1; a < attributes.size(); ++a) {
      check_samples(attributes[0], attributes[a], values_[a].size(), a, samples);
      std::uint64_t const radix = values_[a].size();
      std::vector<std::uint64_t> codes;
      for (Index const i : samples) codes.push_back(cell_of[i] * radix + attributes[a].of_sample[i]);
      class_index<std::uint64_t, Index> const joined(codes);
      auto const numbers = joined.sample_classes();
      for (std::size_t j = 0; j < samples.size(); ++j) cell_of[samples[j]] = numbers[j];
      std::vector<std::vector<std::uint32_t>> of_cell(attributes.size());
      for (std::uint64_t const code : joined.labels()) {
        for (std::size_t b = 0; b < a; ++b) of_cell[b].push_back(of_cell_[b][static_cast<std::size_t>(code / radix)]);
        of_cell[a].push_back(static_cast<std::uint32_t>(code % radix));
      }
      of_cell_ = std::move(of_cell);
    }
    return named(cell_of, samples);
  }

  static void check_samples(detail::attribute const& first, detail::attribute const& other, std::size_t num_values,
                            std::size_t number, std::vector<Index> const& samples) {
    if (other.of_sample.size() != first.of_sample.size()) {
      detail::invalid(context, "attribute 0 has ", detail::counted(first.of_sample.size(), "label", "labels"),
                      " and attribute ", detail::text(number), " has ", detail::text(other.of_sample.size()),
                      "; give each attribute one label per sample");
    }
    for (std::size_t i = 0, found = 0; i < other.of_sample.size(); ++i) {
      bool const in_first = found < samples.size() && samples[found] == i;
      found += in_first ? 1 : 0;
      if (in_first == (other.of_sample[i] < num_values)) continue;
      detail::invalid(context, "sample ", detail::text(i), " is in the subset of attribute ",
                      detail::text(in_first ? 0 : number), ", but not in that of attribute ",
                      detail::text(in_first ? number : 0), "; index the same samples by all attributes");
    }
  }

  /// The cells with their names, in the same order.
  class_index<std::string, Index> named(std::vector<std::uint32_t> const& cell_of,
                                        std::vector<Index> const& samples) const {
    std::vector<std::string> names(of_cell_[0].size());
    for (std::size_t cell = 0; cell < names.size(); ++cell) {
      for (std::size_t a = 0; a < values_.size(); ++a) {
        names[cell] += a == 0 ? "" : ", ";
        names[cell] += values_[a][of_cell_[a][cell]];
      }
    }
    std::vector<std::string_view> labels(cell_of.size());
    for (Index const i : samples) labels[i] = names[cell_of[i]];
    if (samples.size() == labels.size()) return class_index<std::string, Index>(labels, {.classes = names});
    return class_index<std::string, Index>(labels, samples, {.classes = names});
  }

  std::vector<std::vector<std::string>> values_;     // by attribute, then number
  std::vector<std::vector<std::uint32_t>> of_cell_;  // by attribute, then cell
  class_index<std::string, Index> index_;
};

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
