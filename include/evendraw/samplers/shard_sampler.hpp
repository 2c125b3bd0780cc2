// Class-balanced epochs of data in shards, of which only a few are open at the same time.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/classes/detail/shard_cells.hpp>
#include <evendraw/classes/per_label.hpp>
#include <evendraw/classes/sharded_classes.hpp>
#include <evendraw/detail/shared.hpp>
#include <evendraw/epochs/balanced_options.hpp>
#include <evendraw/epochs/detail/balanced_quotas.hpp>
#include <evendraw/epochs/detail/sampler_base.hpp>
#include <evendraw/epochs/detail/shard_draws.hpp>
#include <evendraw/epochs/detail/shard_epoch.hpp>
#include <evendraw/epochs/detail/shard_plan.hpp>
#include <evendraw/weights/detail/checked_weights.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

/// Draws the same number of samples of each class in every epoch, as balanced_epoch_sampler does, from data in shards:
/// files, archives, row groups. An epoch is made of blocks, and a block needs at most W shards. So a loader keeps few
/// shards open, and reads each of them once an epoch. The batches are about as balanced as if all the data were
/// shuffled.
///
///   classes      n labels, one per sample, or a class_index of them; or sharded_classes
///   shard_sizes  the number of samples in each shard; shard 0 has the first samples. Not needed with sharded_classes
///   options      .open, .batch_size, .resident, .epoch_size or .per_class, .limits or .quotas, .max_repeats,
///                .when_short, .seed
///
/// Without classes, all samples are of one class, 0, and are shuffled within blocks.
///
/// The shards are put into a random order in which the classes stay close to their shares. Every ceil(shards / blocks)
/// shards in a row are a block. The blocks then come in a random order. Each class divides its draws among its shards
/// in proportion to its samples there, rounded down or up. The draws of a block are dealt to its batches class by
/// class.
///
/// Needs      sizes that sum to the index_bound() of the classes; .open >= 1; 1 <= .batch_size <= the draws of a block
///            on average; otherwise as for balanced_epoch_sampler -> else std::invalid_argument
/// Edge       .open >= number of shards: one block, a balanced epoch. A shard without draws is in no block. If more
///            than .open classes lie in one shard each, blocks cannot be balanced: worst_share() shows it, and a
///            mix_sampler with one sampler for each class is the remedy. .batch_size only tells the sampler how to
///            deal: to make batches, use batch_sampler
/// Exact      an epoch has the quota of each class. Apart from resident classes, a shard is needed in one block only.
///            Each batch within a block has its part of the block's draws of each class, rounded down or up; a batch
///            across the border of two blocks has draws of the first, then of the second. The resident classes are the
///            smallest ones that together have at most .resident samples: every batch has its part of each, rounded
///            down or up. In a batch the draws are in the order of their classes, resident classes first
/// Covers     every sample of class c in every cycle of ceil(n_c / m_c) epochs, counted from epoch 0, where the class
///            has n_c samples and gives m_c draws to an epoch. None comes twice in an epoch if m_c <= n_c
/// Cost       a cell is a pair of a class and a shard that has samples of it. 28 bytes per cell; epoch(e) and blocks(e)
///            take O(64 cells) time, and 70 to 150 bytes per cell that gives draws; O(log blocks) per draw; O(cells)
///            for find()
/// Stable     same seed, epoch and position: same index on every platform
/// Source     blocks of shards: CorgiPile, Xu et al., SIGMOD 2022; systematic sampling: Madow 1949
template <std::unsigned_integral Index = std::uint32_t>
class shard_sampler : public detail::sampler_base {
 public:
  using index_type = Index;

  /// Consecutive positions of an epoch that need the same shards.
  struct block {
    std::vector<std::uint32_t> shards;  ///< the shards that have its samples, ascending, without resident classes
    std::uint64_t first_position;       ///< the position of its first draw in the epoch
    std::uint64_t size;                 ///< the number of its draws
  };

  /// The share of a class in the draws of a block.
  struct block_share {
    std::uint64_t class_number;  ///< the class
    std::uint64_t block;         ///< the number of the block in the epoch
    double share;                ///< the class's share of the block's draws, without resident classes
    double epoch_share;          ///< the class's share of the epoch's draws, without resident classes
  };

