// Counts of true and predicted classes, and scores from them.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/classes/detail/class_labels.hpp>
#include <evendraw/classes/labels.hpp>
#include <evendraw/detail/errors.hpp>
#include <evendraw/inspect/classification_scores.hpp>
#include <evendraw/inspect/detail/prediction_counts.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw {

/// Counts how often samples of each class are predicted as each class, and computes scores from the counts.
///
///   classes  class_index, or a list of K labels, or K for the class numbers 0 to K - 1 as labels
///
/// Add all predictions of an epoch before you compute scores, because the mean precision or F1 of batches differs from
/// that of the epoch. Give each thread and rank its own matrix, and merge them.
///
/// Needs      1 <= K < 2^32; labels that differ -> else std::invalid_argument
/// Edge       without predictions, accuracies are not a number, and other scores are 0 / 0 (see average_options)
/// Cost       about 40 bytes per class, and 40 for each kind of mistake that occurs (not K^2); add is O(1) by class
///            number and O(log K) by label; scores are O(1), averages O(K)
/// Stable     counts do not depend on the order of adding and merging
/// Source     definitions of scikit-learn: precision_recall_fscore_support, balanced_accuracy_score
template <class Label = std::uint64_t>
class confusion_matrix {
 public:
  /// Options of averages over classes.
  struct average_options {
    std::vector<Label> without = {};  ///< the classes that the average leaves out
    double undefined = 0;  ///< the value of 0 / 0, usually 0 or 1; if it is not a number, averages leave it out
  };

  using label_type = Label;

  explicit confusion_matrix(std::uint64_t num_classes) requires std::same_as<Label, std::uint64_t>
      : confusion_matrix(numbers_below(num_classes)) {}

  template <std::unsigned_integral Index>
  explicit confusion_matrix(class_index<Label, Index> const& classes) : confusion_matrix(classes.labels()) {}

  explicit confusion_matrix(std::vector<Label> labels)
      : labels_(context, std::move(labels)), counts_(labels_.labels().size()) {
    if (num_classes() == 0) detail::invalid(context, "no classes; give at least one");
  }

  confusion_matrix(confusion_matrix const&) = default;
  confusion_matrix(confusion_matrix&&) noexcept = default;
  /// Changes nothing if memory runs out.
  confusion_matrix& operator=(confusion_matrix const& other) { return *this = confusion_matrix(other); }
  confusion_matrix& operator=(confusion_matrix&&) noexcept = default;
  ~confusion_matrix() = default;

  /// Counts one prediction, by labels.
  ///
  /// Needs      labels of classes -> else std::invalid_argument, and nothing is counted
  template <detail::label_name<Label> Truth, detail::label_name<Label> Predicted>
  void add(Truth const& truth, Predicted const& predicted) {
    auto const t = class_of("truth", truth);
    record_one(t, class_of("prediction", predicted));
  }

  /// Counts a range of predictions, by labels. Counts nothing if anything is wrong.
  ///
  /// Needs      as many truths as predictions; labels of classes -> else std::invalid_argument
  template <detail::given_labels Truths, detail::given_labels Predictions>
  requires(!class_label<Truths> && !class_label<Predictions> && detail::name_labels<Truths, Label> &&
           detail::name_labels<Predictions, Label>) void add(Truths&& truths, Predictions&& predictions) {
    if constexpr (detail::are_labels<Truths>() && detail::are_labels<Predictions>()) {
      record_all(truths, predictions, [this](auto what, auto const& label) { return this->class_of(what, label); });
    }
  }

  /// Counts one prediction, by class numbers, as models return them and class_index::sample_classes() has them.
  ///
  /// Needs      numbers below num_classes() -> else std::invalid_argument, and nothing is counted
  template <whole_number Truth, whole_number Predicted>
  void add_numbers(Truth truth, Predicted predicted) {
    auto const t = checked_number("truth", truth);
    record_one(t, checked_number("prediction", predicted));
  }

