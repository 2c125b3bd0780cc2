// The number of samples that a run draws, and when it has drawn them all, computed before it starts.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <vector>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/detail/huge_page_vector.hpp>
#include <evendraw/detail/math.hpp>
#include <evendraw/inspect/detail/unseen_samples.hpp>
#include <evendraw/weights/class_weights.hpp>
#include <evendraw/weights/detail/checked_weights.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

namespace detail {

/// The probability that `draws` independent draws include a sample, if each draw is this sample with `probability`.
inline double drawn_at_least_once(double probability, double draws) noexcept {
  return draws == 0 ? 0 : -math::expm1(draws * math::log1p(-std::min(probability, 1.0)));
}

}  // namespace detail

/// The expected number of different samples of each class in `draws` draws with replacement, by class number:
/// n_c (1 - (1 - t_c / n_c)^draws).
///
///   counts  K class counts
///   shares  K shares of the draws, by class number; they are divided by their sum
///   draws   the number of draws
///
/// Needs      see target_proportion_weights -> else std::invalid_argument
/// Exact      a relative error of about 2^-52 for any counts
/// Cost       O(K)
template <detail::count_range Counts = std::initializer_list<std::uint64_t>,
          detail::weight_range Shares = std::initializer_list<double>>
std::vector<double> expected_unique_samples(Counts&& counts, Shares&& shares, std::uint64_t draws) {
  detail::refuse_negative("expected_unique_samples", {{"draws", draws}});
  auto const sizes = detail::checked_counts("expected_unique_samples", counts);
  auto result = target_proportion_weights(sizes, shares);
  for (std::size_t c = 0; c < result.size(); ++c) {
    result[c] = static_cast<double>(sizes[c]) * detail::drawn_at_least_once(result[c], static_cast<double>(draws));
  }
  return result;
}

/// The same for draws by one weight per sample, as in multinomial_sampler: the sum of 1 - (1 - p_i)^draws over each
/// class.
///
///   classes  class_index of n labels
///   weights  one for each label, including the labels outside a subset
///   draws    the number of draws
///
/// Needs      a weight for every label; finite, >= 0, one positive -> else std::invalid_argument
/// Cost       O(n), 8 n bytes
template <class Label, std::unsigned_integral Index, detail::weight_range Weights = std::initializer_list<double>>
std::vector<double> expected_unique_samples(class_index<Label, Index> const& classes, Weights&& weights,
                                            std::uint64_t draws) {
  detail::refuse_negative("expected_unique_samples", {{"draws", draws}});
  auto const shares = detail::as_shares(detail::checked_weights("expected_unique_samples", "weights", weights));
  if (shares.size() != classes.index_bound()) {
    detail::invalid("expected_unique_samples", detail::counted(shares.size(), "weight", "weights"), " for ",
                    detail::counted(classes.index_bound(), "label", "labels"), "; give one for each");
  }
  std::vector<double> result;
  for (std::uint64_t c = 0; c < classes.num_classes(); ++c) {
    double sum = 0;
    for (Index const sample : classes.members(c)) {
      sum += detail::drawn_at_least_once(shares[static_cast<std::size_t>(sample)], static_cast<double>(draws));
    }
    result.push_back(sum);
  }
  return result;
}

/// The law of the number of epochs until every sample has been drawn at least once, for independent draws with
/// replacement whose weights depend on the class only.
///
///   class_counts  K class counts
///   shares        K shares of the draws, by class number; they are divided by their sum
///   epoch_size    draws per epoch
///
/// Needs      see target_proportion_weights; epoch_size >= 1 -> else std::invalid_argument
/// Edge       classes with share 0 are ignored
/// Exact      this is the exact law, with an absolute error below 1e-13. It does not assume that samples are seen
///            independently of each other
/// Cost       O(K) to build; O(K) for a probability; a quantile takes about ten probabilities, and the mean up to 1000
/// Source     Flajolet, Gardy, Thimonier, Discrete Applied Mathematics 39, 1992; the coefficient as an integral by the
///            trapezoidal rule: Trefethen, Weideman, SIAM Review 56, 2014
class coverage_time {
 public:
  template <detail::count_range Counts = std::initializer_list<std::uint64_t>,
            detail::weight_range Shares = std::initializer_list<double>>
  coverage_time(Counts&& class_counts, Shares&& shares, std::uint64_t epoch_size)
      : epoch_size_(static_cast<double>(epoch_size)) {
    detail::refuse_negative("coverage_time", {{"epoch_size", epoch_size, 1}});
    if (epoch_size == 0) detail::invalid("coverage_time", "epoch_size is 0; an epoch needs at least one draw");
    auto const sizes = detail::checked_counts("coverage_time", class_counts);
    auto const probabilities = target_proportion_weights(sizes, shares);
    for (std::size_t c = 0; c < sizes.size(); ++c) {
      classes_.push_back({static_cast<double>(sizes[c]), probabilities[c]});
    }
    keep_drawn();
  }

