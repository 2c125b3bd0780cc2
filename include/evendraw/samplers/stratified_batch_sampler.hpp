// Batches in which every class has exactly its share.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <vector>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/classes/labels.hpp>
#include <evendraw/classes/per_label.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/shared.hpp>
#include <evendraw/epochs/batches.hpp>
#include <evendraw/epochs/checkpoint.hpp>
#include <evendraw/epochs/detail/batch_quotas.hpp>
#include <evendraw/epochs/detail/batch_sampler_base.hpp>
#include <evendraw/epochs/detail/history.hpp>
#include <evendraw/epochs/detail/resumed_walk.hpp>
#include <evendraw/epochs/detail/stratified_draws.hpp>
#include <evendraw/epochs/draws.hpp>
#include <evendraw/weights/detail/checked_weights.hpp>
#include <evendraw/weights/detail/class_shares.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

/// Options of stratified_batch_sampler.
template <class Label>
struct stratified_batch_options {
  std::uint64_t batch_size = 0;                 ///< draws in every batch; may be 0 with quotas: it is then their sum
  std::uint64_t num_batches = 0;                ///< batches in every epoch; 0: num_samples() / batch_size, rounded up
  per_label<Label, double> shares = {};         ///< {{"cat", 0.2}, {"dog", 0.8}}; empty: equal shares
  per_label<Label, std::uint64_t> quotas = {};  ///< instead of shares, draws in every batch: {{"cat", 4}, {"dog", 28}}
  unnamed_classes unnamed = unnamed_classes::error;   ///< error, exclude or natural: what happens to other classes
  evendraw::order order = evendraw::order::shuffled;  ///< the order of the draws in a batch
  std::uint64_t seed = 0;                             ///< chooses the draws
};

template <std::unsigned_integral Index = std::uint32_t>
class stratified_batch_sampler;

template <std::unsigned_integral Index>
struct detail::amendable<stratified_batch_sampler<Index>> : std::true_type {
  template <class Label>
  using options = stratified_batch_options<Label>;
};

/// Returns a sampler that continues where another one stopped, with changed data or options. Samples may have been
/// appended, withdrawn or relabelled, and shares may differ. Epoch 0 of the new sampler begins where the old one
/// stopped.
///
///   before   the sampler of the run so far
///   stopped  where it stopped: {.epoch, .position}, in batches, or what a cursor over it saved
///   classes  the data as it is now. The remaining samples keep their numbers. To leave out withdrawn samples, give a
///            subset: class_index(labels, indices)
///   options  as for a new sampler; shares by class number may come before them
///
/// Each class first draws the samples that its current walk has not visited yet: the unseen ones. The last of these
/// batches may be filled up with seen samples. Then the class begins a new walk. The seed, the words and the
/// fingerprint depend on the whole history, so a checkpoint of another history is refused. seed() is derived from the
/// history and .seed.
///
/// Needs      .position <= before.epoch_size() -> else std::out_of_range; if the checkpoint has a fingerprint, that of
///            `before`; classes and options as a new sampler needs them -> else std::invalid_argument
/// Edge       a relabelled sample that was seen still counts as seen; an appended sample is unseen; a class whose
///            samples were all seen, or all unseen, begins a new walk
/// Cost       O(n); one Index for each unseen sample of a class that also has seen ones
/// Stable     the same history gives the same sampler on every platform
template <std::unsigned_integral Index, class Label>
[[nodiscard]] stratified_batch_sampler<Index> amended(
    stratified_batch_sampler<Index> const& before, checkpoint const& stopped, class_index<Label, Index> const& classes,
    std::type_identity_t<stratified_batch_options<Label>> const& options);
template <std::unsigned_integral Index, class Label, detail::weight_range Shares>
[[nodiscard]] stratified_batch_sampler<Index> amended(
    stratified_batch_sampler<Index> const& before, checkpoint const& stopped, class_index<Label, Index> const& classes,
    Shares const& shares, std::type_identity_t<stratified_batch_options<Label>> const& options);

