// Hard-example mining: samples that the model still gets wrong are drawn more often.
#include <evendraw/samplers/dynamic_weights.hpp>
#include <fmt/format.h>

#include <cstdint>
#include <vector>

int main() {
  // Of 1000 samples, the last 100 are hard. Each time a sample is seen, its loss falls by 50 %, or by 10 % if it is
  // hard.
  std::vector<double> loss(1000, 1.0);
  evendraw::dynamic_weights table(loss, {.seed = 1});

  std::vector<std::uint32_t> batch(100);
  for (int step = 0; step <= 200; ++step) {
    if (step % 50 == 0) {
      double hard = 0;
      for (std::uint64_t i = 900; i < 1000; ++i) hard += table.probability(i);
      fmt::print("step {:3}: the hard tenth is {:4.1f} % of the draws\n", step, 100 * hard);
    }
    table.draw(batch);
    std::vector<double> losses;
    losses.reserve(batch.size());
    for (auto i : batch) losses.push_back(loss[i] *= i < 900 ? 0.5 : 0.9);  // train(batch)
    table.set(batch, losses);
  }

  auto saved = table.save();  // to continue, you also need table.weights() and table.options()
  evendraw::dynamic_weights resumed(table.weights(), table.options(), saved);
  fmt::print("next: {}, resumed: {}\n", table.draw(), resumed.draw());
}
