// Splits samples into parts: training, validation, test.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <numeric>
#include <span>
#include <vector>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/classes/detail/part_sizes.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/random/counter_random.hpp>
#include <evendraw/random/permutation.hpp>

namespace evendraw {

namespace detail {

/// Calls visit(i, part of i) for every i < n, ascending. The parts are random and have the given sizes. Needs sizes
/// that sum to n.
template <class Visit>
void assign_parts(std::uint64_t n, std::uint64_t key, std::span<std::uint64_t const> sizes, Visit visit) {
  if (n == 0) return;
  std::vector<std::uint64_t> ends(sizes.size());
  std::partial_sum(sizes.begin(), sizes.end(), ends.begin());
  for_each_place(permutation(n, key), [&](std::uint64_t i, std::uint64_t place) {
    visit(i, static_cast<std::size_t>(std::ranges::upper_bound(ends, place) - ends.begin()));
  });
}

template <std::unsigned_integral Index>
std::vector<std::vector<Index>> empty_parts(std::span<std::uint64_t const> sizes) {
  std::vector<std::vector<Index>> parts(sizes.size());
  for (std::size_t p = 0; p < sizes.size(); ++p) parts[p].reserve(static_cast<std::size_t>(sizes[p]));
  return parts;
}

/// Key number `number` of a split.
inline std::uint64_t split_key(std::uint64_t seed, std::uint64_t number) noexcept {
  return random_word(stream_key(seed, 0, random_stream::split), number);
}

}  // namespace detail

/// Splits the samples 0 to n - 1 at random. Returns one ascending list of samples per part; each sample is in exactly
/// one.
///
///   num_samples  n samples
///   parts        fractions of n (floating point) or counts (integers), one per part: {0.8, 0.1, 0.1}, {800, 100, 100}
///   seed         each seed has its own split
///
/// Needs      1 <= n <= max of Index; at least one part; fractions in [0, 1] that sum to 1 within 2^-20 (about 1e-6;
///            the difference is shared out in proportion); counts >= 0 that sum to n -> else std::invalid_argument
/// Edge       sizes from fractions are n * fraction rounded down or up, by largest remainder. If remainders are equal
///            when rounded to 2^-16, the lower part comes first. A part may be empty
/// Cost       O(n) time, memory for n indices
/// Stable     the same n, parts and seed give the same split on every platform: fractions become multiples of 2^-62,
///            and the rest is integer arithmetic
/// Source     Hamilton's method of apportionment; see permutation
template <std::unsigned_integral Index = std::uint32_t, part_size_range Parts>
[[nodiscard]] std::vector<std::vector<Index>> random_split(std::uint64_t num_samples, Parts&& parts,
                                                           std::uint64_t seed = 0) {
  detail::check_index_fits<Index>("random_split", num_samples);
  if (num_samples == 0) detail::invalid("random_split", "no samples; num_samples must be at least 1");
  auto const sizes = detail::sizes_of_parts("random_split", num_samples, parts);
  auto result = detail::empty_parts<Index>(sizes);
  detail::assign_parts(num_samples, detail::split_key(seed, 0), sizes,
                       [&](std::uint64_t i, std::size_t p) { result[p].push_back(static_cast<Index>(i)); });
  return result;
}

template <std::unsigned_integral Index = std::uint32_t, part_size Size>
[[nodiscard]] std::vector<std::vector<Index>> random_split(std::uint64_t num_samples, std::initializer_list<Size> parts,
                                                           std::uint64_t seed = 0) {
  return random_split<Index>(num_samples, std::span<Size const>(parts.begin(), parts.size()), seed);
}

/// Splits the samples of a class_index so that every part has each class in the same proportion. Returns one ascending
/// list of samples per part; each sample is in exactly one. class_index(labels, part) indexes a part.
///
///   classes  n samples in K classes; if it indexes a subset, the samples of the subset are split
///   parts    fractions of n (floating point) or counts (integers), one per part: {0.8, 0.1, 0.1}, {800, 100, 100}
///   seed     each seed has its own split
///
/// Needs      parts as for random_split -> else std::invalid_argument
/// Edge       if m * size / n is below 1, a part may have no sample of a class of m samples. The seed decides which part
///            has a class of one sample
/// Exact      parts have exactly the sizes of random_split. Of a class of m samples, each part has m * size / n, rounded
///            down or up
/// Cost       O(n) time, memory for n indices, and 4 bytes for each index below index_bound() while splitting. With K
///            classes and P parts also O(K P log P) time and 9 K P bytes. Rounding rarely needs corrections, which take
///            O(K P^2) each
/// Stable     the same members of the classes, parts and seed give the same split on every platform
/// Source     controlled rounding: Cox, JASA 82, 1987
template <class Label, std::unsigned_integral Index, part_size_range Parts>
[[nodiscard]] std::vector<std::vector<Index>> stratified_split(class_index<Label, Index> const& classes, Parts&& parts,
                                                               std::uint64_t seed = 0) {
  auto const sizes = detail::sizes_of_parts("stratified_split", classes.num_samples(), parts);
  detail::part_table const table(classes.counts(), sizes,
                                 permutation(classes.num_classes(), detail::split_key(seed, 0)));
  constexpr auto outside = ~std::uint32_t{0};
  std::vector<std::uint32_t> part_of(static_cast<std::size_t>(classes.index_bound()), outside);
  for (std::uint64_t c = 0; c < classes.num_classes(); ++c) {
    auto const members = classes.members(c);
    detail::assign_parts(members.size(), detail::split_key(seed, c + 1), table.of_class(static_cast<std::size_t>(c)),
                         [&](std::uint64_t j, std::size_t p) {
                           part_of[static_cast<std::size_t>(members[j])] = static_cast<std::uint32_t>(p);
                         });
  }
  auto result = detail::empty_parts<Index>(sizes);
  for (std::size_t i = 0; i < part_of.size(); ++i) {
    if (part_of[i] != outside) result[part_of[i]].push_back(static_cast<Index>(i));
  }
  return result;
}

template <class Label, std::unsigned_integral Index, part_size Size>
[[nodiscard]] std::vector<std::vector<Index>> stratified_split(class_index<Label, Index> const& classes,
                                                               std::initializer_list<Size> parts,
                                                               std::uint64_t seed = 0) {
  return stratified_split(classes, std::span<Size const>(parts.begin(), parts.size()), seed);
}

}  // namespace evendraw
