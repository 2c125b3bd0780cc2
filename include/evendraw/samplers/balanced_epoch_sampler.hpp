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
#include <evendraw/epochs/balanced_options.hpp>
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

template <std::unsigned_integral Index>
struct detail::amendable<balanced_epoch_sampler<Index>> : std::true_type {
  template <class Label>
  using options = balanced_epoch_options<Label>;
};

/// Returns a sampler that continues where another one stopped, with changed data or options. Samples may have been
/// appended, withdrawn or relabelled, and quotas may differ. Epoch 0 of the new sampler begins where the old one
/// stopped.
///
///   before   the sampler of the run so far
///   stopped  where it stopped: {.epoch, .position}, in draws, or what a cursor over it saved
///   classes  the data as it is now. The remaining samples keep their numbers. To leave out withdrawn samples, give a
///            subset: class_index(labels, indices)
///   options  as for a new sampler. Those of `before` are not kept
///
/// Each class first draws the samples that its current walk has not visited yet: the unseen ones. All u of them come
/// within ceil(u / m_c) epochs, and only the last of these epochs is filled up with seen samples. Then the class begins
/// a new walk. The seed, the words and the fingerprint depend on the whole history, so a checkpoint of another history
/// is refused. seed() is derived from the history and .seed.
///
/// Needs      .position <= before.epoch_size() -> else std::out_of_range; if the checkpoint has a fingerprint, that of
///            `before`; classes and options as a new sampler needs them -> else std::invalid_argument
/// Edge       a relabelled sample that was seen still counts as seen; an appended sample is unseen; a class whose
///            samples were all seen, or all unseen, begins a new walk; if a class gives more draws than it has samples,
///            those that had more draws than others in completed epochs count as seen
/// Cost       O(n); one Index for each unseen sample of a class that also has seen ones
/// Stable     the same history gives the same sampler on every platform
template <std::unsigned_integral Index, class Label>
[[nodiscard]] balanced_epoch_sampler<Index> amended(
    balanced_epoch_sampler<Index> const& before, checkpoint const& stopped, class_index<Label, Index> const& classes,
    std::type_identity_t<balanced_epoch_options<Label>> const& options = {});

/// Draws exactly the same number of samples of each class in every epoch, without replacement. If an epoch leaves out
/// samples of a large class, they come in the next epochs.
///
///   labels   n labels, one per sample; or a class_index, which is then shared
///   options  .epoch_size or .per_class, .limits, .max_repeats, .when_short, .seed; or .quotas, .max_repeats, .seed
///
/// Class c can give at most n_c * max_repeats draws, or its limit if that is less. Its quota m_c is the smaller of this
/// number and a level that is the same for all classes:
///   with per_class q    the level is q; a class that cannot give q is an error, unless .when_short is give_all
///   with epoch_size M   the level is chosen so that all quotas sum to M. If it is not whole, the first classes give
///                       one draw more
///   with neither        the level is the fewest draws that any class can give, apart from those left out
/// With .quotas, you give all m_c yourself. For cells of several attributes, epoch_quotas computes quotas that are
/// exact for two attributes.
///
/// Example: classes of 100, 20 and 5 samples, without limits or repeats. By default each gives 5 draws. With epoch_size
/// 30 the level is 12.5: the classes give 13, 12 and 5. After 8 epochs all 100 samples of the first class have been
/// drawn.
///
/// Needs      at most one of epoch_size, per_class and quotas; no limits with quotas; a quota for each class that has
///            samples, at most what the class can give; per_class at most what each class can give (except classes with
///            a smaller limit or without samples), unless .when_short is give_all; an epoch_size with at least one draw
///            of every class that gives any, and at most what all classes can give together; max_repeats >= 1; limits
///            for labels that occur, each once, not all 0 -> else std::invalid_argument
/// Edge       m_c <= n_c: no index of the class comes twice in an epoch; m_c > n_c: the numbers of draws of two of its
///            samples differ by at most one; every quota equal to the class size: a plain shuffle
/// Covers     every sample of class c in every cycle of ceil(n_c / m_c) epochs, counted from epoch 0. A cycle is one
///            walk through the class. Only its last epoch is filled up with samples from the walk's beginning
/// Cost       O(n) to build; 4 n bytes for 32-bit indices (see class_index) and about 250 bytes per class; O(1) per
///            draw, no memory per epoch
/// Stable     same seed, epoch and position: same index on every platform
/// Source     random under-sampling in each epoch; see rolling_window, permutation, fill_evenly
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

  /// The number of epochs until every sample of every class has been drawn, apart from classes that are left out: the
  /// largest ceil(n_c / m_c). After amended(), this also counts the epochs that first draw the unseen samples.
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

  template <class Label, class Seen>
  balanced_epoch_sampler(class_index<Label, Index> const& classes, balanced_epoch_options<Label> const& options,
                         std::uint64_t seed, Seen seen)
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
