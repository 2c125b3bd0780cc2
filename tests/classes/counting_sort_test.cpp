#include <algorithm>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include <support/catch2.hpp>

#include <evendraw/classes/detail/counting_sort.hpp>
#include <evendraw/random/counter_random.hpp>

namespace counting_sort_test {

using evendraw::random_word;
using evendraw::detail::counting_sort;
using evendraw::detail::stretch_begin;

namespace {

using numbers = std::vector<std::uint64_t>;

/// The numbers 0, 1, ..., sorted by key.
template <class Index>
std::vector<Index> sorted(numbers const& keys, numbers const& order, unsigned threads, numbers* counts = nullptr) {
  auto const key = [&](std::uint64_t i) { return keys[i]; };
  counting_sort<Index> sorting(keys.size(), order.size(), threads);
  sorting.count(key);
  for (std::uint64_t k = 0; counts != nullptr && k < order.size(); ++k) counts->push_back(sorting[k]);
  std::uint64_t begin = 0;
  for (std::uint64_t const k : order) begin = sorting.start(k, begin);
  std::vector<Index> result(keys.size());
  sorting.place(key, result.data());
  return result;
}

/// The obvious way: a stable sort by the rank of the key.
numbers reference(numbers const& keys, numbers const& order) {
  numbers rank(order.size()), result(keys.size());
  for (std::uint64_t r = 0; r < order.size(); ++r) rank[order[r]] = r;
  std::iota(result.begin(), result.end(), std::uint64_t{0});
  std::ranges::sort(result, {}, [&](std::uint64_t i) { return std::pair(rank[keys[i]], i); });
  return result;
}

}  // namespace

TEST_CASE("stretch_begin: every item is in exactly one stretch", "[counting_sort]") {
  for (std::uint64_t const size : {0u, 1u, 6u, 7u, 8u, 1000u}) {
    for (unsigned const stretches : {1u, 2u, 7u, 28u}) {
      CHECK(stretch_begin(size, stretches, 0) == 0);
      CHECK(stretch_begin(size, stretches, stretches) == size);
      for (unsigned s = 0; s < stretches; ++s) {
        CHECK(stretch_begin(size, stretches, s) <= stretch_begin(size, stretches, s + 1));
      }
    }
  }
}

TEST_CASE("counting_sort: a stable sort, whatever the sizes, keys and threads", "[counting_sort]") {
  int wrong = 0, threaded = 0;
  for (std::uint64_t const size : {1u, 2u, 3u, 5u, 8u, 27u, 28u, 29u, 500u, 5000u}) {
    for (std::uint64_t const keys : {1u, 2u, 3u, 64u, 65u, 300u}) {  // up to 64 are counted in lanes
      numbers item_keys(size), order(keys);
      for (std::uint64_t i = 0; i < size; ++i) item_keys[i] = random_word(size, i) % keys;
      std::iota(order.begin(), order.end(), std::uint64_t{0});
      std::ranges::sort(order, {}, [&](std::uint64_t k) { return random_word(5, k); });
      numbers expected_counts(keys);
      for (auto const k : item_keys) ++expected_counts[k];
      auto const expected = reference(item_keys, order);
      for (unsigned const threads : {0u, 1u, 2u, 3u, 7u}) {
        numbers counts;
        auto const result = sorted<std::uint32_t>(item_keys, order, threads, &counts);
        wrong += !std::ranges::equal(result, expected);
        wrong += counts != expected_counts;
        wrong += !std::ranges::equal(sorted<std::uint64_t>(item_keys, order, threads), expected);
        ++threaded;
      }
    }
  }
  CHECK(wrong == 0);
  CHECK(threaded == 300);
  CHECK(sorted<std::uint32_t>({1, 0, 1}, {0, 1}, 1) !=
        std::vector<std::uint32_t>{0, 1, 2});  // the sort changes the order
}

TEST_CASE("counting_sort: as many items as the index type can number", "[counting_sort]") {
  numbers const keys(255, 1);  // numbers up to 254
  auto const result = sorted<std::uint8_t>(keys, {0, 1}, 3);
  for (std::size_t i = 0; i < keys.size(); ++i) CHECK(result[i] == i);
}

}  // namespace counting_sort_test
