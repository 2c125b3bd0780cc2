// Memory for tables that are read at random places.
#pragma once

#include <cstddef>
#include <limits>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace evendraw::detail {

/// Allocates tables: large ones on large pages where the system gives them, and nothing filled with zeros that is
/// about to be written anyway.
///
/// Reading 10^7 slots at random misses the processor's cache of page addresses at nearly every read; with pages of
/// 2 MiB it does not. Linux gives them to those who ask; elsewhere, and where it refuses, only the speed is another.
template <class T>
class huge_page_allocator {
 public:
  static_assert(std::is_trivially_default_constructible_v<T> && std::is_trivially_destructible_v<T>);
  using value_type = T;

  huge_page_allocator() = default;
  template <class Other>
  huge_page_allocator(huge_page_allocator<Other> const&) noexcept {}

  [[nodiscard]] T* allocate(std::size_t n) {
    if (n > (std::numeric_limits<std::size_t>::max() - large_page) / sizeof(T)) throw std::bad_array_new_length();
    std::size_t const bytes = n * sizeof(T);
    if (!is_large(n)) return static_cast<T*>(::operator new(bytes));
    std::size_t const whole_pages = (bytes + large_page - 1) / large_page * large_page;
    void* const memory = ::operator new (whole_pages, std::align_val_t{large_page});
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    ::madvise(memory, whole_pages, MADV_HUGEPAGE);
#endif
    return static_cast<T*>(memory);
  }

  void deallocate(T* memory, std::size_t n) noexcept {
    if (is_large(n)) {
      ::operator delete (memory, std::align_val_t{large_page});
    } else {
      ::operator delete(memory);
    }
  }

  /// Elements without a value are left as they are.
  template <class Element, class... Args>
  void construct(Element* place, Args&&... args) {
    if constexpr (sizeof...(Args) == 0) {
      ::new (static_cast<void*>(place)) Element;
    } else {
      ::new (static_cast<void*>(place)) Element(std::forward<Args>(args)...);
    }
  }

  friend bool operator==(huge_page_allocator const&, huge_page_allocator const&) noexcept { return true; }

 private:
  static constexpr std::size_t large_page = std::size_t{1} << 21;
  static constexpr bool is_large(std::size_t n) noexcept { return n >= large_page / sizeof(T); }
};

/// A vector for tables; resize() leaves the new elements unset.
template <class T>
using huge_page_vector = std::vector<T, huge_page_allocator<T>>;

}  // namespace evendraw::detail
