// Plans, balances and scores for fmt: fmt::print("{:60}\n", evendraw::balance_table(classes, plan, balance)).
// The only header that needs fmt, 9 or newer; evendraw.hpp does not include it.
//
// Specs: {} for lines of at most 80 columns, {:60} of at most 60, {:{}} with the width as the next argument; {:a},
// {:a60} and {:a{}} for bars and ellipses in ASCII, where utf8_locale() says no. Names are not changed by that.
// The end of the last line is left to the caller.
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

inline std::string printed(balance_table const& of, terminal::page const& on) { return of.print(on); }

inline std::string printed(run_plan const& of, terminal::page const& on) { return balance_table(of).print(on); }

template <std::unsigned_integral Index>
std::string printed(batch_balance<Index> const& of, terminal::page const& on) {
  return balance_table(of).print(on);
}

inline std::string printed(class_balance const& of, terminal::page const& on) {
  return on.wrap(fmt::format("{} draws, {} of all ({} expected); {} of {} samples drawn, one of them {} times",
                             terminal::with_commas(of.draws), terminal::percent(of.share),
                             terminal::percent(of.expected_share), terminal::with_commas(of.unique_samples),
                             terminal::with_commas(of.class_size), terminal::with_commas(of.most_draws)));
}

template <std::unsigned_integral Index>
std::string printed(draw_counts<Index> const& of, terminal::page const& on) {
  auto const histogram = of.histogram();
  std::uint64_t most = 0;
  for (auto const& each : histogram) most = std::max(most, each.samples);
  terminal::table rows({"draws", "samples", "share", ""}, terminal::last_column::bars);
  terminal::add_rows(rows, histogram, [&](draw_frequency const& each) {
    return std::vector{terminal::with_commas(each.draws), terminal::with_commas(each.samples),
                       terminal::percent(each.samples, of.num_samples()),
                       terminal::bar(each.samples, most, 10, on.set)};
  });
  rows.fit(on.width);
  return on.print(rows) +
         on.wrap(fmt::format("{} draws: {} of {} samples, {} repeats", terminal::with_commas(of.num_draws()),
                             terminal::with_commas(of.unique_samples()), terminal::with_commas(of.num_samples()),
                             terminal::with_commas(of.repeats())));
}

inline std::string printed(coverage_time const& of, terminal::page const& on) {
  terminal::table rows({"all samples drawn", "epochs"});
  rows.add({"on average", terminal::rounded(of.mean())});
  for (double const q : {0.5, 0.9, 0.99, 0.999}) {
    rows.add({fmt::format("with {:g} %", 100 * q), terminal::rounded(static_cast<double>(of.quantile(q)))});
  }
  return on.print(rows);
}

inline std::string score(double value) { return terminal::fixed(value, 3); }

inline std::string printed(average_scores const& of, terminal::page const& on) {
  return on.wrap(fmt::format("precision {}, recall {}, F1 {}", score(of.precision), score(of.recall), score(of.f1)));
}

inline std::string printed(class_scores const& of, terminal::page const& on) {
  return on.wrap(fmt::format("precision {}, recall {}, F1 {}: {} of {} samples found in {}", score(of.precision),
                             score(of.recall), score(of.f1), terminal::with_commas(of.correct),
                             terminal::with_commas(of.support),
                             terminal::counted(of.predicted, "prediction", "predictions")));
}

