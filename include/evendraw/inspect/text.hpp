// Plans, balances and scores as text: std::cout << evendraw::balance_table(classes, plan, balance) << '\n'. Needs the
// standard library only; format.hpp does the same for fmt. evendraw.hpp does not include it.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <evendraw/detail/errors.hpp>
#include <evendraw/inspect/balance_table.hpp>
#include <evendraw/inspect/batch_balance.hpp>
#include <evendraw/inspect/classification_scores.hpp>
#include <evendraw/inspect/confusion_matrix.hpp>
#include <evendraw/inspect/coverage.hpp>
#include <evendraw/inspect/detail/class_texts.hpp>
#include <evendraw/inspect/detail/terminal_table.hpp>
#include <evendraw/inspect/detail/terminal_text.hpp>
#include <evendraw/inspect/draw_counts.hpp>
#include <evendraw/inspect/run_plan.hpp>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

inline std::string printed(balance_table const& table, terminal::page const& page) { return table.print(page); }

inline std::string printed(run_plan const& plan, terminal::page const& page) { return balance_table(plan).print(page); }

template <std::unsigned_integral Index>
std::string printed(batch_balance<Index> const& balance, terminal::page const& page) {
  return balance_table(balance).print(page);
}

inline std::string printed(class_balance const& balance, terminal::page const& page) {
  return page.wrap(joined(terminal::counted(balance.draws, "draw", "draws"), ", ", terminal::percent(balance.share),
                          " of all (", terminal::percent(balance.expected_share), " expected); ",
                          terminal::with_commas(balance.unique_samples), " of ",
                          terminal::counted(balance.class_size, "sample", "samples"), " drawn, one of them ",
                          terminal::counted(balance.most_draws, "time", "times")));
}

template <std::unsigned_integral Index>
std::string printed(draw_counts<Index> const& counts, terminal::page const& page) {
  auto const histogram = counts.histogram();
  std::uint64_t most = 0;
  for (auto const& each : histogram) most = std::max(most, each.samples);
  terminal::table rows({"draws", "samples", "share", ""}, terminal::last_column::bars);
  terminal::add_rows(rows, histogram, [&](auto const& each) {
    return std::vector{terminal::with_commas(each.draws), terminal::with_commas(each.samples),
                       terminal::percent(each.samples, counts.num_samples()),
                       terminal::bar(each.samples, most, 10, page.set)};
  });
  rows.fit(page.width);
  return page.print(rows) + page.wrap(joined(terminal::counted(counts.num_draws(), "draw", "draws"), ": ",
                                             terminal::with_commas(counts.unique_samples()), " of ",
                                             terminal::counted(counts.num_samples(), "sample", "samples"), ", ",
                                             terminal::counted(counts.repeats(), "repeat", "repeats")));
}

inline std::string printed(coverage_time const& law, terminal::page const& page) {
  terminal::table rows({"all samples drawn", "epochs"});
  rows.add({"on average", terminal::rounded(law.mean())});
  for (double const q : {0.5, 0.9, 0.99, 0.999}) {
    rows.add({joined("with ", text(100 * q), " %"), terminal::rounded(static_cast<double>(law.quantile(q)))});
  }
  return page.print(rows);
}

inline std::string score(double value) { return terminal::fixed(value, 3); }

inline std::string printed(class_scores const& scores, terminal::page const& page) {
  return page.wrap(joined("precision ", score(scores.precision), ", recall ", score(scores.recall), ", F1 ",
                          score(scores.f1), ": ", terminal::with_commas(scores.correct), " of ",
                          terminal::counted(scores.support, "sample", "samples"), " found in ",
                          terminal::counted(scores.predicted, "prediction", "predictions")));
}

/// The tables of a confusion_matrix: the scores of each class, and the mistakes.
template <class Label>
class matrix_tables {
 public:
  explicit matrix_tables(confusion_matrix<Label> const& matrix) : matrix_(matrix), names_(names_of(matrix.labels())) {
    for (std::string& name : names_) name = terminal::printable(name);
    std::vector<std::uint64_t> sizes;
    for (std::uint64_t c = 0; c < matrix.num_classes(); ++c) sizes.push_back(scores(c).support);
    order_ = by_size(sizes);
  }

  [[nodiscard]] terminal::table all_scores() const {
    using terminal::with_commas;
    terminal::table rows({"class", "samples", "recall", "precision", "F1", "predicted"});
    terminal::add_rows(rows, order_, [&](std::size_t c) {
      class_scores const row = scores(c);
      return std::vector{names_[c],     with_commas(row.support),  score(row.recall), score(row.precision),
                         score(row.f1), with_commas(row.predicted)};
    });
    return rows;
  }

