// What draws are made from: one epoch of one sampler as a formula, and how it is read.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <evendraw/detail/blocks.hpp>
#include <evendraw/detail/prefetching.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// A core that writes indices block by block:
///
///   core.read_block(first, stride, out)   writes the indices at first, first + stride, first + 2 stride, ... to `out`,
///                                         which holds at most a block
template <class Core>
concept one_step_core = requires(Core const& core, std::uint64_t n, std::span<typename Core::index_type> out) {
  { core.read_block(n, n, out) }
  noexcept;
};

/// A core that reads indices from a table, and first finds where. So the memory of one block is on its way while the
/// places of the next block are found.
///
///   core.find_places(first, stride, count, places, meanwhile)  finds the places of a block in the table. Meanwhile it
///                                                              may ask for the memory of the block before;
///                                                              read_blocks() asks for the rest
///   core.table()                                               the table
///   .is_large()                                                whether it is too large for fast caches
///   .prefetcher_for(places, count)                             what asks for the memory at these places
///   .read(places, out)                                         writes the indices that are there
template <class Core>
concept two_step_core = requires(Core const& core, std::uint64_t n, std::size_t count, typename Core::places& places,
                                 prefetcher& meanwhile, std::span<typename Core::index_type> out) {
  { core.find_places(n, n, count, places, meanwhile) }
  noexcept;
  { core.table().is_large() } -> std::same_as<bool>;
  { core.table().prefetcher_for(places, count) } -> std::same_as<prefetcher>;
  core.table().read(places, out);
};

/// One epoch of one sampler: position -> index. It is immutable, cheap to copy, and many threads may read it.
///
///   core.at(position)   the index at a position
///   core.read_block     many of them, faster: see one_step_core; or in two steps, see two_step_core
///   core.find           optional: where a sample is, see core_with_find
template <class Core>
concept draw_core = std::copyable<Core> && std::unsigned_integral<typename Core::index_type> &&
    (one_step_core<Core> || two_step_core<Core>)&&requires(Core const& core, std::uint64_t position) {
  { core.at(position) }
  noexcept->std::same_as<typename Core::index_type>;
};

/// A core that can also be read backwards, by a formula:
///
///   core.find(sample, end)   the positions below `end` that have this sample, ascending
///
/// If a core has no find(), draws::find reads through the epoch.
template <class Core>
concept core_with_find = requires(Core const& core, typename Core::index_type sample, std::uint64_t end) {
  { core.find(sample, end) } -> std::same_as<std::vector<std::uint64_t>>;
};

/// A core whose batches can be dealt out to ranks so that each rank has its part of every class. Together the ranks
/// have the whole batch, in another order. Rank r of n has the positions r, r + n, ... of core.dealt(n).
template <class Core>
concept dealt_core = requires(Core const& core, std::uint64_t n) {
  { core.ranks() } -> std::same_as<std::uint64_t>;
  { core.dealt(n, n, n) } -> std::same_as<Core>;
  { core.undealt(n) } -> std::same_as<std::uint64_t>;  // the position of the same draw before it was dealt
};

/// Writes the indices at first, first + stride, first + 2 stride, ... to `out`.
template <class Core>
void read_blocks(Core const& core, std::uint64_t first, std::uint64_t stride,
                 std::span<typename Core::index_type> out) noexcept {
  if constexpr (two_step_core<Core>) {
    bool const prefetches = out.size() > block_size && core.table().is_large();
    typename Core::places places[2];
    std::size_t const num_blocks = (out.size() + block_size - 1) / block_size;
    auto const part = [out](std::size_t b) {
      return out.subspan(b * block_size, std::min(block_size, out.size() - b * block_size));
    };
    prefetcher meanwhile;                            // asks for the memory of the block before
    for (std::size_t b = 0; b <= num_blocks; ++b) {  // the first step of block b, and the second of the block before
      if (b < num_blocks) {
        auto& found = places[b % 2];
        core.find_places(first + b * block_size * stride, stride, part(b).size(), found, meanwhile);
        meanwhile.rest();
        if (prefetches) meanwhile = core.table().prefetcher_for(found, part(b).size());
        if (b + 1 == num_blocks) meanwhile.rest();  // no other work follows
      }
      if (b > 0) core.table().read(places[(b - 1) % 2], part(b - 1));
    }
  } else {
    for (auto const [done, part] : blocks(out)) core.read_block(first + done * stride, stride, part);
  }
}

/// Reads `size` positions first, first + stride, ... of a core, and returns which of them have a sample: i for position
/// first + i * stride.
template <class Core>
std::vector<std::uint64_t> scan(Core const& core, typename Core::index_type sample, std::uint64_t size,
                                std::uint64_t first = 0, std::uint64_t stride = 1) {
  std::vector<std::uint64_t> result;
  block_of<typename Core::index_type> block;
  for (std::uint64_t done = 0; done < size; done += block_size) {
    auto const part =
        std::span(block).first(static_cast<std::size_t>(std::min<std::uint64_t>(block_size, size - done)));
    read_blocks(core, first + done * stride, stride, part);
    for (std::size_t i = 0; i < part.size(); ++i) {
      if (part[i] == sample) result.push_back(done + i);
    }
  }
  return result;
}

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
