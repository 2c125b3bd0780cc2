// Batches of P classes with K samples each, for metric learning.
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
#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/shared.hpp>
#include <evendraw/detail/uint128.hpp>
#include <evendraw/epochs/batches.hpp>
#include <evendraw/epochs/checkpoint.hpp>
#include <evendraw/epochs/detail/batch_sampler_base.hpp>
#include <evendraw/epochs/detail/class_rounds.hpp>
#include <evendraw/epochs/detail/history.hpp>
#include <evendraw/epochs/detail/pk_draws.hpp>
#include <evendraw/epochs/detail/resumed_walk.hpp>
#include <evendraw/epochs/draws.hpp>
#include <evendraw/random/detail/fingerprint.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

/// Options of pk_batch_sampler.
struct pk_batch_options {
  std::uint64_t classes = 0;      ///< P, the number of classes in every batch
  std::uint64_t samples = 0;      ///< K, the number of samples of each of these classes
  std::uint64_t num_batches = 0;  ///< batches in every epoch; 0: num_samples() / (P K), rounded up
  /// Whether classes with fewer than K samples are never drawn. Otherwise a batch repeats their samples.
  bool exclude_small = false;
  std::uint64_t seed = 0;  ///< chooses the draws
};

template <std::unsigned_integral Index = std::uint32_t>
class pk_batch_sampler;

template <std::unsigned_integral Index>
struct detail::amendable<pk_batch_sampler<Index>> : std::true_type {
  template <class Label>
  using options = pk_batch_options;
};

/// Returns a sampler that continues where another one stopped, with changed data or options. Samples may have been
/// appended, withdrawn or relabelled, and the batches may differ. Epoch 0 of the new sampler begins where the old one
/// stopped.
///
///   before   the sampler of the run so far
///   stopped  where it stopped: {.epoch, .position}, in batches, or what a cursor over it saved
///   classes  the data as it is now. The remaining samples keep their numbers. To leave out withdrawn samples, give a
///            subset: class_index(labels, indices)
///   options  as for a new sampler
///
/// Each class first draws the samples that its current walk has not visited yet: the unseen ones. The last of these
/// batches may be filled up with seen samples. Then the class begins a new walk. The seed, the words and the
/// fingerprint depend on the whole history, so a checkpoint of another history is refused. seed() is derived from the
/// history and .seed.
///
/// Needs      .position <= before.epoch_size() -> else std::out_of_range; if the checkpoint has a fingerprint, that of
///            `before`; classes and options as a new sampler needs them -> else std::invalid_argument
/// Edge       a relabelled sample that was seen still counts as seen; an appended sample is unseen; a class whose
///            samples were all seen, or all unseen, begins a new walk; the rounds of classes begin anew
/// Cost       O(n); one Index for each unseen sample of a class that also has seen ones
/// Stable     the same history gives the same sampler on every platform
template <std::unsigned_integral Index, class Label>
[[nodiscard]] pk_batch_sampler<Index> amended(pk_batch_sampler<Index> const& before, checkpoint const& stopped,
                                              class_index<Label, Index> const& classes, pk_batch_options options);

/// Makes batches of P different classes with K samples each, class after class, as triplet and contrastive losses need
/// them. Every class comes once in a round, and every sample comes once in a walk through its class. Rounds and walks
/// continue from one epoch to the next.
///
///   labels   n labels, one per sample; or a class_index, which is then shared
///   options  .classes P, .samples K, .num_batches, .exclude_small, .seed
///
/// Needs      1 <= P <= 4096; 1 <= K < 2^32; P classes that are drawn; P K num_batches < 2^63
///            -> else std::invalid_argument
/// Edge       if a round ends within a batch, the batch is filled up with the first classes of the next round; if a
///            class has fewer than K samples, each comes K / n_c times in a batch, rounded down or up; if K does not
///            divide n_c, the last batch of a walk is filled up from the walk's beginning; epoch(e).shard() deals the K
///            samples of each class out to the R ranks: use K >= 2 R if the loss of a rank needs pairs of a class, or
///            read whole batches
/// Exact      after any number of batches, counted from the first one of epoch 0, any two classes have come equally
///            often, or one of them once more; no index comes twice in a batch if n_c >= K
/// Covers     every sample of the drawn classes within batches_to_cover() batches from the first one of epoch 0
/// Cost       O(n) to build; 4 n bytes for 32-bit indices (see class_index) and about 120 bytes per class; O(1) per
///            draw, O(P log P) in batches in which a round begins; no memory per epoch
/// Stable     same seed, epoch and position: same index on every platform
/// Source     P x K batches: Hermans, Beyer, Leibe, arXiv 1703.07737, 2017; see class_rounds, rolling_window
template <std::unsigned_integral Index>
class pk_batch_sampler : public detail::batch_sampler_base {
 public:
  using index_type = Index;

  template <detail::given_labels Labels = detail::labels_in_braces>
  pk_batch_sampler(Labels&& labels, pk_batch_options options)
      : pk_batch_sampler(class_index<detail::label_of<Labels>, Index>(labels), options) {}

  template <class Label>
  pk_batch_sampler(class_index<Label, Index> const& classes, pk_batch_options options)
      : pk_batch_sampler(classes, options, nullptr) {}

  /// The batches of epoch e. Iterate over them, or read any batch by its number.
  [[nodiscard]] batched_draws<draws<detail::pk_draws<Index>>> epoch(std::uint64_t e) const {
    return make_batches(detail::pk_draws<Index>(table_, first_batch(e)), e);
  }