  template <class Label, detail::count_range Sizes = std::initializer_list<std::uint64_t>>
  shard_sampler(class_index<Label, Index> const& classes, Sizes&& shard_sizes,
                std::type_identity_t<shard_options<Label>> const& options)
      : shard_sampler(classes, detail::cells_of(context, classes, detail::shard_borders(context, shard_sizes)),
                      classes.shared_members(), options) {}

  template <detail::given_labels Labels = detail::labels_in_braces,
            detail::count_range Sizes = std::initializer_list<std::uint64_t>>
  shard_sampler(Labels&& labels, Sizes&& shard_sizes,
                std::type_identity_t<shard_options<detail::label_of<Labels>>> const& options)
      : shard_sampler(class_index<detail::label_of<Labels>, Index>(labels), shard_sizes, options) {}

  /// The counts imply the sizes of the shards, and shard_sizes must agree with them.
  template <class Label, detail::count_range Sizes = std::initializer_list<std::uint64_t>>
  shard_sampler(sharded_classes<Label, Index> const& classes, Sizes&& shard_sizes,
                std::type_identity_t<shard_options<Label>> const& options)
      : shard_sampler(classes, options) {
    if (!(detail::shard_borders(context, shard_sizes) == classes.shared_cells()->shards)) {
      detail::invalid(context, "shard_sizes are not what the counts of the shards sum to; leave them out");
    }
  }

  template <class Label>
  shard_sampler(sharded_classes<Label, Index> const& classes, std::type_identity_t<shard_options<Label>> const& options)
      : shard_sampler(classes.classes(), classes.shared_cells(), detail::share<detail::class_members<Index> const>(),
                      options) {}

  template <detail::count_range Sizes = std::initializer_list<std::uint64_t>>
  shard_sampler(Sizes&& shard_sizes, shard_options<int> const& options)
      : shard_sampler(detail::shard_borders(context, shard_sizes), options) {}

  using core = detail::shard_draws<Index>;

  [[nodiscard]] draws<core> epoch(std::uint64_t e) const {
    return make_draws(core(detail::share<detail::shard_epoch const>(plan_, e), members_), e);
  }

  /// The blocks of epoch e, in order. Together they cover all its positions.
  [[nodiscard]] std::vector<block> blocks(std::uint64_t e) const {
    detail::shard_epoch const epoch(plan_, e);
    std::vector<block> result;
    for (std::size_t b = 0; b < epoch.num_blocks(); ++b) {
      auto const shards = epoch.shards_of(b);
      std::uint64_t const first = epoch.deal().blocks()[b].first_position;
      if (b > 0) result.back().size = first - result.back().first_position;
      result.push_back({{shards.begin(), shards.end()}, first, epoch_size() - first});
    }
    if (result.empty()) result.push_back({{}, 0, epoch_size()});  // all classes are resident
    return result;
  }

  /// The samples of the resident classes, ascending: load them once, before the first epoch.
  [[nodiscard]] std::vector<Index> resident_samples() const {
    std::vector<Index> result;
    for (auto const& cell : plan_->table->cells) {
      if (!plan_->resident[cell.in_class]) continue;
      for (std::uint64_t i = 0; i < cell.count; ++i) result.push_back(members_->sample(cell.begin + i));
    }
    std::sort(result.begin(), result.end());
    return result;
  }

  /// The share of a class in a block that is farthest from the share of the class in the epoch. O(classes x blocks).
  [[nodiscard]] block_share worst_share(std::uint64_t e = 0) const {
    detail::shard_epoch const epoch(plan_, e);
    std::size_t const classes = plan_->quotas.size();
    std::vector<std::uint64_t> draws((epoch.num_blocks() + 1) * classes);
    epoch.for_each_cell([&](std::size_t b, std::size_t c, std::uint64_t count) { draws[b * classes + c] += count; });
    auto const whole = static_cast<double>(epoch.deal().size_of_blocks());
    block_share worst{0, 0, 0, 0};
    double farthest = -1;
    for (std::size_t i = 0; i < epoch.num_blocks() * classes; ++i) {
      std::size_t const b = i / classes, c = i % classes;
      if (plan_->resident[c]) continue;
      double const share = static_cast<double>(draws[i]) / static_cast<double>(epoch.deal().blocks()[b].draws);
      double const epoch_share = static_cast<double>(plan_->quotas[c]) / whole;
      double const distance = share < epoch_share ? epoch_share - share : share - epoch_share;
      if (distance <= farthest) continue;
      farthest = distance;
      worst = {c, b, share, epoch_share};
    }
    return worst;
  }

