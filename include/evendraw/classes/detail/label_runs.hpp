// Labels that are given as counts or as runs: so many samples of one label, then so many of another.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <ranges>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <evendraw/classes/detail/class_members.hpp>
#include <evendraw/classes/detail/class_names.hpp>
#include <evendraw/classes/detail/label_numbering.hpp>
#include <evendraw/classes/labels.hpp>
#include <evendraw/detail/errors.hpp>

namespace evendraw {

/// A range of class counts, for instance class_index::counts().
template <class Range>
concept count_range = std::ranges::input_range<Range> && number<std::ranges::range_value_t<Range>>;

/// A range of pairs of a label and a count.
template <class Range, class Label>
concept label_run_range = std::ranges::input_range<Range> && requires(std::ranges::range_reference_t<Range> run) {
  requires std::same_as<kept_label<std::remove_cvref_t<decltype(run.first)>>, Label>;
  requires number<std::remove_cvref_t<decltype(run.second)>>;
};

namespace detail {

/// Consecutive samples of one label.
struct label_piece {
  std::uint64_t key;
  std::uint64_t begin;
  std::uint64_t count;
};

/// What labels given by runs come to: the labels, numbered as they come, and where each is.
template <class Label>
class label_runs {
 public:
  /// Needs      count >= 0; at most 2^63 - 1 samples together -> else std::invalid_argument
  void add(std::string_view who, auto const& label, auto count) {
    if (std::cmp_less(count, 0)) {
      invalid(who, "the count of ", text(Label(label)), " is ", text(count), "; a count must be >= 0");
    }
    auto const samples = static_cast<std::uint64_t>(count);
    if (samples > std::numeric_limits<std::int64_t>::max() - num_samples) {
      invalid(who, "with the count of ", text(Label(label)), ", which is ", text(count),
              ", there are more than 2^63 - 1 samples; lower the counts");
    }
    std::uint64_t const key = numbering_.number(label);
    if (key == found.size()) found.push_back({Label(label), key, 0});
    found[static_cast<std::size_t>(key)].count += samples;
    if (!pieces.empty() && pieces.back().key == key) {
      pieces.back().count += samples;
    } else if (samples > 0) {
      pieces.push_back({key, num_samples, samples});
    }
    num_samples += samples;
  }

  /// Says where the members are, by the class of each key. `members` comes with the places that they have if stored.
  template <std::unsigned_integral Index>
  void place(std::span<std::size_t const> class_of, class_members<Index>& members) const {
    std::vector<std::uint64_t> done(class_of.size());  // members of the key so far
    auto const labels = std::ranges::count_if(found, [](auto const& each) { return each.count > 0; });
    bool const contiguous = std::cmp_equal(pieces.size(), labels);
    if (!contiguous) {
      if (num_samples > members.samples.max_size()) {
        invalid("class_index::from_runs", "a label comes again after others, and the indices of all ",
                text(num_samples), " samples do not fit into memory; give each label one run");
      }
      members.samples.resize(static_cast<std::size_t>(num_samples));
    }
    for (auto const& [key, begin, count] : pieces) {
      auto& its_begin = members.classes[class_of[static_cast<std::size_t>(key)]].begin;
      if (contiguous) {
        its_begin = begin;
      } else {
        auto& so_far = done[static_cast<std::size_t>(key)];
        auto* const first = members.samples.data() + its_begin + std::exchange(so_far, so_far + count);
        std::iota(first, first + count, static_cast<Index>(begin));
      }
    }
  }

  std::vector<found_label<Label>> found;
  std::vector<label_piece> pieces;
  std::uint64_t num_samples = 0;

 private:
  label_numbering<Label> numbering_;
};

}  // namespace detail

}  // namespace evendraw
