// Blocks of draws from an alias table.
#pragma once

#include <cstddef>
#include <cstdint>

#include <evendraw/detail/blocks.hpp>
#include <evendraw/detail/uint128.hpp>
#include <evendraw/kernels/dispatch.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// Slot i of an alias table gives i for fractions below its threshold, otherwise its alias. A slot that always gives i
/// has alias i.
struct alias_slot {
  std::uint32_t threshold;
  std::uint32_t alias;
  friend constexpr bool operator==(alias_slot const&, alias_slot const&) = default;
};

namespace kernels {

/// Computes all slot numbers before it reads the first slot, so that the reads overlap.
inline void look_up_aliases(std::uint64_t const* __restrict words, alias_slot const* __restrict slots, std::uint64_t n,
                            std::size_t count, std::uint32_t* __restrict out) noexcept {
  block_of<std::uint32_t> index, fraction;
  for_each_in_groups(count, [&](std::size_t i) {
    auto const product = multiply_narrow(words[i], n);
    index[i] = static_cast<std::uint32_t>(product.high);
    fraction[i] = static_cast<std::uint32_t>(product.low >> 32);
  });
  block_of<alias_slot> found;
  for (std::size_t i = 0; i < count; ++i) {
    found[i] = slots[index[i]];
    forbid_gather();
  }
  for_each_index(count, [&](std::size_t i) {
    std::uint32_t const keep = 0u - static_cast<std::uint32_t>(fraction[i] < found[i].threshold);
    out[i] = found[i].alias ^ ((found[i].alias ^ index[i]) & keep);  // no branch
  });
}

}  // namespace kernels

/// Writes to out[i] the index that words[i] selects in a table of n slots. The high half of words[i] * n is the slot,
/// and the next 32 bits are the fraction. Writes exactly `count` indices, at most a block.
inline void look_up_aliases(block_of<std::uint64_t> const& words, alias_slot const* slots, std::uint64_t n,
                            std::size_t count, std::uint32_t* out) noexcept {
  dispatch<kernels::look_up_aliases>(words, slots, n, count, out);
}

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
