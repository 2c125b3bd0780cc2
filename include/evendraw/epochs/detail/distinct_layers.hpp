// Deals a long list to batches, so that neighbours in the list are in different batches.
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

/// Deals a list of n items, in which the items of every group are consecutive, to M batches: no batch gets two items of
/// a group, and all get n / M, rounded down or up.
///
/// Layers of M items are dealt one after the other. A layer gives each batch one item, in a random order of the batches;
/// the last layer may be shorter. So only a group that two layers share can meet itself. Let it have t items at the end
/// of the first and h at the beginning of the second one.
///   t + h <= M / 4: those of the h items that would come to a batch of the t change places with the next items of the
///                   layer that do not
///   else            the second layer has the order of the first one
///
/// Example: M = 8, and a group has the last item of layer 0 and the first one of layer 1. The order of layer 0 ends with
///   batch 5. The order of layer 1 begins with batches 5, 2, 7, so it becomes 2, 5, 7.
///
/// Batches are renamed, so that the longer ones come first.
///
/// Needs      n >= 1 items, in groups of at most M (asserted)
/// Cost       O(groups + n / M) to build, and O(t + h) for each border; O(log groups) for each item
class distinct_layers {
 public:
  /// Where an item of the list goes.
  struct place {
    std::uint64_t batch;
    std::uint64_t layer;
  };

  /// `groups` are the groups' sizes, in their order in the list.
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
  /// The batches that have num_layers() items; the others have one fewer, and come later.
  [[nodiscard]] std::uint64_t num_long() const noexcept { return last_; }

  /// The column of a batch: layer by layer, its items are item(layer, column).
  [[nodiscard]] std::uint64_t column(std::uint64_t batch) const noexcept {
    std::uint64_t const step = batch < last_ ? long_(batch) : last_ + short_(batch - last_);
    return column(layers_.back(), step);
  }

  /// The number in the list of the item that a layer gives to a column.
  [[nodiscard]] std::uint64_t item(std::uint64_t layer, std::uint64_t column) const noexcept {
    return layer * num_batches_ + step(layers_[static_cast<std::size_t>(layer)], column);
  }

  /// Where an item goes: the inverse.
  [[nodiscard]] place place_of(std::uint64_t item) const noexcept {
    std::uint64_t const layer = item / num_batches_;
    std::uint64_t const in_column = column(layers_[static_cast<std::size_t>(layer)], item % num_batches_);
    std::uint64_t const last = step(layers_.back(), in_column);
    return {last < last_ ? long_.place_of(last) : last_ + short_.place_of(last - last_), layer};
  }

 private:
  /// The order of a layer, and which of its steps change places with each other.
  struct layer_order {
    std::size_t order;
    std::size_t begin;  // of moved_
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

  /// The step that has changed places with `step`, or itself. First steps ascend, second steps too.
  [[nodiscard]] std::uint64_t changed(layer_order const& layer, std::uint64_t step) const noexcept {
    if (layer.begin == layer.end) return step;
    auto const* found = find(layer, step, &step_pair::first);
    if (found != nullptr) return found->second;
    found = find(layer, step, &step_pair::second);
    return found != nullptr ? found->first : step;
  }

  /// The pair of a layer whose first or second step this is; null if there is none.
  [[nodiscard]] step_pair const* find(layer_order const& layer, std::uint64_t step,
                                      std::uint64_t step_pair::*which) const noexcept {
    std::size_t low = layer.begin;
    for (std::size_t high = layer.end; low < high;) {
      std::size_t const middle = low + (high - low) / 2;
      moved_[middle].*which < step ? low = middle + 1 : high = middle;
    }
    return low < layer.end && moved_[low].*which == step ? &moved_[low] : nullptr;
  }

  /// Parts the first `head` steps of the newest order from the last `tail` steps of the layer before. Among the first
  /// head + tail steps are enough that do not meet them.
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
  permutation long_;                      // the steps of the long batches in the last layer
  permutation short_;                     // those of the others, which have none there
  huge_page_vector<permutation> orders_;  // column -> step
  huge_page_vector<layer_order> layers_;
  huge_page_vector<step_pair> moved_;
};

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
