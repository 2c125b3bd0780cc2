// Classes of data that is spread over several ranks.
#pragma once

#include <algorithm>
#include <cassert>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/classes/detail/class_labels.hpp>
#include <evendraw/classes/detail/partition_layer.hpp>
#include <evendraw/detail/blocks.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/shared.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

/// The classes of a data set that is spread over ranks, as one rank sees them.
///
/// All ranks make the same sampler of classes(), so they know the same epoch without communication. From each batch, a
/// rank takes the samples that it has. Together the ranks draw what one process would draw from their data,
/// concatenated in order of rank. Every rank makes the same number of steps. A rank's part of a batch varies in size
/// and may be empty. So divide sums over samples, such as gradients, by the size of the batch, not by that of the part.
///
/// Batches contain the sample numbers of classes(), which are assigned class by class. Weights per sample must have the
/// same order, as those of sample_weights(classes(), ...) do. Checkpoints differ from those of one process. If the data
/// changes in the middle of a run, see amended() and partition_changes.
///
///   mine            the classes of the samples on this rank; std::nullopt if it has none
///   counts_by_rank  mine.label_counts() of every rank, including this one; {} for a rank without samples
///   rank            the number of this rank
///   options         .classes: all classes, in the order of their numbers (default: those of all ranks, sorted);
///                   .allow_empty: a class in .classes may have no samples
///
/// Needs      rank < counts_by_rank.size(); counts_by_rank[rank] equal to the counts of `mine`; at least one sample;
///            at most 2^63 - 1 samples in all; every label in .classes, if that is given -> else std::invalid_argument
/// Edge       ranks may have different labels, or no samples
/// Cost       O(labels of all ranks) to build, about 100 bytes per class. Every rank draws all batches. local_samples()
///            takes about 3 to 8 ns per sample of a batch, whether the rank has it or not, and O(log K) steps if the
///            sizes of the classes differ much. Nothing is sent
/// Stable     the same counts_by_rank give the same classes and numbers on every rank. The drawn classes do not depend
///            on which rank has which samples. Nor do the drawn samples, if the concatenated data is the same
template <class Label, std::unsigned_integral Index = std::uint32_t>
class partitioned_classes {
 public:
  using label_type = Label;
  using index_type = Index;

  partitioned_classes(std::optional<class_index<Label, Index>> const& mine,
                      std::span<label_counts<Label> const> counts_by_rank, std::uint64_t rank,
                      class_index_options<Label> const& options = {})
      : partitioned_classes(mine, checked_labels(mine, counts_by_rank, rank, options.classes), options) {}

  /// Refuses labels and texts, and says what to give instead.
  template <detail::given_labels Labels, class Counts, class... Options>
  partitioned_classes(Labels&&, Counts const&, std::uint64_t, Options const&...)
      : partitioned_classes(refused<Labels>()) {}

  /// The classes of all ranks together, for samplers. Their samples have 64-bit numbers, which are assigned class by
  /// class, and within a class rank by rank.
  [[nodiscard]] class_index<Label, std::uint64_t> const& classes() const noexcept { return classes_; }

  /// The index on this rank of the sample with this number in classes(), or std::nullopt if another rank has it. Use it
  /// in loops that need a draw's place in the batch, for instance for word(). Needs sample < classes().index_bound()
  /// (asserted).
  [[nodiscard]] std::optional<Index> local_sample(std::uint64_t sample) const noexcept {
    layer const& found = layer_with(sample);
    std::uint64_t const place = found.place_of(sample);
    if (place == layer::none) return std::nullopt;
    return found.members->sample(place);
  }

  /// Writes the samples of a batch that this rank has to the front of `out`, in the order of the batch, and returns
  /// that part of `out`. It may be called from many threads and allocates nothing. Needs samples below
  /// classes().index_bound() and out.size() >= batch.size() (asserted).
  std::span<Index> local_samples(std::span<std::uint64_t const> batch, std::span<Index> out) const noexcept {
    assert(out.size() >= batch.size());
    std::size_t found = 0;
    if (layers_->size() > 1) {
      for (std::uint64_t const sample : batch) {
        if (auto const own = local_sample(sample)) out[found++] = *own;
      }
      return out.first(found);
    }
    layer const& first = *layers_->front();
    detail::block_of<std::uint64_t> places;
    for (auto const [done, part] : detail::blocks(batch)) {
      std::size_t kept = 0;
      for (std::uint64_t const sample : part) {
        auto const& own = first.own[first.classes(sample)];
        places[kept] = own.begin + (sample - own.first);
        kept += static_cast<std::size_t>(sample - own.first < own.count);  // a branch could not be predicted
      }
      if (kept > 0) first.members->read(places, out.subspan(found, kept));
      found += kept;
    }
    return out.first(found);
  }

  /// The samples of a batch that this rank has, in the order of the batch.
  [[nodiscard]] std::vector<Index> local_samples(std::span<std::uint64_t const> batch) const {
    std::vector<Index> result(batch.size());
    result.resize(local_samples(batch, result).size());
    return result;
  }

