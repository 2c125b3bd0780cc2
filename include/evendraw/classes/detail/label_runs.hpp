// Labels given by counts or runs: first the samples of one label, then those of another.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <evendraw/classes/detail/class_members.hpp>
#include <evendraw/classes/detail/label_numbering.hpp>
#include <evendraw/classes/labels.hpp>
#include <evendraw/detail/errors.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

namespace detail {

/// A range of class counts, for instance class_index::counts().
template <class Range>
concept count_range = std::ranges::input_range<Range> && whole_number<std::ranges::range_value_t<Range>>;

/// A range of pairs of a label and a count.
template <class Range, class Label>
concept label_run_range = std::ranges::input_range<Range> && requires(std::ranges::range_reference_t<Range> run) {
  requires std::same_as<kept_label<std::remove_cvref_t<decltype(run.first)>>, Label>;
  requires whole_number<std::remove_cvref_t<decltype(run.second)>>;
};

/// Consecutive samples of one label.
struct label_run {
  std::uint32_t key;
  std::uint64_t begin;
  std::uint64_t count;
};

/// Collects runs of labels. It numbers the labels in order of first occurrence, and keeps the number and the places of
/// the samples of each label.
template <class Label>
class label_runs {
 public:
  /// Adds a run of `count` samples.
  ///
  /// Needs      count >= 0; at most 2^63 - 1 samples in all -> else std::invalid_argument
  void add(std::string_view context, auto const& label, auto count) {
    std::uint32_t const key = numbering_.number(label);
    if (key == counts.size()) counts.push_back(0);
    if (std::cmp_less(count, 0)) {
      invalid(context, "the count of ", text(label_of(key)), " is ", text(count), "; a count must be >= 0");
    }
    add_samples(context, key, static_cast<std::uint64_t>(count));
  }

  [[nodiscard]] Label label_of(std::size_t key) const { return static_cast<Label>(numbering_.keys()[key]); }
  [[nodiscard]] std::vector<Label> labels() const {
    std::vector<Label> result(counts.size());
    for (std::size_t key = 0; key < result.size(); ++key) result[key] = label_of(key);
    return result;
  }

  /// The first sample of a label that has samples.
  [[nodiscard]] std::uint64_t first_sample(std::size_t key) const noexcept {
    std::size_t p = 0;
    while (runs[p].key != key) ++p;
    return runs[p].begin;
  }

  /// Writes where the members of each class are. class_of[key] is the class of label number `key`. `members` already
  /// has the places that the classes have if members are stored.
  template <std::unsigned_integral Index>
  void place(huge_page_vector<std::uint32_t> const& class_of, class_members<Index>& members) const {
    std::size_t labels = 0;
    for (std::uint64_t const count : counts) labels += count > 0 ? 1 : 0;
    if (runs.size() == labels) {
      for (auto const& run : runs) members.classes[class_of[run.key]].begin = run.begin;
      return;
    }
    if (num_samples > members.samples.max_size()) {
      invalid("class_index::from_runs", "a label comes again after others, and the indices of all ", text(num_samples),
              " samples do not fit into memory; give each label one run");
    }
    members.samples = huge_page_vector<Index>(static_cast<std::size_t>(num_samples));
    huge_page_vector<std::uint64_t> next(class_of.size());  // the place of the next member of each label
    for (std::size_t key = 0; key < next.size(); ++key) {
      if (counts[key] > 0) next[key] = members.classes[class_of[key]].begin;
    }
    for (auto const& [key, begin, count] : runs) {
      for (std::uint64_t i = 0; i < count; ++i) {
        members.samples[static_cast<std::size_t>(next[key]++)] = static_cast<Index>(begin + i);
      }
    }
  }

  huge_page_vector<std::uint64_t> counts;  // the number of samples of each label
  huge_page_vector<label_run> runs;
  std::uint64_t num_samples = 0;

 private:
  void add_samples(std::string_view context, std::uint32_t key, std::uint64_t samples) {
    if (samples > std::numeric_limits<std::int64_t>::max() - num_samples) {
      invalid(context, "with the count of ", text(label_of(key)), ", which is ", text(samples),
              ", there are more than 2^63 - 1 samples; lower the counts");
    }
    counts[key] += samples;
    if (!runs.empty() && runs.back().key == key) {
      runs.back().count += samples;
    } else if (samples > 0) {
      runs.push_back({key, num_samples, samples});
    }
    num_samples += samples;
  }

  label_numbering<Label> numbering_;
};

}  // namespace detail

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
