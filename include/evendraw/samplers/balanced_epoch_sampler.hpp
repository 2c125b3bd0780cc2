// Class-balanced epochs without replacement.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/classes/per_label.hpp>
#include <evendraw/detail/shared.hpp>
#include <evendraw/epochs/checkpoint.hpp>
#include <evendraw/epochs/detail/balanced_draws.hpp>
#include <evendraw/epochs/detail/balanced_quotas.hpp>
#include <evendraw/epochs/detail/history.hpp>
#include <evendraw/epochs/detail/sampler_base.hpp>
#include <evendraw/epochs/draws.hpp>
#include <evendraw/weights/detail/checked_weights.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

template <std::unsigned_integral Index = std::uint32_t>
class balanced_epoch_sampler;

/// How many draws each class gives to an epoch. Without epoch_size and per_class, every class gives as many as the
/// class that can give least.
template <class Label>
struct balanced_epoch_options {
  std::uint64_t epoch_size = 0;                 ///< draws in total, divided evenly among the classes that have enough
  std::uint64_t per_class = 0;                  ///< draws of each class
  per_label<Label, std::uint64_t> limits = {};  ///< the most draws of a class, {{"dry", 5'000}}; 0 leaves it out
  per_label<Label, std::uint64_t> quotas = {};  ///< instead of all these: the draws of each class; 0 leaves it out
  std::uint64_t max_repeats = 1;                ///< the most draws of a sample in an epoch; 1: without replacement
  evendraw::when_short when_short =
      evendraw::when_short::error;  ///< what happens if a class has not enough for per_class
  std::uint64_t seed = 0;           ///< chooses the draws: the same seed, the same epochs
};

template <std::unsigned_integral Index>
struct detail::amendable<balanced_epoch_sampler<Index>> : std::true_type {
  template <class Label>
  using options = balanced_epoch_options<Label>;
};

/// The sampler that goes on where another one stopped, with other data or options: samples were appended, withdrawn or
/// relabelled, or other quotas are wanted. Its epoch 0 begins there.
///
///   before   the sampler of the run so far
///   stopped  where it stopped: {.epoch, .position}, in draws, or what a cursor over it saved
///   classes  the data as they are now. Samples that are kept have the numbers that they had; a subset (class_index of
///            labels and indices) leaves out those that were withdrawn
///   options  as of a new sampler (default: those of a new sampler, not those of `before`)
///
/// The first m_c draws of a class in an epoch come from its samples that were not yet seen in the walk under way, as long
/// as there are any: all u of them come within ceil(u / m_c) epochs, and only the last of these is filled up with samples
/// that were seen. Then come walks as always. Seeds, words and the fingerprint depend on the whole history: a checkpoint
/// of another history is refused. seed() is made from the history and .seed.
///
/// Needs      .position <= before.epoch_size() -> else std::out_of_range; a checkpoint of `before`, if it has a
///            fingerprint; classes and options as a new sampler needs them -> else std::invalid_argument
/// Edge       a relabelled sample counts as seen if it was; a new class has only unseen samples; a class all of whose
///            samples were seen begins anew; a class that gives more draws than it
///            has samples: those that have had more draws than others in whole epochs count as seen
/// Cost       O(n), and one Index for each unseen sample of a class that has seen ones
/// Stable     the same history gives the same sampler on every platform
template <std::unsigned_integral Index, class Label>
[[nodiscard]] balanced_epoch_sampler<Index> amended(
    balanced_epoch_sampler<Index> const& before, checkpoint const& stopped, class_index<Label, Index> const& classes,
    std::type_identity_t<balanced_epoch_options<Label>> const& options = {});

/// Draws the same number of samples of each class in every epoch, exactly and without replacement. The samples of a
/// large class that one epoch leaves out come in the next epochs.
///
///   labels   n labels, one per sample; or a class_index, which is then shared
///   options  .epoch_size or .per_class, .limits, .max_repeats, .when_short, .seed; or .quotas, .max_repeats, .seed
///
/// Class c can give n_c * max_repeats draws, or its limit if that is less. Its quota m_c is this number, cut to
///   with per_class q    q; a class that cannot give q is an error, unless .when_short is give_all
///   with epoch_size M   the level at which all quotas sum to M (one more for the first classes if the level is not
///                       whole)
///   with neither        what the class that can give least (of those not left out) can give
/// With quotas, these are the m_c. For cells of several attributes, epoch_quotas makes some that are exact for two.
///
/// Needs      not both epoch_size and per_class; with quotas neither of these nor limits, a quota for each class that
///            has samples, and none above what the class can give; per_class at most what each class can give, except
///            classes with a smaller limit or without samples, unless .when_short is give_all; epoch_size at least one
///            draw of every class that gives any, and at most what all classes can give; max_repeats >= 1; limits for
///            labels that occur, each once, not all 0 -> else std::invalid_argument
/// Edge       m_c <= n_c: no index of the class comes twice in an epoch; m_c > n_c: the numbers of draws of two of its
///            samples differ by at most one; every quota equal to the class size: a plain shuffle
/// Covers     every sample of class c in every cycle of ceil(n_c / m_c) epochs, counted from epoch 0: the cycle is one
///            walk through the class, and only its last epoch is filled up with samples from the walk's beginning
/// Cost       O(n) to build; 4 n bytes for 32-bit indices (see class_index) and about 60 bytes a class; O(1) per draw,
///            no memory per epoch
/// Stable     same seed, epoch and position: same index on every platform
/// Source     random under-sampling at each epoch; see rolling_window, permutation, fill_evenly
template <std::unsigned_integral Index>
class balanced_epoch_sampler : public detail::sampler_base {
 public:
  using index_type = Index;

