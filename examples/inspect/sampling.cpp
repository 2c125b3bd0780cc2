#include "sampling.hpp"

#include <evendraw/samplers/batch_sampler.hpp>

#include <utility>

#include "samplers.hpp"

namespace inspect {
namespace {

/// Draws the epochs in batches.
outcome run(std::string name, chosen_sampler const& chosen, label_index const& classes, options const& of) {
  evendraw::batch_balance balance(classes, {.expected_shares = chosen.shares, .keep = of.keep()});
  evendraw::batch_sampler const batches(chosen.sampler, chosen.batch_size > 0 ? chosen.batch_size : of.batch_size);
  for (std::uint64_t epoch = 0; epoch < of.epochs; ++epoch) {
    for (auto const batch : batches.epoch(epoch)) balance.add(batch);
    balance.end_epoch();
  }
  return {.name = std::move(name),
          .epochs = of.epochs,
          .epoch_size = chosen.sampler.epoch_size(),
          .balance = std::move(balance)};
}

}  // namespace

outcome run_plain_shuffling(label_index const& classes, options const& of) {
  return run(std::string(plain), plain_shuffling(classes, of), classes, of);
}

outcome run_sampler(label_index const& classes, options const& of) {
  return run(name_of_sampler(of), choose_sampler(classes, of), classes, of);
}

}  // namespace inspect
