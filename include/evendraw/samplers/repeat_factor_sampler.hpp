// Every sample as often as its repeat factor says.
#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <numeric>
#include <span>
#include <string_view>
#include <vector>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/classes/detail/class_members.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/largest_remainder.hpp>
#include <evendraw/detail/shared.hpp>
#include <evendraw/epochs/detail/batch_quotas.hpp>
#include <evendraw/epochs/detail/sampler_base.hpp>
#include <evendraw/epochs/detail/stratified_draws.hpp>
#include <evendraw/epochs/draws.hpp>
#include <evendraw/weights/detail/checked_weights.hpp>
#include <evendraw/weights/repeat_factors.hpp>

namespace evendraw {

/// For repeat factors that follow from the data.
struct repeat_factor_options {
  double threshold = 1e-3;  ///< the fraction of the samples below which a class is repeated
  std::uint64_t seed = 0;
};

/// What a repeat_factor_sampler of given factors needs besides.
struct given_factors_options {
  std::uint64_t seed = 0;
};

/// Gives sample i r_i times in every epoch, rounded down or up, shuffled. Where samples have several labels, r_i is the
/// repeat factor of its rarest one.
///
///   label_sets  n ranges of labels, one per sample; or
///   factors     n numbers r_i >= 0, one per sample, from elsewhere; for samples with one label each:
///               sample_weights(classes, class_repeat_factors(classes.counts(), classes.num_samples()))
///   options     .threshold for label sets (see repeat_factors), .seed
///
/// Needs      1 <= n <= max of Index; factors finite and >= 0, one positive, n and their sum, rounded up, at most
///            2^31; a threshold in [0, 1] -> else std::invalid_argument
/// Edge       a factor of 0 leaves a sample out; all factors 1: a plain shuffle
/// Exact      every epoch has the same size: the sum of all r_i, rounded up unless it is whole but for rounding. A whole
///            r_i is kept in every epoch. Any other is r_i on average over epochs, and a little more: what the size was
///            rounded up by, less than one draw an epoch, is divided among the samples with such factors. Factors are
///            rounded down to 2^-32
/// Covers     every sample with r_i >= 1 in every epoch; samples of equal factors take turns in being rounded up. Where
///            that is at most one sample an epoch, two of them never differ by more than one draw. Otherwise their
///            numbers of draws drift apart like the root of the number of epochs (see stratified_batch_sampler): of
///            1,000 samples with r_i = 1.37 by 33 after 1,000 epochs, 1,370 draws a sample
/// Cost       O(n) to build, 4 n bytes for 32-bit indices and about 80 for each different factor; O(1) per draw, no
///            memory per epoch
/// Stable     same seed, epoch and position: same index on every platform
/// Source     Gupta, Dollár, Girshick, LVIS, CVPR 2019, appendix B.2 of arXiv 1908.03195
template <std::unsigned_integral Index = std::uint32_t>
class repeat_factor_sampler : public detail::sampler_base {
  struct plan;

 public:
  using index_type = Index;

  template <label_set_range LabelSets>
  explicit repeat_factor_sampler(LabelSets&& label_sets, repeat_factor_options options = {})
      : repeat_factor_sampler(detail::repeat_factors(context, label_sets, options.threshold), {.seed = options.seed}) {}

  template <std::ranges::input_range Factors>
  requires std::floating_point<std::ranges::range_value_t<Factors>>
  explicit repeat_factor_sampler(Factors&& factors, given_factors_options options = {})
      : repeat_factor_sampler(plan(detail::checked_weights(context, "factors", factors)), options.seed) {}

  explicit repeat_factor_sampler(std::initializer_list<double> factors, given_factors_options options = {})
      : repeat_factor_sampler(std::span(factors.begin(), factors.size()), options) {}

  /// An epoch is a batch of the stratified draws.
  [[nodiscard]] draws<detail::stratified_draws<Index>> epoch(std::uint64_t e) const {
    return make_draws(detail::stratified_draws<Index>(table_, e), e);
  }

