// P x K batches for metric learning: P different classes with K samples each.
#include <evendraw/samplers/pk_batch_sampler.hpp>
#include <fmt/ranges.h>

#include <string>
#include <vector>

int main() {
  std::vector<std::string> labels;
  for (auto [name, count] : {std::pair{"ant", 9}, {"bee", 4}, {"cat", 12}, {"dog", 7}, {"elk", 2}}) {
    labels.insert(labels.end(), static_cast<std::size_t>(count), name);
  }
  evendraw::pk_batch_sampler sampler(labels, {.classes = 2, .samples = 3, .seed = 1});
  fmt::print("{} batches of {}; after {} every sample was seen\n", sampler.epoch_size(), sampler.batch_size(),
             sampler.batches_to_cover());
  for (auto batch : sampler.epoch(0)) {
    fmt::print("{:3} {:2} {:2} {}   {:3} {:2} {:2} {}\n", batch[0], batch[1], batch[2], labels[batch[0]], batch[3],
               batch[4], batch[5], labels[batch[3]]);
  }
}
