// Checks that all ranks draw the same epoch.
#pragma once

#include <algorithm>
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

/// How a plan differs from the expected one: "seed 43, not 42".
inline std::string difference(planned_epoch const& plan, planned_epoch const& expected) {
  std::string result;
  auto const compare = [&result](std::string_view name, std::uint64_t value, std::uint64_t other) {
    if (value != other) result += joined(result.empty() ? "" : ", ", name, text(value), ", not ", text(other));
  };
  compare("epoch ", plan.epoch, expected.epoch);
  compare("seed ", plan.seed, expected.seed);
  compare("num_samples ", plan.num_samples, expected.num_samples);
  compare("epoch_size ", plan.epoch_size, expected.epoch_size);
  return result.empty() ? "other labels or options" : result;
}

/// Throws std::invalid_argument, and names the ranks that do not plan what most ranks plan. Needs two that differ.
[[noreturn]] inline void disagree(std::string_view context, std::span<planned_epoch const> plans) {
  std::size_t most = 0, most_agree = 0;  // the first rank of the largest group, and its size
  for (std::size_t rank = 0; rank < plans.size(); ++rank) {
    std::size_t agree = 0;
    for (planned_epoch const& plan : plans) agree += static_cast<std::size_t>(plan == plans[rank]);
    if (agree > most_agree) most = rank;
    most_agree = std::max(most_agree, agree);
  }
  std::string named;
  std::size_t others = 0;
  for (std::size_t rank = 0; rank < plans.size(); ++rank) {
    if (plans[rank] == plans[most] || ++others > 8) continue;
    named += joined(others == 1 ? "" : ", ", "rank ", text(rank), " (", difference(plans[rank], plans[most]), ")");
  }
  invalid(context, text(others), " of ", text(plans.size()), " ranks would not draw what rank ", text(most),
          " draws: ", named, others > 8 ? ", ..." : "", "; give every rank the same labels, options, seed and epoch");
}

}  // namespace detail

/// 64 bits that are the same on all ranks that draw the same epoch: with the same sampler, labels, options, seed and
/// epoch. Use them in checks of your own; with MPI, use agree().
///
///   sampler  a sampler of draws or of batches
///   epoch    the number of the epoch
///
/// Cost       that of sampler.fingerprint(): O(n) if the sampler holds a list of samples, otherwise O(K)
/// Stable     other epochs have the same bits with probability 2^-64 only; the digest is a guard against mistakes, not
///            cryptographic
template <described_sampler Sampler>
[[nodiscard]] std::uint64_t epoch_digest(Sampler const& sampler, std::uint64_t epoch) noexcept {
  return detail::digest(detail::plan_of(sampler, epoch));
}

}  // namespace evendraw
