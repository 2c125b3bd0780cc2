// The division of the draws of classes among shards, and the data that all epochs of a shard_sampler share.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <evendraw/classes/detail/shard_cells.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/shared.hpp>
#include <evendraw/detail/sort_by.hpp>
#include <evendraw/detail/uint128.hpp>
#include <evendraw/random/detail/fingerprint.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// The draws that a class gives to an epoch, divided among its cells.
///
/// The class is a line. Its cells lie on it in random order, and the length of a cell is its number of samples times
/// m/n. In epoch i of a cycle of E = ceil(n / m) epochs, the draws are the points 0, 1, 2, ... plus i / E. So a cell
/// gives its length, rounded down or up, to each epoch. In a cycle it gives E times its length, rounded down or up,
/// which is at least its number of samples.
///
///   samples  n, the number of samples of the class
///   draws    m, its number of draws in an epoch; if it is a multiple of n, all samples get the same number
///   epoch    the number of the epoch
///
/// Cost       O(1) for a cell
class cell_quotas {
 public:
  cell_quotas(std::uint64_t samples, std::uint64_t draws, std::uint64_t epoch) noexcept
      : samples_(samples), all_(draws / samples), remainder_(draws % samples) {
    if (remainder_ != 0) length_ = (samples - 1) / remainder_ + 1;
    cycle_ = epoch / length_;
    number_ = epoch % length_;
  }

  /// The number of the epoch's cycle.
  [[nodiscard]] std::uint64_t cycle() const noexcept { return cycle_; }

  /// The number of draws of one cell in this epoch, and in the epochs of the cycle before it.
  struct quota {
    std::uint64_t draws;
    std::uint64_t before;
  };
  /// The quota of the next cell on the line, which has `count` samples.
  [[nodiscard]] quota next(std::uint64_t count) noexcept {
    border const begin = end_;
    sum_ += count;
    end_ = border_at(sum_);
    return {all_ * count + (end_.current - begin.current), end_.before - begin.before};
  }

 private:
  /// The number of draws below a border between two cells.
  struct border {
    std::uint64_t current = 0;  // in this epoch
    std::uint64_t before = 0;   // in the epochs of the cycle before it
  };
  /// The border after `sum` samples.
  [[nodiscard]] border border_at(std::uint64_t sum) const noexcept {
    auto const [whole, part] = scaled(sum, remainder_, samples_);  // sum * remainder / n
    auto const [epochs, more] = scaled(part, length_, samples_);
    std::uint64_t const one_more = epochs + static_cast<std::uint64_t>(more > 0);  // the first epochs of a cycle
    return {whole + static_cast<std::uint64_t>(number_ < one_more), number_ * whole + std::min(number_, one_more)};
  }

  std::uint64_t samples_;
  std::uint64_t all_;
  std::uint64_t remainder_;
  std::uint64_t length_ = 1;  // the number of epochs in a cycle
  std::uint64_t cycle_;
  std::uint64_t number_;  // the number of the epoch in its cycle
  std::uint64_t sum_ = 0;
  border end_;
};

/// The data that all epochs of a shard_sampler share: cells, quotas and options.
struct shard_plan {
  shared<shard_cells const> table;
  std::vector<std::uint64_t> samples;  // by class
  std::vector<std::uint64_t> quotas;
  std::vector<char> resident;  // by class: whether it is resident
  std::uint64_t open;
  std::uint64_t batch_size;
  std::uint64_t seed;

  shard_plan(shared<shard_cells const> cells, std::span<std::uint64_t const> counts, std::vector<std::uint64_t> draws,
             std::uint64_t shards_open, std::uint64_t size_of_batch, std::uint64_t most_resident, std::uint64_t key)
      : table(std::move(cells)),
        samples(counts.begin(), counts.end()),
        quotas(std::move(draws)),
        resident(samples.size()),
        open(shards_open),
        batch_size(size_of_batch),
        seed(key) {
    refuse_negative("shard_sampler", {{"open", open, 1}, {"batch_size", batch_size, 1}, {"resident", most_resident}});
    std::vector<std::size_t> order;
    for (std::size_t c = 0; c < quotas.size(); ++c) {
      if (quotas[c] > 0) order.push_back(c);
    }
    sort_by(order, samples);
    for (std::size_t const c : order) {
      if (samples[c] > most_resident) break;
      most_resident -= samples[c];
      resident[c] = 1;
    }
  }

  /// The number of draws in every epoch.
  [[nodiscard]] std::uint64_t epoch_size() const noexcept {
    std::uint64_t sum = 0;
    for (std::uint64_t const quota : quotas) sum += quota;
    return sum;
  }
  [[nodiscard]] std::span<shard_cell const> cells_of(std::size_t c) const noexcept {
    auto const& first = table->first_cell;
    return std::span(table->cells.data(), table->cells.size()).subspan(first[c], first[c + 1] - first[c]);
  }
  /// The number of shards that have samples of classes that give draws and are not resident.
  [[nodiscard]] std::uint64_t shards_needed() const {
    std::vector<char> needed(table->shards.num_shards());
    std::uint64_t result = 0;
    for (auto const& cell : table->cells) {
      if (quotas[cell.in_class] == 0 || resident[cell.in_class] || needed[cell.shard]) continue;
      needed[cell.shard] = 1;
      ++result;
    }
    return result;
  }

  /// Throws std::invalid_argument unless a batch fits into a block.
  void check(std::string_view context) const {
    refuse_negative(context, {{"open", open, 1}, {"batch_size", batch_size, 1}});
    if (open == 0) invalid(context, "open is 0; at least one shard must be open");
    if (batch_size == 0) invalid(context, "batch_size is 0; a batch needs at least one index");
    std::uint64_t const needed = shards_needed(), blocks = needed == 0 ? 1 : (needed - 1) / open + 1;
    if (batch_size <= epoch_size() / blocks) return;
    if (blocks == 1) {
      invalid(context, "batch_size is ", text(batch_size), ", but an epoch has ",
              counted(epoch_size(), "draw", "draws"), "; lower batch_size, or draw more in an epoch");
    }
    invalid(context, "batch_size is ", text(batch_size), ", but a block of at most ", counted(open, "shard", "shards"),
            " has ", counted(epoch_size() / blocks, "draw", "draws"),
            " on average; raise open, lower batch_size, or draw more in an epoch");
  }

  [[nodiscard]] std::uint64_t fingerprint() const noexcept {
    fingerprint_builder hash("shard_plan");
    for (std::size_t c = 0; c < quotas.size(); ++c) {
      hash.add(quotas[c]).add(static_cast<std::uint64_t>(resident[c] != 0));
    }
    return hash.add(open).add(batch_size).add(table->fingerprint()).value();
  }
};

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
