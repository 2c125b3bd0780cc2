#include "samplers.hpp"

#include <evendraw/evendraw.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>

#include "shards.hpp"
#include "shared/text.hpp"
#include "shared/user_error.hpp"

namespace inspect {
namespace {

template <class Pairs>
void check_labels(std::string_view option, Pairs const& pairs, label_index const& classes) {
  for (auto const& [label, value] : pairs) {
    if (classes.contains(label)) continue;
    std::string known;
    for (std::size_t c = 0; c < classes.labels().size() && c < 10; ++c) {
      known += fmt::format("{}'{}'", c == 0 ? "" : ", ", printable(classes.labels()[c]));
    }
    if (classes.num_classes() > 10) known += fmt::format(", ... ({} in all)", classes.num_classes());
    throw user_error(
        fmt::format("{} names '{}', which no sample has; the classes are {}", option, printable(label), known));
  }
}

/// The share of every class. Classes that are not named divide what is left of 1 in proportion to their counts.
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
      throw user_error(
          fmt::format("--target: the shares sum to {:.6g}, which leaves nothing for the class '{}' that they do "
                      "not name; lower them, or leave the class out with {}=0",
                      1 - left, printable(classes.labels()[c]), printable(classes.labels()[c])));
    }
    shares[c] *= left / others;
  }
  for (auto const& [label, share] : of.target) shares[static_cast<std::size_t>(classes.class_of(label))] = share;
  return shares;
}

std::vector<double> equal_shares(label_index const& classes) {
  return std::vector<double>(static_cast<std::size_t>(classes.num_classes()), 1);
}

/// The weight of every sample: 1 / the size of its class.
std::vector<double> balancing_weights(label_index const& classes) {
  return evendraw::sample_weights(classes, evendraw::inverse_frequency_weights(classes.counts()));
}

/// Batches one after the other.
template <class Batches>
class flat {
 public:
  using index_type = typename Batches::index_type;

  explicit flat(Batches batches) : batches_(std::move(batches)) {}

  [[nodiscard]] auto epoch(std::uint64_t e) const { return batches_.epoch(e).draws(); }
  [[nodiscard]] std::uint64_t epoch_size() const { return batches_.epoch_size() * batches_.batch_size(); }
  [[nodiscard]] std::uint64_t num_samples() const { return batches_.num_samples(); }
  [[nodiscard]] std::uint64_t index_bound() const { return batches_.index_bound(); }
  [[nodiscard]] std::uint64_t seed() const { return batches_.seed(); }
  [[nodiscard]] std::uint64_t fingerprint() const { return batches_.fingerprint(); }

 private:
  Batches batches_;
};

template <class Batches>
chosen_sampler in_batches(Batches const& batches) {
  return {flat(batches), batches.class_shares(), batches.batch_size()};
}

chosen_sampler with_replacement(evendraw::any_sampler<> sampler, std::vector<double> shares) {
  return {.sampler = std::move(sampler), .shares = std::move(shares), .with_replacement = true};
}

chosen_sampler random(label_index const& classes, evendraw::sampler_options sizes) {
  evendraw::random_sampler const sampler(classes.num_samples(), sizes);
  return {.sampler = sampler, .epochs_to_cover = sampler.epochs_to_cover()};
}

chosen_sampler balanced_epoch(label_index const& classes, options const& of) {
  check_labels("--limit", of.limits, classes);
  evendraw::balanced_epoch_sampler const sampler(classes, {.epoch_size = of.epoch_size,
                                                           .per_class = of.per_class,
                                                           .limits = of.limits,
                                                           .max_repeats = of.max_repeats,
                                                           .when_short = evendraw::when_short::give_all,
                                                           .seed = of.seed});
  return {.sampler = sampler, .shares = sampler.class_shares(), .epochs_to_cover = sampler.epochs_to_cover()};
}

chosen_sampler shard(label_index const& classes, options const& of) {
  check_labels("--limit", of.limits, classes);
  evendraw::shard_sampler const sampler(classes, shard_sizes(of, classes.num_samples()),
                                        {.open = of.open,
                                         .batch_size = of.batch_size,
                                         .resident = of.resident,
                                         .epoch_size = of.epoch_size,
                                         .per_class = of.per_class,
                                         .limits = of.limits,
                                         .max_repeats = of.max_repeats,
                                         .when_short = evendraw::when_short::give_all,
                                         .seed = of.seed});
  auto const quotas = sampler.quotas();
  return {.sampler = sampler,
          .shares = {quotas.begin(), quotas.end()},
          .epoch_cost = 64 * classes.num_classes() * shard_sizes(of, classes.num_samples()).size(),
          .in_memory = sampler.resident_samples(),
          .epochs_to_cover = sampler.epochs_to_cover()};
}

/// Goes from the shares of the data in the first epoch to equal shares in the last.
chosen_sampler scheduled_proportion(label_index const& classes, options const& of, evendraw::sampler_options sizes) {
  evendraw::progressive_schedule const schedule(std::max<std::uint64_t>(of.epochs - 1, 1));
  evendraw::scheduled_proportion_sampler const sampler(classes, schedule, sizes);
  std::vector<double> mean(static_cast<std::size_t>(classes.num_classes()));
  for (std::uint64_t epoch = 0; epoch < of.epochs; ++epoch) {
    auto const shares = sampler.class_shares(epoch);
    for (std::size_t c = 0; c < mean.size(); ++c) mean[c] += shares[c];
  }
  return {sampler, mean};
}

/// The number of batches for the requested draws, by default for as many draws as there are samples.
std::uint64_t num_batches(std::uint64_t draws, std::uint64_t batch_size) {
  return draws == 0 ? 0 : (draws - 1) / batch_size + 1;
}

