// Checks that all ranks draw the same epoch.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/sort_by.hpp>
#include <evendraw/random/detail/fingerprint.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

namespace detail {

/// A sampler of draws or of batches.
template <class S>
concept described_sampler = requires(S const& s) {
  { s.fingerprint() } -> std::same_as<std::uint64_t>;
  { s.seed() } -> std::same_as<std::uint64_t>;
  { s.num_samples() } -> std::same_as<std::uint64_t>;
  { s.epoch_size() } -> std::same_as<std::uint64_t>;
};

/// The epoch that a rank is about to draw.
struct planned_epoch {
  std::uint64_t epoch;
  std::uint64_t seed;
  std::uint64_t num_samples;
  std::uint64_t epoch_size;
  std::uint64_t fingerprint;
  std::uint64_t drawn_from = 0;  // a hash of the shares that a schedule gives this epoch; 0: all epochs have the same

  friend bool operator==(planned_epoch const&, planned_epoch const&) = default;
};

template <described_sampler Sampler>
planned_epoch plan_of(Sampler const& sampler, std::uint64_t epoch) noexcept {
  constexpr std::uint64_t refused = ~std::uint64_t{0};  // epoch(e) throws on this rank, and the others must not wait
  planned_epoch plan{epoch,  sampler.seed(), sampler.num_samples(), sampler.epoch_size(), sampler.fingerprint(),
                     refused};
  try {
    plan.drawn_from = epoch_fingerprint_of(sampler, epoch);
  } catch (...) {  // a schedule may throw anything
  }
  return plan;
}

inline std::uint64_t digest(planned_epoch const& plan) noexcept {
  fingerprint_builder hash("epoch_digest");
  hash.add(plan.epoch).add(plan.fingerprint);
  if (plan.drawn_from != 0) hash.add(plan.drawn_from);
  return hash.value();
}

/// Says how a plan differs from the expected one: "seed 43, not 42".
inline std::string difference(planned_epoch const& plan, planned_epoch const& expected) {
  std::string result;
  auto const compare = [&result](std::string_view name, std::uint64_t value, std::uint64_t other) {
    if (value != other) result += joined(result.empty() ? "" : ", ", name, text(value), ", not ", text(other));
  };
  compare("epoch ", plan.epoch, expected.epoch);
  compare("seed ", plan.seed, expected.seed);
  compare("num_samples ", plan.num_samples, expected.num_samples);
  compare("epoch_size ", plan.epoch_size, expected.epoch_size);
  if (!result.empty()) return result;
  return plan.fingerprint == expected.fingerprint ? "other shares in this epoch"
                                                  : "another kind of sampler, or other labels or options";
}

/// Throws std::invalid_argument, and names the ranks whose plan is not that of most ranks. Needs two plans that differ.
[[noreturn]] inline void disagree(std::string_view context, std::span<planned_epoch const> plans) {
  std::vector<std::size_t> ranks(plans.size());
  std::vector<std::uint64_t> keys(plans.size());
  for (std::size_t rank = 0; rank < plans.size(); ++rank) {
    auto const& [epoch, seed, num_samples, epoch_size, fingerprint, drawn_from] = plans[rank];
    ranks[rank] = rank;
    keys[rank] = fingerprint_builder("plan")
                     .add(epoch)
                     .add(seed)
                     .add(num_samples)
                     .add(epoch_size)
                     .add(fingerprint)
                     .add(drawn_from)
                     .value();
  }
  sort_by(ranks, keys);
  std::size_t most = 0, most_agree = 0;  // the first rank of the largest group, and its size
  for (std::size_t begin = 0, end = 0; begin < ranks.size(); begin = end) {
    while (end < ranks.size() && keys[ranks[end]] == keys[ranks[begin]]) ++end;
    if (end - begin < most_agree || (end - begin == most_agree && ranks[begin] > most)) continue;
    most = ranks[begin];
    most_agree = end - begin;
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

/// 64 bits that are the same on all ranks that draw the same epoch, with the same sampler, labels, options, seed and
/// epoch. Use them in checks of your own. With MPI, use agree().
///
///   sampler  a sampler of draws or of batches
///   epoch    the number of the epoch
///
/// Covers     labels, options, seed, epoch and version; with a schedule, also the shares that this epoch really has,
///            even through any_sampler, batch_sampler, mix_sampler and concat_sampler; for a sampler of your own, what
///            its fingerprint() and, if it has one, its epoch_fingerprint(epoch) cover
/// Cost       that of sampler.fingerprint(): O(n) if the sampler holds a list of samples, otherwise O(K)
/// Stable     two different epochs have the same bits with probability 2^-64; the digest guards against mistakes, not
///            against attacks
template <detail::described_sampler Sampler>
[[nodiscard]] std::uint64_t epoch_digest(Sampler const& sampler, std::uint64_t epoch) noexcept {
  return detail::digest(detail::plan_of(sampler, epoch));
}

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
