#include <evendraw/evendraw.hpp>

#include <support/catch2.hpp>
#include <support/sampling.hpp>

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
}

TEST_CASE("batches of a rank are batches of its shard", "[batch]") {
  evendraw::random_sampler const sampler(103, {.seed = 1});
  auto const local = sampler.epoch(5).shard(1, 4).batches(8);
  CHECK(local.size() == 4);  // 26 draws
  CHECK(local[3].size() == 2);
  CHECK(local[1] == sampling::all(sampler.epoch(5).shard(1, 4).drop(8).take(8)));
  CHECK(local.word(1, 2) == sampler.epoch(5).word(1 + 4 * 10));
}

TEST_CASE("a loop over batches may be left and taken up at any batch", "[batch]") {
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