  /// The shard that holds a sample. Needs index < index_bound() -> else std::out_of_range.
  [[nodiscard]] std::uint64_t shard_of(std::uint64_t index) const {
    auto const& shards = plan_->table->shards;
    if (index >= shards.num_samples()) {
      detail::out_of_range(context, "shard_of(", detail::text(index), "); there are ",
                           detail::text(shards.num_samples()), " samples in the shards, numbered from 0");
    }
    return shards.shard_of(index);
  }

  /// The draws that each class gives to every epoch, by class number.
  [[nodiscard]] std::vector<std::uint64_t> quotas() const { return plan_->quotas; }

  /// The share of each class in the draws of every epoch, by class number: the quotas, divided by their sum. Empty if
  /// there is one class only, because a sampler that was built without classes does not know those of the samples.
  [[nodiscard]] std::vector<double> class_shares() const {
    if (plan_->quotas.size() == 1) return {};
    return detail::as_shares(detail::weights_as_doubles(plan_->quotas));
  }

  /// The number of epochs until every sample of every class has been drawn, apart from classes that are left out: the
  /// largest ceil(n_c / m_c).
  [[nodiscard]] std::uint64_t epochs_to_cover() const noexcept {
    std::uint64_t most = 1;
    for (std::size_t c = 0; c < plan_->quotas.size(); ++c) {
      if (plan_->quotas[c] > 0) most = std::max(most, (plan_->samples[c] - 1) / plan_->quotas[c] + 1);
    }
    return most;
  }

  [[nodiscard]] std::uint64_t fingerprint() const noexcept {
    return make_fingerprint(context, mix64(plan_->fingerprint()) + members_->fingerprint());
  }

 private:
  static constexpr std::string_view context = "shard_sampler";

  shard_sampler(detail::shard_borders shards, shard_options<int> const& options)
      : shard_sampler(one_class(shards), shards, options) {}
  shard_sampler(class_index<int, Index> const& classes, detail::shard_borders& shards,
                shard_options<int> const& options)
      : shard_sampler(classes, detail::cells_of(context, classes, std::move(shards)), classes.shared_members(),
                      options) {}

  static class_index<int, Index> one_class(detail::shard_borders const& shards) {
    if (shards.num_samples() == 0) detail::invalid(context, "the shards have no samples; at least one must have some");
    return class_index<int, Index>::from_counts({shards.num_samples()});
  }

  template <class Label, class AnyIndex>
  shard_sampler(class_index<Label, AnyIndex> const& classes, detail::shared<detail::shard_cells const> cells,
                detail::shared<detail::class_members<Index> const> members, shard_options<Label> const& options)
      : shard_sampler(detail::share<detail::shard_plan const>(
                          cells, classes.counts(), detail::requested_quotas(context, classes, options), options.open,
                          options.batch_size, options.resident, options.seed),
                      std::move(members), classes.num_samples()) {}

  shard_sampler(detail::shared<detail::shard_plan const> plan,
                detail::shared<detail::class_members<Index> const> members, std::uint64_t num_samples)
      : sampler_base(context, num_samples, plan->epoch_size(), plan->seed, plan->table->shards.num_samples()),
        plan_(std::move(plan)),
        members_(std::move(members)) {
    plan_->check(context);
  }

  detail::shared<detail::shard_plan const> plan_;
  detail::shared<detail::class_members<Index> const> members_;
};

template <class Label, std::unsigned_integral Index, detail::count_range Sizes = std::initializer_list<std::uint64_t>>
shard_sampler(class_index<Label, Index>, Sizes&&, std::type_identity_t<shard_options<Label>>) -> shard_sampler<Index>;
template <class Label, std::unsigned_integral Index, detail::count_range Sizes = std::initializer_list<std::uint64_t>>
shard_sampler(sharded_classes<Label, Index>, Sizes&&, std::type_identity_t<shard_options<Label>>)
    -> shard_sampler<Index>;
template <class Label, std::unsigned_integral Index>
shard_sampler(sharded_classes<Label, Index>, std::type_identity_t<shard_options<Label>>) -> shard_sampler<Index>;

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