chosen_sampler stratified_batch(label_index const& classes, options const& of) {
  auto const shares = of.target.empty() ? equal_shares(classes) : target_shares(classes, of);
  return in_batches(evendraw::stratified_batch_sampler(
      classes, shares,
      {.batch_size = of.batch_size, .num_batches = num_batches(of.epoch_size, of.batch_size), .seed = of.seed}));
}

/// P x K batches with as many classes as fit into a batch.
chosen_sampler pk_batch(label_index const& classes, options const& of) {
  std::uint64_t const fitting = of.batch_size / of.samples_per_class;
  if (fitting == 0) {
    throw user_error(
        fmt::format("--samples-per-class {} does not fit into --batch-size {}; raise the one, or lower "
                    "the other",
                    of.samples_per_class, of.batch_size));
  }
  std::uint64_t const in_batch = std::min<std::uint64_t>(fitting, classes.num_classes());
  return in_batches(
      evendraw::pk_batch_sampler(classes, {.classes = in_batch,
                                           .samples = of.samples_per_class,
                                           .num_batches = num_batches(of.epoch_size, in_batch * of.samples_per_class),
                                           .seed = of.seed}));
}

/// The number of draws without replacement, by default half the number of samples.
evendraw::sampler_options half(label_index const& classes, options const& of) {
  std::uint64_t const default_size = std::max<std::uint64_t>(classes.num_samples() / 2, 1);
  return {.epoch_size = of.epoch_size > 0 ? of.epoch_size : default_size, .seed = of.seed};
}

chosen_sampler systematic(label_index const& classes, options const& of) {
  evendraw::systematic_sampler const sampler(balancing_weights(classes), half(classes, of));
  auto const inclusion = sampler.inclusion_probabilities();
  std::vector<double> shares;
  for (std::size_t c = 0; c < classes.num_classes(); ++c) {
    shares.push_back(inclusion[classes.members(c).front()] * static_cast<double>(classes.counts()[c]));
  }
  return {.sampler = sampler, .shares = shares, .epoch_cost = 3 * classes.num_samples()};
}

/// The expected shares of the classes. The draws of class c are n_c (1 - exp(-t / n_c)), where t makes them sum to all
/// draws. Poisson processes give this exactly, and successive draws give it nearly.
chosen_sampler weighted_without_replacement(label_index const& classes, options const& of) {
  auto const sizes = half(classes, of);
  evendraw::weighted_without_replacement_sampler const sampler(balancing_weights(classes),
                                                               {.epoch_size = sizes.epoch_size, .seed = sizes.seed});
  std::vector<double> shares;
  auto const draws_until = [&](double t) {
    double sum = 0;
    shares.clear();
    for (std::uint64_t const count : classes.counts()) {
      auto const n = static_cast<double>(count);
      shares.push_back(-n * std::expm1(-t / n));
      sum += shares.back();
    }
    return sum;
  };
  double low = 0, high = 1e3 * static_cast<double>(classes.num_samples());
  for (int step = 0; step < 200; ++step) {
    double const middle = (low + high) / 2;
    (draws_until(middle) < static_cast<double>(sizes.epoch_size) ? low : high) = middle;
  }
  return {.sampler = sampler, .shares = shares, .epoch_cost = 3 * classes.num_samples()};
}

/// Repeats classes below the threshold, which is by default the mean share of a class.
chosen_sampler repeat_factor(label_index const& classes, options const& of) {
  double const threshold = of.threshold > 0 ? of.threshold : 1 / static_cast<double>(classes.num_classes());
  auto const of_class = evendraw::class_repeat_factors(classes.counts(), classes.num_samples(), threshold);
  std::vector<double> shares;
  for (std::size_t c = 0; c < of_class.size(); ++c) {
    shares.push_back(of_class[c] * static_cast<double>(classes.counts()[c]));
  }
  return {.sampler = evendraw::repeat_factor_sampler(evendraw::sample_weights(classes, of_class), {.seed = of.seed}),
          .shares = shares,
          .epochs_to_cover = 1};
}

}  // namespace

std::string name_of_sampler(options const& of) { return of.sampler == "random" ? std::string(plain) : of.sampler; }

chosen_sampler plain_shuffling(label_index const& classes, options const& of) {
  return random(classes, {.seed = of.seed});
}

chosen_sampler choose_sampler(label_index const& classes, options const& of) {
  evendraw::sampler_options const sizes{.epoch_size = of.epoch_size, .seed = of.seed};
  auto const& name = of.sampler;
  if (name == "inverse_frequency") {
    return with_replacement(evendraw::inverse_frequency_sampler(classes, sizes), equal_shares(classes));
  }
  if (name == "target_proportion") {
    auto const shares = target_shares(classes, of);
    return with_replacement(evendraw::target_proportion_sampler(classes, std::span(shares), sizes), shares);
  }
  if (name == "multinomial") {
    return with_replacement(evendraw::multinomial_sampler(balancing_weights(classes), sizes), equal_shares(classes));
  }
  if (name == "balanced_epoch") return balanced_epoch(classes, of);
  if (name == "shard") return shard(classes, of);
  if (name == "scheduled_proportion") return scheduled_proportion(classes, of, sizes);
  if (name == "stratified_batch") return stratified_batch(classes, of);
  if (name == "pk_batch") return pk_batch(classes, of);
  if (name == "repeat_factor") return repeat_factor(classes, of);
  if (name == "systematic") return systematic(classes, of);
  if (name == "weighted_without_replacement") return weighted_without_replacement(classes, of);
  if (name == "sequential") {
    return {.sampler = evendraw::sequential_sampler(classes.num_samples()), .epochs_to_cover = 1};
  }
  return random(classes, sizes);
}

}  // namespace inspect
