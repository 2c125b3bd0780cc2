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
#include <evendraw/weights/raked_shares.hpp>
#include <evendraw/weights/raked_weights.hpp>

using fuzz::check, fuzz::input, fuzz::made;

namespace {

/// At least one label below `most`.
std::vector<int> labels(input& in, int most, std::size_t longest) {
  auto result = in.list(longest, [&] { return in.byte() % most; });
  result.push_back(0);
  return result;
}

std::vector<int> as_many(std::vector<int> other, std::size_t n) {
  other.resize(n, other.front());
  return other;
}

void grouped_split(input& in) {
  auto const of = labels(in, 5, 200);
  auto const groups = as_many(labels(in, 1 + in.byte(), of.size()), of.size());
  auto fractions = in.reals(5);
  double const sum = std::accumulate(fractions.begin(), fractions.end(), 0.0);
  if (sum > 0 && std::isfinite(sum)) {
    for (double& each : fractions) each /= sum;
  }
  evendraw::class_index const classes(of);
  evendraw::split_options const options{.seed = in.count(), .at_least = {in.maybe_count(), in.maybe_count()}};
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
  check(all.size() == of.size(), "the parts are all samples");
  for (std::size_t c = 0; c < split->achieved.size(); ++c) {
    std::uint64_t count = 0;
    for (auto const each : split->achieved[c]) count += each;
    check(count == classes.counts()[c], "the parts have all of a class");
  }
}

void distinct_batches(input& in) {
  auto const groups = labels(in, 1 + in.byte(), 400);
  auto const sampler =
      made([&] { return evendraw::distinct_batch_sampler(groups, {.batch_size = in.count(), .seed = in.count()}); });
  if (!sampler) return;
  auto const epoch = sampler->epoch(in.count());
  std::set<std::uint32_t> all;
  std::uint64_t const world = 1 + in.byte() % 5, rank = in.below(world);
  auto const local = epoch.shard(rank, world);
  for (std::uint64_t b = 0; b < epoch.size(); ++b) {
    auto const batch = epoch[b];
    std::set<int> seen;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      check(seen.insert(groups[batch[i]]).second, "no two of a group are in a batch");
      check(all.insert(batch[i]).second, "no sample comes twice");
      check(epoch.find(batch[i]) == std::vector{evendraw::batch_seat{b, i}}, "a sample is found where it is");
      if (i % world == rank) check(local[b][i / world] == batch[i], "a rank has its items");
    }
    check(batch.size() == groups.size() / epoch.size() + (b < groups.size() % epoch.size() ? 1 : 0),
          "a batch has its size");
  }
  check(all.size() == groups.size(), "every sample comes");
}

evendraw::share_targets targets(input& in, int most) {
  if (in.flag()) return evendraw::equal();
  std::vector<std::pair<int, double>> result;
  for (int k = 0; k < most; ++k) result.emplace_back(k, in.real());
  return result;
}

/// Properties of every fit.
void check_fit(evendraw::raked_fit const& fit, std::vector<double> const& numbers, double sum) {
  double total = 0;
  for (double const each : numbers) {
    check(each >= 0 && std::isfinite(each), "shares and weights are finite");
    total += each;
  }
  check(std::fabs(total - sum) < 1e-9 * sum, "they have their sum");
  bool met = true;
  for (auto const& each : fit.reached) {
    check(each.reached >= -1e-9 && each.reached <= 1 + 1e-9, "a share is a share");
    met = met && each.met;
  }
  check(met == fit.met, "all targets are met, or not");
  check(!fit.report().empty(), "there is a report");
}

void raked_shares(input& in) {
  auto const first = labels(in, 4, 100);
  auto const second = as_many(labels(in, 3, first.size()), first.size());
  evendraw::crossed_classes const cells(first, second);
  evendraw::raked_shares_options const options{.max_repeats = in.flag() ? in.real() : 0,
                                               .tolerance = in.flag() ? in.real() : 1e-9,
                                               .max_sweeps = in.count() % 999};
  auto const a = targets(in, 1 + in.byte() % 4), b = in.flag() ? evendraw::share_targets{} : targets(in, 3);
  auto const fit = made([&] { return evendraw::raked_shares(cells, a, b, options); });
  if (!fit) return;
  check_fit(*fit, fit->shares, 1);
  if (options.max_repeats > 0)
    check(fit->most_repeated <= options.max_repeats * (1 + 1e-6), "no sample comes too often");
  std::uint64_t const size = in.count();
  auto const quotas = made([&] { return evendraw::epoch_quotas(cells, fit->shares, size, {.seed = in.count()}); });
  if (!quotas) return;
  std::uint64_t sum = 0;
  for (auto const& [label, quota] : *quotas) sum += quota;
  check(sum == size, "quotas have their sum");
  auto const sampler = made(
      [&] { return evendraw::balanced_epoch_sampler(cells.index(), {.quotas = *quotas, .max_repeats = in.count()}); });
  if (sampler) check(sampler->epoch_size() == size, "an epoch has its size");
}

void raked_weights(input& in) {
  auto sets = in.list(60, [&] { return in.list(4, [&] { return in.byte() % 6; }); });
  evendraw::raked_weights_options options{.max_sweeps = in.count() % 999};
  if (in.flag()) options.at_least = in.real();
  if (in.flag()) options.exactly = {{in.byte() % 6, in.real()}};
  if (in.flag()) options.max_repeats = in.real();
  auto const fit = made([&] { return evendraw::raked_weights(sets, options); });
  if (!fit) return;
  check(fit->weights.size() == sets.size(), "every sample has a weight");
  check_fit(*fit, fit->weights, static_cast<double>(sets.size()));
  if (options.max_repeats > 0)
    check(fit->most_repeated <= options.max_repeats * (1 + 1e-6), "no sample comes too often");
}

}  // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  input in(data, size);
  switch (in.below(4)) {
    case 0:
      grouped_split(in);
      break;
    case 1:
      distinct_batches(in);
      break;
    case 2:
      raked_shares(in);
      break;
    default:
      raked_weights(in);
  }
  return 0;
}
