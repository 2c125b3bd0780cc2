// The number of samples of each class that go to each part of a split.
#pragma once

#include <algorithm>
#include <cassert>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <evendraw/classes/detail/controlled_rounding.hpp>
#include <evendraw/classes/labels.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/largest_remainder.hpp>
#include <evendraw/detail/sort_by.hpp>
#include <evendraw/detail/uint128.hpp>
#include <evendraw/random/counter_random.hpp>
#include <evendraw/random/permutation.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

namespace detail {

/// The size of a part: a floating-point number is a fraction of all samples, and an integer is a count.
template <class T>
concept part_size = std::floating_point<T> || whole_number<T>;

/// The sizes of all parts, either all as fractions or all as counts.
template <class Range>
concept part_size_range = std::ranges::input_range<Range> && part_size<std::ranges::range_value_t<Range>>;

/// The fraction 1, in the units in which shares are divided.
inline constexpr std::uint64_t whole_share = std::uint64_t{1} << 62;

template <std::ranges::input_range Fractions>
std::vector<std::uint64_t> sizes_from_fractions(std::string_view context, std::uint64_t n, Fractions&& fractions) {
  std::vector<std::uint64_t> shares;
  std::uint64_t sum = 0;
  double shown_sum = 0;
  for (auto const each : fractions) {
    auto const fraction = static_cast<double>(each);
    if (!(fraction >= 0 && fraction <= 1)) {
      invalid(context, "fractions[", text(shares.size()), "] is ", text(fraction),
              "; every fraction must be in [0, 1] (counts are integers)");
    }
    shares.push_back(static_cast<std::uint64_t>(fraction * 0x1p62));  // exact except for bits below 2^-62
    sum = std::min(sum + shares.back(), 2 * whole_share);
    shown_sum += fraction;
  }
  if (shares.empty()) invalid(context, "no parts; give at least one fraction or count");
  constexpr std::uint64_t tolerance = whole_share >> 20;
  if (sum < whole_share - tolerance || sum > whole_share + tolerance) {
    if (shares.size() == 1) {
      invalid(context, "the only fraction is ", text(shown_sum), "; fractions must sum to 1: name the other parts too");
    }
    invalid(context, "the ", text(shares.size()), " fractions sum to ", text(shown_sum), "; they must sum to 1");
  }
  return largest_remainder(n, shares);
}

template <std::ranges::input_range Counts>
std::vector<std::uint64_t> sizes_from_counts(std::string_view context, std::uint64_t n, Counts&& counts) {
  std::vector<std::uint64_t> sizes;
  std::uint64_t left = n;
  for (auto const count : counts) {
    if (std::cmp_less(count, 0)) {
      invalid(context, "counts[", text(sizes.size()), "] is ", text(count), "; every count must be >= 0");
    }
    auto const size = static_cast<std::uint64_t>(count);
    if (size > left) {
      invalid(context, "counts[", text(sizes.size()), "] is ", text(size), " and only ", text(left), " of ", text(n),
              " samples are left; the counts must sum to the number of samples");
    }
    sizes.push_back(size);
    left -= size;
  }
  if (sizes.empty()) invalid(context, "no parts; give at least one fraction or count");
  if (left > 0) {
    invalid(context, "the counts sum to ", text(n - left), " and there are ", counted(n, "sample", "samples"),
            "; add a part for the other ", text(left));
  }
  return sizes;
}

/// The number of samples that each part gets, of n samples in all.
template <part_size_range Parts>
std::vector<std::uint64_t> sizes_of_parts(std::string_view context, std::uint64_t n, Parts&& parts) {
  if constexpr (std::floating_point<std::ranges::range_value_t<Parts>>) {
    return sizes_from_fractions(context, n, parts);
  } else {
    return sizes_from_counts(context, n, parts);
  }
}

/// The number of samples of each class that go to each part: counts[c] * sizes[p] / n, rounded down or up so that every
/// class and every part has its exact size. The key decides which numbers are rounded up. The probability of this
/// equals the fraction of the number, so on average the table equals the one that is not rounded.
///
/// Source     see controlled_rounding
class part_table {
 public:
  part_table(std::span<std::uint64_t const> counts, std::span<std::uint64_t const> sizes, std::uint64_t key)
      : parts_(sizes.size()), table_(counts.size() * parts_) {
    std::uint64_t n = 0;
    for (std::uint64_t const count : counts) n += count;
    controlled_rounding rounding(counts.size(), parts_, n, mix64(key));
    permutation const order(counts.size(), key);  // otherwise neighbouring classes would depend on each other most
    for (std::uint64_t i = 0; i < counts.size(); ++i) {
      auto const c = static_cast<std::size_t>(order(i));
      for (std::size_t p = 0; p < parts_; ++p) {
        if (counts[c] == 0) continue;
        auto const [down, remainder] = scaled(counts[c], sizes[p], n);
        table_[c * parts_ + p] = down;
        if (remainder == 0) continue;
        rounding.add({c, p, remainder}, [&](table_cell const& done) {
          table_[done.row * parts_ + done.column] += done.remainder > 0 ? 1 : 0;
        });
      }
    }
    assert(rounding.open() == 0);
  }

