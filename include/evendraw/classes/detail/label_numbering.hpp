// Numbers labels of any kind 0, 1, 2, ...
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <evendraw/classes/labels.hpp>
#include <evendraw/detail/huge_page_vector.hpp>
#include <evendraw/random/counter_random.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

inline std::uint64_t label_hash(std::uint64_t key) noexcept { return mix64(key); }

/// The characters from `first` on, read as a Word.
template <class Word>
std::uint64_t letters(char const* first) noexcept {
  Word word;
  std::memcpy(&word, first, sizeof word);
  return word;
}

inline std::uint64_t folded(std::uint64_t value) noexcept {
  auto const [high, low] = multiply(value, 0x9e3779b97f4a7c15);
  return high ^ low;
}

/// Hashes eight characters at a time. The last eight may overlap those before. For short texts it takes half the time
/// of std::hash.
inline std::uint64_t label_hash(std::string_view key) noexcept {
  std::size_t const size = key.size();
  char const* const end = key.data() + size;
  std::uint64_t hash = size * 0x9e3779b97f4a7c15;
  if (size >= 8) {
    for (auto const* next = key.data(); end - next > 8; next += 8) hash = folded(hash ^ letters<std::uint64_t>(next));
    return folded(hash ^ letters<std::uint64_t>(end - 8));
  }
  if (size >= 4) return folded(hash ^ letters<std::uint32_t>(key.data()) << 32 ^ letters<std::uint32_t>(end - 4));
  std::uint64_t few = 0;
  for (char const letter : key) few = few << 8 | static_cast<unsigned char>(letter);
  return folded(hash ^ few);
}

/// Labels by number. Integers and enumerators are stored as 64-bit keys, and texts as they are.
template <class Label>
using numbered_keys =
    std::conditional_t<std::same_as<Label, std::string>, std::vector<std::string>, huge_page_vector<std::uint64_t>>;

/// A set of numbers in sorted runs, by an order that is given with each call. There is a run of 2^k numbers for each
/// bit k that is set in their count, and the longest run comes first.
///
/// Cost       adding takes O(log n) comparisons, on average, and finding O(log^2 n)
class sorted_runs {
 public:
  /// Makes room, so that the next add() does not throw.
  [[gnu::noinline]] void make_room() {
    std::size_t const count = numbers_.size();
    merged_.resize(count + 1);
    numbers_.resize(count + 1);
    numbers_.resize(count);  // this keeps the room
  }

  /// Needs make_room() before.
  template <class Less>
  [[gnu::noinline]] void add(std::uint32_t number, Less const& less) noexcept {
    std::size_t const count = numbers_.size();
    numbers_.push_back(number);
    for (std::size_t width = 1; (count & width) != 0; width *= 2)
      merge(numbers_.data() + count + 1 - 2 * width, width, less);
  }

  /// The number that is neither before nor behind the wanted place, or `none`. is_before(number) and is_behind(number)
  /// say on which side of it a number is.
  template <class IsBefore, class IsBehind>
  [[nodiscard]] std::uint32_t find(IsBefore const& is_before, IsBehind const& is_behind) const {
    std::size_t begin = 0;
    for (std::size_t width = std::bit_floor(numbers_.size()); width > 0; width /= 2) {
      if ((numbers_.size() & width) == 0) continue;
      std::size_t first = begin, last = begin + width;
      begin += width;
      while (first < last) {
        std::size_t const middle = first + (last - first) / 2;
        if (is_before(numbers_[middle])) {
          first = middle + 1;
        } else {
          last = middle;
        }
      }
      if (first < begin && !is_behind(numbers_[first])) return numbers_[first];
    }
    return none;
  }

  static constexpr std::uint32_t none = 0xffffffff;

 private:
  /// Merges two runs of this width that follow each other.
  template <class Less>
  void merge(std::uint32_t* run, std::size_t width, Less const& less) noexcept {
    std::size_t left = 0, right = width;
    for (std::size_t out = 0; out < 2 * width; ++out) {
      bool const take_right = left == width || (right < 2 * width && less(run[right], run[left]));
      merged_[out] = run[take_right ? right++ : left++];
    }
    std::memcpy(run, merged_.data(), 2 * width * sizeof *run);
  }

  huge_page_vector<std::uint32_t> numbers_;
  huge_page_vector<std::uint32_t> merged_;  // room for merging
};

