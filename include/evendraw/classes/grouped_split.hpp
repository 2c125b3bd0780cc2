// Splits that keep groups together: all images of a patient, all sentences of a document.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/classes/detail/group_parts.hpp>
#include <evendraw/classes/detail/part_sizes.hpp>
#include <evendraw/classes/labels.hpp>
#include <evendraw/classes/split.hpp>
#include <evendraw/detail/errors.hpp>

#include <evendraw/detail/macros_off.hpp>
#include <evendraw/random/counter_random.hpp>

namespace evendraw {

/// The parts of a grouped split, and how close each class is to its proportion. It is also a range of the parts.
template <std::unsigned_integral Index>
struct grouped_parts {
  std::vector<std::vector<Index>> parts;             ///< the samples of each part, ascending
  std::vector<std::vector<std::uint64_t>> achieved;  ///< achieved[c][p]: the number of samples of class c in part p
  std::vector<std::vector<double>> wanted;           ///< wanted[c][p]: this number in exact proportion

  [[nodiscard]] std::size_t size() const noexcept { return parts.size(); }
  [[nodiscard]] std::vector<Index> const& operator[](std::size_t p) const noexcept { return parts[p]; }
  [[nodiscard]] auto begin() const noexcept { return parts.begin(); }
  [[nodiscard]] auto end() const noexcept { return parts.end(); }

