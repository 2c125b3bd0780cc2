// What samplers have in common.
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>

#include <evendraw/detail/errors.hpp>
#include <evendraw/epochs/draws.hpp>
#include <evendraw/random/counter_random.hpp>
#include <evendraw/random/detail/fingerprint.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// Checks the number of samples, for samplers that are built from this number alone.
template <std::unsigned_integral Index>
void check_num_samples(std::string_view context, std::uint64_t num_samples) {
  if (num_samples == 0) invalid(context, "num_samples is 0; give at least one sample");
  check_index_fits<Index>(context, num_samples);
}

inline void check_epoch_size(std::string_view context, std::uint64_t epoch_size) {
  refuse_negative(context, {{"epoch_size", epoch_size}});
  if (epoch_size > std::numeric_limits<std::int64_t>::max()) {
    invalid(context, "an epoch of ", text(epoch_size), " draws; at most 2^63 - 1 can be counted");
  }
}

/// Checks the epoch_size of a random_sampler.
inline void check_shuffle(std::uint64_t num_samples, std::uint64_t epoch_size) {
  if (epoch_size <= num_samples) return;
  invalid("random_sampler", "epoch_size is ", text(epoch_size), " and there are ",
          counted(num_samples, "sample", "samples"),
          "; a shuffle draws each once; to repeat samples, use multinomial_sampler with equal weights");
}

/// The numbers that describe a sampler. It also makes the draws of an epoch from a core.
class sampler_base {
 public:
  /// The number of draws in every epoch: epoch(e).size().
  [[nodiscard]] std::uint64_t epoch_size() const noexcept { return epoch_size_; }
  /// The number of samples in the data, including those that a weight, share or limit of 0 leaves out.
  [[nodiscard]] std::uint64_t num_samples() const noexcept { return num_samples_; }
  /// A bound that every index is below: num_samples(), or the size of the whole data set for a sampler of a subset.
  [[nodiscard]] std::uint64_t index_bound() const noexcept { return index_bound_; }
  [[nodiscard]] std::uint64_t seed() const noexcept { return seed_; }

 protected:
  /// An epoch_size or index_bound of 0 becomes num_samples.
  sampler_base(std::string_view context, std::uint64_t num_samples, std::uint64_t epoch_size, std::uint64_t seed,
               std::uint64_t index_bound = 0)
      : num_samples_(num_samples),
        index_bound_(index_bound == 0 ? num_samples : index_bound),
        epoch_size_(epoch_size == 0 ? num_samples : epoch_size),
        seed_(seed) {
    refuse_negative(context, {{"num_samples", num_samples, 1}});
    check_epoch_size(context, epoch_size_);
  }

  template <draw_core Core>
  [[nodiscard]] draws<Core> make_draws(Core core, std::uint64_t epoch) const {
    return {std::move(core), epoch_size_, stream_key(seed_, epoch, random_stream::augment), index_bound_};
  }

  /// Sets the hash of what was drawn before: see history_of().
  void go_on_from(std::uint64_t history) noexcept { history_ = history; }

  [[nodiscard]] std::uint64_t make_fingerprint(std::string_view kind, std::uint64_t tables) const noexcept {
    fingerprint_builder hash(kind);
    hash.add(num_samples_).add(epoch_size_).add(seed_).add(tables);
    return history_ == 0 ? hash.value() : hash.add(history_).value();
  }

 private:
  std::uint64_t num_samples_;
  std::uint64_t index_bound_;
  std::uint64_t epoch_size_;
  std::uint64_t seed_;
  std::uint64_t history_ = 0;  // 0: nothing was drawn before
};

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