/// Makes batches of exactly batch_size draws in which every class has its share, rounded down or up to whole draws. For
/// example, a class with a share of 0.3 draws comes in 3 of 10 batches. The samples of a class come in random walks
/// without replacement. Walks continue from one epoch to the next. The draws of a batch are shuffled.
/// epoch(e).shard(rank, world_size) has the rank's part of every class, rounded down or up, in a random order.
///
///   labels   n labels, one per sample; or a class_index, which is then shared
///   shares   optional, for a class_index: K numbers by class number; classes.counts() for natural proportions
///   options  .batch_size, .num_batches, .shares or .quotas by label, .unnamed, .order, .seed
///
/// Needs      1 <= batch_size <= 2^31; finite shares >= 0, one positive; labels that occur, each once; all of them
///            unless .unnamed says otherwise; quotas that sum to the batch_size; share 0 for a class without samples
///            -> else std::invalid_argument
/// Edge       a share of 0 leaves a class out; if a class has fewer samples than slots in a batch, its samples are
///            repeated there, and their numbers of draws differ by at most one
/// Exact      no index comes twice in a batch if its class has at least as many samples as slots there; for the number
///            of slots of a class see batch_quotas. Shares that make a whole number of draws (0.7 of 10) give exactly
///            this number, in batches of up to 2^18
/// Covers     every sample within batches_to_cover() batches from the first one of epoch 0, however small the share of
///            its class, unless it is 0. The numbers of draws of two samples of a class differ by at most one if the
///            class has at most one slot a batch, or a whole number of slots that divides its size. Otherwise each of
///            its walks lasts a cycle of several batches, and the last batches of a cycle repeat samples of the walk.
///            The numbers of draws then drift apart like the square root of the number of batches: for 100 samples and
///            1.5 slots a batch by 7 after 2,000 batches, which is 30 draws a sample, and by 25 after 20,000
/// Cost       O(n) to build, 4 n bytes for 32-bit indices (see class_index) and about 100 bytes per class; O(log batch)
///            per draw, no memory per epoch
/// Stable     same seed, epoch and position: same index on every platform
/// Source     systematic sampling; see batch_quotas, stratified_walks, permutation
template <std::unsigned_integral Index>
class stratified_batch_sampler : public detail::batch_sampler_base {
 public:
  using index_type = Index;

  template <detail::given_labels Labels = detail::labels_in_braces>
  stratified_batch_sampler(Labels&& labels,
                           std::type_identity_t<stratified_batch_options<detail::label_of<Labels>>> const& options)
      : stratified_batch_sampler(class_index<detail::label_of<Labels>, Index>(labels), options) {}

  template <class Label>
  stratified_batch_sampler(class_index<Label, Index> const& classes,
                           std::type_identity_t<stratified_batch_options<Label>> const& options)
      : stratified_batch_sampler(classes, by_class(classes, options), options, options.seed, nullptr) {}

  template <class Label, detail::weight_range Shares>
  stratified_batch_sampler(class_index<Label, Index> const& classes, Shares const& shares,
                           std::type_identity_t<stratified_batch_options<Label>> const& options)
      : stratified_batch_sampler(classes, only(shares, options), options, options.seed, nullptr) {}

  /// The batches of epoch e. Iterate over them, or read any batch by its number.
  [[nodiscard]] batched_draws<draws<detail::stratified_draws<Index>>> epoch(std::uint64_t e) const {
    return make_batches(detail::stratified_draws<Index>(table_, first_batch(e)), e);
  }

  /// The number of draws that each class gives to batch b of epoch e, by class number. Needs b < epoch_size() -> else
  /// std::out_of_range.
  [[nodiscard]] std::vector<std::uint64_t> quotas(std::uint64_t e, std::uint64_t b) const {
    if (b >= epoch_size()) {
      detail::out_of_range(context, "there is no batch ", detail::text(b), "; epoch_size() is ",
                           detail::text(epoch_size()));
    }
    auto const batch = table_->walks.quotas().at(first_batch(e) + b);
    std::vector<std::uint64_t> result;
    std::size_t drawn = 0;
    for (std::uint64_t const share : table_->walks.shares()) {
      result.push_back(share > 0 ? table_->walks.quotas().count(drawn++, batch) : 0);
    }
    return result;
  }

  /// The share of each class in the draws, by class number: the given shares, divided by their sum.
  [[nodiscard]] std::vector<double> class_shares() const {
    return detail::as_shares(detail::weights_as_doubles(table_->walks.shares()));
  }

  /// The number of batches, counted from the first one of epoch 0, until every sample of every class has been drawn,
  /// apart from classes that are left out.
  [[nodiscard]] std::uint64_t batches_to_cover() const noexcept { return table_->walks.batches_to_cover(); }

  [[nodiscard]] std::uint64_t fingerprint() const noexcept {
    return make_fingerprint("stratified_batch_sampler", table_->fingerprint());
  }

 private:
  template <std::unsigned_integral I, class Label>
  friend stratified_batch_sampler<I> amended(stratified_batch_sampler<I> const&, checkpoint const&,
                                             class_index<Label, I> const&,
                                             std::type_identity_t<stratified_batch_options<Label>> const&);
  template <std::unsigned_integral I, class Label, detail::weight_range Shares>
  friend stratified_batch_sampler<I> amended(stratified_batch_sampler<I> const&, checkpoint const&,
                                             class_index<Label, I> const&, Shares const&,
                                             std::type_identity_t<stratified_batch_options<Label>> const&);

