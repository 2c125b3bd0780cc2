#include "report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "classes.hpp"
#include "shared/charts.hpp"
#include "words.hpp"

namespace inspect {
namespace {

constexpr std::size_t most_bar_rows = 10;     // the most classes in the bars of one batch
constexpr std::size_t most_side_by_side = 3;  // the most outcomes side by side

/// The classes that are shown: all, or the largest and the smallest; and those in between, which are not shown.
struct selection {
  std::vector<std::size_t> largest, between, smallest;

  selection(std::vector<std::size_t> const& order, std::size_t most) {
    std::size_t const all = order.size(), head = all <= most ? all : most - most / 2, tail = all <= most ? 0 : most / 2;
    auto const part = [&](std::size_t first, std::size_t last) {
      return std::vector<std::size_t>(order.data() + first, order.data() + last);
    };
    largest = part(0, head);
    between = part(head, all - tail);
    smallest = part(all - tail, all);
  }
};

/// Adds one row for every class that is shown, and a note for the others.
template <class Row>
void add_rows(table& rows, selection const& shown, Row row) {
  for (std::size_t const c : shown.largest) rows.add(row(c));
  if (!shown.between.empty()) {
    rows.add_note(fmt::format("({} between, see --rows)", counted(shown.between.size(), "class", "classes")));
  }
  for (std::size_t const c : shown.smallest) rows.add(row(c));
}

/// The bars of one batch: for each class its counts in the outcomes, side by side.
class batch_bars {
 public:
  batch_bars(label_index const& classes, std::span<outcome const> outcomes, std::size_t batches, charset set)
      : classes_(classes), outcomes_(outcomes), shown_(by_size(classes), most_bar_rows), set_(set) {
    for (auto const& result : outcomes_) find_sizes(result, batches);
    between_ = counted(shown_.between.size(), "class", "classes") + " between";
    if (!shown_.between.empty()) label_width_ = std::max(label_width_, columns(between_));
    std::size_t const fixed = label_width_ + outcomes_.size() * (number_width_ + 4);
    bar_width_ = (line_width - fixed) / outcomes_.size();
  }

  /// `before_and_after` says that there are just these two outcomes.
  std::string print_all(std::size_t batches, bool before_and_after) const {
    std::string text = inspect::heading(
        fmt::format("The first {}: draws of each class (a full bar is {})",
                    batches == 1 ? "batch" : with_commas(batches) + " batches", counted(full_, "draw", "draws")),
        set_);
    text += names(before_and_after);
    for (std::size_t batch = 0; batch < batches; ++batch) text += print(batch);
    return text;
  }

 private:
  std::string names(bool before_and_after) const {
    std::string line(label_width_, ' ');
    std::size_t const width = number_width_ + 2 + bar_width_;
    for (std::size_t i = 0; i < outcomes_.size(); ++i) {
      std::string const place = !before_and_after ? "" : i == 0 ? "before: " : "after: ";
      line += "  " + pad_right(cut(place + outcomes_[i].name, width, set_), width);
    }
    return trimmed(line) + '\n';
  }

  std::string print(std::size_t batch) const {
    std::string result = fmt::format("batch {}\n", batch + 1);
    for (std::size_t const c : shown_.largest) result += row(name_of(classes_, c), {&c, 1}, batch, true);
    if (!shown_.between.empty()) result += row(between_, shown_.between, batch, false);
    for (std::size_t const c : shown_.smallest) result += row(name_of(classes_, c), {&c, 1}, batch, true);
    return result;
  }

  static std::string trimmed(std::string line) { return line.erase(line.find_last_not_of(' ') + 1); }

  static std::span<std::vector<std::uint64_t> const> first(outcome const& result, std::size_t batches) {
    std::span const kept(result.balance.first_batches());
    return kept.first(std::min(batches, kept.size()));
  }

  void find_sizes(outcome const& result, std::size_t batches) {
    for (auto const* part : {&shown_.largest, &shown_.smallest}) {
      for (std::size_t const c : *part) {
        label_width_ = std::max(label_width_, std::min(columns(name_of(classes_, c)), std::size_t{20}));
        for (auto const& batch : first(result, batches)) full_ = std::max(full_, batch[c]);
      }
    }
    number_width_ = std::max(number_width_, compact(result.balance.batch_size()).size());
  }

