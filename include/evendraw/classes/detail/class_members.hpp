// Where the samples of each class are.
#pragma once

#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <evendraw/detail/blocks.hpp>
#include <evendraw/detail/huge_page_vector.hpp>
#include <evendraw/detail/position_iterator.hpp>
#include <evendraw/detail/prefetching.hpp>
#include <evendraw/random/detail/fingerprint.hpp>

namespace evendraw {

namespace detail {

/// The place of every sample in a list of distinct samples. All places are computed at the first call of place_of(),
/// which many threads may make at once. A copy computes them again.
template <std::unsigned_integral Index>
class sample_places {
 public:
  sample_places() = default;
  sample_places(sample_places const&) noexcept {}
  sample_places& operator=(sample_places const&) = delete;
  ~sample_places() { delete table_.load(std::memory_order_relaxed); }

  /// What place_of() returns for a number that is not in the list.
  static constexpr std::uint64_t none = ~std::uint64_t{0};

  /// The place of a sample in the list. Needs the same list in every call.
  [[nodiscard]] std::uint64_t place_of(Index sample, huge_page_vector<Index> const& samples) const {
    table const* known = table_.load(std::memory_order_acquire);
    if (known == nullptr) {
      table const* const made = new table(places_of(samples));
      if (table_.compare_exchange_strong(known, made, std::memory_order_acq_rel)) {
        known = made;
      } else {
        delete made;  // another thread was faster
      }
    }
    if (sample >= known->size()) return none;
    Index const place = (*known)[static_cast<std::size_t>(sample)];
    return place == missing ? none : place;
  }

 private:
  using table = huge_page_vector<Index>;
  static constexpr Index missing = static_cast<Index>(~Index{0});  // never a place, since places are smaller

  static table places_of(huge_page_vector<Index> const& samples) {
    Index largest = 0;
    for (Index const sample : samples) largest = sample > largest ? sample : largest;
    table result(static_cast<std::size_t>(largest) + 1);
    for (Index& place : result) place = missing;
    for (std::size_t place = 0; place < samples.size(); ++place) result[samples[place]] = static_cast<Index>(place);
    return result;
  }

  mutable std::atomic<table const*> table_{nullptr};
};

/// The members of every class, ascending. Member j of class c has the place classes[c].begin + j. If the samples of
/// every class are consecutive, places are indices, and no index is stored. Otherwise places are positions in
/// `samples`, which holds all indices sorted by class.
template <std::unsigned_integral Index>
struct class_members {
  /// The places of the members of a class.
  struct place {
    std::uint64_t begin;
    std::uint64_t count;
  };
  huge_page_vector<place> classes;
  huge_page_vector<Index> samples;    ///< empty if contiguous()
  sample_places<Index> inverse = {};  ///< the places of the elements of `samples`

  /// Whether the samples of every class are consecutive, so that places are indices.
  [[nodiscard]] bool contiguous() const noexcept { return samples.empty(); }

  /// The sample at a place.
  [[nodiscard]] Index sample(std::uint64_t member_place) const noexcept {
    return contiguous() ? static_cast<Index>(member_place) : samples[static_cast<std::size_t>(member_place)];
  }

  /// The place of a sample: the inverse of sample(). For other numbers it returns a number that is not a place. If
  /// indices are stored, the first call takes O(n), and 4 bytes are kept for every sample number up to the largest.
  [[nodiscard]] std::uint64_t place_of(Index sample) const {
    return contiguous() ? sample : inverse.place_of(sample, samples);
  }

  /// Writes the samples at these places, at most a block, to `out`. The reads of memory overlap.
  template <std::unsigned_integral Place>
  void read(block_of<Place> const& places, std::span<Index> out) const noexcept {
    if (contiguous()) {
      for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<Index>(places[i]);
    } else {
      Index const* const stored = samples.data();
      for_each_by_four(out.size(), [&](std::size_t i) {
        out[i] = stored[static_cast<std::size_t>(places[i])];
        forbid_gather();
      });
    }
  }

  /// Whether reading is slow enough for a prefetcher to pay.
  [[nodiscard]] bool is_large() const noexcept { return detail::is_large(samples); }

  /// What asks for the samples at the first `count` places. Needs !contiguous().
  template <std::unsigned_integral Place>
  [[nodiscard]] prefetcher prefetcher_for(block_of<Place> const& places, std::size_t count) const noexcept {
    return {samples.data(), places, count};
  }

  /// A hash of the members. O(K), or O(n) if indices are stored.
  [[nodiscard]] std::uint64_t fingerprint() const noexcept {
    if (contiguous()) {
      fingerprint_builder hash("contiguous_members");
      for (auto const& [begin, count] : classes) hash.add(begin).add(count);
      return hash.value();
    }
    fingerprint_builder hash("class_members");
    for (auto const& [begin, count] : classes) hash.add(begin);
    hash.add(samples.size());
    for (auto const sample : samples) hash.add(sample);
    return hash.value();
  }
};

}  // namespace detail

/// The members of one class, ascending: a random-access range of indices. The class_index must outlive it.
template <std::unsigned_integral Index>
class member_range : public std::ranges::view_base {  // clang 14 refuses view_interface
  struct sample_at {
    Index const* stored = nullptr;  // null: places are indices
    [[nodiscard]] Index at(std::uint64_t place) const noexcept {
      return stored ? stored[place] : static_cast<Index>(place);
    }
    [[nodiscard]] Index operator()(std::uint64_t place) const noexcept { return at(place); }
  };

 public:
  using iterator = detail::position_iterator<sample_at>;

  member_range() = default;
  member_range(detail::class_members<Index> const& members, std::size_t c) noexcept
      : sample_at_{members.contiguous() ? nullptr : members.samples.data()},
        begin_(members.classes[c].begin),
        size_(members.classes[c].count) {}

  [[nodiscard]] iterator begin() const noexcept { return {sample_at_, begin_}; }
  [[nodiscard]] iterator end() const noexcept { return {sample_at_, begin_ + size_}; }
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

  /// The j-th sample of the class. Needs j < size().
  [[nodiscard]] Index operator[](std::uint64_t j) const noexcept { return sample_at_.at(begin_ + j); }
  /// The first sample of the class. Needs size() > 0.
  [[nodiscard]] Index front() const noexcept { return (*this)[0]; }
  /// The last sample of the class. Needs size() > 0.
  [[nodiscard]] Index back() const noexcept { return (*this)[size_ - 1]; }

 private:
  sample_at sample_at_;
  std::uint64_t begin_ = 0;
  std::uint64_t size_ = 0;
};

}  // namespace evendraw

template <class Index>
inline constexpr bool std::ranges::enable_borrowed_range<evendraw::member_range<Index>> = true;
