// The samples in order.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <evendraw/detail/blocks.hpp>
#include <evendraw/epochs/detail/sampler_base.hpp>

namespace evendraw {

/// Draws 0, 1, 2, ... in every epoch. It gives validation loops the interface of the other samplers.
///
///   num_samples  n samples
///
/// Needs      1 <= n <= max of Index -> else std::invalid_argument
/// Cost       O(1), no memory
template <std::unsigned_integral Index = std::uint32_t>
class sequential_sampler : public detail::sampler_base {
 public:
  using index_type = Index;

  explicit sequential_sampler(std::uint64_t num_samples)
      : sampler_base("sequential_sampler", num_samples, num_samples, 0) {
    detail::check_num_samples<Index>("sequential_sampler", num_samples);
  }

  /// Any epoch: position -> position.
  struct core {
    using index_type = Index;
    [[nodiscard]] Index at(std::uint64_t position) const noexcept { return static_cast<Index>(position); }
    void read_block(std::uint64_t first, std::uint64_t stride, std::span<Index> out) const noexcept {
      for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<Index>(first + i * stride);
    }
    [[nodiscard]] std::vector<std::uint64_t> find(Index sample, std::uint64_t end) const {
      return std::vector<std::uint64_t>(sample < end ? 1 : 0, sample);
    }
  };

  [[nodiscard]] draws<core> epoch(std::uint64_t e) const { return make_draws(core{}, e); }

  [[nodiscard]] std::uint64_t fingerprint() const noexcept { return make_fingerprint("sequential_sampler", 0); }
};

}  // namespace evendraw
