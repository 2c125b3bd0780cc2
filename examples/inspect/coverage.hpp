// How many epochs it takes until every sample was seen.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "classes.hpp"
#include "options.hpp"

namespace inspect {

/// Where the numbers come from.
enum class basis {
  certain,    ///< it is the same in every run
  exact,      ///< the law of draws with replacement
  simulated,  ///< training runs that differ in the seed
  unknown     ///< simulation was given up: it would take too long
};

/// The chance that every sample was seen after so many epochs.
struct chance {
  std::uint64_t epochs;
  double probability;
};

struct coverage {
  basis from = basis::unknown;
  std::uint64_t drawable = 0;        ///< samples that can be drawn: others are not waited for
  std::uint64_t median = 0;          ///< epochs that half of all runs need, or fewer
  std::uint64_t low = 0, high = 0;   ///< 9 runs in 10 need so many epochs; of few runs: the fewest and the most
  double mean = 0;                   ///< epochs
  std::uint64_t runs = 0;            ///< simulated ones
  std::uint64_t given_up = 0;        ///< epochs after which simulation was
  std::vector<chance> chances = {};  ///< epochs ascending; none if certain or unknown

  bool is_one_number() const { return from == basis::certain || from == basis::unknown || chances.size() < 2; }
};

/// "23 to 31", "60", "more than 12"
std::string describe_range(coverage const& of);

/// "certain", "exact", "23 simulated runs", "not all were seen in 12 simulated epochs"
std::string describe_basis(coverage const& of);

/// Of plain shuffling: one epoch.
coverage coverage_of_shuffling(label_index const& classes);

/// Of the sampler that is set. Throws what choose_sampler does.
coverage find_coverage(label_index const& classes, options const& of);

}  // namespace inspect
