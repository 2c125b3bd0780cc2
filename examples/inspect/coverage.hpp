// The number of epochs until every sample has been seen.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "classes.hpp"
#include "options.hpp"

namespace inspect {

/// How the numbers are known.
enum class basis {
  certain,    ///< they are the same in every run
  exact,      ///< from the law of draws with replacement
  simulated,  ///< from training runs that differ in the seed
  unknown     ///< simulation was given up, because it would take too long
};

/// The chance that every sample has been seen after a number of epochs.
struct chance {
  std::uint64_t epochs;
  double probability;
};

struct coverage {
  basis known_from = basis::unknown;
  std::uint64_t drawable = 0;        ///< samples that can be drawn; no others are waited for
  std::uint64_t median = 0;          ///< half of all runs need at most this many epochs
  std::uint64_t low = 0, high = 0;   ///< 9 runs in 10 need low to high epochs; for few runs: the fewest and the most
  double mean = 0;                   ///< the mean number of epochs
  std::uint64_t runs = 0;            ///< the number of simulated runs
  std::uint64_t given_up = 0;        ///< the number of epochs after which simulation was given up
  std::vector<chance> chances = {};  ///< by epoch, ascending; empty if certain or unknown

  bool is_one_number() const {
    return known_from == basis::certain || known_from == basis::unknown || chances.size() < 2;
  }
};

/// The number of epochs in words: "23 to 31", "60", "more than 12".
std::string describe_range(coverage const& subject);

/// How the numbers are known, in words: "23 simulated runs", "not all were seen in 12 simulated epochs".
std::string describe_basis(coverage const& subject);

/// The coverage of plain shuffling: one epoch.
coverage coverage_of_shuffling(label_index const& classes);

/// The coverage of the sampler in the options. Throws what choose_sampler() throws.
coverage find_coverage(label_index const& classes, options const& settings);

}  // namespace inspect
