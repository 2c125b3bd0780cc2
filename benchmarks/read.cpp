// How many nanoseconds does each sampler's read() take per draw, beside the standard library?
#include <fmt/format.h>
#include <evendraw/evendraw.hpp>

#include <cmath>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "timing.hpp"

namespace {

using indices = std::vector<std::uint32_t>;

/// A whole epoch in blocks of 4096, as a loader would read it.
template <class Draws>
std::uint64_t read_epoch(Draws const& draws) {
  static indices block(4096);
  std::uint64_t checksum = 0;
  for (std::uint64_t first = 0; first < draws.size(); first += block.size()) {
    auto const part = std::span(block).first(std::min<std::size_t>(block.size(), draws.size() - first));
    draws.read(first, part);
    for (auto const index : part) checksum += index;
  }
  return checksum;
}

template <class Sampler>
benchmark::contestant contestant(std::string name, Sampler sampler) {
  return {std::move(name), [sampler = std::move(sampler)] { return read_epoch(sampler.epoch(1)); }};
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t const n = argc > 1 ? static_cast<std::size_t>(std::strtoull(argv[1], nullptr, 10)) : 1'000'000;
  int const rounds = 9;

  // 1,000 long-tailed classes (class c about as frequent as 1 / c), in random order; log-normal weights.
  std::mt19937_64 engine(1);
  std::vector<std::uint32_t> labels(n);
  for (auto& label : labels) {
    label = static_cast<std::uint32_t>(std::pow(1000.0, std::ldexp(static_cast<double>(engine() >> 11), -53))) - 1;
  }
  std::vector<double> weights(n);
  std::lognormal_distribution<double> log_normal(0, 1);
  for (auto& weight : weights) weight = log_normal(engine);

  evendraw::class_index const classes(labels);
  std::vector<double> shares(classes.num_classes());
  for (std::size_t c = 0; c < shares.size(); ++c) shares[c] = 1 + static_cast<double>(c % 3);

  std::discrete_distribution<std::uint32_t> by_weight(weights.begin(), weights.end());
  std::vector<std::uint32_t> list(n);
  std::iota(list.begin(), list.end(), 0u);

  std::vector<benchmark::contestant> all;
  all.push_back(contestant("multinomial_sampler", evendraw::multinomial_sampler(weights)));
  all.push_back(contestant("inverse_frequency_sampler", evendraw::inverse_frequency_sampler(classes)));
  all.push_back(contestant("target_proportion_sampler",
                           evendraw::target_proportion_sampler(classes, std::span<double const>(shares))));
  all.push_back(contestant("balanced_epoch_sampler", evendraw::balanced_epoch_sampler(classes, {.epoch_size = n / 2})));
  all.push_back(contestant("random_sampler", evendraw::random_sampler(n)));
  all.push_back(contestant("sequential_sampler", evendraw::sequential_sampler(n)));
  all.push_back({"std::discrete_distribution", [&] {
                   std::uint64_t checksum = 0;
                   for (std::size_t i = 0; i < n; ++i) checksum += by_weight(engine);
                   return checksum;
                 }});
  all.push_back({"std::shuffle", [&] {
                   std::shuffle(list.begin(), list.end(), engine);
                   return std::uint64_t{list[0]};
                 }});
  race(all, rounds);

  fmt::print("{} samples, {} classes, {}, {}, median of {} rounds\n\n", n, classes.num_classes(), BENCHMARK_FLAGS,
             BENCHMARK_COMPILER, rounds);
  fmt::print("{:<28}{:>12}{:>18}\n", "", "ns per draw", "checksum");
  for (auto const& c : all) {
    double const drawn = static_cast<double>(c.name == "balanced_epoch_sampler" ? n / 2 : n);
    fmt::print("{:<28}{:>12.2f}{:>18}\n", c.name, c.median() * 1e9 / drawn, c.checksum);
  }
}
