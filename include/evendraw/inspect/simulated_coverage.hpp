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

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

/// The samples that have not been drawn yet, one bit each.
class unseen_samples {
 public:
  /// All samples below n.
  explicit unseen_samples(std::uint64_t n) : bits_(words_for(n), ~std::uint64_t{0}), size_(n) {
    bits_.back() = (std::uint64_t{1} << n % 64) - 1;
  }

  /// All samples of the classes, except those of classes whose share is 0.
  ///
  ///   shares  one for each class, for instance class_shares() of a sampler; empty: all classes
  ///
  /// Needs      as many shares as classes, or none -> else std::invalid_argument
  template <class Label, std::unsigned_integral Index>
  explicit unseen_samples(class_index<Label, Index> const& classes, std::vector<double> const& shares = {})
      : bits_(words_for(classes.index_bound())) {
    if (!shares.empty() && shares.size() != classes.num_classes()) {
      detail::invalid("unseen_samples", detail::text(shares.size()), " shares for ",
                      detail::text(classes.num_classes()), " classes; give one for each, or none");
    }
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

  /// The number of samples that have not been drawn yet.
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  /// Whether all samples have been drawn.
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

 private:
  static std::size_t words_for(std::uint64_t n) { return static_cast<std::size_t>(n / 64 + 1); }
  static std::uint64_t bit_of(std::uint64_t sample) noexcept { return std::uint64_t{1} << sample % 64; }
  std::uint64_t& word_of(std::uint64_t sample) noexcept { return bits_[static_cast<std::size_t>(sample / 64)]; }

  std::vector<std::uint64_t> bits_;
  std::uint64_t size_ = 0;
};

/// Options of simulated_coverage_times.
struct simulation_options {
  std::uint64_t runs = 100;            ///< the number of simulated runs
  std::uint64_t first_epoch = 0;       ///< the first epoch of the first run
  std::uint64_t max_epochs = 100'000;  ///< a run that takes longer gives not_covered
};

/// The result of a run that takes more than max_epochs.
inline constexpr std::uint64_t not_covered = std::numeric_limits<std::uint64_t>::max();

/// The number of epochs that a sampler takes in one run, from first_epoch on, until it has drawn all unseen samples.
///
///   source       any sampler
///   unseen       the samples to wait for: unseen_samples(source.num_samples()), or unseen_samples(classes) for a
///                subset
///   first_epoch  the epoch in which the run begins
///   max_epochs   the most epochs that the run may take
///
/// Edge       no unseen samples: 0; more than max_epochs: not_covered
/// Cost       n bits; epochs are read in blocks and never stored
template <sampler Sampler>
std::uint64_t epochs_until_seen(Sampler const& source, unseen_samples unseen, std::uint64_t first_epoch = 0,
                                std::uint64_t max_epochs = simulation_options{}.max_epochs) {
  std::vector<typename Sampler::index_type> drawn(4096);
  std::uint64_t epochs = 0;
  for (; !unseen.empty(); ++epochs) {
    if (epochs == max_epochs) return not_covered;
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

/// The numbers of epochs that many runs take until they have drawn all unseen samples. This estimates for any sampler
/// what coverage_time computes for some.
///
///   source   a sampler whose epochs do not depend on each other, so that each run can begin after the last epoch of
///            the run before; or a function that makes the sampler of run number r, with r as seed
///   unseen   the samples to wait for
///   options  .runs, .first_epoch, .max_epochs
///
/// Cost       that of epochs_until_seen for each run
template <class Sampler>
requires sampler<Sampler> || requires(Sampler const& make, std::uint64_t run) {
  { make(run) } -> sampler;
}
std::vector<std::uint64_t> simulated_coverage_times(Sampler const& source, unseen_samples const& unseen,
                                                    simulation_options options = {}) {
  std::vector<std::uint64_t> result;
  detail::refuse_negative("simulated_coverage_times", {{"runs", options.runs}, {"max_epochs", options.max_epochs}});
  for (std::uint64_t run = 0; run < options.runs; ++run) {
    if constexpr (sampler<Sampler>) {
      result.push_back(epochs_until_seen(source, unseen, options.first_epoch, options.max_epochs));
      options.first_epoch += std::min(result.back(), options.max_epochs);
    } else {
      result.push_back(epochs_until_seen(source(run), unseen, options.first_epoch, options.max_epochs));
    }
  }
  return result;
}

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
