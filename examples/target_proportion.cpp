// Draws with class shares of your choice.
#include <evendraw/evendraw.hpp>
#include <fmt/format.h>

#include <map>
#include <string>
#include <vector>

int main() {
  std::vector<std::string> labels(800, "dry");
  labels.insert(labels.end(), 150, "wet");
  labels.insert(labels.end(), 50, "ice");

  evendraw::target_proportion_sampler chosen(labels, {{"dry", 0.5}, {"wet", 0.3}, {"ice", 0.2}},
                                             {.epoch_size = 10'000, .seed = 1});
  // ice gets 20 %; the others divide the remainder in proportion to their counts
  evendraw::target_proportion_sampler more_ice(
      labels, {{"ice", 0.2}}, {.epoch_size = 10'000, .seed = 1, .unnamed = evendraw::unnamed_classes::natural});

  for (auto const& sampler : {chosen, more_ice}) {
    std::map<std::string, int> drawn;
    for (auto index : sampler.epoch(0)) ++drawn[labels[index]];
    fmt::print("dry {:5.1f} %   wet {:5.1f} %   ice {:5.1f} %\n", drawn["dry"] / 100.0, drawn["wet"] / 100.0,
               drawn["ice"] / 100.0);
  }
}
