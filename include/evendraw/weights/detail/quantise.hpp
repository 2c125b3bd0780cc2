// Integers in proportion to weights, computed with exact integer arithmetic.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/huge_page_vector.hpp>
#include <evendraw/detail/parallel.hpp>
#include <evendraw/detail/uint128.hpp>
#include <evendraw/weights/detail/checked_weights.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// weight = digits * 2^(exponent - 1075).
struct weight_bits {
  static_assert(std::numeric_limits<double>::is_iec559, "evendraw reads weights as IEEE 754 doubles");
  std::uint64_t digits;
  std::uint64_t exponent;
  explicit weight_bits(double weight) noexcept {
    auto const bits = std::bit_cast<std::uint64_t>(weight);
    std::uint64_t const field = bits >> 52 & 0x7ff, implicit = std::uint64_t{1} << 52;
    digits = (bits & (implicit - 1)) | (field != 0 ? implicit : 0);
    exponent = std::max<std::uint64_t>(field, 1);
  }
};

/// Turns a weight into its share in two steps: fixed_point(), then share().
class weight_scale {
 public:
  weight_scale() = default;
  explicit weight_scale(double heaviest) noexcept {
    weight_bits const top(heaviest);
    top_exponent_ = top.exponent;
    digits_left_ = std::countl_zero(top.digits);
  }

  /// The weight in units in which the heaviest weight has 64 bits. For every weight > 0 the last bit is set.
  [[nodiscard]] std::uint64_t fixed_point(double weight) const noexcept {
    weight_bits const w(weight);
    std::uint64_t const right = top_exponent_ - w.exponent;
    return (right < 64 ? w.digits << digits_left_ >> right : 0) | static_cast<std::uint64_t>(w.digits != 0);
  }

  /// The exponent of the units.
  [[nodiscard]] int unit() const noexcept { return static_cast<int>(top_exponent_) - digits_left_; }

  /// Prepares share(x) = x * n * 2^32 / sum, which takes one product: (high half of x * factor) * 2^(left - right).
  void set_sum(uint128 sum, std::uint64_t n) noexcept {
    // The sum is at least 2^63, so its first 64 bits suffice; n * 2^zeros has 64 bits, too.
    int const zeros = std::countl_zero(n), high_bits = 64 - std::countl_zero(sum.high);
    factor_ = divide({n << zeros >> 1, 0}, shift_right(sum, high_bits).low);
    int const right =
        zeros + high_bits - 33;  // -1 only if there are 2^31 weights or more, and one outweighs all others
    left_ = right < 0 ? 1 : 0;
    right_ = right < 0 ? 0 : right;
    half_ = (std::uint64_t{1} << right_) >> 1;
  }

  /// The share, rounded to the nearest integer; at least 1 for a weight > 0.
  [[nodiscard]] std::uint64_t share(std::uint64_t x) const noexcept {
    return std::max(((multiply(x, factor_).high << left_) + half_) >> right_, x & 1);
  }

 private:
  std::uint64_t top_exponent_ = 0, factor_ = 0, half_ = 0;
  int digits_left_ = 0, left_ = 0, right_ = 0;
};

/// Gives every weight a share. Shares are integers in proportion to the weights. They sum to exactly n * 2^32, and a
/// positive weight has at least 1.
///
/// Shares are computed a block at a time, and again whenever they are needed: that is faster than storing them. Only
/// integers decide, so no compiler or processor can round differently.
///
/// Exact      a share s is off by at most 1/2 + n / 2^30 + s / 2^40, or rounded up to 1; the share of the heaviest
///            weight compensates for the errors of all others
template <class Weight>
class quantiser {
 public:
  static constexpr std::uint64_t mean_share = std::uint64_t{1} << 32;
  static constexpr std::size_t block_size = 512;
  using block_shares = std::array<std::uint64_t, block_size>;

  /// Sums over a block: by how much its shares are below the mean in total, and by how much above.
  struct balance {
    std::uint64_t deficit = 0;
    std::uint64_t excess = 0;
    std::uint64_t lights = 0;  ///< number of shares below the mean
  };

  /// Checks the weights: 1 to 2^32 - 1 of them, every one finite and >= 0, one of them > 0.
  quantiser(std::string_view context, std::span<Weight const> weights, unsigned threads) : weights_(weights) {
    if (weights.empty()) no_weights(context, "weights");
    if (weights.size() > std::numeric_limits<std::uint32_t>::max()) {
      invalid(context, text(weights.size()), " weights; at most 2^32 - 1 fit into one table");
    }
    threads_ = static_cast<unsigned>(std::clamp<std::size_t>(blocks() / fewest_blocks, 1, std::max(threads, 1u)));
    find_scale(context);
    balance_blocks();
  }

  [[nodiscard]] std::size_t size() const noexcept { return weights_.size(); }
  [[nodiscard]] std::size_t blocks() const noexcept { return (size() - 1) / block_size + 1; }
  [[nodiscard]] huge_page_vector<balance> const& balances() const noexcept { return balances_; }

  /// The number of threads that are worth starting. Few weights are finished before a thread has started.
  [[nodiscard]] unsigned threads() const noexcept { return threads_; }

