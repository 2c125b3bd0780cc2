// When a sampler has drawn everything, by trying it.
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

namespace evendraw {

/// Samples that were not drawn yet: a bit for each.
class unseen_samples {
 public:
  /// All samples below n.
  explicit unseen_samples(std::uint64_t n) : bits_(words_for(n), ~std::uint64_t{0}), size_(n) {
    bits_.back() = (std::uint64_t{1} << n % 64) - 1;
  }

  /// The samples of the classes, without those of classes whose share is 0.
  ///
  ///   shares  by class number, for instance class_shares() of a sampler; none: all classes
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

  /// Takes out the samples that a batch draws. Samples that are not waited for are passed over.
  template <std::unsigned_integral Index>
  void see(std::span<Index const> batch) noexcept {
    for (Index const sample : batch) {
      if (sample / 64 >= bits_.size()) continue;
      size_ -= static_cast<std::uint64_t>((word_of(sample) & bit_of(sample)) != 0);
      word_of(sample) &= ~bit_of(sample);
    }
  }

  /// Samples that were not seen yet.
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  /// Whether all were seen.
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

 private:
  static std::size_t words_for(std::uint64_t n) { return static_cast<std::size_t>(n / 64 + 1); }
  static std::uint64_t bit_of(std::uint64_t sample) noexcept { return std::uint64_t{1} << sample % 64; }
  std::uint64_t& word_of(std::uint64_t sample) noexcept { return bits_[static_cast<std::size_t>(sample / 64)]; }

  std::vector<std::uint64_t> bits_;
  std::uint64_t size_ = 0;
};

/// How simulations go.
struct simulation_options {
  std::uint64_t runs = 100;            ///< simulated runs
  std::uint64_t first_epoch = 0;       ///< of the first run
  std::uint64_t max_epochs = 100'000;  ///< in which a run has to be over
};

/// What a run gives that was not over within max_epochs.
inline constexpr std::uint64_t not_covered = std::numeric_limits<std::uint64_t>::max();

/// The number of epochs, from this one on, until a sampler has drawn all that is unseen: one run.
///
///   sampler      any sampler
///   unseen       the samples to wait for: unseen_samples(sampler.num_samples()), or unseen_samples(classes) for a subset
///
/// Edge       nothing unseen: 0; not over within max_epochs: not_covered
/// Cost       an epoch is read in blocks, never held: n bits
template <sampler Sampler>
std::uint64_t epochs_until_seen(Sampler const& of, unseen_samples unseen, std::uint64_t first_epoch = 0,
                                std::uint64_t max_epochs = simulation_options{}.max_epochs) {
  std::vector<typename Sampler::index_type> drawn(4096);
  std::uint64_t epochs = 0;
  for (; !unseen.empty(); ++epochs) {
    if (epochs == max_epochs) return not_covered;
    auto const draws = of.epoch(first_epoch + epochs);
    for (std::uint64_t i = 0; i < draws.size() && !unseen.empty(); i += drawn.size()) {
      auto const block =
          std::span(drawn).first(static_cast<std::size_t>(std::min<std::uint64_t>(drawn.size(), draws.size() - i)));
      draws.read(i, block);
      unseen.see(std::span<typename Sampler::index_type const>(block));
    }
  }
  return epochs;
}

/// The numbers of epochs until everything was seen, in many runs: what coverage_time computes, for any sampler.
///
///   sampler  a sampler, whose runs follow each other: each begins with the epoch after the last one's end, so that the
///            epochs must not depend on each other; or a function that makes the sampler of run number r, with r as seed
///   unseen   the samples to wait for
///   options  .runs, .first_epoch, .max_epochs
///
/// Cost       see epochs_until_seen, for each run
template <class Sampler>
requires sampler<Sampler> || requires(Sampler const& make, std::uint64_t run) {
  { make(run) } -> sampler;
}
std::vector<std::uint64_t> simulated_coverage_times(Sampler const& of, unseen_samples const& unseen,
                                                    simulation_options options = {}) {
  std::vector<std::uint64_t> result;
  for (std::uint64_t run = 0; run < options.runs; ++run) {
    if constexpr (sampler<Sampler>) {
      result.push_back(epochs_until_seen(of, unseen, options.first_epoch, options.max_epochs));
      options.first_epoch += std::min(result.back(), options.max_epochs);
    } else {
      result.push_back(epochs_until_seen(of(run), unseen, options.first_epoch, options.max_epochs));
    }
  }
  return result;
}

}  // namespace evendraw
