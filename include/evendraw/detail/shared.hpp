// Values that several objects share.
#pragma once

#include <atomic>
#include <concepts>
#include <cstddef>
#include <utility>

namespace evendraw::detail {

/// The number of owners of a value, and the function that destroys it.
struct share_count {
  std::atomic<std::size_t> owners;
  void (*destroy)(share_count*) noexcept;
};

/// A pointer that shares a value with others. The last one destroys the value. It replaces std::shared_ptr, whose
/// header takes a tenth of the compile time of the whole library, and each of whose types takes as long as a sampler.
template <class T>
class shared {
 public:
  shared() = default;
  /// Shares `value`, or a part of a value. `count` counts the owners.
  shared(T* value, share_count* count) noexcept : value_(value), count_(count) {}
  shared(shared const& other) noexcept : value_(other.value_), count_(other.count_) {
    if (count_ != nullptr) count_->owners.fetch_add(1, std::memory_order_relaxed);
  }
  shared(shared&& other) noexcept : value_(std::exchange(other.value_, nullptr)), count_(other.release()) {}
  template <class Other>
  requires std::convertible_to<Other*, T*> shared(shared<Other> other)
  noexcept : value_(other.get()), count_(other.release()) {}
  template <class Other>
  shared(shared<Other> whole, T* part) noexcept : value_(part), count_(whole.release()) {}
  shared& operator=(shared other) noexcept {
    std::swap(value_, other.value_);
    std::swap(count_, other.count_);
    return *this;
  }
  ~shared() {
    if (count_ != nullptr && count_->owners.fetch_sub(1, std::memory_order_acq_rel) == 1) count_->destroy(count_);
  }

  [[nodiscard]] T* get() const noexcept { return value_; }
  [[nodiscard]] auto& operator*() const noexcept { return *value_; }
  [[nodiscard]] T* operator->() const noexcept { return value_; }
  explicit operator bool() const noexcept { return value_ != nullptr; }
  friend bool operator==(shared const& a, shared const& b) noexcept { return a.value_ == b.value_; }

  /// Gives up this pointer's share of the value, and returns the count.
  share_count* release() noexcept { return std::exchange(count_, nullptr); }

 private:
  T* value_ = nullptr;
  share_count* count_ = nullptr;
};

template <class T>
struct counted_value : share_count {
  template <class... Args>
  explicit counted_value(Args&&... args) : share_count{1, destroy_this}, value(std::forward<Args>(args)...) {}
  static void destroy_this(share_count* count) noexcept { delete static_cast<counted_value*>(count); }
  T value;
};

/// Makes a shared value.
template <class T, class... Args>
shared<T> share(Args&&... args) {
  auto* const made = new counted_value<T>(std::forward<Args>(args)...);
  return {&made->value, made};
}

}  // namespace evendraw::detail
