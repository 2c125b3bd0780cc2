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
std::vector<double> target_shares(label_index const& classes, options const& settings) {
  check_labels("--target", settings.target, classes);
  constexpr double named = -1;
  auto const counts = classes.counts();
  std::vector<double> shares(counts.begin(), counts.end());
  double left = 1, others = static_cast<double>(classes.num_samples());
  for (auto const& [label, share] : settings.target) {
    auto const c = static_cast<std::size_t>(classes.class_of(label));
    others -= static_cast<double>(counts[c]);
    left -= share;
    shares[c] = named;
  }
  for (std::size_t c = 0; c < shares.size(); ++c) {
    if (shares[c] == named) continue;
    if (left < 1e-9) {
      throw user_error(
          fmt::format("--target: the shares sum to {:.6g}, which leaves nothing for class '{}' that they do "
                      "not name; lower them, or leave the class out with {}=0",
                      1 - left, printable(classes.labels()[c]), printable(classes.labels()[c])));
    }
    shares[c] *= left / others;
  }
  for (auto const& [label, share] : settings.target) shares[static_cast<std::size_t>(classes.class_of(label))] = share;
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

chosen_sampler balanced_epoch(label_index const& classes, options const& settings) {
  check_labels("--limit", settings.limits, classes);
  evendraw::balanced_epoch_sampler const sampler(classes, {.epoch_size = settings.epoch_size,
                                                           .per_class = settings.per_class,
                                                           .limits = settings.limits,
                                                           .max_repeats = settings.max_repeats,
                                                           .when_short = evendraw::when_short::give_all,
                                                           .seed = settings.seed});
  return {.sampler = sampler, .shares = sampler.class_shares(), .epochs_to_cover = sampler.epochs_to_cover()};
}

chosen_sampler shard(label_index const& classes, options const& settings) {
  check_labels("--limit", settings.limits, classes);
  evendraw::shard_sampler const sampler(classes, shard_sizes(settings, classes.num_samples()),
                                        {.open = settings.open,
                                         .batch_size = settings.batch_size,
                                         .resident = settings.resident,
                                         .epoch_size = settings.epoch_size,
                                         .per_class = settings.per_class,
                                         .limits = settings.limits,
                                         .max_repeats = settings.max_repeats,
                                         .when_short = evendraw::when_short::give_all,
                                         .seed = settings.seed});
  auto const quotas = sampler.quotas();
  return {.sampler = sampler,
          .shares = {quotas.begin(), quotas.end()},
          .epoch_cost = 64 * classes.num_classes() * shard_sizes(settings, classes.num_samples()).size(),
          .in_memory = sampler.resident_samples(),
          .epochs_to_cover = sampler.epochs_to_cover()};
}

/// Goes from the shares of the data in the first epoch to equal shares in the last.
chosen_sampler scheduled_proportion(label_index const& classes, options const& settings,
                                    evendraw::sampler_options sizes) {
  evendraw::progressive_schedule const schedule(std::max<std::uint64_t>(settings.epochs - 1, 1));
  evendraw::scheduled_proportion_sampler const sampler(classes, schedule, sizes);
  std::vector<double> mean(static_cast<std::size_t>(classes.num_classes()));
  for (std::uint64_t epoch = 0; epoch < settings.epochs; ++epoch) {
    auto const shares = sampler.class_shares(epoch);
    for (std::size_t c = 0; c < mean.size(); ++c) mean[c] += shares[c];
  }
  return {sampler, mean};
}

/// The number of batches for the requested draws, by default for as many draws as there are samples.
std::uint64_t num_batches(std::uint64_t draws, std::uint64_t batch_size) {
  return draws == 0 ? 0 : (draws - 1) / batch_size + 1;
}

chosen_sampler stratified_batch(label_index const& classes, options const& settings) {
  auto const shares = settings.target.empty() ? equal_shares(classes) : target_shares(classes, settings);
  return in_batches(
      evendraw::stratified_batch_sampler(classes, shares,
                                         {.batch_size = settings.batch_size,
                                          .num_batches = num_batches(settings.epoch_size, settings.batch_size),
                                          .seed = settings.seed}));
}

/// P x K batches with as many classes as fit into a batch.
chosen_sampler pk_batch(label_index const& classes, options const& subject) {
  std::uint64_t const fitting = subject.batch_size / subject.samples_per_class;
  if (fitting == 0) {
    throw user_error(
        fmt::format("--samples-per-class {} does not fit into --batch-size {}; raise the one, or lower "
                    "the other",
                    subject.samples_per_class, subject.batch_size));
  }
  std::uint64_t const in_batch = std::min<std::uint64_t>(fitting, classes.num_classes());
  return in_batches(evendraw::pk_batch_sampler(
      classes, {.classes = in_batch,
                .samples = subject.samples_per_class,
                .num_batches = num_batches(subject.epoch_size, in_batch * subject.samples_per_class),
                .seed = subject.seed}));
}

/// The number of draws without replacement, by default half the number of samples.
evendraw::sampler_options half(label_index const& classes, options const& settings) {
  std::uint64_t const default_size = std::max<std::uint64_t>(classes.num_samples() / 2, 1);
  return {.epoch_size = settings.epoch_size > 0 ? settings.epoch_size : default_size, .seed = settings.seed};
}

chosen_sampler systematic(label_index const& classes, options const& settings) {
  evendraw::systematic_sampler const sampler(balancing_weights(classes), half(classes, settings));
  auto const inclusion = sampler.inclusion_probabilities();
  std::vector<double> shares;
  for (std::size_t c = 0; c < classes.num_classes(); ++c) {
    shares.push_back(inclusion[classes.members(c).front()] * static_cast<double>(classes.counts()[c]));
  }
  return {.sampler = sampler, .shares = shares, .epoch_cost = 3 * classes.num_samples()};
}

/// The expected shares of the classes. The draws of class c are n_c (1 - exp(-t / n_c)), where t makes them sum to all
/// draws. Poisson processes give this exactly, and successive draws give it nearly.
chosen_sampler weighted_without_replacement(label_index const& classes, options const& settings) {
  auto const sizes = half(classes, settings);
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
chosen_sampler repeat_factor(label_index const& classes, options const& settings) {
  double const threshold = settings.threshold > 0 ? settings.threshold : 1 / static_cast<double>(classes.num_classes());
  auto const of_class = evendraw::class_repeat_factors(classes.counts(), classes.num_samples(), threshold);
  std::vector<double> shares;
  for (std::size_t c = 0; c < of_class.size(); ++c) {
    shares.push_back(of_class[c] * static_cast<double>(classes.counts()[c]));
  }
  return {
      .sampler = evendraw::repeat_factor_sampler(evendraw::sample_weights(classes, of_class), {.seed = settings.seed}),
      .shares = shares,
      .epochs_to_cover = 1};
}

}  // namespace

std::string name_of_sampler(options const& settings) {
  return settings.sampler == "random" ? std::string(plain) : settings.sampler;
}

chosen_sampler plain_shuffling(label_index const& classes, options const& settings) {
  return random(classes, {.seed = settings.seed});
}

chosen_sampler choose_sampler(label_index const& classes, options const& settings) {
  evendraw::sampler_options const sizes{.epoch_size = settings.epoch_size, .seed = settings.seed};
  auto const& name = settings.sampler;
  if (name == "inverse_frequency") {
    return with_replacement(evendraw::inverse_frequency_sampler(classes, sizes), equal_shares(classes));
  }
  if (name == "target_proportion") {
    auto const shares = target_shares(classes, settings);
    return with_replacement(evendraw::target_proportion_sampler(classes, std::span(shares), sizes), shares);
  }
  if (name == "multinomial") {
    return with_replacement(evendraw::multinomial_sampler(balancing_weights(classes), sizes), equal_shares(classes));
  }
  if (name == "balanced_epoch") return balanced_epoch(classes, settings);
  if (name == "shard") return shard(classes, settings);
  if (name == "scheduled_proportion") return scheduled_proportion(classes, settings, sizes);
  if (name == "stratified_batch") return stratified_batch(classes, settings);
  if (name == "pk_batch") return pk_batch(classes, settings);
  if (name == "repeat_factor") return repeat_factor(classes, settings);
  if (name == "systematic") return systematic(classes, settings);
  if (name == "weighted_without_replacement") return weighted_without_replacement(classes, settings);
  if (name == "sequential") {
    return {.sampler = evendraw::sequential_sampler(classes.num_samples()), .epochs_to_cover = 1};
  }
  return random(classes, sizes);
}

}  // namespace inspect
