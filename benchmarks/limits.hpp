// How fast could it be? Raw loops that make the same random words and touch the same memory as the samplers: places
// first, in blocks of 256, then the reads.
#pragma once

#include <cstdint>
#include <string>

#include "contestant.hpp"
#include "data.hpp"

namespace benchmark {

inline std::string const limit_name = "limit";

/// A class, one of its members by one word (equal classes) or by two, 4 bytes at a random place of its members.
contestant class_limit(labels const& data, int words);

/// One word, 8 bytes at a random place of n slots.
contestant slot_limit(std::uint64_t samples);

/// One word.
contestant word_limit();

}  // namespace benchmark
