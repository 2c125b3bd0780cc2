// Finds the shares nearest to the data that meet given targets.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <evendraw/detail/huge_page_vector.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// The product with its last bit cleared. Compilers cannot fuse this with a sum, which would round once instead of
/// twice on some processors.
constexpr double rounded_product(double a, double b) noexcept {
  return std::bit_cast<double>(std::bit_cast<std::uint64_t>(a * b) & ~std::uint64_t{1});
}

/// The limit of a number without a limit. It is not infinity, because -ffast-math has none.
inline constexpr double unlimited = 0x1p1000;

/// Groups of the numbers 0 to n - 1. A number may be in several groups or in none. Group g has members[begins[g]] to
/// members[begins[g + 1] - 1].
struct member_lists {
  std::vector<std::size_t> begins = {0};
  std::vector<std::size_t> members = {};

  [[nodiscard]] std::size_t size() const noexcept { return begins.size() - 1; }
  [[nodiscard]] std::span<std::size_t const> operator[](std::size_t g) const noexcept {
    return {members.data() + begins[g], begins[g + 1] - begins[g]};
  }

  /// Adds groups that contain each number once: number i is in the new group group_of[i].
  void add_partition(std::span<std::uint32_t const> group_of, std::size_t num_groups) {
    std::size_t const first = begins.size(), end = begins.back();
    begins.resize(first + num_groups);
    for (std::uint32_t const g : group_of) ++begins[first + g];
    for (std::size_t g = 0; g < num_groups; ++g) begins[first + g] += begins[first + g - 1];
    members.resize(end + group_of.size());
    for (std::size_t i = group_of.size(); i-- > 0;) members[--begins[first + group_of[i]]] = i;
    for (std::size_t g = first; g < begins.size(); ++g) begins[g - 1] = begins[g];
    begins.back() = members.size();
  }
};

/// The way in which a group is brought to its target.
enum class raking_step {
  scale,     ///< its numbers are multiplied; for groups that contain each number once, with targets that sum to 1
  odds,      ///< its numbers are multiplied so that it has its target, and all others stay in proportion
  at_least,  ///< the same as odds, but only if it has less than its target
};

/// A target of a group: the share of the total that its members should have.
struct raking_target {
  std::size_t group;
  double share;
  raking_step step;
};

/// When raking stops.
struct raking_limits {
  double tolerance;
  std::uint64_t max_sweeps;
};

/// Finds numbers x that sum to 1 and meet the targets of groups. They are the nearest such numbers to q: those of least
/// relative entropy. x_i is min(most_i, q_i times the factors of all groups with i). Each sweep finds one factor after
/// the other, so that its group meets its target if the other factors stay the same.
///
/// Exact      x is the nearest solution up to the tolerance, if all targets are met
/// Cost       O(members of groups with targets + n) for every sweep
/// Stable     only + - * / in double, none of them fused
/// Source     iterative proportional fitting: Deming and Stephan, 1940; Csiszár, Annals of Probability 3, 1975
class raking {
 public:
  /// Needs q >= 0 with a sum > 0; most with a sum of at least 1; shares in (0, 1), or in [0, 1] for steps that scale.
  raking(std::vector<double> q, std::vector<double> most, member_lists const& groups,
         huge_page_vector<raking_target> const& targets, raking_limits limits)
      : most_(std::move(most)), x_(std::move(q)), factors_(targets.size(), 1.0) {
    set_total();
    double least_off = farthest_off(groups, targets);
    for (std::uint64_t since = 0; least_off > limits.tolerance && since < patience;) {
      ended_early_ = sweeps_ == limits.max_sweeps;
      if (ended_early_) break;
      for (std::size_t k = 0; k < targets.size(); ++k) {
        auto const members = groups[targets[k].group];
        targets[k].step == raking_step::scale ? scale(&members, targets[k].share)
                                              : fit(members, targets[k], factors_[k]);
      }
      set_total();
      ++sweeps_;
      double const distance = farthest_off(groups, targets);
      since = distance < 0.99 * least_off ? 0 : since + 1;
      if (since == 0) least_off = distance;
    }
    if (total_ < 1 - 0x1p-30) set_total();  // one factor does not lift the smallest numbers to 1
    for (std::size_t i = 0; i < x_.size(); ++i) x_[i] = capped(i);
  }

