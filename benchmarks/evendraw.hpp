// evendraw as a contestant.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include <evendraw/evendraw.hpp>

#include "contestant.hpp"

namespace benchmark {

inline std::string const evendraw_name = "evendraw";

/// The draws of an epoch, or of its batches.
template <class Epoch>
auto draws_of(Epoch epoch) {
  if constexpr (requires { epoch.draws(); }) {
    return epoch.draws();
  } else {
    return epoch;
  }
}

template <evendraw::detail::epoch_source Sampler>
drawer by_blocks(Sampler sampler) {
  return [sampler = std::move(sampler)](part p) {
    auto const draws = draws_of(sampler.epoch(p.epoch));
    return draw_in_blocks(
        p.draws, [&](std::uint64_t done, std::span<std::uint32_t> block) { draws.read(p.first + done, block); });
  };
}

/// Reads from the beginning of an epoch to the end of the last batch that has some of the draws.
template <evendraw::sampler Sampler>
drawer by_batches(Sampler sampler) {
  return [batches = evendraw::batch_sampler(std::move(sampler), 256)](part p) {
    checksum sum;
    std::uint64_t left = p.draws;
    for (auto const batch : batches.epoch(p.epoch)) {
      sum.add(batch);
      if (batch.size() >= left) break;
      left -= batch.size();
    }
    return sum.value();
  };
}

/// Builds the sampler by make() and reads it in blocks.
template <class Make>
contestant evendraw_contestant(Make make) {
  return {.name = evendraw_name, .build = [make] { return by_blocks(make()); }};
}

}  // namespace benchmark