  static constexpr std::string_view context = "stratified_batch_sampler";

  template <class Label, detail::weight_range Shares, class Seen>
  stratified_batch_sampler(class_index<Label, Index> const& classes, Shares const& shares,
                           stratified_batch_options<Label> const& options, std::uint64_t seed, Seen seen)
      : batch_sampler_base(context, classes.num_samples(), classes.index_bound(), size_of_batches(options),
                           options.num_batches, seed),
        table_(detail::share<detail::stratified_table<Index> const>(
            classes.shared_members(), detail::integer_shares(detail::checked_shares(context, classes, shares)),
            batch_size(), options.order, seed, seen)) {}

  /// Returns the shares by class number, and refuses others by label.
  template <class Shares, class Label>
  static Shares const& only(Shares const& shares, stratified_batch_options<Label> const& options) {
    if (!options.shares.empty() || !options.quotas.empty()) {
      detail::invalid(context, "shares by class number and by label; give one of them");
    }
    return shares;
  }

  /// A sampler that continues where this one stopped.
  template <class Label, class Shares>
  [[nodiscard]] stratified_batch_sampler amended_with(checkpoint const& stopped,
                                                      class_index<Label, Index> const& classes, Shares const& shares,
                                                      stratified_batch_options<Label> const& options) const {
    std::uint64_t const before = fingerprint();
    checkpoint const stop = detail::checked_stop(stopped, before, epoch_size());
    detail::seen_samples seen(static_cast<std::size_t>(index_bound()));
    table_->walks.mark_seen(first_batch(stop.epoch) + stop.position, seen);
    stratified_batch_sampler result(classes, shares, options, detail::seed_after(seed(), stop, options.seed), &seen);
    result.go_on_from(detail::history_of(before, stop));
    return result;
  }

  [[noreturn]] static void refuse_batch() {
    detail::invalid(context, "batches of more than 2^31 items; lower the batch size");
  }

  template <class Label>
  static std::uint64_t size_of_batches(stratified_batch_options<Label> const& options) {
    std::uint64_t size = options.batch_size;
    detail::refuse_negative(context, {{"batch_size", size, options.quotas.empty() ? 1u : 0u}});
    if (!options.quotas.empty()) {
      options.quotas.refuse_problem(context, "quotas");
      std::uint64_t sum = 0;
      for (auto const& [label, quota] : options.quotas) sum += std::min(quota, detail::batch_quotas::largest_batch + 1);
      if (sum > detail::batch_quotas::largest_batch) refuse_batch();
      if (size != 0 && size != sum) {
        detail::invalid(context, "the quotas sum to ", detail::text(sum), ", not to the batch_size of ",
                        detail::text(size), "; change a quota, or leave batch_size out");
      }
      size = sum;
    }
    if (size == 0) detail::invalid(context, "batch_size is 0; a batch needs at least one item");
    if (size > detail::batch_quotas::largest_batch) refuse_batch();
    return size;
  }

  template <class Label>
  static std::vector<double> by_class(class_index<Label, Index> const& classes,
                                      stratified_batch_options<Label> const& options) {
    if (!options.quotas.empty()) {
      if (!options.shares.empty()) detail::invalid(context, "both shares and quotas; give one of them");
      return detail::shares_by_class(context, "quota", classes, options.quotas, options.unnamed);
    }
    if (!options.shares.empty()) {
      return detail::shares_by_class(context, "share", classes, options.shares, options.unnamed);
    }
    std::vector<double> equal;
    for (std::uint64_t const count : classes.counts()) equal.push_back(count > 0 ? 1 : 0);
    return equal;
  }

  detail::shared<detail::stratified_table<Index> const> table_;
};

template <std::unsigned_integral Index, class Label>
stratified_batch_sampler<Index> amended(stratified_batch_sampler<Index> const& before, checkpoint const& stopped,
                                        class_index<Label, Index> const& classes,
                                        std::type_identity_t<stratified_batch_options<Label>> const& options) {
  return before.amended_with(stopped, classes, before.by_class(classes, options), options);
}

template <std::unsigned_integral Index, class Label, detail::weight_range Shares>
stratified_batch_sampler<Index> amended(stratified_batch_sampler<Index> const& before, checkpoint const& stopped,
                                        class_index<Label, Index> const& classes, Shares const& shares,
                                        std::type_identity_t<stratified_batch_options<Label>> const& options) {
  return before.amended_with(stopped, classes, before.only(shares, options), options);
}

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
