// Groups, several attributes and label sets of any shape: splits, distinct batches, raked shares and weights.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <vector>

#include <fuzz/input.hpp>

#include <evendraw/classes/crossed_classes.hpp>
#include <evendraw/classes/grouped_split.hpp>
#include <evendraw/samplers/balanced_epoch_sampler.hpp>
#include <evendraw/samplers/distinct_batch_sampler.hpp>
#include <evendraw/weights/epoch_quotas.hpp>
#include <evendraw/weights/nested_shares.hpp>
#include <evendraw/weights/raked_shares.hpp>
#include <evendraw/weights/raked_weights.hpp>

using fuzz::byte_reader, fuzz::check, fuzz::made;

namespace {

/// One or more labels below `most`.
std::vector<int> labels(byte_reader& input, int most, std::size_t longest) {
  auto result = input.list(longest, [&] { return input.byte() % most; });
  result.push_back(0);
  return result;
}

std::vector<int> as_many(std::vector<int> other, std::size_t n) {
  other.resize(n, other.front());
  return other;
}

void grouped_split(byte_reader& input) {
  auto const sample_labels = labels(input, 5, 200);
  auto const groups = as_many(labels(input, 1 + input.byte(), sample_labels.size()), sample_labels.size());
  auto fractions = input.reals(5);
  double const sum = std::accumulate(fractions.begin(), fractions.end(), 0.0);
  if (sum > 0 && std::isfinite(sum)) {
    for (double& each : fractions) each /= sum;
  }
  evendraw::class_index const classes(sample_labels);
  evendraw::split_options const options{.seed = input.count(), .at_least = {input.maybe_count(), input.maybe_count()}};
  auto const split = made([&] { return evendraw::grouped_split(classes, groups, fractions, options); });
  if (!split) return;
  std::map<int, std::size_t> part_of;
  std::set<std::uint32_t> all;
  for (std::size_t p = 0; p < split->size(); ++p) {
    for (auto const i : (*split)[p]) {
      all.insert(i);
      check(part_of.emplace(groups[i], p).first->second == p, "a group is in one part");
    }
  }
  check(all.size() == sample_labels.size(), "the parts are all samples");
  for (std::size_t c = 0; c < split->achieved.size(); ++c) {
    std::uint64_t count = 0;
    for (auto const each : split->achieved[c]) count += each;
    check(count == classes.counts()[c], "the parts have all samples of a class");
  }
}

void distinct_batches(byte_reader& input) {
  auto const groups = labels(input, 1 + input.byte(), 400);
  auto const sampler = made(
      [&] { return evendraw::distinct_batch_sampler(groups, {.batch_size = input.count(), .seed = input.count()}); });
  if (!sampler) return;
  auto const epoch = sampler->epoch(input.count());
  std::set<std::uint32_t> all;
  std::uint64_t const world = 1 + input.byte() % 5, rank = input.below(world);
  auto const local = epoch.shard(rank, world);
  for (std::uint64_t b = 0; b < epoch.size(); ++b) {
    auto const batch = epoch[b];
    std::set<int> seen;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      check(seen.insert(groups[batch[i]]).second, "no batch has two samples of a group");
      check(all.insert(batch[i]).second, "no sample comes twice");
      check(epoch.find(batch[i]) == std::vector{evendraw::batch_seat{b, i}}, "find() finds a sample where it is");
      if (i % world == rank) check(local[b][i / world] == batch[i], "a rank has its items");
    }
    check(batch.size() == groups.size() / epoch.size() + (b < groups.size() % epoch.size() ? 1 : 0),
          "a batch has its size");
  }
  check(all.size() == groups.size(), "every sample comes");
}

evendraw::share_targets targets(byte_reader& input, int most) {
  if (input.flag()) return evendraw::equal();
  std::vector<std::pair<int, double>> result;
  for (int k = 0; k < most; ++k) result.emplace_back(k, input.real());
  return result;
}

/// Checks the properties of every fit.
void check_fit(evendraw::raked_fit const& fit, std::vector<double> const& numbers, double sum) {
  double total = 0;
  for (double const each : numbers) {
    check(each >= 0 && std::isfinite(each), "shares and weights are finite");
    total += each;
  }
  check(std::fabs(total - sum) < 1e-9 * sum, "shares and weights have their sum");
  bool met = true;
  for (auto const& each : fit.reached) {
    check(each.reached >= -1e-9 && each.reached <= 1 + 1e-9, "a reached share is between 0 and 1");
    met = met && each.met;
  }
  check(met == fit.met, "a fit is met if all its targets are met");
  check(!fit.report().empty(), "there is a report");
}

void raked_shares(byte_reader& input) {
  auto const first = labels(input, 4, 100);
  auto const second = as_many(labels(input, 3, first.size()), first.size());
  evendraw::crossed_classes const cells(first, second);
  evendraw::raked_shares_options const options{.max_repeats = input.flag() ? input.real() : 0,
                                               .tolerance = input.flag() ? input.real() : 1e-9,
                                               .max_sweeps = input.count() % 999};
  auto const a = targets(input, 1 + input.byte() % 4), b = input.flag() ? evendraw::share_targets{} : targets(input, 3);
  if (auto const nested = made([&] { return evendraw::nested_shares(cells, a, b); })) {
    double const sum = std::accumulate(nested->begin(), nested->end(), 0.0);
    check(nested->size() == cells.index().num_classes() && std::fabs(sum - 1) < 1e-9, "nested shares sum to 1");
  }
  auto const fit = made([&] { return evendraw::raked_shares(cells, a, b, options); });
  if (!fit) return;
  check_fit(*fit, fit->shares, 1);
  if (options.max_repeats > 0)
    check(fit->most_repeated <= options.max_repeats * (1 + 1e-6), "no sample comes too often");
  std::uint64_t const size = input.count();
  auto const quotas = made([&] { return evendraw::epoch_quotas(cells, fit->shares, size, {.seed = input.count()}); });
  if (!quotas) return;
  std::uint64_t sum = 0;
  for (auto const& [label, quota] : *quotas) sum += quota;
  check(sum == size, "quotas have their sum");
  auto const sampler = made([&] {
    return evendraw::balanced_epoch_sampler(cells.index(), {.quotas = *quotas, .max_repeats = input.count()});
  });
  if (sampler) check(sampler->epoch_size() == size, "an epoch has its size");
}

void raked_weights(byte_reader& input) {
  auto sets = input.list(60, [&] { return input.list(4, [&] { return input.byte() % 6; }); });
  evendraw::raked_weights_options options{.max_sweeps = input.count() % 999};
  if (input.flag()) options.at_least = input.real();
  if (input.flag()) options.exactly = {{input.byte() % 6, input.real()}};
  if (input.flag()) options.max_repeats = input.real();
  auto const fit = made([&] { return evendraw::raked_weights(sets, options); });
  if (!fit) return;
  check(fit->weights.size() == sets.size(), "every sample has a weight");
  check_fit(*fit, fit->weights, static_cast<double>(sets.size()));
  if (options.max_repeats > 0)
    check(fit->most_repeated <= options.max_repeats * (1 + 1e-6), "no sample comes too often");
}

}  // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  byte_reader input(data, size);
  switch (input.below(4)) {
    case 0:
      grouped_split(input);
      break;
    case 1:
      distinct_batches(input);
      break;
    case 2:
      raked_shares(input);
      break;
    default:
      raked_weights(input);
  }
  return 0;
}
