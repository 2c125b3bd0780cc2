// Values that the user gives by label, such as shares and limits.
#pragma once

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/classes/labelled.hpp>
#include <evendraw/detail/errors.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

/// What happens to the classes in the data that the shares do not name.
enum class unnamed_classes {
  error,    ///< the constructor throws and names the first one
  exclude,  ///< they are never drawn
  natural,  ///< they divide 1 minus the sum of the named shares, which must be < 1, by their counts
};

namespace detail {

/// Values by class number. A class that was not given one has the value {}.
template <class Value>
struct class_values {
  std::vector<Value> values;
  std::vector<char> given;  ///< whether each class was given a value
};

}  // namespace detail

/// Values by label, from a list {{"cat", 0.2}, {"dog", 0.8}} or any range of pairs, such as a std::map.
template <class Label, class Value>
class per_label {
 public:
  using value_type = labelled<Label, Value>;

  per_label() = default;
  per_label(std::initializer_list<detail::given_pair<Label, Value>> values) {
    for (auto const& each : values) add(each);
  }

  template <std::ranges::input_range Range>
  requires requires(std::ranges::range_reference_t<Range> pair) {
    detail::given_pair<Label, Value>(pair.first, pair.second);
  }
  per_label(Range&& pairs) {  // implicit, so that a map can be passed
    for (auto const& pair : pairs) add({pair.first, pair.second});
  }

  [[nodiscard]] bool empty() const noexcept { return values_.empty(); }
  [[nodiscard]] auto begin() const noexcept { return values_.begin(); }
  [[nodiscard]] auto end() const noexcept { return values_.end(); }

  /// Throws if a label or value is invalid, whatever the classes are. by_class() describes the parameters.
  void refuse_problem(std::string_view context, std::string_view what) const {
    detail::refuse_problem(context, what, problem_);
  }

  /// The values by class number.
  ///
  ///   context  the function that an error message names
  ///   what     the option that an error message names
  ///   classes  the K classes
  ///
  /// Needs      labels that are classes, each named once; whole values >= 0 if Value is an integer -> else
  ///            std::invalid_argument
  template <std::unsigned_integral Index>
  [[nodiscard]] detail::class_values<Value> by_class(std::string_view context, std::string_view what,
                                                     class_index<Label, Index> const& classes) const {
    refuse_problem(context, what);
    auto const size = static_cast<std::size_t>(classes.num_classes());
    detail::class_values<Value> result{std::vector<Value>(size), std::vector<char>(size)};
    for (auto const& [label, value] : values_) {
      if (!classes.contains(label)) {
        detail::invalid(context, what, " names ", detail::text(label), ", which no sample has", classes.known_labels());
      }
      auto const c = static_cast<std::size_t>(classes.class_of(label));
      if (result.given[c] != 0) detail::invalid(context, what, " names ", detail::text(label), " twice; name it once");
      result.given[c] = 1;
      result.values[c] = value;
    }
    return result;
  }

 private:
  void add(detail::given_pair<Label, Value> const& given) {
    if (problem_.empty()) problem_ = given.problem;
    values_.push_back(given);
  }

  std::vector<value_type> values_;
  std::string problem_;  // what is wrong with the first invalid pair; empty: nothing
};

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
