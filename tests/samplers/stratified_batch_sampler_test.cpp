#include <evendraw/evendraw.hpp>
#include <evendraw/samplers/stratified_batch_sampler.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>

#include <support/catch2.hpp>
#include <support/sampling.hpp>
#include <support/statistics.hpp>
#include <support/ways_to_read.hpp>

namespace stratified_batch_sampler_test {

using evendraw::stratified_batch_sampler;
using evendraw::unnamed_classes;
using numbers = std::vector<std::uint64_t>;
using int_options = evendraw::stratified_batch_options<int>;

namespace {

auto const labels = sampling::labels_of({500, 77, 20, 3});

/// The class counts of every batch of epochs 0, 1, ...
template <class Sampler>
std::vector<numbers> counts_of(Sampler const& sampler, std::uint64_t epochs,
                               std::vector<int> const& sample_labels = labels) {
  std::vector<numbers> result;
  for (std::uint64_t e = 0; e < epochs; ++e) {
    for (auto const batch : sampler.epoch(e)) result.push_back(sampling::draws_of_classes(batch, sample_labels));
  }
  return result;
}

bool all_are(std::vector<numbers> const& counts, numbers const& expected) {
  return std::ranges::all_of(counts, [&](numbers const& batch) { return batch == expected; });
}

/// Whether every count is its part of a batch, rounded down or up, and no sum of counts is off by more than 4.
bool rounded(std::vector<numbers> const& counts, std::vector<double> const& parts) {
  std::vector<double> sums(parts.size());
  for (std::size_t b = 0; b < counts.size(); ++b) {
    for (std::size_t c = 0; c < parts.size(); ++c) {
      auto const count = static_cast<double>(counts[b][c]);
      sums[c] += count;
      if (count < std::floor(parts[c]) || count > std::ceil(parts[c])) return false;
      if (std::abs(sums[c] - parts[c] * static_cast<double>(b + 1)) > 4) return false;
    }
  }
  return true;
}

}  // namespace

TEST_CASE("stratified_batch_sampler: every batch is full and has its part of every class", "[stratified]") {
  stratified_batch_sampler const equal(labels, {.batch_size = 32});
  CHECK(equal.epoch_size() == 19);  // 600 / 32, rounded up
  CHECK(equal.batch_size() == 32);
  CHECK(equal.num_samples() == 600);
  CHECK(all_are(counts_of(equal, 5), {8, 8, 8, 8}));
  CHECK(equal.class_shares() == std::vector<double>(4, 0.25));

  stratified_batch_sampler const quotas(labels, {.num_batches = 50, .quotas = {{0, 4}, {1, 1}, {3, 2}, {2, 25}}});
  CHECK(quotas.batch_size() == 32);
  CHECK(all_are(counts_of(quotas, 4), {4, 1, 25, 2}));
  CHECK(
      all_are(counts_of(stratified_batch_sampler(
                            labels, {.batch_size = 7, .quotas = {{0, 4}, {3, 3}}, .unnamed = unnamed_classes::exclude}),
                        2),
              {4, 0, 0, 3}));

  for (auto const order : {evendraw::order::grouped, evendraw::order::shuffled}) {
    stratified_batch_sampler const shares(
        labels, {.batch_size = 10, .shares = {{0, 0.7}, {1, 0.2}, {2, 0.07}, {3, 0.03}}, .order = order, .seed = 6});
    auto const counts = counts_of(shares, 30);
    CHECK(counts.size() == 30 * 60);
    CHECK(rounded(counts, {7, 2, 0.7, 0.3}));
    CHECK(shares.class_shares()[0] == 0.7);
    bool planned = true;
    for (std::uint64_t e = 0; e < 30; ++e) {
      for (std::uint64_t b = 0; b < 60; ++b) planned &= shares.quotas(e, b) == counts[e * 60 + b];
    }
    CHECK(planned);
  }
  SECTION("shares that are rounded once, or drawn at random, are rejected") {
    CHECK_FALSE(rounded(counts_of(stratified_batch_sampler(labels, {.quotas = {{0, 7}, {1, 2}, {2, 1}, {3, 0}}}), 2),
                        {7, 2, 0.7, 0.3}));
    evendraw::target_proportion_sampler const random(labels, {{0, 0.7}, {1, 0.2}, {2, 0.07}, {3, 0.03}});
    CHECK_FALSE(rounded(counts_of(evendraw::batch_sampler(random, 10), 2), {7, 2, 0.7, 0.3}));
  }
}

TEST_CASE("stratified_batch_sampler: parts that are whole numbers are exact", "[stratified]") {
  evendraw::class_index const ten(sampling::labels_of(std::vector<std::size_t>(10, 5)));
  for (std::uint64_t const scale : {1u, 3u, 100u}) {
    std::vector<double> const shares{0.7, 0.1, 0.05, 0.05, 0.02, 0.02, 0.02, 0.02, 0.01, 0.01};
    stratified_batch_sampler const sampler(ten, shares, {.batch_size = 100 * scale, .num_batches = 3});
    bool exact = true;
    for (std::uint64_t e = 0; e < 3000; e += 7) {
      exact &= sampler.quotas(e, 1) == numbers{70 * scale, 10 * scale, 5 * scale, 5 * scale, 2 * scale,
                                               2 * scale,  2 * scale,  2 * scale, 1 * scale, 1 * scale};
    }
    CHECK(exact);
  }
  for (std::uint64_t whole = 1; whole < 1000; whole += 3) {  // the fewest and the most of all 2^32 batches
    std::vector<double> const shares{static_cast<double>(whole) / 1000, 1 - static_cast<double>(whole) / 1000};
    evendraw::detail::batch_quotas const quotas(evendraw::detail::integer_shares(shares), 1000, whole);
    CHECK(quotas.least(0) == whole);
    CHECK(quotas.most(0) == whole);
  }
}

TEST_CASE("stratified_batch_sampler takes shares in every form", "[stratified]") {
  std::vector<std::string> const animals{"dog", "cat", "dog", "dog", "cat", "cow"};
  evendraw::class_index const classes(animals);  // cat, cow, dog
  auto const first = [](auto const& sampler) { return sampling::all(sampler.epoch(0).draws()); };
  stratified_batch_sampler const a(animals,
                                   {.batch_size = 4, .shares = {{"cat", 1}, {"dog", 2}, {"cow", 1}}, .seed = 2});
  CHECK(a.quotas(0, 0) == numbers{1, 1, 2});
  CHECK(first(stratified_batch_sampler(animals, {.quotas = {{"cat", 1}, {"dog", 2}, {"cow", 1}}, .seed = 2})) ==
        first(a));
  CHECK(first(stratified_batch_sampler(classes, std::vector<double>{0.25, 0.25, 0.5}, {.batch_size = 4, .seed = 2})) ==
        first(a));
  CHECK(first(stratified_batch_sampler(
            classes, {.batch_size = 4,
                      .shares = std::map<std::string, double>{{"cat", 0.25}, {"dog", 0.5}, {"cow", 0.25}},
                      .seed = 2})) == first(a));
  stratified_batch_sampler const natural(classes, classes.counts(), {.batch_size = 12});
  CHECK(natural.quotas(3, 0) == numbers{4, 2, 6});
  stratified_batch_sampler const natural_rest(
      animals, {.batch_size = 12, .shares = {{"cow", 0.5}}, .unnamed = unnamed_classes::natural});
  CHECK(natural_rest.quotas(0, 0)[1] == 6);
  CHECK(natural_rest.class_shares() == std::vector<double>{0.2, 0.5, 0.3});
  stratified_batch_sampler const zero(animals, {.batch_size = 4, .shares = {{"cat", 0}, {"dog", 2}, {"cow", 2}}});
  CHECK(zero.quotas(0, 0) == numbers{0, 2, 2});
  evendraw::class_index const declared(animals, {.classes = {"ant", "cat", "cow", "dog"}, .allow_empty = true});
  CHECK(stratified_batch_sampler(declared, {.batch_size = 3}).quotas(0, 0) == numbers{0, 1, 1, 1});
}

TEST_CASE("stratified_batch_sampler: no share above 0 is too small", "[stratified]") {
  stratified_batch_sampler const sampler(labels, {.batch_size = 8, .shares = {{0, 1}, {1, 1e-300}, {2, 0}, {3, 0.5}}});
  CHECK(sampler.class_shares()[1] > 0);
  CHECK(sampler.class_shares()[2] == 0);
  CHECK(sampler.batches_to_cover() >> 32 > 0);  // very many, but finite
}

TEST_CASE("stratified_batch_sampler continues over the ends of epochs", "[stratified]") {
  // The same batches, whatever the number of them in an epoch.
  auto const all_of = [](std::uint64_t num_batches, std::uint64_t epochs) {
    stratified_batch_sampler const sampler(
        labels, {.batch_size = 12, .num_batches = num_batches, .shares = {{0, 4}, {1, 3}, {2, 2}, {3, 1}}, .seed = 9});
    std::vector<std::uint32_t> result;
    for (std::uint64_t e = 0; e < epochs; ++e) {
      auto const part = sampling::all(sampler.epoch(e).draws());
      result.insert(result.end(), part.begin(), part.end());
    }
    return result;
  };
  CHECK(all_of(7, 30) == all_of(30, 7));
  CHECK(all_of(1, 210) == all_of(210, 1));
}

TEST_CASE("stratified_batch_sampler covers all samples, and repeats none in a batch", "[stratified]") {
  for (std::uint64_t const batch_size : {5u, 16u, 40u}) {
    stratified_batch_sampler const sampler(labels, {.batch_size = batch_size, .num_batches = 10, .seed = 1});
    std::uint64_t const cover = sampler.batches_to_cover();
    std::set<std::uint32_t> seen;
    bool no_repeats = true;
    std::uint64_t batches = 0;
    for (std::uint64_t e = 0; batches < cover; ++e) {
      for (auto const batch : sampler.epoch(e)) {
        CHECK((batches != cover - 1 || seen.size() < 600));
        if (batches++ >= cover) break;
        auto const times = sampling::draws_of_each(batch, labels.size());
        for (std::size_t i = 0; i < labels.size(); ++i) {
          no_repeats &= times[i] <= 1 || (labels[i] == 3 && times[i] <= (batch_size / 4 + 3) / 3);
        }
        seen.insert(batch.begin(), batch.end());
      }
    }
    CHECK(seen.size() == 600);
    CHECK(no_repeats);
  }
}

TEST_CASE("stratified_batch_sampler: draws of two samples of a class differ by at most one where documented",
          "[stratified]") {
  auto const most_apart = [](std::uint64_t n, double places) {
    std::vector<int> halves(static_cast<std::size_t>(n), 0);
    halves.insert(halves.end(), halves.size(), 1);
    evendraw::class_index const classes(halves);
    stratified_batch_sampler const sampler(classes, std::vector{places, 10 - places},
                                           {.batch_size = 10, .num_batches = 50, .seed = 7});
    std::vector<std::uint64_t> drawn(static_cast<std::size_t>(n));
    std::uint64_t result = 0;
    std::vector<std::uint32_t> batch(10);
    for (std::uint64_t e = 0; e < 20; ++e) {
      auto const batches = sampler.epoch(e);
      for (std::uint64_t b = 0; b < batches.size(); ++b) {
        for (auto const index : batches.read(b, batch)) {
          if (index < n) ++drawn[index];
        }
        auto const [least, most] = std::ranges::minmax(drawn);
        result = std::max(result, most - least);
      }
    }
    return result;
  };
  for (double const places : {0.3, 0.97, 1.0}) {
    CHECK(most_apart(7, places) == 1);
    CHECK(most_apart(100, places) == 1);
  }
  for (double const places : {2.0, 5.0}) CHECK(most_apart(100, places) == 1);
  for (double const places : {1.1, 1.5, 2.5, 3.0}) CHECK(most_apart(100, places) > 1);  // as documented
}

TEST_CASE("stratified_batch_sampler gives the same draws in every way of reading", "[stratified]") {
  for (auto const order : {evendraw::order::grouped, evendraw::order::shuffled}) {
    stratified_batch_sampler const sampler(
        labels, {.batch_size = 14, .shares = {{0, 0.4}, {1, 0.3}, {2, 0.2}, {3, 0.1}}, .order = order, .seed = 5});
    auto const epoch = sampler.epoch(3);
    auto const draws = epoch.draws();
    auto const expected = sampling::all(draws);
    REQUIRE(expected.size() == 14 * 43);
    REQUIRE(epoch.size() == sampler.epoch_size());
    CHECK(sampling::reads_the_same(draws));
    bool same = true;
    std::vector<std::uint32_t> buffer(epoch.buffer_size());
    for (std::uint64_t b = 43; b-- > 0;) {
      auto const batch = epoch.read(b, buffer);
      same &= std::ranges::equal(batch, std::span(expected).subspan(14 * b, 14));
      same &= epoch.drop(b)[0] == std::vector(batch.begin(), batch.end());
    }
    CHECK(same);
    CHECK(epoch.word(2, 3) == draws.word(31));
    CHECK(epoch.word(2, 3) != sampler.epoch(4).word(2, 3));
    CHECK(sampling::all(sampler.epoch(4).draws()) != expected);
    auto const later = [copy = stratified_batch_sampler(sampler)] { return copy.epoch(3); }();
    CHECK(sampling::all(later.draws()) == expected);
  }
  stratified_batch_sampler<std::uint16_t> const narrow(labels, {.batch_size = 8});
  CHECK(narrow.epoch(0)[0].size() == 8);
}

TEST_CASE("stratified_batch_sampler: a cursor continues where a run was interrupted", "[stratified]") {
  stratified_batch_sampler const sampler(labels, {.batch_size = 16, .num_batches = 5});
  evendraw::cursor walked(sampler);
  for (int i = 0; i < 8; ++i) walked.next();
  evendraw::cursor resumed(sampler, evendraw::checkpoint::from_string(walked.save().to_string()));
  for (int i = 0; i < 8; ++i) CHECK(std::ranges::equal(walked.next(), resumed.next()));
  CHECK(resumed.epoch() == 3);
  CHECK_THROWS_AS(
      evendraw::cursor(stratified_batch_sampler(labels, {.batch_size = 16, .num_batches = 6}), walked.save()),
      std::invalid_argument);
}

namespace {

/// How the ranks divide batches.
struct dealing {
  bool rounded = true;   // each rank has its part of each class, rounded down or up
  bool complete = true;  // together the ranks have the samples and words of every batch
  numbers of_class_3;    // the draws of class 3 by rank
};
template <class Epoch, class Shard>
dealing dealt(Epoch const& epoch, std::uint64_t ranks, Shard shard) {
  dealing result;
  std::vector<Epoch> parts;
  for (std::uint64_t rank = 0; rank < ranks; ++rank) parts.push_back(shard(epoch, rank, ranks));
  result.of_class_3.resize(ranks);
  for (std::uint64_t b = 0; b < epoch.size(); ++b) {
    auto const batch = epoch[b];
    auto const counts = sampling::draws_of_classes(batch, labels);
    std::set<std::pair<std::uint32_t, std::uint64_t>> expected, together;
    for (std::size_t i = 0; i < batch.size(); ++i) expected.emplace(batch[i], epoch.word(b, i));
    for (std::uint64_t rank = 0; rank < ranks; ++rank) {
      auto const part = parts[rank][b];
      auto const of_part = sampling::draws_of_classes(part, labels);
      result.of_class_3[rank] += of_part[3];
      for (std::size_t c = 0; c < counts.size(); ++c) {
        result.rounded &= of_part[c] == counts[c] / ranks || of_part[c] == (counts[c] + ranks - 1) / ranks;
      }
      result.complete &= part.size() == batch.size() / ranks;
      for (std::size_t i = 0; i < part.size(); ++i) {
        together.emplace(part[i], parts[rank].word(b, i));
        std::uint64_t const position = parts[rank].draws().position(b * part.size() + i);
        result.complete &= position / batch.size() == b && batch[position % batch.size()] == part[i];
      }
    }
    result.complete &= together == expected;
  }
  return result;
}
template <class Epoch>
dealing dealt(Epoch const& epoch, std::uint64_t ranks) {
  return dealt(epoch, ranks,
               [](Epoch const& whole, std::uint64_t rank, std::uint64_t size) { return whole.shard(rank, size); });
}

}  // namespace

TEST_CASE("stratified_batch_sampler: every rank has its part of every class", "[stratified]") {
  auto const make = [](evendraw::order order) {
    return stratified_batch_sampler(
        labels, {.batch_size = 24, .num_batches = 1500, .quotas = {{0, 12}, {1, 7}, {2, 4}, {3, 1}}, .order = order});
  };
  for (auto const order : {evendraw::order::grouped, evendraw::order::shuffled}) {
    for (std::uint64_t const ranks : {1u, 2u, 4u, 24u}) {
      auto const parts = dealt(make(order).epoch(1), ranks);
      CAPTURE(ranks);
      CHECK(parts.rounded);
      CHECK(parts.complete);
      // The single draw of class 3 goes to all ranks equally often.
      if (ranks > 1) CHECK(statistics::uniform_p(parts.of_class_3) > statistics::threshold);
    }
  }
  SECTION("ranks of ranks, and of the remainder of an epoch, are the same parts") {
    auto const epoch = make(evendraw::order::shuffled).epoch(1);
    for (std::uint64_t rank = 0; rank < 4; ++rank) {
      auto const part = epoch.shard(rank, 4), of_part = epoch.shard(rank % 2, 2).shard(rank / 2, 2);
      CHECK(sampling::all(of_part.draws()) == sampling::all(part.draws()));
      CHECK(sampling::reads_the_same(part.draws()));
      CHECK(epoch.drop(700).shard(rank, 4)[3] == part[703]);
      CHECK(part.drop(700)[3] == part[703]);
    }
  }
  SECTION("the check rejects ranks that take every ranks-th draw of a shuffled batch") {
    auto const shuffled = dealt(
        make(evendraw::order::shuffled).epoch(1), 4,
        [](auto const& whole, auto rank, auto size) { return whole.draws().shard(rank, size).batches(24 / size); });
    CHECK(shuffled.complete);
    CHECK_FALSE(shuffled.rounded);
  }
  SECTION("draws that are cut into other batches are dealt one by one") {
    auto const draws = make(evendraw::order::shuffled).epoch(1).draws();
    evendraw::repeat_factor_sampler const repeated(std::vector<double>(600, 1.5), {.seed = 3});
    auto const dealt_by_one = [](auto const& batches, std::uint64_t ranks) {
      bool same = true;
      for (std::uint64_t b = 0; b < 20; ++b) {
        auto const batch = batches[b];
        for (std::uint64_t rank = 0; rank < ranks; ++rank) {
          auto const part = batches.shard(rank, ranks)[b];
          for (std::size_t i = 0; i < part.size(); ++i) same &= part[i] == batch[rank + i * ranks];
        }
      }
      return same;
    };
    CHECK(dealt_by_one(draws.batches(12), 2));
    CHECK(dealt_by_one(draws.batches(48), 4));
    CHECK(dealt_by_one(draws.drop(3).batches(24), 4));
    for (std::uint64_t const cut : {24u, 25u, 35u, 47u, 479u}) {  // ranks have these draws, and no others
      auto const cut_batches = draws.take(cut).batches(24);
      std::vector<std::uint32_t> whole = sampling::all(draws.take(cut)), of_ranks;
      for (std::uint64_t rank = 0; rank < 4; ++rank) {
        auto const part = sampling::all(cut_batches.shard(rank, 4).draws());
        of_ranks.insert(of_ranks.end(), part.begin(), part.end());
      }
      std::ranges::sort(whole);
      std::ranges::sort(of_ranks);
      CHECK(of_ranks == whole);
    }
    CHECK(dealt_by_one(repeated.epoch(0).batches(30), 3));  // all its draws are one stratified batch
    CHECK_FALSE(dealt_by_one(draws.batches(24), 4));
    CHECK_FALSE(dealt_by_one(draws.drop(48).batches(24), 4));
  }
  SECTION("ranks of single batches: shares that are not whole") {
    stratified_batch_sampler const sampler(
        labels, {.batch_size = 30, .num_batches = 200, .shares = {{0, 0.55}, {1, 0.22}, {2, 0.2}, {3, 0.03}}});
    for (std::uint64_t const ranks : {2u, 3u, 30u}) {
      auto const parts = dealt(sampler.epoch(7), ranks);
      CHECK(parts.rounded);
      CHECK(parts.complete);
    }
  }
}

TEST_CASE("stratified_batch_sampler: batches are shuffled unless .order is grouped", "[stratified]") {
  // A batch has 8 draws of each of 4 classes. Half a shuffled batch nearly always has all classes, half a grouped one never.
  auto const halves_with_all = [](auto const& epoch) {
    std::uint64_t result = 0;
    for (std::uint64_t b = 0; b < epoch.size(); ++b) {
      auto const batch = epoch[b];
      auto const half = sampling::draws_of_classes(std::span(batch).first(batch.size() / 2), labels);
      result += std::ranges::count(half, 0u) == 0;
    }
    return result;
  };
  int_options given{.batch_size = 32, .num_batches = 500};
  CHECK(halves_with_all(stratified_batch_sampler(labels, given).epoch(0)) > 480);
  CHECK(halves_with_all(stratified_batch_sampler(labels, given).epoch(0).shard(1, 2)) > 400);
  given.order = evendraw::order::grouped;
  CHECK(halves_with_all(stratified_batch_sampler(labels, given).epoch(0)) == 0);
}

TEST_CASE("stratified_batch_sampler: a rank's part is in random order", "[stratified]") {
  // 2 of 4 draws are of class 0: all six patterns are equally likely, on each rank.
  stratified_batch_sampler const sampler(labels, {.num_batches = 12'000, .quotas = {{0, 4}, {1, 4}, {2, 0}, {3, 0}}});
  for (std::uint64_t rank = 0; rank < 2; ++rank) {
    auto const part = sampler.epoch(0).shard(rank, 2);
    std::vector<std::uint64_t> patterns(16);
    for (std::uint64_t b = 0; b < part.size(); ++b) {
      std::size_t pattern = 0;
      auto const batch = part[b];
      for (std::size_t i = 0; i < 4; ++i) pattern |= static_cast<std::size_t>(labels[batch[i]]) << i;
      ++patterns[pattern];
    }
    std::vector<double> law(16);
    for (std::size_t p = 0; p < 16; ++p) law[p] = std::popcount(p) == 2 ? 1.0 / 6 : 0;
    CHECK(statistics::chi_squared_p(patterns, law) > statistics::threshold);
    patterns[0b0011] += patterns[0b1100] / 4;
    CHECK(statistics::chi_squared_p(patterns, law) < statistics::threshold);
  }
}

TEST_CASE("stratified_batch_sampler refuses impossible options", "[stratified]") {
  std::vector<std::string> const animals{"cat", "dog", "dog"};
  evendraw::class_index const classes(animals);
  using animal_options = evendraw::stratified_batch_options<std::string>;
  auto const make = [&](animal_options const& given) { return stratified_batch_sampler(animals, given); };
  CHECK_THROWS_WITH(make({}), "evendraw::stratified_batch_sampler: batch_size is 0; a batch needs at least one item");
  CHECK_THROWS_WITH(make({.quotas = {{"cat", 0}, {"dog", 0}}}),
                    "evendraw::stratified_batch_sampler: batch_size is 0; a batch needs at least one item");
  CHECK_THROWS_WITH(
      make({.batch_size = 32, .quotas = {{"cat", 4}, {"dog", 29}}}),
      "evendraw::stratified_batch_sampler: the quotas sum to 33, not to the batch_size of 32; change a quota, or leave "
      "batch_size out");
  CHECK_THROWS_WITH(make({.batch_size = 32, .shares = {{"cat", 1}, {"dog", 1}}, .quotas = {{"cat", 16}, {"dog", 16}}}),
                    "evendraw::stratified_batch_sampler: both shares and quotas; give one of them");
  CHECK_THROWS_WITH(make({.batch_size = 32, .shares = {{"cat", 1}}}),
                    "evendraw::stratified_batch_sampler: the shares do not name class 'dog' (2 samples); give it a "
                    "share (0 leaves it out), or set .unnamed to evendraw::unnamed_classes::exclude");
  CHECK_THROWS_WITH(make({.quotas = {{"cat", 1}}}),
                    "evendraw::stratified_batch_sampler: the quotas do not name class 'dog' (2 samples); give it a "
                    "quota (0 leaves it out), or set .unnamed to evendraw::unnamed_classes::exclude");
  CHECK_THROWS_WITH(
      make({.batch_size = 32, .shares = {{"cat", -1}, {"dog", 1}}}),
      "evendraw::stratified_batch_sampler: the share of 'cat' is -1; every share must be finite and >= 0");
  CHECK_THROWS_WITH(
      make({.batch_size = 32, .shares = {{"cow", 1}}}),
      "evendraw::stratified_batch_sampler: shares names 'cow', which no sample has; the classes are 'cat', "
      "'dog'");
  CHECK_THROWS_WITH(make({.batch_size = 32, .shares = {{"cat", 0}, {"dog", 0}}}),
                    "evendraw::stratified_batch_sampler: all 2 shares are zero; at least one must be > 0");
  CHECK_THROWS_WITH(make({.batch_size = (std::uint64_t{1} << 31) + 1}),
                    "evendraw::stratified_batch_sampler: batches of more than 2^31 items; lower the batch size");
  CHECK_THROWS_WITH(make({.quotas = {{"cat", std::uint64_t{1} << 62}, {"dog", std::uint64_t{1} << 62}}}),
                    "evendraw::stratified_batch_sampler: batches of more than 2^31 items; lower the batch size");
  CHECK_THROWS_WITH(
      make({.batch_size = 2, .num_batches = std::uint64_t{1} << 62}),
      "evendraw::stratified_batch_sampler: 4611686018427387904 batches of 2; at most 2^63 - 1 draws can be "
      "counted: lower their number or the batch size");
  CHECK_THROWS_WITH(stratified_batch_sampler(classes, std::vector<int>{1}, {.batch_size = 32}),
                    "evendraw::stratified_batch_sampler: 1 share for 2 classes; give one for each");
  CHECK_THROWS_WITH(
      stratified_batch_sampler(classes, std::vector<int>{1, 1}, {.batch_size = 32, .shares = {{"cat", 1}, {"dog", 1}}}),
      "evendraw::stratified_batch_sampler: shares by class number and by label; give one of them");
  evendraw::class_index const declared(animals, {.classes = {"ant", "cat", "dog"}, .allow_empty = true});
  CHECK_THROWS_WITH(
      stratified_batch_sampler(declared, {.batch_size = 2, .shares = {{"ant", 1}, {"cat", 1}, {"dog", 1}}}),
      "evendraw::stratified_batch_sampler: class 'ant' has a share but no samples; its share must be 0");
  CHECK_THROWS_WITH(stratified_batch_sampler(std::vector<int>{}, {.batch_size = 2}),
                    "evendraw::class_index: no samples; give at least one label");
  CHECK_THROWS_WITH(make({.quotas = {{"cat", 1}, {"dog", 4}}}).epoch(0).shard(1, 2),
                    "evendraw::batched_draws::shard: a batch has 5 items and world_size is 2; every rank must have "
                    "equally many of them: make its size a multiple of 2");
}

TEST_CASE("stratified_batch_sampler: fingerprints tell samplers apart", "[stratified]") {
  auto const fingerprint_of = [](int_options const& given) {
    return stratified_batch_sampler(labels, given).fingerprint();
  };
  numbers const different{
      fingerprint_of({.batch_size = 8}),
      fingerprint_of({.batch_size = 9}),
      fingerprint_of({.batch_size = 8, .num_batches = 74}),
      fingerprint_of({.batch_size = 8, .order = evendraw::order::grouped}),
      fingerprint_of({.batch_size = 8, .seed = 1}),
      fingerprint_of({.batch_size = 8, .shares = {{0, 1}, {1, 1}, {2, 1}, {3, 2}}}),
      fingerprint_of({.batch_size = 8, .shares = {{0, 1}, {1, 1}, {2, 1}, {3, 0}}}),
      fingerprint_of({.batch_size = 8, .shares = {{0, 0}, {1, 1}, {2, 1}, {3, 1}}}),
      stratified_batch_sampler(sampling::labels_of({300, 150, 100, 50}), {.batch_size = 8}).fingerprint(),
  };
  CHECK(sampling::distinct(different));
  CHECK(fingerprint_of({.quotas = {{0, 2}, {1, 2}, {2, 2}, {3, 2}}}) == different[0]);
}

TEST_CASE("stratified_batch_sampler gives the golden draws", "[stratified][golden]") {
  auto const many = sampling::labels_of({6000, 300, 40, 9});
  int_options given{
      .batch_size = 12, .num_batches = 10, .shares = {{0, 0.5}, {1, 0.3}, {2, 0.15}, {3, 0.05}}, .seed = 2026};
  given.order = evendraw::order::grouped;
  CHECK(stratified_batch_sampler(many, given).epoch(11)[4] ==
        std::vector<std::uint32_t>{1225, 4814, 836, 4123, 5945, 1776, 3791, 3978, 5653, 4118, 999, 562});
  given.order = evendraw::order::shuffled;
  CHECK(stratified_batch_sampler(many, given).epoch(11)[5] ==
        std::vector<std::uint32_t>{3073, 1200, 1254, 456, 1647, 4283, 6095, 523, 1504, 2330, 1790, 2443});
  CHECK(stratified_batch_sampler(many, given).epoch(11).shard(1, 3)[5] ==
        std::vector<std::uint32_t>{6095, 1200, 2443, 523});
}

}  // namespace stratified_batch_sampler_test
