// Precision, recall and F1 from counts, and their means over classes.
#pragma once

#include <cstdint>
#include <limits>

#include <evendraw/detail/math.hpp>

namespace evendraw {

/// The scores of one class, or averages over several. An average has the counts of all its classes together.
struct class_scores {
  double precision = 0;         ///< correct / predicted
  double recall = 0;            ///< correct / support
  double f1 = 0;                ///< harmonic mean of both, 2 correct / (support + predicted)
  std::uint64_t support = 0;    ///< samples of the class
  std::uint64_t predicted = 0;  ///< predictions of the class
  std::uint64_t correct = 0;    ///< samples of the class that were predicted as this class
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

inline constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

inline double ratio(std::uint64_t part, std::uint64_t whole, double undefined) {
  return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : undefined;
}

inline class_scores scores(class_totals const& totals, double undefined) {
  auto const& [support, predicted, correct] = totals;
  return {ratio(correct, predicted, undefined),
          ratio(correct, support, undefined),
          ratio(2 * correct, support + predicted, undefined),
          support,
          predicted,
          correct};
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
    if (count == 0) return not_a_number;
    return weights > 0 ? sum / weights : plain_sum / count;
  }
};

/// The weighted means of all three scores, and the sums of the counts.
struct mean_scores {
  weighted_mean precision, recall, f1;
  class_totals totals;

  void add(class_scores const& each, double weight) {
    totals += {each.support, each.predicted, each.correct};
    precision.add(each.precision, weight);
    recall.add(each.recall, weight);
    f1.add(each.f1, weight);
  }
  [[nodiscard]] class_scores value() const {
    return {precision.value(), recall.value(), f1.value(), totals.support, totals.predicted, totals.correct};
  }
};

}  // namespace detail

}  // namespace evendraw
