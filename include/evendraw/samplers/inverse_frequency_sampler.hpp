// Draws in which every class is equally likely.
#pragma once

#include <concepts>
#include <cstdint>
#include <vector>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/detail/shared.hpp>
#include <evendraw/epochs/detail/class_draws.hpp>
#include <evendraw/epochs/detail/sampler_base.hpp>

namespace evendraw {

/// Draws every class with the same probability and its members uniformly, independently and with replacement.
///
///   labels   n labels, one per sample, of any integer, enum, bool or string type; or a class_index, which is then
///            shared
///   options  .epoch_size draws per epoch (default n), .seed
///
/// Needs      n >= 1; n <= max of Index -> else std::invalid_argument
/// Edge       one class: plain sampling with replacement; a declared class without samples is never drawn
/// Exact      every probability within 2^-63 of 1 / (K n_c)
/// Cost       O(n) to build, 4 n bytes for 32-bit indices (see class_index); O(1) per draw, no memory per epoch
/// Stable     same seed, epoch and position: same index on every platform
/// Source     weights 1 / n_c: King & Zeng, Political Analysis 9, 2001; Buda, Maki, Mazurowski, Neural Networks 106,
///            2018
template <std::unsigned_integral Index = std::uint32_t>
class inverse_frequency_sampler : public detail::sampler_base {
 public:
  using index_type = Index;

  template <detail::given_labels Labels = detail::labels_in_braces>
  explicit inverse_frequency_sampler(Labels&& labels, sampler_options options = {})
      : inverse_frequency_sampler(class_index<detail::label_of<Labels>, Index>(labels), options) {}

  template <class Label>
  explicit inverse_frequency_sampler(class_index<Label, Index> const& classes, sampler_options options = {})
      : sampler_base("inverse_frequency_sampler", classes.num_samples(), options.epoch_size, options.seed,
                     classes.index_bound()),
        table_(detail::share<detail::class_table<Index> const>(classes.shared_members())) {}

  [[nodiscard]] draws<detail::class_draws<Index>> epoch(std::uint64_t e) const {
    return make_draws(detail::class_draws<Index>(table_, seed(), e), e);
  }

  /// The share of each class in the draws, by class number: 1 / K for the K classes with samples, 0 for the others.
  [[nodiscard]] std::vector<double> class_shares() const { return table_->shares(); }

  [[nodiscard]] std::uint64_t fingerprint() const noexcept {
    return make_fingerprint("class_draws", table_->fingerprint());
  }

 private:
  detail::shared<detail::class_table<Index> const> table_;
};

}  // namespace evendraw
