// Draws by class shares that change from epoch to epoch.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/classes/detail/class_members.hpp>
#include <evendraw/classes/labels.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/shared.hpp>
#include <evendraw/epochs/detail/class_draws.hpp>
#include <evendraw/epochs/detail/sampler_base.hpp>
#include <evendraw/epochs/draws.hpp>
#include <evendraw/random/detail/fingerprint.hpp>
#include <evendraw/weights/class_schedules.hpp>
#include <evendraw/weights/detail/checked_weights.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

/// Draws class c in epoch e with probability proportional to schedule(counts, e)[c], and its members uniformly,
/// independently and with replacement. For instance, a run can move from natural shares to equal ones.
///
///   labels    n labels, one per sample; or a class_index, which is then shared
///   schedule  progressive_schedule(epochs), power_schedule(first, last, epochs), or any function that takes the class
///             counts and the epoch and returns K numbers. It must always return the same for the same epoch, and
///             several threads may call it at once. Name it with named_schedule, so that checkpoints recognise it
///   options   .epoch_size draws per epoch (default n), .seed
///
/// Needs      a schedule that returns K finite numbers >= 0, one positive, 0 for a class without samples -> else
///            std::invalid_argument, from the constructor for epoch 0 and from epoch() for the others
/// Edge       shares that do not change: the same draws as target_proportion_sampler; equal shares: the same draws as
///            inverse_frequency_sampler
/// Exact      total variation distance to the law at most 2^-32, plus n / 2^63
/// Cost       O(n) to build, 4 n bytes for 32-bit indices (see class_index); 1,034 calls of the schedule if it has no
///            fingerprint() of its own (see fingerprint() below); O(K) for epoch(); O(1) per draw
/// Stable     same seed, epoch and position: same index on every platform, if the schedule's numbers are the same
/// Source     Kang et al., ICLR 2020
template <std::unsigned_integral Index = std::uint32_t>
class scheduled_proportion_sampler : public detail::sampler_base {
 public:
  using index_type = Index;

  template <detail::given_labels Labels = detail::labels_in_braces, detail::class_schedule Schedule>
  scheduled_proportion_sampler(Labels&& labels, Schedule schedule, sampler_options options = {})
      : scheduled_proportion_sampler(class_index<detail::label_of<Labels>, Index>(labels), std::move(schedule),
                                     options) {}

  template <class Label, detail::class_schedule Schedule>
  scheduled_proportion_sampler(class_index<Label, Index> const& classes, Schedule schedule,
                               sampler_options options = {})
      : sampler_base(context, classes.num_samples(), options.epoch_size, options.seed, classes.index_bound()),
        members_(classes.shared_members()),
        schedule_(detail::share<Schedule const>(schedule)),
        ask_([](void const* asked, std::vector<std::uint64_t> const& counts, std::uint64_t e) {
          return detail::weights_as_doubles((*static_cast<Schedule const*>(asked))(counts, e));
        }),
        counts_(classes.counts().begin(), classes.counts().end()) {
    static_cast<void>(weights(0));
    if constexpr (detail::fingerprinted_schedule<Schedule>) {
      schedule_fingerprint_ = schedule.fingerprint();
    } else {
      schedule_fingerprint_ = fingerprint_of_shares();
    }
  }

  [[nodiscard]] draws<detail::class_draws<Index>> epoch(std::uint64_t e) const {
    return make_draws(
        detail::class_draws<Index>(detail::share<detail::class_table<Index> const>(members_, weights(e)), seed(), e),
        e);
  }

  /// The share of each class in the draws of epoch e, by class number.
  [[nodiscard]] std::vector<double> class_shares(std::uint64_t e) const { return detail::as_shares(weights(e)); }

  /// A hash of everything that decides the draws. It uses the fingerprint() of the schedule: see named_schedule. If the
  /// schedule has none, the hash covers its shares only in the epochs 0 to 1023 and 2^k for 10 <= k < 20, and in which
  /// of these epochs it throws. Two schedules that differ in other epochs only then have the same fingerprint.
  [[nodiscard]] std::uint64_t fingerprint() const noexcept {
    detail::fingerprint_builder hash("class_schedule");
    return make_fingerprint(context, hash.add(schedule_fingerprint_).add(members_->fingerprint()).value());
  }

  /// A hash of the shares that epoch e really has. epoch_digest() uses it. Throws if epoch(e) throws. O(K).
  [[nodiscard]] std::uint64_t epoch_fingerprint(std::uint64_t e) const {
    detail::fingerprint_builder hash("shares_of_epoch");
    for (double const share : class_shares(e)) hash.add(std::bit_cast<std::uint64_t>(share));
    return hash.value();
  }

 private:
  static constexpr std::string_view context = "scheduled_proportion_sampler";

  [[nodiscard]] std::vector<double> weights(std::uint64_t e) const {
    return detail::checked_shares(detail::joined(context, ": schedule(counts, ", detail::text(e), ")"),
                                  ask_(schedule_.get(), counts_, e), counts_, detail::class_number);
  }

  [[nodiscard]] std::uint64_t fingerprint_of_shares() const {
    detail::fingerprint_builder hash("shares");
    auto const add = [&](std::uint64_t e) {
      try {
        for (double const share : class_shares(e)) hash.add(std::bit_cast<std::uint64_t>(share));
      } catch (...) {  // the schedule may throw anything
        hash.add(refused);
      }
    };
    for (std::uint64_t e = 0; e < 1024; ++e) add(e);
    for (int k = 10; k < 20; ++k) add(std::uint64_t{1} << k);
    return hash.value();
  }
  static constexpr std::uint64_t refused = ~std::uint64_t{0};  // no share has these bits

  detail::shared<detail::class_members<Index> const> members_;
  detail::shared<void const> schedule_;  // of a type that ask_ knows
  std::vector<double> (*ask_)(void const*, std::vector<std::uint64_t> const&, std::uint64_t);
  std::vector<std::uint64_t> counts_;
  std::uint64_t schedule_fingerprint_ = 0;
};

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
