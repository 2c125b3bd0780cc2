#include <algorithm>
#include <bit>
#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include <support/catch2.hpp>
#include <support/sampling.hpp>
#include <support/statistics.hpp>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/epochs/detail/stratified_draws.hpp>
#include <evendraw/epochs/draws.hpp>

namespace stratified_draws_test {

using evendraw::detail::stratified_draws;
using numbers = std::vector<std::uint64_t>;

namespace {

template <class Index>
using table_of = evendraw::detail::shared<evendraw::detail::stratified_table<Index> const>;

table_of<std::uint32_t> make_table(std::vector<int> const& labels, numbers const& shares, std::uint64_t batch_size,
                                   evendraw::order order, std::uint64_t seed) {
  return evendraw::detail::share<evendraw::detail::stratified_table<std::uint32_t> const>(
      evendraw::class_index(labels).shared_members(), shares, batch_size, order, seed);
}

template <class Index>
evendraw::draws<stratified_draws<Index>> draws_of(table_of<Index> const& table, std::uint64_t first_batch,
                                                  std::uint64_t batches) {
  return {stratified_draws<Index>(table, first_batch), batches * table->walks.quotas().batch_size(), 0};
}

/// The definition, with lists: each batch gives its slots to the classes, and each class continues its walk.
std::vector<std::uint32_t> reference(std::vector<int> const& labels, numbers const& shares, std::uint64_t batch_size,
                                     evendraw::order order, std::uint64_t seed, std::uint64_t batches) {
  evendraw::class_index const classes(labels);
  auto const key = [&](evendraw::random_stream stream) { return evendraw::stream_key(seed, 0, stream); };
  numbers drawn_shares;
  for (auto const share : shares) {
    if (share > 0) drawn_shares.push_back(share);
  }
  evendraw::detail::batch_quotas const quotas(drawn_shares, batch_size, key(evendraw::random_stream::quota));
  numbers walk(shares.size()), place(shares.size());
  std::vector<std::uint32_t> result;
  for (std::uint64_t b = 0; b < batches; ++b) {
    std::vector<std::uint32_t> batch;
    for (std::size_t c = 0, drawn = 0; c < shares.size(); ++c) {
      if (shares[c] == 0) continue;
      auto const members = classes.members(c);
      if (quotas.most(drawn) > 1) {
        std::uint64_t const cycle = quotas.batches_for(drawn, members.size());
        if (b % cycle == 0) {
          walk[c] = b / cycle;
          place[c] = 0;
        }
      }
      for (std::uint64_t i = quotas.count(drawn, quotas.at(b)); i > 0; --i) {
        if (place[c] == members.size()) {
          if (quotas.most(drawn) <= 1) ++walk[c];
          place[c] = 0;
        }
        evendraw::detail::walked_class const walked{0, members.size(),
                                                    evendraw::random_word(key(evendraw::random_stream::walk), c)};
        batch.push_back(members[walked.walk(walk[c]).member(place[c]++)]);
      }
      ++drawn;
    }
    std::uint64_t const random = evendraw::random_word(key(evendraw::random_stream::order), b);
    if (order == evendraw::order::grouped) {
      std::rotate(batch.begin(), batch.begin() + static_cast<std::ptrdiff_t>(evendraw::bounded(random, batch_size)),
                  batch.end());
      result.insert(result.end(), batch.begin(), batch.end());
    } else {
      evendraw::permutation const shuffle(batch_size, random);
      for (std::uint64_t p = 0; p < batch_size; ++p) result.push_back(batch[shuffle(p)]);
    }
  }
  return result;
}

struct shape {
  std::vector<std::size_t> counts;
  numbers shares;
  std::uint64_t batch_size;
};
std::vector<shape> const shapes{
    {{100, 40, 10, 3}, {1, 1, 1, 1}, 8},
    {{100, 40, 10, 3}, {1, 1, 1, 1}, 30},  // 3 samples, 7.5 places
    {{100, 40, 10, 3}, {100, 40, 10, 3}, 10},
    {{37, 5}, {9, 1}, 13},
    {{50, 20, 30, 8, 1}, {3, 0, 5, 1, 1}, 7},
    {{64}, {1}, 10},
    {{5, 5, 5, 5, 5, 5, 5}, {1, 1, 1, 1, 1, 1, 1}, 3},
    {{300, 2}, {999, 1}, 16},
    {{20, 1}, {1, 1}, 1},
};

/// Checks batches of `labels`. `counts(b)` are the quotas of batch b.
struct findings {
  bool counts_right = true;
  bool repeats_even = true;  // in a batch a sample comes floor or ceil (places / samples) times
  friend bool operator==(findings const&, findings const&) = default;
};
template <class Counts>
findings look_at(std::span<std::uint32_t const> drawn, std::vector<int> const& labels, numbers const& sizes,
                 std::uint64_t batch_size, Counts counts) {
  findings result;
  for (std::uint64_t b = 0; b * batch_size < drawn.size(); ++b) {
    auto const batch = drawn.subspan(b * batch_size, batch_size);
    numbers seen(sizes.size()), times(labels.size());
    for (auto const index : batch) {
      ++seen[static_cast<std::size_t>(labels[index])];
      ++times[index];
    }
    result.counts_right &= seen == counts(b);
    for (auto const index : batch) {
      auto const c = static_cast<std::size_t>(labels[index]);
      result.repeats_even &= times[index] <= (seen[c] + sizes[c] - 1) / sizes[c] && times[index] >= seen[c] / sizes[c];
    }
  }
  return result;
}

}  // namespace

TEST_CASE("stratified_draws equals its definition", "[stratified]") {
  std::uint64_t seed = 0;
  for (auto const& [counts, shares, batch_size] : shapes) {
    auto const labels = sampling::labels_of(counts);
    for (auto const order : {evendraw::order::grouped, evendraw::order::shuffled}) {
      auto const table = make_table(labels, shares, batch_size, order, ++seed);
      auto const expected = reference(labels, shares, batch_size, order, seed, 90);
      auto const drawn = sampling::all(draws_of(table, 0, 90));
      CAPTURE(counts, batch_size, seed);
      CHECK(drawn == expected);
      auto const later = draws_of(table, 33, 57);  // the batches of a later epoch
      bool same = true;
      for (std::uint64_t i = 0; i < later.size(); ++i) same &= later[i] == expected[33 * batch_size + i];
      CHECK(same);
      for (std::uint64_t const stride : {2u, 3u, 31u, 200u}) {
        auto const part = sampling::all(draws_of(table, 0, 90).shard(1, stride));
        for (std::size_t i = 0; i < part.size(); ++i) same &= part[i] == expected[1 + i * stride];
      }
      CHECK(same);
    }
  }
}

TEST_CASE("stratified_draws: counts are the quotas, and samples repeat only where they must", "[stratified]") {
  for (auto const& [counts, given_shares, batch_size] : shapes) {
    auto const& shares = given_shares;  // clang 14 does not let lambdas see structured bindings
    auto const labels = sampling::labels_of(counts);
    auto const table = make_table(labels, shares, batch_size, evendraw::order::shuffled, 4);
    auto const quotas = [&](std::uint64_t b) {
      numbers result;
      for (std::size_t c = 0, drawn = 0; c < shares.size(); ++c) {
        result.push_back(shares[c] == 0 ? 0 : table->walks.quotas().count(drawn++, table->walks.quotas().at(b)));
      }
      return result;
    };
    numbers const sizes(counts.begin(), counts.end());
    auto drawn = sampling::all(draws_of(table, 0, 400));
    CAPTURE(counts, batch_size);
    CHECK(look_at(drawn, labels, sizes, batch_size, quotas) == findings{});
  }
  SECTION("the check rejects two walks of a class in one batch") {
    // A class of 5 gives 3 to each batch: the second batch has the remaining 2 samples and the first one of another walk,
    // which may be one of the 2.
    auto const labels = sampling::labels_of({5});
    std::vector<std::uint32_t> drawn;
    for (std::uint64_t i = 0; i < 300; ++i) {
      drawn.push_back(static_cast<std::uint32_t>(evendraw::permutation(5, i / 5)(i % 5)));
    }
    auto const found = look_at(drawn, labels, {5}, 3, [](std::uint64_t) { return numbers{3}; });
    CHECK(found.counts_right);
    CHECK_FALSE(found.repeats_even);
  }
}

TEST_CASE("stratified_draws covers every class in the promised number of batches", "[stratified]") {
  for (auto const& [counts, given_shares, batch_size] : shapes) {
    auto const& shares = given_shares;  // clang 14 does not let lambdas see structured bindings
    auto const labels = sampling::labels_of(counts);
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
      auto const table = make_table(labels, shares, batch_size, evendraw::order::grouped, seed);
      std::uint64_t const cover = table->walks.batches_to_cover();
      auto const unseen_after = [&](std::uint64_t batches) {
        std::uint64_t unseen = 0;
        auto const times = sampling::draws_of_each(sampling::all(draws_of(table, 0, batches)), labels.size());
        for (std::size_t i = 0; i < labels.size(); ++i) {
          unseen += times[i] == 0 && shares[static_cast<std::size_t>(labels[i])] > 0;
        }
        return unseen;
      };
      CAPTURE(counts, batch_size, cover);
      CHECK(unseen_after(cover) == 0);
      CHECK(unseen_after(cover - 1) > 0);
    }
  }
}

