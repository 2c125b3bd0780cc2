// What the pictures of the first batches have in common.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "inspect/sampling.hpp"

namespace inspect {

using counts_by_class = std::vector<std::uint64_t>;

/// The batches of an outcome that are drawn.
inline std::span<counts_by_class const> pictured(outcome const& subject) {
  std::span const kept(subject.balance.first_batches());
  return kept.first(std::min(kept.size(), static_cast<std::size_t>(pictured_batches)));
}

/// "12 batches of 64 draws"
inline std::string describe_batches(outcome const& subject) {
  return fmt::format("{} of {}", counted(pictured(subject).size(), "batch", "batches"),
                     counted(subject.balance.batch_size(), "draw", "draws"));
}

/// Draws of a class in those batches.
inline std::uint64_t draws_in(std::span<counts_by_class const> batches, std::size_t c) {
  std::uint64_t sum = 0;
  for (auto const& batch : batches) sum += batch[c];
  return sum;
}

/// "first_batches-plain_shuffling"
std::string file_name(std::string const& picture, std::string name);

}  // namespace inspect
