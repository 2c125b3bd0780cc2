// Samplers that lack something: see run.
#include <evendraw/evendraw.hpp>

#include <cstdint>

using namespace evendraw;

/// A sampler without index_bound(). The number makes it another type in each line.
template <int Number>
struct unbounded {
  using index_type = std::uint32_t;
  random_sampler<> inside{10};
  [[nodiscard]] auto epoch(std::uint64_t e) const { return inside.epoch(e); }
  [[nodiscard]] std::uint64_t epoch_size() const { return 10; }
  [[nodiscard]] std::uint64_t num_samples() const { return 10; }
  [[nodiscard]] std::uint64_t seed() const { return 1; }
  [[nodiscard]] std::uint64_t fingerprint() const { return 2; }
};

int main() {
  any_sampler<> a = unbounded<1>{};                                // refused: bound
  concat_sampler b({unbounded<2>{}, random_sampler(3)});           // refused: bound
  mix_sampler c({unbounded<3>{}, random_sampler(3)}, {0.5, 0.5});  // refused: bound
}
