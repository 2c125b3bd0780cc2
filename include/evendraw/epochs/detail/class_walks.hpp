// Classes that are walked through in random orders, and blocks of draws from them.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <evendraw/classes/detail/class_members.hpp>
#include <evendraw/detail/blocks.hpp>
#include <evendraw/kernels/walk.hpp>
#include <evendraw/random/permutation.hpp>

namespace evendraw::detail {

/// One walk through a class: every member once, in a random order.
///
/// Exact      with up to 16 members every order is equally likely; with more, tests cannot tell windows of walks from
///            uniform subsets
/// Cost       O(1) per step
struct class_walk {
  std::uint64_t begin;   ///< the place of the class's first member
  std::uint64_t n;       ///< the number of its members
  std::uint64_t key;     ///< the key of the class; with `number` it chooses the order
  std::uint64_t number;  ///< the number of this walk of the class

  /// Up to this size, every order is equally likely: 16! < 2^45, so one word makes all the choices.
  static constexpr std::uint64_t largest_exact = 16;

  /// Whether the vectorised permutation takes n members: more than largest_exact, and n fits 32 bits.
  [[nodiscard]] static constexpr bool is_narrow(std::uint64_t n) noexcept { return n > largest_exact && n >> 32 == 0; }

  /// The halves of the key of a class, for narrow walks.
  [[nodiscard]] std::uint32_t low() const noexcept { return static_cast<std::uint32_t>(key); }
  [[nodiscard]] std::uint32_t high() const noexcept { return static_cast<std::uint32_t>((key >> 32) + (number >> 32)); }
  /// The keys of a narrow walk.
  [[nodiscard]] walk_keys keys() const noexcept {
    return keys_of_walk(low(), high(), static_cast<std::uint32_t>(number));
  }

  /// The place of the member that the walk visits at `step` < n.
  [[nodiscard]] std::uint64_t member(std::uint64_t step) const noexcept {
    if (n <= largest_exact) return begin + exchange(step, n, mix64(key + number));
    if (n >> 32 != 0) return begin + permutation(n, key + number)(step);
    auto const last = static_cast<std::uint32_t>(n - 1), bits = static_cast<std::uint32_t>(std::bit_width(last));
    return begin + walk_below(static_cast<std::uint32_t>(step), last, bits, keys());
  }

  /// The step at which the walk visits the member at `place`: the inverse of member().
  [[nodiscard]] std::uint64_t step_of(std::uint64_t place) const noexcept {
    place -= begin;
    if (n <= largest_exact) return exchange_back(place, n, mix64(key + number));
    if (n >> 32 != 0) return permutation(n, key + number).place_of(place);
    auto const last = static_cast<std::uint32_t>(n - 1), bits = static_cast<std::uint32_t>(std::bit_width(last));
    auto const own = keys();
    auto x = static_cast<std::uint32_t>(place);
    do {
      x = undo_walk_once(x, ~0u >> (32 - bits), (bits + 1) / 2, own);
    } while (x > last);
    return x;
  }
};

/// A class that is walked through again and again.
struct walked_class {
  std::uint64_t begin;  ///< the place of its first member
  std::uint64_t n;      ///< the number of its members
  std::uint64_t key;    ///< chooses the orders; a uniform word

  /// Walk number `number`.
  [[nodiscard]] class_walk walk(std::uint64_t number) const noexcept { return {begin, n, key, number}; }
};

/// Finds the classes that hold a place. The classes form runs in which their places ascend, and each run is searched by
/// bisection. Usually there is one run. There may be more if the samples of each class are consecutive in the data, or
/// if a sample is in several classes.
class ascending_runs {
 public:
  /// Adds the next class.
  void add(walked_class const& added) {
    if (first_.empty() || added.begin < end_) first_.push_back(count_);
    end_ = added.begin + added.n;
    ++count_;
  }

  /// Calls f(c) for every class c that holds a place. classes[c].walked is what was added.
  template <class Classes, class F>
  void for_each_with(Classes const& classes, std::uint64_t place, F f) const {
    for (std::size_t run = 0; run < first_.size(); ++run) {
      std::size_t low = first_[run], after = run + 1 < first_.size() ? first_[run + 1] : count_;
      while (after - low > 1) {
        std::size_t const middle = low + (after - low) / 2;
        (classes[middle].walked.begin <= place ? low : after) = middle;
      }
      walked_class const& found = classes[low].walked;
      if (place >= found.begin && place - found.begin < found.n) f(low);
    }
  }

 private:
  std::vector<std::size_t> first_;  // the first class of each run
  std::size_t count_ = 0;
  std::uint64_t end_ = 0;
};

/// Reads up to a block of draws from walks, all at once.
class class_walk_block {
 public:
  /// Makes draw i the member that the walk visits at `step` < walk.n.
  void set(std::size_t i, class_walk const& walk, std::uint64_t step) noexcept {
    if (!class_walk::is_narrow(walk.n)) {
      set_place(i, walk.member(step));
      return;
    }
    begins_[i] = walk.begin;
    walks_.place[i] = static_cast<std::uint32_t>(step);
    walks_.last[i] = static_cast<std::uint32_t>(walk.n - 1);
    walks_.bits[i] = static_cast<std::uint32_t>(std::bit_width(walk.n - 1));
    walks_.low[i] = walk.low();
    walks_.high[i] = walk.high();
    numbers_[i] = static_cast<std::uint32_t>(walk.number);
  }

  /// Makes draw i the member at a place.
  void set_place(std::size_t i, std::uint64_t place) noexcept {
    begins_[i] = place;
    numbers_[i] = 0;
    walks_.skip(i);
  }

  /// Writes the places of the members that are drawn. Needs `count` draws that were set.
  void find_places(std::size_t count, block_of<std::uint64_t>& places) noexcept {
    for (std::size_t i = count; i % walk_group_size != 0; ++i) set_place(i, 0);
    begin_walks(numbers_, count, walks_);
    walks_.run(count);
    for (std::size_t i = 0; i < count; ++i) places[i] = begins_[i] + walks_.place[i];
  }

  /// Writes the samples that are drawn. Needs out.size() draws that were set.
  template <std::unsigned_integral Index>
  void read(class_members<Index> const& members, std::span<Index> out) noexcept {
    find_places(out.size(), begins_);
    members.read(begins_, out);
  }

 private:
  walk_block walks_;
  block_of<std::uint32_t> numbers_;  // of the walks
  block_of<std::uint64_t> begins_;
};

}  // namespace evendraw::detail
