// Where the samples of each class are.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <evendraw/detail/blocks.hpp>
#include <evendraw/detail/huge_page_vector.hpp>
#include <evendraw/detail/position_iterator.hpp>
#include <evendraw/random/detail/fingerprint.hpp>

namespace evendraw {

/// The members of every class, ascending. Member j of class c has the place classes[c].begin + j. If the samples of
/// every class are consecutive, a place is itself an index and no index is stored. Otherwise it is a place in
/// `samples`, which holds all indices sorted by class.
template <std::unsigned_integral Index>
struct class_members {
  /// The places of the members of a class.
  struct place {
    std::uint64_t begin;
    std::uint64_t count;
  };
  detail::huge_page_vector<place> classes;
  detail::huge_page_vector<Index> samples;  ///< empty if contiguous()

  /// Whether the samples of every class are consecutive, so that a place is itself an index.
  [[nodiscard]] bool contiguous() const noexcept { return samples.empty(); }

  /// The sample at a place.
  [[nodiscard]] Index sample(std::uint64_t member_place) const noexcept {
    return contiguous() ? static_cast<Index>(member_place) : samples[static_cast<std::size_t>(member_place)];
  }

  /// Writes the samples at some places, at most a block, to `out`. It reads them all at once, so that the reads
  /// overlap.
  template <std::unsigned_integral Place>
  void read(detail::block_of<Place> const& places, std::span<Index> out) const noexcept {
    if (contiguous()) {
      for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<Index>(places[i]);
    } else {
      Index const* const stored = samples.data();
      for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = stored[static_cast<std::size_t>(places[i])];
        detail::forbid_gather();
      }
    }
  }

  /// A hash of the members. O(K), or O(n) if indices are stored.
  [[nodiscard]] std::uint64_t fingerprint() const noexcept {
    if (contiguous()) {
      detail::fingerprint_builder hash("contiguous_members");
      for (auto const& [begin, count] : classes) hash.add(begin).add(count);
      return hash.value();
    }
    detail::fingerprint_builder hash("class_members");
    for (auto const& [begin, count] : classes) hash.add(begin);
    hash.add(samples.size());
    for (auto const sample : samples) hash.add(sample);
    return hash.value();
  }
};

/// The members of one class, ascending: a random-access range of indices. The class_index must outlive it.
template <std::unsigned_integral Index>
class member_range : public std::ranges::view_base {  // clang 14 refuses view_interface
  struct sample_at {
    Index const* stored = nullptr;  // null: a place is itself an index
    [[nodiscard]] Index at(std::uint64_t place) const noexcept {
      return stored ? stored[place] : static_cast<Index>(place);
    }
    [[nodiscard]] Index operator()(std::uint64_t place) const noexcept { return at(place); }
  };

 public:
  using iterator = detail::position_iterator<sample_at>;

  member_range() = default;
  member_range(class_members<Index> const& members, std::size_t c) noexcept
      : sample_at_{members.contiguous() ? nullptr : members.samples.data()},
        begin_(members.classes[c].begin),
        size_(members.classes[c].count) {}

  [[nodiscard]] iterator begin() const noexcept { return {sample_at_, begin_}; }
  [[nodiscard]] iterator end() const noexcept { return {sample_at_, begin_ + size_}; }
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

  /// The j-th sample of the class. Needs j < size().
  [[nodiscard]] Index operator[](std::uint64_t j) const noexcept { return sample_at_.at(begin_ + j); }
  [[nodiscard]] Index front() const noexcept { return (*this)[0]; }
  [[nodiscard]] Index back() const noexcept { return (*this)[size_ - 1]; }

 private:
  sample_at sample_at_;
  std::uint64_t begin_ = 0;
  std::uint64_t size_ = 0;
};

}  // namespace evendraw

template <class Index>
inline constexpr bool std::ranges::enable_borrowed_range<evendraw::member_range<Index>> = true;
