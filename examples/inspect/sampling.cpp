#include "sampling.hpp"

#include <fmt/format.h>
#include <evendraw/core/class_weights.hpp>
#include <evendraw/samplers/balanced_epoch_sampler.hpp>
#include <evendraw/samplers/batch_sampler.hpp>
#include <evendraw/samplers/inverse_frequency_sampler.hpp>
#include <evendraw/samplers/multinomial_sampler.hpp>
#include <evendraw/samplers/random_sampler.hpp>
#include <evendraw/samplers/sequential_sampler.hpp>
#include <evendraw/samplers/target_proportion_sampler.hpp>

#include <cstddef>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/user_error.hpp"

namespace inspect {
namespace {

/// Draws the epochs in batches. expected_shares: by class; empty: those of the data.
template <evendraw::sampler Sampler>
outcome run(std::string name, Sampler const& sampler, std::vector<double> expected_shares,
            label_index const& classes, options const& of) {
  evendraw::batch_balance balance(classes,
                                  {.expected_shares = std::move(expected_shares), .keep = of.batches});
  evendraw::batch_sampler const batches(sampler, of.batch_size);
  for (std::uint64_t epoch = 0; epoch < of.epochs; ++epoch) {
    for (auto const batch : batches.epoch(epoch)) balance.add(batch);
  }
  return {.name = std::move(name),
          .epochs = of.epochs,
          .epoch_size = sampler.epoch_size(),
          .balance = std::move(balance)};
}

template <class Pairs>
void check_labels(std::string_view option, Pairs const& pairs, label_index const& classes) {
  for (auto const& [label, value] : pairs) {
    if (classes.contains(label)) continue;
    std::string known;
    for (std::size_t c = 0; c < classes.labels().size() && c < 10; ++c) {
      known += fmt::format("{}'{}'", c == 0 ? "" : ", ", printable(classes.labels()[c]));
    }
    if (classes.num_classes() > 10) known += fmt::format(", ... ({} in all)", classes.num_classes());
    throw user_error(fmt::format("{} names '{}', which no sample has; the classes are {}", option,
                                 printable(label), known));
  }
}

/// The share of every class: as named; the others divide what is left of 1 in proportion to their counts.
std::vector<double> target_shares(label_index const& classes, options const& of) {
  check_labels("--target", of.target, classes);
  constexpr double named = -1;
  auto const counts = classes.counts();
  std::vector<double> shares(counts.begin(), counts.end());
  double left = 1, others = static_cast<double>(classes.num_samples());
  for (auto const& [label, share] : of.target) {
    auto const c = static_cast<std::size_t>(classes.class_of(label));
    others -= static_cast<double>(counts[c]);
    left -= share;
    shares[c] = named;
  }
  for (std::size_t c = 0; c < shares.size(); ++c) {
    if (shares[c] == named) continue;
    if (left < 1e-9) {
      throw user_error(fmt::format(
          "--target: the shares sum to {:.6g}, which leaves nothing for the class '{}' that they do "
          "not name; lower them, or leave the class out with {}=0",
          1 - left, printable(classes.labels()[c]), printable(classes.labels()[c])));
    }
    shares[c] *= left / others;
  }
  for (auto const& [label, share] : of.target)
    shares[static_cast<std::size_t>(classes.class_of(label))] = share;
  return shares;
}

std::vector<double> equal_shares(label_index const& classes) {
  return std::vector<double>(static_cast<std::size_t>(classes.num_classes()), 1);
}

}  // namespace

outcome run_plain_shuffling(label_index const& classes, options const& of) {
  evendraw::random_sampler const sampler(classes.num_samples(), {.seed = of.seed});
  return run("plain shuffling", sampler, {}, classes, of);
}

outcome run_sampler(label_index const& classes, options const& of) {
  evendraw::sampler_options const plain{.epoch_size = of.epoch_size, .seed = of.seed};
  if (of.sampler == "inverse_frequency") {
    return run(of.sampler, evendraw::inverse_frequency_sampler(classes, plain), equal_shares(classes),
               classes, of);
  }
  if (of.sampler == "target_proportion") {
    auto shares = target_shares(classes, of);
    evendraw::target_proportion_sampler const sampler(classes, std::span<double const>(shares), plain);
    return run(of.sampler, sampler, std::move(shares), classes, of);
  }
  if (of.sampler == "balanced_epoch") {
    check_labels("--limit", of.limits, classes);
    evendraw::balanced_epoch_sampler const sampler(classes, {.epoch_size = of.epoch_size,
                                                             .per_class = of.per_class,
                                                             .limits = of.limits,
                                                             .max_repeats = of.max_repeats,
                                                             .seed = of.seed});
    return run(of.sampler, sampler, {sampler.quotas().begin(), sampler.quotas().end()}, classes, of);
  }
  if (of.sampler == "multinomial") {
    auto const weights = evendraw::sample_weights(classes, evendraw::inverse_frequency(classes.counts()));
    return run(of.sampler, evendraw::multinomial_sampler(weights, plain), equal_shares(classes), classes, of);
  }
  if (of.sampler == "sequential") {
    return run(of.sampler, evendraw::sequential_sampler(classes.num_samples()), {}, classes, of);
  }
  return run("plain shuffling", evendraw::random_sampler(classes.num_samples(), plain), {}, classes, of);
}

}  // namespace inspect
