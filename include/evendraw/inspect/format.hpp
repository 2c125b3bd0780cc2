// Formats plans, balances and scores with fmt: fmt::print("{:60}\n", evendraw::balance_table(classes, plan, balance)).
// This is the only header that needs fmt, version 9 or newer. evendraw.hpp does not include it.
//
// Specs: {} gives lines of at most 80 columns, {:60} of at most 60, and {:{}} takes the width from the next argument.
// {:a}, {:a60} and {:a{}} write bars and ellipses in ASCII, for terminals where utf8_locale() is false. Names stay as
// they are. The text does not end with a line end.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <evendraw/classes/labels.hpp>
#include <evendraw/epochs/checkpoint.hpp>
#include <evendraw/inspect/balance_table.hpp>
#include <evendraw/inspect/batch_balance.hpp>
#include <evendraw/inspect/classification_scores.hpp>
#include <evendraw/inspect/confusion_matrix.hpp>
#include <evendraw/inspect/coverage.hpp>
#include <evendraw/inspect/detail/terminal_table.hpp>
#include <evendraw/inspect/detail/terminal_text.hpp>
#include <evendraw/inspect/draw_counts.hpp>
#include <evendraw/inspect/run_plan.hpp>

namespace evendraw::detail {

inline std::string printed(balance_table const& table, terminal::page const& page) { return table.print(page); }

inline std::string printed(run_plan const& plan, terminal::page const& page) { return balance_table(plan).print(page); }

template <std::unsigned_integral Index>
std::string printed(batch_balance<Index> const& balance, terminal::page const& page) {
  return balance_table(balance).print(page);
}

inline std::string printed(class_balance const& balance, terminal::page const& page) {
  return page.wrap(fmt::format("{} draws, {} of all ({} expected); {} of {} samples drawn, one of them {} times",
                               terminal::with_commas(balance.draws), terminal::percent(balance.share),
                               terminal::percent(balance.expected_share), terminal::with_commas(balance.unique_samples),
                               terminal::with_commas(balance.class_size), terminal::with_commas(balance.most_draws)));
}

template <std::unsigned_integral Index>
std::string printed(draw_counts<Index> const& counts, terminal::page const& page) {
  auto const histogram = counts.histogram();
  std::uint64_t most = 0;
  for (auto const& each : histogram) most = std::max(most, each.samples);
  terminal::table rows({"draws", "samples", "share", ""}, terminal::last_column::bars);
  terminal::add_rows(rows, histogram, [&](draw_frequency const& each) {
    return std::vector{terminal::with_commas(each.draws), terminal::with_commas(each.samples),
                       terminal::percent(each.samples, counts.num_samples()),
                       terminal::bar(each.samples, most, 10, page.set)};
  });
  rows.fit(page.width);
  return page.print(rows) +
         page.wrap(fmt::format("{} draws: {} of {} samples, {} repeats", terminal::with_commas(counts.num_draws()),
                               terminal::with_commas(counts.unique_samples()),
                               terminal::with_commas(counts.num_samples()), terminal::with_commas(counts.repeats())));
}

inline std::string printed(coverage_time const& law, terminal::page const& page) {
  terminal::table rows({"all samples drawn", "epochs"});
  rows.add({"on average", terminal::rounded(law.mean())});
  for (double const q : {0.5, 0.9, 0.99, 0.999}) {
    rows.add({fmt::format("with {:g} %", 100 * q), terminal::rounded(static_cast<double>(law.quantile(q)))});
  }
  return page.print(rows);
}

inline std::string score(double value) { return terminal::fixed(value, 3); }

inline std::string printed(average_scores const& scores, terminal::page const& page) {
  return page.wrap(
      fmt::format("precision {}, recall {}, F1 {}", score(scores.precision), score(scores.recall), score(scores.f1)));
}

inline std::string printed(class_scores const& scores, terminal::page const& page) {
  return page.wrap(fmt::format("precision {}, recall {}, F1 {}: {} of {} samples found in {}", score(scores.precision),
                               score(scores.recall), score(scores.f1), terminal::with_commas(scores.correct),
                               terminal::with_commas(scores.support),
                               terminal::counted(scores.predicted, "prediction", "predictions")));
}

/// The tables of a confusion_matrix: the scores of each class, and the mistakes.
template <class Label>
class matrix_tables {
 public:
  explicit matrix_tables(confusion_matrix<Label> const& matrix) : matrix_(matrix), names_(names_of(matrix.labels())) {
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

  /// A row for each true class, a column for each predicted class; nothing if a line has no room for them.
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
      rows.add({fmt::format("{} -> {}", name(truth, page), name(predicted, page)), terminal::with_commas(count)});
    }
    if (others > 0) rows.add_note(fmt::format("(and {} others)", terminal::with_commas(others)));
    return rows;
  }

