// Shares -> alias table: which heavy item fills up the slot of which light one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <evendraw/detail/parallel.hpp>
#include <evendraw/kernels/alias.hpp>
#include <evendraw/weights/detail/quantise.hpp>

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

/// An item whose share fills its slot, and is in excess of it.
struct heavy_item {
  std::uint64_t excess;
  std::uint32_t index;
  static constexpr bool is(std::uint64_t share) noexcept { return share >= slot_size; }
  static constexpr heavy_item from(std::uint64_t share, std::size_t index) noexcept {
    return {share - slot_size, static_cast<std::uint32_t>(index)};
  }
};

/// The items of one kind in consecutive blocks, picked out a block at a time, without a branch for each.
template <class Item, class Weight>
class item_queue {
 public:
  item_queue(quantiser<Weight> const& from, std::size_t first_block, std::size_t last_block) noexcept
      : from_(from), block_(first_block), last_block_(last_block) {}

  /// Makes [next, end) the items of the next block that has any; false if none has.
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
    for (std::uint64_t const share : from_.shares(block_++, buffer)) {
      items_[found] = Item::from(share, index++);
      found += static_cast<std::size_t>(Item::is(share));
    }
    next = items_.data();
    end = next + found;
  }

  quantiser<Weight> const& from_;
  std::size_t block_, last_block_;
  std::array<Item, block_size> items_;
};

/// One sweep over light and heavy items, both in order: the heavy one fills up the slots of light ones until it has
/// itself become light; then the next heavy one fills up its slot.
///
/// Where a sweep stands before a block of light items follows from the sums over the blocks alone. So it can start
/// there, and several threads write the table that one would.
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
  /// Where the next light item is in block light_block (or behind): the light blocks before need `deficit` in all,
  /// the heavy blocks before heavy_block have `excess`, which is not more.
  struct start {
    std::size_t light_block = 0, heavy_block = 0;
    std::uint64_t deficit = 0, excess = 0;
    [[nodiscard]] bool is_first() const noexcept { return light_block == 0 && heavy_block == 0; }
  };

  /// A start for each thread, with about as many slots to write; less where few blocks have light items.
  [[nodiscard]] std::vector<start> find_starts() const {
    auto const blocks = items_.balances();
    std::vector<start> starts(1);
    start at;
    std::uint64_t written = 0;
    for (; at.light_block < blocks.size() && starts.size() < items_.threads(); ++at.light_block) {
      while (at.heavy_block < blocks.size() && at.excess + blocks[at.heavy_block].excess <= at.deficit) {
        written += quantiser<Weight>::block_size - blocks[at.heavy_block].lights;
        at.excess += blocks[at.heavy_block++].excess;
      }
      if (at.heavy_block == blocks.size()) break;  // no light items to come
      if (written >= items_.size() * starts.size() / items_.threads()) starts.push_back(at);
      at.deficit += blocks[at.light_block].deficit;
      written += blocks[at.light_block].lights;
    }
    return starts;
  }

  using light_queue = item_queue<light_item, Weight>;
  using heavy_queue = item_queue<heavy_item, Weight>;

  /// The heavy item that fills up slots, and what is left of its share, its own slot included.
  struct filler {
    std::uint64_t left;
    std::uint32_t index;
  };

  /// Writes the slots from a start to the first light item at or behind `last_light_block`, or to the end.
  void run(start from, std::size_t last_light_block) const noexcept {
    light_queue lights(items_, from.light_block, last_light_block);
    heavy_queue heavies(items_, from.heavy_block, items_.blocks());
    filler heavy = first_filler(from, heavies);
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

  /// The filler at a start: the first heavy item with which the excess is more than the deficit, but at the first
  /// start the first one of all, which may fill no more than its own slot.
  [[nodiscard]] static filler first_filler(start from, heavy_queue& heavies) noexcept {
    for (;;) {
      if (heavies.next == heavies.end) heavies.refill();
      heavy_item const heavy = *heavies.next++;
      from.excess += heavy.excess;
      if (from.excess > from.deficit || from.is_first()) {
        return {slot_size + from.excess - from.deficit, heavy.index};
      }
    }
  }

  /// Writes slots until the kind of item that is needed next has run out.
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
