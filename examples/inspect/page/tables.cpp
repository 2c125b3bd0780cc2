#include "tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "html.hpp"

namespace inspect {
namespace {

constexpr std::size_t most_rows = 1000;  // classes in a table

/// Calls row(c) for every class, the largest first. If there are very many, it does so for the largest and the
/// smallest.
template <class Row>
void for_each_class(html::table& rows, label_index const& classes, Row row) {
  auto const order = by_size(classes);
  std::size_t const all = order.size(), head = all <= most_rows ? all : most_rows / 2;
  std::size_t const tail = all <= most_rows ? all : all - most_rows / 2;
  for (std::size_t i = 0; i < head; ++i) row(order[i]);
  if (tail > head)
    rows.add_note(fmt::format("({} between are in report.json)", counted(tail - head, "class", "classes")));
  for (std::size_t i = tail; i < all; ++i) row(order[i]);
}

std::string range(std::uint64_t low, std::uint64_t high) {
  return low == high ? with_commas(low) : fmt::format("{} to {}", with_commas(low), with_commas(high));
}

std::string mean_epochs(coverage const& subject) {
  if (subject.known_from == basis::unknown) return "-";
  return subject.mean < 99.95 && subject.known_from != basis::certain
             ? fmt::format("{:.1f}", subject.mean)
             : with_commas(static_cast<std::uint64_t>(subject.mean + 0.5));
}

std::vector<std::string> balance_cells(outcome const& subject, std::size_t c) {
  auto const& balance = subject.balance;
  auto const seen = balance.of_class(c);
  return {subject.name,
          percent(seen.share),
          percent(seen.expected_share),
          range(seen.min_per_batch, seen.max_per_batch),
          percent(seen.batches_without, balance.num_full_batches()),
          fmt::format("{} of {}", with_commas(seen.unique_samples), with_commas(seen.class_size)),
          with_commas(seen.most_draws)};
}

std::string times_drawn(outcome const& subject, std::size_t c) {
  auto const seen = subject.balance.of_class(c);
  return fmt::format("{:.1f}", static_cast<double>(seen.draws) / static_cast<double>(seen.class_size));
}

}  // namespace

std::string table_of_samplers(page_data const& subject) {
  auto const order = by_size(subject.classes);
  std::size_t const common = order.front(), rare = order.back();
  std::vector<html::column> columns{{"sampler"},
                                    {"draws per epoch"},
                                    {"batches"},
                                    {"off the expected shares"},
                                    {"batches without the rarest class"},
                                    {"draws of each of its samples"},
                                    {"samples of the largest class drawn"},
                                    {"epochs until all samples were seen"}};
  if (subject.outcomes[0].shards) columns.insert(columns.end(), {{"shards in a batch"}, {"shards open at a time"}});
  html::table rows("The samplers at a glance", columns);
  for (std::size_t i = 0; i < subject.outcomes.size(); ++i) {
    auto const& each = subject.outcomes[i];
    auto const& balance = each.balance;
    auto const largest = balance.of_class(common);
    std::vector<std::string> cells{
        with_commas(each.epoch_size),
        fmt::format("{} of {}", with_commas(balance.num_batches()), with_commas(balance.batch_size())),
        percent(balance.total_variation()),
        percent(balance.of_class(rare).batches_without, balance.num_full_batches()),
        times_drawn(each, rare),
        percent(largest.unique_samples, largest.class_size),
        describe_range(subject.coverages[i])};
    if (each.shards) {
      cells.push_back(fmt::format("{:.1f} of {}", each.shards->per_batch, with_commas(each.shards->shards)));
      cells.push_back(with_commas(each.shards->most_open));
    }
    rows.add(each.name, {cells});
  }
  return rows.finish();
}

std::string table_of_classes(page_data const& subject) {
  auto const& classes = subject.classes;
  html::table rows("The classes of the data", {{"class"}, {"samples"}, {"share"}, {"", false}});
  auto const largest = static_cast<double>(std::ranges::max(classes.counts()));
  for_each_class(rows, classes, [&](std::size_t c) {
    std::uint64_t const count = classes.counts()[c];
    rows.add_bar(name_of(classes, c), {with_commas(count), percent(count, classes.num_samples())},
                 static_cast<double>(count) / largest);
  });
  return rows.finish();
}

std::string table_of_balance(page_data const& subject) {
  html::table rows("Every class under every sampler", {{"class"},
                                                       {"sampler", false},
                                                       {"share of the draws"},
                                                       {"expected share"},
                                                       {"draws in a batch, min to max"},
                                                       {"batches without"},
                                                       {"different samples drawn"},
                                                       {"most draws of one sample"}});
  for_each_class(rows, subject.classes, [&](std::size_t c) {
    std::vector<std::vector<std::string>> cells;
    for (auto const& each : subject.outcomes) cells.push_back(balance_cells(each, c));
    rows.add(name_of(subject.classes, c), cells);
  });
  return rows.finish();
}

std::string table_of_coverage(page_data const& subject) {
  html::table rows("Epochs until every sample was seen", {{"sampler"},
                                                          {"mean"},
                                                          {"half of all runs need at most"},
                                                          {"9 runs in 10 need"},
                                                          {"samples waited for"},
                                                          {"how this is known", false}});
  for (std::size_t i = 0; i < subject.outcomes.size(); ++i) {
    auto const& each = subject.coverages[i];
    rows.add(subject.outcomes[i].name,
             {{mean_epochs(each), each.known_from == basis::unknown ? "-" : with_commas(each.median),
               describe_range(each), with_commas(each.drawable), describe_basis(each)}});
  }
  return rows.finish();
}

}  // namespace inspect
