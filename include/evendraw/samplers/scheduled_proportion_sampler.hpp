// Class shares that change from epoch to epoch.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include <evendraw/core/class_draws.hpp>
#include <evendraw/core/class_index.hpp>
#include <evendraw/core/class_schedules.hpp>
#include <evendraw/core/fingerprint.hpp>
#include <evendraw/core/sampler_base.hpp>
#include <evendraw/core/weights.hpp>

namespace evendraw {

/// Draws class c in epoch e in proportion to schedule(counts, e)[c], its members uniformly, independently, with
/// replacement: from natural shares to equal ones over a run, for instance.
///
///   labels    n labels, one per sample; or a class_index, then shared
///   schedule  progressive_schedule(epochs), power_schedule(from, to, epochs), or any function of the class counts and
///             the epoch, always with the same result, that gives K numbers
///   options   .epoch_size draws per epoch (default n), .seed
///
/// Needs      from the schedule K finite numbers >= 0, one positive, 0 for a class without samples
///            -> else std::invalid_argument, for epoch 0 at construction, for others from epoch()
/// Edge       shares that do not change: the very sequence of target_proportion_sampler; equal shares: that of
///            inverse_frequency_sampler
/// Cost       O(n) to build, 4 n bytes for 32-bit indices (see class_index); O(K) for epoch(); O(1) per draw
/// Stable     same seed, epoch and position: same index on every platform, if the schedule is (see there)
/// Exact      total variation distance to the law at most 2^-32, plus n / 2^63
/// Source     Kang et al., ICLR 2020
template <std::unsigned_integral Index = std::uint32_t>
class scheduled_proportion_sampler : public detail::sampler_base {
 public:
  using index_type = Index;

  template <label_range Labels, class_schedule Schedule>
  scheduled_proportion_sampler(Labels&& labels, Schedule schedule, sampler_options options = {})
      : scheduled_proportion_sampler(class_index<label_of<Labels>, Index>(labels), std::move(schedule), options) {}

  template <class Label, class_schedule Schedule>
  scheduled_proportion_sampler(class_index<Label, Index> const& classes, Schedule schedule, sampler_options options = {})
      : sampler_base(who, classes.num_samples(), options.epoch_size, options.seed, classes.index_bound()),
        members_(classes.shared_members()),
        schedule_(std::make_shared<schedule_function const>(
            [schedule = std::move(schedule)](std::vector<std::uint64_t> const& counts, std::uint64_t e) {
              return detail::weights_as_doubles(schedule(counts, e));
            })),
        counts_(classes.counts().begin(), classes.counts().end()) {
    static_cast<void>(weights(0));
  }

  [[nodiscard]] draws<class_draws<Index>> epoch(std::uint64_t e) const {
    return make_draws(class_draws<Index>(std::make_shared<class_table<Index> const>(members_, weights(e)), seed(), e), e);
  }

  /// The share of the draws that each class has in epoch e, by class number.
  [[nodiscard]] std::vector<double> class_shares(std::uint64_t e) const { return detail::as_shares(weights(e)); }

  /// Knows a schedule by its shares in epoch 0 and in the epochs 2^k, k < 20.
  [[nodiscard]] std::uint64_t fingerprint() const {
    detail::fingerprint_builder hash("class_schedule");
    auto const add = [&](std::uint64_t e) {
      for (double const share : class_shares(e)) hash.add(std::bit_cast<std::uint64_t>(share));
    };
    add(0);
    for (int k = 0; k < 20; ++k) add(std::uint64_t{1} << k);
    return make_fingerprint(who, hash.add(members_->fingerprint()).value());
  }

 private:
  using schedule_function = std::function<std::vector<double>(std::vector<std::uint64_t> const&, std::uint64_t)>;
  static constexpr std::string_view who = "scheduled_proportion_sampler";

  [[nodiscard]] std::vector<double> weights(std::uint64_t e) const {
    auto const what = detail::joined("schedule(counts, ", detail::text(e), ")");
    auto result = detail::checked_weights(who, what, (*schedule_)(counts_, e));
    if (result.size() != counts_.size()) {
      detail::invalid(who, what, " gives ", detail::text(result.size()), " shares for ", detail::text(counts_.size()),
                      " classes; give one for each");
    }
    for (std::size_t c = 0; c < result.size(); ++c) {
      if (result[c] > 0 && counts_[c] == 0) {
        detail::invalid(who, what, "[", detail::text(c), "] is ", detail::text(result[c]),
                        ", but the class has no samples; its share must be 0");
      }
    }
    return result;
  }

  std::shared_ptr<class_members<Index> const> members_;
  std::shared_ptr<schedule_function const> schedule_;
  std::vector<std::uint64_t> counts_;
};

}  // namespace evendraw
