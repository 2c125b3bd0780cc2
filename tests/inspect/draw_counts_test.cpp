#include <evendraw/classes/class_index.hpp>
#include <evendraw/inspect/draw_counts.hpp>
#include <evendraw/samplers/balanced_epoch_sampler.hpp>
#include <evendraw/samplers/inverse_frequency_sampler.hpp>
#include <support/catch2.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

namespace draw_counts_test {

using frequencies = std::vector<evendraw::draw_counts<>::frequency>;
using shares = std::vector<evendraw::draw_counts<>::cumulative_share>;
using marks = std::vector<evendraw::draw_counts<>::epoch_mark>;

namespace {

// Samples 0 to 3 are "common", 4 "rare".
evendraw::class_index<std::string> classes() {
  return evendraw::class_index(std::vector<std::string>{"common", "common", "common", "common", "rare"});
}

}  // namespace

TEST_CASE("draw_counts before any draw", "[draw_counts]") {
  evendraw::draw_counts counts(classes());
  STATIC_REQUIRE(std::is_same_v<decltype(counts), evendraw::draw_counts<std::uint32_t>>);
  CHECK(counts.num_samples() == 5);
  CHECK(counts.num_classes() == 2);
  CHECK(counts.num_draws() == 0);
  CHECK(counts.unique_samples() == 0);
  CHECK(counts.repeats() == 0);
  CHECK(counts.epochs().empty());
  CHECK(counts.histogram() == frequencies{{0, 5}});
  CHECK(counts.ecdf() == shares{{0, 1.0}});
}

TEST_CASE("draw_counts counts draws by hand", "[draw_counts]") {
  evendraw::draw_counts counts(classes());
  CHECK(counts.add(0) == 1);
  CHECK(counts.add(4) == 1);
  CHECK(counts.add(4) == 2);
  counts.end_epoch();
  CHECK(counts.add(4) == 3);
  counts.end_epoch();
  CHECK(counts.add(1) == 1);
  counts.end_epoch();
  counts.end_epoch();  // an epoch without draws

  CHECK(counts.num_draws() == 5);
  CHECK(counts.unique_samples() == 3);
  CHECK(counts.repeats() == 2);
  CHECK(counts.epochs() == marks{{3, 2}, {4, 2}, {5, 3}, {5, 3}});
  CHECK(counts.draws_of(4) == 3);
  CHECK(counts.draws_of(3) == 0);
  CHECK(counts.class_of(4) == 1);
  CHECK(counts.histogram() == frequencies{{0, 2}, {1, 2}, {3, 1}});
  CHECK(counts.histogram(0) == frequencies{{0, 2}, {1, 2}});
  CHECK(counts.histogram(1) == frequencies{{3, 1}});
  CHECK(counts.ecdf() == shares{{0, 0.4}, {1, 0.8}, {3, 1.0}});
  CHECK(counts.ecdf(0) == shares{{0, 0.5}, {1, 1.0}});
  CHECK(counts.ecdf(1) == shares{{3, 1.0}});
}

TEST_CASE("draw_counts: samples outside a subset do not count", "[draw_counts]") {
  std::vector<std::string> const labels{"a", "a", "b", "c"};
  evendraw::class_index const subset(labels, std::vector<std::uint32_t>{1, 2});
  evendraw::draw_counts counts(subset);
  CHECK(counts.num_samples() == 2);
  CHECK(counts.index_bound() == 4);
  CHECK_FALSE(counts.contains(0));
  CHECK(counts.contains(2));
  CHECK_FALSE(counts.contains(4));
  CHECK_FALSE(counts.contains(std::uint64_t{1} << 33));
  counts.add(2);
  CHECK(counts.histogram() == frequencies{{0, 1}, {1, 1}});
}

TEST_CASE("draw_counts: a class without samples has no frequencies", "[draw_counts]") {
  auto const with_empty = evendraw::class_index<int>::from_counts({2, 0}, {.allow_empty = true});
  evendraw::draw_counts const counts(with_empty);
  CHECK(counts.histogram(1).empty());
  CHECK(counts.ecdf(1).empty());
  CHECK_THROWS_AS(counts.histogram(2), std::out_of_range);
  CHECK_THROWS_WITH(counts.ecdf(2), "evendraw::draw_counts: class number 2; there are 2 classes");
}

TEST_CASE("draw_counts: the histogram of samples that were drawn thousands of times", "[draw_counts]") {
  auto const many = evendraw::class_index<int>::from_counts({6});
  evendraw::draw_counts counts(many);
  std::vector<std::uint64_t> const draws{1023, 5000, 1024, 1024, 1025, 0};
  for (std::uint32_t sample = 0; sample < draws.size(); ++sample) {
    for (std::uint64_t i = 0; i < draws[sample]; ++i) counts.add(sample);
  }
  CHECK(counts.histogram() == frequencies{{0, 1}, {1023, 1}, {1024, 2}, {1025, 1}, {5000, 1}});
  CHECK(counts.ecdf().back() == evendraw::draw_counts<>::cumulative_share{5000, 1.0});
}

TEST_CASE("draw_counts agrees with a map, on a sampler's epochs", "[draw_counts]") {
  auto const data = evendraw::class_index<int>::from_counts({300, 20, 3});
  evendraw::inverse_frequency_sampler const sampler(data, {.seed = 4});
  evendraw::draw_counts counts(data);
  std::map<std::uint32_t, std::uint64_t> slow;
  for (std::uint64_t epoch = 0; epoch < 30; ++epoch) {
    for (auto const sample : sampler.epoch(epoch)) {
      counts.add(sample);
      ++slow[sample];
    }
    counts.end_epoch();
    REQUIRE(counts.epochs().back().unique_samples == slow.size());
    REQUIRE(counts.epochs().back().draws == 323 * (epoch + 1));
  }
  for (std::uint64_t c = 0; c < 3; ++c) {
    std::map<std::uint64_t, std::uint64_t> samples;
    for (auto const sample : data.members(c)) ++samples[slow[sample]];
    frequencies expected;
    for (auto const& [draws, number] : samples) expected.push_back({draws, number});
    CHECK(counts.histogram(c) == expected);
  }
}

TEST_CASE("draw_counts shows that balanced epochs cover each class in turn", "[draw_counts]") {
  auto const data = evendraw::class_index<int>::from_counts({12, 4});
  evendraw::balanced_epoch_sampler const sampler(data, {.seed = 9});  // four of each class
  evendraw::draw_counts counts(data);
  for (std::uint64_t epoch = 0; epoch < 3; ++epoch) {
    for (auto const sample : sampler.epoch(epoch)) counts.add(sample);
    counts.end_epoch();
  }
  CHECK(counts.epochs() == marks{{8, 8}, {16, 12}, {24, 16}});
  CHECK(counts.histogram() == frequencies{{1, 12}, {3, 4}});
}

}  // namespace draw_counts_test
