#include <evendraw/evendraw.hpp>

#include <support/catch2.hpp>
#include <support/sampling.hpp>

namespace batch_sampler_test {

using evendraw::batch_sampler;
using evendraw::last_batch;

TEST_CASE("batch_sampler cuts an epoch into batches", "[batch]") {
  for (std::uint64_t const n : {1u, 2u, 9u, 10u, 11u, 256u, 1000u}) {
    for (std::uint64_t const size : {1u, 2u, 3u, 10u, 256u, 5000u}) {
      for (auto const last : {last_batch::keep, last_batch::drop}) {
        evendraw::random_sampler const sampler(n, {.seed = 1});
        batch_sampler const batches(sampler, {.batch_size = size, .last = last});
        auto const epoch = batches.epoch(2);
        std::vector<std::uint32_t> together;
        std::uint64_t number = 0;
        bool full = true, by_number = true;
        for (auto const batch : epoch) {
          full &= batch.size() == size || (last == last_batch::keep && number == n / size && batch.size() == n % size);
          by_number &= std::ranges::equal(epoch[number], batch);
          together.insert(together.end(), batch.begin(), batch.end());
          ++number;
        }
        CAPTURE(n, size);
        CHECK(full);
        CHECK(by_number);
        CHECK(number == epoch.size());
        CHECK(number == batches.epoch_size());
        CHECK(number == (last == last_batch::drop ? n / size : (n + size - 1) / size));
        CHECK(together == sampling::all(sampler.epoch(2).take(last == last_batch::drop ? n / size * size : n)));
      }
    }
  }
}

TEST_CASE("batch_sampler can be given a size alone", "[batch]") {
  batch_sampler const batches(evendraw::sequential_sampler(10), 4);
  CHECK(batches.batch_size() == 4);
  CHECK(batches.epoch_size() == 3);
  CHECK(batches.num_samples() == 10);
  CHECK(batches.epoch(0)[2] == std::vector<std::uint32_t>{8, 9});
  CHECK_THROWS_WITH(batch_sampler(evendraw::sequential_sampler(10), 0),
                    "evendraw::batch_options: batch_size is 0; a batch needs at least one index");
  CHECK_THROWS_WITH(batch_sampler(evendraw::sequential_sampler(10), -1),
                    "evendraw::batch_options: batch_size is -1; a batch needs at least one index");
  CHECK_THROWS_AS(evendraw::sequential_sampler(10).epoch(0).batches(std::int64_t{-5}), std::invalid_argument);
  CHECK(batch_sampler(evendraw::sequential_sampler(10), ~std::uint64_t{0}).epoch_size() == 1);
}

TEST_CASE("batches of a rank are batches of its shard", "[batch]") {
  evendraw::random_sampler const sampler(103, {.seed = 1});
  auto const local = sampler.epoch(5).shard(1, 4).batches(8);
  CHECK(local.size() == 4);  // 26 draws
  CHECK(local[3].size() == 2);
  CHECK(local[1] == sampling::all(sampler.epoch(5).shard(1, 4).drop(8).take(8)));
  CHECK(local.word(1, 2) == sampler.epoch(5).word(1 + 4 * 10));
}

TEST_CASE("a loop over batches may be left and continued at any batch", "[batch]") {
  batch_sampler const batches(evendraw::random_sampler(100), 7);
  auto const epoch = batches.epoch(1);
  for (std::uint64_t b = 0; b <= epoch.size(); ++b) {
    std::uint64_t number = b;
    bool same = true;
    for (auto const batch : epoch.drop(b)) same &= std::ranges::equal(batch, epoch[number++]);
    CHECK(same);
    CHECK(number == epoch.size());
  }
  CHECK(epoch.drop(1000).empty());
}

namespace {

/// Whether each batch of a rank has the items rank, rank + ranks, ... of the same global batch.
template <class Epoch>
bool ranks_share_batches(Epoch const& epoch, std::vector<Epoch> const& parts) {
  for (std::uint64_t b = 0; b < epoch.size(); ++b) {
    auto const batch = epoch[b];
    std::vector<std::uint32_t> together(batch.size());
    std::size_t items = 0;
    for (std::size_t rank = 0; rank < parts.size(); ++rank) {
      if (b >= parts[rank].size()) continue;
      auto const part = parts[rank][b];
      items += part.size();
      for (std::size_t i = 0; i < part.size() && rank + i * parts.size() < batch.size(); ++i) {
        together[rank + i * parts.size()] = part[i];
      }
    }
    if (items != batch.size() || together != batch) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("a batch is divided among ranks", "[batch]") {
  for (std::uint64_t const n : {24u, 25u, 26u, 29u, 30u, 35u, 5u}) {
    for (std::uint64_t const ranks : {1u, 2u, 3u, 6u}) {
      for (auto const last : {last_batch::keep, last_batch::drop}) {
        auto const epoch = batch_sampler(evendraw::random_sampler(n), {.batch_size = 6, .last = last}).epoch(1);
        std::uint64_t const remainder = last == last_batch::drop ? 0 : n % 6;
        std::vector<std::remove_const_t<decltype(epoch)>> parts, blocks;
        bool sizes = true;
        for (std::uint64_t rank = 0; rank < ranks; ++rank) {
          parts.push_back(epoch.shard(rank, ranks));
          std::uint64_t const of_remainder = remainder / ranks + (rank < remainder % ranks ? 1 : 0);
          sizes &= parts.back().batch_size() == 6 / ranks;
          sizes &= parts.back().size() == n / 6 + (of_remainder > 0 ? 1 : 0);
          sizes &= parts.back().draws().size() == n / 6 * (6 / ranks) + of_remainder;
          if (parts.back().size() > n / 6) sizes &= parts.back()[n / 6].size() == of_remainder;
          auto const even = epoch.shard(rank, ranks, evendraw::shard_tail::even);
          sizes &= even.size() == n / 6 + (remainder >= ranks ? 1 : 0);
          if (even.size() > n / 6) sizes &= even[n / 6].size() == remainder / ranks;
          for (std::uint64_t b = 0; b < even.size(); ++b) {
            auto const part = even[b], whole = parts.back()[b];
            sizes &= std::ranges::equal(part, std::span(whole).first(part.size()));
          }
          sizes &= parts.back().empty() || parts.back().word(0, 0) == epoch.word(0, rank);
          blocks.push_back(epoch.draws().shard(rank, ranks).batches({.batch_size = 6, .last = last}));
        }
        CAPTURE(n, ranks);
        CHECK(sizes);
        CHECK(ranks_share_batches(epoch, parts));
        // Full batches from the shares of the epoch are not parts of its batches.
        if (ranks > 1 && n > 20) CHECK_FALSE(ranks_share_batches(epoch, blocks));
      }
    }
  }
  auto const epoch = batch_sampler(evendraw::random_sampler(100), 10).epoch(0);
  CHECK(epoch.drop(3).shard(1, 5)[2] == epoch.shard(1, 5)[5]);
  CHECK(epoch.shard(1, 2).shard(2, 5)[4] == std::vector{epoch[4][5]});
  CHECK_THROWS_WITH(epoch.shard(1, 4),
                    "evendraw::batched_draws::shard: a batch has 10 items and world_size is 4; every rank must have "
                    "equally many of them: make its size a multiple of 4");
  CHECK_THROWS_WITH(epoch.shard(2, 2),
                    "evendraw::batched_draws::shard: rank is 2 and world_size 2; needs rank < world_size");
  CHECK_THROWS_WITH(epoch.shard(0, 0),
                    "evendraw::batched_draws::shard: rank is 0 and world_size 0; needs rank < world_size");
}

}  // namespace batch_sampler_test
