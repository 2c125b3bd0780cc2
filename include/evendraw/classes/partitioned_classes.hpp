// Classes of data that lies on several ranks, a part on each.
#pragma once

#include <algorithm>
#include <cassert>
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
#include <evendraw/classes/detail/class_labels.hpp>
#include <evendraw/classes/detail/class_members.hpp>
#include <evendraw/classes/detail/label_numbering.hpp>
#include <evendraw/detail/blocks.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/interval_lookup.hpp>
#include <evendraw/detail/shared.hpp>

namespace evendraw {

/// How many samples of each label a rank has: what ranks have to tell each other.
template <class Label>
using label_counts = std::vector<std::pair<Label, std::uint64_t>>;

template <class Label, std::unsigned_integral Index>
[[nodiscard]] label_counts<Label> label_counts_of(class_index<Label, Index> const& classes) {
  label_counts<Label> result;
  for (std::size_t c = 0; c < classes.counts().size(); ++c) {
    result.emplace_back(classes.labels()[c], classes.counts()[c]);
  }
  return result;
}

/// The classes of a data set of which every rank holds a part, and which of all samples are one's own.
///
/// All ranks make the same sampler of classes() and so know the same epoch, without talking to each other; of each of
/// its batches a rank takes the samples that it has. So the ranks together draw what one process would draw, by a sampler
/// of its class_index, that holds the data of rank 0, then that of rank 1 ...; every rank does as many steps; and a step
/// has as many samples of a rank as the batch happens to hold, perhaps none: divide by the size of the batch, not of the
/// part. Batches give numbers in classes(), which go class by class: weights by sample have to be in that order
/// (sample_weights(classes(), ...)), and checkpoints are not those of one process.
///
///   mine      the classes of the samples that this rank has; std::nullopt: it has none
///   of_ranks  label_counts of every rank, those of this one too
///   rank      which of them this one is
///   options   .classes: all classes in the order of their numbers (default: those of all ranks, sorted); .allow_empty
///
/// Needs      rank < of_ranks.size(); of_ranks[rank] as in `mine`; a sample on some rank; at most 2^63 - 1 in all;
///            labels among .classes, if given -> else std::invalid_argument
/// Edge       ranks may have different labels, and none
/// Cost       O(labels of all ranks) to build, about 100 bytes a class. Every rank draws all batches, and
///            local_samples() takes some 3 to 8 ns for each sample of a batch, own or not; nothing is sent
/// Stable     same of_ranks: same classes and numbers on every rank. The classes drawn do not depend on which rank has
///            which samples; if the parts, put one behind the other, are the same, the samples do not either
template <class Label, std::unsigned_integral Index = std::uint32_t>
class partitioned_classes {
 public:
  using label_type = Label;
  using index_type = Index;

  partitioned_classes(std::optional<class_index<Label, Index>> const& mine,
                      std::span<label_counts<Label> const> of_ranks, std::uint64_t rank,
                      class_index_options<Label> const& options = {})
      : partitioned_classes(mine, checked_labels(mine, of_ranks, rank, options.classes), options) {}

  /// The classes of all ranks together, for samplers. Their samples are numbered class by class, and in a class rank by
  /// rank, in 64 bits.
  [[nodiscard]] class_index<Label, std::uint64_t> const& classes() const noexcept { return classes_; }

  /// The sample of this rank that has this number in classes(), if it has it: one by one, for those who need to know
  /// its place in the batch, as word() does. Needs sample < classes().index_bound() (asserted).
  [[nodiscard]] std::optional<Index> local_sample(std::uint64_t sample) const noexcept {
    auto const& own = table_->own[table_->pieces(sample)];
    if (sample - own.first >= own.count) return std::nullopt;
    return members_->sample(own.begin + (sample - own.first));
  }

  /// Writes the samples of a batch that this rank has to the front of `out`, in their order, and returns that part.
  /// Safe from many threads, allocates nothing. Needs samples < classes().index_bound() and out.size() >= batch.size()
  /// (asserted).
  std::span<Index> local_samples(std::span<std::uint64_t const> batch, std::span<Index> out) const noexcept {
    assert(out.size() >= batch.size());
    std::size_t found = 0;
    detail::block_of<std::uint64_t> places;
    for (auto const [done, part] : detail::blocks(batch)) {
      std::size_t here = 0;
      for (std::uint64_t const sample : part) {
        auto const& own = table_->own[table_->pieces(sample)];
        places[here] = own.begin + (sample - own.first);
        here += static_cast<std::size_t>(sample - own.first < own.count);  // no branch: it would be a guess
      }
      if (here > 0) members_->read(places, out.subspan(found, here));
      found += here;
    }
    return out.first(found);
  }

  /// The samples of a batch that this rank has, in their order.
  [[nodiscard]] std::vector<Index> local_samples(std::span<std::uint64_t const> batch) const {
    std::vector<Index> result(batch.size());
    result.resize(local_samples(batch, result).size());
    return result;
  }

 private:
  static constexpr std::string_view context = "partitioned_classes";

  /// A label of any rank, and how many samples have it.
  struct found_label {
    Label label;
    std::uint64_t count = 0;   // on all ranks,
    std::uint64_t before = 0;  // on ranks before this one,
    std::uint64_t own = 0;     // and on this one
  };

  /// The samples that a rank has of a class.
  struct piece {
    std::uint64_t first;  // their numbers,
    std::uint64_t count;
    std::uint64_t begin;  // and where they are among its members
  };
  struct table {
    detail::interval_lookup pieces;  // the class of each number
    std::vector<piece> own;
  };

