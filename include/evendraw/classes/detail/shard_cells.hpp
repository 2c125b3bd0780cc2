// The classes that each shard holds.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>

#include <evendraw/classes/detail/class_members.hpp>
#include <evendraw/classes/detail/label_runs.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/huge_page_vector.hpp>
#include <evendraw/detail/shared.hpp>
#include <evendraw/random/detail/fingerprint.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// The samples of one class in one shard.
struct shard_cell {
  std::uint64_t begin;  ///< the place of the first sample
  std::uint64_t count;  ///< at least 1
  std::uint32_t shard;
  std::uint32_t in_class;  ///< the number of their class
};

/// Where shards begin. Each holds consecutive samples.
class shard_borders {
 public:
  template <count_range Sizes>
  shard_borders(std::string_view context, Sizes&& sizes) {
    for (auto const size : sizes) {
      if (std::cmp_less(size, 0)) {
        invalid(context, "shard_sizes[", text(num_shards()), "] is ", text(size), "; a size must be >= 0");
      }
      add(context, static_cast<std::uint64_t>(size));
    }
    if (num_shards() == 0) invalid(context, "there are no shards; give the size of each");
  }

  [[nodiscard]] std::size_t num_shards() const noexcept { return first_.size() - 1; }
  [[nodiscard]] std::uint64_t num_samples() const noexcept { return first_.back(); }
  /// The first sample of a shard, or num_samples() for num_shards().
  [[nodiscard]] std::uint64_t first(std::size_t shard) const noexcept { return first_[shard]; }

  friend bool operator==(shard_borders const& a, shard_borders const& b) noexcept { return a.first_ == b.first_; }

  /// The shard of a sample < num_samples(). O(log shards).
  [[nodiscard]] std::size_t shard_of(std::uint64_t sample) const noexcept {
    std::size_t low = 0, high = num_shards();  // first(low) <= sample < first(high)
    while (high - low > 1) {
      std::size_t const middle = low + (high - low) / 2;
      (first_[middle] <= sample ? low : high) = middle;
    }
    return low;
  }

 private:
  void add(std::string_view context, std::uint64_t size) {
    if (size > std::numeric_limits<std::int64_t>::max() - num_samples()) {
      invalid(context, "with shard_sizes[", text(num_shards()), "], which is ", text(size),
              ", there are more than 2^63 - 1 samples; lower the sizes");
    }
    if (num_shards() >= std::numeric_limits<std::uint32_t>::max()) {
      invalid(context, "there are more than 2^32 - 1 shards; make them larger");
    }
    first_.push_back(num_samples() + size);
  }

  huge_page_vector<std::uint64_t> first_{0};
};

/// The cells of a data set, class by class and within a class shard by shard. A cell without samples is left out.
struct shard_cells {
  shard_borders shards;
  huge_page_vector<shard_cell> cells{};
  huge_page_vector<std::size_t> first_cell{};  ///< the first cell of each class, and then the number of cells

  [[nodiscard]] std::uint64_t fingerprint() const noexcept {
    fingerprint_builder hash("shard_cells");
    for (std::size_t s = 0; s <= shards.num_shards(); ++s) hash.add(shards.first(s));
    for (auto const& cell : cells) hash.add(cell.begin).add(cell.count).add(cell.shard).add(cell.in_class);
    return hash.value();
  }
};

/// Adds the cells of classes whose members are known. Every member must be a sample of a shard.
///
/// Cost       O(cells log n), since it does not read all members of a cell
template <std::unsigned_integral Index>
void add_cells(class_members<Index> const& members, shard_cells& result) {
  for (std::size_t c = 0; c < members.classes.size(); ++c) {
    result.first_cell.push_back(result.cells.size());
    auto const [begin, count] = members.classes[c];
    for (std::uint64_t place = begin; place < begin + count;) {
      std::size_t const shard = result.shards.shard_of(members.sample(place));
      std::uint64_t const last = result.shards.first(shard + 1) - 1;
      std::uint64_t inside = place, outside = begin + count;
      for (std::uint64_t step = 1; step < outside - inside; step *= 2) {  // most cells are small
        (members.sample(inside + step) <= last ? inside : outside) = inside + step;
      }
      while (outside - inside > 1) {
        std::uint64_t const middle = inside + (outside - inside) / 2;
        (members.sample(middle) <= last ? inside : outside) = middle;
      }
      result.cells.push_back(
          {place, outside - place, static_cast<std::uint32_t>(shard), static_cast<std::uint32_t>(c)});
      place = outside;
    }
  }
  result.first_cell.push_back(result.cells.size());
}

/// The cells of a class_index whose samples are in shards.
///
/// Needs      shard sizes that sum to the number of labels -> else std::invalid_argument
template <class Classes>
shared<shard_cells const> cells_of(std::string_view context, Classes const& classes, shard_borders shards) {
  if (shards.num_samples() != classes.index_bound()) {
    invalid(context, "shard_sizes sum to ", text(shards.num_samples()), ", but there are ",
            counted(classes.index_bound(), "label", "labels"), "; give the number of samples in each shard");
  }
  shard_cells result{std::move(shards)};
  add_cells(*classes.shared_members(), result);
  return share<shard_cells const>(std::move(result));
}

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
