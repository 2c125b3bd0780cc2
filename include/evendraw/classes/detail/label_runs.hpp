// Labels that are given as counts or as runs: so many samples of one label, then so many of another.
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

namespace evendraw {

/// A range of class counts, for instance class_index::counts().
template <class Range>
concept count_range = std::ranges::input_range<Range> && whole_number<std::ranges::range_value_t<Range>>;

/// A range of pairs of a label and a count.
template <class Range, class Label>
concept label_run_range = std::ranges::input_range<Range> && requires(std::ranges::range_reference_t<Range> run) {
  requires std::same_as<kept_label<std::remove_cvref_t<decltype(run.first)>>, Label>;
  requires whole_number<std::remove_cvref_t<decltype(run.second)>>;
};

namespace detail {

/// Consecutive samples of one label.
struct label_piece {
  std::uint32_t key;
  std::uint64_t begin;
  std::uint64_t count;
};

/// What labels given by runs come to: the labels, numbered as they come, how many samples have each, and where.
template <class Label>
class label_runs {
 public:
  /// Needs      count >= 0; at most 2^63 - 1 samples together -> else std::invalid_argument
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

  /// The first sample of a label that has one.
  [[nodiscard]] std::uint64_t first_sample(std::size_t key) const noexcept {
    std::size_t p = 0;
    while (pieces[p].key != key) ++p;
    return pieces[p].begin;
  }

  /// Says where the members are, by the class of each label. `members` comes with the places that they have if stored.
  template <std::unsigned_integral Index>
  void place(huge_page_vector<std::uint32_t> const& class_of, class_members<Index>& members) const {
    std::size_t labels = 0;
    for (std::uint64_t const count : counts) labels += count > 0 ? 1 : 0;
    if (pieces.size() == labels) {
      for (auto const& piece : pieces) members.classes[class_of[piece.key]].begin = piece.begin;
      return;
    }
    if (num_samples > members.samples.max_size()) {
      invalid("class_index::from_runs", "a label comes again after others, and the indices of all ", text(num_samples),
              " samples do not fit into memory; give each label one run");
    }
    members.samples = huge_page_vector<Index>(static_cast<std::size_t>(num_samples));
    huge_page_vector<std::uint64_t> next(class_of.size());  // the place of the next member of a label
    for (std::size_t key = 0; key < next.size(); ++key) {
      if (counts[key] > 0) next[key] = members.classes[class_of[key]].begin;
    }
    for (auto const& [key, begin, count] : pieces) {
      for (std::uint64_t i = 0; i < count; ++i) {
        members.samples[static_cast<std::size_t>(next[key]++)] = static_cast<Index>(begin + i);
      }
    }
  }

  huge_page_vector<std::uint64_t> counts;  // by number of the label
  huge_page_vector<label_piece> pieces;
  std::uint64_t num_samples = 0;

 private:
  void add_samples(std::string_view context, std::uint32_t key, std::uint64_t samples) {
    if (samples > std::numeric_limits<std::int64_t>::max() - num_samples) {
      invalid(context, "with the count of ", text(label_of(key)), ", which is ", text(samples),
              ", there are more than 2^63 - 1 samples; lower the counts");
    }
    counts[key] += samples;
    if (!pieces.empty() && pieces.back().key == key) {
      pieces.back().count += samples;
    } else if (samples > 0) {
      pieces.push_back({key, num_samples, samples});
    }
    num_samples += samples;
  }

  label_numbering<Label> numbering_;
};

}  // namespace detail

}  // namespace evendraw
