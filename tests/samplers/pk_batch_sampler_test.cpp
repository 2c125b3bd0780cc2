#include <evendraw/evendraw.hpp>
#include <evendraw/samplers/pk_batch_sampler.hpp>

#include <algorithm>
#include <set>
#include <string>

#include <support/catch2.hpp>
#include <support/sampling.hpp>
#include <support/ways_to_read.hpp>

namespace pk_batch_sampler_test {

using evendraw::pk_batch_sampler;
using numbers = std::vector<std::uint64_t>;

namespace {

/// The properties of P x K batches.
struct findings {
  bool groups = true;            // K-runs of one class each
  bool classes_differ = true;    // P different classes in a batch
  bool no_repeats = true;        // where the class has K samples
  bool classes_as_often = true;  // the numbers of appearances differ by at most one at any time
  friend bool operator==(findings const&, findings const&) = default;
};
findings look_at(std::vector<std::uint32_t> const& drawn, std::vector<int> const& labels, std::uint64_t classes,
                 std::uint64_t samples, std::size_t drawn_classes) {
  findings result;
  evendraw::class_index const index(labels);
  auto const sizes = index.counts();
  numbers times(sizes.size());
  for (std::size_t begin = 0; begin < drawn.size(); begin += classes * samples) {
    std::set<int> in_batch;
    for (std::size_t group = begin; group < begin + classes * samples; group += samples) {
      int const c = labels[drawn[group]];
      in_batch.insert(c);
      ++times[static_cast<std::size_t>(c)];
      std::set<std::uint32_t> members;
      for (std::size_t i = group; i < group + samples; ++i) {
        result.groups &= labels[drawn[i]] == c;
        members.insert(drawn[i]);
      }
      result.no_repeats &= members.size() == std::min<std::uint64_t>(samples, sizes[static_cast<std::size_t>(c)]);
    }
    result.classes_differ &= in_batch.size() == classes;
    auto const of_drawn = std::span(times).first(drawn_classes);
    result.classes_as_often &= std::ranges::max(of_drawn) - std::ranges::min(of_drawn) <= 1;
  }
  return result;
}

/// The draws of epochs 0, 1, ... one after the other.
std::vector<std::uint32_t> epochs_of(pk_batch_sampler<> const& sampler, std::uint64_t epochs) {
  std::vector<std::uint32_t> result;
  for (std::uint64_t e = 0; e < epochs; ++e) {
    for (auto const batch : sampler.epoch(e)) result.insert(result.end(), batch.begin(), batch.end());
  }
  return result;
}

auto const labels = sampling::labels_of({40, 9, 8, 8, 7, 5, 4, 4, 4, 2, 1});  // 11 classes, 92 samples

}  // namespace

TEST_CASE("pk_batch_sampler: P classes with K samples each, over the ends of rounds and epochs", "[pk_batch]") {
  for (std::uint64_t const classes : {1u, 2u, 3u, 4u, 5u, 6u, 7u, 10u, 11u}) {
    for (std::uint64_t const samples : {1u, 2u, 4u, 5u}) {
      for (std::uint64_t const batches : {0u, 7u}) {
        pk_batch_sampler const sampler(labels,
                                       {.classes = classes, .samples = samples, .num_batches = batches, .seed = 3});
        std::uint64_t const size = classes * samples;
        CAPTURE(classes, samples, batches);
        CHECK(sampler.batch_size() == size);
        CHECK(sampler.epoch_size() == (batches == 0 ? (92 + size - 1) / size : batches));
        CHECK(look_at(epochs_of(sampler, 12), labels, classes, samples, 11) == findings{});
      }
    }
  }
  SECTION("wrong twins are rejected") {
    pk_batch_sampler const sampler(labels, {.classes = 4, .samples = 4, .seed = 3});
    auto drawn = epochs_of(sampler, 12);
    auto repeated = drawn;
    std::size_t group = 0;
    while (labels[drawn[group]] != 0) group += 4;
    repeated[group + 1] = repeated[group];
    CHECK_FALSE(look_at(repeated, labels, 4, 4, 11).no_repeats);
    auto ungrouped = drawn;
    std::swap(ungrouped[3], ungrouped[4]);
    CHECK_FALSE(look_at(ungrouped, labels, 4, 4, 11).groups);
    auto same_class = drawn;
    std::copy_n(same_class.begin(), 4, same_class.begin() + 4);
    CHECK_FALSE(look_at(same_class, labels, 4, 4, 11).classes_differ);
    // A new sampler for every epoch leaves classes over at its end.
    std::vector<std::uint32_t> restarted;
    for (std::uint64_t e = 0; e < 12; ++e) {
      pk_batch_sampler const other(labels, {.classes = 4, .samples = 4, .seed = 100 + e});
      auto const part = sampling::all(other.epoch(0).draws());
      restarted.insert(restarted.end(), part.begin(), part.end());
    }
    CHECK_FALSE(look_at(restarted, labels, 4, 4, 11).classes_as_often);
  }
}

TEST_CASE("pk_batch_sampler walks through every class", "[pk_batch]") {
  for (std::uint64_t const classes : {2u, 5u, 8u}) {
    for (std::uint64_t const samples : {1u, 3u, 4u}) {
      pk_batch_sampler const sampler(labels, {.classes = classes, .samples = samples, .num_batches = 9, .seed = 5});
      std::uint64_t const cover = sampler.batches_to_cover();
      std::uint64_t const rounds = (40 + samples - 1) / samples;
      CHECK(cover == (rounds * 11 + classes - 1) / classes);
      auto drawn = epochs_of(sampler, cover / 9 + 1);
      drawn.resize(cover * classes * samples);
      CHECK(std::ranges::count(sampling::draws_of_each(drawn, labels.size()), std::uint64_t{0}) == 0);
      // A class appears with K samples at a time: no sample comes again before all have come.
      numbers of_class, times(labels.size());
      for (auto const index : drawn) {
        if (labels[index] == 1) of_class.push_back(index);
      }
      REQUIRE(of_class.size() >= 18);
      std::uint64_t const until_filled_up = 9 / samples * samples;
      for (std::size_t i = 0; i < until_filled_up; ++i) ++times[of_class[i]];
      CHECK(std::ranges::max(times) == 1);
    }
  }
}

TEST_CASE("pk_batch_sampler equals its definition", "[pk_batch]") {
  evendraw::class_index const classes(labels);
  for (std::uint64_t const per_batch : {3u, 8u}) {
    pk_batch_sampler const sampler(classes, {.classes = per_batch, .samples = 5, .num_batches = 6, .seed = 21});
    evendraw::detail::class_rounds const rounds(11, per_batch,
                                                evendraw::stream_key(21, 0, evendraw::random_stream::order));
    for (std::uint64_t const epoch : {0u, 1u, 13u, 100'000u}) {
      std::vector<std::uint32_t> expected;
      for (std::uint64_t b = 6 * epoch; b < 6 * epoch + 6; ++b) {
        for (std::uint64_t slot = 0; slot < per_batch; ++slot) {
          auto const [c, round] = rounds(b, slot);
          auto const members = classes.members(c);
          std::uint64_t const n = members.size(), step = 5 % n, length = step == 0 ? 1 : (n + step - 1) / step;
          evendraw::detail::walked_class const walked{
              0, n, evendraw::random_word(evendraw::stream_key(21, 0, evendraw::random_stream::walk), c)};
          auto const walk = walked.walk(round / length);
          for (std::uint64_t j = 0; j < 5; ++j) {
            expected.push_back(members[walk.member((round % length * step + j) % n)]);
          }
        }
      }
      CHECK(sampling::all(sampler.epoch(epoch).draws()) == expected);
    }
  }
}

TEST_CASE("pk_batch_sampler gives the same draws in every way of reading", "[pk_batch]") {
  for (auto const& [classes, samples] : std::vector<std::pair<std::uint64_t, std::uint64_t>>{{4, 4}, {7, 3}, {10, 6}}) {
    pk_batch_sampler const sampler(labels, {.classes = classes, .samples = samples, .num_batches = 60, .seed = 3});
    auto const epoch = sampler.epoch(2);
    auto const draws = epoch.draws();
    auto const expected = sampling::all(draws);
    REQUIRE(epoch.size() == 60);
    REQUIRE(expected.size() == 60 * classes * samples);
    CHECK(sampling::reads_the_same(draws));
    CHECK(sampling::all(sampler.epoch(3).draws()) != expected);
    CHECK(epoch.word(1, 2) == draws.word(classes * samples + 2));
    CHECK(sampler.epoch(3).word(1, 2) != epoch.word(1, 2));
  }
}

TEST_CASE("pk_batch_sampler: a cursor continues where a run was interrupted", "[pk_batch]") {
  pk_batch_sampler const sampler(labels, {.classes = 4, .samples = 4, .num_batches = 5, .seed = 3});
  evendraw::cursor walked(sampler);
  for (int i = 0; i < 8; ++i) walked.next();
  evendraw::cursor resumed(sampler, evendraw::checkpoint::from_string(walked.save().to_string()));
  for (int i = 0; i < 8; ++i) {
    CHECK(std::ranges::equal(walked.next(), resumed.next()));
    CHECK(resumed.epoch() == (8 + static_cast<std::uint64_t>(i)) / 5);
  }
}

TEST_CASE("pk_batch_sampler: every rank has its part of every class", "[pk_batch]") {
  pk_batch_sampler const sampler(labels, {.classes = 5, .samples = 4, .num_batches = 60, .seed = 3});
  auto const epoch = sampler.epoch(1);
  for (std::uint64_t rank = 0; rank < 4; ++rank) {  // as many ranks as a batch has samples of a class
    auto const local = epoch.shard(rank, 4);
    REQUIRE(local.size() == 60);
    bool one_of_each = true;
    for (std::uint64_t b = 0; b < 60; ++b) {
      auto const batch = local[b];
      one_of_each &= batch.size() == 5;
      for (std::size_t i = 0; i < 5; ++i) one_of_each &= batch[i] == epoch[b][4 * i + rank];
    }
    CHECK(one_of_each);
  }
  CHECK_THROWS_WITH(epoch.shard(0, 3),
                    "evendraw::batched_draws::shard: a batch has 20 items and world_size is 3; every rank must have "
                    "equally many of them: make its size a multiple of 3");
}

TEST_CASE("pk_batch_sampler: small classes repeat their samples, or are left out", "[pk_batch]") {
  pk_batch_sampler const repeat(labels, {.classes = 11, .samples = 4});
  for (auto const batch : repeat.epoch(0)) {
    auto const times = sampling::draws_of_each(batch, labels.size());
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (labels[i] == 9) CHECK(times[i] == 2);
      if (labels[i] == 10) CHECK(times[i] == 4);
      if (labels[i] < 9) CHECK(times[i] <= 1);
    }
  }
  pk_batch_sampler const exclude(labels, {.classes = 4, .samples = 4, .exclude_small = true});
  CHECK(look_at(epochs_of(exclude, 10), labels, 4, 4, 9) == findings{});
  auto const drawn = sampling::draws_of_classes(epochs_of(exclude, 10), labels);
  CHECK(drawn[8] > 0);
  CHECK(drawn[9] == 0);
  CHECK(drawn[10] == 0);
  CHECK(exclude.class_shares()[8] == 1.0 / 9);
  CHECK(exclude.class_shares()[9] == 0);
  CHECK(repeat.class_shares() == std::vector<double>(11, 1.0 / 11));
  CHECK(exclude.num_samples() == 92);

  evendraw::class_index const declared(std::vector<std::string>{"a", "a", "c"},
                                       {.classes = {"a", "b", "c"}, .allow_empty = true});
  CHECK(pk_batch_sampler(declared, {.classes = 2, .samples = 1}).class_shares() == std::vector<double>{0.5, 0, 0.5});
}

TEST_CASE("pk_batch_sampler of classes with more than 2^32 samples", "[pk_batch]") {
  auto const classes = evendraw::class_index<int, std::uint64_t>::from_counts({5'000'000'000, 1000, 1000});
  pk_batch_sampler<std::uint64_t> const sampler(classes, {.classes = 2, .samples = 30, .num_batches = 20});
  auto const draws = sampler.epoch(7).draws();
  auto const drawn = sampling::all(draws);
  bool same = true, beyond = false;
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    same &= draws[i] == drawn[i];
    beyond |= drawn[i] >> 32 != 0 && drawn[i] < 5'000'000'000;
  }
  CHECK(same);
  CHECK(beyond);
}

TEST_CASE("pk_batch_sampler says how long the largest classes take", "[pk_batch]") {
  auto const batches = [](std::uint64_t largest, std::uint64_t others, evendraw::pk_batch_options options) {
    std::vector<std::uint64_t> counts(others, 1);
    counts.push_back(largest);
    return pk_batch_sampler(evendraw::class_index<int, std::uint64_t>::from_counts(counts), options).batches_to_cover();
  };
  constexpr std::uint64_t one = 1;
  CHECK(batches(one << 60, 30, {.classes = 4, .samples = 1}) == 31 * (one << 58));
  CHECK(batches((one << 60) + 1, 30, {.classes = 4, .samples = 1}) == 31 * (one << 58) + 8);  // 31 slots more
  CHECK(batches(one << 60, 31, {.classes = 4, .samples = 1}) == one << 63);
  CHECK(batches(one << 60, 32, {.classes = 4, .samples = 1}) == one << 63);  // and more
  CHECK(batches((one << 63) - 5, 4, {.classes = 1, .samples = 1, .num_batches = 1}) == one << 63);
  CHECK(batches((one << 63) - 5, 4, {.classes = 5, .samples = 1, .num_batches = 1}) == (one << 63) - 5);
}

TEST_CASE("pk_batch_sampler refuses impossible options", "[pk_batch]") {
  auto const make = [](evendraw::pk_batch_options options) {
    return pk_batch_sampler(std::vector<std::string>{"cat", "dog", "dog", "cow", "cow"}, options);
  };
  CHECK_THROWS_WITH(make({.samples = 4}),
                    "evendraw::pk_batch_sampler: classes is 0 and samples 4; a batch needs at least one class and one "
                    "sample of it");
  CHECK_THROWS_WITH(make({.classes = 2}),
                    "evendraw::pk_batch_sampler: classes is 2 and samples 0; a batch needs at least one class and one "
                    "sample of it");
  CHECK_THROWS_WITH(make({.classes = 4, .samples = 2}),
                    "evendraw::pk_batch_sampler: classes is 4, but only 3 classes have samples; lower it");
  CHECK_THROWS_WITH(make({.classes = 3, .samples = 2, .exclude_small = true}),
                    "evendraw::pk_batch_sampler: classes is 3, but only 2 classes have 2 samples or more; lower "
                    ".samples or .classes, or set .exclude_small = false, which repeats samples");
  CHECK_THROWS_WITH(make({.classes = 3, .samples = 100, .exclude_small = true}),
                    "evendraw::pk_batch_sampler: classes is 3, but no class has 100 samples or more; lower "
                    ".samples, or set .exclude_small = false, which repeats samples");
  CHECK_THROWS_WITH(make({.classes = 4, .samples = 100, .exclude_small = true}),
                    "evendraw::pk_batch_sampler: classes is 4, but only 3 classes have samples; lower it");
  CHECK_THROWS_WITH(make({.classes = 4097, .samples = 2}),
                    "evendraw::pk_batch_sampler: classes is 4097; a batch can have at most 4096");
  CHECK_THROWS_WITH(make({.classes = 2, .samples = std::uint64_t{1} << 32}),
                    "evendraw::pk_batch_sampler: samples is 4294967296; it must be below 2^32");
  CHECK_THROWS_WITH(make({.classes = 2, .samples = 2, .num_batches = std::uint64_t{1} << 61}),
                    "evendraw::pk_batch_sampler: 2305843009213693952 batches of 4; at most 2^63 - 1 draws can be "
                    "counted: lower their number or the batch size");
  CHECK_NOTHROW(make({.classes = 2, .samples = 2, .num_batches = (std::uint64_t{1} << 61) - 1}));
  CHECK_THROWS_WITH(pk_batch_sampler(std::vector<int>{}, {.classes = 1, .samples = 1}),
                    "evendraw::class_index: no samples; give at least one label");
}

TEST_CASE("pk_batch_sampler: fingerprints tell samplers apart", "[pk_batch]") {
  auto const fingerprint_of = [](evendraw::pk_batch_options options) {
    return pk_batch_sampler(labels, options).fingerprint();
  };
  numbers const different{fingerprint_of({.classes = 4, .samples = 2}),
                          fingerprint_of({.classes = 2, .samples = 4}),
                          fingerprint_of({.classes = 4, .samples = 2, .num_batches = 3}),
                          fingerprint_of({.classes = 4, .samples = 2, .seed = 1}),
                          fingerprint_of({.classes = 4, .samples = 2, .exclude_small = true}),
                          pk_batch_sampler(sampling::labels_of({46, 46}), {.classes = 2, .samples = 4}).fingerprint()};
  CHECK(sampling::distinct(different));
  CHECK(fingerprint_of({.classes = 4, .samples = 2}) == different[0]);
}

TEST_CASE("pk_batch_sampler gives the golden draws", "[pk_batch][golden]") {
  auto const many = sampling::labels_of({5000, 300, 40, 40, 20, 10, 9});
  CHECK(pk_batch_sampler(many, {.classes = 3, .samples = 4, .num_batches = 10, .seed = 2026}).epoch(3)[4] ==
        std::vector<std::uint32_t>{4643, 1750, 908, 838, 3585, 2031, 2514, 4209, 1583, 4708, 276, 2987});
  CHECK(pk_batch_sampler(many, {.classes = 6, .samples = 2, .num_batches = 10, .seed = 2026}).epoch(3)[4] ==
        std::vector<std::uint32_t>{2829, 2672, 1499, 1979, 1501, 493, 2514, 4209, 1583, 5044, 4049, 5398});
}

}  // namespace pk_batch_sampler_test