  /// Counts a range of predictions, by class numbers. Counts nothing if anything is wrong.
  ///
  /// Needs      as many truths as predictions; numbers below num_classes() -> else std::invalid_argument
  template <detail::index_range Truths, detail::index_range Predictions>
  void add_numbers(Truths&& truths, Predictions&& predictions) {
    record_all(truths, predictions, [this](auto what, auto c) { return this->checked_number(what, c); });
  }

  /// Adds the counts of another matrix.
  ///
  /// Needs      the same labels in the same order -> else std::invalid_argument
  void merge(confusion_matrix const& other) {
    if (labels() != other.labels()) {
      detail::invalid(
          context,
          "merge: the two matrices have different classes, or the same in a different order; make both from "
          "the same classes");
    }
    counts_.merge(other.counts_);
  }

  /// The number of classes.
  [[nodiscard]] std::uint64_t num_classes() const noexcept { return counts_.totals().size(); }
  /// The label of each class, by class number.
  [[nodiscard]] std::vector<Label> const& labels() const noexcept { return labels_.labels(); }
  /// The number of counted predictions.
  [[nodiscard]] std::uint64_t num_predictions() const { return sum(&totals::support); }

  /// The number of samples of class number `truth` that were predicted as class number `predicted`.
  /// Needs both < num_classes() -> else std::out_of_range.
  [[nodiscard]] std::uint64_t count(std::uint64_t truth, std::uint64_t predicted) const {
    check_exists(truth);
    check_exists(predicted);
    return counts_.count(static_cast<std::size_t>(truth), static_cast<std::size_t>(predicted));
  }

  /// The mistakes that occurred, the most frequent first. Equally frequent ones are ordered by class numbers.
  [[nodiscard]] std::vector<confusion> confusions() const { return counts_.confusions(); }

  /// The scores of class c. `undefined` is the value of 0 / 0: the precision of a class without predictions, the recall
  /// of a class without samples, the F1 of a class with neither. Needs c < num_classes() -> else std::out_of_range.
  [[nodiscard]] class_scores of_class(std::uint64_t c, double undefined = 0) const {
    check_exists(c);
    return detail::scores(counts_.totals()[static_cast<std::size_t>(c)], undefined);
  }

  /// The number of classes that are neither true nor predicted. Averages leave them out.
  [[nodiscard]] std::uint64_t num_absent() const {
    std::uint64_t result = 0;
    for (auto const& each : counts_.totals()) result += each.occurs() ? 0 : 1;
    return result;
  }

  /// The fraction of the predictions that are correct.
  [[nodiscard]] double accuracy() const {
    return detail::ratio(sum(&totals::correct), num_predictions(), detail::not_a_number);
  }

  /// The mean recall of the classes that have samples. It would be the accuracy if these classes had equal sizes.
  [[nodiscard]] double balanced_accuracy() const { return macro({.undefined = detail::not_a_number}).recall; }

  /// The mean of the scores over the classes that are true or predicted, with equal weights.
  ///
  /// Samples of a class that is left out still count as wrong predictions of other classes, as with scikit-learn's
  /// `labels`.
  ///
  /// Needs      labels of classes in .without, but not all of them -> else std::invalid_argument
  /// Edge       a class with neither samples nor predictions is left out, as scikit-learn does without `labels`; if no
  ///            class is left, every score is 0 / 0
  [[nodiscard]] class_scores macro(average_options const& options = {}) const {
    return mean(options, [](totals const&) { return 1.0; });
  }

  /// The mean of the scores over the classes that are true or predicted, weighted by their numbers of samples.
  ///
  /// Needs      as macro
  /// Edge       as macro; if no class has samples, the result is that of macro
  [[nodiscard]] class_scores weighted(average_options const& options = {}) const {
    return mean(options, [](totals const& each) { return static_cast<double>(each.support); });
  }

  /// The scores of the summed counts of all classes. All three equal the accuracy if no class is left out.
  ///
  /// Needs      as macro
  [[nodiscard]] class_scores micro(average_options const& options = {}) const {
    totals all;
    for (std::size_t const c : classes_for(options)) all += counts_.totals()[c];
    return detail::scores(all, options.undefined);
  }

 private:
  static constexpr std::string_view context = "confusion_matrix";
  using totals = detail::class_totals;