 private:
  friend class detail::partition_amendment<Label, Index>;

  static constexpr std::string_view context = "partitioned_classes";

  template <class Labels>
  static partitioned_classes refused() {
    static_assert(
        !detail::given_labels<Labels>,
        "evendraw: partitioned_classes takes class_index(labels) of the samples on this rank, or std::nullopt "
        "if it has none");
  }

  using found_label = detail::found_label<Label>;
  using layer = detail::partition_layer<Index>;
  using layer_list = std::vector<detail::shared<layer const>>;

  /// The labels of all ranks, sorted.
  static std::vector<found_label> checked_labels(std::optional<class_index<Label, Index>> const& mine,
                                                 std::span<label_counts<Label> const> counts_by_rank,
                                                 std::uint64_t rank, std::vector<Label> const& declared) {
    if (rank >= counts_by_rank.size()) {
      detail::invalid(context, "rank is ", detail::text(rank), " and there are counts of ",
                      detail::counted(counts_by_rank.size(), "rank", "ranks"), "; needs rank < number of ranks");
    }
    if (!declared.empty()) check_declared(counts_by_rank, declared);
    auto found = detail::labels_of_ranks(context, counts_by_rank, rank);
    if (found.empty()) detail::invalid(context, "no rank has samples; at least one must have some");
    check_mine(mine, found, rank);
    return found;
  }

  static void check_declared(std::span<label_counts<Label> const> counts_by_rank, std::vector<Label> const& classes) {
    detail::class_labels<Label> const declared(context, classes);
    for (std::size_t rank = 0; rank < counts_by_rank.size(); ++rank) {
      for (auto const& [label, count] : counts_by_rank[rank]) {
        if (declared.find(label) < classes.size()) continue;
        detail::invalid(context, "the label ", detail::text(Label(label)), " of rank ", detail::text(rank),
                        " is not one of the declared .classes", declared.list());
      }
    }
  }

  static void check_mine(std::optional<class_index<Label, Index>> const& mine, std::vector<found_label> const& found,
                         std::uint64_t rank) {
    std::uint64_t own = 0;
    for (auto const& each : found) {
      bool const known = mine && mine->contains(each.label);
      std::uint64_t const indexed = known ? mine->counts()[static_cast<std::size_t>(mine->class_of(each.label))] : 0;
      if (indexed != each.own) {
        detail::invalid(context, "rank ", detail::text(rank), " has ", detail::counted(indexed, "sample", "samples"),
                        " of ", detail::text(Label(each.label)), ", but its counts say ", detail::text(each.own),
                        "; give mine.label_counts() of every rank, by rank");
      }
      own += indexed;
    }
    if (std::uint64_t const indexed = mine ? mine->num_samples() : 0; indexed != own) {
      detail::invalid(context, "rank ", detail::text(rank), " has ", detail::counted(indexed, "sample", "samples"),
                      ", but its counts say ", detail::text(own), "; give mine.label_counts() of every rank, by rank");
    }
  }

  partitioned_classes(std::optional<class_index<Label, Index>> const& mine, std::vector<found_label> const& found,
                      class_index_options<Label> const& options)
      : partitioned_classes(class_index<Label, std::uint64_t>::from_runs(runs_of(found), options),
                            {detail::share<layer const>(detail::layer_of(0, mine, found))}) {}

  partitioned_classes(class_index<Label, std::uint64_t> classes, std::vector<detail::shared<layer const>> layers)
      : classes_(std::move(classes)), layers_(detail::share<layer_list const>(std::move(layers))) {}

  static label_counts<Label> runs_of(std::vector<found_label> const& found) {
    label_counts<Label> runs;
    for (auto const& each : found) runs.emplace_back(each.label, each.count);
    return runs;
  }

  [[nodiscard]] layer const& layer_with(std::uint64_t sample) const noexcept {
    layer_list const& layers = *layers_;
    std::size_t k = layers.size() - 1;
    while (layers[k]->first > sample) --k;
    return *layers[k];
  }

  class_index<Label, std::uint64_t> classes_;
  detail::shared<layer_list const> layers_;  // the first samples, then those of each change that appended some
};

template <class Label, std::unsigned_integral Index>
partitioned_classes(class_index<Label, Index>, std::type_identity_t<std::span<label_counts<Label> const>>,
                    std::uint64_t) -> partitioned_classes<Label, Index>;
template <class Label, std::unsigned_integral Index>
partitioned_classes(class_index<Label, Index>, std::type_identity_t<std::span<label_counts<Label> const>>,
                    std::uint64_t, std::type_identity_t<class_index_options<Label>>)
    -> partitioned_classes<Label, Index>;

template <detail::given_labels Labels, class Counts, class... Options>
partitioned_classes(Labels&&, Counts const&, std::uint64_t, Options const&...)
    -> partitioned_classes<detail::label_of<Labels>>;

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
