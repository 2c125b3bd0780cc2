// The samples of shards that an epoch draws, block by block.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <evendraw/classes/detail/shard_cells.hpp>
#include <evendraw/detail/huge_page_vector.hpp>
#include <evendraw/detail/interval_lookup.hpp>
#include <evendraw/detail/shared.hpp>
#include <evendraw/detail/uint128.hpp>
#include <evendraw/epochs/detail/block_deal.hpp>
#include <evendraw/epochs/detail/class_walks.hpp>
#include <evendraw/epochs/detail/shard_order.hpp>
#include <evendraw/epochs/detail/shard_plan.hpp>
#include <evendraw/random/counter_random.hpp>
#include <evendraw/random/permutation.hpp>

namespace evendraw::detail {

/// One epoch: the shards that each block needs, and the draws of each cell.
///
/// Cost       O(cells + 64 x cells that give draws) to build; about 70 to 150 bytes for each of these
class shard_epoch {
 public:
  shard_epoch(shared<shard_plan const> plan, std::uint64_t epoch)
      : plan_(std::move(plan)), order_key_(stream_key(plan_->seed, epoch, random_stream::order)) {
    find_quotas(epoch);
    order_shards();
    add_draws();
    quotas_ = {};
  }

  /// The draws of one cell. Cells are in the order of the list of draws.
  struct drawn_cell {
    class_walk walk;
    std::uint64_t first_step;

    /// The step of the walk at which draw number `ordinal` takes its member.
    [[nodiscard]] std::uint64_t step(std::uint64_t ordinal) const noexcept {
      std::uint64_t const step = first_step + ordinal;
      return step < walk.n ? step : step % walk.n;
    }
  };
  /// The cell of a place in the list, and the ordinal of the draw.
  struct draw {
    drawn_cell const* cell;
    std::uint64_t ordinal;
  };
  [[nodiscard]] draw at(std::uint64_t place) const noexcept {
    std::size_t const cell = places_(place);
    return {&drawn_[cell], place - places_.first(cell)};
  }

  /// Calls f(position) for all positions that draw the member at a place, in no particular order. O(cells).
  template <class F>
  void for_each_position(std::uint64_t member, F f) const {
    for (std::size_t i = 0; i < drawn_.size(); ++i) {
      auto const& [walk, first_step] = drawn_[i];
      if (member - walk.begin >= walk.n) continue;
      std::uint64_t const step = walk.step_of(member), first = places_.first(i), end = places_.first(i + 1);
      std::uint64_t const ordinal = step >= first_step ? step - first_step : step + (walk.n - first_step);
      for (std::uint64_t place = first + ordinal; place < end; place += walk.n) f(deal_.position_of(place));
    }
  }

  [[nodiscard]] block_deal const& deal() const noexcept { return deal_; }
  /// The shards of a block, ascending.
  [[nodiscard]] std::span<std::uint32_t const> shards_of(std::size_t block) const noexcept {
    return {order_.data() + ends_[block].first, order_.data() + ends_[block].last};
  }
  /// Calls f(number of the block, class, draws) for the cells of all blocks. Resident classes count as one more block.
  template <class F>
  void for_each_cell(F f) const {
    std::size_t block = 0;
    for (std::size_t i = 0; i < numbers_.size(); ++i) {
      std::uint64_t const first = places_.first(i);
      while (block < num_blocks() && first >= end_of(block)) ++block;
      f(block, std::size_t{plan_->table->cells[numbers_[i]].in_class}, places_.first(i + 1) - first);
    }
  }
  [[nodiscard]] std::size_t num_blocks() const noexcept { return deal_.blocks().size(); }

 private:
  [[nodiscard]] std::uint64_t end_of(std::size_t block) const noexcept {
    return deal_.blocks()[block].first + deal_.blocks()[block].draws;
  }

  /// The range of a block's shards in order_.
  struct block_ends {
    std::size_t first;
    std::size_t last;
  };
  struct cell_draws {
    std::uint64_t draws;
    std::uint64_t before;  // the draws in this cycle before this epoch
    std::uint64_t cycle;
  };

  void find_quotas(std::uint64_t epoch) {
    quotas_ = huge_page_vector<cell_draws>(plan_->table->cells.size(), {0, 0, 0});
    for (std::size_t c = 0; c < plan_->quotas.size(); ++c) {
      if (plan_->quotas[c] == 0) continue;
      cell_quotas quotas(plan_->samples[c], plan_->quotas[c], epoch);
      auto const cells = plan_->cells_of(c);
      std::size_t const first = plan_->table->first_cell[c];
      std::uint64_t const key = stream_key(plan_->seed, quotas.cycle(), random_stream::quota);
      for_each_place(permutation(cells.size(), random_word(key, c)), [&](std::uint64_t, std::uint64_t i) {
        auto const [draws, before] = quotas.next(cells[static_cast<std::size_t>(i)].count);
        quotas_[first + static_cast<std::size_t>(i)] = {draws, before, quotas.cycle()};
      });
    }
  }

  [[nodiscard]] bool in_block(std::size_t cell) const noexcept {
    return quotas_[cell].draws > 0 && !plan_->resident[plan_->table->cells[cell].in_class];
  }

  /// The number of draws of each shard, without resident classes.
  [[nodiscard]] huge_page_vector<std::uint64_t> draws_of_shards() const {
    huge_page_vector<std::uint64_t> result(plan_->table->shards.num_shards(), 0);
    for (std::size_t i = 0; i < quotas_.size(); ++i) {
      if (in_block(i)) result[plan_->table->cells[i].shard] += quotas_[i].draws;
    }
    return result;
  }