  static std::vector<std::uint64_t> numbers_below(std::uint64_t num_classes) {
    detail::refuse_negative(context, {{"num_classes", num_classes, 1}});
    if (num_classes >> 32 != 0)
      detail::invalid(context, detail::text(num_classes), " classes; at most 2^32 - 1 are possible");
    std::vector<std::uint64_t> result(static_cast<std::size_t>(num_classes));
    for (std::size_t c = 0; c < result.size(); ++c) result[c] = c;
    return result;
  }

  template <class T>
  std::size_t class_of(std::string_view what, T const& label) const {
    std::size_t const c = labels_.find(label);
    if (c == num_classes()) no_class(what, label);
    return c;
  }

  template <class T>
  [[noreturn]] void no_class(std::string_view what, T const& label) const {
    detail::invalid(context, "the ", what, " ", detail::text(label), " is not a class", labels_.list());
  }

  template <class Number>
  std::size_t checked_number(std::string_view what, Number c) const {
    if (std::cmp_less(c, 0) || std::cmp_greater_equal(c, num_classes())) {
      detail::invalid(context, "the ", what, " is class number ", detail::text(c), "; there are ",
                      detail::counted(num_classes(), "class", "classes"), ", numbered from 0");
    }
    return static_cast<std::size_t>(c);
  }

  void check_exists(std::uint64_t c) const {
    if (c < num_classes()) return;
    detail::out_of_range(context, "class number ", detail::text(c), "; there are ",
                         detail::counted(num_classes(), "class", "classes"), ", numbered from 0");
  }

  void record_one(std::size_t truth, std::size_t predicted) { counts_.add({&truth, 1}, {&predicted, 1}); }

  template <class Truths, class Predictions, class ClassOf>
  void record_all(Truths& truths, Predictions& predictions, ClassOf class_of_each) {
    std::vector<std::size_t> true_classes, predicted_classes;
    for (std::ranges::range_value_t<Truths> const& each : truths) {
      true_classes.push_back(class_of_each("truth", each));
    }
    for (std::ranges::range_value_t<Predictions> const& each : predictions) {
      predicted_classes.push_back(class_of_each("prediction", each));
    }
    if (true_classes.size() != predicted_classes.size()) {
      detail::invalid(context, detail::counted(true_classes.size(), "truth", "truths"), " and ",
                      detail::counted(predicted_classes.size(), "prediction", "predictions"),
                      "; give one of each per sample");
    }
    counts_.add(true_classes, predicted_classes);
  }

  template <class WeightOf>
  class_scores mean(average_options const& options, WeightOf weight_of) const {
    detail::mean_scores result;
    bool none = true;
    for (std::size_t const c : classes_for(options)) {
      if (!counts_.totals()[c].occurs()) continue;
      none = false;
      result.add(detail::scores(counts_.totals()[c], options.undefined), weight_of(counts_.totals()[c]));
    }
    return none ? detail::scores({}, options.undefined) : result.value();
  }

  /// The classes that an average includes.
  std::vector<std::size_t> classes_for(average_options const& options) const {
    std::vector<char> left_out(num_classes());
    for (Label const& label : options.without) left_out[class_of(".without label", label)] = 1;
    std::vector<std::size_t> result;
    for (std::size_t c = 0; c < left_out.size(); ++c) {
      if (left_out[c] == 0) result.push_back(c);
    }
    if (result.empty()) detail::invalid(context, ".without names every class; leave at least one to average over");
    return result;
  }

  std::uint64_t sum(std::uint64_t totals::*member) const {
    std::uint64_t result = 0;
    for (auto const& each : counts_.totals()) result += each.*member;
    return result;
  }

  detail::class_labels<Label> labels_;
  detail::prediction_counts<> counts_;
};

template <std::integral Count>
confusion_matrix(Count) -> confusion_matrix<std::uint64_t>;
template <class Label, std::unsigned_integral Index>
confusion_matrix(class_index<Label, Index> const&) -> confusion_matrix<Label>;
template <class_label Label>
requires std::same_as<detail::kept_label<Label>, Label> confusion_matrix(std::vector<Label>)
->confusion_matrix<Label>;

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
