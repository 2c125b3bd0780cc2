// What samplers that make their own batches have in common.
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>

#include <evendraw/detail/errors.hpp>
#include <evendraw/epochs/batches.hpp>
#include <evendraw/epochs/draws.hpp>
#include <evendraw/random/counter_random.hpp>
#include <evendraw/random/detail/fingerprint.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

inline void check_num_batches(std::string_view context, std::uint64_t num_batches, std::uint64_t batch_size) {
  refuse_negative(context, {{"num_batches", num_batches}});
  if (num_batches > std::numeric_limits<std::int64_t>::max() / batch_size) {
    invalid(context, text(num_batches), " batches of ", text(batch_size),
            "; at most 2^63 - 1 draws can be counted: lower their number or the batch size");
  }
}

/// The numbers that describe a sampler whose batches are all full. Batch numbers continue from epoch to epoch.
class batch_sampler_base {
 public:
  /// The number of batches in every epoch: epoch(e).size().
  [[nodiscard]] std::uint64_t epoch_size() const noexcept { return num_batches_; }
  /// The number of items in every batch.
  [[nodiscard]] std::uint64_t batch_size() const noexcept { return batch_size_; }
  /// The number of samples in the data, including those of classes that are left out.
  [[nodiscard]] std::uint64_t num_samples() const noexcept { return num_samples_; }
  /// A bound that every index is below: num_samples(), or the size of the whole data set for a sampler of a subset.
  [[nodiscard]] std::uint64_t index_bound() const noexcept { return index_bound_; }
  [[nodiscard]] std::uint64_t seed() const noexcept { return seed_; }

 protected:
  /// A num_batches of 0 becomes num_samples / batch_size, rounded up.
  batch_sampler_base(std::string_view context, std::uint64_t num_samples, std::uint64_t index_bound,
                     std::uint64_t batch_size, std::uint64_t num_batches, std::uint64_t seed)
      : num_samples_(num_samples),
        index_bound_(index_bound),
        batch_size_(batch_size),
        num_batches_(num_batches > 0 ? num_batches : (num_samples - 1) / batch_size + 1),
        seed_(seed) {
    check_num_batches(context, num_batches_, batch_size_);
  }

  /// The number of an epoch's first batch.
  [[nodiscard]] std::uint64_t first_batch(std::uint64_t epoch) const noexcept { return epoch * num_batches_; }

  template <draw_core Core>
  [[nodiscard]] batched_draws<draws<Core>> make_batches(Core core, std::uint64_t epoch) const {
    std::uint64_t const word_key = stream_key(seed_, epoch, random_stream::augment);
    return draws<Core>(std::move(core), num_batches_ * batch_size_, word_key, index_bound_).batches(batch_size_);
  }

  /// Sets the hash of what was drawn before: see history_of().
  void go_on_from(std::uint64_t history) noexcept { history_ = history; }

  [[nodiscard]] std::uint64_t make_fingerprint(std::string_view kind, std::uint64_t tables) const noexcept {
    fingerprint_builder hash(kind);
    hash.add(num_samples_).add(num_batches_).add(batch_size_).add(seed_).add(tables);
    return history_ == 0 ? hash.value() : hash.add(history_).value();
  }

 private:
  std::uint64_t num_samples_;
  std::uint64_t index_bound_;
  std::uint64_t batch_size_;
  std::uint64_t num_batches_;
  std::uint64_t seed_;
  std::uint64_t history_ = 0;  // 0: nothing was drawn before
};

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
