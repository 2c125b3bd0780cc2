// The line along which systematic sampling steps. Samples have lengths on it in proportion to their weights.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <evendraw/detail/blocks.hpp>
#include <evendraw/detail/huge_page_vector.hpp>
#include <evendraw/detail/uint128.hpp>
#include <evendraw/random/detail/fingerprint.hpp>
#include <evendraw/weights/detail/quantise.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// Points at start, start + step, start + 2 step, ... on a line of samples, where start < step. Of all possible starts,
/// `length` starts hit a sample whose length is at most step.
class systematic_hits {
 public:
  systematic_hits(std::uint64_t step, std::uint64_t start) noexcept : step_(step), point_(start) {}

  /// Takes the lengths of the next samples, and lists those of these samples that a point hits. Returns their number.
  /// It has no branch, because no processor could predict one.
  template <std::unsigned_integral Number>
  std::size_t list(block_of<std::uint64_t> const& lengths, std::span<Number const> samples,
                   block_of<Number>& hit) noexcept {
    std::uint64_t point = point_, end = end_;
    std::size_t count = 0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
      end += lengths[i];
      bool const is_hit = point < end;
      hit[count] = samples[i];
      count += static_cast<std::size_t>(is_hit);
      point += is_hit ? step_ : 0;
    }
    point_ = point;
    end_ = end;
    return count;
  }

 private:
  std::uint64_t step_;
  std::uint64_t point_;
  std::uint64_t end_ = 0;  // where the samples so far end
};

/// The samples that are certain to be drawn, and lengths for the others in proportion to their weights. Wherever the
/// first point is, points at a distance of step() hit each of the others at most once, and num_hits() of them in total.
///
/// Samples are taken from the heaviest down. One is certain to be drawn if it is heavier than the remaining weight, its
/// own included, divided by the remaining draws. With weights 5, 1, 1, 1 and 2 draws, 5 > 8 / 2 is certain, and then
/// 1 <= 3 / 1 is not. Only integers decide.
///
///   weights  checked; at least `draws` of them positive
///   draws    at least 1
///
/// Exact      length / step differs by at most n / 2^59 from what the weights say; a positive weight has a length > 0
/// Cost       O(n log n); 8 bytes and one Index per positive weight
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

  /// The samples that are certain to be drawn.
  [[nodiscard]] std::span<Index const> sure() const noexcept { return sure_; }
  /// The other samples with a positive weight.
  [[nodiscard]] std::span<Index const> others() const noexcept { return others_; }
  /// The lengths of others(), at most step() each; their sum is step() * num_hits().
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
      double const weight_a = weight_of(weights, a), weight_b = weight_of(weights, b);
      return weight_a > weight_b || (weight_a == weight_b && a < b);
    });
    return order;
  }

  struct sure_and_shift {
    std::size_t sure;  // the number of samples that are certain to be drawn
    int shift;         // shifted by this, the fixed-point weights of the others sum to about 2^62
  };

  /// Goes from the lightest sample up, so that `sum` is the weight of sample j and all lighter ones.
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
    while (less({0, sum}, multiply(lengths_.front(), num_hits()))) {  // happens only by rounding
      sum -= lengths_.front();
      sure_.push_back(others_.front());
      others_.erase(others_.begin());
      lengths_.erase(lengths_.begin());
    }
    // The heaviest get 1 more each until num_hits() divides the sum. They still are at most a step long.
    std::uint64_t const remainder = sum % num_hits();
    step_ = sum / num_hits() + static_cast<std::uint64_t>(remainder != 0);
    std::uint64_t const missing = remainder == 0 ? 0 : num_hits() - remainder;
    for (std::size_t i = 0; i < missing; ++i) ++lengths_[i];
  }

  std::uint64_t num_draws_;
  std::uint64_t step_ = 0;
  std::vector<Index> sure_;
  huge_page_vector<Index> others_;
  huge_page_vector<std::uint64_t> lengths_;
};

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
