// Every sample is drawn as often as its repeat factor says.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/classes/detail/class_members.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/huge_page_vector.hpp>
#include <evendraw/detail/largest_remainder.hpp>
#include <evendraw/detail/math.hpp>
#include <evendraw/detail/shared.hpp>
#include <evendraw/epochs/detail/batch_quotas.hpp>
#include <evendraw/epochs/detail/repeat_draws.hpp>
#include <evendraw/epochs/detail/sampler_base.hpp>
#include <evendraw/epochs/draws.hpp>
#include <evendraw/random/counter_random.hpp>
#include <evendraw/weights/detail/checked_weights.hpp>
#include <evendraw/weights/repeat_factors.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

/// Options of a repeat_factor_sampler that computes its factors from label sets.
struct repeat_factor_options {
  double threshold = 1e-3;  ///< a class is repeated if its fraction of the samples is below this
  std::uint64_t seed = 0;   ///< chooses the draws
};

namespace detail {

/// Repeat factors, one for each sample. Integers would be labels.
template <class Range>
concept given_factors = std::ranges::input_range<Range> && std::floating_point<std::ranges::range_value_t<Range>>;

}  // namespace detail

/// Draws sample i r_i times in every epoch, rounded down or up, in random order. For label sets, r_i is the repeat
/// factor of the rarest label of sample i.
///
///   label_sets  n ranges of labels, one per sample, or label_sets_of(rows) for the rows of a 0/1 table; or
///   factors     n numbers r_i >= 0, one per sample; for samples with one label each:
///               sample_weights(classes, class_repeat_factors(classes.counts(), classes.num_samples()))
///   options     .threshold for label sets (see repeat_factors), .seed
///
/// Needs      1 <= n <= max of Index; factors finite and >= 0, one positive; n, and the sum of the factors rounded up,
///            at most 2^31; a threshold in [0, 1] -> else std::invalid_argument
/// Edge       a factor of 0 leaves a sample out; all factors 1: a plain shuffle
/// Exact      every epoch has the same size: the sum of all r_i, rounded up. (A sum that differs from a whole number
///            only by rounding errors is taken as whole.) A sample with a whole r_i is drawn r_i times in every epoch.
///            Any other sample is drawn slightly more than r_i times on average, because rounding up adds less than one
///            draw to an epoch, and these samples share it. Factors are rounded down to multiples of 2^-32
/// Covers     every sample with r_i >= 1 in every epoch. Samples with equal factors take turns at being rounded up. If
///            at most one of them is rounded up in an epoch, their numbers of draws differ by at most one. Otherwise
///            these numbers drift apart like the square root of the number of epochs (see stratified_batch_sampler).
///            For example, 1,000 samples with r_i = 1.37 have 1,370 draws each after 1,000 epochs, and differ by up to
///            33
/// Cost       O(n) to build, 4 n bytes for 32-bit indices and about 140 bytes for each different factor; O(1) per draw,
///            no memory per epoch
/// Stable     same seed, epoch and position: same index on every platform
/// Source     Gupta, Dollár, Girshick, LVIS, CVPR 2019, appendix B.2 of arXiv 1908.03195
template <std::unsigned_integral Index = std::uint32_t>
class repeat_factor_sampler : public detail::sampler_base {
  struct plan;

 public:
  using index_type = Index;

  template <detail::given_label_sets LabelSets = std::vector<std::vector<int>>>
  explicit repeat_factor_sampler(LabelSets&& label_sets, repeat_factor_options options = {})
      : repeat_factor_sampler(factors_of(label_sets, options.threshold), {.seed = options.seed}) {}

  template <detail::given_factors Factors>
  explicit repeat_factor_sampler(Factors&& factors, seed_options options = {})
      : repeat_factor_sampler(plan(detail::checked_weights(context, "factors", factors)), options.seed) {}

  explicit repeat_factor_sampler(std::initializer_list<double> factors, seed_options options = {})
      : repeat_factor_sampler(std::span(factors.begin(), factors.size()), options) {}

  [[nodiscard]] draws<detail::repeat_draws<Index>> epoch(std::uint64_t e) const {
    return make_draws(detail::repeat_draws<Index>(table_, seed(), e), e);
  }

  [[nodiscard]] std::uint64_t fingerprint() const noexcept { return make_fingerprint(context, table_->fingerprint()); }

 private:
  static constexpr std::string_view context = "repeat_factor_sampler";

  template <class LabelSets>
  static std::vector<double> factors_of(LabelSets&& label_sets, double threshold) {
    if constexpr (detail::are_label_sets<LabelSets>()) return detail::repeat_factors(context, label_sets, threshold);
  }

