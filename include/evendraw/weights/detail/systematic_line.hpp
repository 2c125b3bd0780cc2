// Weights -> lengths on a line that systematic sampling steps along.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <evendraw/detail/huge_page_vector.hpp>
#include <evendraw/detail/uint128.hpp>
#include <evendraw/random/detail/fingerprint.hpp>
#include <evendraw/weights/detail/quantise.hpp>

namespace evendraw::detail {

/// Points every `step`, the first one at `start` < step, on a line of samples: says of one after the other whether a
/// point hits it. Over all starts a length up to `step` is hit that many times.
class systematic_hits {
 public:
  systematic_hits(std::uint64_t step, std::uint64_t start) noexcept : step_(step), point_(start) {}

  [[nodiscard]] bool operator()(std::uint64_t length) noexcept {
    end_ += length;
    bool const hit = point_ < end_;
    point_ += hit ? step_ : 0;
    return hit;
  }

 private:
  std::uint64_t step_;
  std::uint64_t point_;
  std::uint64_t end_ = 0;  // of the samples so far
};

/// Which samples are drawn surely, and lengths in proportion to the weights for the others. A point every step() hits
/// each of them at most once, and all together num_hits() times, wherever the first one is.
///
/// Surely drawn is, from the heaviest sample on, whoever outweighs an equal part of what is left for the draws that are
/// left. Only integers decide.
///
///   weights  checked; at least `draws` of them positive
///   draws    at least 1
///
/// Cost       O(n log n); 8 bytes and one Index a positive weight
/// Exact      length / step is off by at most n / 2^59 from what the weights say; a positive weight has a length > 0
template <std::unsigned_integral Index>
class systematic_line {
 public:
  systematic_line(std::span<double const> weights, std::uint64_t draws) : num_draws_(draws) {
    std::vector<Index> const order = heaviest_first(weights);
    auto const [sure, shift] = find_sure(weights, order);
    sure_.assign(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(sure));
    others_.assign(order.begin() + static_cast<std::ptrdiff_t>(sure), order.end());
    make_lengths(weights, shift);
  }

  /// The samples that are drawn in any case.
  [[nodiscard]] std::span<Index const> sure() const noexcept { return sure_; }
  /// The others with a positive weight.
  [[nodiscard]] std::span<Index const> others() const noexcept { return others_; }
  /// Their lengths, at most step() each; the sum is step() * num_hits().
  [[nodiscard]] std::span<std::uint64_t const> lengths() const noexcept { return lengths_; }
  [[nodiscard]] std::uint64_t step() const noexcept { return step_; }
  [[nodiscard]] std::uint64_t num_hits() const noexcept { return num_draws_ - sure_.size(); }

  [[nodiscard]] std::uint64_t fingerprint() const noexcept {
    fingerprint_builder hash("systematic_line");
    hash.add(sure_.size());
    for (Index const index : sure_) hash.add(index);
    for (Index const index : others_) hash.add(index);
    for (std::uint64_t const length : lengths_) hash.add(length);
    return hash.value();
  }

 private:
  static double weight_of(std::span<double const> weights, Index i) noexcept {
    return weights[static_cast<std::size_t>(i)];
  }

  static std::vector<Index> heaviest_first(std::span<double const> weights) {
    std::vector<Index> order;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      if (weights[i] > 0) order.push_back(static_cast<Index>(i));
    }
    std::ranges::sort(order, [weights](Index a, Index b) {
      double const of_a = weight_of(weights, a), of_b = weight_of(weights, b);
      return of_a > of_b || (of_a == of_b && a < b);
    });
    return order;
  }

  struct sure_and_shift {
    std::size_t sure;  // that many are drawn surely,
    int shift;         // and the fixed-point numbers of the others, shifted right by that, sum to about 2^62
  };

  /// From the lightest to the heaviest, so that the weights from there on are summed up when they are asked for.
  [[nodiscard]] sure_and_shift find_sure(std::span<double const> weights, std::span<Index const> order) const {
    sure_and_shift result{order.size(), 0};
    uint128 sum{0, 0};
    int unit = weight_scale(weight_of(weights, order.back())).unit();
    for (std::size_t j = order.size(); j-- > 0;) {
      weight_scale const scale(weight_of(weights, order[j]));
      std::uint64_t const x = scale.fixed_point(weight_of(weights, order[j]));
      sum = add(shift_right(sum, scale.unit() - unit), {0, x});
      unit = scale.unit();
      if (j >= num_draws_ || !less(sum, multiply(x, num_draws_ - j))) result = {j, bit_width(sum) - 62};
    }
    return result;
  }

  void make_lengths(std::span<double const> weights, int shift) {
    weight_scale const scale(weight_of(weights, others_.front()));
    std::uint64_t sum = 0;
    lengths_.reserve(others_.size());
    for (Index const index : others_) {
      lengths_.push_back(std::max<std::uint64_t>(scale.fixed_point(weight_of(weights, index)) >> shift, 1));
      sum += lengths_.back();
    }
    while (less({0, sum}, multiply(lengths_.front(), num_hits()))) {  // only where rounding has brought it about
      sum -= lengths_.front();
      sure_.push_back(others_.front());
      others_.erase(others_.begin());
      lengths_.erase(lengths_.begin());
    }
    // The heaviest are made longer by 1 until the sum can be divided; they are at most a step long even so.
    std::uint64_t const rest = sum % num_hits();
    step_ = sum / num_hits() + static_cast<std::uint64_t>(rest != 0);
    for (std::uint64_t i = 0; rest != 0 && i < num_hits() - rest; ++i) ++lengths_[static_cast<std::size_t>(i)];
  }

  std::uint64_t num_draws_;
  std::uint64_t step_ = 0;
  std::vector<Index> sure_;
  huge_page_vector<Index> others_;
  huge_page_vector<std::uint64_t> lengths_;
};

}  // namespace evendraw::detail
