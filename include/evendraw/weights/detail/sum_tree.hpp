// Counts that change, and a search for the count that a number below their sum falls into.
#pragma once

#include <array>
#include <cassert>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <evendraw/detail/blocks.hpp>
#include <evendraw/detail/huge_page_vector.hpp>
#include <evendraw/kernels/dispatch.hpp>

namespace evendraw::detail {

/// `count` words of zero bits, then `count` words of one bits.
template <std::size_t count>
constexpr std::array<std::uint64_t, 2 * count> zeros_and_ones() noexcept {
  std::array<std::uint64_t, 2 * count> result{};
  for (std::size_t i = count; i < 2 * count; ++i) result[i] = ~std::uint64_t{0};
  return result;
}

/// n counts as a tree with 8 children per node. A node is one cache line and holds the running sums of its children.
///
///   n         counts
///   count_of  count_of(i) is count i
///
/// Needs      n >= 1; a sum below 2^63; indices below n, units below total() (all asserted)
/// Exact      integers: after any changes the tree equals one that is built from the new counts
/// Cost       O(n) to build, 9.2 n bytes; O(log n) for everything else: seven nodes at n = 10^6
class sum_tree {
 public:
  sum_tree() = default;

  template <class CountOf>
  sum_tree(std::size_t n, CountOf count_of) : size_(n) {
    assert(n > 0);
    levels_.push_back(level_of(n, count_of));
    while (levels_.back().size() > 1) {
      auto above = level_of(levels_.back().size(), [&](std::size_t i) { return levels_.back()[i].back(); });
      levels_.push_back(std::move(above));
    }
    assert(total() >> 63 == 0);
  }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::uint64_t total() const noexcept { return levels_.back().front().back(); }

  [[nodiscard]] std::uint64_t operator[](std::size_t i) const noexcept {
    assert(i < size_);
    node const& leaf = levels_.front()[i / width];
    return leaf[i % width] - (i % width == 0 ? 0 : leaf[i % width - 1]);
  }

  /// Adds to count i, modulo 2^64, so the difference new count - old count may be negative.
  void add(std::size_t i, std::uint64_t difference) noexcept {
    assert(i < size_);
    dispatch<&sum_tree::add_to_levels>(levels_.data(), levels_.size(), i, difference);
  }

  /// The index that a unit belongs to. The first count[0] units belong to 0, the next count[1] units belong to 1, and
  /// so on.
  [[nodiscard]] std::size_t find(std::uint64_t unit) const noexcept {
    assert(unit < total());
    std::size_t index = 0;
    for (std::size_t level = levels_.size(); level-- > 0;) {
      index = index * width + step(levels_[level][index], unit);
    }
    return index;
  }

  /// find() for a block of units, which it overwrites. It goes level by level, so that the memory reads overlap.
  template <std::unsigned_integral Index>
  void find(block_of<std::uint64_t>& units, std::span<Index> out) const noexcept {
    block_of<std::uint64_t> indices{};
    for (std::size_t level = levels_.size(); level-- > 0;) {
      node const* const below = level > 0 ? levels_[level - 1].data() : nullptr;
      dispatch<&sum_tree::descend>(levels_[level].data(), below, out.size(), units, indices);
    }
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<Index>(indices[i]);
  }

  friend bool operator==(sum_tree const&, sum_tree const&) = default;

 private:
  static constexpr std::size_t width = 8;
  using node = std::array<std::uint64_t, width>;

  /// Zeros, then ones. The `width` words from width - c on are the mask of child c and all later children.
  static constexpr auto last_ones = zeros_and_ones<width>();

  template <class CountOf>
  static huge_page_vector<node> level_of(std::size_t n, CountOf const& count_of) {
    huge_page_vector<node> level((n - 1) / width + 1);
    for (std::size_t i = 0; i < level.size() * width; ++i) {
      std::uint64_t const before = i % width == 0 ? 0 : level[i / width][i % width - 1];
      level[i / width][i % width] = before + (i < n ? count_of(i) : 0);
    }
    return level;
  }

  /// The child that `unit` of this node belongs to; `unit` becomes its number within the child. Numbers below 2^63 are
  /// compared by the sign of their difference, which every vector instruction set can do.
  [[gnu::always_inline]] static std::size_t step(node const& sums, std::uint64_t& unit) noexcept {
    std::uint64_t child = width;
    for (std::uint64_t const sum : sums) child -= (unit - sum) >> 63;
    std::uint64_t const any = static_cast<std::uint64_t>(child != 0);
    unit -= sums[static_cast<std::size_t>(child - any)] & (0 - any);
    return static_cast<std::size_t>(child);
  }

  static void add_to_levels(huge_page_vector<node>* levels, std::size_t count, std::size_t i,
                            std::uint64_t difference) noexcept {
    for (std::size_t level = 0; level < count; ++level) {
      std::uint64_t const* __restrict const from_child = &last_ones[width - i % width];
      i /= width;
      std::uint64_t* __restrict const sums = levels[level][i].data();
      for (std::size_t child = 0; child < width; ++child) sums[child] += difference & from_child[child];
    }
  }

  static void descend(node const* nodes, node const* below, std::size_t count, std::uint64_t* __restrict units,
                      std::uint64_t* __restrict indices) noexcept {
    for (std::size_t i = 0; i < count; ++i) {
      auto const parent = static_cast<std::size_t>(indices[i]);
      std::size_t const child = parent * width + step(nodes[parent], units[i]);
      indices[i] = child;
      if (below != nullptr) fetch(below + child);
    }
  }

  [[gnu::always_inline]] static void fetch(node const* place) noexcept {
#if defined(__GNUC__)
    __builtin_prefetch(place);
#else
    static_cast<void>(place);
#endif
  }

  std::size_t size_ = 0;
  std::vector<huge_page_vector<node>> levels_;  // the counts first, the root last
};

}  // namespace evendraw::detail
