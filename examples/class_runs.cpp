// Ten billion samples, stored class by class. There is no list of labels, and no list of samples.
#include <evendraw/evendraw.hpp>
#include <fmt/ranges.h>

#include <cstdint>
#include <string>

int main() {
  auto classes = evendraw::class_index<std::string, std::uint64_t>::from_runs(
      {{"dry", 9'000'000'000}, {"wet", 990'000'000}, {"ice", 10'000'000}});
  fmt::print("{} samples in the classes {}: {}\n", classes.num_samples(), classes.labels(), classes.counts());

  evendraw::inverse_frequency_sampler every_class(classes, {.seed = 1});
  fmt::print("inverse frequency {}\n", every_class.epoch(0).take(6));

  evendraw::balanced_epoch_sampler without_replacement(classes, {.per_class = 1'000'000, .seed = 1});
  fmt::print("balanced epoch    {}\n", without_replacement.epoch(0).take(6));

  auto counted = evendraw::class_index<int>::from_counts({900, 100});  // the labels are 0, 1, ...
  fmt::print("class 1 has the samples {} to {}\n", counted.members(1).front(), counted.members(1).back());
}
