// What a label may be, and how labels are told apart.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <ranges>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include <evendraw/core/counter_random.hpp>
#include <evendraw/core/errors.hpp>

namespace evendraw {

/// Something that names a class: an integer of any width, an enumerator, a bool or a string.
template <class T>
concept label = std::integral<T> || std::is_enum_v<T> || std::convertible_to<T const&, std::string_view>;

/// A range of labels, one per sample.
template <class Range>
concept label_range = std::ranges::input_range<Range> && label<std::ranges::range_value_t<Range>>;

/// What a range's labels are kept as: the type itself, strings as std::string.
template <label_range Range>
using label_of = std::conditional_t<std::convertible_to<std::ranges::range_value_t<Range> const&, std::string_view>,
                                    std::string, std::ranges::range_value_t<Range>>;

/// The indices of a part of the samples.
template <class Range>
concept index_range = std::ranges::input_range<Range> && std::integral<std::ranges::range_value_t<Range>> &&
    !std::same_as<std::ranges::range_value_t<Range>, bool>;

namespace detail {

/// The integer that an integer or enumerator is.
template <class T>
constexpr auto label_integer(T value) noexcept {
  if constexpr (std::is_enum_v<T>) {
    return static_cast<std::underlying_type_t<T>>(value);
  } else {
    return value;
  }
}

/// What a label is looked up by: a number or the text.
template <class T>
constexpr auto label_key(T const& value) {
  if constexpr (std::convertible_to<T const&, std::string_view>) {
    return std::string_view(value);
  } else {
    return static_cast<std::uint64_t>(value);
  }
}

struct label_key_hash {
  using is_transparent = void;
  std::size_t operator()(std::uint64_t key) const noexcept { return static_cast<std::size_t>(mix64(key)); }
  std::size_t operator()(std::string_view key) const noexcept { return std::hash<std::string_view>{}(key); }
};

/// Numbers labels in the order in which they are first seen.
template <class Label>
class label_numbering {
 public:
  std::uint32_t number(auto const& label) {
    auto const key = label_key(label);
    if (last_ != numbers_.end() && last_->first == key) return last_->second;  // labels often come in runs
    last_ = numbers_.find(key);
    if (last_ == numbers_.end()) {
      last_ = numbers_.emplace(key, static_cast<std::uint32_t>(labels.size())).first;
      labels.push_back(Label(label));
    }
    return last_->second;
  }

  std::vector<Label> labels;

 private:
  using key_type = std::conditional_t<std::same_as<Label, std::string>, std::string, std::uint64_t>;
  using map = std::unordered_map<key_type, std::uint32_t, label_key_hash, std::equal_to<>>;
  map numbers_;
  typename map::iterator last_ = numbers_.end();
};

/// Which samples of `size` a subset names, each at most once.
template <index_range Indices>
std::vector<bool> subset_mask(Indices&& indices, std::uint64_t size) {
  std::vector<bool> mask(static_cast<std::size_t>(size));
  std::uint64_t place = 0;
  for (auto const index : indices) {
    if (std::cmp_less(index, 0) || std::cmp_greater_equal(index, size)) {
      out_of_range("class_index", "indices[", text(place), "] is ", text(index), "; there are ", text(size), " labels");
    }
    auto const sample = static_cast<std::size_t>(index);
    if (mask[sample]) {
      invalid("class_index", "indices[", text(place), "] is ", text(index), " again; a subset names each sample once");
    }
    mask[sample] = true;
    ++place;
  }
  return mask;
}

}  // namespace detail

}  // namespace evendraw