  /// Orders the needed shards, and cuts the order into blocks of about equal length. The blocks then come in random
  /// order, because the last ones have the shards that did not fit before.
  void order_shards() {
    auto const draws = draws_of_shards();
    huge_page_vector<std::uint32_t> needed;
    for (std::size_t s = 0; s < draws.size(); ++s) {
      if (draws[s] > 0) needed.push_back(static_cast<std::uint32_t>(s));
    }
    order_ = huge_page_vector<std::uint32_t>(needed.size());
    if (needed.empty()) return;
    num_blocks_ = static_cast<std::size_t>((needed.size() - 1) / plan_->open + 1);
    for_each_place(permutation(needed.size(), random_word(order_key_, 0)), [&](std::uint64_t i, std::uint64_t s) {
      order_[static_cast<std::size_t>(i)] = needed[static_cast<std::size_t>(s)];
    });
    if (num_blocks_ > 1 && plan_->quotas.size() > 1) balance_shards(histograms(draws), {order_.data(), order_.size()});
    ends_ = huge_page_vector<block_ends>(num_blocks_);
    auto const border = [&](std::uint64_t b) {
      return static_cast<std::size_t>(scaled(b, needed.size(), num_blocks_).quotient);
    };
    for_each_place(permutation(num_blocks_, random_word(order_key_, 2)), [&](std::uint64_t i, std::uint64_t b) {
      ends_[static_cast<std::size_t>(i)] = {border(b), border(b + 1)};
    });
  }

  [[nodiscard]] shard_histograms histograms(huge_page_vector<std::uint64_t> const& draws_of_shard) const {
    std::uint64_t most = 0;
    for (std::uint64_t const draws : draws_of_shard) most = std::max(most, draws);
    int const shift = most >> 16 == 0 ? 0 : static_cast<int>(std::bit_width(most)) - 16;
    shard_histograms result{huge_page_vector<std::size_t>(draws_of_shard.size() + 1, 0), {}, plan_->quotas.size()};
    for (std::size_t i = 0; i < quotas_.size(); ++i) result.first[plan_->table->cells[i].shard + 1] += in_block(i);
    for (std::size_t s = 0; s < draws_of_shard.size(); ++s) result.first[s + 1] += result.first[s];
    result.entries = huge_page_vector<shard_class>(result.first[draws_of_shard.size()]);
    huge_page_vector<std::size_t> next = result.first;
    for (std::size_t i = 0; i < quotas_.size(); ++i) {
      auto const& cell = plan_->table->cells[i];
      if (in_block(i)) {
        result.entries[next[cell.shard]++] = {cell.in_class, static_cast<std::uint32_t>(quotas_[i].draws >> shift)};
      }
    }
    return result;
  }

  /// Lists the cells that give draws: block by block, and then those of resident classes. Each part is listed class by
  /// class.
  void add_draws() {
    std::size_t const residents = num_blocks_;
    huge_page_vector<std::uint32_t> block_of(plan_->table->shards.num_shards(), 0);
    for (std::size_t b = 0; b < num_blocks_; ++b) {
      std::sort(order_.data() + ends_[b].first, order_.data() + ends_[b].last);
      for (std::uint32_t const shard : shards_of(b)) block_of[shard] = static_cast<std::uint32_t>(b);
    }
    auto const bucket = [&](std::size_t i) {
      auto const& cell = plan_->table->cells[i];
      return plan_->resident[cell.in_class] ? residents : std::size_t{block_of[cell.shard]};
    };
    huge_page_vector<std::size_t> next(residents + 2, 0);
    std::vector<std::uint64_t> sizes(residents + 1);
    for (std::size_t i = 0; i < quotas_.size(); ++i) {
      if (quotas_[i].draws == 0) continue;
      ++next[bucket(i) + 1];
      sizes[bucket(i)] += quotas_[i].draws;
    }
    for (std::size_t b = 0; b <= residents; ++b) next[b + 1] += next[b];
    numbers_ = huge_page_vector<std::uint32_t>(next[residents + 1]);
    for (std::size_t i = 0; i < quotas_.size(); ++i) {
      if (quotas_[i].draws > 0) numbers_[next[bucket(i)]++] = static_cast<std::uint32_t>(i);
    }
    add_walks();
    deal_ = block_deal({sizes.data(), residents}, sizes[residents], plan_->batch_size, random_word(order_key_, 1));
  }

  void add_walks() {
    std::uint64_t const key = stream_key(plan_->seed, 0, random_stream::walk);
    std::vector<std::uint64_t> lengths;
    lengths.reserve(numbers_.size());
    drawn_ = huge_page_vector<drawn_cell>(numbers_.size());
    for (std::size_t i = 0; i < numbers_.size(); ++i) {
      std::uint32_t const number = numbers_[i];
      auto const& [draws, before, cycle] = quotas_[number];
      auto const& cell = plan_->table->cells[number];
      drawn_[i] = {walked_class{cell.begin, cell.count, random_word(key, number)}.walk(cycle), before % cell.count};
      lengths.push_back(draws);
    }
    places_ = interval_lookup(lengths);
  }

  shared<shard_plan const> plan_;
  std::uint64_t order_key_;
  huge_page_vector<cell_draws> quotas_;    // by cell; only while the epoch is built
  huge_page_vector<std::uint32_t> order_;  // the shards
  huge_page_vector<block_ends> ends_;      // by block
  std::size_t num_blocks_ = 0;
  huge_page_vector<std::uint32_t> numbers_;  // of the cells that give draws, in the order of the list
  huge_page_vector<drawn_cell> drawn_;
  interval_lookup places_;  // place in the list -> index into numbers_
  block_deal deal_;
};

}  // namespace evendraw::detail
