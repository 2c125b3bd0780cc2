#include <evendraw/samplers/systematic_sampler.hpp>

#include <cmath>
#include <limits>
#include <numeric>
#include <span>

#include <evendraw/samplers/weighted_without_replacement_sampler.hpp>

#include <support/catch2.hpp>
#include <support/sampling.hpp>
#include <support/statistics.hpp>

namespace systematic_sampler_test {

using evendraw::systematic_sampler;
using index_list = std::vector<std::uint32_t>;

namespace {

/// Inclusion probabilities k w_i / W. While some are above 1, these samples get 1 and are taken out.
std::vector<double> definition(std::vector<double> const& weights, std::uint64_t draws) {
  std::vector<double> result(weights.size(), -1);
  for (bool changed = true; changed;) {
    changed = false;
    double left = static_cast<double>(draws), sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) result[i] == 1 ? left -= 1 : sum += weights[i];
    for (std::size_t i = 0; i < weights.size(); ++i) {
      if (result[i] == 1) continue;
      result[i] = left * (weights[i] / sum);
      if (result[i] > 1) {
        result[i] = 1;
        changed = true;
      }
    }
  }
  return result;
}

/// The smallest p-value of any sample, for the number of epochs that have it against its probability.
template <class Sampler>
double worst_p(Sampler const& sampler, std::vector<double> const& probability, std::uint64_t epochs) {
  std::vector<std::uint64_t> drawn(probability.size());
  for (std::uint64_t e = 0; e < epochs; ++e) {
    for (auto const i : sampling::all(sampler.epoch(e))) ++drawn[i];
  }
  double worst = 1;
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    if (drawn[i] > epochs) return 0;
    std::vector const seen{drawn[i], epochs - drawn[i]};
    if (probability[i] == 0 || probability[i] == 1) {
      if (seen[probability[i] == 0 ? 0 : 1] != 0) return 0;
    } else {
      worst = std::min(worst, statistics::chi_squared_p(seen, std::vector{probability[i], 1 - probability[i]}));
    }
  }
  return worst;
}

std::vector<std::vector<double>> weights_of_many_kinds() {
  std::vector<std::vector<double>> result{{1},
                                          {2, 1, 1},
                                          {1, 1, 1, 1},
                                          {100, 50, 3, 2, 1, 0, 1e-300},
                                          {1e300, 1e300, 5e-324, 1},
                                          {0, 0.1, 0.1, 0.1, 0.3, 0.3, 0.1}};
  std::vector<double> geometric, many, heavy(1000, 1e-9);
  for (int i = 0; i < 300; ++i) geometric.push_back(std::ldexp(1.0, -i));
  for (int i = 0; i < 1000; ++i) many.push_back(1 + i * i % 97);
  heavy[500] = 1;
  std::vector<double> at_the_edge(71,
                                  15 * 0x1p-63);  // only rounding makes the first length exceed the step of two draws
  at_the_edge[0] = 1;
  at_the_edge[1] = 1 - 0x1p-53;
  result.push_back(at_the_edge);
  result.push_back(geometric);
  result.push_back(many);
  result.push_back(heavy);
  return result;
}

}  // namespace

TEST_CASE("systematic_hits: over all starts, hits are exactly in proportion to length", "[systematic]") {
  for (auto const& lengths :
       {std::vector<std::uint64_t>{3, 2, 5}, {1, 1, 1, 1, 1, 5}, {5, 5, 5}, {4, 4, 4, 3}, {1, 4}}) {
    std::uint64_t const step = 5, hits = std::accumulate(lengths.begin(), lengths.end(), std::uint64_t{0}) / step;
    std::vector<std::uint64_t> hit(lengths.size());
    for (std::uint64_t start = 0; start < step; ++start) {
      evendraw::detail::systematic_hits hits_of(step, start);
      std::size_t together = 0;
      for (std::size_t first = 0, size = 1; first < lengths.size(); first += size, size = 2) {  // in several calls
        evendraw::detail::block_of<std::uint64_t> some, listed;
        std::vector<std::uint64_t> samples;
        for (std::size_t i = first; i < std::min(first + size, lengths.size()); ++i) {
          some[i - first] = lengths[i];
          samples.push_back(i);
        }
        std::size_t const num_listed = hits_of.list(some, std::span<std::uint64_t const>(samples), listed);
        for (std::size_t i = 0; i < num_listed; ++i) ++hit[static_cast<std::size_t>(listed[i])];
        together += num_listed;
      }
      CHECK(together == hits);
    }
    CHECK(hit == lengths);
  }
}

TEST_CASE("systematic_line: lengths that every step hits once", "[systematic]") {
  for (auto const& weights : weights_of_many_kinds()) {
    auto const positives = static_cast<std::uint64_t>(std::ranges::count_if(weights, [](double w) { return w > 0; }));
    for (std::uint64_t draws = 1; draws <= positives; draws += 1 + draws / 4) {
      evendraw::detail::systematic_line<std::uint32_t> const line(weights, draws);
      CAPTURE(weights.size(), draws, line.sure().size());
      auto const lengths = line.lengths();
      CHECK(line.num_hits() >= 1);
      CHECK(line.sure().size() + line.num_hits() == draws);
      CHECK(line.sure().size() + lengths.size() == positives);
      CHECK(std::ranges::all_of(lengths, [&](std::uint64_t length) { return 0 < length && length <= line.step(); }));
      CHECK(std::accumulate(lengths.begin(), lengths.end(), std::uint64_t{0}) == line.step() * line.num_hits());
      CHECK(line.step() * line.num_hits() < std::uint64_t{1} << 63);
    }
  }
}

