#include "sampling.hpp"

#include <evendraw/samplers/batch_sampler.hpp>

#include <utility>
#include <vector>

#include "samplers.hpp"
#include "shared/user_error.hpp"

namespace inspect {
namespace {

/// Draws the epochs in batches. expected_shares: by class; empty: those of the data.
template <evendraw::sampler Sampler>
outcome run(std::string name, Sampler const& sampler, std::vector<double> expected_shares,
            label_index const& classes, options const& of) {
  evendraw::batch_balance balance(classes,
                                  {.expected_shares = std::move(expected_shares), .keep = of.keep()});
  evendraw::batch_sampler const batches(sampler, of.batch_size);
  for (std::uint64_t epoch = 0; epoch < of.epochs; ++epoch) {
    for (auto const batch : batches.epoch(epoch)) balance.add(batch);
    balance.end_epoch();
  }
  return {.name = std::move(name),
          .epochs = of.epochs,
          .epoch_size = sampler.epoch_size(),
          .balance = std::move(balance)};
}

}  // namespace

outcome run_plain_shuffling(label_index const& classes, options const& of) {
  return with_plain_shuffling(classes, of, [&](auto const& sampler, auto shares) {
    return run(std::string(plain), sampler, std::move(shares), classes, of);
  });
}

outcome run_sampler(label_index const& classes, options const& of) {
  return with_sampler(classes, of, [&](auto const& sampler, auto shares) {
    return run(name_of_sampler(of), sampler, std::move(shares), classes, of);
  });
}

}  // namespace inspect
