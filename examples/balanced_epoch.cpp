// Class-balanced epochs without replacement: counts are exact, and every sample comes in some epoch.
#include <evendraw/evendraw.hpp>
#include <fmt/ranges.h>

#include <set>
#include <string>
#include <vector>

int main() {
  std::vector<std::string> labels(700, "dry");
  labels.insert(labels.end(), 200, "wet");
  labels.insert(labels.end(), 30, "ice");
  evendraw::class_index classes(labels);
  fmt::print("classes {}, samples {}\n", classes.labels(), classes.counts());

  evendraw::balanced_epoch_sampler smallest(classes, {.seed = 1});
  fmt::print("as many of each class as of the smallest:   {}\n", smallest.quotas());

  evendraw::balanced_epoch_sampler limited(classes, {.epoch_size = 400, .limits = {{"dry", 170}}, .seed = 1});
  fmt::print("400 draws, at most 170 of class dry:        {}\n", limited.quotas());

  evendraw::balanced_epoch_sampler repeated(
      classes, {.per_class = 200, .max_repeats = 5, .when_short = evendraw::when_short::give_all, .seed = 1});
  fmt::print("200 of each class, no sample more than 5x:  {}\n", repeated.quotas());

  std::set<std::uint32_t> seen;
  for (std::uint64_t epoch = 0; epoch < limited.epochs_to_cover(); ++epoch) {
    for (auto index : limited.epoch(epoch)) seen.insert(index);
    fmt::print("after epoch {}: {} of {} samples seen\n", epoch, seen.size(), labels.size());
  }
}
