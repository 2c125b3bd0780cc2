// Weights that change, their sum and their maximum.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <evendraw/detail/huge_page_vector.hpp>
#include <evendraw/random/counter_random.hpp>
#include <evendraw/weights/detail/sum_tree.hpp>
#include <evendraw/weights/detail/weight_quantum.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// The largest of n counts that change.
///
/// Cost       O(n) to build, 1.2 n bytes; O(log n) per change, or O(1) if the largest of its group of eight stays the
///            same
class max_tree {
 public:
  max_tree() = default;

  template <class CountOf>
  max_tree(std::size_t n, CountOf const& count_of) {
    levels_.push_back(level_of(n, count_of));
    while (levels_.back().size() > 1) {
      auto above = level_of(levels_.back().size(), [&](std::size_t i) { return levels_.back()[i]; });
      levels_.push_back(std::move(above));
    }
    n_ = n;
  }

  [[nodiscard]] std::uint64_t largest() const noexcept { return levels_.back().front(); }

  /// Count i was `before` and is `after` now.
  template <class CountOf>
  void update(std::size_t i, std::uint64_t before, std::uint64_t after, CountOf const& count_of) noexcept {
    for (std::size_t level = 0; level < levels_.size(); ++level) {
      std::uint64_t& largest = levels_[level][i / width];
      if (after < largest && before < largest) return;
      if (after < largest) {  // the largest of the eight became smaller
        after = level == 0 ? largest_of(i / width, n_, count_of) : largest_below(level, i / width);
      }
      before = std::exchange(largest, after);
      i /= width;
    }
  }

 private:
  static constexpr std::size_t width = 8;

  template <class CountOf>
  static std::uint64_t largest_of(std::size_t group, std::size_t n, CountOf const& count_of) {
    std::uint64_t largest = 0;
    std::size_t const end = std::min(n, (group + 1) * width);
    for (std::size_t i = group * width; i < end; ++i) largest = std::max<std::uint64_t>(largest, count_of(i));
    return largest;
  }

  template <class CountOf>
  static huge_page_vector<std::uint64_t> level_of(std::size_t n, CountOf const& count_of) {
    huge_page_vector<std::uint64_t> level((n - 1) / width + 1);
    for (std::size_t group = 0; group < level.size(); ++group) level[group] = largest_of(group, n, count_of);
    return level;
  }

  [[nodiscard]] std::uint64_t largest_below(std::size_t level, std::size_t group) const noexcept {
    auto const& below = levels_[level - 1];
    return largest_of(group, below.size(), [&](std::size_t i) { return below[i]; });
  }

  std::size_t n_ = 0;
  std::vector<huge_page_vector<std::uint64_t>> levels_;
};

/// Weights as multiples of a quantum, with room for more weights. Those that were not added yet are 0.
class changing_weights {
 public:
  changing_weights() = default;

  /// Needs capacity >= 1, n <= capacity, and finite weights in [0, largest].
  template <class WeightAt>
  changing_weights(std::size_t n, std::size_t capacity, double largest, WeightAt const& weight_at)
      : size_(n),
        quantum_(largest, capacity),
        sums_(capacity, [&](std::size_t i) { return i < n ? quantum_.units(weight_at(i)) : 0; }),
        largest_(capacity, [this](std::size_t i) { return sums_[i]; }) {
    for (std::size_t i = 0; i < n; ++i) hash_ += hash_of(i, sums_[i]);
  }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::size_t capacity() const noexcept { return sums_.size(); }
  [[nodiscard]] sum_tree const& sums() const noexcept { return sums_; }
  [[nodiscard]] double operator[](std::size_t i) const noexcept { return quantum_.weight(sums_[i]); }
  [[nodiscard]] double largest() const noexcept { return quantum_.weight(largest_.largest()); }
  /// A hash of all weights.
  [[nodiscard]] std::uint64_t hash() const noexcept { return hash_; }

  /// Sets weight i. Needs i < size().
  void set(std::size_t i, double weight) noexcept {
    std::uint64_t const before = sums_[i], after = quantum_.units(weight);
    change(i, before, after);
    hash_ += hash_of(i, after) - hash_of(i, before);
  }

  /// Adds a weight after the others. Needs size() < capacity().
  void append(double weight) noexcept {
    std::uint64_t const units = quantum_.units(weight);
    change(size_, 0, units);
    hash_ += hash_of(size_++, units);
  }

 private:
  void change(std::size_t i, std::uint64_t before, std::uint64_t after) noexcept {
    sums_.add(i, after - before);
    largest_.update(i, before, after, [this](std::size_t k) { return sums_[k]; });
  }

  static std::uint64_t hash_of(std::size_t i, std::uint64_t units) noexcept { return random_word(mix64(units), i); }

  std::size_t size_ = 0;
  weight_quantum quantum_;
  sum_tree sums_;
  max_tree largest_;
  std::uint64_t hash_ = 0;  // the sum of hash_of(i, units of i)
};

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