  /// The share of each class in the draws, by class number: the same for all drawn classes, 0 for the others.
  [[nodiscard]] std::vector<double> class_shares() const {
    std::vector<double> result(table_->members->classes.size());
    for (std::size_t const c : table_->drawn) result[c] = 1 / static_cast<double>(table_->drawn.size());
    return result;
  }

  /// The number of batches, counted from the first one of epoch 0, after which every sample of every drawn class has
  /// certainly been drawn. They have as many rounds as the largest class needs. At most 2^63.
  [[nodiscard]] std::uint64_t batches_to_cover() const noexcept {
    std::uint64_t rounds = 0;
    for (std::size_t c = 0; c < table_->walks.size(); ++c) {
      rounds = std::max(rounds, table_->walks.periods_to_cover(c));
    }
    constexpr std::uint64_t most = std::uint64_t{1} << 63;
    std::uint64_t const classes = table_->rounds.classes(), per_batch = table_->rounds.per_batch();
    std::uint64_t const whole = detail::saturated_product(rounds, classes / per_batch);
    auto const [more, slots_left] = detail::scaled(rounds, classes % per_batch, per_batch);
    return whole < most ? std::min(most, whole + more + (slots_left > 0 ? 1 : 0)) : most;
  }

  [[nodiscard]] std::uint64_t fingerprint() const noexcept {
    detail::fingerprint_builder hash("drawn");
    for (std::size_t const c : table_->drawn) hash.add(c);
    hash.add(table_->samples).add(table_->members->fingerprint());
    return make_fingerprint("pk_batch_sampler", hash.value());
  }

 private:
  template <std::unsigned_integral I, class Label>
  friend pk_batch_sampler<I> amended(pk_batch_sampler<I> const&, checkpoint const&, class_index<Label, I> const&,
                                     pk_batch_options);

  template <class Label, class Seen>
  pk_batch_sampler(class_index<Label, Index> const& classes, pk_batch_options const& options, Seen seen)
      : batch_sampler_base(context, classes.num_samples(), classes.index_bound(), size_of_batches(options),
                           options.num_batches, options.seed),
        table_(detail::share<detail::pk_table<Index> const>(classes.shared_members(), drawn_classes(classes, options),
                                                            options.classes, options.samples, options.seed, seen)) {}

  static constexpr std::string_view context = "pk_batch_sampler";

  static std::uint64_t size_of_batches(pk_batch_options const& options) {
    detail::refuse_negative(context, {{"classes", options.classes, 1}, {"samples", options.samples, 1}});
    if (options.classes == 0 || options.samples == 0) {
      detail::invalid(context, "classes is ", detail::text(options.classes), " and samples ",
                      detail::text(options.samples), "; a batch needs at least one class and one sample of it");
    }
    if (options.classes > detail::class_rounds::most_per_batch) {
      detail::invalid(context, "classes is ", detail::text(options.classes), "; a batch can have at most ",
                      detail::text(detail::class_rounds::most_per_batch));
    }
    if (options.samples >> 32 != 0) {
      detail::invalid(context, "samples is ", detail::text(options.samples), "; it must be below 2^32");
    }
    return options.classes * options.samples;
  }

  template <class Label>
  static std::vector<std::size_t> drawn_classes(class_index<Label, Index> const& classes,
                                                pk_batch_options const& options) {
    std::uint64_t const fewest = options.exclude_small ? options.samples : 1;
    std::vector<std::size_t> result;
    std::uint64_t present = 0;
    for (std::size_t c = 0; c < classes.counts().size(); ++c) {
      if (classes.counts()[c] >= fewest) result.push_back(c);
      if (classes.counts()[c] > 0) ++present;
    }
    if (present < options.classes) refuse_classes(options, present, "samples; lower it");
    if (result.size() < options.classes) {
      refuse_classes(
          options, result.size(),
          detail::joined(detail::text(fewest), " samples or more; lower .samples", result.empty() ? "" : " or .classes",
                         ", or set .exclude_small = false, which repeats samples"));
    }
    return result;
  }

  [[noreturn]] static void refuse_classes(pk_batch_options const& options, std::uint64_t drawn,
                                          std::string_view remedy) {
    detail::invalid(context, "classes is ", detail::text(options.classes), ", but ",
                    drawn == 0
                        ? "no class has "
                        : detail::joined("only ", detail::text(drawn), drawn == 1 ? " class has " : " classes have "),
                    remedy);
  }

  detail::shared<detail::pk_table<Index> const> table_;
};

template <std::unsigned_integral Index, class Label>
pk_batch_sampler<Index> amended(pk_batch_sampler<Index> const& before, checkpoint const& stopped,
                                class_index<Label, Index> const& classes, pk_batch_options options) {
  std::uint64_t const fingerprint = before.fingerprint();
  checkpoint const stop = detail::checked_stop(stopped, fingerprint, before.epoch_size());
  detail::seen_samples seen(static_cast<std::size_t>(before.index_bound()));
  before.table_->mark_seen(before.first_batch(stop.epoch) + stop.position, seen);
  options.seed = detail::seed_after(before.seed(), stop, options.seed);
  pk_batch_sampler<Index> result(classes, options, &seen);
  result.go_on_from(detail::history_of(fingerprint, stop));
  return result;
}

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
