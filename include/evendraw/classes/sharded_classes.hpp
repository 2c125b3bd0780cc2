// Classes of data in shards, from the counts of each shard.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/classes/detail/label_numbering.hpp>
#include <evendraw/classes/detail/label_runs.hpp>
#include <evendraw/classes/detail/shard_cells.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/shared.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

/// The classes of data in shards, built from the number of samples of each class in each shard. The labels of a shard
/// are not needed until it is read.
///
/// Samples are numbered shard by shard, and in a shard class by class. Let i be a sample's number minus
/// first_sample(shard). If the shard stores its records class by class, the sample is record i. Otherwise it is record
/// records_by_class(shard, labels)[i].
///
///   counts_by_shard  for each shard either pairs of a label and a count, such as a std::map or label_counts; or a
///                    range of counts for the labels 0, 1, 2, ...
///   options          .classes: all classes, in the order of their numbers (default: those found, sorted);
///                    .allow_empty: a class may have no samples
///
/// Needs      at least one shard and one sample; counts >= 0 that sum to at most max of Index and 2^63 - 1; every label
///            in .classes, if that is given -> else std::invalid_argument
/// Edge       a shard may have no samples; if a label comes twice in a shard, the counts are added
/// Cost       O(counts given) to build; 24 bytes for each count above 0, 8 bytes per shard, and none for a sample
/// Stable     the same counts give the same classes and numbers
template <class Label, std::unsigned_integral Index = std::uint32_t>
class sharded_classes {
 public:
  using label_type = Label;
  using index_type = Index;

  template <std::ranges::input_range Shards>
  requires detail::count_range<std::ranges::range_value_t<Shards>> ||
      detail::label_run_range<std::ranges::range_value_t<Shards>, Label>
  explicit sharded_classes(Shards&& counts_by_shard, class_index_options<Label> const& options = {})
      : sharded_classes(found(counts_by_shard), options) {}

  /// The classes with their labels and counts. Their samples are numbered class by class, not shard by shard.
  [[nodiscard]] class_index<Label, std::uint64_t> const& classes() const noexcept { return classes_; }

  /// The number of classes.
  [[nodiscard]] std::uint64_t num_classes() const noexcept { return classes_.num_classes(); }
  /// The number of samples in all shards.
  [[nodiscard]] std::uint64_t num_samples() const noexcept { return cells_->shards.num_samples(); }
  /// The number of shards.
  [[nodiscard]] std::uint64_t num_shards() const noexcept { return cells_->shards.num_shards(); }
  /// The label of each class, by class number.
  [[nodiscard]] std::vector<Label> const& labels() const& noexcept { return classes_.labels(); }
  [[nodiscard]] std::vector<Label> labels() && { return classes_.labels(); }
  /// The number of samples of each class.
  [[nodiscard]] std::span<std::uint64_t const> counts() const& noexcept { return classes_.counts(); }
  [[nodiscard]] std::vector<std::uint64_t> counts() && { return {classes_.counts().begin(), classes_.counts().end()}; }

  /// The first sample of a shard, or num_samples() for num_shards(). Needs shard <= num_shards() -> else
  /// std::out_of_range.
  [[nodiscard]] std::uint64_t first_sample(std::uint64_t shard) const {
    if (shard > num_shards()) refuse_shard(shard);
    return cells_->shards.first(static_cast<std::size_t>(shard));
  }

  /// The record numbers of a shard in the order of its samples: class by class, and ascending in each class. Sample
  /// first_sample(shard) + i is record number result[i].
  ///
  ///   shard   its number
  ///   labels  the label of each of its records
  ///
  /// Needs      shard < num_shards() -> else std::out_of_range; as many records of each label as counts_by_shard says
  ///            -> else std::invalid_argument
  /// Cost       O(records + classes)
  template <detail::given_labels Labels>
  [[nodiscard]] std::vector<Index> records_by_class(std::uint64_t shard, Labels const& labels) const {
    if (shard >= num_shards()) refuse_shard(shard);
    std::vector<std::uint64_t> next(static_cast<std::size_t>(num_classes()));
    auto const class_of = classes_of_records(shard, labels);
    for (std::size_t const c : class_of) ++next[c];
    std::uint64_t before = 0;
    for (std::size_t c = 0; c < next.size(); ++c) {
      std::uint64_t const records = next[c], counted = count(c, static_cast<std::uint32_t>(shard));
      if (records != counted) {
        detail::invalid(context, "shard ", detail::text(shard), " has ", detail::text(records), " records of ",
                        detail::text(Label(classes_.labels()[c])), ", but its counts say ", detail::text(counted),
                        "; it is damaged, or was written after the count");
      }
      next[c] = before;
      before += records;
    }
    std::vector<Index> result(class_of.size());
    for (std::size_t i = 0; i < class_of.size(); ++i) {
      result[static_cast<std::size_t>(next[class_of[i]]++)] = static_cast<Index>(i);
    }
    return result;
  }

