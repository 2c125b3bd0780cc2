// Numbers labels of any kind 0, 1, 2, ...
#pragma once

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

namespace evendraw::detail {

inline std::uint64_t label_hash(std::uint64_t key) noexcept { return mix64(key); }

/// The letters from `first` on, read as a Word.
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

/// Hashes eight letters at a time. The last eight letters may overlap those before. Short texts take half the time that
/// std::hash takes.
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

/// Labels by number. Integers and enumerators are stored as 64-bit keys, texts as they are.
template <class Label>
using numbered_keys =
    std::conditional_t<std::same_as<Label, std::string>, std::vector<std::string>, huge_page_vector<std::uint64_t>>;

/// Numbers labels in order of first occurrence, by an open hash table with linear probing that is at most half full.
template <class Keys>
class key_numbering {
 public:
  std::uint32_t number(auto const& label) { return number_of(label_key(label)); }

  /// The number of a label, or the number of labels if it was not seen.
  [[nodiscard]] std::size_t find(auto const& label) const noexcept {
    auto const key = label_key(label);
    std::uint64_t const slot = slots_[place_of(key, label_hash(key))];
    return slot == 0 ? keys_.size() : static_cast<std::uint32_t>(slot - 1);
  }

  /// The labels by number.
  [[nodiscard]] Keys& keys() noexcept { return keys_; }
  [[nodiscard]] Keys const& keys() const noexcept { return keys_; }

 private:
  using key_type = decltype(label_key(typename Keys::value_type()));

  /// A slot holds the upper half of the hash, its tag, and the number + 1.
  static std::uint64_t filled(std::uint64_t hash, std::uint64_t number_and_1) noexcept {
    return (hash >> 32 << 32) | number_and_1;
  }
  static bool same_tag(std::uint64_t slot, std::uint64_t hash) noexcept { return (slot ^ hash) >> 32 == 0; }

  std::uint32_t number_of(key_type key) {
    std::uint64_t const hash = label_hash(key);
    std::uint64_t& slot = slots_[place_of(key, hash)];
    return slot == 0 ? add(key, hash, slot) : static_cast<std::uint32_t>(slot - 1);
  }

  /// The slot of a label, or the empty slot where it belongs.
  [[nodiscard]] std::size_t place_of(key_type key, std::uint64_t hash) const noexcept {
    for (std::size_t probe = static_cast<std::size_t>(hash);; ++probe) {
      std::uint64_t const slot = slots_[probe &= slots_.size() - 1];
      if (slot == 0) return probe;
      if (same_tag(slot, hash) && label_key(keys_[static_cast<std::uint32_t>(slot - 1)]) == key) return probe;
    }
  }

  [[gnu::noinline]] std::uint32_t add(key_type key, std::uint64_t hash, std::uint64_t& empty) {
    keys_.push_back(static_cast<typename Keys::value_type>(key));
    empty = filled(hash, keys_.size());
    if (2 * keys_.size() > slots_.size()) grow();
    return static_cast<std::uint32_t>(keys_.size() - 1);
  }

  void grow() {
    slots_ = huge_page_vector<std::uint64_t>(2 * slots_.size(), 0);
    for (std::size_t number = 0; number < keys_.size(); ++number) {
      std::uint64_t const hash = label_hash(label_key(keys_[number]));
      auto probe = static_cast<std::size_t>(hash);
      while (slots_[probe & (slots_.size() - 1)] != 0) ++probe;
      slots_[probe & (slots_.size() - 1)] = filled(hash, number + 1);
    }
  }

  Keys keys_;
  huge_page_vector<std::uint64_t> slots_ = huge_page_vector<std::uint64_t>(64, 0);  // 0: empty
};

template <class Label>
using label_numbering = key_numbering<numbered_keys<Label>>;

}  // namespace evendraw::detail
