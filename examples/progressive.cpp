// Class shares that go from those of the data to equal ones over the run.
#include <evendraw/evendraw.hpp>
#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <vector>

int main() {
  std::vector<std::string> labels(900, "dry");
  labels.insert(labels.end(), 100, "ice");
  evendraw::class_index const classes(labels);

  evendraw::scheduled_proportion_sampler mixed(classes, evendraw::progressive_schedule(10), {.seed = 1});
  evendraw::scheduled_proportion_sampler powers(classes, evendraw::power_schedule(1, 0, 10), {.seed = 1});
  auto const ice = classes.class_of("ice");

  fmt::print("Share of ice   mixed: asked, drawn   power n^q: asked, drawn\n");
  for (std::uint64_t const epoch : {0u, 3u, 5u, 10u}) {
    auto drawn = [&](auto const& sampler) {
      int count = 0;
      for (auto index : sampler.epoch(epoch)) count += labels[index] == "ice";
      return count / 1000.0;
    };
    fmt::print("epoch {:<10}        {:.3f}  {:.3f}            {:.3f}  {:.3f}\n", epoch, mixed.class_shares(epoch)[ice],
               drawn(mixed), powers.class_shares(epoch)[ice], drawn(powers));
  }
}
