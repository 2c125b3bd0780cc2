// Images with several labels. Those with rare labels are repeated, by the square root rule of LVIS.
#include <evendraw/evendraw.hpp>
#include <evendraw/samplers/repeat_factor_sampler.hpp>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

int main() {
  std::vector<std::set<std::string>> labels(1000, {"person"});
  for (std::size_t i = 0; i < 20; ++i) labels[i].insert("kite");
  labels[7].insert("unicycle");

  // Labels in less than 5 % of the images are repeated: kite sqrt(0.05 / 0.02) times, unicycle sqrt(0.05 / 0.001)
  // times.
  evendraw::repeat_factor_sampler sampler(labels, {.threshold = 0.05, .seed = 1});

  auto factors = evendraw::repeat_factors(labels, 0.05);
  fmt::print("factors: person {:.3f}, kite {:.3f}, unicycle {:.3f}\n", factors[999], factors[0], factors[7]);
  for (std::uint64_t e = 0; e < 4; ++e) {
    auto epoch = sampler.epoch(e);
    std::vector<int> times(labels.size());
    for (auto index : epoch) ++times[index];
    fmt::print("epoch {}: {} draws, the images with kites {}\n", e, epoch.size(),
               fmt::join(times.begin(), times.begin() + 20, " "));
  }
}
