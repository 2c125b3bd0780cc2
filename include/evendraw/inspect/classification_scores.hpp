// Precision, recall and F1 from counts, and their means over classes.
#pragma once

#include <cstdint>
#include <limits>

#include <evendraw/detail/math.hpp>

namespace evendraw {

/// The value of a score that would be 0 / 0: the precision of a class without predictions, the recall of a class
/// without samples, the F1 of a class with neither.
enum class zero_division {
  zero,  ///< 0
  one,   ///< 1
  skip,  ///< not a number; averages leave it out
};

/// The scores of one class.
struct class_scores {
  double precision = 0;         ///< correct / predicted
  double recall = 0;            ///< correct / support
  double f1 = 0;                ///< harmonic mean of both, 2 correct / (support + predicted)
  std::uint64_t support = 0;    ///< samples of the class
  std::uint64_t predicted = 0;  ///< predictions of the class
  std::uint64_t correct = 0;    ///< samples of the class that were predicted as this class
};

/// Scores averaged over classes: macro, micro or weighted.
struct average_scores {
  double precision = 0;  ///< mean precision
  double recall = 0;     ///< mean recall
  double f1 = 0;         ///< mean F1
};

/// One kind of mistake.
struct confusion {
  std::uint64_t truth;      ///< the number of the true class
  std::uint64_t predicted;  ///< the number of the predicted class
  std::uint64_t count;      ///< how often the mistake was made
  friend bool operator==(confusion const&, confusion const&) = default;
};

namespace detail {

/// The counts that scores are computed from, for one class or several together.
struct class_totals {
  std::uint64_t support = 0, predicted = 0, correct = 0;

  [[nodiscard]] bool occurs() const { return support + predicted > 0; }

  class_totals& operator+=(class_totals const& other) {
    support += other.support;
    predicted += other.predicted;
    correct += other.correct;
    return *this;
  }
};

inline double ratio(std::uint64_t part, std::uint64_t whole, zero_division undefined) {
  if (whole > 0) return static_cast<double>(part) / static_cast<double>(whole);
  if (undefined == zero_division::skip) return std::numeric_limits<double>::quiet_NaN();
  return undefined == zero_division::one ? 1 : 0;
}

inline average_scores scores(class_totals const& totals, zero_division undefined) {
  return {ratio(totals.correct, totals.predicted, undefined), ratio(totals.correct, totals.support, undefined),
          ratio(2 * totals.correct, totals.support + totals.predicted, undefined)};
}

/// The weighted mean of all values that are numbers.
struct weighted_mean {
  double sum = 0, weights = 0, plain_sum = 0, count = 0;

  void add(double value, double weight) {
    if (is_nan(value)) return;
    sum += value * weight;
    weights += weight;
    plain_sum += value;
    ++count;
  }
  /// The plain mean if all weights are 0; not a number without values.
  [[nodiscard]] double value() const {
    if (count == 0) return std::numeric_limits<double>::quiet_NaN();
    return weights > 0 ? sum / weights : plain_sum / count;
  }
};

/// The weighted means of all three scores.
struct mean_scores {
  weighted_mean precision, recall, f1;

  void add(average_scores const& each, double weight) {
    precision.add(each.precision, weight);
    recall.add(each.recall, weight);
    f1.add(each.f1, weight);
  }
  [[nodiscard]] average_scores value() const { return {precision.value(), recall.value(), f1.value()}; }
};

}  // namespace detail

}  // namespace evendraw
