// Samplers to mix and to concatenate.
#pragma once

#include <cstdint>
#include <vector>

#include <evendraw/epochs/any_sampler.hpp>
#include <evendraw/samplers/inverse_frequency_sampler.hpp>
#include <evendraw/samplers/random_sampler.hpp>
#include <evendraw/samplers/sequential_sampler.hpp>

#include <support/sampling.hpp>

namespace sources {

/// Data sets of 300, 7 and 100 samples, with epochs of 300, 7 and 41 draws.
inline std::vector<evendraw::any_sampler<>> three() {
  return {evendraw::random_sampler(300, {.seed = 1}), evendraw::sequential_sampler(7),
          evendraw::inverse_frequency_sampler(sampling::labels_of({90, 10}), {.epoch_size = 41, .seed = 2})};
}

/// A sampler of a user's own, with empty epochs.
struct empty_epochs {
  using index_type = std::uint32_t;
  [[nodiscard]] auto epoch(std::uint64_t e) const { return evendraw::sequential_sampler(3).epoch(e).take(0); }
  [[nodiscard]] std::uint64_t epoch_size() const { return 0; }
  [[nodiscard]] std::uint64_t num_samples() const { return 3; }
  [[nodiscard]] std::uint64_t index_bound() const { return 3; }
  [[nodiscard]] std::uint64_t seed() const { return 0; }
  [[nodiscard]] std::uint64_t fingerprint() const { return 0; }
};

}  // namespace sources
