// Data that is spread over ranks and changes in the middle of a run.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/classes/detail/label_numbering.hpp>
#include <evendraw/classes/detail/partition_layer.hpp>
#include <evendraw/classes/partitioned_classes.hpp>
#include <evendraw/detail/errors.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

/// The changes of the data of a rank. The ranks exchange these, and each rank then calls amended().
template <class Label>
struct partition_changes {
  std::vector<std::uint64_t> withdrawn = {};                     ///< numbers of withdrawn samples, ascending
  std::vector<std::pair<std::uint64_t, Label>> relabelled = {};  ///< sample numbers, ascending, and their new labels
  label_counts<Label> appended = {};                             ///< the samples that the rank did not have before
  friend bool operator==(partition_changes const&, partition_changes const&) = default;
};

namespace detail {

/// The labels of all sample numbers while they change.
template <class Label>
class changing_labels {
 public:
  explicit changing_labels(class_index<Label, std::uint64_t> const& before) : of_sample_(before.sample_classes()) {
    for (std::size_t c = 0; c < before.labels().size(); ++c) labels_.number(Label(before.labels()[c]));
    for (std::uint32_t& c : of_sample_) {
      if (c == before.num_classes()) c = withdrawn;
    }
  }

  void apply(std::string_view context, std::size_t rank, partition_changes<Label> const& changes) {
    for (std::uint64_t const number : changes.withdrawn) at(context, rank, number) = withdrawn;
    for (auto const& [number, label] : changes.relabelled) {
      at(context, rank, number) = static_cast<std::uint32_t>(labels_.number(label));
    }
  }

  /// The classes of the remaining samples, and of appended ones after them.
  [[nodiscard]] class_index<Label, std::uint64_t> with_appended(std::string_view context,
                                                                std::vector<found_label<Label>> const& appended,
                                                                class_index_options<Label> const& options) const {
    label_counts<Label> runs;
    std::vector<std::uint64_t> kept;
    std::uint32_t last = withdrawn;
    std::uint64_t withdrawn_first = 0;
    for (std::size_t number = 0; number < of_sample_.size(); ++number) {
      std::uint32_t const c = of_sample_[number];
      if (c != withdrawn) kept.push_back(number);
      if (c != withdrawn && c != last) runs.emplace_back(static_cast<Label>(labels_.keys()[last = c]), 0);
      ++(runs.empty() ? withdrawn_first : runs.back().second);  // a gap has the label before it, until it is left out
    }
    std::uint64_t next = of_sample_.size(), sum = next;
    for (auto const& each : appended) sum += each.count;
    if (sum > std::numeric_limits<std::int64_t>::max()) {
      invalid(context, "with the appended samples there are ", text(sum),
              " sample numbers, and at most 2^63 - 1 are possible; lower the counts");
    }
    kept.reserve(static_cast<std::size_t>(sum));  // throws at once if memory does not suffice
    for (auto const& [label, count, before, own] : appended) {
      runs.emplace_back(label, count);
      for (std::uint64_t i = 0; i < count; ++i) kept.push_back(next++);
    }
    if (runs.empty()) invalid(context, "no rank has samples any more; at least one must have some");
    runs.front().second += withdrawn_first;
    auto const all = class_index<Label, std::uint64_t>::from_runs(runs, options);
    return kept.size() == next ? all : all.subset(kept);
  }

 private:
  static constexpr std::uint32_t withdrawn = ~std::uint32_t{0};

  std::uint32_t& at(std::string_view context, std::size_t rank, std::uint64_t number) {
    if (number >= of_sample_.size() || of_sample_[static_cast<std::size_t>(number)] == withdrawn) {
      invalid(context, "the changes of rank ", text(rank), " name sample ", text(number),
              ", which does not exist; give changes_of(before, mine) of every rank, by rank");
    }
    return of_sample_[static_cast<std::size_t>(number)];
  }

  label_numbering<Label> labels_;
  std::vector<std::uint32_t> of_sample_;  // the number of each sample's label
};

/// The changes of the samples of a rank, and the partition that follows from them.
template <class Label, std::unsigned_integral Index>
class partition_amendment {
 public:
  using partition = partitioned_classes<Label, Index>;
  using samples = std::optional<class_index<Label, Index>>;

  partition_amendment(partition const& before, samples const& mine) : before_(before) {
    auto new_classes = mine ? mine->sample_classes() : std::vector<std::uint32_t>();  // by local index
    auto const none = static_cast<std::uint32_t>(mine ? mine->num_classes() : 0);
    auto const old_classes = before.classes().sample_classes();
    for (auto const& layer : *before.layers_) {
      for (auto const& [first, count, begin] : layer->own) {
        for (std::uint64_t i = 0; i < count; ++i) {
          std::uint64_t const number = layer->first + first + i;
          std::uint32_t const c = old_classes[static_cast<std::size_t>(number)];
          if (c == before.classes().num_classes()) continue;  // was withdrawn before
          auto const local = static_cast<std::size_t>(layer->members->sample(begin + i));
          std::uint32_t const new_class = local < new_classes.size() ? std::exchange(new_classes[local], none) : none;
          compare(number, c, mine, new_class);
        }
      }
    }
    std::vector<Index> appended;
    for (std::size_t local = 0; local < new_classes.size(); ++local) {
      if (new_classes[local] != none) appended.push_back(static_cast<Index>(local));
    }
    if (appended.empty()) return;
    appended_ = mine->subset(appended);
    for (std::size_t c = 0; c < appended_->counts().size(); ++c) {
      std::uint64_t const count = appended_->counts()[c];
      if (count > 0) changes_.appended.emplace_back(appended_->labels()[c], count);
    }
  }

