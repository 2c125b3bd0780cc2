// Integer labels of any type, read as unsigned words for counting.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include <evendraw/classes/labels.hpp>
#include <evendraw/detail/huge_page_vector.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// The unsigned integer type that is as wide as the integer or enumeration T.
template <class T>
using word_of =
    std::conditional_t<sizeof(T) == 1, std::uint8_t,
                       std::conditional_t<sizeof(T) == 2, std::uint16_t,
                                          std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>>>;

template <class T>
constexpr word_of<T> to_word(T label) noexcept {
  return static_cast<word_of<T>>(label);
}

template <class T>
constexpr T from_word(std::uint64_t word) noexcept {
  return static_cast<T>(static_cast<decltype(label_integer(T{}))>(word));
}

/// Integers that are contiguous in memory.
template <std::unsigned_integral Word>
struct label_words {
  void const* first;  // not a Word const*, because the labels may be ints or enumerators
  std::uint64_t size;

  Word operator[](std::uint64_t i) const noexcept {
    Word word;
    std::memcpy(&word, static_cast<unsigned char const*>(first) + i * sizeof word, sizeof word);
    return word;
  }
};

/// Copies labels that are not contiguous in memory.
template <label_range Labels>
auto copied_words(Labels& labels) {
  using label = std::ranges::range_value_t<Labels>;
  huge_page_vector<word_of<label>> words;
  if constexpr (std::ranges::sized_range<Labels>) words.reserve(static_cast<std::size_t>(std::ranges::size(labels)));
  for (auto&& each : labels) words.push_back(to_word(static_cast<label>(each)));
  return words;
}

/// Copies the labels of some samples.
template <label_range Labels, std::unsigned_integral Index>
auto copied_words(Labels& labels, huge_page_vector<Index> const& samples) {
  using label = std::ranges::range_value_t<Labels>;
  huge_page_vector<word_of<label>> words(samples.size());
  auto const first = std::ranges::begin(labels);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    words[i] = to_word(static_cast<label>(first[static_cast<std::ranges::range_difference_t<Labels>>(samples[i])]));
  }
  return words;
}

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
