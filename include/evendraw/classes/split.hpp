// Splits of samples into parts: training, validation, test.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/classes/detail/part_sizes.hpp>
#include <evendraw/classes/labels.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/sort_by.hpp>
#include <evendraw/random/counter_random.hpp>
#include <evendraw/random/permutation.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

namespace detail {

/// The fewest samples of every class in each part. {2, 1} means 2 in the first part, 1 in the second, and 0 in the
/// others; 1 and {1, 0} both mean 1 in the first part.
class part_minimums {
 public:
  part_minimums() = default;
  template <whole_number Number>
  part_minimums(Number number) : part_minimums({number}) {}  // implicit, as the list is
  template <whole_number Number>
  part_minimums(std::initializer_list<Number> given) {
    for (Number const number : given) {
      if (std::cmp_less(number, 0)) invalid("split_options", "at_least is ", text(number), "; it must be >= 0");
      numbers_.push_back(static_cast<std::uint64_t>(number));
    }
  }

  /// The minimum of each of `parts` parts. Needs no more numbers than parts -> else std::invalid_argument.
  [[nodiscard]] std::vector<std::uint64_t> by_part(std::string_view context, std::size_t parts) const {
    if (numbers_.size() > parts) {
      invalid(context, "at_least has ", counted(numbers_.size(), "number", "numbers"), " for ", text(parts),
              " parts; give one for each");
    }
    auto result = numbers_;
    result.resize(parts);
    return result;
  }

 private:
  std::vector<std::uint64_t> numbers_;
};

}  // namespace detail

/// Options of stratified_split and grouped_split. With .at_least = {2, 1} the first part has at least 2 samples of
/// every class, and the second has at least 1; 1 means {1}. Parts without a number have no minimum.
struct split_options {
  std::uint64_t seed = 0;               ///< chooses the split
  detail::part_minimums at_least = {};  ///< the fewest samples of every class in each part
};

namespace detail {

/// Calls visit(i, part of i) for every i < n, ascending. The parts are random and have the given sizes. Needs sizes
/// that sum to n.
template <class Visit>
void assign_parts(std::uint64_t n, std::uint64_t key, std::span<std::uint64_t const> sizes, Visit visit) {
  if (n == 0) return;
  std::vector<std::uint64_t> ends;
  for (std::uint64_t const size : sizes) ends.push_back(ends.empty() ? size : ends.back() + size);
  for_each_place(permutation(n, key), [&](std::uint64_t i, std::uint64_t place) {
    visit(i, count_below(ends.data(), ends.size(), place + 1));
  });
}

template <std::unsigned_integral Index>
std::vector<std::vector<Index>> empty_parts(std::span<std::uint64_t const> sizes) {
  std::vector<std::vector<Index>> parts(sizes.size());
  for (std::size_t p = 0; p < sizes.size(); ++p) parts[p].reserve(static_cast<std::size_t>(sizes[p]));
  return parts;
}

/// The number of no part.
inline constexpr auto in_no_part = ~std::uint32_t{0};

/// The samples of each part, ascending. A sample may be in_no_part.
template <std::unsigned_integral Index>
std::vector<std::vector<Index>> lists_of_parts(std::span<std::uint32_t const> part_of,
                                               std::span<std::uint64_t const> sizes) {
  auto result = empty_parts<Index>(sizes);
  for (std::size_t i = 0; i < part_of.size(); ++i) {
    if (part_of[i] != in_no_part) result[part_of[i]].push_back(static_cast<Index>(i));
  }
  return result;
}

/// The sizes of folds: n / num_folds, rounded up for the first ones and down for the others.
inline std::vector<std::uint64_t> sizes_of_folds(std::string_view context, std::uint64_t n, std::uint64_t num_folds) {
  refuse_negative(context, {{"num_folds", num_folds, 1}});
  if (num_folds == 0 || num_folds > n) {
    invalid(context, "num_folds is ", text(num_folds), " for ", counted(n, "sample", "samples"),
            "; needs 1 <= num_folds <= ", text(n));
  }
  std::vector<std::uint64_t> result(static_cast<std::size_t>(num_folds), n / num_folds);
  for (std::size_t f = 0; f < n % num_folds; ++f) ++result[f];
  return result;
}

/// The random key of this number for a split.
inline std::uint64_t split_key(std::uint64_t seed, std::uint64_t number) noexcept {
  return random_word(stream_key(seed, 0, random_stream::split), number);
}

/// The members of each class, divided into parts of the sizes that a table has.
template <class Label, std::unsigned_integral Index>
std::vector<std::vector<Index>> members_in_parts(class_index<Label, Index> const& classes, part_table const& table,
                                                 std::span<std::uint64_t const> sizes, std::uint64_t seed) {
  std::vector<std::uint32_t> part_of(static_cast<std::size_t>(classes.index_bound()), in_no_part);
  for (std::uint64_t c = 0; c < classes.num_classes(); ++c) {
    auto const members = classes.members(c);
    assign_parts(members.size(), split_key(seed, c + 1), table.of_class(static_cast<std::size_t>(c)),
                 [&](std::uint64_t j, std::size_t p) {
                   part_of[static_cast<std::size_t>(members[j])] = static_cast<std::uint32_t>(p);
                 });
  }
  return lists_of_parts<Index>(part_of, sizes);
}

}  // namespace detail

