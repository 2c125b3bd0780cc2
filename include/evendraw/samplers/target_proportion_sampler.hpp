// Draws in which every class has a chosen share.
#pragma once

#include <concepts>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <vector>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/classes/per_label.hpp>
#include <evendraw/detail/shared.hpp>
#include <evendraw/epochs/detail/class_draws.hpp>
#include <evendraw/epochs/detail/sampler_base.hpp>
#include <evendraw/weights/detail/checked_weights.hpp>
#include <evendraw/weights/detail/class_shares.hpp>

namespace evendraw {

/// Options of target_proportion_sampler.
struct target_proportion_options {
  std::uint64_t epoch_size = 0;                      ///< draws per epoch; 0: num_samples()
  std::uint64_t seed = 0;                            ///< chooses the draws
  unnamed_classes unnamed = unnamed_classes::error;  ///< error, exclude or natural: what happens to other classes
};

/// Draws class c with probability shares[c] / sum(shares), and its members uniformly, independently and with
/// replacement.
///
///   labels   n labels, one per sample; or a class_index, which is then shared
///   shares   pairs of label and share, {{"cat", 0.2}, {"dog", 0.8}} or a map; for a class_index also K numbers by
///            class number
///   options  .epoch_size draws per epoch (default n), .seed, .unnamed for shares by label
///
/// Needs      finite shares >= 0, one positive; labels that occur, each once; all of them unless .unnamed says
///            otherwise; share 0 for a class without samples -> else std::invalid_argument
/// Edge       a share of 0 leaves a class out; equal shares: the same draws as inverse_frequency_sampler
/// Exact      total variation distance to the law at most 2^-32, plus n / 2^63
/// Cost       O(n) to build, 4 n bytes for 32-bit indices (see class_index); O(1) per draw, no memory per epoch
/// Stable     same seed, epoch and position: same index on every platform
/// Source     weights t_c / n_c; for the choice of the class see alias_table
template <std::unsigned_integral Index = std::uint32_t>
class target_proportion_sampler : public detail::sampler_base {
 public:
  using index_type = Index;

  template <detail::given_labels Labels = detail::labels_in_braces>
  target_proportion_sampler(Labels&& labels,
                            std::type_identity_t<per_label<detail::label_of<Labels>, double>> const& shares,
                            target_proportion_options options = {})
      : target_proportion_sampler(class_index<detail::label_of<Labels>, Index>(labels), shares, options) {}

  template <class Label>
  target_proportion_sampler(class_index<Label, Index> const& classes,
                            std::type_identity_t<per_label<Label, double>> const& shares,
                            target_proportion_options options = {})
      : target_proportion_sampler(classes, detail::shares_by_class(context, "share", classes, shares, options.unnamed),
                                  {.epoch_size = options.epoch_size, .seed = options.seed}) {}

  template <class Label, detail::weight_range Shares>
  target_proportion_sampler(class_index<Label, Index> const& classes, Shares const& shares,
                            sampler_options options = {})
      : sampler_base(context, classes.num_samples(), options.epoch_size, options.seed, classes.index_bound()),
        table_(detail::share<detail::class_table<Index> const>(classes.shared_members(),
                                                               detail::checked_shares(context, classes, shares))) {}

  [[nodiscard]] draws<detail::class_draws<Index>> epoch(std::uint64_t e) const {
    return make_draws(detail::class_draws<Index>(table_, seed(), e), e);
  }

  /// The share of each class in the draws, by class number: the given shares, divided by their sum.
  [[nodiscard]] std::vector<double> class_shares() const { return table_->shares(); }

  [[nodiscard]] std::uint64_t fingerprint() const noexcept {
    return make_fingerprint("class_draws", table_->fingerprint());
  }

 private:
  static constexpr std::string_view context = "target_proportion_sampler";

  detail::shared<detail::class_table<Index> const> table_;
};

}  // namespace evendraw
