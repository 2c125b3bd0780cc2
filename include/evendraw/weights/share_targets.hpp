// The shares that a user wants, by label.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <evendraw/classes/crossed_classes.hpp>
#include <evendraw/classes/labels.hpp>

namespace evendraw {

/// The shares that labels, or the values of an attribute, should have: a list {{"A", 0.5}, {"B", 0.5}}, a range of
/// pairs, one number for every label (raked_weights), equal() (raked_shares, nested_shares), or {} for no targets.
class share_targets {
 public:
  /// A label and its share.
  struct value {
    std::string label;  ///< the label, as text
    double share;       ///< its share of the draws

    template <class_label Label>
    value(Label const& name, double target) : label(detail::plain_text(name)), share(target) {}
  };

  share_targets() = default;
  share_targets(double of_every_label) : of_every_label_(of_every_label) {}  // implicit, as the list is
  share_targets(std::initializer_list<value> values) : values_(values) {}
  template <std::ranges::input_range Range>
  requires requires(std::ranges::range_reference_t<Range> pair) { value(pair.first, pair.second); }
  share_targets(Range&& pairs) {  // implicit, so that a map can be passed
    for (auto const& pair : pairs) values_.emplace_back(pair.first, pair.second);
  }

  [[nodiscard]] bool empty() const noexcept { return values_.empty() && !of_every_label_ && !equal_; }
  /// Whether all values shall have the same share: equal().
  [[nodiscard]] bool are_equal() const noexcept { return equal_; }
  /// The share of every label, if it was given as one number.
  [[nodiscard]] std::optional<double> of_every_label() const noexcept { return of_every_label_; }
  /// The listed labels and shares.
  [[nodiscard]] auto begin() const noexcept { return values_.begin(); }
  [[nodiscard]] auto end() const noexcept { return values_.end(); }

 private:
  std::vector<value> values_;
  std::optional<double> of_every_label_;
  bool equal_ = false;

  friend share_targets equal();
};

namespace detail {

/// The number of a label in a list of texts; names.size() if it is not in it.
inline std::size_t label_number(std::vector<std::string> const& names, std::string const& label) noexcept {
  std::size_t k = 0;
  while (k < names.size() && names[k] != label) ++k;
  return k;
}

}  // namespace detail

/// Targets by which every value of an attribute has the same share.
[[nodiscard]] inline share_targets equal() {
  share_targets result;
  result.equal_ = true;
  return result;
}

}  // namespace evendraw
