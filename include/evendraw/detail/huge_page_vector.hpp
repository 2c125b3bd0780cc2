// Memory for tables that are read at random.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <new>
#include <type_traits>
#include <utility>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace evendraw::detail {

inline constexpr std::size_t large_page = std::size_t{1} << 21;

/// Memory for a table. A large table gets large pages if the system offers them.
///
/// If 10^7 slots are read at random, nearly every read misses the processor's cache of page addresses. With pages of 2
/// MiB, few reads do. Linux offers these on request. They affect only the speed.
inline void* allocate_table(std::size_t bytes) {
  if (bytes < large_page) return ::operator new(bytes);
  std::size_t const whole_pages = (bytes + large_page - 1) / large_page * large_page;
  void* const memory = ::operator new (whole_pages, std::align_val_t{large_page});
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  ::madvise(memory, whole_pages, MADV_HUGEPAGE);
#endif
  return memory;
}

inline void free_table(void* memory, std::size_t bytes) noexcept {
  if (bytes < large_page) {
    ::operator delete(memory);
  } else {
    ::operator delete (memory, std::align_val_t{large_page});
  }
}

/// A vector for tables of plain numbers, or of structs of them. New elements are uninitialised unless a value is given,
/// because they are about to be written. It compiles in a tenth of the time of a std::vector.
template <class T>
class huge_page_vector {
 public:
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T> && alignof(T) <= 16);
  using value_type = T;
  using iterator = T*;
  using const_iterator = T const*;

  huge_page_vector() = default;
  /// n uninitialised elements.
  explicit huge_page_vector(std::size_t n) { resize(n); }
  huge_page_vector(std::size_t n, T const& value) {
    resize(n);
    for (T& each : *this) each = value;
  }
  huge_page_vector(std::initializer_list<T> values) { assign(values.begin(), values.end()); }

  huge_page_vector(huge_page_vector const& other) { assign(other.begin(), other.end()); }
  huge_page_vector(huge_page_vector&& other) noexcept { swap(other); }
  huge_page_vector& operator=(huge_page_vector other) noexcept {
    swap(other);
    return *this;
  }
  ~huge_page_vector() { free_table(first_, capacity_ * sizeof(T)); }

  void swap(huge_page_vector& other) noexcept {
    std::swap(first_, other.first_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }

  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] static constexpr std::size_t max_size() noexcept { return PTRDIFF_MAX / sizeof(T); }
  [[nodiscard]] T* data() noexcept { return first_; }
  [[nodiscard]] T const* data() const noexcept { return first_; }
  [[nodiscard]] T* begin() noexcept { return first_; }
  [[nodiscard]] T const* begin() const noexcept { return first_; }
  [[nodiscard]] T* end() noexcept { return first_ + size_; }
  [[nodiscard]] T const* end() const noexcept { return first_ + size_; }
  [[nodiscard]] T& operator[](std::size_t i) noexcept { return first_[i]; }
  [[nodiscard]] T const& operator[](std::size_t i) const noexcept { return first_[i]; }
  [[nodiscard]] T& front() noexcept { return first_[0]; }
  [[nodiscard]] T const& front() const noexcept { return first_[0]; }
  [[nodiscard]] T& back() noexcept { return first_[size_ - 1]; }
  [[nodiscard]] T const& back() const noexcept { return first_[size_ - 1]; }

  /// Room for n elements. Needs n <= max_size() -> else std::bad_array_new_length.
  void reserve(std::size_t n) {
    if (n <= capacity_) return;
    if (n > max_size()) throw std::bad_array_new_length();
    auto* const moved = static_cast<T*>(allocate_table(n * sizeof(T)));
    if (size_ > 0) std::memcpy(static_cast<void*>(moved), first_, size_ * sizeof(T));
    free_table(first_, capacity_ * sizeof(T));
    first_ = moved;
    capacity_ = n;
  }
  /// Changes the size. New elements are uninitialised.
  void resize(std::size_t n) {
    if (n > capacity_) reserve(n > 2 * size_ ? n : 2 * size_);
    size_ = n;
  }
  void clear() noexcept { size_ = 0; }

  void push_back(T const& value) {
    T const kept = value;  // `value` may be an element of this vector
    resize(size_ + 1);
    back() = kept;
  }

  template <class Iterator>
  void assign(Iterator first, Iterator last) {
    resize(static_cast<std::size_t>(last - first));
    for (std::size_t i = 0; i < size_; ++i) first_[i] = *(first + static_cast<std::ptrdiff_t>(i));
  }

  void erase(T* element) noexcept { erase(element, element + 1); }
  void erase(T* first, T* last) noexcept {
    if (first != last && last != end())
      std::memmove(static_cast<void*>(first), last, static_cast<std::size_t>(end() - last) * sizeof(T));
    size_ -= static_cast<std::size_t>(last - first);
  }

  friend bool operator==(huge_page_vector const& a, huge_page_vector const& b) noexcept {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (!(a[i] == b[i])) return false;
    }
    return true;
  }

 private:
  T* first_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace evendraw::detail