/// A confusion_matrix as tables: the scores of the classes, and who was taken for whom.
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
      class_scores const of = scores(c);
      return std::vector{names_[c],    with_commas(of.support),  score(of.recall), score(of.precision),
                         score(of.f1), with_commas(of.predicted)};
    });
    return rows;
  }

  /// A row for each true class, a column for each prediction; nothing if a line has no room for it.
  [[nodiscard]] std::optional<terminal::table> counts(terminal::page const& on) const {
    if (order_.size() > on.width / 3) return {};
    std::vector<std::string> heading{"truth"};
    for (std::size_t const c : order_) heading.push_back(terminal::cut_name(names_[c], 8, on.set));
    terminal::table rows(heading);
    for (std::size_t const truth : order_) {
      std::vector<std::string> row{names_[truth]};
      for (std::size_t const c : order_) row.push_back(terminal::with_commas(matrix_.count(truth, c)));
      rows.add(row);
    }
    return rows.width() <= on.width ? std::optional(rows) : std::nullopt;
  }

  /// The ten most frequent.
  [[nodiscard]] terminal::table mistakes(terminal::page const& on) const {
    terminal::table rows({"truth -> predicted", "count"});
    auto confusions = matrix_.confusions();
    std::uint64_t rest = 0;
    for (std::size_t i = 10; i < confusions.size(); ++i) rest += confusions[i].count;
    confusions.resize(std::min<std::size_t>(confusions.size(), 10), confusion{});
    for (auto const& [truth, predicted, count] : confusions) {
      rows.add({fmt::format("{} -> {}", name(truth, on), name(predicted, on)), terminal::with_commas(count)});
    }
    if (rest > 0) rows.add_note(fmt::format("(and {} others)", terminal::with_commas(rest)));
    return rows;
  }

 private:
  [[nodiscard]] class_scores scores(std::uint64_t c) const { return matrix_.of_class(c, zero_division::skip); }

  [[nodiscard]] std::string name(std::uint64_t c, terminal::page const& on) const {
    return terminal::cut_name(names_[static_cast<std::size_t>(c)], on.width / 3, on.set);
  }

  confusion_matrix<Label> const& matrix_;
  std::vector<std::string> names_;
  std::vector<std::size_t> order_;  // the largest class first
};

template <class Label>
std::string printed(confusion_matrix<Label> const& of, terminal::page const& on) {
  matrix_tables<Label> const tables(of);
  auto scores = tables.all_scores();
  scores.fit(on.width);
  auto const counts = tables.counts(on);
  double const macro_f1 = of.macro({.undefined = zero_division::skip}).f1;
  return joined(on.print(scores),
                on.wrap(fmt::format("accuracy {}, balanced accuracy {}, macro F1 {}", score(of.accuracy()),
                                    score(of.balanced_accuracy()), score(macro_f1))),
                "\n", on.wrap(counts ? "a row for each true class, a column for each prediction:" : "mistakes:"),
                on.print(counts ? *counts : tables.mistakes(on)));
}

inline constexpr std::size_t widest_page = 10'000;

/// Reads specs, as at the top of this file.
class table_formatter {
 public:
  template <class ParseContext>
  constexpr auto parse(ParseContext& context) {
    auto at = context.begin();
    auto const end = context.end();
    if (at != end && *at == 'a') {
      page_.set = terminal::charset::ascii;
      ++at;
    }
    if (at != end && *at == '{') {
      width_argument_ = context.next_arg_id();
      if (++at == end || *at++ != '}') throw fmt::format_error("evendraw: a width is {} or a number");
    } else if (at != end && *at != '}') {
      page_.width = 0;
      for (; at != end && '0' <= *at && *at <= '9'; ++at) {
        page_.width = std::min(page_.width * 10 + static_cast<std::size_t>(*at - '0'), widest_page);
      }
      if (page_.width == 0) throw fmt::format_error("evendraw: a width is a whole number above 0");
    }
    if (at != end && *at != '}') throw fmt::format_error("evendraw: a spec is 'a', a width, or 'a' and a width");
    return at;
  }

  template <class T, class Context>
  auto format(T const& value, Context& context) const {
    terminal::page page = page_;
    if (width_argument_ >= 0) page.width = width_of(context.arg(width_argument_));
    std::string const lines = printed(value, page);
    return std::copy(lines.begin(), lines.end() - 1, context.out());  // without the last line end
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

/// A checkpoint as the text that checkpoint::from_string reads.
template <>
struct fmt::formatter<evendraw::checkpoint> : fmt::formatter<std::string_view> {
  template <class Context>
  auto format(evendraw::checkpoint const& value, Context& context) const {
    return fmt::formatter<std::string_view>::format(value.to_string(), context);
  }
};