  [[nodiscard]] std::uint64_t fingerprint() const noexcept { return make_fingerprint(context, table_->fingerprint()); }

 private:
  static constexpr std::string_view context = "repeat_factor_sampler";

  /// The samples in classes, of which some are there twice: once for the whole parts of their factors, all samples with
  /// the same whole part together, and once for what is left, all samples with the same factor together. The classes'
  /// parts of an epoch are in units of 2^-32 draws, and sum to whole draws.
  struct plan {
    explicit plan(std::vector<double> const& factors)
        : num_samples(factors.size()), members(detail::share<class_members<Index>>()) {
      detail::check_index_fits<Index>(context, num_samples);
      if (num_samples > most)
        detail::invalid(context, detail::text(num_samples), " factors; at most 2^31 can be given");
      double const sum = std::accumulate(factors.begin(), factors.end(), 0.0);
      if (!(sum <= static_cast<double>(most))) {
        detail::invalid(context, "the factors sum to ", detail::text(sum), "; an epoch has at most 2^31 draws");
      }
      group(factors);
      add_whole_parts();
      add_rests();
      epoch_size = std::accumulate(shares.begin(), shares.end(), std::uint64_t{0}) >> bits;
      if (epoch_size > most) {
        detail::invalid(context, "the factors sum to ", detail::text(epoch_size),
                        ", rounded up; an epoch has at most 2^31 draws");
      }
    }

    std::uint64_t num_samples;
    std::uint64_t epoch_size;
    detail::shared<class_members<Index>> members;
    std::vector<std::uint64_t> shares;

   private:
    static constexpr std::uint64_t most = detail::batch_quotas::largest_batch;
    static constexpr int bits = 32;
    static constexpr std::uint64_t unit = std::uint64_t{1} << bits;

    struct samples_of_factor {
      std::uint64_t factor;  // in units
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

    /// In units, rounded down, but not to 0.
    [[nodiscard]] static std::uint64_t units_of(double factor) {
      return std::max(static_cast<std::uint64_t>(std::ldexp(factor, bits)), static_cast<std::uint64_t>(factor > 0));
    }

    void add(std::uint64_t begin, std::uint64_t count, std::uint64_t share) {
      members->classes.push_back({begin, count});
      shares.push_back(share);
    }

    void add_whole_parts() {
      for (std::size_t g = 0; g < groups.size();) {
        std::uint64_t const whole = groups[g].factor >> bits, begin = groups[g].begin;
        std::uint64_t count = 0;
        for (; g < groups.size() && groups[g].factor >> bits == whole; ++g) count += groups[g].count;
        if (whole > 0) add(begin, count, (count * whole) << bits);
      }
    }

    /// The rests are raised until they sum to whole draws, each in proportion to what it is short of 1: so none gets
    /// above 1. Since factors are rounded down, a sum that should be whole is not above it.
    void add_rests() {
      std::vector<std::uint64_t> room;
      std::vector<samples_of_factor> drawn;
      std::uint64_t sum = 0;
      for (auto const& [factor, begin, count] : groups) {
        std::uint64_t const rest = factor % unit;
        if (rest == 0) continue;
        drawn.push_back({rest, begin, count});
        room.push_back(count * (unit - rest));
        sum += count * rest;
      }
      if (drawn.empty()) return;
      auto const raised = detail::largest_remainder((unit - sum % unit) % unit, room);
      for (std::size_t i = 0; i < drawn.size(); ++i) {
        add(drawn[i].begin, drawn[i].count, drawn[i].count * drawn[i].factor + raised[i]);
      }
    }

    std::vector<samples_of_factor> groups;  // ascending
  };

  repeat_factor_sampler(plan const& of, std::uint64_t seed)
      : sampler_base(context, of.num_samples, of.epoch_size, seed),
        table_(detail::share<detail::stratified_table<Index> const>(of.members, of.shares, of.epoch_size,
                                                                    evendraw::order::shuffled, seed)) {}

  detail::shared<detail::stratified_table<Index> const> table_;
};

}  // namespace evendraw
