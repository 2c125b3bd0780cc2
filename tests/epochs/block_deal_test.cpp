#include <evendraw/epochs/detail/block_deal.hpp>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <numeric>
#include <vector>

#include <support/catch2.hpp>

namespace block_deal_test {

using evendraw::detail::block_deal;
using numbers = std::vector<std::uint64_t>;

namespace {

/// Whether x is n a / b, rounded down or up.
bool is_part(std::uint64_t x, std::uint64_t n, std::uint64_t a, std::uint64_t b) {
  return x * b + b > n * a && x * b < n * a + b;
}

/// The place of every position.
numbers places_of(block_deal const& deal) {
  numbers result;
  for (std::uint64_t p = 0; p < deal.size(); ++p) {
    result.push_back(deal.place(deal.at(p / deal.batch_size()), p % deal.batch_size()));
  }
  return result;
}

/// Whether the positions have all places of the list, and the positions of a block have only its draws and resident
/// draws.
bool is_complete(block_deal const& deal, numbers const& places) {
  bool good = true;
  numbers sorted = places;
  std::ranges::sort(sorted);
  for (std::uint64_t i = 0; i < deal.size(); ++i) good &= sorted[i] == i;
  for (auto const& block : deal.blocks()) {
    bool const last = &block == &deal.blocks().back();
    std::uint64_t const end = last ? deal.size() : (&block + 1)->first_position;
    for (std::uint64_t p = block.first_position; p < end; ++p) {
      good &= places[p] >= deal.size_of_blocks() || places[p] - block.first < block.draws;
    }
  }
  return good;
}

/// Whether each stretch of the resident draws, or of a block's list, has its part of every batch. A stretch stands for a
/// class.
bool deals_evenly(block_deal const& deal, numbers const& places) {
  bool good = true;
  std::uint64_t const size = deal.size(), list = deal.size_of_blocks(), batch = deal.batch_size();
  auto const count = [&](std::uint64_t b, std::uint64_t first, std::uint64_t end) {
    auto const batch_begin = places.begin() + static_cast<std::ptrdiff_t>(b * batch);
    auto const batch_end = places.begin() + static_cast<std::ptrdiff_t>(std::min((b + 1) * batch, size));
    return static_cast<std::uint64_t>(
        std::count_if(batch_begin, batch_end, [&](auto p) { return first <= p && p < end; }));
  };
  for (std::uint64_t first = list; first < size; first += 1 + (size - list) / 9) {
    for (std::uint64_t end = first + 1; end <= size; end += 1 + (size - list) / 7) {
      for (std::uint64_t b = 0; b * batch < size; ++b) {
        good &= is_part(count(b, first, end), end - first, std::min(batch, size - b * batch), size);
      }
    }
  }
  for (auto const& block : deal.blocks()) {
    if (block.batches == 0) continue;
    std::uint64_t whole = 0;  // draws of the block in its whole batches
    for (std::uint64_t b = block.first_batch; b < block.first_batch + block.batches; ++b) whole += count(b, 0, list);
    for (std::uint64_t begin = 0; begin < block.draws; begin += 1 + block.draws / 9) {
      for (std::uint64_t end = begin + 1; end <= block.draws; end += 1 + block.draws / 7) {
        for (std::uint64_t b = block.first_batch; b < block.first_batch + block.batches; ++b) {
          std::uint64_t const x = count(b, block.first + begin, block.first + end);
          good &= is_part(x, end - begin, whole, block.draws * block.batches);
        }
      }
    }
  }
  return good;
}

}  // namespace

TEST_CASE("block_deal gives every batch its part, whatever the sizes", "[block_deal]") {
  std::uint64_t cases = 0, whole = 0;
  for (auto const& blocks :
       std::vector<numbers>{{}, {1}, {30}, {1, 1, 1, 1}, {40, 37}, {5, 90, 3, 2, 61}, {17, 17, 17, 17, 17, 17}}) {
    for (std::uint64_t const residents : {0u, 1u, 2u, 19u, 200u}) {
      std::uint64_t const size = std::accumulate(blocks.begin(), blocks.end(), residents);
      if (size == 0) continue;
      for (std::uint64_t const batch_size : numbers{1, 2, 3, 7, 10, 16, 100, 1000}) {
        for (std::uint64_t key = 0; key < 3; ++key) {
          block_deal const deal(blocks, residents, batch_size, key);
          auto const places = places_of(deal);
          CAPTURE(blocks, residents, batch_size, key);
          REQUIRE(deal.size() == size);
          REQUIRE(is_complete(deal, places));
          REQUIRE(deals_evenly(deal, places));
          for (std::uint64_t p = 0; p < size; ++p) REQUIRE(deal.position_of(places[p]) == p);
          ++cases;
          for (auto const& block : deal.blocks()) whole += block.batches;
        }
      }
    }
  }
  CHECK(cases > 700);
  CHECK(whole > 10'000);  // the check is not empty
}

TEST_CASE("the check of block_deal rejects an undealt list and a shuffled one", "[block_deal]") {
  block_deal const deal(numbers{40, 37}, 19, 10, 1);
  numbers in_order(deal.size());
  std::iota(in_order.begin(), in_order.end(), 0u);
  CHECK_FALSE(is_complete(deal, in_order));
  CHECK_FALSE(deals_evenly(deal, in_order));
  auto exchanged = places_of(deal);  // two draws of a block, between two batches
  auto const& block = deal.blocks()[0];
  std::uint64_t const first = block.first_batch * 10;
  auto const lowest = std::min_element(exchanged.begin() + static_cast<std::ptrdiff_t>(first),
                                       exchanged.begin() + static_cast<std::ptrdiff_t>(first + 10));
  auto const highest = std::max_element(exchanged.begin() + static_cast<std::ptrdiff_t>(first + 10),
                                        exchanged.begin() + static_cast<std::ptrdiff_t>(first + 20),
                                        [](auto a, auto b) { return (a < 40 ? a : 0) < (b < 40 ? b : 0); });
  std::iter_swap(lowest, highest);
  CHECK(is_complete(deal, exchanged));
  CHECK_FALSE(deals_evenly(deal, exchanged));
}

TEST_CASE("block_deal spreads what it rounds up over the batches", "[block_deal]") {
  // 100 batches of 10 with 150 resident draws: 1 or 2 in each, 5 batches of any 10 in a row have 2
  block_deal const deal(numbers{850}, 150, 10, 7);
  std::vector<int> counts;
  for (std::uint64_t b = 0; b < 100; ++b) counts.push_back(static_cast<int>(deal.at(b).residents));
  for (std::size_t b = 0; b + 10 <= 100; ++b) {
    CHECK(std::accumulate(counts.begin() + static_cast<std::ptrdiff_t>(b),
                          counts.begin() + static_cast<std::ptrdiff_t>(b + 10), 0) == 15);
  }
}

}  // namespace block_deal_test
