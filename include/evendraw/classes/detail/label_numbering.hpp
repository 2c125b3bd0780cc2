// Labels of any kind -> 0, 1, 2, ...
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
#include <evendraw/random/counter_random.hpp>

namespace evendraw::detail {

inline std::uint64_t label_hash(std::uint64_t key) noexcept { return mix64(key); }

/// The letters at a place, as the Word that they make in memory.
template <class Word>
std::uint64_t letters(char const* from) noexcept {
  Word word;
  std::memcpy(&word, from, sizeof word);
  return word;
}

inline std::uint64_t folded(std::uint64_t value) noexcept {
  auto const [high, low] = multiply(value, 0x9e3779b97f4a7c15);
  return high ^ low;
}

/// Eight letters at a time; where fewer are left, those before them once more. Short texts take half the time that
/// std::hash does.
inline std::uint64_t label_hash(std::string_view key) noexcept {
  std::size_t const size = key.size();
  char const* const end = key.data() + size;
  std::uint64_t hash = size * 0x9e3779b97f4a7c15;
  if (size >= 8) {
    for (auto const* at = key.data(); end - at > 8; at += 8) hash = folded(hash ^ letters<std::uint64_t>(at));
    return folded(hash ^ letters<std::uint64_t>(end - 8));
  }
  if (size >= 4) return folded(hash ^ letters<std::uint32_t>(key.data()) << 32 ^ letters<std::uint32_t>(end - 4));
  std::uint64_t few = 0;
  for (char const letter : key) few = few << 8 | static_cast<unsigned char>(letter);
  return folded(hash ^ few);
}

/// Numbers labels in the order in which they are first seen: a hash table, open, probed linearly, at most half full.
template <class Label>
class label_numbering {
 public:
  std::uint32_t number(auto const& label) { return number_of(label_key(label)); }

  /// By number.
  [[nodiscard]] std::vector<Label>& labels() noexcept { return labels_; }

 private:
  using key_type = std::conditional_t<std::same_as<Label, std::string>, std::string_view, std::uint64_t>;
  static constexpr std::uint32_t none = ~std::uint32_t{0};
  struct slot {
    std::uint32_t tag = 0;
    std::uint32_t number = none;
  };

  std::uint32_t number_of(key_type key) {
    std::uint64_t const hash = label_hash(key);
    auto const tag = static_cast<std::uint32_t>(hash >> 32);
    for (std::size_t at = static_cast<std::size_t>(hash);; ++at) {
      slot& s = slots_[at & (slots_.size() - 1)];
      if (s.number == none) return add(key, tag, s);
      if (s.tag == tag && label_key(labels_[s.number]) == key) return s.number;
    }
  }

  [[gnu::noinline]] std::uint32_t add(key_type key, std::uint32_t tag, slot& empty) {
    auto const number = static_cast<std::uint32_t>(labels_.size());
    empty = {tag, number};
    labels_.push_back(static_cast<Label>(key));
    if (2 * labels_.size() > slots_.size()) grow();
    return number;
  }

  void grow() {
    slots_.assign(2 * slots_.size(), slot{});
    for (std::size_t number = 0; number < labels_.size(); ++number) {
      std::uint64_t const hash = label_hash(label_key(labels_[number]));
      auto at = static_cast<std::size_t>(hash);
      while (slots_[at & (slots_.size() - 1)].number != none) ++at;
      slots_[at & (slots_.size() - 1)] = {static_cast<std::uint32_t>(hash >> 32), static_cast<std::uint32_t>(number)};
    }
  }

  std::vector<Label> labels_;
  std::vector<slot> slots_ = std::vector<slot>(64);
};

}  // namespace evendraw::detail