  template <detail::given_labels Labels = detail::labels_in_braces>
  explicit balanced_epoch_sampler(
      Labels&& labels, std::type_identity_t<balanced_epoch_options<detail::label_of<Labels>>> const& options = {})
      : balanced_epoch_sampler(class_index<detail::label_of<Labels>, Index>(labels), options) {}

  template <class Label>
  explicit balanced_epoch_sampler(class_index<Label, Index> const& classes,
                                  std::type_identity_t<balanced_epoch_options<Label>> const& options = {})
      : balanced_epoch_sampler(classes, options, options.seed, nullptr) {}

  [[nodiscard]] draws<detail::balanced_draws<Index>> epoch(std::uint64_t e) const {
    return make_draws(detail::balanced_draws<Index>(table_, seed(), e), e);
  }

  /// The draws that each class gives to every epoch, by class number.
  [[nodiscard]] std::vector<std::uint64_t> quotas() const { return table_->quotas(); }

  /// The share of each class in the draws of every epoch, by class number: the quotas, divided by their sum.
  [[nodiscard]] std::vector<double> class_shares() const {
    return detail::as_shares(detail::weights_as_doubles(table_->quotas()));
  }

  /// Epochs until every sample of every class that is not left out has been drawn: the largest ceil(n_c / m_c). After
  /// amended(), those come before that draw the samples that were not seen.
  [[nodiscard]] std::uint64_t epochs_to_cover() const noexcept {
    std::uint64_t most = 1;
    for (std::size_t c = 0; c < table_->classes().size(); ++c) {
      most = std::max(most, table_->classes().periods_to_cover(c));
    }
    return most;
  }

  [[nodiscard]] std::uint64_t fingerprint() const noexcept {
    return make_fingerprint("balanced_epoch_sampler", table_->fingerprint());
  }

 private:
  template <std::unsigned_integral I, class Label>
  friend balanced_epoch_sampler<I> amended(balanced_epoch_sampler<I> const&, checkpoint const&,
                                           class_index<Label, I> const&,
                                           std::type_identity_t<balanced_epoch_options<Label>> const&);

  static constexpr std::string_view context = "balanced_epoch_sampler";

  template <class Label>
  balanced_epoch_sampler(class_index<Label, Index> const& classes, balanced_epoch_options<Label> const& options,
                         std::uint64_t seed, detail::seen_samples const* seen)
      : balanced_epoch_sampler(
            detail::share<detail::balanced_table<Index> const>(
                classes.shared_members(), detail::requested_quotas(context, classes, options), seed, seen),
            classes.num_samples(), classes.index_bound(), seed) {}

  balanced_epoch_sampler(detail::shared<detail::balanced_table<Index> const> table, std::uint64_t num_samples,
                         std::uint64_t index_bound, std::uint64_t seed)
      : sampler_base(context, num_samples, table->slots().total(), seed, index_bound), table_(std::move(table)) {}

  detail::shared<detail::balanced_table<Index> const> table_;
};

template <std::unsigned_integral Index, class Label>
balanced_epoch_sampler<Index> amended(balanced_epoch_sampler<Index> const& before, checkpoint const& stopped,
                                      class_index<Label, Index> const& classes,
                                      std::type_identity_t<balanced_epoch_options<Label>> const& options) {
  std::uint64_t const fingerprint = before.fingerprint();
  checkpoint const stop = detail::checked_stop(stopped, fingerprint, before.epoch_size());
  detail::seen_samples seen(static_cast<std::size_t>(before.index_bound()));
  detail::mark_drawn(before.epoch(stop.epoch).take(stop.position), seen);
  before.table_->mark_seen(stop.epoch, seen);
  std::uint64_t const seed = detail::seed_after(before.seed(), stop, options.seed);
  balanced_epoch_sampler<Index> result(classes, options, seed, &seen);
  result.go_on_from(detail::history_of(fingerprint, stop));
  return result;
}

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
