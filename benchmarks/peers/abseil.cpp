// Abseil.
#include <absl/random/discrete_distribution.h>

#include "discrete_distribution.hpp"
#include "peers.hpp"

namespace benchmark {

contestant abseil_weighted(weights const& data) {
  return discrete_distribution<absl::discrete_distribution<std::uint32_t>, xoshiro256pp>("absl", data);
}

}  // namespace benchmark
