// How labels are walked through to count and sort them: every sample, in several threads.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <ranges>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <evendraw/classes/detail/counting_sort.hpp>
#include <evendraw/classes/detail/label_numbering.hpp>
#include <evendraw/classes/labels.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/huge_page_vector.hpp>
#include <evendraw/detail/parallel.hpp>

// Samples are given as two functions of i < size: sample(i), ascending, and label(i) or key(i). They are called from
// several threads.

namespace evendraw::detail {

/// As many threads as are allowed and pay: starting one costs as much as walking through some ten thousand samples.
inline unsigned useful_threads(unsigned allowed, std::uint64_t size) noexcept {
  return static_cast<unsigned>(std::clamp<std::uint64_t>(size >> 16, 1, std::max(allowed, 1u)));
}

/// How labels lie. A piece is a stretch of consecutive samples of one label; with as many pieces as labels each label's
/// samples are consecutive.
template <class Integer>
struct label_spread {
  Integer smallest = std::numeric_limits<Integer>::max();
  Integer largest = std::numeric_limits<Integer>::min();
  std::uint64_t pieces = 0;
};

template <class Label, class LabelOf, class SampleOf>
auto spread_of(std::uint64_t size, LabelOf const& label, SampleOf const& sample, unsigned threads) {
  using spread = label_spread<decltype(label_integer(Label{}))>;
  std::vector<spread> of_thread(threads);
  run_parts(threads, [&, label, sample](unsigned thread) {
    std::uint64_t const begin = stretch_begin(size, threads, thread), end = stretch_begin(size, threads, thread + 1);
    spread result;
    if (begin == 0) ++result.pieces;
    for (std::uint64_t i = begin; i < end; ++i) {
      auto const value = label_integer(static_cast<Label>(label(i)));
      result.smallest = std::min(result.smallest, value);
      result.largest = std::max(result.largest, value);
    }
    for (std::uint64_t i = std::max<std::uint64_t>(begin, 1); i < end; ++i) {
      result.pieces += static_cast<std::uint64_t>(label(i) != label(i - 1) || sample(i) != sample(i - 1) + 1);
    }
    of_thread[thread] = result;
  });
  spread result;
  for (auto const& part : of_thread) {
    result.smallest = std::min(result.smallest, part.smallest);
    result.largest = std::max(result.largest, part.largest);
    result.pieces += part.pieces;
  }
  return result;
}

/// The labels as they can be asked for by place, from several threads and quickly: themselves, or a copy of integers
/// that are not in one piece of memory.
template <label_range Labels>
decltype(auto) labels_by_place(Labels& labels) {
  using value = std::ranges::range_value_t<Labels>;
  if constexpr (std::ranges::contiguous_range<Labels> || std::same_as<label_of<Labels>, std::string>) {
    return (labels);
  } else {
    table<std::conditional_t<std::same_as<value, bool>, unsigned char, value>> copy;
    if constexpr (std::ranges::sized_range<Labels>) copy.reserve(static_cast<std::size_t>(std::ranges::size(labels)));
    for (auto&& label : labels) copy.push_back(static_cast<value>(label));
    return copy;
  }
}

/// The labels of samples as numbers, in the order in which they are first seen.
template <class Label>
struct numbered_labels {
  std::vector<Label> labels;     // by number
  table<std::uint32_t> numbers;  // by place
};

/// One after the other, for ranges that can perhaps be read once only.
template <class Label, label_range Labels>
numbered_labels<Label> number_labels(Labels&& labels) {
  label_numbering<Label> numbering;
  numbered_labels<Label> result;
  if constexpr (std::ranges::sized_range<Labels>)
    result.numbers.reserve(static_cast<std::size_t>(std::ranges::size(labels)));
  for (auto const& label : labels) result.numbers.push_back(numbering.number(label));
  result.labels = std::move(numbering.labels());
  return result;
}

/// The labels label(i) of all i < size.
template <class Label, class LabelOf>
numbered_labels<Label> number_labels(std::uint64_t size, LabelOf const& label, unsigned threads) {
  numbered_labels<Label> result;
  result.numbers.resize(static_cast<std::size_t>(size));
  std::vector<std::vector<Label>> found(threads);
  auto const part_of = [&](unsigned thread) {
    auto const begin = static_cast<std::size_t>(stretch_begin(size, threads, thread));
    auto const end = static_cast<std::size_t>(stretch_begin(size, threads, thread + 1));
    return std::pair(begin, end);
  };
  run_parts(threads, [&](unsigned thread) {
    label_numbering<Label> numbering;
    auto const [begin, end] = part_of(thread);
    for (std::size_t i = begin; i < end; ++i) result.numbers[i] = numbering.number(label(i));
    found[thread] = std::move(numbering.labels());
  });
  if (threads == 1) {
    result.labels = std::move(found[0]);
    return result;
  }
  label_numbering<Label> all;
  std::vector<std::vector<std::uint32_t>> number_in_all(threads);
  for (unsigned thread = 0; thread < threads; ++thread) {
    for (auto const& its_label : found[thread]) number_in_all[thread].push_back(all.number(its_label));
  }
  run_parts(threads, [&](unsigned thread) {
    auto const [begin, end] = part_of(thread);
    for (std::size_t i = begin; i < end; ++i) result.numbers[i] = number_in_all[thread][result.numbers[i]];
  });
  result.labels = std::move(all.labels());
  return result;
}

/// The samples of a subset, ascending.
///
/// Needs      indices below `size`, each once -> else std::out_of_range or std::invalid_argument
template <std::unsigned_integral Index, index_range Indices>
table<Index> subset_samples(Indices&& indices, std::uint64_t size) {
  std::vector<bool> mask(static_cast<std::size_t>(size));
  std::size_t place = 0;
  for (auto const index : indices) {
    if (std::cmp_less(index, 0) || std::cmp_greater_equal(index, size)) {
      out_of_range("class_index", "indices[", text(place), "] is ", text(index), "; there are ", text(size),
                   " labels, and an index must be below that");
    }
    auto const sample = static_cast<std::size_t>(index);
    if (mask[sample]) {
      invalid("class_index", "indices[", text(place), "] is ", text(index), " again; a subset names each sample once");
    }
    mask[sample] = true;
    ++place;
  }
  table<Index> samples(place + 1);  // one more, so that each sample can be written before it is known to be in it
  std::size_t next = 0;
  for (std::size_t sample = 0; sample < mask.size(); ++sample) {
    samples[next] = static_cast<Index>(sample);
    next += mask[sample] ? 1 : 0;
  }
  samples.resize(place);
  return samples;
}

}  // namespace evendraw::detail
