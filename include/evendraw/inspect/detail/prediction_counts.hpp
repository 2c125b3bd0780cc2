// Counts of predictions by class number.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <evendraw/classes/detail/label_numbering.hpp>
#include <evendraw/detail/huge_page_vector.hpp>
#include <evendraw/inspect/classification_scores.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// How often samples of each class are predicted as each class. Kinds of mistakes that never occurred take no memory.
/// If memory runs out, nothing is counted.
template <class = void>  // compiled where it is used
class prediction_counts {
 public:
  explicit prediction_counts(std::size_t num_classes) : totals_(num_classes, class_totals{}) {}

  /// The totals of each class, by class number.
  [[nodiscard]] huge_page_vector<class_totals> const& totals() const noexcept { return totals_; }

  /// Counts predictions; needs as many truths as predictions, and numbers of classes.
  void add(std::span<std::size_t const> truths, std::span<std::size_t const> predictions) {
    for (std::size_t i = 0; i < truths.size(); ++i) {
      if (truths[i] != predictions[i]) make_cell(cell_of(truths[i], predictions[i]));
    }
    for (std::size_t i = 0; i < truths.size(); ++i) record(truths[i], predictions[i]);
  }

  /// Adds the counts of as many classes.
  void merge(prediction_counts const& other) {
    for (std::size_t i = 0; i < other.mistakes_.size(); ++i) make_cell(other.cells_.keys()[i]);
    for (std::size_t c = 0; c < totals_.size(); ++c) totals_[c] += other.totals_[c];
    for (std::size_t i = 0; i < other.mistakes_.size(); ++i) {
      mistakes_[cells_.find(other.cells_.keys()[i])] += other.mistakes_[i];
    }
  }

  /// The number of samples of class `truth` that were predicted as class `predicted`.
  [[nodiscard]] std::uint64_t count(std::size_t truth, std::size_t predicted) const {
    if (truth == predicted) return totals_[truth].correct;
    std::size_t const found = cells_.find(cell_of(truth, predicted));
    return found < mistakes_.size() ? mistakes_[found] : 0;
  }

  /// The mistakes that occurred, the most frequent first, then by class numbers.
  [[nodiscard]] std::vector<confusion> confusions() const {
    std::vector<confusion> result;
    result.reserve(mistakes_.size());
    for (std::size_t i = 0; i < mistakes_.size(); ++i) {
      std::uint64_t const cell = cells_.keys()[i];
      if (mistakes_[i] > 0) result.push_back({cell >> 32, cell & 0xffffffffu, mistakes_[i]});
    }
    std::sort(result.begin(), result.end(), [](confusion const& a, confusion const& b) {
      return a.count > b.count || (a.count == b.count && cell_of(a.truth, a.predicted) < cell_of(b.truth, b.predicted));
    });
    return result;
  }

 private:
  static constexpr std::uint64_t cell_of(std::uint64_t truth, std::uint64_t predicted) noexcept {
    return truth << 32 | predicted;
  }

  /// Makes room for a kind of mistake, with a count of 0. This may fail, and counting afterwards cannot.
  void make_cell(std::uint64_t cell) {
    cells_.number(cell);
    mistakes_.resize(cells_.keys().size());
  }

  /// Needs make_cell() before, unless the prediction is correct.
  void record(std::size_t truth, std::size_t predicted) {
    ++totals_[truth].support;
    ++totals_[predicted].predicted;
    if (truth == predicted) {
      ++totals_[truth].correct;
    } else {
      ++mistakes_[cells_.find(cell_of(truth, predicted))];
    }
  }

  huge_page_vector<class_totals> totals_;  // by class
  label_numbering<std::uint64_t> cells_;   // numbers the cells for which room was made
  std::vector<std::uint64_t> mistakes_;    // by the number of the cell; correct predictions are in the totals
};

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