  /// Of all ranks, sorted.
  static std::vector<found_label> checked_labels(std::optional<class_index<Label, Index>> const& mine,
                                                 std::span<label_counts<Label> const> of_ranks, std::uint64_t rank,
                                                 std::vector<Label> const& declared) {
    if (rank >= of_ranks.size()) {
      detail::invalid(context, "rank is ", detail::text(rank), " and there are counts of ",
                      detail::text(of_ranks.size()), " ranks; needs rank < number of ranks");
    }
    if (!declared.empty()) check_declared(of_ranks, declared);
    auto found = all_labels(of_ranks, rank);
    check_mine(mine, found, rank);
    return found;
  }

  static void check_declared(std::span<label_counts<Label> const> of_ranks, std::vector<Label> const& classes) {
    detail::class_labels<Label> const declared(context, classes);
    for (std::size_t rank = 0; rank < of_ranks.size(); ++rank) {
      for (auto const& [label, count] : of_ranks[rank]) {
        if (declared.find(label) < classes.size()) continue;
        detail::invalid(context, "the label ", detail::text(Label(label)), " of rank ", detail::text(rank),
                        " is not one of the declared .classes", declared.list());
      }
    }
  }

  static std::vector<found_label> all_labels(std::span<label_counts<Label> const> of_ranks, std::uint64_t rank) {
    detail::label_numbering<Label> numbering;
    std::vector<found_label> found;
    std::uint64_t sum = 0;
    for (std::size_t r = 0; r < of_ranks.size(); ++r) {
      for (auto const& [label, count] : of_ranks[r]) {
        if (count > std::numeric_limits<std::int64_t>::max() - sum) {
          detail::invalid(context, "with the count of ", detail::text(Label(label)), " of rank ", detail::text(r),
                          ", which is ", detail::text(count),
                          ", there are more than 2^63 - 1 samples; lower the counts");
        }
        sum += count;
        std::size_t const number = numbering.number(label);
        if (number == found.size()) found.push_back({.label = label});
        found[number].count += count;
        if (r < rank) found[number].before += count;
        if (r == rank) found[number].own += count;
      }
    }
    if (sum == 0) detail::invalid(context, "no rank has samples; at least one must have some");
    std::ranges::sort(found, {}, &found_label::label);
    return found;
  }

  static void check_mine(std::optional<class_index<Label, Index>> const& mine, std::vector<found_label> const& found,
                         std::uint64_t rank) {
    std::uint64_t own = 0;
    for (auto const& each : found) {
      bool const known = mine && mine->contains(each.label);
      std::uint64_t const held = known ? mine->counts()[number_of(*mine, each.label)] : 0;
      if (held != each.own) {
        detail::invalid(context, "rank ", detail::text(rank), " has ", detail::text(held), " samples of ",
                        detail::text(Label(each.label)), ", but its counts say ", detail::text(each.own),
                        "; give label_counts_of(mine) of every rank, by rank");
      }
      own += held;
    }
    if (std::uint64_t const held = mine ? mine->num_samples() : 0; held != own) {
      detail::invalid(context, "rank ", detail::text(rank), " has ", detail::text(held),
                      " samples, but its counts say ", detail::text(own),
                      "; give label_counts_of(mine) of every rank, by rank");
    }
  }

  partitioned_classes(std::optional<class_index<Label, Index>> const& mine, std::vector<found_label> const& found,
                      class_index_options<Label> const& options)
      : classes_(class_index<Label, std::uint64_t>::from_runs(runs_of(found), options)),
        table_(detail::share<table const>(table_of(mine, found))),
        members_(mine ? mine->shared_members() : detail::shared<class_members<Index> const>()) {}

  static label_counts<Label> runs_of(std::vector<found_label> const& found) {
    label_counts<Label> runs;
    for (auto const& each : found) runs.emplace_back(each.label, each.count);
    return runs;
  }

  static table table_of(std::optional<class_index<Label, Index>> const& mine, std::vector<found_label> const& found) {
    std::vector<std::uint64_t> lengths;
    std::vector<piece> own;
    std::uint64_t first = 0;
    for (auto const& each : found) {
      if (each.count == 0) continue;
      piece of_class{.first = first + each.before, .count = each.own, .begin = 0};
      if (each.own > 0) of_class.begin = mine->shared_members()->classes[number_of(*mine, each.label)].begin;
      own.push_back(of_class);
      lengths.push_back(each.count);
      first += each.count;
    }
    return {detail::interval_lookup(lengths), std::move(own)};
  }

  static std::size_t number_of(class_index<Label, Index> const& classes, Label const& label) {
    return static_cast<std::size_t>(classes.class_of(label));
  }

  class_index<Label, std::uint64_t> classes_;
  detail::shared<table const> table_;
  detail::shared<class_members<Index> const> members_;  // none: this rank has no samples
};

template <class Label, std::unsigned_integral Index>
partitioned_classes(class_index<Label, Index>, std::type_identity_t<std::span<label_counts<Label> const>>,
                    std::uint64_t) -> partitioned_classes<Label, Index>;
template <class Label, std::unsigned_integral Index>
partitioned_classes(class_index<Label, Index>, std::type_identity_t<std::span<label_counts<Label> const>>,
                    std::uint64_t, std::type_identity_t<class_index_options<Label>>)
    -> partitioned_classes<Label, Index>;

}  // namespace evendraw
