// Builds an alias table from shares, by pairing light items with heavy items that fill up their slots.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include <evendraw/detail/huge_page_vector.hpp>
#include <evendraw/detail/parallel.hpp>
#include <evendraw/kernels/alias.hpp>
#include <evendraw/weights/detail/quantise.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

inline constexpr std::uint64_t slot_size = std::uint64_t{1} << 32;

/// An item whose share does not fill its slot.
struct light_item {
  std::uint32_t share;
  std::uint32_t index;
  static constexpr bool is(std::uint64_t share) noexcept { return share < slot_size; }
  static constexpr light_item from(std::uint64_t share, std::size_t index) noexcept {
    return {static_cast<std::uint32_t>(share), static_cast<std::uint32_t>(index)};
  }
};

/// An item whose share fills its slot, and the excess over it.
struct heavy_item {
  std::uint64_t excess;
  std::uint32_t index;
  static constexpr bool is(std::uint64_t share) noexcept { return share >= slot_size; }
  static constexpr heavy_item from(std::uint64_t share, std::size_t index) noexcept {
    return {share - slot_size, static_cast<std::uint32_t>(index)};
  }
};

/// The items of one kind in consecutive blocks. They are picked out a block at a time, without a branch per item.
template <class Item, class Weight>
class item_queue {
 public:
  item_queue(quantiser<Weight> const& source, std::size_t first_block, std::size_t last_block) noexcept
      : source_(source), block_(first_block), last_block_(last_block) {}

  /// Makes [next, end) the items of the next block that has any. Returns false if no block has.
  bool refill() noexcept {
    do {
      if (block_ == last_block_) return false;
      pick();
    } while (next == end);
    return true;
  }

  Item const* next = nullptr;
  Item const* end = nullptr;

 private:
  static constexpr std::size_t block_size = quantiser<Weight>::block_size;

  void pick() noexcept {
    typename quantiser<Weight>::block_shares buffer;
    std::size_t index = block_ * block_size, found = 0;
    for (std::uint64_t const share : source_.shares(block_++, buffer)) {
      items_[found] = Item::from(share, index++);
      found += static_cast<std::size_t>(Item::is(share));
    }
    next = items_.data();
    end = next + found;
  }

  quantiser<Weight> const& source_;
  std::size_t block_, last_block_;
  std::array<Item, block_size> items_;
};

/// One sweep over the light and the heavy items, both in order. A heavy item fills up the slots of light items until it
/// has become light itself. Then the next heavy item fills up the slot of this one.
///
/// The state of a sweep before a block of light items follows from sums over blocks. So a sweep can start there, and
/// several threads write the same table as one thread.
template <class Weight>
class alias_sweep {
 public:
  alias_sweep(quantiser<Weight> const& items, std::span<alias_slot> slots) : items_(items), slots_(slots) {}

  void run() const {
    auto const starts = find_starts();
    run_parts(static_cast<unsigned>(starts.size()), [&](unsigned part) {
      run(starts[part], part + 1 < starts.size() ? starts[part + 1].light_block : items_.blocks());
    });
  }

 private:
  /// The point of the sweep where the next light item is in block light_block or later. `deficit` is what all light
  /// items before light_block lack. `excess` is what all heavy items before heavy_block have above their slots; it is
  /// at most `deficit`.
  struct start {
    std::size_t light_block = 0, heavy_block = 0;
    std::uint64_t deficit = 0, excess = 0;
    [[nodiscard]] bool is_first() const noexcept { return light_block == 0 && heavy_block == 0; }
  };

  /// A start for each thread, so that all write about the same number of slots. There are fewer starts if few blocks
  /// have light items.
  [[nodiscard]] huge_page_vector<start> find_starts() const {
    auto const& blocks = items_.balances();
    huge_page_vector<start> starts(1, start{});
    start point;
    std::uint64_t written = 0;
    for (; point.light_block < blocks.size() && starts.size() < items_.threads(); ++point.light_block) {
      while (point.heavy_block < blocks.size() && point.excess + blocks[point.heavy_block].excess <= point.deficit) {
        written += quantiser<Weight>::block_size - blocks[point.heavy_block].lights;
        point.excess += blocks[point.heavy_block++].excess;
      }
      if (point.heavy_block == blocks.size()) break;  // no light items remain
      if (written >= items_.size() * starts.size() / items_.threads()) starts.push_back(point);
      point.deficit += blocks[point.light_block].deficit;
      written += blocks[point.light_block].lights;
    }
    return starts;
  }

  using light_queue = item_queue<light_item, Weight>;
  using heavy_queue = item_queue<heavy_item, Weight>;

  /// The heavy item that fills up slots, and the remainder of its share, including its own slot.
  struct filler {
    std::uint64_t left;
    std::uint32_t index;
  };

  /// Writes the slots from a start to the first light item in or after block `last_light_block`, or to the end.
  void run(start origin, std::size_t last_light_block) const noexcept {
    light_queue lights(items_, origin.light_block, last_light_block);
    heavy_queue heavies(items_, origin.heavy_block, items_.blocks());
    filler heavy = first_filler(origin, heavies);
    for (;;) {
      heavy = pair(heavy, lights, heavies);
      if (heavy.left > slot_size) {
        if (!lights.refill()) return;
      } else if (!heavies.refill()) {
        slots_[heavy.index] = {0, heavy.index};
        return;
      }
    }
  }

  /// The filler at a start: the first heavy item with which the excess exceeds the deficit. At the first start it is
  /// the first heavy item, even if it fills only its own slot.
  [[nodiscard]] static filler first_filler(start origin, heavy_queue& heavies) noexcept {
    for (;;) {
      if (heavies.next == heavies.end) heavies.refill();
      heavy_item const heavy = *heavies.next++;
      origin.excess += heavy.excess;
      if (origin.excess > origin.deficit || origin.is_first()) {
        return {slot_size + origin.excess - origin.deficit, heavy.index};
      }
    }
  }

  /// Writes slots until there are no more items of the kind that is needed next.
  [[nodiscard]] filler pair(filler heavy, light_queue& lights, heavy_queue& heavies) const noexcept {
    auto const [light_end, heavy_end] = std::pair(lights.end, heavies.end);
    auto light = lights.next;
    auto next = heavies.next;
    auto* const slots = slots_.data();
    for (;;) {
      if (heavy.left > slot_size) {
        if (light == light_end) break;
        slots[light->index] = {light->share, heavy.index};
        heavy.left -= slot_size - light->share;
        ++light;
      } else {
        if (next == heavy_end) break;
        slots[heavy.index] = {static_cast<std::uint32_t>(heavy.left),
                              heavy.left < slot_size ? next->index : heavy.index};
        heavy = {heavy.left + next->excess, next->index};
        ++next;
      }
    }
    lights.next = light;
    heavies.next = next;
    return heavy;
  }

  quantiser<Weight> const& items_;
  std::span<alias_slot> slots_;
};

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
