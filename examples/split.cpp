// Training, validation and test parts with every class in proportion, and a sampler that draws from one of them.
#include <evendraw/evendraw.hpp>
#include <fmt/ranges.h>

#include <string>
#include <vector>

int main() {
  std::vector<std::string> labels(905, "dry");
  labels.insert(labels.end(), 87, "ice");
  labels.insert(labels.end(), 8, "mud");

  evendraw::class_index classes(labels);
  auto parts = evendraw::stratified_split(classes, {0.8, 0.1, 0.1}, {.seed = 42, .at_least = {1, 0, 0}});
  fmt::print("            {}\n", classes.labels());
  fmt::print("all         {}\n", classes.counts());
  std::vector<std::string> const names{"train", "validation", "test"};
  for (std::size_t p = 0; p < parts.size(); ++p) {
    evendraw::class_index part(labels, parts[p], {.classes = classes.labels(), .allow_empty = true});
    fmt::print("{:<12}{}, {} samples: {}, ...\n", names[p], part.counts(), part.num_samples(),
               fmt::join(parts[p].begin(), parts[p].begin() + 5, ", "));
  }

  evendraw::inverse_frequency_sampler train(evendraw::class_index(labels, parts[0]), {.seed = 1});
  fmt::print("draws from the training part, with balanced classes: {}\n", train.epoch(0).take(6));
}
