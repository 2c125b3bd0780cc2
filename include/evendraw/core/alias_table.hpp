// Weights -> draws in O(1), in exact integer arithmetic.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <random>
#include <ranges>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <evendraw/core/blocks.hpp>
#include <evendraw/core/counter_random.hpp>
#include <evendraw/core/errors.hpp>
#include <evendraw/core/fingerprint.hpp>
#include <evendraw/core/weights.hpp>

namespace evendraw {

namespace detail {

/// floor(high:low / divisor), for high < divisor. Once a table, so bit by bit.
constexpr std::uint64_t divide(wide_product dividend, std::uint64_t divisor) noexcept {
  std::uint64_t quotient = 0;
  for (int bit = 63; bit >= 0; --bit) {
    bool const overflow = dividend.high >> 63 != 0;
    dividend.high = dividend.high << 1 | (dividend.low >> bit & 1);
    bool const fits = overflow || dividend.high >= divisor;
    if (fits) dividend.high -= divisor;
    quotient = quotient << 1 | static_cast<std::uint64_t>(fits);
  }
  return quotient;
}

/// The low 64 bits of high:low >> count, for 0 < count < 128.
constexpr std::uint64_t shift_right(wide_product value, int count) noexcept {
  if (count >= 64) return value.high >> (count - 64);
  return value.high << (64 - count) | value.low >> count;
}

/// weight = digits * 2^exponent (plus a constant that all weights share).
struct weight_bits {
  static_assert(std::numeric_limits<double>::is_iec559, "evendraw reads weights as IEEE 754 doubles");
  std::uint64_t digits;
  int exponent;
  explicit weight_bits(double weight) {
    auto const bits = std::bit_cast<std::uint64_t>(weight);
    auto const field = static_cast<int>(bits >> 52 & 0x7ff);
    digits = (bits & ((std::uint64_t{1} << 52) - 1)) | static_cast<std::uint64_t>(field != 0) << 52;
    exponent = std::max(field, 1);
  }
};

/// Integers in proportion to the weights that sum to exactly n * 2^32, each positive weight at least 1.
/// No floating-point operation takes part, so neither compiler nor processor can round differently.
inline std::vector<std::uint64_t> quantise(std::span<double const> weights) {
  auto const heaviest = static_cast<std::size_t>(std::ranges::max_element(weights) - weights.begin());
  weight_bits const top(weights[heaviest]);
  int const left = std::countl_zero(top.digits) - 1;
  auto const fixed_point = [&](double weight) {  // the heaviest has 63 bits
    weight_bits const w(weight);
    int const right = top.exponent - w.exponent;
    return right < 64 ? w.digits << left >> right : 0;
  };
  wide_product sum{0, 0};
  for (double const weight : weights) {
    std::uint64_t const digits = fixed_point(weight);
    sum.low += digits;
    sum.high += static_cast<std::uint64_t>(sum.low < digits);
  }
  // share = weight * n * 2^32 / sum, by one product with factor * 2^-shift = n * 2^32 / sum.
  std::uint64_t const n = weights.size(), total = n << 32;
  int const sum_bits = sum.high != 0 ? 128 - std::countl_zero(sum.high) : 64 - std::countl_zero(sum.low);
  std::uint64_t const divisor = sum_bits > 64 ? shift_right(sum, sum_bits - 64) : sum.low << (64 - sum_bits);
  int const n_zeros = std::countl_zero(n), shift = n_zeros + sum_bits - 33;
  std::uint64_t const factor = divide({n << n_zeros >> 1, 0}, divisor);

  std::vector<std::uint64_t> shares(weights.size());
  std::uint64_t carry = 0, given = 0;  // carry: what rounding down has left over so far, in 2^-32
  for (std::size_t i = 0; i < shares.size(); ++i) {
    if (weights[i] == 0) continue;
    wide_product const share = multiply(fixed_point(weights[i]), factor);
    carry += shift_right(share, shift - 32) & 0xffffffffu;
    shares[i] = std::max<std::uint64_t>(shift_right(share, shift) + (carry >> 32), 1);
    carry &= 0xffffffffu;
    given += shares[i];
  }
  shares[heaviest] += total - given;  // less than n units of at least 2^32: what rounding up took, or left over
  return shares;
}

}  // namespace detail

/// Draws i with probability weights[i] / sum(weights), by one 64-bit word and one read of 8 bytes.
///
///   weights  n finite numbers >= 0 of any arithmetic type; their sum need not be 1
///
/// Needs      1 <= n <= 2^32 - 1; no weight negative, NaN or infinite; one positive -> else std::invalid_argument
/// Edge       a zero weight is never drawn; a positive one always can be, however small; no sum overflows
/// Cost       O(n) to build, 8 n bytes (24 n while building); O(1) a draw
/// Stable     same weights and word: same index on every platform; weights times a power of two: same table
/// Exact      total variation distance between table and weights at most 2^-32; a draw by one word adds n / 2^64
/// Source     Walker 1974; Vose, IEEE TSE 17(9), 1991; sweeping: Hübschle-Schneider & Sanders, ACM TOMS 48, 2022
class alias_table {
 public:
  using result_type = std::uint64_t;

