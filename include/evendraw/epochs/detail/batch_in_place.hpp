// A batch in the buffer of a loop or cursor.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <evendraw/detail/errors.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// Throws unless batch b exists among `size` batches, and a buffer with this room holds the `largest` of them.
inline void check_read(std::string_view context, std::uint64_t b, std::uint64_t size, std::size_t room,
                       std::size_t largest) {
  if (b >= size) out_of_range(context, "there is no batch ", text(b), "; size() is ", text(size));
  if (room < largest) {
    invalid(context, "a buffer of ", text(room), " for batches of ", text(largest),
            "; it must hold buffer_size() indices");
  }
}

/// A batch that is valid until its loop or cursor moves on. It cannot be copied or moved, so nobody keeps it by
/// accident. To keep the indices, convert it to a vector.
template <std::unsigned_integral Index>
class batch_in_place : public std::span<Index const> {
 public:
  explicit batch_in_place(std::span<Index const> items) noexcept : std::span<Index const>(items) {}
  batch_in_place(batch_in_place const&) = delete;
  batch_in_place& operator=(batch_in_place const&) = delete;
  ~batch_in_place() = default;

  [[nodiscard]] Index const* begin() const noexcept { return this->data(); }
  [[nodiscard]] Index const* end() const noexcept { return this->data() + this->size(); }

  operator std::vector<Index>() const { return {begin(), end()}; }
};

/// An iterator over the batches of an epoch, with a buffer of its own.
template <class Batches>
class batch_iterator {
 public:
  using index_type = typename Batches::index_type;
  using iterator_concept = std::input_iterator_tag;
  using difference_type = std::ptrdiff_t;
  using value_type = std::vector<index_type>;  // what a copy of a batch is

  explicit batch_iterator(Batches batches) : batches_(std::move(batches)), buffer_(batches_.buffer_size()) { fetch(0); }

  [[nodiscard]] batch_in_place<index_type> operator*() const noexcept {
    return batch_in_place<index_type>({buffer_.data(), count_});
  }
  batch_iterator& operator++() {
    fetch(number_ + 1);
    ++number_;
    return *this;
  }
  void operator++(int) { ++*this; }
  friend bool operator==(batch_iterator const& self, std::default_sentinel_t) noexcept {
    return self.number_ >= self.batches_.size();
  }

 private:
  void fetch(std::uint64_t number) {
    if (number < batches_.size()) count_ = batches_.read(number, buffer_).size();
  }

  Batches batches_;
  std::vector<index_type> buffer_;
  std::uint64_t number_ = 0;
  std::size_t count_ = 0;
};

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
