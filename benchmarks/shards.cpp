// Data in shards: how balanced batches are, how many shards are open, and what a draw and the start of an epoch cost.
// Compares a full shuffle, blocks of shards in random order, a shuffle buffer by hand, and shard_sampler.
#include <evendraw/evendraw.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <random>
#include <string>
#include <vector>

#include "timing.hpp"

namespace {

/// The processor time of one call of `work`. Everything here runs in one thread.
template <class Work>
double processor_seconds(Work&& work) {
  std::clock_t const start = std::clock();
  work();
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

using indices = std::vector<std::uint32_t>;

constexpr std::size_t num_shards = 200, shard_size = 500, num_classes = 10, batch_size = 100;

/// Every shard has shares of its own, from a symmetric Dirichlet distribution: the smaller the skew, the fewer classes.
std::vector<int> skewed_labels(double skew) {
  std::mt19937_64 engine(1);
  std::gamma_distribution<double> gamma(skew);
  std::vector<int> labels;
  for (std::size_t s = 0; s < num_shards; ++s) {
    std::vector<double> shares;
    for (std::size_t c = 0; c < num_classes; ++c) shares.push_back(gamma(engine) + 1e-300);
    std::discrete_distribution<int> draw(shares.begin(), shares.end());
    for (std::size_t i = 0; i < shard_size; ++i) labels.push_back(draw(engine));
  }
  return labels;
}

template <class Sampler>
indices drawn(Sampler const& sampler, std::uint64_t e) {
  auto const epoch = sampler.epoch(e);
  indices result(static_cast<std::size_t>(epoch.size()));
  epoch.read(0, result);
  return result;
}

/// The common recipe. Shards come in random order, and a buffer holds as many samples as `open` shards have. Each draw takes
/// one of these at random and replaces it by the next sample.
indices from_buffer(std::size_t open, std::uint64_t seed) {
  std::mt19937_64 engine(seed);
  std::vector<std::uint32_t> order(num_shards);
  for (std::size_t s = 0; s < num_shards; ++s) order[s] = static_cast<std::uint32_t>(s);
  std::shuffle(order.begin(), order.end(), engine);
  indices buffer, result;
  for (auto const shard : order) {
    for (std::size_t i = 0; i < shard_size; ++i) {
      auto const sample = static_cast<std::uint32_t>(shard * shard_size + i);
      if (buffer.size() < open * shard_size) {
        buffer.push_back(sample);
        continue;
      }
      std::swap(buffer[std::uniform_int_distribution<std::size_t>(0, buffer.size() - 1)(engine)], buffer.back());
      result.push_back(buffer.back());
      buffer.back() = sample;
    }
  }
  std::shuffle(buffer.begin(), buffer.end(), engine);
  result.insert(result.end(), buffer.begin(), buffer.end());
  return result;
}

/// The root mean square deviation of the class counts of batches from their shares of the data.
double deviation(std::vector<indices> const& epochs, std::vector<int> const& labels) {
  std::vector<double> share(num_classes);
  for (int const label : labels) share[static_cast<std::size_t>(label)] += 1.0 / static_cast<double>(labels.size());
  double squares = 0, counts = 0;
  for (auto const& epoch : epochs) {
    for (std::size_t first = 0; first + batch_size <= epoch.size(); first += batch_size) {
      std::vector<double> in_batch(num_classes);
      for (std::size_t i = first; i < first + batch_size; ++i) ++in_batch[static_cast<std::size_t>(labels[epoch[i]])];
      for (std::size_t c = 0; c < num_classes; ++c, ++counts) {
        squares += std::pow(in_batch[c] - share[c] * static_cast<double>(batch_size), 2);
      }
    }
  }
  return std::sqrt(squares / counts);
}

/// The largest number of shards in use at a position. A shard is in use from its first draw to its last.
std::size_t most_open(indices const& epoch) {
  std::vector<std::size_t> first(num_shards, epoch.size()), last(num_shards);
  for (std::size_t i = epoch.size(); i-- > 0;) {
    std::size_t const shard = epoch[i] / shard_size;
    first[shard] = i;
    last[shard] = std::max(last[shard], i);
  }
  std::vector<int> change(epoch.size() + 1);
  for (std::size_t s = 0; s < num_shards; ++s) {
    if (first[s] == epoch.size()) continue;
    ++change[first[s]];
    --change[last[s] + 1];
  }
  int open = 0, most = 0;
  for (int const each : change) most = std::max(most, open += each);
  return static_cast<std::size_t>(most);
}

struct row {
  double deviation;
  std::size_t open;
  double ns_per_draw;
  double start_us;  // of an epoch
};

/// make(e) gives the draws of epoch e; start(e) begins an epoch.
template <class Make, class Start>
row measured(std::vector<int> const& labels, Make make, Start start) {
  std::vector<indices> epochs;
  std::vector<double> times, starts;
  for (std::uint64_t e = 0; e < 5; ++e) {
    times.push_back(processor_seconds([&] { epochs.push_back(make(e)); }));
    starts.push_back(processor_seconds([&] { start(e); }));
  }
  double const start_of_one = benchmark::median(starts);
  return {deviation(epochs, labels), most_open(epochs[0]),
          (benchmark::median(times) - start_of_one) * 1e9 / static_cast<double>(labels.size()), start_of_one * 1e6};
}

template <class Sampler>
row measured(std::vector<int> const& labels, Sampler const& sampler) {
  std::uint64_t volatile sink = 0;
  return measured(
      labels, [&](std::uint64_t e) { return drawn(sampler, e); },
      [&](std::uint64_t e) { sink = sink + sampler.epoch(e).size(); });
}

void print(std::string const& name, row const& data) {
  fmt::print("  {:<28} {:>9.2f} {:>6} {:>9.1f} {:>10.1f}\n", name, data.deviation, data.open, data.ns_per_draw,
             data.start_us);
}

void compare(double skew, std::uint64_t open) {
  auto const labels = skewed_labels(skew);
  evendraw::class_index const classes(labels);
  std::vector<std::uint64_t> const sizes(num_shards, shard_size);
  fmt::print("skew {}, {} open\n", skew, open);
  print("random_sampler", measured(labels, evendraw::random_sampler(labels.size())));
  print("shuffle buffer by hand",
        measured(
            labels, [&](std::uint64_t e) { return from_buffer(static_cast<std::size_t>(open), e + 1); },
            [](std::uint64_t) {}));
  print("blocks, without classes",
        measured(labels, evendraw::shard_sampler(sizes, {.open = open, .batch_size = batch_size})));
  print("shard_sampler",
        measured(labels, evendraw::shard_sampler(
                             classes, sizes, {.open = open, .batch_size = batch_size, .epoch_size = labels.size()})));
}

/// Shards of 1,000 samples with some of 1,000 classes.
void measure_size(std::size_t shards, std::size_t cells_of_shard) {
  std::vector<evendraw::label_counts<int>> counts(shards);
  for (std::size_t s = 0; s < shards; ++s) {
    for (std::size_t i = 0; i < cells_of_shard; ++i) {
      auto const c = evendraw::random_word(1, s * cells_of_shard + i) % 1'000'000;
      counts[s].emplace_back(static_cast<int>(c * c / 1'000'000'000), 1000 / cells_of_shard);  // rare ones are rarer
    }
  }
  auto const held = benchmark::bytes_held().value_or(0);
  std::vector<evendraw::sharded_classes<int>> keep;
  double const build = processor_seconds([&] { keep.emplace_back(counts); });
  evendraw::shard_sampler const sampler(
      keep[0], {.open = 100, .batch_size = 1000, .epoch_size = keep[0].num_samples() / 5, .seed = 1});
  auto const built_bytes = benchmark::bytes_held().value_or(0) - held;
  std::vector<double> times;
  for (std::uint64_t e = 0; e < 3; ++e) times.push_back(processor_seconds([&] { (void)sampler.epoch(e).size(); }));
  auto const epoch = sampler.epoch(0);
  auto const epoch_bytes = benchmark::bytes_held().value_or(0) - held - built_bytes;
  indices batch(1000);
  double const read = processor_seconds([&] {
    for (std::uint64_t b = 0; b < 2000; ++b) epoch.read(b * 1000, batch);
  });
  fmt::print("  {:>9} {:>13} {:>9} {:>8.2f} {:>8.0f} {:>9.2f} {:>8.0f} {:>9.1f}\n", shards, keep[0].num_samples(),
             keep[0].shared_cells()->cells.size(), build, built_bytes / 1e6, benchmark::median(times),
             epoch_bytes / 1e6, read * 1e9 / 2e6);
}

}  // namespace

int main() {
  fmt::print("Shards of {} samples, {} of them, {} classes; batches of {}\n", shard_size, num_shards, num_classes,
             batch_size);
  fmt::print("  {:<28} {:>9} {:>6} {:>9} {:>10}\n", "", "counts", "shards", "ns per", "epoch start");
  fmt::print("  {:<28} {:>9} {:>6} {:>9} {:>10}\n", "", "off by", "open", "draw", "us");
  for (double const skew : {0.02, 0.1, 1.0}) {
    for (std::uint64_t const open : {2u, 10u, 50u}) compare(skew, open);
  }
  fmt::print(
      "\nSizes: shards of about 1,000 samples, 1,000 classes, 100 open, an epoch draws a fifth of the samples\n");
  fmt::print("  {:>9} {:>13} {:>9} {:>8} {:>8} {:>9} {:>8} {:>9}\n", "shards", "samples", "cells", "build s", "MB",
             "epoch s", "MB", "ns a draw");
  measure_size(10'000, 1);
  measure_size(100'000, 1);
  measure_size(100'000, 10);
  measure_size(1'000'000, 1);
}