TEST_CASE("systematic_sampler: inclusion probabilities are those of the definition", "[systematic]") {
  for (auto const& weights : weights_of_many_kinds()) {
    auto const positives = static_cast<std::uint64_t>(std::ranges::count_if(weights, [](double w) { return w > 0; }));
    for (std::uint64_t draws = 1; draws <= positives; draws += 1 + draws / 4) {
      auto scaled = weights;  // so that sums do not overflow
      double const largest = *std::ranges::max_element(weights);
      for (double& weight : scaled) weight /= largest;
      auto const expected = definition(scaled, draws);
      auto const used = systematic_sampler(weights, {.epoch_size = draws}).inclusion_probabilities();
      double worst = 0;
      for (std::size_t i = 0; i < used.size(); ++i) {
        worst = std::max(worst, std::abs(used[i] - expected[i]));
        CHECK((used[i] > 0) == (weights[i] > 0));
      }
      CAPTURE(weights.size(), draws);
      CHECK(worst < 1e-12);
      CHECK(std::abs(std::accumulate(used.begin(), used.end(), 0.0) - static_cast<double>(draws)) < 1e-9);
    }
  }
  CHECK(systematic_sampler({2, 1, 1}, {.epoch_size = 2}).inclusion_probabilities() == std::vector<double>{1, 0.5, 0.5});
  CHECK(systematic_sampler({100, 50, 2, 1, 1}, {.epoch_size = 3}).inclusion_probabilities() ==
        std::vector<double>{1, 1, 0.5, 0.25, 0.25});
}

