// Reads of memory that are announced in advance.
#pragma once

#include <cstddef>
#include <cstdint>

#include <evendraw/detail/blocks.hpp>

namespace evendraw::detail {

/// Whether a table is larger than the second-level caches of most processors.
template <class Table>
[[nodiscard]] constexpr bool is_large(Table const& table) noexcept {
  return table.size() > (std::size_t{1} << 20) / sizeof(*table.data());
}

/// Asks for the elements of a table at some places, a few at a time. A processor waits if it is asked for many at once,
/// so the requests are made between other work.
class prefetcher {
 public:
  /// Asks for nothing.
  prefetcher() = default;
  /// Asks for the elements at the first `count` places of a block. The block must not change before all are asked for.
  template <class Element>
  prefetcher(Element const* table, block_of<std::uint32_t> const& places, std::size_t count) noexcept
      : table_(reinterpret_cast<char const*>(table)), element_size_(sizeof(Element)), narrow_(places), end_(count) {}
  template <class Element>
  prefetcher(Element const* table, block_of<std::uint64_t> const& places, std::size_t count) noexcept
      : table_(reinterpret_cast<char const*>(table)), element_size_(sizeof(Element)), wide_(places), end_(count) {}

  /// Asks for the next four elements, if there are four.
  [[gnu::always_inline]] void next() noexcept {
    if (next_ + 4 <= end_) ask_until(next_ + 4);
  }
  /// Asks for all that are left.
  [[gnu::noinline]] void rest() noexcept {
    ask_until(end_);
#if defined(__GNUC__)
    __asm__("");  // GCC does not count requests as effects. Without this it may remove calls.
#endif
  }

 private:
  [[gnu::always_inline]] void ask_until(std::size_t end) noexcept {
    narrow_ != nullptr ? ask(narrow_, end) : ask(wide_, end);
    next_ = end;
  }
  // Inlined, since GCC takes it for a function without effects, and removes calls of it.
  template <class Place>
  [[gnu::always_inline]] void ask(Place const* places, std::size_t end) const noexcept {
#if defined(__GNUC__)
    char const* const table = table_;
    std::size_t const size = element_size_;
    std::size_t i = next_;
    for (; i + 4 <= end; i += 4) {                         // GCC does not unroll this at -O2
      __builtin_prefetch(table + places[i] * size, 0, 2);  // 2: second cache
      __builtin_prefetch(table + places[i + 1] * size, 0, 2);
      __builtin_prefetch(table + places[i + 2] * size, 0, 2);
      __builtin_prefetch(table + places[i + 3] * size, 0, 2);
    }
    for (; i < end; ++i) __builtin_prefetch(table + places[i] * size, 0, 2);
#else
    static_cast<void>(table_), static_cast<void>(element_size_), static_cast<void>(places), static_cast<void>(end);
#endif
  }

  char const* table_ = nullptr;
  std::size_t element_size_ = 0;
  std::uint32_t const* narrow_ = nullptr;
  std::uint64_t const* wide_ = nullptr;
  std::size_t next_ = 0;
  std::size_t end_ = 0;
};

/// Calls f(i) for every i below `count`, rounded up to whole groups, and meanwhile.next() after each group. Blocks have
/// room for that.
template <class F>
[[gnu::always_inline]] inline void for_each_in_groups(std::size_t count, prefetcher& meanwhile, F f) noexcept {
  for (std::size_t group = 0; group < count; group += group_size) {
    for (std::size_t lane = 0; lane < group_size; ++lane) f(group + lane);
    meanwhile.next();
  }
}

}  // namespace evendraw::detail