  /// The samples, sorted by factor. A sample can be in two groups: one has all samples with the same whole part of the
  /// factor; the other is a class that has all samples with the same factor, and stands for its remainder below 1. The
  /// shares of the classes are in units of 2^-32 draws an epoch, and sum to a whole number of draws.
  struct plan {
    explicit plan(std::vector<double> const& factors)
        : num_samples(factors.size()), members(detail::share<detail::class_members<Index>>()) {
      detail::check_index_fits<Index>(context, num_samples);
      if (num_samples > most)
        detail::invalid(context, detail::text(num_samples), " factors; at most 2^31 can be given");
      double sum = 0;
      for (double const factor : factors) sum += factor;
      if (!(sum <= static_cast<double>(most))) {
        detail::invalid(context, "the factors sum to ", detail::text(sum), "; an epoch has at most 2^31 draws");
      }
      group(factors);
      add_whole_parts();
      add_remainders();
      for (std::uint64_t const share : shares) num_remainders += share;
      num_remainders >>= bits;
      epoch_size += num_remainders;
      if (epoch_size > most) {
        detail::invalid(context, "the factors sum to ", detail::text(epoch_size),
                        ", rounded up; an epoch has at most 2^31 draws");
      }
    }

    std::uint64_t num_samples;
    std::uint64_t epoch_size = 0;
    std::uint64_t num_remainders = 0;  // draws in an epoch
    detail::shared<detail::class_members<Index>> members;
    std::vector<std::uint64_t> shares;
    detail::huge_page_vector<detail::repeated_samples> repeated;

   private:
    static constexpr std::uint64_t most = detail::batch_quotas::largest_batch;
    static constexpr int bits = 32;
    static constexpr std::uint64_t unit = std::uint64_t{1} << bits;

    struct samples_of_factor {
      std::uint64_t factor;  // in units of 2^-32
      std::uint64_t begin;
      std::uint64_t count;
    };

    void group(std::vector<double> const& factors) {
      std::vector<std::uint64_t> in_units;
      in_units.reserve(factors.size());
      for (double const factor : factors) in_units.push_back(units_of(factor));
      class_index<std::uint64_t, Index> const classes(in_units);
      members->samples.reserve(factors.size());
      for (std::size_t c = 0; c < classes.num_classes(); ++c) {
        groups.push_back({classes.labels()[c], members->samples.size(), classes.counts()[c]});
        for (Index const sample : classes.members(c)) members->samples.push_back(sample);
      }
    }

    /// A factor in units of 2^-32, rounded down, but at least 1 if the factor is positive.
    [[nodiscard]] static std::uint64_t units_of(double factor) {
      return std::max(static_cast<std::uint64_t>(detail::math::ldexp(factor, bits)),
                      static_cast<std::uint64_t>(factor > 0));
    }

    void add_whole_parts() {
      for (std::size_t g = 0; g < groups.size();) {
        std::uint64_t const whole = groups[g].factor >> bits, begin = groups[g].begin;
        std::uint64_t count = 0;
        for (; g < groups.size() && groups[g].factor >> bits == whole; ++g) count += groups[g].count;
        if (whole > 0) repeated.push_back({begin, count, whole});
        epoch_size += count * whole;
      }
    }

    /// Raises the remainders until they sum to a whole number of draws, each in proportion to its distance from 1, so
    /// that none exceeds 1. If the sum should be whole already, it is raised to that number and not beyond, because
    /// factors are rounded down.
    void add_remainders() {
      std::vector<std::uint64_t> room;
      detail::huge_page_vector<samples_of_factor> drawn;
      std::uint64_t sum = 0;
      for (auto const& [factor, begin, count] : groups) {
        std::uint64_t const remainder = factor % unit;
        if (remainder == 0) continue;
        drawn.push_back({remainder, begin, count});
        room.push_back(count * (unit - remainder));
        sum += count * remainder;
      }
      if (drawn.empty()) return;
      auto const raised = detail::largest_remainder((unit - sum % unit) % unit, room);
      for (std::size_t i = 0; i < drawn.size(); ++i) {
        members->classes.push_back({drawn[i].begin, drawn[i].count});
        shares.push_back(drawn[i].count * drawn[i].factor + raised[i]);
      }
    }

    detail::huge_page_vector<samples_of_factor> groups;  // ascending
  };

  repeat_factor_sampler(plan const& grouped, std::uint64_t seed)
      : sampler_base(context, grouped.num_samples, grouped.epoch_size, seed),
        table_(detail::share<detail::repeat_table<Index> const>(grouped.members, grouped.repeated, grouped.shares,
                                                                grouped.num_remainders, seed)) {}

  detail::shared<detail::repeat_table<Index> const> table_;
};

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
