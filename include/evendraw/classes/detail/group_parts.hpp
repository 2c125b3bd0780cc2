// Assigns each group to a part of a split.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <evendraw/detail/huge_page_vector.hpp>
#include <evendraw/detail/sort_by.hpp>
#include <evendraw/random/counter_random.hpp>
#include <evendraw/random/permutation.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// For each group, a list of the classes of its samples and the number of samples of each. The last entry of a group is
/// class K, which counts all its samples.
struct group_classes {
  struct entry {
    std::uint32_t c;
    std::uint64_t count;
  };
  std::vector<std::size_t> begins;  ///< where each group's entries begin; the last element is their end
  huge_page_vector<entry> entries;

  [[nodiscard]] std::size_t size() const noexcept { return begins.size() - 1; }
  /// The classes of a group.
  struct list {
    entry const* first;
    entry const* last;
    [[nodiscard]] entry const* begin() const noexcept { return first; }
    [[nodiscard]] entry const* end() const noexcept { return last; }
  };
  [[nodiscard]] list operator[](std::size_t g) const noexcept {
    return {entries.data() + begins[g], entries.data() + begins[g + 1]};
  }
  [[nodiscard]] std::uint64_t num_samples(std::size_t g) const noexcept { return entries[begins[g + 1] - 1].count; }
};

/// Puts groups into parts so that the counts of classes and the sizes of parts are close to the wanted ones. It makes
/// the distance small: the sum of (achieved - wanted)^2 / wanted over all classes and parts, where the sizes of parts
/// count as one more class.
///
/// The groups are placed one by one, the largest first, each in the part where it lowers the distance most. Then groups
/// move, or swap parts with others, as long as this lowers the distance. If there are few groups, this is repeated with
/// the groups in random orders, and the best result is kept. Missing minima count more than any distance.
class group_parts {
 public:
  /// Needs at least one group, part and sample. wanted[c * parts + p] is for class c and part p; the sizes of the parts
  /// follow.
  group_parts(group_classes const& groups, std::size_t parts, std::vector<double> wanted,
              std::vector<std::uint64_t> minimums, std::uint64_t key)
      : groups_(groups),
        parts_(parts),
        wanted_(std::move(wanted)),
        minimums_(std::move(minimums)),
        achieved_(wanted_.size()),
        part_of_(groups.size(), no_part),
        order_(groups.size()) {
    auto const starts = std::clamp<std::size_t>(tries / groups.entries.size(), 1, most_starts);
    std::vector<std::size_t> best;
    double least = 0;
    for (std::size_t start = 0; start < starts; ++start) {
      permutation const random(groups.size(), random_word(key, start));
      for (std::size_t i = 0; i < order_.size(); ++i) order_[i] = static_cast<std::size_t>(random(i));
      clear();
      place_all(start == 0);
      improve();
      double const reached = distance();
      if (start > 0 && reached >= least) continue;
      least = reached;
      best = part_of_;
    }
    for (std::size_t g = 0; g < best.size(); ++g) put(g, best[g]);
  }

  [[nodiscard]] std::span<std::size_t const> part_of() const noexcept { return part_of_; }
  /// The number of samples of class c in part p.
  [[nodiscard]] std::uint64_t achieved(std::size_t c, std::size_t p) const noexcept {
    return achieved_[c * parts_ + p];
  }

 private:
  static constexpr auto no_part = ~std::size_t{0};
  static constexpr int most_passes = 100;
  static constexpr std::size_t most_starts = 32;
  static constexpr std::size_t tries = 1 << 15;  // the number of entries that all attempts together may place
  static constexpr std::size_t partners = 64;    // the number of groups with which a group may swap parts
  static constexpr double least_gain = 0x1p-20;  // a smaller gain could be a rounding error
  static constexpr double missing = 0x1p40;      // the distance for each sample that is missing from a minimum

  /// The change of the distance if a group enters (or leaves) a part.
  [[nodiscard]] double change(std::size_t g, std::size_t p, bool enters) const noexcept {
    double sum = 0;
    for (auto const& [c, count] : groups_[g]) {
      std::size_t const cell = c * parts_ + p;
      auto const size = static_cast<double>(count);
      double const deviation = static_cast<double>(achieved_[cell]) - wanted_[cell];
      // Quotients and sums: compilers may fuse a product and a sum, and then round once instead of twice.
      sum += (size + (enters ? 2 * deviation : -2 * deviation)) / (wanted_[cell] / size);
      if (minimums_[p] == 0 || c * parts_ + parts_ == achieved_.size()) continue;
      std::uint64_t const after = enters ? achieved_[cell] + count : achieved_[cell] - count;
      sum += (lacking(p, after) - lacking(p, achieved_[cell])) * missing;  // a power of two: exact
    }
    return sum;
  }

