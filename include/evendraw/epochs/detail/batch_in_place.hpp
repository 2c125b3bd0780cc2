// A batch in the buffer of a loop or cursor.
#pragma once

#include <concepts>
#include <span>
#include <vector>

namespace evendraw::detail {

/// A batch that is valid until the loop or cursor that gave it moves on. It cannot be copied or moved, so that it is not
/// collected by accident; a copy of it is a vector.
template <std::unsigned_integral Index>
class batch_in_place : public std::span<Index const> {
 public:
  explicit batch_in_place(std::span<Index const> items) noexcept : std::span<Index const>(items) {}
  batch_in_place(batch_in_place const&) = delete;
  batch_in_place& operator=(batch_in_place const&) = delete;
  ~batch_in_place() = default;

  operator std::vector<Index>() const { return {this->begin(), this->end()}; }
};

}  // namespace evendraw::detail
