// The samples that a rank has, of data that is spread over ranks.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/classes/detail/class_members.hpp>
#include <evendraw/classes/detail/label_numbering.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/interval_lookup.hpp>
#include <evendraw/detail/shared.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

namespace detail {

template <class Label, std::unsigned_integral Index>
class partition_amendment;

/// A label of any rank, and the number of samples that have it.
template <class Label>
struct found_label {
  Label label;
  std::uint64_t count = 0;   // on all ranks
  std::uint64_t before = 0;  // on the ranks before this one
  std::uint64_t own = 0;     // on this rank
};

/// The labels of all ranks, sorted. Empty if no rank has samples.
template <class Label>
std::vector<found_label<Label>> labels_of_ranks(std::string_view context,
                                                std::span<label_counts<Label> const> counts_by_rank,
                                                std::uint64_t rank) {
  label_numbering<Label> numbering;
  std::vector<found_label<Label>> found;
  std::uint64_t sum = 0;
  for (std::size_t r = 0; r < counts_by_rank.size(); ++r) {
    for (auto const& [label, count] : counts_by_rank[r]) {
      if (count > std::numeric_limits<std::int64_t>::max() - sum) {
        invalid(context, "with the count of ", text(Label(label)), " of rank ", text(r), ", which is ", text(count),
                ", there are more than 2^63 - 1 samples; lower the counts");
      }
      sum += count;
      std::size_t const number = numbering.number(label);
      if (number == found.size()) found.push_back({.label = label});
      found[number].count += count;
      if (r < rank) found[number].before += count;
      if (r == rank) found[number].own += count;
    }
  }
  if (sum == 0) return {};
  std::ranges::sort(found, {}, &found_label<Label>::label);
  return found;
}

/// Samples that came to the ranks together. They are numbered class by class, and within a class rank by rank.
template <std::unsigned_integral Index>
struct partition_layer {
  /// The samples of a class that this rank has.
  struct own_range {
    std::uint64_t first;  // the number of the first of them, counted from the first of the layer
    std::uint64_t count;
    std::uint64_t begin;  // the place of the first of them among the members on this rank
  };

  static constexpr std::uint64_t none = ~std::uint64_t{0};

  std::uint64_t first;      // the number of the first sample
  interval_lookup classes;  // the class of each number, counted from `first`
  std::vector<own_range> own;
  shared<class_members<Index> const> members;  // null if this rank has none

  /// The place of the sample among the members on this rank, or `none` if another rank has it.
  [[nodiscard]] std::uint64_t place_of(std::uint64_t sample) const noexcept {
    auto const& range = own[classes(sample - first)];
    std::uint64_t const number = sample - first - range.first;
    return number < range.count ? range.begin + number : none;
  }
};

/// The layer of the samples with these labels, of which `mine` are on this rank.
template <class Label, std::unsigned_integral Index>
partition_layer<Index> layer_of(std::uint64_t first, std::optional<class_index<Label, Index>> const& mine,
                                std::vector<found_label<Label>> const& found) {
  std::vector<std::uint64_t> lengths;
  std::vector<typename partition_layer<Index>::own_range> own;
  std::uint64_t before = 0;
  for (auto const& each : found) {
    if (each.count == 0) continue;
    std::uint64_t begin = 0;
    if (each.own > 0)
      begin = mine->shared_members()->classes[static_cast<std::size_t>(mine->class_of(each.label))].begin;
    own.push_back({before + each.before, each.own, begin});
    lengths.push_back(each.count);
    before += each.count;
  }
  return {first, interval_lookup(lengths), std::move(own),
          mine ? mine->shared_members() : shared<class_members<Index> const>()};
}

}  // namespace detail

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