  /// The cells, which samplers share with this object.
  [[nodiscard]] detail::shared<detail::shard_cells const> shared_cells() const noexcept { return cells_; }

 private:
  static constexpr std::string_view context = "sharded_classes";

  /// The counts of all shards, as they were read.
  struct found_counts {
    struct entry {
      std::uint64_t count;
      std::uint32_t shard;
      std::uint32_t label;  // its number in `numbering`
    };
    detail::label_numbering<Label> numbering;
    detail::huge_page_vector<entry> entries;  // shard by shard
    std::vector<std::uint64_t> sizes;         // by shard
    std::vector<std::uint64_t> totals;        // by label

    void add(Label const& label, auto count) {
      std::uint32_t const number = numbering.number(label);
      if (number == totals.size()) totals.push_back(0);
      if (std::cmp_less(count, 0)) {
        detail::invalid(context, "shard ", detail::text(sizes.size() - 1), " has ", detail::text(count), " samples of ",
                        detail::text(Label(label)), "; a count must be >= 0");
      }
      auto const samples = static_cast<std::uint64_t>(count);
      if (samples > std::numeric_limits<std::int64_t>::max() - sizes.back()) {
        detail::invalid(context, "shard ", detail::text(sizes.size() - 1), " has more than 2^63 - 1 samples");
      }
      sizes.back() += samples;
      totals[number] += samples;
      if (samples > 0) entries.push_back({samples, static_cast<std::uint32_t>(sizes.size() - 1), number});
    }
  };

  template <detail::given_labels Labels>
  [[nodiscard]] std::vector<std::size_t> classes_of_records(std::uint64_t shard, Labels const& labels) const {
    std::vector<std::size_t> result;
    if constexpr (detail::are_labels<Labels const&>()) {
      for (auto const& label : labels) {
        if (!classes_.contains(label)) {
          detail::invalid(context, "shard ", detail::text(shard), " has a record of ", detail::text(Label(label)),
                          ", but its counts do not; count again");
        }
        result.push_back(static_cast<std::size_t>(classes_.class_of(label)));
      }
    }
    return result;
  }

  template <class Shards>
  static found_counts found(Shards&& counts_by_shard) {
    found_counts result;
    for (auto const& shard : counts_by_shard) {
      result.sizes.push_back(0);
      if constexpr (detail::count_range<std::ranges::range_value_t<Shards>>) {
        std::uint64_t c = 0;
        for (auto const count : shard) {
          if (c > static_cast<std::uint64_t>(std::numeric_limits<Label>::max())) {
            detail::invalid(context, "there are more counts in a shard than labels; use a wider label type");
          }
          result.add(static_cast<Label>(c++), count);
        }
      } else {
        for (auto const& [label, count] : shard) result.add(detail::as_label<Label>(label), count);
      }
    }
    return result;
  }

  sharded_classes(found_counts found, class_index_options<Label> const& options)
      : sharded_classes(found, detail::shard_borders(context, found.sizes), options) {}

  sharded_classes(found_counts& found, detail::shard_borders shards, class_index_options<Label> const& options)
      : classes_(class_index<Label, std::uint64_t>::from_runs(runs_of(found), options)),
        cells_(detail::share<detail::shard_cells const>(cells_of(found, std::move(shards), classes_))) {
    detail::check_index_fits<Index>(context, num_samples());
  }

