// Loader threads take batch numbers from one counter. The training loop gets the batches in order, whichever thread
// loads them.
#include <evendraw/evendraw.hpp>
#include <fmt/format.h>

#include <atomic>
#include <cstdint>
#include <span>
#include <thread>
#include <vector>

#include "shared/ordered_queue.hpp"

struct loaded_batch {
  std::vector<int> features;
  std::vector<int> labels;
};

/// Reads the samples of a batch and changes each a little, by the word that belongs to the draw and not to a thread.
/// (If loading may fail, pass the exception to the queue. An exception that leaves a thread ends the program.)
template <class Batches>
loaded_batch load(Batches const& epoch, std::uint64_t b, std::span<std::uint32_t> buffer,
                  std::vector<int> const& labels) {
  loaded_batch result;
  auto batch = epoch.read(b, buffer);  // const and without allocation, so any number of threads may do it
  for (std::size_t i = 0; i < batch.size(); ++i) {
    int noise = static_cast<int>(epoch.word(b, i) % 7) - 3;
    result.features.push_back(static_cast<int>(batch[i]) * 10 + noise);  // in place of an image
    result.labels.push_back(labels[batch[i]]);
  }
  return result;
}

int main() {
  std::vector<int> labels(9'500, 0);
  labels.insert(labels.end(), 500, 1);
  evendraw::batch_sampler batches(evendraw::inverse_frequency_sampler(labels, {.seed = 1}), 64);

  for (unsigned num_threads : {1u, 2u, 3u, 8u}) {
    std::uint64_t steps = 0, rare = 0, order_and_content = 0;
    for (std::uint64_t e = 0; e < 3; ++e) {
      auto epoch = batches.epoch(e);
      shared::ordered_queue<loaded_batch> queue(2 * std::size_t{num_threads});
      std::atomic<std::uint64_t> next = 0;
      std::vector<std::thread> loaders;
      for (unsigned t = 0; t < num_threads; ++t) {
        loaders.emplace_back([&] {
          std::vector<std::uint32_t> buffer(epoch.buffer_size());
          for (std::uint64_t b = next++; b < epoch.size(); b = next++) queue.put(b, load(epoch, b, buffer, labels));
        });
      }
      for (std::uint64_t b = 0; b < epoch.size(); ++b, ++steps) {
        loaded_batch batch = queue.take();  // train on it
        for (int feature : batch.features) {
          order_and_content = evendraw::mix64(order_and_content + static_cast<std::uint64_t>(feature));
        }
        for (int label : batch.labels) rare += label == 1 ? 1 : 0;
      }
      for (auto& loader : loaders) loader.join();
    }
    fmt::print("{} threads: {} batches, {} of {} draws of the rare class, order and content {:016x}\n", num_threads,
               steps, rare, 3 * labels.size(), order_and_content);
  }
}
