// The ways to train that are compared.
#pragma once

#include <evendraw/inspect/confusion_matrix.hpp>

#include <cstdint>
#include <string>
#include <vector>

#include "data.hpp"
#include "options.hpp"

namespace train {

/// How good a model is on the test part of one seed.
struct outcome {
  evendraw::confusion_matrix<std::string> predictions;
  double log_loss;          ///< the mean of -log of the probability that the model gives to the true class
  double rare_probability;  ///< the mean probability that the model gives to the smallest class
};

/// A method and its outcomes, one for each seed.
struct method_outcomes {
  std::string name;
  std::vector<outcome> outcomes;
};

/// Splits, trains and tests with every method and seed.
std::vector<method_outcomes> compare(data_set const& data, options const& settings);

/// The number of the smallest class.
std::size_t smallest_class(evendraw::class_index<std::string> const& classes);

}  // namespace train
