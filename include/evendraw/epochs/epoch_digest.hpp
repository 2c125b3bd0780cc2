// Do all ranks draw the same epoch?
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <evendraw/detail/errors.hpp>
#include <evendraw/random/detail/fingerprint.hpp>

namespace evendraw {

/// A sampler of draws or of batches.
template <class S>
concept described_sampler = requires(S const& s) {
  { s.fingerprint() } -> std::same_as<std::uint64_t>;
  { s.seed() } -> std::same_as<std::uint64_t>;
  { s.num_samples() } -> std::same_as<std::uint64_t>;
  { s.epoch_size() } -> std::same_as<std::uint64_t>;
};

namespace detail {

/// What a rank is about to draw.
struct planned_epoch {
  std::uint64_t epoch;
  std::uint64_t seed;
  std::uint64_t num_samples;
  std::uint64_t epoch_size;
  std::uint64_t fingerprint;

  friend bool operator==(planned_epoch const&, planned_epoch const&) = default;
};

template <described_sampler Sampler>
planned_epoch plan_of(Sampler const& sampler, std::uint64_t epoch) noexcept {
  return {epoch, sampler.seed(), sampler.num_samples(), sampler.epoch_size(), sampler.fingerprint()};
}

inline std::uint64_t digest(planned_epoch const& plan) noexcept {
  return fingerprint_builder("epoch_digest").add(plan.epoch).add(plan.fingerprint).value();
}

/// In what a plan differs: "seed 43, not 42".
inline std::string difference(planned_epoch const& plan, planned_epoch const& from) {
  struct field {
    std::string_view name;
    std::uint64_t planned_epoch::*value;
  };
  static constexpr std::array<field, 4> fields{{{"epoch ", &planned_epoch::epoch},
                                                {"seed ", &planned_epoch::seed},
                                                {"num_samples ", &planned_epoch::num_samples},
                                                {"epoch_size ", &planned_epoch::epoch_size}}};
  std::string result;
  for (auto const& [name, value] : fields) {
    if (plan.*value == from.*value) continue;
    result += joined(result.empty() ? "" : ", ", name, text(plan.*value), ", not ", text(from.*value));
  }
  return result.empty() ? "other labels or options" : result;
}

/// Throws std::invalid_argument that names the ranks which differ from what most ranks plan. Needs two that differ.
[[noreturn]] inline void disagree(std::string_view who, std::span<planned_epoch const> of_ranks) {
  auto const same = [&](planned_epoch const& plan) { return std::ranges::count(of_ranks, plan); };
  auto const most = std::ranges::max_element(of_ranks, {}, same);  // the first of them
  std::string named;
  std::size_t others = 0;
  for (std::size_t rank = 0; rank < of_ranks.size(); ++rank) {
    if (of_ranks[rank] == *most || ++others > 8) continue;
    named += joined(others == 1 ? "" : ", ", "rank ", text(rank), " (", difference(of_ranks[rank], *most), ")");
  }
  invalid(who, text(others), " of ", text(of_ranks.size()), " ranks would not draw what rank ",
          text(most - of_ranks.begin()), " draws: ", named, others > 8 ? ", ..." : "",
          "; give every rank the same labels, options, seed and epoch");
}

}  // namespace detail

/// 64 bits that are the same on ranks which draw the same epoch: the same sampler of the same labels and options, the
/// same seed, the same epoch. For checks of one's own; with MPI: agree().
///
/// Cost       that of sampler.fingerprint(): O(n) where the sampler holds a list of samples, otherwise O(K)
/// Stable     differs for other epochs but with probability 2^-64; not cryptographic, a guard against mistakes
template <described_sampler Sampler>
[[nodiscard]] std::uint64_t epoch_digest(Sampler const& sampler, std::uint64_t epoch) noexcept {
  return detail::digest(detail::plan_of(sampler, epoch));
}

}  // namespace evendraw
