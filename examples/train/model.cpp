#include "model.hpp"

#include <algorithm>
#include <cmath>

namespace train {

bool softmax_regression::is_finite() const {
  return std::ranges::all_of(weights_, [](double weight) { return std::isfinite(weight); });
}

std::vector<double> softmax_regression::logits(std::span<double const> features) const {
  std::vector<double> result(num_classes_);
  auto weight = weights_.begin();
  for (double& logit : result) {
    for (double const feature : features) logit += *weight++ * feature;
    logit += *weight++;
  }
  return result;
}

void softmax_regression::step(batch const& samples, std::span<double const> class_weights, double learning_rate) {
  std::vector<double> gradient(weights_.size());
  for (std::size_t i = 0; i < samples.classes.size(); ++i) {
    auto const features = samples.features.subspan(i * num_features_, num_features_);
    std::size_t const truth = samples.classes[i];
    auto errors = logits(features);
    softmax(errors);
    errors[truth] -= 1;
    auto slope = gradient.begin();
    for (double const error : errors) {
      double const weighed = class_weights[truth] * error;
      for (double const feature : features) *slope++ += weighed * feature;
      *slope++ += weighed;
    }
  }
  double const rate = learning_rate / static_cast<double>(samples.classes.size());
  for (std::size_t w = 0; w < weights_.size(); ++w) weights_[w] -= rate * gradient[w];
}

void softmax(std::span<double> logits) {
  double const largest = *std::ranges::max_element(logits);
  double sum = 0;
  for (double& value : logits) sum += value = std::exp(value - largest);
  for (double& value : logits) value /= sum;
}

}  // namespace train
