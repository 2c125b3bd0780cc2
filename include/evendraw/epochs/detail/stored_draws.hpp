// An epoch that is computed as a whole and stored.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include <evendraw/detail/huge_page_vector.hpp>
#include <evendraw/detail/shared.hpp>

namespace evendraw::detail {

/// The indices of one epoch, by position. Copies share them.
template <std::unsigned_integral Index>
class stored_draws {
 public:
  using index_type = Index;

  explicit stored_draws(huge_page_vector<Index> indices)
      : indices_(share<huge_page_vector<Index> const>(std::move(indices))) {}

  [[nodiscard]] Index at(std::uint64_t position) const noexcept {
    return (*indices_)[static_cast<std::size_t>(position)];
  }

  void read_block(std::uint64_t first, std::uint64_t stride, std::span<Index> out) const noexcept {
    Index const* const indices = indices_->data();
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = indices[static_cast<std::size_t>(first + i * stride)];
  }

 private:
  shared<huge_page_vector<Index> const> indices_;
};

}  // namespace evendraw::detail
