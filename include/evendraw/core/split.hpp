// Samples -> parts: training, validation, test.
#pragma once

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <numeric>
#include <ranges>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <evendraw/core/class_index.hpp>
#include <evendraw/core/counter_random.hpp>
#include <evendraw/core/errors.hpp>
#include <evendraw/core/labels.hpp>
#include <evendraw/core/permutation.hpp>
#include <evendraw/core/quantise.hpp>

namespace evendraw {

/// How large a part is: a fraction of all samples if it is a floating point number, a count if it is an integer.
template <class T>
concept part_size = std::floating_point<T> || number<T>;

/// The sizes of all parts: all of them fractions, or all of them counts.
template <class Range>
concept part_size_range = std::ranges::input_range<Range> && part_size<std::ranges::range_value_t<Range>>;

namespace detail {

struct quotient_and_rest {
  std::uint64_t quotient;
  std::uint64_t rest;
};

/// a * b / divisor, exactly. Needs a or b <= divisor, divisor > 0.
constexpr quotient_and_rest scaled(std::uint64_t a, std::uint64_t b, std::uint64_t divisor) noexcept {
  wide_product const product = multiply(a, b);
  if (product.high == 0) return {product.low / divisor, product.low % divisor};
  std::uint64_t const quotient = divide(product, divisor);
  return {quotient, product.low - quotient * divisor};
}

/// A fraction of 1 in the units that parts are apportioned in.
inline constexpr std::uint64_t whole_share = std::uint64_t{1} << 62;

/// n samples in proportion to the shares, by largest remainder. Needs shares with a sum in (0, 2^63].
/// Remainders are compared rounded to 2^-16, so that 0.5 samples of 0.1 * 5 and of 0.9 * 5 are equal.
inline std::vector<std::uint64_t> largest_remainder(std::uint64_t n, std::span<std::uint64_t const> shares) {
  std::uint64_t const sum = std::accumulate(shares.begin(), shares.end(), std::uint64_t{0});
  std::vector<std::uint64_t> result, remainders;
  std::vector<std::size_t> order;
  std::uint64_t left = n;
  for (std::uint64_t const share : shares) {
    auto const [size, rest] = scaled(n, share, sum);
    if (rest > 0) order.push_back(result.size());
    result.push_back(size);
    remainders.push_back(divide(add(multiply(rest, std::uint64_t{1} << 16), {0, sum / 2}), sum));
    left -= size;
  }
  std::ranges::stable_sort(order, std::greater<>(), [&](std::size_t p) { return remainders[p]; });
  for (std::size_t const p : std::span(order).first(static_cast<std::size_t>(left))) ++result[p];
  return result;
}

template <std::ranges::input_range Fractions>
std::vector<std::uint64_t> sizes_from_fractions(std::string_view who, std::uint64_t n, Fractions&& fractions) {
  std::vector<std::uint64_t> shares;
  std::uint64_t sum = 0;
  double shown_sum = 0;
  for (auto const each : fractions) {
    auto const fraction = static_cast<double>(each);
    if (!(fraction >= 0 && fraction <= 1)) {
      invalid(who, "fractions[", text(shares.size()), "] is ", text(fraction),
              "; every fraction must be in [0, 1] (counts are integers)");
    }
    shares.push_back(static_cast<std::uint64_t>(std::ldexp(fraction, 62)));  // exact but for bits below 2^-62
    sum = std::min(sum + shares.back(), 2 * whole_share);
    shown_sum += fraction;
  }
  if (shares.empty()) invalid(who, "no parts; give at least one fraction or count");
  constexpr std::uint64_t tolerance = whole_share >> 20;
  if (sum < whole_share - tolerance || sum > whole_share + tolerance) {
    invalid(who, "the ", text(shares.size()), " fractions sum to ", text(shown_sum), "; they must sum to 1");
  }
  return largest_remainder(n, shares);
}

template <std::ranges::input_range Counts>
std::vector<std::uint64_t> sizes_from_counts(std::string_view who, std::uint64_t n, Counts&& counts) {
  std::vector<std::uint64_t> sizes;
  std::uint64_t left = n;
  for (auto const count : counts) {
    if (std::cmp_less(count, 0)) {
      invalid(who, "counts[", text(sizes.size()), "] is ", text(count), "; every count must be >= 0");
    }
    auto const size = static_cast<std::uint64_t>(count);
    if (size > left) {
      invalid(who, "counts[", text(sizes.size()), "] is ", text(size), " and only ", text(left), " of ", text(n),
              " samples are left; the counts must sum to the number of samples");
    }
    sizes.push_back(size);
    left -= size;
  }
  if (sizes.empty()) invalid(who, "no parts; give at least one fraction or count");
  if (left > 0) {
    invalid(who, "the counts sum to ", text(n - left), " and there are ", text(n),
            " samples; add a part for the other ", text(left));
  }
  return sizes;
}

/// How many of n samples each part gets.
template <part_size_range Parts>
std::vector<std::uint64_t> sizes_of_parts(std::string_view who, std::uint64_t n, Parts&& parts) {
  if constexpr (std::floating_point<std::ranges::range_value_t<Parts>>) {
    return sizes_from_fractions(who, n, parts);
  } else {
    return sizes_from_counts(who, n, parts);
  }
}

/// How many samples of each class go to each part: counts[c] * sizes[p] / n, rounded down or up, such that all classes
/// and all parts have their numbers. There always is such a table, since these fractions are one with the right sums
/// and flows through a network with integer bounds can be made integers (Cox, JASA 82, 1987: controlled rounding).
class part_table {
 public:
  /// The classes are rounded one after the other, in this order.
  part_table(std::span<std::uint64_t const> counts, std::span<std::uint64_t const> sizes, permutation const& order)
      : parts_(sizes.size()), too_many_(sizes.size()), table_(counts.size() * parts_), cells_(table_.size()) {
    for (std::size_t p = 0; p < parts_; ++p) too_many_[p] = 0 - static_cast<std::int64_t>(sizes[p]);
    round_classes(counts, sizes, order);
    for (std::size_t p = 0; p < parts_; ++p) {
      while (too_many_[p] > 0) give_one_away(p);
    }
  }