  /// Slot i gives i for fractions below the threshold, else the alias. A slot that is all its own has alias i.
  struct slot {
    std::uint32_t threshold;
    std::uint32_t alias;
    friend constexpr bool operator==(slot const&, slot const&) = default;
  };

  template <weight_range Range>
    requires(!std::same_as<std::remove_cvref_t<Range>, alias_table>)
  explicit alias_table(Range&& weights)
      : alias_table(detail::already_checked{}, detail::checked_weights("alias_table", "weights", weights)) {}

  explicit alias_table(std::initializer_list<double> weights)
      : alias_table(detail::already_checked{}, detail::checked_weights("alias_table", "weights", weights)) {}

  /// For samplers, which check the weights under their own name.
  alias_table(detail::already_checked, std::span<double const> weights) {
    if (weights.size() > std::numeric_limits<std::uint32_t>::max()) {
      detail::invalid("alias_table", detail::text(weights.size()), " weights; at most 2^32 - 1 fit into one table");
    }
    fill(detail::quantise(weights));
  }

  /// Number of weights.
  [[nodiscard]] std::uint64_t size() const noexcept { return slots_.size(); }

  /// The index that a uniform 64-bit word means: its high part is the slot, the next 32 bits the fraction.
  [[nodiscard]] std::uint64_t at(std::uint64_t word) const noexcept {
    auto const [index, rest] = multiply(word, slots_.size());
    slot const s = slots_[static_cast<std::size_t>(index)];
    std::uint64_t const keep = std::uint64_t{0} - static_cast<std::uint64_t>(rest >> 32 < s.threshold);
    return s.alias ^ ((s.alias ^ index) & keep);  // a select that no compiler turns into a branch
  }

  /// at() of a block of words, for use inside of run_vectorised; all slots are found before the first is read, so that
  /// the reads overlap.
  template <std::unsigned_integral Index>
  [[gnu::always_inline]] void at(detail::block_of<std::uint64_t> const& words, std::span<Index> out) const noexcept {
    detail::block_of<std::uint32_t> index, fraction;
    std::uint64_t const n = slots_.size();
    detail::for_each_in_groups(out.size(), [&](std::size_t i) {
      auto const [high, low] = detail::multiply_narrow(words[i], n);
      index[i] = static_cast<std::uint32_t>(high);
      fraction[i] = static_cast<std::uint32_t>(low >> 32);
    });
    detail::block_of<slot> found;
    for (std::size_t i = 0; i < out.size(); ++i) found[i] = slots_[index[i]];
    detail::for_each_index(out.size(), [&](std::size_t i) {
      out[i] = static_cast<Index>(fraction[i] < found[i].threshold ? index[i] : found[i].alias);
    });
  }

  /// Draws an index with any standard generator.
  template <std::uniform_random_bit_generator Engine>
  [[nodiscard]] std::uint64_t operator()(Engine& engine) const {
    return at(word_from(engine));
  }

  /// The table itself: n slots.
  [[nodiscard]] std::span<slot const> slots() const noexcept { return slots_; }

  /// The probabilities that the table has, as shares of n * 2^32: their sum, exactly. O(n).
  [[nodiscard]] std::vector<std::uint64_t> shares() const {
    std::vector<std::uint64_t> result(slots_.size());
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      std::uint64_t const own = slots_[i].alias == i ? slot_size : slots_[i].threshold;
      result[i] += own;
      result[slots_[i].alias] += slot_size - own;
    }
    return result;
  }

  /// A hash of the table.
  [[nodiscard]] std::uint64_t fingerprint() const noexcept {
    detail::fingerprint_builder hash("alias_table");
    for (slot const s : slots_) hash.add(std::uint64_t{s.threshold} << 32 | s.alias);
    return hash.value();
  }

 private:
  static constexpr std::uint64_t slot_size = std::uint64_t{1} << 32;

  /// One sweep: `light` runs over the items that don't fill their slot, `heavy` over those that overflow it.
  void fill(std::vector<std::uint64_t> const& shares) {
    std::size_t const n = shares.size();
    slots_.resize(n);
    for (std::size_t i = 0; i < n; ++i) slots_[i] = {0, static_cast<std::uint32_t>(i)};
    auto const next = [&](std::size_t i, bool heavy) {
      while (i < n && (heavy ? shares[i] <= slot_size : shares[i] >= slot_size)) ++i;
      return i;
    };
    std::size_t light = next(0, false), heavy = next(0, true);
    std::uint64_t left = heavy < n ? shares[heavy] : 0;
    while (heavy < n) {
      if (left > slot_size) {  // the heavy item fills a light item's slot
        slots_[light] = {static_cast<std::uint32_t>(shares[light]), static_cast<std::uint32_t>(heavy)};
        left -= slot_size - shares[light];
        light = next(light + 1, false);
      } else {  // the heavy item has become light (or fits): the next heavy one fills its slot
        std::size_t const after = next(heavy + 1, true);
        if (left < slot_size) {
          slots_[heavy] = {static_cast<std::uint32_t>(left), static_cast<std::uint32_t>(after)};
          left += shares[after] - slot_size;
        } else if (after < n) {
          left = shares[after];
        }
        heavy = after;
      }
    }
  }

  std::vector<slot> slots_;
};

}  // namespace evendraw