 private:
  [[nodiscard]] class_scores scores(std::uint64_t c) const { return matrix_.of_class(c, zero_division::skip); }

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
  if (absent > 0) {
    left_out = fmt::format(", {} class{} left out", absent, absent == 1 ? "" : "es");
  }
  return joined(page.print(scores),
                page.wrap(fmt::format("accuracy {}, balanced accuracy {}, macro F1 {}{}", score(matrix.accuracy()),
                                      score(matrix.balanced_accuracy()), score(matrix.macro().f1), left_out)),
                "\n", page.wrap(counts ? "a row for each true class, a column for each prediction:" : "mistakes:"),
                page.print(counts ? *counts : tables.mistakes(page)));
}

inline constexpr std::size_t widest_page = 10'000;

/// Reads the specs described at the top of this file.
class table_formatter {
 public:
  template <class ParseContext>
  constexpr auto parse(ParseContext& context) {
    auto next = context.begin();
    auto const end = context.end();
    if (next != end && *next == 'a') {
      page_.set = terminal::charset::ascii;
      ++next;
    }
    if (next != end && *next == '{') {
      width_argument_ = context.next_arg_id();
      if (++next == end || *next++ != '}') throw fmt::format_error("evendraw: a width is {} or a number");
    } else if (next != end && *next != '}') {
      page_.width = 0;
      for (; next != end && '0' <= *next && *next <= '9'; ++next) {
        page_.width = std::min(page_.width * 10 + static_cast<std::size_t>(*next - '0'), widest_page);
      }
      if (page_.width == 0) throw fmt::format_error("evendraw: a width is a whole number above 0");
    }
    if (next != end && *next != '}') throw fmt::format_error("evendraw: a spec is 'a', a width, or 'a' and a width");
    return next;
  }

  template <class T, class Context>
  auto format(T const& value, Context& context) const {
    terminal::page page = page_;
    if (width_argument_ >= 0) page.width = width_of(context.arg(width_argument_));
    std::string const lines = printed(value, page);
    return std::copy(lines.begin(), lines.end() - 1, context.out());  // the last character is a line end
  }

 private:
  template <class Argument>
  static std::size_t width_of(Argument const& argument) {
    auto const width = [](auto value) -> std::size_t {
      if constexpr (whole_number<decltype(value)>) {
        if (value > 0) return std::cmp_less(value, widest_page) ? static_cast<std::size_t>(value) : widest_page;
      }
      throw fmt::format_error("evendraw: a width is a whole number above 0");
    };
#if FMT_VERSION >= 110000
    return argument.visit(width);
#else
    return fmt::visit_format_arg(width, argument);
#endif
  }

  terminal::page page_;
  int width_argument_ = -1;
};

}  // namespace evendraw::detail

template <>
struct fmt::formatter<evendraw::balance_table> : evendraw::detail::table_formatter {};
template <>
struct fmt::formatter<evendraw::run_plan> : evendraw::detail::table_formatter {};
template <std::unsigned_integral Index>
struct fmt::formatter<evendraw::batch_balance<Index>> : evendraw::detail::table_formatter {};
template <>
struct fmt::formatter<evendraw::class_balance> : evendraw::detail::table_formatter {};
template <std::unsigned_integral Index>
struct fmt::formatter<evendraw::draw_counts<Index>> : evendraw::detail::table_formatter {};
template <>
struct fmt::formatter<evendraw::coverage_time> : evendraw::detail::table_formatter {};
template <class Label>
struct fmt::formatter<evendraw::confusion_matrix<Label>> : evendraw::detail::table_formatter {};
template <>
struct fmt::formatter<evendraw::class_scores> : evendraw::detail::table_formatter {};
template <>
struct fmt::formatter<evendraw::average_scores> : evendraw::detail::table_formatter {};

/// Writes a checkpoint as the text that checkpoint::from_string reads.
template <>
struct fmt::formatter<evendraw::checkpoint> : fmt::formatter<std::string_view> {
  template <class Context>
  auto format(evendraw::checkpoint const& value, Context& context) const {
    return fmt::formatter<std::string_view>::format(value.to_string(), context);
  }
};