TEST_CASE("stratified_draws: no sample of a class comes again before all have come", "[stratified]") {
  // The large class has 24 places in a batch and 40 samples, so its cycle is 2 batches. The small class has 1 place and
  // 4 samples, so its cycle is 4 batches.
  auto const labels = sampling::labels_of({40, 4});
  auto const table = make_table(labels, {24, 1}, 25, evendraw::order::grouped, 3);  // whole numbers of places
  REQUIRE(table->walks.quotas().least(0) == 24);
  for (std::uint64_t cycle = 0; cycle < 20; ++cycle) {  // 48 places for 40 samples
    auto const times = sampling::draws_of_each(sampling::all(draws_of(table, 2 * cycle, 2)), labels.size());
    std::uint64_t twice = 0, never = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (labels[i] != 0) continue;
      twice += times[i] == 2;
      never += times[i] == 0;
    }
    CHECK(twice == 8);
    CHECK(never == 0);
  }
  for (std::uint64_t cycle = 0; cycle < 20; ++cycle) {  // 4 places for 4 samples
    auto const times = sampling::draws_of_each(sampling::all(draws_of(table, 4 * cycle, 4)), labels.size());
    for (std::size_t i = 0; i < labels.size(); ++i) CHECK((labels[i] == 0 || times[i] == 1));
  }
}

