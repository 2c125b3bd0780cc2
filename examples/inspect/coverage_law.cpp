#include "coverage_law.hpp"

#include <evendraw/inspect/coverage.hpp>

#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>

namespace inspect {
namespace {

constexpr std::uint64_t most_chances = 60;

/// Joins classes of the same size and share, because all their samples are drawn with the same probability.
struct merged_classes {
  std::vector<std::uint64_t> counts;
  std::vector<double> shares;

  merged_classes(std::span<std::uint64_t const> all_counts, std::vector<double> const& all_shares) {
    std::map<std::pair<std::uint64_t, double>, std::uint64_t> alike;
    for (std::size_t c = 0; c < all_counts.size(); ++c) ++alike[{all_counts[c], all_shares[c]}];
    for (auto const& [kind, classes] : alike) {
      counts.push_back(kind.first * classes);
      shares.push_back(kind.second * static_cast<double>(classes));
    }
  }
};

std::vector<chance> chances_of(evendraw::coverage_time const& law) {
  std::uint64_t const last = law.quantile(0.999), first = std::min(law.quantile(0.001), last);
  std::uint64_t const step = (last - first) / most_chances + 1;
  std::vector<chance> result;
  for (std::uint64_t epochs = first; epochs < last + step; epochs += step) {
    result.push_back({epochs, law.probability(epochs)});
  }
  return result;
}

}  // namespace

coverage coverage_by_law(std::span<std::uint64_t const> counts, std::vector<double> const& shares,
                         std::uint64_t epoch_size) {
  merged_classes const merged(counts, shares);
  evendraw::coverage_time const law(merged.counts, merged.shares, epoch_size);
  return {.known_from = basis::exact,
          .median = law.quantile(0.5),
          .low = law.quantile(0.05),
          .high = law.quantile(0.95),
          .mean = law.mean(),
          .chances = chances_of(law)};
}

}  // namespace inspect