  static std::vector<std::pair<Label, std::uint64_t>> runs_of(found_counts& found) {
    std::vector<std::pair<Label, std::uint64_t>> runs;
    for (std::size_t i = 0; i < found.totals.size(); ++i) {
      runs.emplace_back(static_cast<Label>(found.numbering.keys()[i]), found.totals[i]);
    }
    return runs;
  }

  static detail::shard_cells cells_of(found_counts& found, detail::shard_borders shards,
                                      class_index<Label, std::uint64_t> const& classes) {
    std::vector<std::size_t> class_of;  // by label
    for (auto const& [label, total] : runs_of(found)) {
      class_of.push_back(total == 0 ? 0 : static_cast<std::size_t>(classes.class_of(label)));
    }
    detail::shard_cells result{std::move(shards)};
    auto const num_classes = static_cast<std::size_t>(classes.num_classes());
    detail::huge_page_vector<std::size_t> next(num_classes + 1, 0);
    for (auto const& entry : found.entries) ++next[class_of[entry.label] + 1];
    for (std::size_t c = 0; c < num_classes; ++c) next[c + 1] += next[c];
    result.first_cell = next;
    result.cells.resize(found.entries.size());
    for (auto const& [count, shard, label] : found.entries) {
      std::size_t const c = class_of[label];
      result.cells[next[c]++] = {0, count, shard, static_cast<std::uint32_t>(c)};
    }
    merge_twins(result);
    detail::huge_page_vector<std::uint64_t> begins(result.shards.num_shards());
    for (std::size_t s = 0; s < begins.size(); ++s) begins[s] = result.shards.first(s);
    for (auto& cell : result.cells) {
      cell.begin = begins[cell.shard];
      begins[cell.shard] += cell.count;
    }
    return result;
  }

  /// Adds up cells of the same class and shard.
  static void merge_twins(detail::shard_cells& table) {
    std::size_t kept = 0;
    for (std::size_t c = 0; c + 1 < table.first_cell.size(); ++c) {
      std::size_t const first = kept;
      for (std::size_t i = std::exchange(table.first_cell[c], first); i < table.first_cell[c + 1]; ++i) {
        if (kept > first && table.cells[kept - 1].shard == table.cells[i].shard) {
          table.cells[kept - 1].count += table.cells[i].count;
        } else {
          table.cells[kept++] = table.cells[i];
        }
      }
    }
    table.first_cell.back() = kept;
    table.cells.resize(kept);
  }

  /// The number of samples of class c in a shard.
  [[nodiscard]] std::uint64_t count(std::size_t c, std::uint32_t shard) const noexcept {
    auto const& table = *cells_;
    std::size_t low = table.first_cell[c], high = table.first_cell[c + 1];
    while (low < high) {
      std::size_t const middle = low + (high - low) / 2;
      table.cells[middle].shard < shard ? low = middle + 1 : high = middle;
    }
    return low < table.first_cell[c + 1] && table.cells[low].shard == shard ? table.cells[low].count : 0;
  }

  [[noreturn]] void refuse_shard(std::uint64_t shard) const {
    detail::out_of_range(context, "shard number ", detail::text(shard), "; there are ", detail::text(num_shards()),
                         " shards, numbered from 0");
  }

  class_index<Label, std::uint64_t> classes_;
  detail::shared<detail::shard_cells const> cells_;
};

namespace detail {

/// The label type of counts by shard: that of the pairs, or int.
template <class Shard>
struct label_in_shard {
  using type = kept_label<std::remove_cvref_t<decltype(std::declval<std::ranges::range_reference_t<Shard>>().first)>>;
};
template <count_range Shard>
struct label_in_shard<Shard> {
  using type = int;
};

}  // namespace detail

template <std::ranges::input_range Shards>
sharded_classes(Shards&&) -> sharded_classes<typename detail::label_in_shard<std::ranges::range_value_t<Shards>>::type>;
template <std::ranges::input_range Shards>
sharded_classes(Shards&&,
                class_index_options<typename detail::label_in_shard<std::ranges::range_value_t<Shards>>::type>)
    -> sharded_classes<typename detail::label_in_shard<std::ranges::range_value_t<Shards>>::type>;

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