/// Numbers labels in order of first occurrence. It is a hash table with linear probing that is at most half full. If a
/// label finds no slot within `most_probes`, it is put into sorted runs. So even labels that are chosen to collide, in
/// a hostile file, cost O(log^2 K) each. The numbers do not depend on this.
template <class Keys>
class key_numbering {
 public:
  /// Changes nothing if it throws.
  std::uint32_t number(auto const& label) { return number_of(label_key(label)); }

  /// The number of a label; if the label was not seen, the number of labels.
  [[nodiscard]] std::size_t find(auto const& label) const {
    auto const key = label_key(label);
    std::uint32_t const found = found_number(key, label_hash(key));
    return found == sorted_runs::none ? keys_.size() : found;
  }

  /// The labels by number.
  [[nodiscard]] Keys& keys() noexcept { return keys_; }
  [[nodiscard]] Keys const& keys() const noexcept { return keys_; }

  static constexpr std::size_t most_probes = 256;

 private:
  using key_type = decltype(label_key(typename Keys::value_type()));
  using slots = huge_page_vector<std::uint64_t>;

  /// A slot holds the upper half of the hash, its tag, and the number + 1.
  static std::uint64_t filled(std::uint64_t hash, std::uint64_t number_and_1) noexcept {
    return (hash >> 32 << 32) | number_and_1;
  }
  static bool same_tag(std::uint64_t slot, std::uint64_t hash) noexcept { return (slot ^ hash) >> 32 == 0; }

  [[nodiscard]] key_type key_at(std::uint32_t number) const { return label_key(keys_[number]); }

  std::uint32_t number_of(key_type key) {
    std::uint64_t const hash = label_hash(key);
    std::uint32_t const found = found_number(key, hash);
    return found == sorted_runs::none ? add(key, hash) : found;
  }

  [[nodiscard]] std::uint32_t found_number(key_type key, std::uint64_t hash) const {
    auto probe = static_cast<std::size_t>(hash);
    for (std::size_t const end = probe + most_probes; probe != end; ++probe) {
      std::uint64_t const slot = slots_[probe & (slots_.size() - 1)];
      if (slot == 0) return sorted_runs::none;
      auto const number = static_cast<std::uint32_t>(slot - 1);
      if (same_tag(slot, hash) && key_at(number) == key) return number;
    }
    return found_crowded(key);
  }

  [[nodiscard, gnu::cold, gnu::noinline]] std::uint32_t found_crowded(key_type key) const {
    return crowded_.find([&](std::uint32_t number) { return key_at(number) < key; },
                         [&](std::uint32_t number) { return key < key_at(number); });
  }

  [[gnu::noinline]] std::uint32_t add(key_type key, std::uint64_t hash) {
    if (2 * (keys_.size() + 1) > slots_.size()) grow();
    auto const number = static_cast<std::uint32_t>(keys_.size());
    std::uint64_t* const slot = empty_slot(slots_, hash);
    if (slot == nullptr) crowded_.make_room();
    keys_.push_back(static_cast<typename Keys::value_type>(key));
    put(slot, hash, number, crowded_);
    return number;
  }

  /// The slot where a label belongs; null if too many slots are full.
  [[nodiscard]] static std::uint64_t* empty_slot(slots& entries, std::uint64_t hash) noexcept {
    auto probe = static_cast<std::size_t>(hash);
    for (std::size_t const end = probe + most_probes; probe != end; ++probe) {
      std::uint64_t& slot = entries[probe & (entries.size() - 1)];
      if (slot == 0) return &slot;
    }
    return nullptr;
  }

  void put(std::uint64_t* slot, std::uint64_t hash, std::uint32_t number, sorted_runs& crowded) const noexcept {
    if (slot != nullptr) {
      *slot = filled(hash, std::uint64_t{number} + 1);
    } else {
      crowded.add(number, [this](std::uint32_t a, std::uint32_t b) { return key_at(a) < key_at(b); });
    }
  }

  void grow() {
    slots larger(2 * slots_.size(), 0);
    sorted_runs crowded;
    for (std::size_t number = 0; number < keys_.size(); ++number) {
      std::uint64_t const hash = label_hash(label_key(keys_[number]));
      std::uint64_t* const slot = empty_slot(larger, hash);
      if (slot == nullptr) crowded.make_room();
      put(slot, hash, static_cast<std::uint32_t>(number), crowded);
    }
    slots_.swap(larger);
    crowded_ = std::move(crowded);
  }

  Keys keys_;
  slots slots_ = slots(64, 0);  // 0: empty
  sorted_runs crowded_;         // the numbers of labels that have no slot
};

template <class Label>
using label_numbering = key_numbering<numbered_keys<Label>>;

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
