// How fast could a sampler be? Raw loops that make the same random words and read the same memory as the samplers. A
// block of 256 first computes its places, then reads them.
#pragma once

#include <cstdint>
#include <string>

#include "contestant.hpp"
#include "data.hpp"

namespace benchmark {

inline std::string const limit_name = "limit";

/// A class and one of its members, by one word (equal classes) or two. Reads 4 bytes at a random place of the members.
contestant class_limit(labels const& data, int words);

/// One word. Reads 8 bytes at a random place of n slots.
contestant slot_limit(std::uint64_t samples);

/// One word.
contestant word_limit();

}  // namespace benchmark
