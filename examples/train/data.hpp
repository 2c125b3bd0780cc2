// Samples: their features and labels.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "options.hpp"

namespace train {

struct data_set {
  std::vector<std::string> labels;  ///< one per sample
  std::size_t num_features = 0;
  std::vector<double> features;  ///< sample after sample

  std::span<double const> features_of(std::size_t sample) const {
    return std::span(features).subspan(sample * num_features, num_features);
  }
};

/// The CSV file of the options, or made-up data without one. Throws user_error.
data_set read_data(options const& settings);

/// Some of the samples.
data_set part(data_set const& subject, std::span<std::uint32_t const> samples);

/// Shifts and scales every feature so that it has mean 0 and variance 1 in the training part.
void standardise(data_set& training, data_set& test);

/// A nearly normal number from random bits, with mean 0 and variance 1. It is the same on every platform.
double noise(std::uint64_t word);

}  // namespace train
