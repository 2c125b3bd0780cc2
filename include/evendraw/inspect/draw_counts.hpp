// Counts how often each sample was drawn.
#pragma once

#include <algorithm>
#include <cassert>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/sort_by.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

/// Counts the draws of each sample.
///
///   classes  class_index of n labels; samples outside a subset are not counted
///
/// Cost       O(n) to build; 12 n bytes, and 16 bytes per marked epoch; add is O(1)
template <std::unsigned_integral Index = std::uint32_t>
class draw_counts {
 public:
  using index_type = Index;

  /// The number of samples that were drawn `draws` times.
  struct frequency {
    std::uint64_t draws = 0;    ///< the number of draws of each of these samples
    std::uint64_t samples = 0;  ///< the number of these samples
    friend bool operator==(frequency const&, frequency const&) = default;
  };

  /// The share of the samples that were drawn at most `draws` times.
  struct cumulative_share {
    std::uint64_t draws = 0;  ///< the most draws of each of these samples
    double share = 0;         ///< these samples / all samples, in [0, 1]
    friend bool operator==(cumulative_share const&, cumulative_share const&) = default;
  };

  /// The draws from the beginning of the run to the end of an epoch.
  struct epoch_mark {
    std::uint64_t draws = 0;           ///< draws in total
    std::uint64_t unique_samples = 0;  ///< samples that were drawn at least once
    friend bool operator==(epoch_mark const&, epoch_mark const&) = default;
  };

  template <class Label>
  explicit draw_counts(class_index<Label, Index> const& classes)
      : num_samples_(classes.num_samples()),
        num_classes_(classes.num_classes()),
        class_of_(classes.sample_classes()),
        draws_of_(class_of_.size()) {}

  draw_counts(draw_counts const&) = default;
  draw_counts(draw_counts&&) noexcept = default;
  /// Changes nothing if memory runs out.
  draw_counts& operator=(draw_counts const& other) { return *this = draw_counts(other); }
  draw_counts& operator=(draw_counts&&) noexcept = default;
  ~draw_counts() = default;

  /// Counts one draw, and returns the number of draws of this sample so far. Needs contains(sample) (asserted).
  std::uint64_t add(Index sample) noexcept {
    assert(contains(sample));
    ++num_draws_;
    std::uint64_t const draws = ++draws_of_[static_cast<std::size_t>(sample)];
    if (draws == 1) ++unique_samples_;
    return draws;
  }

  /// Marks the end of an epoch: see epochs().
  void end_epoch() { epochs_.push_back({.draws = num_draws_, .unique_samples = unique_samples_}); }

  /// The number of samples that can be drawn: those of the class_index.
  [[nodiscard]] std::uint64_t num_samples() const noexcept { return num_samples_; }
  /// The number of classes.
  [[nodiscard]] std::uint64_t num_classes() const noexcept { return num_classes_; }
  /// A bound that every index is below. It is num_samples() unless the class_index is of a subset.
  [[nodiscard]] std::uint64_t index_bound() const noexcept { return class_of_.size(); }
  /// Whether draws of the sample are counted.
  [[nodiscard]] bool contains(std::uint64_t sample) const noexcept {
    return sample < index_bound() && class_of_[static_cast<std::size_t>(sample)] < num_classes_;
  }

  /// The number of draws so far.
  [[nodiscard]] std::uint64_t num_draws() const noexcept { return num_draws_; }
  /// The number of samples that were drawn at least once.
  [[nodiscard]] std::uint64_t unique_samples() const noexcept { return unique_samples_; }
  /// The number of draws of a sample that had been drawn before.
  [[nodiscard]] std::uint64_t repeats() const noexcept { return num_draws_ - unique_samples_; }
  /// The marks of all end_epoch() calls.
  [[nodiscard]] std::vector<epoch_mark> const& epochs() const noexcept { return epochs_; }

  /// The number of draws of one sample. Needs contains(sample) (asserted).
  [[nodiscard]] std::uint64_t draws_of(Index sample) const noexcept {
    assert(contains(sample));
    return draws_of_[static_cast<std::size_t>(sample)];
  }
  /// The number of the sample's class. Needs contains(sample) (asserted).
  [[nodiscard]] std::uint64_t class_of(Index sample) const noexcept {
    assert(contains(sample));
    return class_of_[static_cast<std::size_t>(sample)];
  }

  /// The numbers of samples that were drawn 0, 1, 2, ... times, in ascending order. Numbers that are 0 are left out.
  ///
  /// Cost       O(n), or more if many samples were drawn over a thousand times
  [[nodiscard]] std::vector<frequency> histogram() const {
    return histogram_of([last = num_classes_](std::uint64_t c) { return c < last; });
  }
  /// The histogram of class c.
  ///
  /// Needs      c < num_classes() -> else std::out_of_range
  /// Edge       a class without samples: empty
  /// Cost       as above
  [[nodiscard]] std::vector<frequency> histogram(std::uint64_t c) const {
    if (c >= num_classes_) {
      detail::out_of_range("draw_counts", "class number ", detail::text(c), "; there are ",
                           detail::counted(num_classes_, "class", "classes"));
    }
    return histogram_of([c](std::uint64_t other) { return other == c; });
  }

  /// The shares of the samples that were drawn at most 0, 1, 2, ... times: the cumulative histogram. The last share is
  /// 1.
  ///
  /// Cost       as histogram
  [[nodiscard]] std::vector<cumulative_share> ecdf() const { return summed(histogram()); }
  /// The cumulative histogram of class c.
  ///
  /// Needs      c < num_classes() -> else std::out_of_range
  /// Edge       a class without samples: empty
  /// Cost       as histogram
  [[nodiscard]] std::vector<cumulative_share> ecdf(std::uint64_t c) const { return summed(histogram(c)); }

 private:
  template <class IsWanted>
  std::vector<frequency> histogram_of(IsWanted is_wanted) const {
    std::vector<std::uint64_t> samples(1024), many;  // samples by number of draws; larger numbers of draws
    for (std::size_t i = 0; i < draws_of_.size(); ++i) {
      if (!is_wanted(class_of_[i])) continue;
      if (draws_of_[i] < samples.size()) {
        ++samples[static_cast<std::size_t>(draws_of_[i])];
      } else {
        many.push_back(draws_of_[i]);
      }
    }
    std::vector<frequency> result;
    for (std::size_t draws = 0; draws < samples.size(); ++draws) {
      if (samples[draws] > 0) result.push_back({.draws = draws, .samples = samples[draws]});
    }
    detail::sort(many);
    for (std::uint64_t const draws : many) {
      if (result.empty() || result.back().draws != draws) result.push_back({.draws = draws});
      ++result.back().samples;
    }
    return result;
  }

  static std::vector<cumulative_share> summed(std::vector<frequency> const& histogram) {
    std::uint64_t all = 0, so_far = 0;
    for (auto const& [draws, samples] : histogram) all += samples;
    std::vector<cumulative_share> result;
    for (auto const& [draws, samples] : histogram) {
      so_far += samples;
      result.push_back({.draws = draws, .share = static_cast<double>(so_far) / static_cast<double>(all)});
    }
    return result;
  }

  std::uint64_t num_samples_;
  std::uint64_t num_classes_;
  std::uint64_t num_draws_ = 0;
  std::uint64_t unique_samples_ = 0;
  std::vector<std::uint32_t> class_of_;  // by sample; num_classes_ outside a subset
  std::vector<std::uint64_t> draws_of_;  // by sample
  std::vector<epoch_mark> epochs_;
};

template <class Label, std::unsigned_integral Index>
draw_counts(class_index<Label, Index> const&) -> draw_counts<Index>;

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