  [[nodiscard]] partition_changes<Label> const& changes() const noexcept { return changes_; }

  [[nodiscard]] partition result(std::span<partition_changes<Label> const> changes_by_rank, std::uint64_t rank,
                                 class_index_options<Label> const& options) const {
    constexpr std::string_view context = "amended";
    refuse_negative(context, {{"rank", rank}});
    if (rank >= changes_by_rank.size()) {
      invalid(context, "rank is ", text(rank), " and there are changes of ",
              counted(changes_by_rank.size(), "rank", "ranks"), "; needs rank < number of ranks");
    }
    if (changes_by_rank[static_cast<std::size_t>(rank)] != changes_) {
      invalid(context, "the changes of rank ", text(rank),
              " are not what has changed here; give changes_of(before, mine) of every rank, by rank");
    }
    changing_labels<Label> labels(before_.classes());
    std::vector<label_counts<Label>> appended;
    for (std::size_t r = 0; r < changes_by_rank.size(); ++r) {
      labels.apply(context, r, changes_by_rank[r]);
      appended.push_back(changes_by_rank[r].appended);
    }
    auto const found = labels_of_ranks(context, std::span<label_counts<Label> const>(appended), rank);
    auto layers = *before_.layers_;
    if (!found.empty()) {
      std::uint64_t const first = before_.classes().index_bound();
      layers.push_back(share<partition_layer<Index> const>(layer_of(first, appended_, found)));
    }
    return partition(labels.with_appended(context, found, options), std::move(layers));
  }

 private:
  void compare(std::uint64_t number, std::uint32_t old_class, samples const& mine, std::uint32_t new_class) {
    if (!mine || new_class == mine->num_classes()) {
      changes_.withdrawn.push_back(number);
    } else if (Label const label = mine->labels()[new_class]; label != before_.classes().labels()[old_class]) {
      changes_.relabelled.emplace_back(number, label);
    }
  }

  partition const& before_;
  samples appended_;  // on this rank
  partition_changes<Label> changes_;
};

}  // namespace detail

/// Finds the changes of the samples of this rank.
///
///   before  the classes so far
///   mine    the classes of the samples on this rank as they are now; std::nullopt if it has none. The remaining
///           samples keep their local indices, and appended samples have new ones. To leave out withdrawn samples, give
///           a subset: class_index(labels, indices)
///
/// Edge       a sample that comes again after it was withdrawn counts as appended
/// Cost       O(samples of all ranks) time and memory
template <class Label, std::unsigned_integral Index>
[[nodiscard]] partition_changes<Label> changes_of(
    partitioned_classes<Label, Index> const& before,
    std::type_identity_t<std::optional<class_index<Label, Index>>> const& mine) {
  return detail::partition_amendment<Label, Index>(before, mine).changes();
}

/// The classes of all ranks after the data of some ranks changed. Samplers continue with them: amended(sampler,
/// stopped, next.classes(), options).
///
/// The remaining samples keep their numbers, even if they have a new label. Withdrawn samples leave gaps. Appended
/// samples get the numbers after all others, class by class, and within a class rank by rank.
///
///   before           the classes so far
///   mine             as for changes_of()
///   changes_by_rank  the changes of every rank, including this one
///   rank             the number of this rank
///   options          as for partitioned_classes
///
/// Needs      changes_by_rank[rank] equal to changes_of(before, mine); numbers that are samples of before.classes(); at
///            least one remaining sample; every label in .classes, if that is given -> else std::invalid_argument
/// Cost       O(n) time for the n samples of all ranks, and about 8 n bytes, because numbers are no longer assigned
///            class by class; while building about 20 n bytes
/// Stable     the same changes_by_rank give the same classes and numbers on every rank. Together the ranks draw the
///            same as one process that amends the concatenated data and appends the new samples at its end, rank by
///            rank, except that relabelled samples may come in another order
template <class Label, std::unsigned_integral Index>
[[nodiscard]] partitioned_classes<Label, Index> amended(
    partitioned_classes<Label, Index> const& before,
    std::type_identity_t<std::optional<class_index<Label, Index>>> const& mine,
    std::type_identity_t<std::span<partition_changes<Label> const>> changes_by_rank, std::uint64_t rank,
    std::type_identity_t<class_index_options<Label>> const& options = {}) {
  return detail::partition_amendment<Label, Index>(before, mine).result(changes_by_rank, rank, options);
}

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