TEST_CASE("systematic_sampler draws each sample with its probability, and none twice", "[systematic]") {
  struct setup {
    std::vector<double> weights;
    std::uint64_t draws;
  };
  for (auto const& [weights, draws] :
       {setup{{2, 1, 1}, 2}, setup{{5, 4, 0, 3, 2, 1}, 2}, setup{{9, 4, 0.1, 3, 2, 1, 1, 1, 0}, 4}}) {
    systematic_sampler const sampler(weights, {.epoch_size = draws, .seed = 6});
    auto const probability = sampler.inclusion_probabilities();
    CAPTURE(weights.size(), draws);
    CHECK(worst_p(sampler, probability, 100'000) > statistics::threshold);
    bool distinct = true;
    for (std::uint64_t e = 0; e < 1000; ++e) distinct &= sampling::distinct(sampling::all(sampler.epoch(e)));
    CHECK(distinct);
    // Successive draws by the same weights have other inclusion probabilities.
    evendraw::weighted_without_replacement_sampler const other(weights, {.epoch_size = draws});
    CHECK(worst_p(other, probability, 100'000) < statistics::threshold);
  }
  // More samples than a block, and than the largest exact permutation.
  std::vector<double> weights;
  for (int i = 0; i < 1200; ++i) weights.push_back(1 + i % 10);
  systematic_sampler const larger(weights, {.epoch_size = 120});
  CHECK(worst_p(larger, larger.inclusion_probabilities(), 3000) > statistics::threshold);
  CHECK(worst_p(larger, std::vector<double>(1200, 0.1), 3000) < statistics::threshold);
}

TEST_CASE("systematic_sampler with equal weights gives all subsets and orders equally often", "[systematic]") {
  systematic_sampler const sampler({1, 1, 1, 1}, {.epoch_size = 2, .seed = 3});
  std::vector<std::uint64_t> pairs(16);
  std::vector<double> law(16, 1. / 12);
  for (std::size_t i = 0; i < 4; ++i) law[i * 5] = 0;
  for (std::uint64_t e = 0; e < 60'000; ++e) {
    auto const draws = sampler.epoch(e);
    ++pairs[draws[0] * 4 + draws[1]];
  }
  CHECK(statistics::chi_squared_p(pairs, law) > statistics::threshold);
  pairs[1] += pairs[4] / 10;  // 10 % of the pairs (1, 0) turned round
  pairs[4] -= pairs[4] / 10;
  CHECK(statistics::chi_squared_p(pairs, law) < statistics::threshold);
}

TEST_CASE("systematic_sampler: the order of an epoch is independent of the line", "[systematic]") {
  // Sample 0 is certain to be drawn. Samples 1 and 2 are the heaviest of the others.
  systematic_sampler const sampler({90, 3, 3, 1, 1, 1, 1}, {.epoch_size = 4, .seed = 9});
  REQUIRE(sampler.inclusion_probabilities()[0] == 1);
  REQUIRE(sampler.inclusion_probabilities()[1] < 1);
  std::vector<std::uint64_t> sure(4), other(4);
  for (std::uint64_t e = 0; e < 40'000; ++e) {
    auto const drawn = sampling::all(sampler.epoch(e));
    ++sure[static_cast<std::size_t>(std::ranges::find(drawn, 0u) - drawn.begin())];
    auto const place = static_cast<std::size_t>(std::ranges::find(drawn, 1u) - drawn.begin());
    if (place < 4) ++other[place];
  }
  CHECK(statistics::uniform_p(sure) > statistics::threshold);
  CHECK(statistics::uniform_p(other) > statistics::threshold);
  CHECK(statistics::uniform_p(std::vector<std::uint64_t>{40'000, 0, 0, 0}) < statistics::threshold);  // unshuffled
}

TEST_CASE("systematic_sampler with as many draws as positive weights is a plain shuffle", "[systematic]") {
  systematic_sampler const sampler({3, 0, 1, 1e-200, 7});
  CHECK(sampler.epoch_size() == 4);
  CHECK(sampler.num_samples() == 5);
  CHECK(sampler.inclusion_probabilities() == std::vector<double>{1, 0, 1, 1, 1});
  auto drawn = sampling::all(sampler.epoch(3));
  std::ranges::sort(drawn);
  CHECK(drawn == index_list{0, 2, 3, 4});
}

TEST_CASE("systematic_sampler does not care about the scale or type of weights", "[systematic]") {
  std::vector<int> const weights{3, 0, 1, 4, 1, 5, 9, 2, 6};
  auto const expected = sampling::all(systematic_sampler(weights, {.epoch_size = 4}).epoch(0));
  for (int const exponent : {-1074, -1000, -1, 1, 1000}) {
    std::vector<double> scaled;
    for (int const weight : weights) scaled.push_back(std::ldexp(weight, exponent));
    CHECK(sampling::all(systematic_sampler(scaled, {.epoch_size = 4}).epoch(0)) == expected);
  }
  CHECK(sampling::all(systematic_sampler({3, 0, 1, 4, 1, 5, 9, 2, 6}, {.epoch_size = 4}).epoch(0)) == expected);
  CHECK(std::ranges::equal(sampling::all(systematic_sampler<std::uint8_t>(weights, {.epoch_size = 4}).epoch(0)),
                           expected));
}

TEST_CASE("systematic_sampler refuses bad input", "[systematic]") {
  CHECK_THROWS_WITH(systematic_sampler({1, -2}),
                    "evendraw::systematic_sampler: weights[1] is -2; every weight must be finite and >= 0");
  CHECK_THROWS_WITH(systematic_sampler(std::vector<float>{}),
                    "evendraw::systematic_sampler: weights is empty; give at least one weight");
  CHECK_THROWS_WITH(systematic_sampler({0, 0}),
                    "evendraw::systematic_sampler: all 2 weights are zero; at least one must be > 0");
  CHECK_THROWS_WITH(
      systematic_sampler(std::vector<double>{0}),
      "evendraw::systematic_sampler: weights[0] is zero, and there are no others; at least one must be > 0");
  CHECK_THROWS_WITH(systematic_sampler({1, 0, 1}, {.epoch_size = 3}),
                    "evendraw::systematic_sampler: epoch_size is 3, but only 2 weights are positive; lower it");
  CHECK_THROWS_WITH(
      systematic_sampler<std::uint8_t>(std::vector<float>(256, 1)),
      "evendraw::systematic_sampler: 256 samples do not fit into 8-bit indices; use std::uint64_t as the index type: "
      "systematic_sampler<std::uint64_t>(...)");
}

TEST_CASE("systematic_sampler has a fingerprint of its own", "[systematic]") {
  std::vector const prints{
      systematic_sampler({1, 2, 3}, {.epoch_size = 1}).fingerprint(),
      systematic_sampler({1, 2, 3}, {.epoch_size = 1, .seed = 1}).fingerprint(),
      systematic_sampler({1, 2, 3}, {.epoch_size = 2}).fingerprint(),
      systematic_sampler({1, 2, 4}, {.epoch_size = 1}).fingerprint(),
      systematic_sampler({1, 3, 2}, {.epoch_size = 1}).fingerprint(),
      evendraw::weighted_without_replacement_sampler({1, 2, 3}, {.epoch_size = 1}).fingerprint(),
  };
  CHECK(sampling::distinct(prints));
}

TEST_CASE("systematic_sampler gives the golden draws", "[systematic][golden]") {
  std::vector<double> weights;
  for (int i = 0; i < 5000; ++i) weights.push_back(i * i % 17 + 0.5);
  for (int i = 0; i < 5; ++i) weights.push_back(1e6);
  systematic_sampler const sampler(weights, {.epoch_size = 500, .seed = 2026});
  CHECK(sampling::all(sampler.epoch(11).take(8)) == index_list{1381, 2928, 2151, 4581, 1912, 3497, 3364, 1673});
  CHECK(sampling::all(sampler.epoch(11).drop(492)) == index_list{1861, 3169, 4325, 4036, 2438, 3905, 4603, 3505});
}

}  // namespace systematic_sampler_test
