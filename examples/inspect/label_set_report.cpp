#include "label_set_report.hpp"

#include <evendraw/epochs/any_sampler.hpp>
#include <evendraw/samplers/batch_sampler.hpp>
#include <evendraw/samplers/random_sampler.hpp>
#include <evendraw/samplers/repeat_factor_sampler.hpp>
#include <evendraw/samplers/sequential_sampler.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string_view>
#include <utility>
#include <vector>

#include "label_set_balance.hpp"
#include "report.hpp"
#include "samplers.hpp"
#include "shared/charts.hpp"
#include "shared/user_error.hpp"

namespace inspect {
namespace {

/// The contents of a sampler's batches.
struct set_outcome {
  std::string name;
  std::uint64_t epoch_size;
  label_set_balance balance;
};

/// The numbers of the labels that samples have, the label with the most samples first.
std::vector<std::size_t> by_count(std::vector<std::uint64_t> const& counts) {
  std::vector<std::size_t> order(counts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::ranges::greater{}, [&](std::size_t label) { return counts[label]; });
  return order;
}

/// Adds a row for each of the labels with the most samples, and for each of those with the fewest.
template <class Row>
void add_rows(table& report, std::vector<std::size_t> const& order, std::uint64_t most, Row row) {
  auto const rows = static_cast<std::size_t>(std::min<std::uint64_t>(most, order.size()));
  std::size_t const between = order.size() - rows, head = between == 0 ? rows : rows - rows / 2;
  for (std::size_t i = 0; i < head; ++i) report.add(row(order[i]));
  if (between > 0) report.add_note(fmt::format("({} between, see --rows)", counted(between, "label", "labels")));
  for (std::size_t i = head + between; i < order.size(); ++i) report.add(row(order[i]));
}

std::string describe(label_sets const& sets, std::vector<std::uint64_t> const& counts) {
  std::size_t fewest = sets[0].size(), most = 0;
  for (auto const set : sets.all()) {
    fewest = std::min(fewest, set.size());
    most = std::max(most, set.size());
  }
  auto const all = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  std::string const each = fewest == most ? with_commas(most) : fmt::format("{} to {}", fewest, most);
  return fmt::format("{} with {} of {} each, {:.2f} on average", counted(sets.size(), "sample", "samples"), each,
                     counted(counts.size(), "label", "labels"),
                     static_cast<double>(all) / static_cast<double>(sets.size()));
}

std::string report_labels(label_sets const& sets, options const& settings) {
  constexpr std::size_t name_width = 30, bar_width = 24;
  auto const counts = sets.counts();
  auto const order = by_count(counts);
  table rows({"label", "samples", "share", ""}, last_column::bars);
  add_rows(rows, order, settings.rows, [&](std::size_t label) {
    return std::vector{cut_name(printable(sets.names[label]), name_width, settings.set), with_commas(counts[label]),
                       percent(counts[label], sets.size()),
                       bar(counts[label], std::max<std::uint64_t>(counts[order.front()], 1), bar_width, settings.set)};
  });
  return heading(describe(sets, counts), settings.set) + rows.print(settings.set);
}

/// The share of the samples that have a label, on average over the labels that occur.
double mean_share(label_sets const& sets) {
  auto const counts = sets.counts();
  auto const all = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  auto const occur = std::ranges::count_if(counts, [](std::uint64_t count) { return count > 0; });
  return occur == 0 ? 0 : static_cast<double>(all) / static_cast<double>(occur) / static_cast<double>(sets.size());
}

/// The share of the draws that should have each label, where sample i is drawn in proportion to weight(i).
template <class Weight>
std::vector<double> expected_shares(label_sets const& sets, Weight weight) {
  std::vector<double> result(sets.names.size());
  double sum = 0;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    double const of_sample = weight(i);
    sum += of_sample;
    for (std::uint32_t const label : sets[i]) result[label] += of_sample;
  }
  for (double& share : result) share /= sum;
  return result;
}

set_outcome run(std::string_view name, evendraw::any_sampler<> const& sampler, std::vector<double> const& expected,
                label_sets const& sets, options const& settings) {
  label_set_balance balance(sets, expected);
  evendraw::batch_sampler const batches(sampler, settings.batch_size);
  for (std::uint64_t epoch = 0; epoch < settings.epochs; ++epoch) {
    for (auto const batch : batches.epoch(epoch)) balance.add(batch);
  }
  return {std::string(name), sampler.epoch_size(), std::move(balance)};
}

set_outcome run_sampler(std::string const& name, label_sets const& sets, options const& settings) {
  auto const equal = [](std::size_t) { return 1.0; };
  if (name == "sequential") {
    return run(name, evendraw::sequential_sampler(sets.size()), expected_shares(sets, equal), sets, settings);
  }
  if (name == "repeat_factor") {
    double const threshold = settings.threshold > 0 ? settings.threshold : mean_share(sets);
    auto const factors = evendraw::repeat_factors(sets.all(), threshold);
    return run(name, evendraw::repeat_factor_sampler(factors, {.seed = settings.seed}),
               expected_shares(sets, [&](std::size_t i) { return factors[i]; }), sets, settings);
  }
  return run(plain, evendraw::random_sampler(sets.size(), {.epoch_size = settings.epoch_size, .seed = settings.seed}),
             expected_shares(sets, equal), sets, settings);
}

std::string report_epochs(set_outcome const& result, label_sets const& sets, options const& settings) {
  auto const& balance = result.balance;
  table rows({"", "share", "expected", "draws in", "batches", "samples", "with the", "max for"});
  rows.add({"label", "drawn", "share", "a batch", "without", "drawn", "label", "a sample"});
  add_rows(rows, by_count(sets.counts()), settings.rows, [&](std::size_t label) {
    auto const seen = balance.of_label(label);
    return std::vector{printable(sets.names[label]),
                       percent(seen.share),
                       percent(seen.expected_share),
                       compact(seen.min_per_batch) + "-" + compact(seen.max_per_batch),
                       percent(seen.batches_without, balance.num_full_batches()),
                       compact(seen.unique_samples),
                       compact(seen.class_size),
                       compact(seen.most_draws)};
  });
  std::uint64_t const shorter = balance.num_batches() - balance.num_full_batches();
  return heading(fmt::format("{} over {} of {}: {} of {}{}", result.name, counted(settings.epochs, "epoch", "epochs"),
                             counted(result.epoch_size, "draw", "draws"),
                             counted(balance.num_batches(), "batch", "batches"), with_commas(balance.batch_size()),
                             shorter == 0 ? "" : fmt::format(" ({} shorter)", with_commas(shorter))),
                 settings.set) +
         rows.print(settings.set);
}

std::string report_in_words(std::vector<set_outcome> const& outcomes, label_sets const& sets, options const& settings) {
  auto const counts = sets.counts();
  auto order = by_count(counts);
  std::erase_if(order, [&](std::size_t label) { return counts[label] == 0; });
  if (order.empty()) return "";
  std::size_t const rare = order.back();
  bool const any_short = std::ranges::any_of(outcomes, [](set_outcome const& result) {
    return result.balance.num_full_batches() < result.balance.num_batches();
  });
  bool const equally_long = std::ranges::all_of(
      outcomes, [&](set_outcome const& result) { return result.epoch_size == outcomes[0].epoch_size; });
  std::string lengths, missing, drawn;
  for (auto const& [name, epoch_size, balance] : outcomes) {
    auto const seen = balance.of_label(rare);
    lengths += fmt::format("{}{} under {}", lengths.empty() ? "" : ", ",
                           lengths.empty() ? counted(epoch_size, "draw", "draws") : with_commas(epoch_size), name);
    missing += fmt::format("{}from {}{} under {}", missing.empty() ? "" : ", ",
                           percent(seen.batches_without, balance.num_full_batches()),
                           !missing.empty() ? ""
                           : any_short      ? " of the full batches"
                                            : " of the batches",
                           name);
    drawn += fmt::format("{}{:.1f}{} under {}", drawn.empty() ? "" : ", ",
                         static_cast<double>(seen.draws) / static_cast<double>(seen.class_size),
                         drawn.empty() ? " times on average" : "", name);
  }
  return heading(fmt::format("In words, over {}", counted(settings.epochs, "epoch", "epochs")), settings.set) +
         (equally_long ? "" : wrap(fmt::format("An epoch has {}.", lengths), settings.set)) +
         wrap(fmt::format("Rare label '{}' ({} of the samples) is missing {}.",
                          cut_name(printable(sets.names[rare]), 30, settings.set), percent(counts[rare], sets.size()),
                          missing),
              settings.set) +
         wrap(fmt::format("Each sample that has it was drawn {}.", drawn), settings.set);
}

void check(std::vector<std::string> const& samplers, options const& settings) {
  for (auto const& name : samplers) {
    if (name == "repeat_factor" || name == "random" || name == "sequential") continue;
    throw user_error(
        fmt::format("the sampler {} needs one label for each sample, but some samples have several, or none; use "
                    "repeat_factor, random or sequential, or --combinations, which makes every combination of labels a "
                    "class",
                    name));
  }
  if (!settings.svg.empty()) {
    throw user_error(
        "--svg draws samples with one label each, but some have several, or none; leave it out, or use "
        "--combinations, which makes every combination of labels a class");
  }
}

}  // namespace

std::string report_label_sets(label_sets const& sets, options const& settings) {
  auto const samplers = settings.sampler_given ? settings.samplers : std::vector<std::string>{"repeat_factor"};
  check(samplers, settings);
  std::vector<set_outcome> outcomes;
  if (samplers.front() != "random") outcomes.push_back(run_sampler("random", sets, settings));
  for (auto const& name : samplers) outcomes.push_back(run_sampler(name, sets, settings));
  std::string text = report_labels(sets, settings) + '\n';
  for (auto const& result : outcomes) text += report_epochs(result, sets, settings) + '\n';
  return text + report_in_words(outcomes, sets, settings);
}

}  // namespace inspect
