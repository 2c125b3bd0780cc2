// Boost.Random.
#include <boost/random/discrete_distribution.hpp>

#include <memory>

#include "peers.hpp"

namespace benchmark {

contestant boost_weighted(weights const& data) {
  using distribution = boost::random::discrete_distribution<std::uint32_t>;
  return {.name = "boost", .build = [data]() -> drawer {
            return [pick = std::make_shared<distribution const>(data->begin(), data->end())](part p) {
              xoshiro256pp engine(p.seed());
              return draw_in_blocks(p.draws, [&](std::uint64_t, std::span<std::uint32_t> block) {
                for (auto& index : block) index = (*pick)(engine);
              });
            };
          }};
}

}  // namespace benchmark
