// Values that the user gives by label: shares, limits.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <ranges>
#include <string_view>
#include <utility>
#include <vector>

#include <evendraw/core/class_index.hpp>
#include <evendraw/core/errors.hpp>

namespace evendraw {

/// Pairs of label and value, from a list {{"cat", 0.2}, {"dog", 0.8}} or any range of pairs, std::map for instance.
template <class Label, class Value>
class per_label {
 public:
  using value_type = std::pair<Label, Value>;

  per_label() = default;
  per_label(std::initializer_list<value_type> pairs) : pairs_(pairs) {}

  template <std::ranges::input_range Range>
    requires std::constructible_from<value_type, std::ranges::range_reference_t<Range>>
  per_label(Range const& pairs) {  // NOLINT(google-explicit-constructor): a map is such a table
    for (auto const& pair : pairs) pairs_.emplace_back(pair);
  }

  [[nodiscard]] bool empty() const noexcept { return pairs_.empty(); }
  [[nodiscard]] auto begin() const noexcept { return pairs_.begin(); }
  [[nodiscard]] auto end() const noexcept { return pairs_.end(); }

  /// The values by class number; nothing for classes that are not named.
  ///
  /// Needs      labels that are classes, each named once -> else std::invalid_argument
  template <std::unsigned_integral Index>
  [[nodiscard]] std::vector<std::optional<Value>> by_class(std::string_view who, std::string_view what,
                                                           class_index<Label, Index> const& classes) const {
    std::vector<std::optional<Value>> result(static_cast<std::size_t>(classes.num_classes()));
    for (auto const& [label, value] : pairs_) {
      if (!classes.contains(label)) {
        detail::invalid(who, what, " names ", detail::text(label), ", which no sample has; the ",
                        detail::text(classes.num_classes()), " classes are those of the labels");
      }
      auto& place = result[static_cast<std::size_t>(classes.class_of(label))];
      if (place) detail::invalid(who, what, " names ", detail::text(label), " twice");
      place = value;
    }
    return result;
  }

 private:
  std::vector<value_type> pairs_;
};

}  // namespace evendraw
