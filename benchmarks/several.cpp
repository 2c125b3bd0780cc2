// Several attributes, label sets and groups: the cost of building, the quality of the results, and the cost of a draw.
#include <evendraw/evendraw.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <span>
#include <string>
#include <vector>

#include "timing.hpp"

namespace {

/// The processor time of one call of `work`, as the median of three. Everything here runs in one thread.
template <class Work>
double processor_seconds(Work&& work) {
  std::vector<double> times;
  for (int i = 0; i < 3; ++i) {
    std::clock_t const start = std::clock();
    work();
    times.push_back(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
  }
  return benchmark::median(times);
}

std::uint64_t below(std::uint64_t n, std::uint64_t key, std::uint64_t i) {
  return evendraw::bounded(evendraw::random_word(key, i), n);
}

/// Class c has a share of about 2^-(c + 1).
std::vector<int> labels_of(std::size_t n, int classes) {
  std::vector<int> result(n);
  for (std::size_t i = 0; i < n; ++i) {
    std::uint64_t const word = evendraw::random_word(1, i);
    int c = 0;
    while (c + 1 < classes && (word >> c & 1) != 0) ++c;
    result[i] = c;
  }
  return result;
}

/// Groups of about equal sizes, or of sizes that differ much.
std::vector<int> groups_of(std::size_t n, std::uint64_t groups, bool heavy) {
  std::vector<int> result(n);
  for (std::size_t i = 0; i < n; ++i) {
    std::uint64_t const g = below(groups, 2, i);
    result[i] = static_cast<int>(heavy ? g * below(groups, 3, i) / groups : g);
  }
  return result;
}

void split(std::size_t n, std::uint64_t num_groups, bool heavy, std::vector<double> const& parts) {
  evendraw::class_index const classes(labels_of(n, 10)), groups(groups_of(n, num_groups, heavy));
  double farthest = 0;
  double const seconds =
      processor_seconds([&] { farthest = evendraw::grouped_split(classes, groups, parts, {.seed = 1}).farthest(); });
  fmt::print("  {:>9} samples, {:>6} groups{}, {} parts: {:>6.3f} s, a class is off by {:.1f} samples at most\n", n,
             groups.num_classes(), heavy ? " (uneven)" : "", parts.size(), seconds, farthest);
}

/// 100 labels with frequencies from 0.3 down to 0.3 / 367, which are about 5 labels a sample.
void rake_labels(std::size_t n) {
  std::vector<std::vector<std::uint16_t>> sets(n);
  std::size_t total = 0;
  double p = 0.3;
  for (std::uint16_t k = 0; k < 100; ++k, p *= 0.94210) {
    for (std::size_t i = 0; i < n; ++i) {
      if (static_cast<double>(evendraw::random_word(k, i) >> 11) * 0x1p-53 < p) sets[i].push_back(k), ++total;
    }
  }
  std::uint64_t sweeps = 0;
  double const seconds = processor_seconds([&] { sweeps = evendraw::raked_weights(sets, {.at_least = 0.02}).sweeps; });
  fmt::print("  raked_weights, {:>8} samples x 100 labels ({} in all): {:.3f} s, {} sweeps\n", n, total, seconds,
             sweeps);
}

void rake_cells(std::size_t n, std::uint64_t values) {
  std::vector<int> first(n), second(n);
  for (std::size_t i = 0; i < n; ++i) {
    first[i] = static_cast<int>(std::min(below(values, 1, i), below(values, 2, i)));
    second[i] = static_cast<int>(std::min(below(values, 3, i), below(values, 4, i)));
  }
  evendraw::crossed_classes cells(first, second);
  double const crossing = processor_seconds([&] { cells = evendraw::crossed_classes(first, second); });
  evendraw::raked_fit fit;
  double const raking =
      processor_seconds([&] { fit = evendraw::raked_shares(cells, evendraw::equal(), evendraw::equal()); });
  double const rounding = processor_seconds([&] { (void)evendraw::epoch_quotas(cells, fit.shares, n); });
  fmt::print(
      "  {:>8} samples, {} x {} values, {} cells: crossed_classes {:.3f} s, raked_shares {:.4f} s ({} sweeps), "
      "epoch_quotas {:.4f} s\n",
      n, values, values, cells.index().num_classes(), crossing, raking, fit.sweeps, rounding);
}

void distinct(std::size_t n, std::uint64_t num_groups, std::uint64_t batch_size, bool heavy) {
  evendraw::class_index const groups(groups_of(n, num_groups, heavy));
  evendraw::distinct_batch_sampler const sampler(groups, {.batch_size = batch_size, .seed = 1});
  std::uint64_t e = 0;
  std::uint64_t volatile sink = 0;
  double const start = processor_seconds([&] { sink = sink + sampler.epoch(e++).size(); });
  auto const epoch = sampler.epoch(0);
  std::vector<std::uint32_t> buffer(epoch.buffer_size());
  std::uint64_t const batches = std::min<std::uint64_t>(epoch.size(), 1'000'000 / batch_size);
  std::uint64_t drawn = 0;
  double const reading = processor_seconds([&] {
    drawn = 0;
    for (std::uint64_t b = 0; b < batches; ++b) {
      auto const batch = epoch.read(b * (epoch.size() / batches), buffer);
      drawn += batch.size();
      sink = sink + batch[0];
    }
  });
  fmt::print("  {:>9} samples, {:>8} groups{}, batches of {:>3}: {:>5.1f} ns a draw, epoch(e) {:>8.2f} ms\n", n,
             groups.num_classes(), heavy ? " (uneven)" : "", batch_size, reading * 1e9 / static_cast<double>(drawn),
             start * 1e3);
}

}  // namespace

int main() {
  fmt::print("grouped_split, 10 classes\n");
  split(10'000, 1'000, false, {0.8, 0.1, 0.1});
  split(1'000'000, 100'000, false, {0.8, 0.1, 0.1});
  split(1'000'000, 100'000, true, {0.8, 0.1, 0.1});
  split(1'000'000, 100'000, true, {0.2, 0.2, 0.2, 0.2, 0.2});
  fmt::print("raking\n");
  rake_labels(10'000);
  rake_labels(1'000'000);
  rake_cells(1'000'000, 10);
  rake_cells(1'000'000, 100);
  fmt::print("distinct_batch_sampler\n");
  for (std::size_t const n : {100'000u, 1'000'000u, 10'000'000u}) {
    distinct(n, n / 10, 32, false);
    distinct(n, n / 10, 32, true);
    distinct(n, n / 10, 256, false);
    distinct(n, n, 32, false);
  }
}