  /// The number of samples of class c that go to each part.
  [[nodiscard]] std::span<std::uint64_t const> of_class(std::size_t c) const noexcept {
    return std::span(table_).subspan(c * parts_, parts_);
  }

  /// Adds samples to each part of class c.
  void add(std::size_t c, std::span<std::uint64_t const> numbers) noexcept {
    for (std::size_t p = 0; p < parts_; ++p) table_[c * parts_ + p] += numbers[p];
  }

 private:
  std::size_t parts_;
  std::vector<std::uint64_t> table_;  // by class, then part
};

/// The same table, except that each part has at least its minimum of every class that has samples.
///
/// A class is small if it would give some part less than its minimum. It first gives each part the minimum, and its
/// remaining samples are rounded like a class of their own. This leaves less room in the parts for the other classes,
/// so that more classes may become small. The other classes give each part its minimum anyway.
///
///   minimums    one per part
///   class_name  the name of class c in error messages
///
/// Needs      in each class at least as many samples as all minima sum to; in each part room for its minimum of every
///            class -> else std::invalid_argument
template <class ClassName>
part_table table_of_parts(std::string_view context, std::span<std::uint64_t const> class_counts,
                          std::span<std::uint64_t const> part_sizes, std::span<std::uint64_t const> minimums,
                          std::uint64_t key, ClassName class_name) {
  std::vector<std::uint64_t> counts(class_counts.begin(), class_counts.end());
  std::vector<std::uint64_t> sizes(part_sizes.begin(), part_sizes.end());
  std::uint64_t asked = 0, n = 0;
  for (std::uint64_t const minimum : minimums) asked += std::min(minimum, whole_share - asked);
  std::vector<std::size_t> by_count;
  for (std::size_t c = 0; c < counts.size(); ++c) {
    n += counts[c];
    if (counts[c] == 0) continue;
    by_count.push_back(c);
    if (counts[c] < asked) {
      invalid(context, "at_least asks for ", counted(asked, "sample", "samples"), " of every class, but ",
              class_name(c), " has ", text(counts[c]), "; lower it, or leave the class out");
    }
  }
  sort_by(by_count, counts);
  for (std::size_t p = 0; p < sizes.size(); ++p) {
    if (saturated_product(minimums[p], by_count.size()) > sizes[p]) {
      invalid(context, "at_least asks for ", counted(minimums[p], "sample", "samples"), " of each of ",
              counted(by_count.size(), "class", "classes"), " in part ", text(p), ", which has ",
              counted(sizes[p], "sample", "samples"), "; lower it, or enlarge the part");
    }
  }
  std::size_t small = 0;
  for (bool found = asked > 0; found && small < by_count.size();) {
    std::uint64_t const count = counts[by_count[small]];
    found = false;
    for (std::size_t p = 0; p < sizes.size(); ++p) {
      found = found || less(multiply(count, sizes[p]), multiply(minimums[p], n));
    }
    if (!found) break;
    for (std::size_t p = 0; p < sizes.size(); ++p) sizes[p] -= minimums[p];
    n -= asked;
    counts[by_count[small++]] -= asked;
  }
  part_table result(counts, sizes, key);
  for (std::size_t i = 0; i < small; ++i) result.add(by_count[i], minimums);
  return result;
}

}  // namespace detail

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
