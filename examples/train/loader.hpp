// Prepares the data of draws in several threads. The result depends on the draws only, not on the threads.
#pragma once

#include <evendraw/epochs/draws.hpp>
#include <evendraw/random/counter_random.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <thread>
#include <vector>

#include "data.hpp"
#include "model.hpp"

namespace train {

/// Data to train on: the features, and the class number of every sample.
struct training_data {
  data_set samples;
  std::vector<std::uint32_t> classes;
};

/// The samples that a sampler draws, epoch after epoch, each with its own jitter if requested.
template <evendraw::sampler Sampler>
class loader {
 public:
  loader(Sampler sampler, training_data const& data, double jitter, unsigned threads)
      : sampler_(std::move(sampler)), data_(data), jitter_(jitter), threads_(threads) {}

  /// Prepares `count` draws, from draw number `first` of the run on. The result is valid until the next call.
  batch load(std::uint64_t first, std::size_t count) {
    features_.resize(count * num_features());
    classes_.resize(count);
    auto const share = [&](unsigned thread) { return count * thread / threads_; };
    {
      std::vector<std::jthread> others;
      for (unsigned t = 1; t < threads_; ++t) others.emplace_back([=, this] { fill(first, share(t), share(t + 1)); });
      fill(first, 0, share(1));
    }
    return {features_, classes_};
  }

 private:
  std::size_t num_features() const { return data_.samples.num_features; }

  /// The draws with numbers from first + begin to first + end.
  void fill(std::uint64_t first, std::size_t begin, std::size_t end) {
    std::vector<typename Sampler::index_type> indices;
    while (begin < end) {
      auto const draws = sampler_.epoch((first + begin) / sampler_.epoch_size());
      std::uint64_t const position = (first + begin) % draws.size();
      indices.resize(static_cast<std::size_t>(std::min<std::uint64_t>(end - begin, draws.size() - position)));
      draws.read(position, indices);
      for (std::size_t i = 0; i < indices.size(); ++i, ++begin) prepare(begin, indices[i], draws.word(position + i));
    }
  }

  void prepare(std::size_t place, std::size_t sample, std::uint64_t word) {
    classes_[place] = data_.classes[sample];
    auto const features = data_.samples.features_of(sample);
    for (std::size_t f = 0; f < features.size(); ++f) {
      double const shift = jitter_ > 0 ? jitter_ * noise(evendraw::random_word(word, f)) : 0;
      features_[place * num_features() + f] = features[f] + shift;
    }
  }

  Sampler sampler_;
  training_data const& data_;
  double jitter_;
  unsigned threads_;
  std::vector<double> features_;
  std::vector<std::uint32_t> classes_;
};

}  // namespace train