/// Splits the samples 0 to n - 1 at random. Returns one ascending list of samples per part. Each sample is in exactly
/// one part.
///
///   num_samples  n samples
///   parts        fractions of n (floating point) or counts (integers), one per part: {0.8, 0.1, 0.1}, {800, 100, 100}
///   options      .seed, or the seed itself
///
/// Needs      1 <= n <= max of Index; at least one part; fractions in [0, 1] that sum to 1 within 2^-20 (about 1e-6;
///            the difference is distributed in proportion); counts >= 0 that sum to n -> else std::invalid_argument
/// Edge       sizes from fractions are n * fraction, rounded down or up by the largest remainder. If remainders are
///            equal when rounded to 2^-16, the earlier part is rounded up first. A part may be empty
/// Cost       O(n) time, memory for n indices
/// Stable     the same n, parts and seed give the same split on every platform: fractions become multiples of 2^-62,
///            and the rest is integer arithmetic
/// Source     Hamilton's method of apportionment; see permutation
template <std::unsigned_integral Index = std::uint32_t, detail::part_size_range Parts>
[[nodiscard]] std::vector<std::vector<Index>> random_split(std::uint64_t num_samples, Parts&& parts,
                                                           seed_options options = {}) {
  detail::check_index_fits<Index>("random_split", num_samples);
  if (num_samples == 0) detail::invalid("random_split", "no samples; num_samples must be at least 1");
  auto const sizes = detail::sizes_of_parts("random_split", num_samples, parts);
  auto result = detail::empty_parts<Index>(sizes);
  detail::assign_parts(num_samples, detail::split_key(options.seed, 0), sizes,
                       [&](std::uint64_t i, std::size_t p) { result[p].push_back(static_cast<Index>(i)); });
  return result;
}

template <std::unsigned_integral Index = std::uint32_t, detail::part_size_range Parts>
[[nodiscard]] std::vector<std::vector<Index>> random_split(std::uint64_t num_samples, Parts&& parts,
                                                           std::uint64_t seed) {
  return random_split<Index>(num_samples, parts, seed_options{seed});
}
template <std::unsigned_integral Index = std::uint32_t, detail::part_size Size>
[[nodiscard]] std::vector<std::vector<Index>> random_split(std::uint64_t num_samples, std::initializer_list<Size> parts,
                                                           seed_options options = {}) {
  return random_split<Index>(num_samples, std::span<Size const>(parts.begin(), parts.size()), options);
}
template <std::unsigned_integral Index = std::uint32_t, detail::part_size Size>
[[nodiscard]] std::vector<std::vector<Index>> random_split(std::uint64_t num_samples, std::initializer_list<Size> parts,
                                                           std::uint64_t seed) {
  return random_split<Index>(num_samples, parts, seed_options{seed});
}

