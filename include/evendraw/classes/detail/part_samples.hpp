// The samples of a part of the data, such as a training split.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include <evendraw/classes/labels.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/huge_page_vector.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

[[noreturn, gnu::cold]] inline void refuse_empty_part(std::string_view context) {
  invalid(context, "the part is empty; give the index of at least one sample");
}

/// Whether each sample below a bound is in a part.
class part_mask {
 public:
  /// `context` is the function that an error message names.
  part_mask(std::string_view context, std::uint64_t bound) : context_(context), in_(static_cast<std::size_t>(bound)) {}

  /// Adds a sample.
  ///
  /// Needs      an index below the bound that was not added yet -> else std::out_of_range or std::invalid_argument
  void add(std::uint64_t index, bool negative) {
    if (negative || index >= in_.size()) refuse_outside(index, negative);
    auto const sample = static_cast<std::size_t>(index);
    if (in_[sample]) refuse_again(index);
    in_[sample] = true;
    ++size_;
  }

  /// The samples that were added, ascending. Needs one -> else std::invalid_argument.
  template <std::unsigned_integral Index>
  [[nodiscard]] huge_page_vector<Index> samples() const {
    // One more element, so that each sample can be written before it is known whether it is in the part.
    huge_page_vector<Index> result(size_ + 1);
    std::size_t next = 0;
    for (std::size_t sample = 0; sample < in_.size(); ++sample) {
      result[next] = static_cast<Index>(sample);
      next += in_[sample] ? 1 : 0;
    }
    result.resize(size_);
    if (result.empty()) refuse_empty_part(context_);
    return result;
  }

 private:
  [[noreturn, gnu::cold]] void refuse_outside(std::uint64_t index, bool negative) const {
    out_of_range(context_, "indices[", text(size_), "] is ",
                 negative ? text(static_cast<std::int64_t>(index)) : text(index), "; there are ", text(in_.size()),
                 " labels, and an index must be below that");
  }
  [[noreturn, gnu::cold]] void refuse_again(std::uint64_t index) const {
    invalid(context_, "indices[", text(size_), "] is ", text(index), " again; a part names each sample once");
  }

  std::string_view context_;
  std::vector<bool> in_;
  std::size_t size_ = 0;
};

/// The samples of a part, ascending.
///
/// Needs      at least one index; distinct indices below `bound` -> else std::invalid_argument or std::out_of_range
template <std::unsigned_integral Index, index_range Indices>
huge_page_vector<Index> sorted_part(std::string_view context, Indices&& indices, std::uint64_t bound) {
  part_mask mask(context, bound);
  for (auto const index : indices) mask.add(static_cast<std::uint64_t>(index), std::cmp_less(index, 0));
  return mask.samples<Index>();
}

/// The samples of a part, in the given order. The range is read once.
///
/// Needs      at least one index; distinct indices >= 0, below the maximum of Index -> else std::invalid_argument or
///            std::out_of_range
template <std::unsigned_integral Index, index_range Indices>
huge_page_vector<Index> listed_part(std::string_view context, Indices&& indices) {
  constexpr auto most = std::numeric_limits<Index>::max();
  huge_page_vector<Index> result;
  Index largest = 0;
  for (auto const index : indices) {
    if (std::cmp_less(index, 0) || std::cmp_greater_equal(index, most)) {
      out_of_range(context, "indices[", text(result.size()), "] is ", text(index), "; an index must be >= 0 and below ",
                   text(most));
    }
    result.push_back(static_cast<Index>(index));
    largest = largest < result.back() ? result.back() : largest;
  }
  if (result.empty()) refuse_empty_part(context);
  part_mask mask(context, std::uint64_t{largest} + 1);
  for (Index const index : result) mask.add(index, false);
  return result;
}

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
