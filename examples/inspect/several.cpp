#include "several.hpp"

#include <evendraw/classes/grouped_split.hpp>
#include <evendraw/samplers/batch_sampler.hpp>
#include <evendraw/samplers/distinct_batch_sampler.hpp>
#include <evendraw/samplers/random_sampler.hpp>
#include <evendraw/weights/raked_shares.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <span>
#include <utility>

namespace inspect {
namespace {

/// A table of the combinations, if it is narrow enough. It has a line for each label and a column for each second
/// value.
std::string table_of(evendraw::crossed_classes<> const& cells, options const& settings) {
  constexpr std::size_t most_columns = 6, most = 16;  // the largest width of a column
  auto const &first = cells.values(0), &second = cells.values(1);
  if (first.size() > settings.rows || second.size() > most_columns) return {};
  std::size_t const width = std::min((line_width - 2 - most) / second.size() - 1, most);
  std::vector<std::uint64_t> counts(first.size() * second.size());
  for (std::size_t c = 0; c < cells.index().num_classes(); ++c) {
    counts[cells.values_of_cells(0)[c] * second.size() + cells.values_of_cells(1)[c]] = cells.index().counts()[c];
  }
  auto const name = [&](std::string const& value, std::size_t columns) {
    return cut_name(printable(value), columns, settings.set);
  };
  std::string result(2 + most, ' ');
  for (auto const& value : second) result += " " + pad_left(name(value, width), width);
  result += '\n';
  for (std::size_t a = 0; a < first.size(); ++a) {
    result += "  " + pad_right(name(first[a], most), most);
    for (std::size_t b = 0; b < second.size(); ++b) {
      result += " " + pad_left(with_commas(counts[a * second.size() + b]), width);
    }
    result += '\n';
  }
  return result;
}

/// The shares of --target, where classes that are not named divide what is left of 1; equal shares without --target.
evendraw::share_targets targets_of(label_index const& classes, options const& settings) {
  if (settings.target.empty()) return evendraw::equal();
  std::vector<std::pair<std::string, double>> result = settings.target;
  double left = 1, others = 0;
  for (auto const& [label, share] : settings.target) left -= share;
  auto const is_named = [&](std::string const& label) {
    return std::ranges::any_of(settings.target, [&](auto const& each) { return each.first == label; });
  };
  for (std::size_t c = 0; c < classes.num_classes(); ++c) {
    if (!is_named(classes.labels()[c])) others += static_cast<double>(classes.counts()[c]);
  }
  for (std::size_t c = 0; c < classes.num_classes(); ++c) {
    if (is_named(classes.labels()[c])) continue;
    result.emplace_back(classes.labels()[c], std::max(left, 0.0) * static_cast<double>(classes.counts()[c]) / others);
  }
  return result;
}

std::size_t groups_in_two_parts(std::vector<std::vector<std::uint32_t>> const& parts,
                                std::vector<std::uint32_t> const& group_of, std::size_t num_groups) {
  std::vector<std::uint64_t> parts_of_group(num_groups);  // a bit for each part
  for (std::size_t p = 0; p < parts.size(); ++p) {
    for (auto const sample : parts[p]) parts_of_group[group_of[sample]] |= std::uint64_t{1} << p;
  }
  return static_cast<std::size_t>(
      std::ranges::count_if(parts_of_group, [](auto bits) { return (bits & (bits - 1)) != 0; }));
}

/// The number of pairs of samples of one group in a batch.
std::uint64_t pairs_in(std::span<std::uint32_t const> batch, std::vector<std::uint32_t> const& group_of) {
  std::vector<std::uint32_t> groups;
  for (auto const sample : batch) groups.push_back(group_of[sample]);
  std::ranges::sort(groups);
  std::uint64_t result = 0, same = 0;
  for (std::size_t i = 1; i < groups.size(); ++i) {
    same = groups[i] == groups[i - 1] ? same + 1 : 0;
    result += same;
  }
  return result;
}

template <class Batches>
double pairs_an_epoch(Batches const& batches, std::vector<std::uint32_t> const& group_of, std::uint64_t epochs) {
  std::uint64_t pairs = 0;
  for (std::uint64_t e = 0; e < epochs; ++e) {
    for (auto const& batch : batches.epoch(e)) pairs += pairs_in(batch, group_of);
  }
  return static_cast<double>(pairs) / static_cast<double>(epochs);
}

std::string distinct_batches(evendraw::class_index<std::string> const& groups,
                             std::vector<std::uint32_t> const& group_of, options const& settings) {
  try {
    evendraw::distinct_batch_sampler const sampler(groups, {.batch_size = settings.batch_size, .seed = settings.seed});
    return fmt::format("{:.1f} times an epoch", pairs_an_epoch(sampler, group_of, settings.epochs));
  } catch (std::exception const& error) {
    std::string const text = error.what();
    return "not possible: " + printable(text.substr(text.find(": ") + 2));
  }
}

}  // namespace

std::string report_pairs(label_index const& classes, std::vector<std::string> const& second, options const& subject) {
  evendraw::crossed_classes const cells(classes, evendraw::class_index(second));
  auto fit = evendraw::raked_shares(cells, targets_of(classes, subject), evendraw::equal());
  for (auto& each : fit.reached) each.label = cut_name(printable(each.label), 28, charset::ascii);
  std::string result =
      fmt::format("{} and {}: {} that occur, of {} possible ones\n", printable(subject.column),
                  printable(subject.and_column), counted(cells.index().num_classes(), "combination", "combinations"),
                  with_commas(cells.values(0).size() * cells.values(1).size()));
  result += table_of(cells, subject);
  result += "\nBalanced in both by raked_shares, as close to the data as possible:\n";
  std::string const report = fit.report();
  bool const is_short = fit.reached.size() <= 2 * subject.rows;
  for (auto remaining = std::string_view(report).substr(is_short ? 0 : report.rfind("\n\n") + 2); !remaining.empty();) {
    auto const end = std::min(remaining.find('\n'), remaining.size() - 1);
    std::string const line = "  " + printable(remaining.substr(0, end));
    result += end == 0 ? "\n" : line.size() > line_width ? wrap(line, subject.set) : line + "\n";
    remaining.remove_prefix(end + 1);
  }
  return result;
}

std::string report_groups(label_index const& classes, std::vector<std::string> const& names, options const& settings) {
  evendraw::class_index const groups(names);
  auto const group_of = groups.sample_classes();
  auto const num_groups = static_cast<std::size_t>(groups.num_classes());
  std::size_t const largest =
      static_cast<std::size_t>(std::ranges::max_element(groups.counts()) - groups.counts().begin());
  std::string result = fmt::format("Groups, {}: {}, the largest '{}' with {}\n", printable(settings.group_column),
                                   with_commas(num_groups), printable(groups.labels()[largest]),
                                   counted(groups.counts()[largest], "sample", "samples"));
  auto const stratified = evendraw::stratified_split(classes, {0.8, 0.2}, {.seed = settings.seed});
  auto const whole = evendraw::grouped_split(classes, groups, {0.8, 0.2}, {.seed = settings.seed});
  result += fmt::format("  a split into 80 and 20 %       groups in both parts   a class off by\n");
  result += fmt::format("    stratified_split             {:>20}   {:>14}\n",
                        with_commas(groups_in_two_parts(stratified, group_of, num_groups)), "1 sample");
  result += fmt::format("    grouped_split                {:>20}   {:>14}\n",
                        with_commas(groups_in_two_parts(whole.parts, group_of, num_groups)),
                        fmt::format("{:.1f} samples", whole.farthest()));
  evendraw::batch_sampler const shuffled(evendraw::random_sampler(names.size(), {.seed = settings.seed}),
                                         settings.batch_size);
  result += fmt::format("  two samples of a group in a batch of {}\n", settings.batch_size);
  result += fmt::format("    plain shuffling              {:.1f} times an epoch\n",
                        pairs_an_epoch(shuffled, group_of, settings.epochs));
  std::string const distinct = "    distinct_batch_sampler       " + distinct_batches(groups, group_of, settings);
  return result + (distinct.size() > line_width ? wrap(distinct, settings.set) : distinct + "\n");
}

}  // namespace inspect
