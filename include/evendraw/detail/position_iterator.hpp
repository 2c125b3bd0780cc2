// Random-access iterators over values that are computed from their positions.
#pragma once

#include <compare>
#include <cstdint>
#include <iterator>
#include <type_traits>
#include <utility>

namespace evendraw::detail {

/// Iterates over source(0), source(1), ... A single value is computed by source.at(i). Every iterator has its own copy
/// of `source`. For C++20 ranges it is a random-access iterator. For C++17 algorithms it is an input iterator, because
/// * returns a value.
template <class Source>
class position_iterator {
 public:
  using iterator_concept = std::random_access_iterator_tag;
  using iterator_category = std::input_iterator_tag;
  using difference_type = std::int64_t;  // also where std::ptrdiff_t has 32 bits
  using value_type = std::invoke_result_t<Source const&, std::uint64_t>;
  using reference = value_type;
  using pointer = void;

  position_iterator() = default;
  position_iterator(Source source, std::uint64_t position) noexcept
      : source_(std::move(source)), position_(static_cast<difference_type>(position)) {}

  reference operator*() const noexcept { return source_(static_cast<std::uint64_t>(position_)); }
  reference operator[](difference_type n) const noexcept {
    return source_.at(static_cast<std::uint64_t>(position_ + n));
  }

  position_iterator& operator+=(difference_type n) noexcept {
    position_ += n;
    return *this;
  }
  position_iterator& operator-=(difference_type n) noexcept {
    position_ -= n;
    return *this;
  }
  position_iterator& operator++() noexcept { return *this += 1; }
  position_iterator& operator--() noexcept { return *this -= 1; }
  position_iterator operator++(int) noexcept {
    auto const old = *this;
    ++*this;
    return old;
  }
  position_iterator operator--(int) noexcept {
    auto const old = *this;
    --*this;
    return old;
  }

  friend position_iterator operator+(position_iterator iterator, difference_type n) noexcept { return iterator += n; }
  friend position_iterator operator+(difference_type n, position_iterator iterator) noexcept { return iterator += n; }
  friend position_iterator operator-(position_iterator iterator, difference_type n) noexcept { return iterator -= n; }
  friend difference_type operator-(position_iterator const& a, position_iterator const& b) noexcept {
    return a.position_ - b.position_;
  }
  friend bool operator==(position_iterator const& a, position_iterator const& b) noexcept {
    return a.position_ == b.position_;
  }
  friend auto operator<=>(position_iterator const& a, position_iterator const& b) noexcept {
    return a.position_ <=> b.position_;
  }

 private:
  Source source_;
  difference_type position_ = 0;
};

}  // namespace evendraw::detail