TEST_CASE("stratified_draws groups a batch by class, or shuffles it", "[stratified]") {
  auto const labels = sampling::labels_of({100, 100, 100});
  std::map<std::vector<int>, std::uint64_t> grouped;
  std::vector<std::uint64_t> begins(12), order(6);
  auto const table = make_table(labels, {1, 2, 3}, 12, evendraw::order::grouped, 1);
  auto const drawn = sampling::all(draws_of(table, 0, 24'000));
  int changes_too_many = 0;
  for (std::size_t b = 0; b < drawn.size(); b += 12) {
    int changes = 0;
    for (std::size_t i = 0; i < 12; ++i) changes += labels[drawn[b + i]] != labels[drawn[b + (i + 1) % 12]];
    changes_too_many += changes != 3;  // around the batch
    std::size_t first = 0;             // where class 0 begins, which has 2 places
    while (labels[drawn[b + first]] != 0 || labels[drawn[b + (first + 11) % 12]] == 0) ++first;
    ++begins[first];
  }
  CHECK(changes_too_many == 0);
  CHECK(statistics::uniform_p(begins) > statistics::threshold);

  auto const mixed = make_table(labels, {1, 1}, 4, evendraw::order::shuffled, 1);
  auto const shuffled = sampling::all(draws_of(mixed, 0, 24'000));
  std::vector<std::uint64_t> patterns(16);
  std::vector<double> law(16);
  for (std::size_t b = 0; b < shuffled.size(); b += 4) {
    std::size_t pattern = 0;
    for (std::size_t i = 0; i < 4; ++i) pattern |= static_cast<std::size_t>(labels[shuffled[b + i]]) << i;
    ++patterns[pattern];
  }
  for (std::size_t p = 0; p < 16; ++p) law[p] = std::popcount(p) == 2 ? 1.0 / 6 : 0;
  CHECK(statistics::chi_squared_p(patterns, law) > statistics::threshold);
  patterns[0b0011] += patterns[0b1100] / 4;  // a batch that begins with class 0 too often
  CHECK(statistics::chi_squared_p(patterns, law) < statistics::threshold);
}

TEST_CASE("stratified_draws chooses subsets at random", "[stratified]") {
  // 2 of 5 and 1 of 3: in the first batch, all 10 x 3 choices are equally likely.
  auto const labels = std::vector<int>{0, 0, 0, 0, 0, 1, 1, 1};
  evendraw::class_index const classes(labels);
  std::vector<std::uint64_t> seen(256);
  std::vector<double> law(256);
  for (std::uint64_t seed = 0; seed < 60'000; ++seed) {
    auto const table = evendraw::detail::share<evendraw::detail::stratified_table<std::uint32_t> const>(
        classes.shared_members(), numbers{2, 1}, 3u, evendraw::order::grouped, seed);
    std::size_t set = 0;
    for (auto const index : sampling::all(draws_of(table, 0, 1))) set |= std::size_t{1} << index;
    ++seen[set];
  }
  for (std::size_t s = 0; s < 256; ++s) {
    law[s] = std::popcount(s & 31) == 2 && std::popcount(s >> 5) == 1 ? 1.0 / 30 : 0;
  }
  CHECK(statistics::chi_squared_p(seen, law) > statistics::threshold);
  seen[0b00100011] += seen[0b00101100] / 4;
  CHECK(statistics::chi_squared_p(seen, law) < statistics::threshold);
}

TEST_CASE("stratified_draws of classes with more than 2^32 samples", "[stratified]") {
  auto const classes = evendraw::class_index<int, std::uint64_t>::from_counts({5'000'000'000, 1000});
  auto const table = evendraw::detail::share<evendraw::detail::stratified_table<std::uint64_t> const>(
      classes.shared_members(), numbers{3, 1}, 64u, evendraw::order::grouped, 1u);
  auto const draws = draws_of(table, 5, 100);
  auto const drawn = sampling::all(draws);
  std::uint64_t small = 0, beyond = 0;
  bool same = true;
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    same &= draws[i] == drawn[i];
    small += drawn[i] >= 5'000'000'000;
    beyond += drawn[i] >> 32 != 0;
  }
  CHECK(same);
  CHECK(small == 1600);
  CHECK(beyond > 1600);
  CHECK(sampling::distinct(std::vector(drawn.begin(), drawn.begin() + 64)));
  CHECK(table->walks.batches_to_cover() == (5'000'000'000 + 47) / 48);
}

}  // namespace stratified_draws_test
