// How many samples of each class go to each part of a split.
#pragma once

#include <algorithm>
#include <bit>
#include <cassert>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <evendraw/classes/labels.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/largest_remainder.hpp>
#include <evendraw/detail/sort_by.hpp>
#include <evendraw/detail/uint128.hpp>
#include <evendraw/random/permutation.hpp>

namespace evendraw {

/// The size of a part: a floating-point number is a fraction of all samples, and an integer is a count.
template <class T>
concept part_size = std::floating_point<T> || whole_number<T>;

/// The sizes of all parts, either all as fractions or all as counts.
template <class Range>
concept part_size_range = std::ranges::input_range<Range> && part_size<std::ranges::range_value_t<Range>>;

namespace detail {

/// The fraction 1, in the units in which shares are apportioned.
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
    invalid(context, "the counts sum to ", text(n - left), " and there are ", text(n),
            " samples; add a part for the other ", text(left));
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
/// class and every part has its exact size. Such a table always exists: the fractions have the right sums, and flows
/// through a network with integer bounds can be made integers.
///
/// Example: classes A and B have 3 samples each, and the parts get 3, 2 and 1 samples, so n = 6.
///   Both classes should give 1.5, 1 and 0.5 samples to the parts, which is 1, 1 and 0 rounded down. One sample is left.
///   A gives it to part 0, the first of equals: 2, 1, 0. Part 0 then has 0.5 too many, and part 2 is owed 0.5.
///   So B gives it to part 2: 1, 1, 1. The sums are 3, 2 and 1, as they should be.
///   If a sum were off, give_one_away() would correct it.
///
/// Source     controlled rounding: Cox, JASA 82, 1987
class part_table {
 public:
  /// Rounds the classes one after the other, in this order.
  part_table(std::span<std::uint64_t const> counts, std::span<std::uint64_t const> sizes, permutation const& order)
      : parts_(sizes.size()), too_many_(sizes.size()), table_(counts.size() * parts_), cells_(table_.size()) {
    for (std::size_t p = 0; p < parts_; ++p) too_many_[p] = 0 - static_cast<std::int64_t>(sizes[p]);
    round_classes(counts, sizes, order);
    for (std::size_t p = 0; p < parts_; ++p) {
      while (too_many_[p] > 0) give_one_away(p);
    }
  }

  /// The number of samples of class c that go to each part.
  [[nodiscard]] std::span<std::uint64_t const> of_class(std::size_t c) const noexcept {
    return std::span(table_).subspan(c * parts_, parts_);
  }

 private:
  enum class cell : unsigned char { exact, down, up };

  /// Rounds each class up in the parts that are owed most by the classes so far. This only keeps parts near their
  /// sizes, so remainders of 32 bits are enough.
  void round_classes(std::span<std::uint64_t const> counts, std::span<std::uint64_t const> sizes,
                     permutation const& order) {
    std::uint64_t n = 0;
    for (std::uint64_t const count : counts) n += count;
    int const shift = std::max(static_cast<int>(std::bit_width(n)) - 32, 0);
    std::vector<std::uint64_t> paid(parts_, std::uint64_t{1} << 63);  // given beyond what was owed, plus 2^63
    std::vector<std::size_t> candidates;
    for (std::uint64_t i = 0; i < counts.size(); ++i) {
      auto const c = static_cast<std::size_t>(order(i));
      candidates.clear();
      std::uint64_t left = counts[c];
      for (std::size_t p = 0; p < parts_; ++p) {
        auto const [size, remainder] = scaled(counts[c], sizes[p], n);
        table_[c * parts_ + p] = size;
        too_many_[p] += static_cast<std::int64_t>(size);
        left -= size;
        if (remainder == 0) continue;
        cells_[c * parts_ + p] = cell::down;
        paid[p] -= remainder >> shift;
        candidates.push_back(p);
      }
      sort_by(candidates, paid);
      candidates.resize(static_cast<std::size_t>(left));
      for (std::size_t const p : candidates) {
        round_up(c, p);
        ++too_many_[p];
        paid[p] += n >> shift;
      }
    }
  }

  void round_up(std::size_t c, std::size_t p) noexcept {
    cells_[c * parts_ + p] = cell::up;
    ++table_[c * parts_ + p];
  }
  void round_down(std::size_t c, std::size_t p) noexcept {
    cells_[c * parts_ + p] = cell::down;
    --table_[c * parts_ + p];
  }

  /// Moves one sample from a part that has too many to a part that has too few, perhaps through other parts. It takes
  /// the shortest path, each step of which rounds a class down in one part and up in the next.
  ///
  /// Example: part 0 has one sample too many and part 2 one too few, but no class is up in part 0 and down in part 2.
  ///   Class A is up in part 0 and down in part 1. Class B is up in part 1 and down in part 2.
  ///   So A moves a sample from part 0 to part 1, and B moves one from part 1 to part 2.
  void give_one_away(std::size_t giver) {
    struct step {
      std::size_t part;
      std::size_t c;
    };
    std::size_t const unseen = parts_;
    std::vector<step> came_from(parts_, step{unseen, 0});
    std::vector<std::size_t> reached{giver};
    came_from[giver].part = giver;
    for (std::size_t next = 0; next < reached.size(); ++next) {
      std::size_t const p = reached[next];
      if (too_many_[p] < 0) {
        ++too_many_[p];
        --too_many_[giver];
        for (std::size_t taker = p; taker != giver; taker = came_from[taker].part) {
          round_up(came_from[taker].c, taker);
          round_down(came_from[taker].c, came_from[taker].part);
        }
        return;
      }
      for (std::size_t c = 0; c * parts_ < cells_.size(); ++c) {
        if (cells_[c * parts_ + p] != cell::up) continue;
        for (std::size_t q = 0; q < parts_; ++q) {
          if (came_from[q].part != unseen || cells_[c * parts_ + q] != cell::down) continue;
          came_from[q] = {p, c};
          reached.push_back(q);
        }
      }
    }
    assert(false && "there is always a way");
    too_many_[giver] = 0;
  }

  std::size_t parts_;
  std::vector<std::int64_t> too_many_;  // by part
  std::vector<std::uint64_t> table_;    // by class, then part
  std::vector<cell> cells_;
};

}  // namespace detail

}  // namespace evendraw
