// Deals a long list to batches so that neighbours in the list are in different batches.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <evendraw/detail/huge_page_vector.hpp>
#include <evendraw/detail/interval_lookup.hpp>
#include <evendraw/detail/sort_by.hpp>
#include <evendraw/random/counter_random.hpp>
#include <evendraw/random/permutation.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// Deals a list of n items to M batches. The items of every group are consecutive in the list. No batch gets two items
/// of a group, and each batch gets n / M items, rounded down or up.
///
/// The list is cut into layers of M items; the last layer may be shorter. Each layer gives one item to each batch, in a
/// random order of the batches. So two items of a group can be in one batch only if the group belongs to two layers.
/// Let it have t items at the end of the first layer and h items at the beginning of the second.
///   t + h <= M / 4  some of the h items would come to the batches of the t items; each of these is exchanged with a
///                   later item of its layer that would not
///   otherwise       the second layer has the same order as the first
///
/// Example: M = 8, and a group has the last item of layer 0 and the first item of layer 1. The order of layer 0 ends
/// with batch 5. The order of layer 1 begins with batches 5, 2, 7. Its first two are exchanged, so it begins with 2, 5,
/// 7.
///
/// Batches are renumbered so that the longer ones come first.
///
/// Needs      n >= 1 items, in groups of at most M (asserted)
/// Cost       O(groups + n / M) to build, and O(t + h) for each border; O(log groups) for each item
class distinct_layers {
 public:
  /// The batch and the layer of an item of the list.
  struct place {
    std::uint64_t batch;
    std::uint64_t layer;
  };

  /// `groups` has the sizes of the groups, in their order in the list.
  distinct_layers(interval_lookup const& groups, std::uint64_t num_batches, std::uint64_t key)
      : size_(groups.total()),
        num_batches_(num_batches),
        last_(size_ - (num_layers() - 1) * num_batches),
        long_(last_, random_word(key, 0)),
        short_(std::max<std::uint64_t>(num_batches - last_, 1), random_word(key, 1)) {
    for (std::uint64_t layer = 0; layer < num_layers(); ++layer) {
      std::uint64_t const border = layer * num_batches;
      std::size_t const group = groups(border);
      std::uint64_t const tail = border - groups.first(group), head = groups.first(group + 1) - border;
      assert(tail + head <= num_batches);
      if (tail > 0 && tail + head > num_batches / 4) {
        layers_.push_back(layers_.back());
        continue;
      }
      orders_.push_back({num_batches, random_word(key, layer + 2)});
      std::size_t const begin = moved_.size();
      if (tail > 0) part(layers_.back(), tail, head);
      layers_.push_back({orders_.size() - 1, begin, moved_.size()});
    }
  }

  [[nodiscard]] std::uint64_t num_layers() const noexcept { return (size_ - 1) / num_batches_ + 1; }
  /// The number of batches with num_layers() items. The others have one item fewer, and come later.
  [[nodiscard]] std::uint64_t num_long() const noexcept { return last_; }

  /// The column of a batch. Its items are item(layer, column), layer by layer.
  [[nodiscard]] std::uint64_t column(std::uint64_t batch) const noexcept {
    std::uint64_t const step = batch < last_ ? long_(batch) : last_ + short_(batch - last_);
    return column(layers_.back(), step);
  }

  /// The number of the item in the list that a layer gives to a column.
  [[nodiscard]] std::uint64_t item(std::uint64_t layer, std::uint64_t column) const noexcept {
    return layer * num_batches_ + step(layers_[static_cast<std::size_t>(layer)], column);
  }

  /// The batch and the layer of an item: the inverse of item().
  [[nodiscard]] place place_of(std::uint64_t item) const noexcept {
    std::uint64_t const layer = item / num_batches_;
    std::uint64_t const in_column = column(layers_[static_cast<std::size_t>(layer)], item % num_batches_);
    std::uint64_t const last = step(layers_.back(), in_column);
    return {last < last_ ? long_.place_of(last) : last_ + short_.place_of(last - last_), layer};
  }

 private:
  /// The order of a layer, and the steps that are exchanged.
  struct layer_order {
    std::size_t order;
    std::size_t begin;  // the range in moved_
    std::size_t end;
  };
  /// Two steps that change places with each other.
  struct step_pair {
    std::uint64_t first;
    std::uint64_t second;
  };

  [[nodiscard]] std::uint64_t step(layer_order const& layer, std::uint64_t column) const noexcept {
    return changed(layer, orders_[layer.order](column));
  }
  [[nodiscard]] std::uint64_t column(layer_order const& layer, std::uint64_t step) const noexcept {
    return orders_[layer.order].place_of(changed(layer, step));
  }

  /// The step with which `step` is exchanged, or `step` itself. In moved_, the first steps of pairs ascend, and so do
  /// the second steps.
  [[nodiscard]] std::uint64_t changed(layer_order const& layer, std::uint64_t step) const noexcept {
    if (layer.begin == layer.end) return step;
    auto const* found = find(layer, step, &step_pair::first);
    if (found != nullptr) return found->second;
    found = find(layer, step, &step_pair::second);
    return found != nullptr ? found->first : step;
  }

  /// The pair of a layer whose first or second step this is; null if there is none.
  [[nodiscard]] step_pair const* find(layer_order const& layer, std::uint64_t step,
                                      std::uint64_t step_pair::*step_of) const noexcept {
    std::size_t low = layer.begin;
    for (std::size_t high = layer.end; low < high;) {
      std::size_t const middle = low + (high - low) / 2;
      moved_[middle].*step_of < step ? low = middle + 1 : high = middle;
    }
    return low < layer.end && moved_[low].*step_of == step ? &moved_[low] : nullptr;
  }

  /// Separates the first `head` steps of the newest order from the batches of the last `tail` steps of the layer
  /// before. Enough of the first head + tail steps are in other batches.
  void part(layer_order const& before, std::uint64_t tail, std::uint64_t head) {
    std::vector<std::uint64_t> taken;  // columns
    for (std::uint64_t i = num_batches_ - tail; i < num_batches_; ++i) taken.push_back(column(before, i));
    sort(taken);
    permutation const& order = orders_.back();
    auto const meets = [&](std::uint64_t step) {
      std::uint64_t const column = order.place_of(step);
      std::size_t const i = count_below(taken.data(), taken.size(), column);
      return i < taken.size() && taken[i] == column;
    };
    std::uint64_t other = head;
    for (std::uint64_t step = 0; step < head; ++step) {
      if (!meets(step)) continue;
      while (meets(other)) ++other;
      moved_.push_back({step, other++});
    }
  }

  std::uint64_t size_;
  std::uint64_t num_batches_;
  std::uint64_t last_;                    // the size of the last layer
  permutation long_;                      // the steps of long batches in the order of the last layer
  permutation short_;                     // the steps of the other batches, which have no item in the last layer
  huge_page_vector<permutation> orders_;  // column -> step
  huge_page_vector<layer_order> layers_;
  huge_page_vector<step_pair> moved_;
};

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