  [[nodiscard]] std::vector<double> const& result() const& noexcept { return x_; }
  [[nodiscard]] std::vector<double> result() && noexcept { return std::move(x_); }
  [[nodiscard]] std::uint64_t sweeps() const noexcept { return sweeps_; }
  /// Whether max_sweeps ended the search.
  [[nodiscard]] bool ended_early() const noexcept { return ended_early_; }

 private:
  static constexpr std::uint64_t patience = 500;  // the number of sweeps without progress after which it stops
  static constexpr double largest = 0x1p500;      // the limit of all numbers, which avoids infinities
  static constexpr double smallest = 0x1p-500;    // the same for numbers > 0: what has become 0 could not grow again

  void multiply(std::size_t i, double factor) noexcept {
    if (x_[i] > 0) x_[i] = std::clamp(rounded_product(x_[i], factor), smallest, largest);
  }

  [[nodiscard]] double capped(std::size_t i) const noexcept { return std::min(most_[i], x_[i]); }

  [[nodiscard]] double sum_of_group(std::span<std::size_t const> members) const noexcept {
    double sum = 0;
    for (std::size_t const i : members) sum += capped(i);
    return sum;
  }

  /// Changes the odds of a group to those of its target, while all other numbers stay in proportion.
  void fit(std::span<std::size_t const> members, raking_target const& target, double& factor) noexcept {
    double const sum = sum_of_group(members), others_sum = total_ - sum;
    if (sum <= 0 || others_sum <= 0) return;
    bool const at_least = target.step == raking_step::at_least;
    double change = target.share * others_sum / (sum * (1 - target.share));
    if (at_least) change = std::max(change, 1 / factor);
    if (change == 1) return;
    change = std::min(change, largest / factor);
    factor = std::max(factor * change, at_least ? 1 : 1 / largest);
    for (std::size_t const i : members) multiply(i, change);
    total_ = others_sum + sum_of_group(members);
  }

  /// Calls f(i) for some numbers, or for all if `members` is null.
  template <class F>
  void for_each(std::span<std::size_t const> const* members, F f) const {
    std::size_t const size = members != nullptr ? members->size() : x_.size();
    for (std::size_t j = 0; j < size; ++j) f(members != nullptr ? (*members)[j] : j);
  }

  /// Multiplies numbers so that they have the given sum, or come as close to it as their limits allow. The factor grows
  /// from below, while more and more of them reach their limits.
  void scale(std::span<std::size_t const> const* members, double sum) noexcept {
    double factor = 0, at_most = -1, before = -1;
    do {
      before = at_most;
      at_most = 0;
      double others = 0;
      for_each(members, [&](std::size_t i) {
        bool const at_limit = rounded_product(x_[i], factor) >= most_[i];
        at_most += at_limit ? most_[i] : 0;
        others += at_limit ? 0 : x_[i];
      });
      if (others <= 0 || at_most >= sum) break;
      factor = std::min((sum - at_most) / others, largest);
    } while (at_most > before);
    for_each(members, [&](std::size_t i) { multiply(i, factor); });
  }

  void set_total() noexcept {
    scale(nullptr, 1);
    total_ = 0;
    for (std::size_t i = 0; i < x_.size(); ++i) total_ += capped(i);
  }

  /// How far the group that is farthest off is from its target. A group that has more than the least that it needs is
  /// off only if it was raised: then smaller factors are nearer to q.
  [[nodiscard]] double farthest_off(member_lists const& groups,
                                    huge_page_vector<raking_target> const& targets) const noexcept {
    double most = 0;
    for (std::size_t k = 0; k < targets.size(); ++k) {
      double const deviation = sum_of_group(groups[targets[k].group]) / total_ - targets[k].share;
      bool const may_exceed = targets[k].step == raking_step::at_least && factors_[k] <= 1;
      most = std::max(most, std::max(-deviation, may_exceed ? 0 : deviation));
    }
    return most;
  }

  std::vector<double> most_;
  std::vector<double> x_;        // before they are limited to most_
  std::vector<double> factors_;  // by target
  double total_ = 1;
  std::uint64_t sweeps_ = 0;
  bool ended_early_ = false;
};

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
