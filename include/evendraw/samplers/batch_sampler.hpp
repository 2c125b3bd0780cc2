// Batches of any sampler.
#pragma once

#include <concepts>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/classes/labels.hpp>
#include <evendraw/epochs/batches.hpp>
#include <evendraw/epochs/checkpoint.hpp>
#include <evendraw/epochs/detail/history.hpp>
#include <evendraw/epochs/draws.hpp>
#include <evendraw/random/detail/fingerprint.hpp>

namespace evendraw {

/// Cuts the epochs of a sampler into batches. epoch(e) is a range of std::span<const index_type>.
///
///   source   any sampler
///   options  a batch size, or {.batch_size, .last}
///
/// Needs      batch_size >= 1 -> else std::invalid_argument
/// Edge       batch_size > the source's epoch_size(): one short batch, or none with last_batch::drop
/// Cost       O(1); iterating over an epoch keeps one batch in memory
template <sampler Sampler>
class batch_sampler {
 public:
  using index_type = typename Sampler::index_type;

  template <whole_number Size>
  batch_sampler(Sampler source, Size batch_size) : batch_sampler(std::move(source), detail::batches_of(batch_size)) {}
  batch_sampler(Sampler source, batch_options options)
      : sampler_(std::move(source)), options_(detail::checked(options)) {}

  /// The batches of epoch e. Iterate over them, or read any batch by its number.
  [[nodiscard]] auto epoch(std::uint64_t e) const { return sampler_.epoch(e).batches(options_); }

  /// The number of batches in every epoch: epoch(e).size().
  [[nodiscard]] std::uint64_t epoch_size() const noexcept {
    return detail::num_batches(sampler_.epoch_size(), options_);
  }
  /// The number of indices in a full batch.
  [[nodiscard]] std::uint64_t batch_size() const noexcept { return options_.batch_size; }
  /// The number of samples in the data.
  [[nodiscard]] std::uint64_t num_samples() const noexcept { return sampler_.num_samples(); }
  /// A bound that every index is below.
  [[nodiscard]] std::uint64_t index_bound() const noexcept { return sampler_.index_bound(); }
  /// The share of each class in the draws, by class number, if the sampler has class_shares().
  [[nodiscard]] std::vector<double> class_shares() const requires requires(Sampler const& s) { s.class_shares(); }
  { return sampler_.class_shares(); }
  /// The seed of the sampler.
  [[nodiscard]] std::uint64_t seed() const noexcept { return sampler_.seed(); }
  /// The sampler whose draws are cut into batches.
  [[nodiscard]] Sampler sampled() const { return sampler_; }
  /// The batch size, and what happens to a short last batch.
  [[nodiscard]] batch_options options() const noexcept { return options_; }

  /// The epoch_fingerprint(e) of the sampler, or 0 if it has none.
  [[nodiscard]] std::uint64_t epoch_fingerprint(std::uint64_t e) const {
    return detail::epoch_fingerprint_of(sampler_, e);
  }

  [[nodiscard]] std::uint64_t fingerprint() const noexcept {
    return detail::fingerprint_builder("batch_sampler")
        .add(options_.batch_size)
        .add(static_cast<std::uint64_t>(options_.last))
        .add(sampler_.fingerprint())
        .value();
  }

 private:
  Sampler sampler_;
  batch_options options_;
};

/// Returns batches that continue where others stopped, with changed data or options: amended(before.sampled(), ...),
/// cut into batches in the same way.
///
///   stopped  where they stopped: {.epoch, .position}, in batches, or what a cursor over `before` saved
template <sampler Sampler, class Label, std::unsigned_integral Index>
requires detail::is_amendable<Sampler>
[[nodiscard]] batch_sampler<Sampler> amended(
    batch_sampler<Sampler> const& before, checkpoint const& stopped, class_index<Label, Index> const& classes,
    std::type_identity_t<typename detail::amendable<Sampler>::template options<Label>> const& options = {}) {
  checkpoint const stop = detail::checked_stop(stopped, before.fingerprint(), before.epoch_size());
  auto const sampler = amended(before.sampled(), {.epoch = stop.epoch, .position = stop.position * before.batch_size()},
                               classes, options);
  return {sampler, before.options()};
}

}  // namespace evendraw