  /// The largest |achieved - wanted| of a class in a part, in samples.
  [[nodiscard]] double farthest() const noexcept {
    double most = 0;
    for (std::size_t c = 0; c < achieved.size(); ++c) {
      for (std::size_t p = 0; p < achieved[c].size(); ++p) {
        double const deviation = static_cast<double>(achieved[c][p]) - wanted[c][p];
        most = std::max(most, std::max(deviation, -deviation));
      }
    }
    return most;
  }
};

namespace detail {

/// The group of every index below classes.index_bound().
struct group_numbers {
  std::vector<std::uint32_t> of_sample;
  std::uint64_t count;  // the number of groups; a group number that is not below it means that the index has no group
};

template <class Label, std::unsigned_integral Index, class GroupLabel, std::unsigned_integral GroupIndex>
group_numbers groups_of(std::string_view context, class_index<Label, Index> const& classes,
                        class_index<GroupLabel, GroupIndex> const& groups) {
  if (groups.index_bound() != classes.index_bound()) {
    invalid(context, "the groups are those of ", counted(groups.index_bound(), "sample", "samples"), ", and there are ",
            counted(classes.index_bound(), "label", "labels"), "; give a group for each sample");
  }
  return {groups.sample_classes(), groups.num_classes()};
}
template <class Label, std::unsigned_integral Index, given_labels Groups>
group_numbers groups_of(std::string_view context, class_index<Label, Index> const& classes, Groups const& groups) {
  return groups_of(context, classes, class_index<label_of<Groups const&>, Index>(groups));
}

/// The number of samples of each class in every group. Groups without samples are left out, and `groups` is renumbered.
template <class Label, std::unsigned_integral Index>
group_classes classes_of_groups(std::string_view context, class_index<Label, Index> const& classes,
                                group_numbers& groups) {
  constexpr auto none = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::uint32_t> number(static_cast<std::size_t>(groups.count), none), last_class;
  std::vector<std::size_t> sizes;
  auto const each_sample = [&](auto visit) {
    for (std::uint32_t c = 0; c < classes.num_classes(); ++c) {
      for (Index const sample : classes.members(c)) visit(c, groups.of_sample[static_cast<std::size_t>(sample)]);
    }
  };
  each_sample([&](std::uint32_t c, std::uint32_t& group) {
    if (group >= groups.count) {
      invalid(context, "a sample of class ", text(Label(classes.labels()[c])), " has no group; give each sample one");
    }
    if (number[group] == none) {
      number[group] = static_cast<std::uint32_t>(sizes.size());
      sizes.push_back(1);  // counts all samples
      last_class.push_back(none);
    }
    group = number[group];
    if (last_class[group] == c) return;
    last_class[group] = c;
    ++sizes[group];
  });
  groups.count = sizes.size();
  group_classes result;
  result.begins.push_back(0);
  for (std::size_t const size : sizes) result.begins.push_back(result.begins.back() + size);
  result.entries.resize(result.begins.back());
  auto next = result.begins;  // where the next entry of each group is written
  std::vector<std::uint64_t> totals(sizes.size());
  each_sample([&](std::uint32_t c, std::uint32_t group) {
    auto& end = next[group];
    ++totals[group];
    bool const begun = end > result.begins[group] && result.entries[end - 1].c == c;
    if (!begun) result.entries[end++] = {c, 0};
    ++result.entries[end - 1].count;
  });
  for (std::size_t g = 0; g < sizes.size(); ++g) {
    result.entries[next[g]] = {static_cast<std::uint32_t>(classes.num_classes()), totals[g]};
  }
  return result;
}

template <class Label, std::unsigned_integral Index>
grouped_parts<Index> grouped_split(std::string_view context, class_index<Label, Index> const& classes,
                                   group_numbers groups, std::vector<std::uint64_t> const& sizes,
                                   split_options const& options) {
  std::size_t const parts = sizes.size(), num_classes = static_cast<std::size_t>(classes.num_classes());
  auto const minimums = options.at_least.by_part(context, parts);
  for (std::size_t p = 0; p < parts; ++p) {
    if (sizes[p] > 0 || minimums[p] == 0) continue;
    invalid(context, "at_least asks for ", counted(minimums[p], "sample", "samples"), " of every class in part ",
            text(p), ", whose size is 0; give it a larger share of the ",
            counted(classes.num_samples(), "sample", "samples"), ", or lower at_least");
  }
  auto const total = static_cast<double>(classes.num_samples());
  grouped_parts<Index> result;
  std::vector<double> wanted;
  for (std::size_t c = 0; c <= num_classes; ++c) {
    result.wanted.emplace_back();
    auto const count = c < num_classes ? static_cast<double>(classes.counts()[c]) : total;
    for (std::uint64_t const size : sizes) result.wanted[c].push_back(count * static_cast<double>(size) / total);
    wanted.insert(wanted.end(), result.wanted[c].begin(), result.wanted[c].end());
  }
  result.wanted.pop_back();
  auto const table = classes_of_groups(context, classes, groups);
  group_parts const assigned(table, parts, std::move(wanted), minimums, split_key(options.seed, 0));
  std::vector<std::uint64_t> part_sizes;
  for (std::size_t p = 0; p < parts; ++p) part_sizes.push_back(assigned.achieved(num_classes, p));
  for (std::size_t c = 0; c < num_classes; ++c) {
    result.achieved.emplace_back();
    for (std::size_t p = 0; p < parts; ++p) {
      result.achieved[c].push_back(assigned.achieved(c, p));
      if (classes.counts()[c] == 0 || assigned.achieved(c, p) >= minimums[p]) continue;
      invalid(context, "at_least asks for ", counted(minimums[p], "sample", "samples"), " of every class in part ",
              text(p), ", but no split was found that has more than ", text(assigned.achieved(c, p)), " of class ",
              text(Label(classes.labels()[c])), "; its samples are in too few groups: lower at_least");
    }
  }
  std::vector<std::uint32_t> part_of(groups.of_sample.size(), in_no_part);
  for (std::size_t c = 0; c < num_classes; ++c) {
    for (Index const sample : classes.members(c)) {
      auto const i = static_cast<std::size_t>(sample);
      part_of[i] = static_cast<std::uint32_t>(assigned.part_of()[groups.of_sample[i]]);
    }
  }
  result.parts = lists_of_parts<Index>(part_of, part_sizes);
  return result;
}

}  // namespace detail

/// Splits the samples of a class_index so that no group is in two parts, and every part has each class in nearly the
/// same proportion. The result says how nearly.
///
///   classes  n samples in K classes; if it indexes a subset, the samples of the subset are split
///   groups   the group of each sample: a range of labels as long as that of the classes, or a class_index of it
///   parts    fractions of n (floating point) or counts (integers), one per part: {0.8, 0.2}, {800, 200}
///   options  .seed, .at_least
///
/// Needs      parts as for random_split; as many groups as labels; with .at_least, no part with a minimum has the size
///            0, and a split that meets the minima must be found -> else std::invalid_argument
/// Edge       one group: it is in the largest part; groups of one sample each: sizes and class counts are nearly those
///            of stratified_split. A class in a single group is in one part only; with .at_least = 1 it is the first
///            part
/// Exact      every sample is in one part, with its whole group. Sizes and class counts are approximate: .achieved has
///            the counts, and .wanted has what they would be in exact proportion
/// Cost       a few passes of O(n + (E + G) P) time for G groups, P parts and E pairs of a group and a class in it; 4
///            bytes per sample and 16 E + 40 G + 32 K P bytes while splitting
/// Stable     the same members of classes and groups, in the same order of their numbers, and the same options give the
///            same split on every platform
/// Source     a greedy assignment, then exchanges; compare StratifiedGroupKFold of scikit-learn
template <class Label, std::unsigned_integral Index, class Groups, detail::part_size_range Parts>
[[nodiscard]] grouped_parts<Index> grouped_split(class_index<Label, Index> const& classes, Groups const& groups,
                                                 Parts&& parts, split_options const& options = {}) {
  constexpr std::string_view context = "grouped_split";
  auto const sizes = detail::sizes_of_parts(context, classes.num_samples(), parts);
  return detail::grouped_split(context, classes, detail::groups_of(context, classes, groups), sizes, options);
}

template <class Label, std::unsigned_integral Index, class Groups, detail::part_size Size>
[[nodiscard]] grouped_parts<Index> grouped_split(class_index<Label, Index> const& classes, Groups const& groups,
                                                 std::initializer_list<Size> parts, split_options const& options = {}) {
  return grouped_split(classes, groups, std::span<Size const>(parts.begin(), parts.size()), options);
}

/// Splits the samples of a class_index into folds for cross-validation, so that no group is in two folds, and every
/// fold has each class nearly in the same proportion. Test on a fold, and train on all others.
///
///   classes    n samples in K classes
///   groups     the group of each sample, as for grouped_split
///   num_folds  at least 1, at most n
///   options    .seed
///
/// Needs      as grouped_split; 1 <= num_folds <= n -> else std::invalid_argument
/// Edge       fewer groups than folds: some folds are empty
/// Cost       as grouped_split into num_folds parts
/// Stable     as grouped_split
template <class Label, std::unsigned_integral Index, class Groups>
[[nodiscard]] grouped_parts<Index> grouped_folds(class_index<Label, Index> const& classes, Groups const& groups,
                                                 std::uint64_t num_folds, seed_options options = {}) {
  constexpr std::string_view context = "grouped_folds";
  auto const sizes = detail::sizes_of_folds(context, classes.num_samples(), num_folds);
  return detail::grouped_split(context, classes, detail::groups_of(context, classes, groups), sizes,
                               split_options{options.seed});
}

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
