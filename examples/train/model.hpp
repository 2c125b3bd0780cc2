// Softmax regression, trained by stochastic gradient descent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace train {

/// Prepared samples, one after the other.
struct batch {
  std::span<double const> features;
  std::span<std::uint32_t const> classes;
};

class softmax_regression {
 public:
  softmax_regression(std::size_t num_features, std::size_t num_classes)
      : num_features_(num_features), num_classes_(num_classes), weights_(num_classes * (num_features + 1)) {}

  std::size_t num_classes() const { return num_classes_; }

  /// Whether all weights are finite. They are not after steps that were too large.
  bool is_finite() const;

  /// Everything that the model has learned, to save and to restore it.
  std::span<double> weights() { return weights_; }

  /// One logit for each class.
  std::vector<double> logits(std::span<double const> features) const;

  /// Makes one step down the gradient of the mean cross-entropy, with samples weighted by class.
  void step(batch const& samples, std::span<double const> class_weights, double learning_rate);

 private:
  std::size_t num_features_, num_classes_;
  std::vector<double> weights_;  // of class after class: one per feature, then the intercept
};

/// Turns logits into probabilities.
void softmax(std::span<double> logits);

}  // namespace train