  [[nodiscard]] double lacking(std::size_t p, std::uint64_t have) const noexcept {
    return static_cast<double>(minimums_[p] - std::min(have, minimums_[p]));
  }

  void put(std::size_t g, std::size_t p) noexcept {
    for (auto const& [c, count] : groups_[g]) {
      if (part_of_[g] != no_part) achieved_[c * parts_ + part_of_[g]] -= count;
      achieved_[c * parts_ + p] += count;
    }
    part_of_[g] = p;
  }

  [[nodiscard]] bool takes_samples(std::size_t p) const noexcept { return wanted_[wanted_.size() - parts_ + p] > 0; }

  /// A part, and by how much the distance grows if a group enters it.
  struct entered_part {
    std::size_t p;
    double growth;
  };

  /// The part, other than its own, whose distance grows least if a group enters it.
  [[nodiscard]] entered_part best_part(std::size_t g) const noexcept {
    entered_part best{no_part, 0};
    for (std::size_t p = 0; p < parts_; ++p) {
      if (p == part_of_[g] || !takes_samples(p)) continue;
      double const growth = change(g, p, true);
      if (best.p == no_part || growth < best.growth) best = {p, growth};
    }
    return best;
  }

  void clear() {
    for (auto& each : achieved_) each = 0;
    for (auto& each : part_of_) each = no_part;
  }

  void place_all(bool largest_first) {
    std::vector<std::size_t> places(order_.size());
    for (std::size_t i = 0; i < places.size(); ++i) places[i] = i;
    if (largest_first) {
      std::vector<std::uint64_t> keys(order_.size());
      for (std::size_t i = 0; i < order_.size(); ++i) keys[i] = ~groups_.num_samples(order_[i]);
      sort_by(places, keys);
    }
    for (std::size_t const i : places) put(order_[i], best_part(order_[i]).p);
  }

  void improve() {
    for (int pass = 0; pass < most_passes; ++pass) {
      if (!move_groups() && !swap_groups()) break;
    }
  }

  [[nodiscard]] double distance() const noexcept {
    double sum = 0;
    for (std::size_t cell = 0; cell < achieved_.size(); ++cell) {
      double const deviation = static_cast<double>(achieved_[cell]) - wanted_[cell];
      if (deviation != 0 && wanted_[cell] > 0) sum += deviation / (wanted_[cell] / deviation);
      if (wanted_[cell] == 0 || cell + parts_ >= achieved_.size()) continue;
      sum += lacking(cell % parts_, achieved_[cell]) * missing;
    }
    return sum;
  }

  /// Moves groups to better parts. Returns whether any moved.
  bool move_groups() {
    bool any = false;
    for (std::size_t const g : order_) {
      double const leaving = change(g, part_of_[g], false);
      auto const [p, growth] = best_part(g);
      if (p == no_part || leaving + growth > -least_gain) continue;
      any = true;
      put(g, p);
    }
    return any;
  }

  /// Lets pairs of groups swap parts. Returns whether any did.
  bool swap_groups() {
    bool any = false;
    for (std::size_t i = 0; i < order_.size(); ++i) {
      std::size_t const g = order_[i], home = part_of_[g];
      double const leaving = change(g, home, false);
      for (std::size_t p = 0; p < parts_ && part_of_[g] == home; ++p) {
        if (p == home || !takes_samples(p)) continue;
        double const moving = leaving + change(g, p, true);
        put(g, p);
        double best = -least_gain;
        std::size_t partner = no_part;
        for (std::size_t k = 1; k < std::min(partners + 1, order_.size()); ++k) {
          std::size_t const other = order_[(i + k) % order_.size()];
          if (part_of_[other] != p) continue;
          double const growth = moving + (change(other, p, false) + change(other, home, true));
          if (growth >= best) continue;
          best = growth;
          partner = other;
        }
        put(partner == no_part ? g : partner, home);
        any = any || partner != no_part;
      }
    }
    return any;
  }

  group_classes const& groups_;
  std::size_t parts_;
  std::vector<double> wanted_;  // by class, then part; the last class stands for the sizes
  std::vector<std::uint64_t> minimums_;
  std::vector<std::uint64_t> achieved_;
  std::vector<std::size_t> part_of_;
  std::vector<std::size_t> order_;  // a random order of the groups
};

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
