// A 64-bit hash that tells samplers apart, so that no checkpoint is continued with another sampler.
#pragma once

#include <cstdint>
#include <string_view>

#include <evendraw/random/counter_random.hpp>
#include <evendraw/version.hpp>

namespace evendraw::detail {

/// Adds up one mixed word per value, which also depends on the value's position. It guards against mistakes, not
/// against attacks.
class fingerprint_builder {
 public:
  explicit constexpr fingerprint_builder(std::string_view kind) noexcept {
    add(sequence_version);
    for (char const letter : kind) add(static_cast<unsigned char>(letter));
  }

  constexpr fingerprint_builder& add(std::uint64_t value) noexcept {
    sum_ += random_word(mix64(value), count_++);
    return *this;
  }

  [[nodiscard]] constexpr std::uint64_t value() const noexcept { return mix64(sum_ + count_); }

 private:
  std::uint64_t sum_ = 0;
  std::uint64_t count_ = 0;
};

/// A hash of what the draws of epoch e depend on besides the fingerprint: source.epoch_fingerprint(e), or 0 if there is
/// none.
template <class Source>
std::uint64_t epoch_fingerprint_of(Source const& source, std::uint64_t e) {
  if constexpr (requires { source.epoch_fingerprint(e); }) {
    return source.epoch_fingerprint(e);
  } else {
    return 0;
  }
}

}  // namespace evendraw::detail