/// Splits the samples of a class_index so that every part has each class in the same proportion. Returns one ascending
/// list of samples per part. Each sample is in exactly one part. For samplers of a part, use class_index(labels, part).
///
///   classes  n samples in K classes; if it indexes a subset, the samples of the subset are split
///   parts    fractions of n (floating point) or counts (integers), one per part: {0.8, 0.1, 0.1}, {800, 100, 100}
///   options  .seed, .at_least; or the seed itself
///
/// Needs      parts as for random_split; with .at_least, in each class at least as many samples as all minima sum to,
///            and in each part room for its minimum of every class -> else std::invalid_argument
/// Edge       a part of `size` samples may have none of a class with fewer than n / size samples, unless .at_least says
///            otherwise: with {1, 0} the first part has a sample of every class, whatever the seed. Classes without
///            samples are skipped
/// Exact      parts have exactly the sizes of random_split. If a class has m samples, a part has m * size / n of them,
///            rounded down or up, and exactly m * size / n on average over all seeds. For example, a class of one
///            sample is in a part of 0.8 n samples in 0.8 of the splits. With .at_least, a class is small if it would
///            give some part less than its minimum. Each part then has its minimum of the small class, and the above
///            holds for the remaining samples
/// Cost       O(n) time, memory for n indices, and 4 bytes for each index below index_bound() while splitting. For K
///            classes and P parts also O(K P^2) time and 8 K (P + 1) bytes, and O(K log K) time if there are minima
/// Stable     the same classes with the same members, parts and options give the same split on every platform
/// Source     see controlled_rounding
template <class Label, std::unsigned_integral Index, detail::part_size_range Parts>
[[nodiscard]] std::vector<std::vector<Index>> stratified_split(class_index<Label, Index> const& classes, Parts&& parts,
                                                               split_options const& options = {}) {
  constexpr std::string_view context = "stratified_split";
  auto const sizes = detail::sizes_of_parts(context, classes.num_samples(), parts);
  auto const table = detail::table_of_parts(
      context, classes.counts(), sizes, options.at_least.by_part(context, sizes.size()),
      detail::split_key(options.seed, 0),
      [&](std::size_t c) { return detail::joined("class ", detail::text(Label(classes.labels()[c]))); });
  return detail::members_in_parts(classes, table, sizes, options.seed);
}

template <class Label, std::unsigned_integral Index, detail::part_size_range Parts>
[[nodiscard]] std::vector<std::vector<Index>> stratified_split(class_index<Label, Index> const& classes, Parts&& parts,
                                                               std::uint64_t seed) {
  return stratified_split(classes, parts, split_options{seed});
}
template <class Label, std::unsigned_integral Index, detail::part_size Size>
[[nodiscard]] std::vector<std::vector<Index>> stratified_split(class_index<Label, Index> const& classes,
                                                               std::initializer_list<Size> parts,
                                                               split_options const& options = {}) {
  return stratified_split(classes, std::span<Size const>(parts.begin(), parts.size()), options);
}
template <class Label, std::unsigned_integral Index, detail::part_size Size>
[[nodiscard]] std::vector<std::vector<Index>> stratified_split(class_index<Label, Index> const& classes,
                                                               std::initializer_list<Size> parts, std::uint64_t seed) {
  return stratified_split(classes, parts, split_options{seed});
}

/// Splits the samples of a class_index into folds for cross-validation. Returns one ascending list of samples per fold.
/// Test on a fold, and train on all others.
///
///   classes    n samples in K classes
///   num_folds  at least 1, at most n
///   options    .seed
///
/// Needs      1 <= num_folds <= n -> else std::invalid_argument
/// Exact      a fold has n / num_folds samples, and n_c / num_folds samples of each class, rounded down or up, and
///            exactly as many on average over all seeds
/// Cost       O(n) time, memory for n indices, and 4 bytes for each index below index_bound() while splitting
/// Stable     as stratified_split. The folds depend on the numbers of the classes. To fix these, list all .classes in
///            the options of the class_index
template <class Label, std::unsigned_integral Index>
[[nodiscard]] std::vector<std::vector<Index>> stratified_folds(class_index<Label, Index> const& classes,
                                                               std::uint64_t num_folds, seed_options options = {}) {
  auto const sizes = detail::sizes_of_folds("stratified_folds", classes.num_samples(), num_folds);
  std::vector<std::uint32_t> folds;  // in random order; the samples are dealt to them class by class, in turns
  std::vector<std::uint64_t> sizes_by_fold(sizes.size());
  detail::for_each_place(permutation(num_folds, detail::split_key(options.seed, 0)),
                         [&](std::uint64_t turn, std::uint64_t fold) {
                           folds.push_back(static_cast<std::uint32_t>(fold));
                           sizes_by_fold[static_cast<std::size_t>(fold)] = sizes[static_cast<std::size_t>(turn)];
                         });
  std::vector<std::uint32_t> fold_of(static_cast<std::size_t>(classes.index_bound()), detail::in_no_part);
  std::size_t turn = 0;
  for (std::uint64_t c = 0; c < classes.num_classes(); ++c) {
    auto const members = classes.members(c);
    if (members.empty()) continue;
    detail::for_each_place(permutation(members.size(), detail::split_key(options.seed, c + 1)),
                           [&](std::uint64_t, std::uint64_t j) {
                             fold_of[static_cast<std::size_t>(members[j])] = folds[turn];
                             turn = turn + 1 < folds.size() ? turn + 1 : 0;
                           });
  }
  return detail::lists_of_parts<Index>(fold_of, sizes_by_fold);
}

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
