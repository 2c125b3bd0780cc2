// Schedules: class shares that change from epoch to epoch.
#pragma once

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/math.hpp>
#include <evendraw/random/detail/fingerprint.hpp>
#include <evendraw/weights/class_weights.hpp>
#include <evendraw/weights/detail/checked_weights.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

namespace detail {

/// A function (class counts, epoch) -> one number per class: the class shares of the epoch, up to a common factor.
template <class Schedule>
concept class_schedule = std::copy_constructible<Schedule> && requires(Schedule const& schedule) {
  { schedule(std::vector<std::uint64_t>{}, std::uint64_t{}) } -> weight_range;
};

/// A schedule that has a fingerprint.
template <class Schedule>
concept fingerprinted_schedule = requires(Schedule const& schedule) {
  { schedule.fingerprint() } -> std::same_as<std::uint64_t>;
};

/// The progress of a schedule: 0 in epoch 0, 1 from epoch `epochs` on.
inline double progress(std::uint64_t epoch, std::uint64_t epochs) {
  return static_cast<double>(std::min(epoch, epochs)) / static_cast<double>(epochs);
}

inline void check_epochs(std::string_view context, std::uint64_t epochs) {
  refuse_negative(context, {{"epochs", epochs, 1}});
  if (epochs == 0) invalid(context, "epochs is 0; needs at least one epoch between the first shares and the last");
}

}  // namespace detail

/// A schedule of your own with a name, by which fingerprints distinguish it from others:
/// named_schedule("0.3 from epoch 5 on", [](auto const& counts, std::uint64_t epoch) { ... }).
///
///   name      describes the rule and its parameters. Change it whenever these change
///   function  the schedule
///
/// Edge       two schedules with the same name have the same fingerprint, whatever they do; epoch_digest distinguishes
///            them in the epochs where their shares differ
template <class Function>
class named_schedule {
 public:
  named_schedule(std::string_view name, Function function) : function_(std::move(function)) {
    detail::fingerprint_builder hash("named_schedule");
    for (char const letter : name) hash.add(static_cast<unsigned char>(letter));
    fingerprint_ = hash.value();
  }

  /// The shares in an epoch, by class number.
  [[nodiscard]] auto operator()(std::vector<std::uint64_t> const& counts, std::uint64_t epoch) const {
    return function_(counts, epoch);
  }

  [[nodiscard]] std::uint64_t fingerprint() const noexcept { return fingerprint_; }

 private:
  Function function_;
  std::uint64_t fingerprint_ = 0;
};

/// Shares that go from natural to equal: in epoch e, class c has (1 - e / epochs) n_c / N + (e / epochs) / K.
///
///   epochs  >= 1; from this epoch on the classes are equally likely
///
/// Needs      epochs >= 1 -> else std::invalid_argument
/// Edge       a class without samples has share 0 and does not count in K
/// Cost       O(K) per epoch
/// Stable     the same on every platform
/// Source     Kang et al., ICLR 2020, equation 2: progressively-balanced sampling
class progressive_schedule {
 public:
  explicit progressive_schedule(std::uint64_t epochs) : epochs_(epochs) {
    detail::check_epochs("progressive_schedule", epochs);
  }

  /// The shares in an epoch, by class number.
  [[nodiscard]] std::vector<double> operator()(std::vector<std::uint64_t> const& counts, std::uint64_t epoch) const {
    double const balance = detail::progress(epoch, epochs_);
    double const natural_total = detail::total(counts) / (1 - balance), classes = detail::present(counts);
    std::vector<double> shares;
    shares.reserve(counts.size());
    for (std::uint64_t const n : counts) {  // quotients, since compilers may fuse a product and a sum
      shares.push_back(n == 0 ? 0 : static_cast<double>(n) / natural_total + balance / classes);
    }
    return shares;
  }

  [[nodiscard]] std::uint64_t fingerprint() const noexcept {
    return detail::fingerprint_builder("progressive_schedule").add(epochs_).value();
  }

 private:
  std::uint64_t epochs_;
};

/// Shares in proportion to n_c^q. q goes linearly from `first` in epoch 0 to `last` in epoch `epochs`, and stays there.
///
///   first, last  q = 1: natural shares; 0.5: square root; 0: equal shares; below 0: rare classes are favoured
///   epochs       >= 1
///
/// Needs      finite first and last; epochs >= 1 -> else std::invalid_argument
/// Edge       a class without samples has share 0
/// Cost       O(K) per epoch
/// Stable     exact for q = 0 and 1; others use std::pow, whose last digit may differ between platforms
/// Source     n_c^q: Kang et al., ICLR 2020, equation 1
class power_schedule {
 public:
  power_schedule(double first, double last, std::uint64_t epochs) : first_(first), last_(last), epochs_(epochs) {
    detail::check_epochs("power_schedule", epochs);
    if (!detail::is_finite(first) || !detail::is_finite(last)) {
      detail::invalid("power_schedule", "q goes from ", detail::text(first), " to ", detail::text(last),
                      "; both must be finite");
    }
  }

  /// The shares in an epoch, by class number; a sampler divides them by their sum.
  [[nodiscard]] std::vector<double> operator()(std::vector<std::uint64_t> const& counts, std::uint64_t epoch) const {
    return power_weights(counts, -exponent(epoch));
  }

  /// q in an epoch.
  [[nodiscard]] double exponent(std::uint64_t epoch) const {
    double const t = detail::progress(epoch, epochs_);
    return (1 - t) * first_ + t * last_;
  }

  [[nodiscard]] std::uint64_t fingerprint() const noexcept {
    return detail::fingerprint_builder("power_schedule")
        .add(std::bit_cast<std::uint64_t>(first_))
        .add(std::bit_cast<std::uint64_t>(last_))
        .add(epochs_)
        .value();
  }

 private:
  double first_;
  double last_;
  std::uint64_t epochs_;
};

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