  /// The law of the epochs until every sample of class c has been drawn. Needs c < K -> else std::out_of_range. O(1).
  [[nodiscard]] coverage_time of_class(std::uint64_t c) const {
    if (c >= classes_.size()) {
      detail::out_of_range("coverage_time", "class number ", detail::text(c), "; there are ",
                           detail::counted(classes_.size(), "class", "classes"));
    }
    return coverage_time(epoch_size_, classes_[static_cast<std::size_t>(c)]);
  }

  /// The probability that all samples are drawn within `epochs` epochs.
  [[nodiscard]] double probability(std::uint64_t epochs) const { return 1 - probability_unseen(epochs); }

  /// The probability that some sample is not drawn: 1 - probability(epochs). It is accurate even if it is tiny.
  [[nodiscard]] double probability_unseen(std::uint64_t epochs) const {
    return detail::unseen_after(drawn_, epoch_size_ * static_cast<double>(epochs));
  }

  /// The smallest number of epochs within which all samples are drawn with probability at least q; 2^64 - 1 if this is
  /// above 2^63.
  ///
  /// Needs      0 < q < 1 -> else std::invalid_argument
  [[nodiscard]] std::uint64_t quantile(double q) const {
    if (!(q > 0 && q < 1)) detail::invalid("coverage_time", "the quantile of ", detail::text(q), "; needs 0 < q < 1");
    return drawn_.empty() ? 0 : epochs_until(1 - q);
  }

  /// The mean number of epochs.
  ///
  /// Exact      usually the relative error is below 1e-10. If the number spreads over more than 1000 epochs, the mean
  ///            assumes that the last draw needed is equally likely at every position of its epoch, and is off by at
  ///            most 1/2 if it is not
  [[nodiscard]] double mean() const {
    if (drawn_.empty()) return 0;
    std::uint64_t const first = epochs_until(1 - 1e-14), last = epochs_until(1e-14);
    if (last == never || last - first > 1000 || smooth()) return (mean_draws() + (epoch_size_ - 1) / 2) / epoch_size_;
    double result = static_cast<double>(first);
    for (std::uint64_t e = first; e < last; ++e) result += probability_unseen(e);
    return result;
  }

  /// The mean number of draws until all samples are drawn: the integral of 1 - product of (1 - e^(-p t)) over t.
  [[nodiscard]] double mean_draws() const {
    if (drawn_.empty()) return 0;
    auto const unseen = [this](double t) { return unseen_at(t); };
    double end = 1;
    while (unseen(end) > 1e-16) end *= 2;
    if (!detail::is_finite(end)) return end;
    int const parts = 64;
    double const width = end / parts;
    double sum = 0;
    for (int i = 0; i < parts; ++i) {
      double const low = i * width, high = low + width;
      sum += detail::integral(unseen, low, low == 0 ? 1 : unseen(low), high, unseen(high), unseen(low + width / 2),
                              1e-12 * width);
    }
    return sum;
  }

 private:
  coverage_time(double epoch_size, detail::equal_samples const& one_class)
      : epoch_size_(epoch_size), classes_(1, one_class) {
    keep_drawn();
  }

  static constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();

  void keep_drawn() {
    drawn_.clear();
    for (auto const& each : classes_) {
      if (each.probability > 0) drawn_.push_back(each);
    }
  }

  /// Whether all classes become complete so slowly that the last draw that is needed is uniform within its epoch.
  [[nodiscard]] bool smooth() const {
    bool result = true;
    for (auto const& each : drawn_) result = result && each.probability * epoch_size_ < 0.25;
    return result;
  }

  /// The probability that some sample is unseen at time t, if draws come at random times, one per unit of time.
  [[nodiscard]] double unseen_at(double t) const noexcept {
    return -detail::math::expm1(detail::log_seen_at(drawn_, t));
  }

  /// The smallest number of epochs >= 1 after which some sample is unseen with at most this probability. The search
  /// begins at the number for draws at random times, which is close and faster to find.
  [[nodiscard]] std::uint64_t epochs_until(double unseen) const {
    auto const enough = [&](std::uint64_t epochs) { return probability_unseen(epochs) <= unseen; };
    std::uint64_t const guess = first_from(
        0, [&](std::uint64_t epochs) { return unseen_at(epoch_size_ * static_cast<double>(epochs)) <= unseen; });
    if (guess >> 63 != 0) return never;
    std::uint64_t back = 1;
    while (back < guess && enough(guess - back)) back *= 2;
    return first_from(back < guess ? guess - back : 0, enough);
  }

  /// The smallest number above `low` that is enough; `never` if it is far above 2^63. Needs that all larger numbers are
  /// enough, too.
  template <class Enough>
  static std::uint64_t first_from(std::uint64_t low, Enough enough) {
    std::uint64_t step = 1;
    while (!enough(low + step)) {
      low += step;
      if (low >> 63 != 0) return never;
      step *= 2;
    }
    std::uint64_t high = low + step;
    while (high - low > 1) {
      std::uint64_t const middle = low + (high - low) / 2;
      (enough(middle) ? high : low) = middle;
    }
    return high;
  }

  double epoch_size_;
  detail::huge_page_vector<detail::equal_samples> classes_;
  detail::huge_page_vector<detail::equal_samples> drawn_;  // the classes with a probability above 0
};

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
