// A queue for loader threads.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace shared {

/// Batches that come in any order, and leave in the order of their numbers, from `first` on. There is room for a few.
template <class Batch>
class ordered_queue {
 public:
  explicit ordered_queue(std::size_t room, std::uint64_t first = 0) : slots_(room), taken_(first) {}

  void put(std::uint64_t number, Batch batch) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return number < taken_ + slots_.size(); });
    slot_of(number) = std::move(batch);
    changed_.notify_all();
  }

  Batch take() {
    std::unique_lock lock(mutex_);
    auto& slot = slot_of(taken_);
    changed_.wait(lock, [&] { return slot.has_value(); });
    ++taken_;
    changed_.notify_all();
    return *std::exchange(slot, std::nullopt);
  }

 private:
  std::optional<Batch>& slot_of(std::uint64_t number) {
    return slots_[static_cast<std::size_t>(number % slots_.size())];
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::optional<Batch>> slots_;
  std::uint64_t taken_;
};

}  // namespace shared