  /// How many samples of class c go to each part.
  [[nodiscard]] std::span<std::uint64_t const> of_class(std::size_t c) const noexcept {
    return std::span(table_).subspan(c * parts_, parts_);
  }

 private:
  enum class cell : unsigned char { exact, down, up };

  /// Rounds up what a class has most of, counting what parts were owed or given too much by the classes before. This
  /// only keeps parts near their sizes, so remainders of 32 bits do.
  void round_classes(std::span<std::uint64_t const> counts, std::span<std::uint64_t const> sizes,
                     permutation const& order) {
    std::uint64_t const n = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
    int const shift = std::max(static_cast<int>(std::bit_width(n)) - 32, 0);
    std::vector<std::int64_t> owed(parts_);
    std::vector<std::size_t> candidates;
    for (std::uint64_t i = 0; i < counts.size(); ++i) {
      auto const c = static_cast<std::size_t>(order(i));
      candidates.clear();
      std::uint64_t left = counts[c];
      for (std::size_t p = 0; p < parts_; ++p) {
        auto const [size, rest] = scaled(counts[c], sizes[p], n);
        table_[c * parts_ + p] = size;
        too_many_[p] += static_cast<std::int64_t>(size);
        left -= size;
        if (rest == 0) continue;
        cells_[c * parts_ + p] = cell::down;
        owed[p] += static_cast<std::int64_t>(rest >> shift);
        candidates.push_back(p);
      }
      std::ranges::stable_sort(candidates, std::greater<>(), [&](std::size_t p) { return owed[p]; });
      for (std::size_t const p : std::span(candidates).first(static_cast<std::size_t>(left))) {
        round_up(c, p);
        ++too_many_[p];
        owed[p] -= static_cast<std::int64_t>(n >> shift);
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

  /// Moves one sample from part `from` to a part that lacks one, perhaps by others: along the shortest way, each step
  /// of which rounds one class down in a part and up in the next.
  void give_one_away(std::size_t from) {
    struct step {
      std::size_t part;
      std::size_t c;
    };
    std::size_t const unseen = parts_;
    std::vector<step> came_from(parts_, step{unseen, 0});
    std::vector<std::size_t> reached{from};
    came_from[from].part = from;
    for (std::size_t next = 0; next < reached.size(); ++next) {
      std::size_t const p = reached[next];
      if (too_many_[p] < 0) {
        ++too_many_[p];
        --too_many_[from];
        for (std::size_t to = p; to != from; to = came_from[to].part) {
          round_up(came_from[to].c, to);
          round_down(came_from[to].c, came_from[to].part);
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
    too_many_[from] = 0;
  }

  std::size_t parts_;
  std::vector<std::int64_t> too_many_;  // by part
  std::vector<std::uint64_t> table_;    // by class, then part
  std::vector<cell> cells_;
};

/// Calls visit(i, part of i) for all i < n, ascending, such that each part has its size. Needs sizes that sum to n.
template <class Visit>
void assign_parts(std::uint64_t n, std::uint64_t key, std::span<std::uint64_t const> sizes, Visit visit) {
  if (n == 0) return;
  std::vector<std::uint64_t> ends(sizes.size());
  std::partial_sum(sizes.begin(), sizes.end(), ends.begin());
  permutation const order(n, key);
  std::vector<std::uint64_t> places(static_cast<std::size_t>(std::min<std::uint64_t>(n, 4096)));
  for (std::uint64_t first = 0; first < n; first += places.size()) {
    auto const block =
        std::span(places).first(static_cast<std::size_t>(std::min<std::uint64_t>(places.size(), n - first)));
    std::iota(block.begin(), block.end(), first);
    order.apply(block);
    for (std::size_t i = 0; i < block.size(); ++i) {
      visit(first + i, static_cast<std::size_t>(std::ranges::upper_bound(ends, block[i]) - ends.begin()));
    }
  }
}

template <std::unsigned_integral Index>
std::vector<std::vector<Index>> empty_parts(std::span<std::uint64_t const> sizes) {
  std::vector<std::vector<Index>> parts(sizes.size());
  for (std::size_t p = 0; p < sizes.size(); ++p) parts[p].reserve(static_cast<std::size_t>(sizes[p]));
  return parts;
}

/// Keys number 0, 1, ... of a split.
inline std::uint64_t split_key(std::uint64_t seed, std::uint64_t number) noexcept {
  return word(stream_key(seed, 0, stream::split), number);
}

}  // namespace detail

/// Splits the samples 0 to n - 1 at random: one ascending list of samples per part, each sample in exactly one.
///
///   num_samples  n samples
///   parts        fractions of n (floating point) or counts (integers), one per part: {0.8, 0.1, 0.1}, {800, 100, 100}
///   seed         each seed has its own split
///
/// Needs      1 <= n <= max of Index; at least one part; fractions in [0, 1] that sum to 1 within 2^-20 (about 1e-6;
///            what is off is shared out in proportion); counts >= 0 that sum to n -> else std::invalid_argument
/// Edge       sizes from fractions are n * fraction rounded down or up, by largest remainder, the lower part first
///            where remainders are equal to 2^-16; a part may be empty
/// Cost       O(n) time, n indices
/// Stable     same n, parts and seed: same split on every platform; fractions are turned into multiples of 2^-62 and
///            all else is integers
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

/// Splits the samples of a class_index such that every part has each class in the same proportion: one ascending list
/// of samples per part, each sample in exactly one. Feeds class_index(labels, part).
///
///   classes  n samples in K classes; of an index of a subset, the samples of the subset are split
///   parts    fractions of n (floating point) or counts (integers), one per part: {0.8, 0.1, 0.1}, {800, 100, 100}
///   seed     each seed has its own split
///
/// Needs      parts as for random_split -> else std::invalid_argument
/// Edge       parts have the sizes of random_split, exactly. A class of m samples has m * size / n of them in a part,
///            rounded down or up: both hold at once. Where that is below 1 a part may have none: a class of one sample
///            is in one part only, and the seed decides in which
/// Cost       O(n) time, n indices, and 4 bytes for each sample below index_bound() while splitting; for K classes and
///            P parts O(K P log P) time and 9 K P bytes; rounding rarely needs a correction, O(K P^2) each
/// Stable     same members of the classes, parts and seed: same split on every platform, as random_split
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
