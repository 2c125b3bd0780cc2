// The samples in order.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <evendraw/detail/blocks.hpp>
#include <evendraw/epochs/detail/sampled_part.hpp>
#include <evendraw/epochs/detail/sampler_base.hpp>

namespace evendraw {

/// Draws all samples in order, in every epoch. It gives validation loops the interface of the other samplers.
///
///   num_samples  n samples: 0, 1, 2, ...; or a part of the data: a class_index, whose samples come in ascending order,
///                or a list, which keeps its order. Draws are indices of the whole data
///
/// Needs      1 <= n <= max of Index; distinct indices >= 0 in a list -> else std::invalid_argument or
///            std::out_of_range
/// Cost       O(1), no memory; for a part of the data O(largest index) to build, 4 n bytes
template <std::unsigned_integral Index = std::uint32_t>
class sequential_sampler : public detail::sampler_base {
 public:
  using index_type = Index;

  explicit sequential_sampler(std::uint64_t num_samples) : sequential_sampler({}, num_samples, num_samples) {}

  template <class Label>
  explicit sequential_sampler(class_index<Label, Index> const& classes)
      : sequential_sampler(detail::sampled_part<Index>("sequential_sampler", classes), classes.num_samples(),
                           classes.index_bound()) {}

  template <detail::index_range Indices>
  explicit sequential_sampler(Indices&& indices)
      : sequential_sampler(detail::sampled_part<Index>("sequential_sampler", indices)) {}

  /// Any epoch: position -> place in the part -> index.
  struct core {
    using index_type = Index;

    [[nodiscard]] Index at(std::uint64_t position) const noexcept { return part.sample(position); }
    void read_block(std::uint64_t first, std::uint64_t stride, std::span<Index> out) const noexcept {
      detail::block_of<Index> places;
      for (std::size_t i = 0; i < out.size(); ++i) places[i] = static_cast<Index>(first + i * stride);
      part.read(places, out);
    }
    [[nodiscard]] std::vector<std::uint64_t> find(Index sample, std::uint64_t end) const {
      std::uint64_t const place = part.place_of(sample);
      return std::vector<std::uint64_t>(place < end ? 1 : 0, place);
    }

    detail::sampled_part<Index> part;
  };

  [[nodiscard]] draws<core> epoch(std::uint64_t e) const { return make_draws(core{part_}, e); }

  [[nodiscard]] std::uint64_t fingerprint() const noexcept {
    return make_fingerprint("sequential_sampler", part_.fingerprint());
  }

 private:
  explicit sequential_sampler(detail::sampled_part<Index> const& part)
      : sequential_sampler(part, part.size(), part.bound()) {}
  sequential_sampler(detail::sampled_part<Index> part, std::uint64_t num_samples, std::uint64_t bound)
      : sampler_base("sequential_sampler", num_samples, num_samples, 0, bound), part_(std::move(part)) {
    detail::check_num_samples<Index>("sequential_sampler", num_samples);
  }

  detail::sampled_part<Index> part_;
};

}  // namespace evendraw
