// Batches with exact class counts, each class drawn without replacement.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <evendraw/detail/blocks.hpp>
#include <evendraw/detail/shared.hpp>
#include <evendraw/epochs/detail/batch_quotas.hpp>
#include <evendraw/epochs/detail/class_walks.hpp>
#include <evendraw/epochs/detail/resumed_walk.hpp>
#include <evendraw/epochs/detail/stratified_table.hpp>
#include <evendraw/epochs/draws.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// The batches of a stratified table from `first_batch` on.
template <std::unsigned_integral Index>
class stratified_draws {
 public:
  using index_type = Index;

  stratified_draws(detail::shared<stratified_table<Index> const> table, std::uint64_t first_batch) noexcept
      : table_(std::move(table)), first_batch_(first_batch) {}

  [[nodiscard]] Index at(std::uint64_t position) const noexcept {
    batch_quotas const& quotas = table_->quotas();
    auto const batch = quotas.at(first_batch_ + position / quotas.batch_size());
    std::uint64_t slot = 0;
    table_->find_slots(batch.number, ranks_, position % quotas.batch_size(), ranks_, {&slot, 1});
    auto const run = table_->run_of(quotas.class_of(batch, slot), batch, {quotas, batch});
    return table_->members().sample(run.member(run.step(slot)));
  }

  /// Finds the slots of each batch and the run of each slot's class. Then it reads all walks at once.
  void read_block(std::uint64_t first, std::uint64_t stride, std::span<Index> out) const noexcept {
    batch_quotas const& quotas = table_->quotas();
    std::uint64_t const batch_size = quotas.batch_size();
    detail::block_of<std::uint64_t> block;
    detail::block_of<std::uint32_t> classes;
    detail::class_walk_block walks;
    runs known(*table_);
    for (std::size_t done = 0; done < out.size();) {
      std::uint64_t const position = first + done * stride, in_batch = position % batch_size;
      auto const batch = quotas.at(first_batch_ + position / batch_size);
      std::uint64_t const reads_left = (batch_size - in_batch - 1) / stride + 1;
      auto const count = static_cast<std::size_t>(std::min<std::uint64_t>(out.size() - done, reads_left));
      batch_quotas::seats_before const before(quotas, batch);
      auto const slots = std::span(block).subspan(done, count);
      table_->find_slots(batch.number, ranks_, in_batch, stride, slots);
      quotas.classes_of(batch, slots, classes);
      for (std::size_t i = 0; i < count; ++i) {
        std::uint64_t const slot = slots[i];
        auto const& run = known.find(classes[i], batch, before);
        if (run.resumed != nullptr) {
          walks.set_place(done, run.resumed->member(run.step(slot)));
        } else {
          walks.set(done, run.walk, run.step(slot));
        }
        ++done;
      }
    }
    walks.read(table_->members(), out);
  }

  [[nodiscard]] std::vector<std::uint64_t> find(Index sample, std::uint64_t end) const {
    std::vector<std::uint64_t> result;
    std::uint64_t const batch_size = table_->quotas().batch_size(), last_batch = first_batch_ + (end - 1) / batch_size;
    if (last_batch >= (std::uint64_t{1} << 63) / batch_size) return detail::scan(*this, sample, end);
    std::uint64_t const place = table_->members().place_of(sample);
    table_->for_each_slot(place, first_batch_, last_batch, [&](std::uint64_t batch, std::uint64_t slot) {
      std::uint64_t const position = (batch - first_batch_) * batch_size + table_->position_of(batch, ranks_, slot);
      if (position < end) result.push_back(position);
    });
    sort(result);
    return result;
  }

  /// The number of ranks that the batches are dealt out to.
  [[nodiscard]] std::uint64_t ranks() const noexcept { return ranks_; }
  /// The same batches, dealt out to `ranks` times as many ranks: each rank's part is divided among `ranks` ranks. If
  /// `first` does not begin a batch, or batch_size is not that of these batches, the draws stay as they are.
  [[nodiscard]] stratified_draws dealt(std::uint64_t ranks, std::uint64_t first, std::uint64_t batch_size) const {
    stratified_draws result = *this;
    std::uint64_t const size = table_->quotas().batch_size();
    if (size / ranks_ == batch_size && first % size < ranks_ && batch_size % ranks == 0) result.ranks_ *= ranks;
    return result;
  }
  /// The position that a draw would have if the batches were not dealt out.
  [[nodiscard]] std::uint64_t undealt(std::uint64_t position) const noexcept {
    if (ranks_ == 1) return position;
    std::uint64_t const size = table_->quotas().batch_size(), in_batch = position % size;
    std::uint64_t const batch = first_batch_ + position / size;
    std::uint64_t slot = 0;
    table_->find_slots(batch, ranks_, in_batch, ranks_, {&slot, 1});
    return position - in_batch + table_->position_of(batch, 1, slot);
  }

 private:
  /// Keeps the runs that were read last, because a batch needs the same few again and again.
  class runs {
   public:
    explicit runs(stratified_table<Index> const& table) noexcept : table_(table) {
      for (entry& each : entries_) each.c = ~std::size_t{0};
    }

    [[nodiscard]] auto const& find(std::size_t c, batch_quotas::batch const& batch,
                                   batch_quotas::seats_before const& before) noexcept {
      entry& known = entries_[c % entries_.size()];
      if (known.c != c || known.batch != batch.number) known = {c, batch.number, table_.run_of(c, batch, before)};
      return known.run;
    }

   private:
    struct entry {
      std::size_t c;
      std::uint64_t batch;
      typename stratified_table<Index>::run run;
    };
    stratified_table<Index> const& table_;
    std::array<entry, 64> entries_;
  };

  detail::shared<stratified_table<Index> const> table_;
  std::uint64_t first_batch_;
  std::uint64_t ranks_ = 1;
};

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