  /// The shares of a block of weights, written into `buffer`.
  [[nodiscard]] std::span<std::uint64_t const> shares(std::size_t block, block_shares& buffer) const noexcept {
    auto const weights = weights_of(block);
    auto const scale = scale_;  // a copy: writing to the buffer cannot change it
    for (std::size_t i = 0; i < weights.size(); ++i) buffer[i] = scale.fixed_point(static_cast<double>(weights[i]));
    for (std::size_t i = 0; i < weights.size(); ++i) buffer[i] = scale.share(buffer[i]);
    if (block == heaviest_ / block_size) buffer[heaviest_ % block_size] += left_over_;
    return {buffer.data(), weights.size()};
  }

 private:
  static constexpr std::size_t fewest_blocks = 64;  // per thread
  static constexpr std::uint64_t sign_bit = std::uint64_t{1} << 63;

  [[nodiscard]] std::span<Weight const> weights_of(std::size_t block) const noexcept {
    std::size_t const first = block * block_size;
    return weights_.subspan(first, std::min(block_size, size() - first));
  }

  /// Calls f(block) for every block. Each thread has consecutive blocks, in order.
  template <class F>
  void for_each_block(F f) const {
    run_parts(threads_, [&](unsigned part) {
      std::size_t const last = blocks() * (part + 1) / threads_;
      for (std::size_t block = blocks() * part / threads_; block < last; ++block) f(block);
    });
  }

  /// A number that orders the weights. It is 0 for 0 and -0. For a negative weight or NaN it is above that of infinity.
  static std::uint64_t rank(Weight weight) noexcept {
    auto const bits = std::bit_cast<std::uint64_t>(static_cast<double>(weight));
    return bits & (0 - static_cast<std::uint64_t>(bits != sign_bit));
  }

  /// The heaviest weight of a block, and the block's sum in the units of that weight's scale.
  struct block_sum {
    std::uint64_t rank = 0;
    int unit = 0;
    uint128 sum{0, 0};
  };

  [[nodiscard]] block_sum sum_of(std::string_view context, std::size_t block) const {
    auto const weights = weights_of(block);
    std::uint64_t most = 0;
    for (Weight const weight : weights) most = std::max(most, rank(weight));
    if (most == 0) return {};
    if (most >= rank(std::numeric_limits<Weight>::infinity())) refuse(context, block);
    weight_scale const scale(std::bit_cast<double>(most));
    std::uint64_t low = 0, high = 0;
    for (Weight const weight : weights) {
      std::uint64_t const x = scale.fixed_point(static_cast<double>(weight));
      low += x & 0xffffffffu;
      high += x >> 32;
    }
    return {most, scale.unit(), add({high >> 32, high << 32}, {0, low})};
  }

  [[noreturn]] void refuse(std::string_view context, std::size_t block) const {
    std::size_t i = block * block_size;
    while (rank(weights_[i]) < rank(std::numeric_limits<Weight>::infinity())) ++i;
    bad_weight(context, "weights", i, static_cast<double>(weights_[i]));
  }

  /// One pass over the weights: checks them, and finds the first heaviest and the sum.
  void find_scale(std::string_view context) {
    huge_page_vector<block_sum> sums(blocks());
    for_each_block([&](std::size_t block) { sums[block] = sum_of(context, block); });
    std::size_t top = 0;
    for (std::size_t block = 1; block < sums.size(); ++block) top = sums[block].rank > sums[top].rank ? block : top;
    if (sums[top].rank == 0) all_zero(context, "weights", size());
    heaviest_ = top * block_size;
    while (rank(weights_[heaviest_]) != sums[top].rank) ++heaviest_;
    scale_ = weight_scale(static_cast<double>(weights_[heaviest_]));
    uint128 sum{0, 0};
    for (block_sum const& part : sums) {
      sum = add(sum, shift_right(part.sum, part.rank == 0 ? 0 : scale_.unit() - part.unit));
    }
    scale_.set_sum(sum, size());
  }

  [[nodiscard]] balance balance_of(std::size_t block) const noexcept {
    block_shares buffer;
    balance result;
    for (std::uint64_t const share : shares(block, buffer)) {
      std::uint64_t const light = share >> 32 == 0, mask = 0 - light;
      result.deficit += (mean_share - share) & mask;
      result.excess += (share - mean_share) & ~mask;
      result.lights += light;
    }
    return result;
  }

  /// Sums up all blocks, and adds the sum of all rounding errors, which may be negative, to the heaviest weight's
  /// share.
  void balance_blocks() {
    balances_.resize(blocks());
    for_each_block([&](std::size_t block) { balances_[block] = balance_of(block); });
    std::uint64_t left_over = 0;
    for (balance const& block : balances_) left_over += block.deficit - block.excess;
    left_over_ = left_over;
    balances_[heaviest_ / block_size] = balance_of(heaviest_ / block_size);
  }

  std::span<Weight const> weights_;
  huge_page_vector<balance> balances_;
  std::size_t heaviest_ = 0;
  std::uint64_t left_over_ = 0;
  weight_scale scale_;
  unsigned threads_ = 1;
};

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
