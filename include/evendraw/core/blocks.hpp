// Work in blocks, which is where the speed of read() comes from.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace evendraw::detail {

/// Indices in a block: enough work to hide the latency of memory behind, little enough for the fastest cache.
inline constexpr std::size_t block_size = 256;

/// Calls block(indices done before, part of out) for consecutive parts of at most block_size.
template <class Index, class Block>
void for_each_block(std::span<Index> out, Block block) noexcept {
  for (std::size_t done = 0; done < out.size(); done += block_size) {
    block(std::uint64_t{done}, out.subspan(done, std::min(block_size, out.size() - done)));
  }
}

}  // namespace evendraw::detail
