#include "sampling.hpp"

#include <evendraw/samplers/batch_sampler.hpp>

#include <algorithm>
#include <utility>

#include "samplers.hpp"

namespace inspect {
namespace {

/// Draws the epochs in batches.
outcome run(chosen_sampler const& chosen, label_index const& classes, options const& settings) {
  evendraw::batch_balance balance(classes, {.expected_shares = chosen.shares, .keep = settings.keep()});
  evendraw::batch_sampler const batches(chosen.sampler,
                                        chosen.batch_size > 0 ? chosen.batch_size : settings.batch_size);
  for (std::uint64_t epoch = 0; epoch < settings.epochs; ++epoch) {
    for (auto const batch : batches.epoch(epoch)) balance.add(batch);
    balance.end_epoch();
  }
  std::optional<shard_use> shards;
  if (!settings.shards.empty()) {
    shards = find_shard_use(chosen.sampler, shard_sizes(settings, classes.num_samples()), chosen.in_memory,
                            balance.batch_size());
  }
  return {.sampler = {},
          .name = std::string(plain),
          .epochs = settings.epochs,
          .epoch_size = chosen.sampler.epoch_size(),
          .balance = std::move(balance),
          .shards = shards};
}

}  // namespace

std::vector<outcome> run_samplers(label_index const& classes, options const& settings) {
  std::vector<outcome> outcomes;
  if (std::ranges::find(settings.samplers, "random") == settings.samplers.end()) {
    outcomes.push_back(run(plain_shuffling(classes, settings), classes, settings));
  }
  options one = settings;
  for (auto const& sampler : settings.samplers) {
    one.sampler = sampler;
    outcomes.push_back(run(choose_sampler(classes, one), classes, one));
    outcomes.back().sampler = sampler;
    outcomes.back().name = name_of_sampler(one);
  }
  return outcomes;
}

}  // namespace inspect
