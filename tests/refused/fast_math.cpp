// with: -ffast-math
// Code that needs repeatable arithmetic does not compile with -ffast-math. Everything else in the umbrella does.
#include <evendraw/evendraw.hpp>

#include <cstdint>
#include <vector>

using namespace evendraw;

int main() {
  std::vector<double> const weights{1, 2};
  weighted_without_replacement_sampler a(weights);                 // refused: keys
  weighted_without_replacement_sampler<std::uint64_t> b(weights);  // refused: keys
  return static_cast<int>(exponential_key(1, 2, 3, 4.0));          // refused: one_key
}
