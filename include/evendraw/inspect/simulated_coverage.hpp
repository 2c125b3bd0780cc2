// Simulates how long a sampler takes to draw every sample.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/epochs/draws.hpp>
#include <evendraw/epochs/sampler.hpp>
#include <evendraw/weights/detail/checked_weights.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

/// Options of simulated_coverage_times.
struct simulation_options {
  std::uint64_t runs = 100;            ///< the number of simulated runs
  std::uint64_t first_epoch = 0;       ///< the first epoch of the first run
  std::uint64_t max_epochs = 100'000;  ///< the most epochs of a run
  std::vector<double> shares = {};     ///< by class number: runs do not wait for classes with share 0; empty: for all
};

namespace detail {

/// The samples that have not been drawn yet, one bit each.
class unseen_samples {
 public:
  template <class Label, std::unsigned_integral Index>
  unseen_samples(class_index<Label, Index> const& classes, std::vector<double> const& shares)
      : bits_(static_cast<std::size_t>(classes.index_bound() / 64 + 1)) {
    if (!shares.empty()) (void)checked_shares("simulated_coverage_times", shares, classes.counts(), class_number);
    for (std::uint64_t c = 0; c < classes.num_classes(); ++c) {
      if (!shares.empty() && shares[static_cast<std::size_t>(c)] == 0) continue;
      for (Index const sample : classes.members(c)) word_of(sample) |= bit_of(sample);
      size_ += classes.counts()[static_cast<std::size_t>(c)];
    }
  }

  /// Removes the samples of a batch. Ignores samples that are not in the set.
  template <std::unsigned_integral Index>
  void see(std::span<Index const> batch) noexcept {
    for (Index const sample : batch) {
      if (sample / 64 >= bits_.size()) continue;
      size_ -= static_cast<std::uint64_t>((word_of(sample) & bit_of(sample)) != 0);
      word_of(sample) &= ~bit_of(sample);
    }
  }

  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

 private:
  static std::uint64_t bit_of(std::uint64_t sample) noexcept { return std::uint64_t{1} << sample % 64; }
  std::uint64_t& word_of(std::uint64_t sample) noexcept { return bits_[static_cast<std::size_t>(sample / 64)]; }

  std::vector<std::uint64_t> bits_;
  std::uint64_t size_ = 0;
};

/// The number of epochs from first_epoch on until a sampler has drawn all unseen samples; 2^64 - 1 if it is above
/// max_epochs.
template <sampler Sampler>
std::uint64_t epochs_until_seen(Sampler const& source, unseen_samples unseen, std::uint64_t first_epoch,
                                std::uint64_t max_epochs) {
  std::vector<typename Sampler::index_type> drawn(4096);
  std::uint64_t epochs = 0;
  for (; !unseen.empty(); ++epochs) {
    if (epochs == max_epochs) return std::numeric_limits<std::uint64_t>::max();
    auto const draws = source.epoch(first_epoch + epochs);
    for (std::uint64_t i = 0; i < draws.size() && !unseen.empty(); i += drawn.size()) {
      auto const block =
          std::span(drawn).first(static_cast<std::size_t>(std::min<std::uint64_t>(drawn.size(), draws.size() - i)));
      draws.read(i, block);
      unseen.see(std::span<typename Sampler::index_type const>(block));
    }
  }
  return epochs;
}

/// Refuses to wait for a class that the sampler leaves out, if the classes may be those of the sampler.
template <sampler Sampler>
void refuse_endless_runs(Sampler const& source, std::span<std::uint64_t const> counts) {
  auto const shares = class_shares_of(source);
  if (shares.size() != counts.size()) return;
  for (std::size_t c = 0; c < shares.size(); ++c) {
    if (shares[c] > 0 || counts[c] == 0) continue;
    invalid("simulated_coverage_times", "the sampler leaves out ", class_number(c),
            ", so no run would see all samples; give .shares = sampler.class_shares()");
  }
}

}  // namespace detail

/// The number of epochs that each of many runs takes until it has drawn all samples. For any sampler, this estimates
/// what coverage_time computes for some.
///
///   source   a sampler whose epochs do not depend on each other, so that each run can begin after the last epoch of
///            the run before; or a function that makes the sampler of run number r, with r as seed
///   classes  class_index of the samples to wait for
///   options  .runs, .first_epoch, .max_epochs; .shares, for instance those of the sampler: class_shares()
///
/// Needs      as many shares as classes, or none; shares finite and >= 0, one positive, 0 for a class without samples;
///            runs >= 1; max_epochs >= 1; without .shares no class that class_shares() of the sampler leaves out
///            -> else std::invalid_argument
/// Edge       a run of more than max_epochs: 2^64 - 1. A run that waits for samples that are never drawn reads
///            max_epochs epochs; .shares = sampler.class_shares() leaves out their classes
/// Cost       n bits; epochs are read in blocks and never stored
template <class Source, class Label, std::unsigned_integral Index>
requires sampler<Source> || requires(Source const& make, std::uint64_t run) {
  { make(run) } -> sampler;
}
std::vector<std::uint64_t> simulated_coverage_times(Source const& source, class_index<Label, Index> const& classes,
                                                    simulation_options const& options = {}) {
  detail::refuse_negative("simulated_coverage_times", {{"runs", options.runs}, {"max_epochs", options.max_epochs}});
  if (options.runs == 0) detail::invalid("simulated_coverage_times", "runs is 0; it must be at least 1");
  if (options.max_epochs == 0) detail::invalid("simulated_coverage_times", "max_epochs is 0; it must be at least 1");
  detail::unseen_samples const unseen(classes, options.shares);
  std::vector<std::uint64_t> result;
  std::uint64_t first = options.first_epoch;
  auto const simulate = [&](auto const& each) {
    if (options.shares.empty()) detail::refuse_endless_runs(each, classes.counts());
    result.push_back(detail::epochs_until_seen(each, unseen, first, options.max_epochs));
  };
  for (std::uint64_t run = 0; run < options.runs; ++run) {
    if constexpr (sampler<Source>) {
      simulate(source);
      first += std::min(result.back(), options.max_epochs);
    } else {
      simulate(source(run));
    }
  }
  return result;
}

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