  std::string row(std::string const& name, std::span<std::size_t const> subject, std::size_t batch,
                  bool with_bar) const {
    std::string line = pad_right(cut_name(name, label_width_, set_), label_width_);
    for (auto const& result : outcomes_) {
      auto const& batches = result.balance.first_batches();
      std::uint64_t count = 0;
      for (std::size_t const c : subject) count += batch < batches.size() ? batches[batch][c] : 0;
      std::string const drawn = with_bar ? bar(count, full_, bar_width_, set_) : "(together)";
      line += "  " + pad_left(batch < batches.size() ? compact(count) : "", number_width_) + "  " +
              pad_right(cut(drawn, bar_width_, set_), bar_width_);
    }
    return trimmed(line) + '\n';
  }

  label_index const& classes_;
  std::span<outcome const> outcomes_;
  selection shown_;
  charset set_;
  std::string between_;
  std::size_t label_width_ = 7;
  std::size_t number_width_ = 1;
  std::size_t bar_width_ = 0;
  std::uint64_t full_ = 1;
};

std::string shorter_ones(evendraw::batch_balance<> const& balance) {
  std::uint64_t const shorter = balance.num_batches() - balance.num_full_batches();
  return shorter == 0 ? "" : fmt::format(" ({} shorter)", with_commas(shorter));
}

}  // namespace

std::string heading(std::string const& text, charset set) {
  std::string const lines = wrap(text, set);
  return lines + std::string(std::min(columns(text), line_width), '-') + '\n';
}

std::string report_classes(label_index const& classes, options const& settings) {
  constexpr std::size_t name_width = 30, bar_width = 24;
  auto const order = by_size(classes);
  selection const shown(order, static_cast<std::size_t>(settings.rows));
  std::uint64_t const largest = classes.counts()[order.front()];
  table counts({"class", "samples", "share", ""}, last_column::bars);
  add_rows(counts, shown, [&](std::size_t c) {
    std::uint64_t const count = classes.counts()[c];
    return std::vector{cut_name(name_of(classes, c), name_width, settings.set), with_commas(count),
                       percent(count, classes.num_samples()), bar(count, largest, bar_width, settings.set)};
  });
  return heading(describe(classes), settings.set) + counts.print(settings.set);
}

std::string report_first_batches(label_index const& classes, std::span<outcome const> outcomes,
                                 options const& settings) {
  std::size_t batches = 0;
  for (auto const& result : outcomes) batches = std::max(batches, result.balance.first_batches().size());
  batches = static_cast<std::size_t>(std::min<std::uint64_t>(batches, settings.batches));
  if (batches == 0) return "";
  std::string text;
  for (auto remaining = outcomes; !remaining.empty();
       remaining = remaining.subspan(std::min(remaining.size(), most_side_by_side))) {
    batch_bars const bars(classes, remaining.first(std::min(remaining.size(), most_side_by_side)), batches,
                          settings.set);
    if (!text.empty()) text += '\n';
    text += bars.print_all(batches, outcomes.size() == 2);
  }
  return text;
}

std::string report_epochs(label_index const& classes, outcome const& result, options const& settings) {
  auto const& balance = result.balance;
  table rows({"", "share", "expected", "draws in", "batches", "samples", "class", "max for"});
  rows.add({"class", "drawn", "share", "a batch", "without", "drawn", "size", "a sample"});
  add_rows(rows, {by_size(classes), static_cast<std::size_t>(settings.rows)}, [&](std::size_t c) {
    auto const seen = balance.of_class(c);
    return std::vector{name_of(classes, c),
                       percent(seen.share),
                       percent(seen.expected_share),
                       compact(seen.min_per_batch) + "-" + compact(seen.max_per_batch),
                       percent(seen.batches_without, balance.num_full_batches()),
                       compact(seen.unique_samples),
                       compact(seen.class_size),
                       compact(seen.most_draws)};
  });
  std::string const title =
      fmt::format("{} over {} of {}: {} of {}{}", result.name, counted(result.epochs, "epoch", "epochs"),
                  counted(result.epoch_size, "draw", "draws"), counted(balance.num_batches(), "batch", "batches"),
                  with_commas(balance.batch_size()), shorter_ones(balance));
  return heading(title, settings.set) + rows.print(settings.set) +
         fmt::format("Distance from the {} (total variation): {}\n",
                     balance.shares_given() ? "expected shares" : "shares of the data",
                     percent(balance.total_variation())) +
         (result.shards ? fmt::format("Shards: {}\n", describe(*result.shards)) : "");
}

std::string report_in_words(label_index const& classes, std::span<outcome const> outcomes, charset set) {
  std::string text = heading(heading_of_words(outcomes), set);
  for (auto const& sentence : in_words(classes, outcomes, set)) text += wrap(sentence, set);
  return text;
}

std::string report_page(options const& settings) {
  return fmt::format("\nPage: {}\n", cut(printable(settings.svg + "/index.html"), line_width - 6, settings.set));
}

}  // namespace inspect
