// Batches dealt by cost are compared with the best possible deal. Dealing in turns is the wrong twin.
#include <evendraw/epochs/batches_by_cost.hpp>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

#include <evendraw/evendraw.hpp>

#include <support/catch2.hpp>
#include <support/sampling.hpp>

namespace batches_by_cost_test {

namespace {

using indices = std::vector<std::uint32_t>;

/// The largest sum of costs that a rank gets.
template <class Parts>
double slowest(Parts const& parts, std::vector<double> const& costs) {
  double result = 0;
  for (auto const& part : parts) {
    double sum = 0;
    for (auto const index : part) sum += costs[index];
    result = std::max(result, sum);
  }
  return result;
}

/// The smallest possible one, found by trying all deals.
double best(indices const& batch, std::vector<double> const& costs, std::size_t ranks) {
  double least = 1e300;
  std::vector<std::size_t> rank_of(batch.size());
  for (;;) {
    std::vector<indices> parts(ranks);
    for (std::size_t i = 0; i < batch.size(); ++i) parts[rank_of[i]].push_back(batch[i]);
    least = std::min(least, slowest(parts, costs));
    std::size_t i = 0;
    while (i < rank_of.size() && ++rank_of[i] == ranks) rank_of[i++] = 0;
    if (i == rank_of.size()) return least;
  }
}

}  // namespace

TEST_CASE("shard_by_cost: every item once, no empty rank, and a deal close to the best one", "[shard_by_cost]") {
  evendraw::batch_sampler const batches(evendraw::random_sampler(60, {.seed = 5}), 8);
  std::vector<double> costs;
  for (std::uint64_t i = 0; i < 60; ++i) {
    costs.push_back(i % 7 == 0 ? 0 : static_cast<double>(1 + evendraw::bounded(evendraw::random_word(3, i), 500)));
  }
  std::uint64_t checked = 0, in_turn_too_slow = 0;
  for (std::uint64_t const ranks : {1u, 2u, 3u, 4u}) {
    for (std::uint64_t e = 0; e < 3; ++e) {
      auto const epoch = batches.epoch(e);
      for (std::uint64_t b = 0; b < epoch.size(); ++b) {
        auto const batch = epoch[b];
        std::vector<indices> parts, in_turn(ranks);
        indices together;
        for (std::uint64_t rank = 0; rank < ranks; ++rank) {
          auto const mine = epoch.shard_by_cost(rank, ranks, costs);
          CHECK(mine.size() == epoch.size());
          parts.push_back(mine[b]);
          auto const seats = mine.seats(b);
          CHECK(std::ranges::is_sorted(seats));
          for (std::size_t i = 0; i < seats.size(); ++i) CHECK(batch[seats[i]] == parts.back()[i]);
          together.insert(together.end(), parts.back().begin(), parts.back().end());
          CHECK((!parts.back().empty() || batch.size() < ranks));
        }
        for (std::size_t i = 0; i < batch.size(); ++i) in_turn[i % ranks].push_back(batch[i]);
        CHECK(std::ranges::is_permutation(together, batch));
        double const bound = (4. / 3 - 1. / (3 * static_cast<double>(ranks))) * best(batch, costs, ranks) + 1e-9;
        CHECK(slowest(parts, costs) <= bound);
        in_turn_too_slow += slowest(in_turn, costs) > bound ? 1u : 0u;
        ++checked;
      }
    }
  }
  CHECK(checked == 4 * 3 * 8);
  CHECK(in_turn_too_slow > 10);
}

TEST_CASE("shard_by_cost: equal costs, no costs, few items, and iteration", "[shard_by_cost]") {
  evendraw::batch_sampler const batches(evendraw::random_sampler(10, {.seed = 5}), 4);  // the last has two
  std::vector<int> const none(10, 0), equal(10, 3);
  for (auto const& costs : {none, equal}) {
    std::vector<std::size_t> sizes;
    for (std::uint64_t rank = 0; rank < 3; ++rank) {
      auto const mine = batches.epoch(0).shard_by_cost(rank, 3, costs);
      std::vector<indices> collected;
      for (auto const batch : mine) {
        sizes.push_back(batch.size());
        collected.push_back(batch);
      }
      CHECK(collected == std::vector{mine[0], mine[1], mine[2]});
    }
    CHECK(sizes == std::vector<std::size_t>{2, 2, 1, 1, 1, 1, 1, 1, 0});
  }
  evendraw::stratified_batch_sampler const stratified(sampling::labels_of({40, 10}), {.batch_size = 6});
  std::vector<float> const lengths(50, 1);
  CHECK(stratified.epoch(1).shard_by_cost(1, 2, lengths)[3].size() == 3);
}

TEST_CASE("shard_by_cost of batches with at most one sample of a group", "[shard_by_cost]") {
  std::vector<int> groups;
  for (int i = 0; i < 50; ++i) groups.push_back(i / 3);
  std::vector<double> costs;
  for (std::uint64_t i = 0; i < 50; ++i) costs.push_back(static_cast<double>(evendraw::random_word(1, i) % 100));
  auto const whole = evendraw::distinct_batch_sampler(groups, {.batch_size = 8}).epoch(2);
  for (std::uint64_t b = 0; b < whole.size(); ++b) {
    auto batch = whole[b];
    std::vector<std::uint32_t> dealt;
    for (std::uint64_t rank = 0; rank < 3; ++rank) {
      for (auto const index : whole.shard_by_cost(rank, 3, costs)[b]) dealt.push_back(index);
    }
    std::ranges::sort(batch);
    std::ranges::sort(dealt);
    CHECK(dealt == batch);
  }
  CHECK_THROWS_WITH(whole.shard_by_cost(0, 3, std::span(costs).first(49)),
                    "evendraw::shard_by_cost: 49 costs for indices below 50; give one for each");
}

TEST_CASE("shard_by_cost: refused input", "[shard_by_cost]") {
  evendraw::batch_sampler const batches(evendraw::random_sampler(10), 4);
  std::vector<double> costs(10, 1);
  CHECK_THROWS_WITH(batches.epoch(0).shard_by_cost(2, 2, costs),
                    "evendraw::shard_by_cost: rank is 2 and world_size 2; needs rank < world_size");
  costs[3] = -1;
  CHECK_THROWS_WITH(batches.epoch(0).shard_by_cost(1, 2, costs),
                    "evendraw::shard_by_cost: costs[3] is -1; every cost must be finite and >= 0");
  costs[3] = 0;
  auto const mine = batches.epoch(0).shard_by_cost(1, 2, costs);
  std::vector<std::uint32_t> buffer(mine.buffer_size(), 77);
  CHECK_THROWS_WITH(mine.read(3, buffer), "evendraw::batches_by_cost::read: there is no batch 3; size() is 3");
  CHECK_THROWS_WITH(
      mine.read(0, std::span(buffer).first(1)),
      "evendraw::batches_by_cost::read: a buffer of 1 for batches of 2; it must hold buffer_size() indices");
  CHECK(std::ranges::equal(mine.read(0, buffer), mine[0]));
  costs.pop_back();
  CHECK_THROWS_AS(batches.epoch(0).shard_by_cost(1, 2, costs), std::invalid_argument);
}

}  // namespace batches_by_cost_test
