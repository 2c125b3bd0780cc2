#include "report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "shared/charts.hpp"
#include "shared/user_error.hpp"

namespace train {
namespace {

constexpr std::size_t most_classes_in_a_matrix = 8, most_confusions = 10;

std::string heading(std::string const& title) { return title + '\n' + std::string(columns(title), '-') + '\n'; }

/// Mean and standard deviation over the seeds.
template <class Value>
std::string over_seeds(method_outcomes const& method, charset set, Value value) {
  double const n = static_cast<double>(method.outcomes.size());
  double sum = 0, squares = 0;
  for (auto const& each : method.outcomes) sum += value(each);
  for (auto const& each : method.outcomes) squares += (value(each) - sum / n) * (value(each) - sum / n);
  if (n < 2) return fmt::format("{:.3f}", sum / n);
  return fmt::format("{:.3f} {} {:.3f}", sum / n, set == charset::utf8 ? "±" : "+-", std::sqrt(squares / (n - 1)));
}

/// A table with one line for each method. A column is a heading and a function that shows an outcome.
template <class... Columns>
std::string table_of_methods(std::span<method_outcomes const> methods, charset set, Columns const&... columns) {
  table rows({"", std::string(columns.first)...});
  for (auto const& method : methods) rows.add({method.name, over_seeds(method, set, columns.second)...});
  return rows.print(set);
}

double macro_f1(outcome const& seen, std::vector<std::string> const& without) {
  return seen.predictions.macro({.without = without}).f1;
}

std::string scores(std::span<method_outcomes const> methods, options const& settings) {
  auto const& set = settings.set;
  std::pair const accuracy{"accuracy", [](outcome const& seen) { return seen.predictions.accuracy(); }};
  std::pair const balanced{"mean recall", [](outcome const& seen) { return seen.predictions.balanced_accuracy(); }};
  std::pair const macro{"macro F1", [](outcome const& seen) { return macro_f1(seen, {}); }};
  if (settings.without.empty()) return table_of_methods(methods, set, accuracy, balanced, macro);
  std::pair const without{"... without", [&](outcome const& seen) { return macro_f1(seen, settings.without); }};
  return table_of_methods(methods, set, accuracy, balanced, macro, without);
}

std::string calibration(std::span<method_outcomes const> methods, charset set) {
  return table_of_methods(methods, set, std::pair{"log loss", [](outcome const& seen) { return seen.log_loss; }},
                          std::pair{"mean probability", [](outcome const& seen) { return seen.rare_probability; }});
}

void add_matrix(std::string& text, evendraw::confusion_matrix<std::string> const& matrix, charset set) {
  std::vector<std::string> names{"true class, predicted as"};
  for (auto const& label : matrix.labels()) names.push_back(cut_name(printable(label), 8, set));
  table rows(std::move(names));
  for (std::uint64_t t = 0; t < matrix.num_classes(); ++t) {
    std::vector<std::string> cells{printable(matrix.labels()[static_cast<std::size_t>(t)])};
    for (std::uint64_t p = 0; p < matrix.num_classes(); ++p) cells.push_back(compact(matrix.count(t, p)));
    rows.add(std::move(cells));
  }
  text += rows.print(set);
}

void add_confusions(std::string& text, evendraw::confusion_matrix<std::string> const& matrix, charset set) {
  table rows({"most frequent mistakes", "predicted as", "count"});
  auto const all = matrix.confusions();
  for (auto const& [truth, predicted, count] : std::span(all).first(std::min(all.size(), most_confusions))) {
    auto const name = [&](std::uint64_t c) { return printable(matrix.labels()[static_cast<std::size_t>(c)]); };
    rows.add({name(truth), cut_name(name(predicted), 24, set), compact(count)});
  }
  text += rows.print(set);
}

}  // namespace

std::string report_data(data_set const& data, options const& settings) {
  evendraw::class_index const classes(data.labels);
  if (classes.num_classes() == 1) throw user_error("there is one class only; nothing to learn");
  for (auto const& label : settings.without) {
    if (classes.contains(label)) continue;
    throw user_error(fmt::format("--without names '{}', which no sample has{}", printable(label),
                                 printable(classes.known_labels())));
  }
  table rows({"class", "samples", "share"});
  for (std::size_t c = 0; c < classes.labels().size(); ++c) {
    rows.add({printable(classes.labels()[c]), with_commas(classes.counts()[c]),
              percent(classes.counts()[c], classes.num_samples())});
  }
  return heading(fmt::format("{} of {} and {}", settings.source.empty() ? "Made-up data" : "The data: samples",
                             counted(classes.num_classes(), "class", "classes"),
                             counted(data.num_features, "feature", "features"))) +
         rows.print(settings.set);
}

std::string report_methods(data_set const& data, std::span<method_outcomes const> methods, options const& settings) {
  evendraw::class_index const classes(data.labels);
  std::size_t const rare = smallest_class(classes);
  std::string const how = methods[0].outcomes.size() > 1
                              ? fmt::format("mean and standard deviation over {} seeds", methods[0].outcomes.size())
                              : "one seed";
  std::string text = heading("On the test part, " + how) + scores(methods, settings);
  if (!settings.without.empty()) {
    text += wrap(fmt::format("... without: {}", printable(fmt::format("{}", fmt::join(settings.without, ", ")))),
                 settings.set);
  }
  text += '\n' + heading("Calibration: are the probabilities right?") + calibration(methods, settings.set);
  text += wrap(fmt::format("Mean probability: that given to class {}, which {} of the samples have.",
                           cut_name(printable(classes.labels()[rare]), 30, settings.set),
                           percent(classes.counts()[rare], classes.num_samples())),
               settings.set);
  return text;
}

std::string report_classes(method_outcomes const& method, options const& settings) {
  auto all = method.outcomes.front().predictions;
  for (std::size_t i = 1; i < method.outcomes.size(); ++i) all.merge(method.outcomes[i].predictions);
  table rows({"class", "precision", "recall"});
  for (std::uint64_t c = 0; c < all.num_classes(); ++c) {
    rows.add(
        {printable(all.labels()[static_cast<std::size_t>(c)]),
         over_seeds(method, settings.set, [c](outcome const& seen) { return seen.predictions.of_class(c).precision; }),
         over_seeds(method, settings.set, [c](outcome const& seen) { return seen.predictions.of_class(c).recall; })});
  }
  std::string text = heading(method.name) + rows.print(settings.set) + '\n';
  if (all.num_classes() <= most_classes_in_a_matrix) {
    add_matrix(text, all, settings.set);
  } else {
    add_confusions(text, all, settings.set);
  }
  return text;
}

}  // namespace train
