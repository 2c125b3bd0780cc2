// A pipeline of threads that may be killed at any moment and then continues. Model and position are in one file.
//
//   killed_pipeline FILE [STEPS]    trains 6 epochs, continuing from FILE if it exists; kills itself after STEPS steps
#include <evendraw/evendraw.hpp>
#include <fmt/format.h>

#include <array>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "shared/atomic_file.hpp"
#include "shared/ordered_queue.hpp"

struct sample {
  double x, y, label;
};

double between_0_and_1(std::uint64_t word) { return static_cast<double>(word >> 11) * 0x1p-53; }

/// A line that separates two classes: logistic regression.
struct model {
  std::array<double, 3> weights{};

  void learn(std::vector<sample> const& batch) {
    for (auto const& [x, y, label] : batch) {
      double const score = weights[0] + weights[1] * x + weights[2] * y;
      double const step = 0.05 * (label - 1 / (1 + std::exp(-score)));
      weights = {weights[0] + step, weights[1] + step * x, weights[2] + step * y};
    }
  }
};

/// Everything that a run needs to continue.
struct state {
  evendraw::checkpoint stands;
  model trained;

  void save(std::string const& file) const {  // in one step: the file never has a new model with an old position
    auto const [a, b, c] = trained.weights;
    shared::write_atomically(file, fmt::format("{}\n{:a} {:a} {:a}\n", stands.to_string(), a, b, c));
  }
  void load(std::string const& file) {
    std::ifstream lines(file);
    std::string place, weight;
    std::getline(lines, place);
    stands = evendraw::checkpoint::from_string(place);
    for (double& each : trained.weights) {
      lines >> weight;
      each = std::strtod(weight.c_str(), nullptr);
    }
  }
};

/// The samples of a batch, each moved a little by the word of its draw. A real pipeline would read and augment files
/// here.
template <class Epoch>
std::vector<sample> load_batch(Epoch const& epoch, std::uint64_t b, std::span<std::uint32_t> buffer) {
  std::vector<sample> result;
  for (auto const index : epoch.read(b, buffer)) {
    double const noise = between_0_and_1(epoch.word(b, result.size())) - 0.5, label = index % 20 == 0 ? 1 : 0;
    result.push_back(
        {.x = label + noise, .y = between_0_and_1(evendraw::random_word(1, index)) - label, .label = label});
  }
  return result;
}

int main(int count, char** arguments) try {
  if (count < 2) throw std::invalid_argument("arguments: FILE [STEPS]");
  std::string const file = arguments[1];
  long steps_left = count > 2 ? std::atol(arguments[2]) : -1;
  std::vector<int> labels;
  for (int i = 0; i < 4'000; ++i) labels.push_back(i % 20 == 0);
  evendraw::batch_sampler const batches(evendraw::inverse_frequency_sampler(labels, {.seed = 1}), 64);

  state run{.stands = evendraw::checkpoint_of(batches, 0, 0), .trained = {}};
  if (std::filesystem::exists(file)) run.load(file);
  (evendraw::check)(batches, run.stands);  // throws if it is the file of another run

  std::uint64_t &epoch_number = run.stands.epoch, &position = run.stands.position;
  for (; epoch_number < 6; ++epoch_number, position = 0) {
    auto const epoch = batches.epoch(epoch_number);
    shared::ordered_queue<std::vector<sample>> queue(8, position);
    std::atomic<std::uint64_t> next = position;
    std::vector<std::thread> loaders;
    for (int t = 0; t < 3; ++t) {
      loaders.emplace_back([&] {
        std::vector<std::uint32_t> buffer(epoch.buffer_size());
        for (std::uint64_t b = next++; b < epoch.size(); b = next++) queue.put(b, load_batch(epoch, b, buffer));
      });
    }
    while (position < epoch.size()) {
      if (steps_left-- == 0) std::_Exit(9);  // the loaders are several batches ahead; these are lost
      run.trained.learn(queue.take());
      ++position;
      if (position % 10 == 0) run.save(file);  // counts the batches that were used, not those that were loaded
    }
    for (auto& loader : loaders) loader.join();
  }
  run.save(file);
  auto const [a, b, c] = run.trained.weights;
  fmt::print("after {} epochs: {:a} {:a} {:a}\n", epoch_number, a, b, c);
} catch (std::exception const& error) {
  fmt::print(stderr, "killed_pipeline: {}\n", error.what());
  return 2;
}