  /// A table with a row for each true class and a column for each predicted class; nothing if a line has no room for
  /// it.
  [[nodiscard]] std::optional<terminal::table> counts(terminal::page const& page) const {
    if (order_.size() > page.width / 3) return {};
    std::vector<std::string> heading{"truth"};
    for (std::size_t const c : order_) heading.push_back(terminal::cut_name(names_[c], 8, page.set));
    terminal::table rows(heading);
    for (std::size_t const truth : order_) {
      std::vector<std::string> row{names_[truth]};
      for (std::size_t const c : order_) row.push_back(terminal::with_commas(matrix_.count(truth, c)));
      rows.add(row);
    }
    return rows.width() <= page.width ? std::optional(rows) : std::nullopt;
  }

  /// The ten most frequent mistakes.
  [[nodiscard]] terminal::table mistakes(terminal::page const& page) const {
    terminal::table rows({"truth -> predicted", "count"});
    auto confusions = matrix_.confusions();
    std::uint64_t others = 0;
    for (std::size_t i = 10; i < confusions.size(); ++i) others += confusions[i].count;
    confusions.resize(std::min<std::size_t>(confusions.size(), 10), confusion{});
    for (auto const& [truth, predicted, count] : confusions) {
      rows.add({joined(name(truth, page), " -> ", name(predicted, page)), terminal::with_commas(count)});
    }
    if (others > 0) rows.add_note(joined("(and ", terminal::with_commas(others), " others)"));
    return rows;
  }

 private:
  [[nodiscard]] class_scores scores(std::uint64_t c) const { return matrix_.of_class(c, not_a_number); }

  [[nodiscard]] std::string name(std::uint64_t c, terminal::page const& page) const {
    return terminal::cut_name(names_[static_cast<std::size_t>(c)], page.width / 3, page.set);
  }

  confusion_matrix<Label> const& matrix_;
  std::vector<std::string> names_;
  std::vector<std::size_t> order_;  // the largest class first
};

template <class Label>
std::string printed(confusion_matrix<Label> const& matrix, terminal::page const& page) {
  matrix_tables<Label> const tables(matrix);
  auto scores = tables.all_scores();
  scores.fit(page.width);
  auto const counts = tables.counts(page);
  std::uint64_t const absent = matrix.num_absent();
  std::string left_out;
  if (absent > 0) left_out = joined(", ", text(absent), absent == 1 ? " class" : " classes", " left out");
  return joined(
      page.print(scores),
      page.wrap(joined("accuracy ", score(matrix.accuracy()), ", balanced accuracy ", score(matrix.balanced_accuracy()),
                       ", macro F1 ", score(matrix.macro({.undefined = not_a_number}).f1), left_out)),
      "\n", page.wrap(counts ? "a row for each true class, a column for each prediction:" : "mistakes:"),
      page.print(counts ? *counts : tables.mistakes(page)));
}

/// A type that can be written as text: balance_table, run_plan, batch_balance, class_balance, draw_counts,
/// coverage_time, confusion_matrix or class_scores.
template <class T>
concept has_text = requires(T const& value, terminal::page const& page) {
  { printed(value, page) } -> std::same_as<std::string>;
};

}  // namespace evendraw::detail

namespace evendraw {

/// The width of a text, and the characters that it uses.
struct text_options {
  std::uint64_t width = 80;  ///< the most columns of a line
  bool ascii = false;        ///< bars and ellipses in ASCII, for terminals that do not show UTF-8
};

/// A plan, a balance, a table or scores as text. It does not end with a line break.
///
/// Needs      width >= 1 -> else std::invalid_argument
template <detail::has_text T>
[[nodiscard]] std::string to_string(T const& value, text_options options = {}) {
  detail::refuse_negative("to_string", {{"width", options.width, 1}});
  if (options.width == 0) detail::invalid("to_string", "width is 0; a line needs at least one column");
  auto const set = options.ascii ? detail::terminal::charset::ascii : detail::terminal::charset::utf8;
  std::string result = detail::printed(value, {.width = static_cast<std::size_t>(options.width), .set = set});
  result.pop_back();  // a line break
  return result;
}

/// Writes the text of to_string().
template <detail::has_text T>
std::ostream& operator<<(std::ostream& out, T const& value) {
  return out << to_string(value);
}

}  // namespace evendraw

#include <evendraw/detail/macros_on.hpp>
