// Samplers of a part of the data, such as a training split, draw the part's own samples.
#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include <support/catch2.hpp>
#include <support/sampling.hpp>
#include <support/ways_to_read.hpp>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/classes/split.hpp>
#include <evendraw/epochs/any_sampler.hpp>
#include <evendraw/inspect/check_sampler.hpp>
#include <evendraw/samplers/balanced_epoch_sampler.hpp>
#include <evendraw/samplers/random_sampler.hpp>
#include <evendraw/samplers/sequential_sampler.hpp>

namespace part_test {

using index_list = std::vector<std::uint32_t>;

namespace {

std::vector<std::string> const labels{"dry", "ice", "dry", "wet", "dry", "ice", "dry", "dry", "wet", "dry"};
index_list const part{9, 1, 4, 2, 7};

index_list sorted(index_list numbers) {
  std::ranges::sort(numbers);
  return numbers;
}

/// Whether every epoch has each sample of the part once.
template <class Sampler>
bool draws_the_part(Sampler const& sampler) {
  for (std::uint64_t e = 0; e < 5; ++e) {
    if (sorted(sampling::all(sampler.epoch(e))) != sorted(part)) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("random_sampler and sequential_sampler draw the samples of a part", "[part]") {
  evendraw::class_index const whole(labels), classes(labels, part);
  CHECK(draws_the_part(evendraw::random_sampler(classes, {.seed = 1})));
  CHECK(draws_the_part(evendraw::random_sampler(part, {.seed = 1})));
  CHECK(draws_the_part(evendraw::sequential_sampler(classes)));
  CHECK(draws_the_part(evendraw::sequential_sampler(part)));
  CHECK_FALSE(draws_the_part(
      evendraw::random_sampler(part.size())));  // the common mistake: positions in the part instead of indices

  CHECK(sampling::all(evendraw::sequential_sampler(part).epoch(3)) == part);  // a list keeps its order
  CHECK(sampling::all(evendraw::sequential_sampler(classes).epoch(3)) == sorted(part));
  CHECK(evendraw::random_sampler(classes).index_bound() == labels.size());
  CHECK(evendraw::random_sampler(part).index_bound() == 10);
  CHECK(evendraw::random_sampler(part).num_samples() == part.size());

  // a part of all samples is the same as their number
  CHECK(evendraw::random_sampler(whole, {.seed = 4}).fingerprint() ==
        evendraw::random_sampler(labels.size(), {.seed = 4}).fingerprint());
  CHECK(sampling::all(evendraw::random_sampler(whole, {.seed = 4}).epoch(2)) ==
        sampling::all(evendraw::random_sampler(labels.size(), {.seed = 4}).epoch(2)));
  CHECK(evendraw::random_sampler(classes).fingerprint() != evendraw::random_sampler(part.size()).fingerprint());
  CHECK(evendraw::sequential_sampler(part).fingerprint() != evendraw::sequential_sampler(sorted(part)).fingerprint());
}

TEST_CASE("samplers of a part pass check_sampler", "[part]") {
  evendraw::class_index const classes(labels, part);
  evendraw::check_sampler(evendraw::random_sampler(classes, {.epoch_size = 3, .seed = 2}), {.epochs_differ = false});
  evendraw::check_sampler(evendraw::random_sampler(part, {.seed = 2}), {.epochs_differ = false});
  evendraw::check_sampler(evendraw::sequential_sampler(part), {.epochs_differ = false});
  evendraw::check_sampler(evendraw::any_sampler(evendraw::random_sampler(part)), {.epochs_differ = false});
  std::vector<std::uint64_t> long_part;
  for (std::uint64_t i = 0; i < 3000; ++i) long_part.push_back(i * 7 % 100'003);
  evendraw::check_sampler(evendraw::random_sampler(long_part, {.seed = 3}));
  auto const draws = evendraw::random_sampler<std::uint64_t>(long_part, {.seed = 3}).epoch(1);
  for (std::uint64_t i = 0; i < 3000; i += 100) {
    CHECK(draws.find(draws[i]) == std::vector<std::uint64_t>{i});
  }
  CHECK(draws.find(1).empty());  // no sample of the part
}

TEST_CASE("samplers refuse lists that are not parts of the data", "[part]") {
  CHECK_THROWS_WITH(evendraw::random_sampler(index_list{}),
                    "evendraw::random_sampler: the part is empty; give the index of at least one sample");
  CHECK_THROWS_WITH(evendraw::random_sampler(index_list{4, 2, 4}),
                    "evendraw::random_sampler: indices[2] is 4 again; a part names each sample once");
  CHECK_THROWS_WITH(evendraw::sequential_sampler(std::vector{3, -1}),
                    "evendraw::sequential_sampler: indices[1] is -1; an index must be >= 0 and below 4294967295");
  CHECK_THROWS_AS(evendraw::sequential_sampler(std::vector{std::uint64_t{1} << 32}), std::out_of_range);
  CHECK_THROWS_AS(evendraw::random_sampler(part, {.epoch_size = 6}), std::invalid_argument);
}

TEST_CASE("class_index::subset keeps labels, class numbers and indices", "[class_index][part]") {
  evendraw::class_index const whole(labels);
  auto const subset = whole.subset(index_list{9, 8, 4, 3});
  CHECK(subset.labels() == whole.labels());
  CHECK(subset.num_samples() == 4);
  CHECK(subset.index_bound() == labels.size());
  CHECK(std::vector(subset.counts().begin(), subset.counts().end()) == std::vector<std::uint64_t>{2, 0, 2});
  CHECK(std::ranges::equal(subset.members(subset.class_of("dry")), index_list{4, 9}));
  CHECK(std::ranges::equal(subset.members(subset.class_of("wet")), index_list{3, 8}));
  CHECK(subset.members(subset.class_of("ice")).empty());
  CHECK(subset.subset({4}).num_samples() == 1);            // of a subset
  auto const last_class = whole.subset(index_list{3, 8});  // without the first classes
  CHECK(std::ranges::equal(last_class.members(last_class.class_of("wet")), index_list{3, 8}));
  CHECK(last_class.members(last_class.class_of("dry")).empty());

  // the same as naming the labels again
  auto const split = evendraw::stratified_split(whole, {0.5, 0.5}, 1);
  for (auto const& samples : split) {
    auto const a = whole.subset(samples);
    evendraw::class_index const b(labels, samples, {.classes = whole.labels(), .allow_empty = true});
    for (std::uint64_t c = 0; c < 3; ++c) CHECK(std::ranges::equal(a.members(c), b.members(c)));
    CHECK(a.shared_members()->fingerprint() == b.shared_members()->fingerprint());
  }

  auto const runs = evendraw::class_index<int>::from_counts({1000, 10, 1});
  CHECK(runs.subset({1009, 1010, 3}).counts()[1] == 1);

  CHECK_THROWS_WITH(whole.subset(index_list{}),
                    "evendraw::class_index::subset: the part is empty; give the index of at least one sample");
  CHECK_THROWS_WITH(whole.subset({10}),
                    "evendraw::class_index::subset: indices[0] is 10; there are 10 labels, and an "
                    "index must be below that");
  CHECK_THROWS_WITH(subset.subset({9, 0}),
                    "evendraw::class_index::subset: sample 0 is in no class, since it was left out before");
}

}  // namespace part_test
