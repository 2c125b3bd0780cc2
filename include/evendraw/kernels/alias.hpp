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

/// The slots that a block of words selects, and where in a slot each word falls, in units of 2^-32.
struct alias_places {
  block_of<std::uint32_t> index;
  block_of<std::uint32_t> fraction;
};

namespace kernels {

inline void find_alias_slots(std::uint64_t const* __restrict words, std::uint64_t n, std::size_t count,
                             std::uint32_t* __restrict index, std::uint32_t* __restrict fraction) noexcept {
  for (std::size_t group = 0; group < count; group += group_size) {
    for (std::size_t lane = 0; lane < group_size; ++lane) {
      auto const product = multiply_narrow(words[group + lane], n);
      index[group + lane] = static_cast<std::uint32_t>(product.high);
      fraction[group + lane] = static_cast<std::uint32_t>(product.low >> 32);
    }
  }
}

/// Reads all slots before it chooses between their indices, so that the reads overlap.
inline void choose_aliases(alias_slot const* __restrict slots, std::uint32_t const* __restrict index,
                           std::uint32_t const* __restrict fraction, std::size_t count,
                           std::uint32_t* __restrict out) noexcept {
  block_of<alias_slot> found;
  for (std::size_t i = 0; i < count; ++i) {
    found[i] = slots[index[i]];
    forbid_gather();
  }
  auto const choose = [](alias_slot slot, std::uint32_t own, std::uint32_t offset) {
    std::uint32_t const keep = 0u - static_cast<std::uint32_t>(offset < slot.threshold);
    return slot.alias ^ ((slot.alias ^ own) & keep);  // no branch
  };
  std::size_t group = 0;
  for (; group + group_size <= count; group += group_size) {
    for (std::size_t lane = 0; lane < group_size; ++lane) {
      out[group + lane] = choose(found[group + lane], index[group + lane], fraction[group + lane]);
    }
  }
  for (std::size_t i = group; i < count; ++i) out[i] = choose(found[i], index[i], fraction[i]);
}

}  // namespace kernels

/// Finds the slots that `count` words select in a table of n slots, in whole groups. The high half of words[i] * n is
/// the slot, and the next 32 bits are the fraction.
inline void find_alias_slots(block_of<std::uint64_t> const& words, std::uint64_t n, std::size_t count,
                             alias_places& places) noexcept {
  dispatch<kernels::find_alias_slots>(words, n, count, places.index, places.fraction);
}

/// Writes exactly `count` indices, at most a block, that the slots give.
inline void choose_aliases(alias_slot const* slots, alias_places const& places, std::size_t count,
                           std::uint32_t* out) noexcept {
  dispatch<kernels::choose_aliases>(slots, places.index, places.fraction, count, out);
}

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
