// A contestant is what is timed: it is built once and then draws epochs.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "words.hpp"

namespace benchmark {

/// The draws first, first + 1, ... of an epoch.
struct part {
  std::uint64_t epoch;
  std::uint64_t first;
  std::uint64_t draws;

  /// The seed of an engine.
  [[nodiscard]] std::uint64_t seed() const noexcept { return splitmix64(epoch, first); }
};

/// Draws a part of an epoch and returns a checksum of it.
using drawer = std::function<std::uint64_t(part)>;

struct contestant {
  std::string name;
  std::function<drawer()> build;
  bool whole_epochs = false;                       // cannot draw a part of an epoch, and threads cannot share an epoch
  std::function<void(int)> set_threads = {};       // has threads of its own
  std::uint64_t most_samples = ~std::uint64_t{0};  // not timed on data with more samples
};

/// Contestants on the same data, drawing epochs of the same size. The first is evendraw.
struct contest {
  std::uint64_t samples;
  std::uint64_t epoch_size;
  std::vector<contestant> contestants;
};

/// A row of the report: contests on data sets of any size.
struct workload {
  std::string name;
  std::function<contest(std::uint64_t samples)> make;
};

/// A cheap number that depends on the indices and their order.
class checksum {
 public:
  /// The same machine code for all contestants, since its time depends on where the compiler puts it.
  [[gnu::noinline, gnu::aligned(64)]] void add(std::span<std::uint32_t const> block) noexcept {
    std::uint64_t sum = 0, place = 0;
    for (auto const index : block) sum += index * ++place;
    add(sum);
  }
  void add(std::uint64_t sum) noexcept { value_ = value_ * 31 + sum; }
  [[nodiscard]] std::uint64_t value() const noexcept { return value_; }

 private:
  std::uint64_t value_ = 0;
};

/// Draws block by block: fill(draws done before, block) writes the next indices, which are then read once.
template <class Fill>
std::uint64_t draw_in_blocks(std::uint64_t draws, Fill fill) {
  std::array<std::uint32_t, 4096> buffer;
  checksum sum;
  for (std::uint64_t done = 0; done < draws; done += buffer.size()) {
    auto const size = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), draws - done));
    auto const block = std::span(buffer).first(size);
    fill(done, block);
    sum.add(block);
  }
  return sum.value();
}

}  // namespace benchmark
