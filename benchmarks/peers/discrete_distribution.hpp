// Weighted draws by a discrete_distribution with the interface of the standard library.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "../contestant.hpp"
#include "../data.hpp"

namespace benchmark {

/// The table is a param_type, built once. Every part of an epoch makes its own engine and distribution, so that threads
/// can share the table.
template <class Distribution, class Engine>
contestant discrete_distribution(std::string name, weights const& data) {
  using table = typename Distribution::param_type;
  return {.name = std::move(name), .build = [data]() -> drawer {
            return [built = std::make_shared<table const>(data->begin(), data->end())](part p) {
              Engine engine(p.seed());
              Distribution pick;
              return draw_in_blocks(p.draws, [&](std::uint64_t, std::span<std::uint32_t> block) {
                for (auto& index : block) index = pick(engine, *built);
              });
            };
          }};
}

}  // namespace benchmark
