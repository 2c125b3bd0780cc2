// The libraries that evendraw is compared with. Each has a file, which is compiled where CMake finds the library.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "../contestant.hpp"
#include "../data.hpp"

namespace benchmark {

/// A class-balanced epoch without replacement: quotas[label] of the samples with that label, in random order.
struct balanced_task {
  labels data;
  std::vector<std::uint64_t> quotas;
};

/// All contestants that were found for a task.
std::vector<contestant> weighted_peers(weights const& data);       // with replacement
std::vector<contestant> weighted_once_peers(weights const& data);  // without replacement
std::vector<contestant> shuffling_peers(std::uint64_t samples);    // every sample once
std::vector<contestant> batching_peers(std::uint64_t samples);     // the same, in batches of 256
std::vector<contestant> balanced_peers(balanced_task const& task);

/// What each column of the report is, one line for each library.
std::vector<std::string> peer_descriptions();

contestant standard_weighted(weights const& data);
contestant standard_weighted_mt(weights const& data);
contestant standard_weighted_once(weights const& data);
contestant standard_shuffle(std::uint64_t samples);
contestant standard_shuffle_mt(std::uint64_t samples);
contestant standard_balanced(balanced_task const& task);

/// A batch of prioritised replay, and the weights that its samples get after the draw.
inline constexpr std::size_t replay_batch = 256;
std::vector<double> new_weights(std::vector<double> const& data, std::span<std::uint32_t const> batch,
                                std::uint64_t done);

/// The sum tree of doubles that replay buffers use.
contestant sum_tree_draws(weights const& data);
contestant sum_tree_updates(weights const& data);

contestant abseil_weighted(weights const& data);

contestant boost_weighted(weights const& data);

contestant gsl_weighted(weights const& data);
contestant gsl_shuffle(std::uint64_t samples);

contestant torch_weighted(weights const& data);
contestant torch_weighted_once(weights const& data);
contestant torch_shuffle(std::uint64_t samples);
contestant torch_batches(std::uint64_t samples);
contestant torch_balanced(balanced_task const& task);

}  // namespace benchmark
