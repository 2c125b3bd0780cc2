// Plans of runs over data in shards, computed from the counts of each shard.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/classes/detail/shard_cells.hpp>
#include <evendraw/classes/sharded_classes.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/shared.hpp>
#include <evendraw/epochs/balanced_options.hpp>
#include <evendraw/epochs/detail/shard_epoch.hpp>
#include <evendraw/epochs/detail/shard_plan.hpp>
#include <evendraw/inspect/plan.hpp>
#include <evendraw/inspect/run_plan.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

namespace detail {

/// Adds the numbers of the blocks of epoch 0: the fraction of batches without each class, and the worst block.
template <class = void>  // compiled where it is used
void review_blocks(run_plan& plan, shard_epoch const& epoch, shard_plan const& sharded, class_sizes const& sizes) {
  std::size_t const classes = plan.classes.size();
  std::vector<double> draws((epoch.num_blocks() + 1) * classes);
  epoch.for_each_cell(
      [&](std::size_t b, std::size_t c, std::uint64_t n) { draws[b * classes + c] += static_cast<double>(n); });
  auto const whole = static_cast<double>(epoch.deal().size_of_blocks()), all = static_cast<double>(epoch.deal().size());
  auto const batch = static_cast<double>(sharded.batch_size);
  std::size_t worst_class = classes, worst_block = 0;
  double worst = 2;  // the worst factor between a share in a block and in the epoch
  for (std::size_t c = 0; c < classes; ++c) {
    auto const quota = static_cast<double>(sharded.quotas[c]);
    if (quota == 0) continue;
    run_plan::class_plan& expected = plan.classes[c];
    expected.batches_without = sharded.resident[c] ? std::max(0.0, 1 - quota * batch / all) : 0;
    if (sharded.resident[c]) continue;
    for (std::size_t b = 0; b < epoch.num_blocks(); ++b) {
      auto const size = static_cast<double>(epoch.deal().blocks()[b].draws);
      double const part = draws[b * classes + c] / size;  // the share of the block's draws
      double const in_batch = part * batch * whole / all;
      expected.batches_without += std::max(0.0, 1 - in_batch) * size / whole;
      double const share = quota / whole;
      double const factor = part > share ? part / share : share / std::max(part, share * 1e-9);
      if (factor <= worst) continue;
      worst = factor;
      worst_class = c;
      worst_block = b;
    }
  }
  if (worst_class == classes) return;
  double const share = static_cast<double>(sharded.quotas[worst_class]) / whole;
  double const part =
      draws[worst_block * classes + worst_class] / static_cast<double>(epoch.deal().blocks()[worst_block].draws);
  plan.findings.push_back(
      {finding::subject::unbalanced_blocks, worst_class, 1,
       joined("class ", sizes.names()[worst_class], " has ", about(100 * part), " % of a block's draws, but ",
              about(100 * share), " % of the epoch's; raise open, or keep the class resident")});
}

template <class Label, std::unsigned_integral Index>
run_plan plan_shards(class_index<Label, Index> const& classes, shared<shard_cells const> const& cells,
                     shard_options<Label> const& sharded, plan_options options) {
  if (sharded.batch_size != 1) options.batch_size = sharded.batch_size;
  class_sizes const sizes(classes);
  run_plan plan = plan_balanced("shard_sampler", sizes, classes, sharded, options);
  if (!plan.feasible()) return plan;
  std::vector<std::uint64_t> quotas;
  for (run_plan::class_plan const& expected : plan.classes)
    quotas.push_back(static_cast<std::uint64_t>(expected.draws_per_epoch));
  auto const shared_plan = share<shard_plan const>(cells, sizes.counts(), quotas, sharded.open, options.batch_size,
                                                   sharded.resident, sharded.seed);
  try {
    shared_plan->check("shard_sampler");
  } catch (std::invalid_argument const& refusal) {
    return planned(sizes, options, remedies_of_quotas, [&](run_plan&) { throw refusal; });
  }
  // Replaces the findings about shuffled batches with findings about the batches of blocks.
  for (std::size_t i = plan.findings.size(); i-- > 0;) {
    if (plan.findings[i].kind != finding::subject::seldom_in_batches) continue;
    plan.findings.erase(plan.findings.begin() + static_cast<std::ptrdiff_t>(i));
  }
  review_blocks(plan, shard_epoch(shared_plan, 0), *shared_plan, sizes);
  return plan;
}

}  // namespace detail

/// Plans a run of shard_sampler.
///
///   classes      sharded_classes; or a class_index and the sizes of its shards
///   sharded      the options of the sampler
///   options      see plan_balanced_epochs; if `sharded` has a .batch_size above 1, it is used instead of this one
///
/// Edge       a run that the sampler would refuse gives a finding: see feasible()
/// Exact      draws, unique samples and epochs are certain. batches_without is that of the blocks of epoch 0, without
///            batches across their borders
/// Cost       one epoch(0) of the sampler, and O(classes x blocks)
template <class Label, std::unsigned_integral Index>
[[nodiscard]] run_plan plan_sharded_epochs(sharded_classes<Label, Index> const& classes,
                                           std::type_identity_t<shard_options<Label>> const& sharded,
                                           plan_options const& options = {}) {
  return detail::plan_shards(classes.classes(), classes.shared_cells(), sharded, options);
}
template <class Label, std::unsigned_integral Index, detail::count_range Sizes>
[[nodiscard]] run_plan plan_sharded_epochs(class_index<Label, Index> const& classes, Sizes&& shard_sizes,
                                           std::type_identity_t<shard_options<Label>> const& sharded,
                                           plan_options const& options = {}) {
  auto const cells = detail::cells_of("shard_sampler", classes, detail::shard_borders("shard_sampler", shard_sizes));
  return detail::plan_shards(classes, cells, sharded, options);
}

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
