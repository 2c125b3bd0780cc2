#include "methods.hpp"

#include <evendraw/classes/split.hpp>
#include <evendraw/samplers/balanced_epoch_sampler.hpp>
#include <evendraw/samplers/inverse_frequency_sampler.hpp>
#include <evendraw/samplers/random_sampler.hpp>
#include <evendraw/samplers/target_proportion_sampler.hpp>
#include <evendraw/weights/class_weights.hpp>
#include <evendraw/weights/prior_correction.hpp>
#include <evendraw/weights/sample_weights.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "loader.hpp"
#include "model.hpp"
#include "shared/user_error.hpp"

namespace train {
namespace {

using label_index = evendraw::class_index<std::string>;

constexpr double jitter = 0.3;  // standard deviations of a feature

/// The training and the test part of one seed.
struct experiment {
  experiment(data_set const& data, label_index const& all, std::uint64_t seed)
      : experiment(data, all, evendraw::stratified_split(all, {0.75, 0.25}, {.seed = seed, .at_least = 1})) {}

  training_data training;
  data_set test;
  label_index classes;  ///< of the training part: all classes of the data, some of which may have no sample here

 private:
  experiment(data_set const& data, label_index const& all, std::vector<std::vector<std::uint32_t>> const& parts)
      : training{part(data, parts[0]), {}},
        test(part(data, parts[1])),
        classes(training.samples.labels, {.classes = all.labels(), .allow_empty = true}) {
    training.classes = classes.sample_classes();
    standardise(training.samples, test);
  }
};

/// Draws epochs * n samples, whatever the size of the sampler's epochs.
template <evendraw::sampler Sampler>
softmax_regression run_training(Sampler const& sampler, experiment const& parts, std::span<double const> class_weights,
                                double jitter_of_draws, options const& settings) {
  softmax_regression model(parts.training.samples.num_features, static_cast<std::size_t>(parts.classes.num_classes()));
  loader load(sampler, parts.training, jitter_of_draws, settings.threads);
  std::uint64_t const draws = settings.epochs * parts.training.classes.size();
  std::uint64_t const at_once = std::max<std::uint64_t>(1, 4096 / settings.batch_size) * settings.batch_size;
  std::size_t const features = parts.training.samples.num_features;
  for (std::uint64_t first = 0; first < draws; first += at_once) {
    auto const all = load.load(first, static_cast<std::size_t>(std::min(at_once, draws - first)));
    for (std::size_t i = 0; i < all.classes.size(); i += static_cast<std::size_t>(settings.batch_size)) {
      auto const size = std::min(static_cast<std::size_t>(settings.batch_size), all.classes.size() - i);
      model.step({all.features.subspan(i * features, size * features), all.classes.subspan(i, size)}, class_weights,
                 settings.learning_rate);
    }
  }
  if (!model.is_finite()) {
    throw user_error(fmt::format("training diverged; lower the --learning-rate, which is {}", settings.learning_rate));
  }
  return model;
}

/// Tests the model on the test part, with `offsets` subtracted from its logits.
outcome evaluate(softmax_regression const& model, std::span<double const> offsets, experiment const& parts,
                 std::size_t rare) {
  outcome result{evendraw::confusion_matrix(parts.classes), 0, 0};
  double const n = static_cast<double>(parts.test.labels.size());
  for (std::size_t i = 0; i < parts.test.labels.size(); ++i) {
    auto scores = model.logits(parts.test.features_of(i));
    for (std::size_t c = 0; c < scores.size(); ++c) scores[c] -= offsets[c];
    softmax(scores);
    auto const truth = static_cast<std::size_t>(parts.classes.class_of(parts.test.labels[i]));
    result.predictions.add_numbers(truth, std::ranges::max_element(scores) - scores.begin());
    result.log_loss -= std::log(std::max(scores[truth], std::numeric_limits<double>::min())) / n;
    result.rare_probability += scores[rare] / n;
  }
  return result;
}

/// 1 for every class that has samples.
std::vector<double> equal_shares(label_index const& classes) {
  std::vector<double> result;
  for (auto const count : classes.counts()) result.push_back(count > 0 ? 1 : 0);
  return result;
}

/// The outcomes of all methods for one seed.
std::vector<std::pair<std::string, outcome>> run(experiment const& parts, std::size_t rare, std::uint64_t seed,
                                                 options const& settings) {
  auto const counts = parts.classes.counts();
  std::vector<double> const one(counts.size(), 1), none(counts.size(), 0);
  evendraw::random_sampler const plain(parts.training.classes.size(), {.seed = seed});
  auto const half_way = evendraw::class_probabilities(counts, evendraw::power_weights(counts, 0.5));
  evendraw::target_proportion_sampler const root(parts.classes, half_way, {.seed = seed});
  evendraw::inverse_frequency_sampler const inverse(parts.classes, {.seed = seed});
  evendraw::balanced_epoch_sampler const balanced(parts.classes, {.seed = seed});

  auto const from_plain = run_training(plain, parts, one, 0, settings);
  auto const from_root = run_training(root, parts, one, 0, settings);
  auto const from_inverse = run_training(inverse, parts, one, 0, settings);
  auto const from_balanced = run_training(balanced, parts, one, 0, settings);
  auto const from_weighted = run_training(plain, parts, evendraw::balanced_weights(counts), 0, settings);
  auto const from_augmented = run_training(inverse, parts, one, jitter, settings);
  auto const to_equal = evendraw::logit_offsets(equal_shares(parts.classes), counts);
  auto const to_data = evendraw::logit_offsets(counts, balanced.class_shares());

  return {{"plain shuffling", evaluate(from_plain, none, parts, rare)},
          {"square root", evaluate(from_root, none, parts, rare)},
          {"inverse frequency", evaluate(from_inverse, none, parts, rare)},
          {"balanced epoch", evaluate(from_balanced, none, parts, rare)},
          {"class weights", evaluate(from_weighted, none, parts, rare)},
          {"augmented", evaluate(from_augmented, none, parts, rare)},
          {"plain, adjusted", evaluate(from_plain, to_equal, parts, rare)},
          {"balanced, corrected", evaluate(from_balanced, to_data, parts, rare)}};
}

}  // namespace

std::vector<method_outcomes> compare(data_set const& data, options const& settings) {
  label_index const classes(data.labels);
  std::size_t const rare = smallest_class(classes);
  std::vector<method_outcomes> result;
  for (std::uint64_t seed = 1; seed <= settings.seeds; ++seed) {
    auto outcomes = run(experiment(data, classes, seed), rare, seed, settings);
    result.resize(outcomes.size());
    for (std::size_t m = 0; m < outcomes.size(); ++m) {
      result[m].name = outcomes[m].first;
      result[m].outcomes.push_back(std::move(outcomes[m].second));
    }
  }
  return result;
}

std::size_t smallest_class(label_index const& classes) {
  return static_cast<std::size_t>(std::ranges::min_element(classes.counts()) - classes.counts().begin());
}

}  // namespace train
