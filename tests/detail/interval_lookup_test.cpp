#include <cstdint>
#include <numeric>
#include <vector>

#include <support/catch2.hpp>

#include <evendraw/detail/interval_lookup.hpp>
#include <evendraw/random/counter_random.hpp>

namespace interval_lookup_test {

using evendraw::detail::interval_lookup;
using numbers = std::vector<std::uint64_t>;

namespace {

/// The number of numbers for which the lookup finds another interval than counting does, or adds another value.
std::uint64_t wrong_places(numbers const& lengths) {
  interval_lookup const lookup(lengths);
  std::vector<std::uint32_t> all(lookup.total()), found(all.size());
  std::iota(all.begin(), all.end(), 0u);
  lookup.find(std::span<std::uint32_t const>(all), found.data());
  numbers values(lengths.size()), sums(all.size());
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = evendraw::random_word(lengths.size(), i);
  lookup.add_values(all, values.data(), sums.data());
  std::uint64_t number = 0, wrong = 0;
  for (std::size_t interval = 0; interval < lengths.size(); ++interval) {
    wrong += lookup.first(interval) != number;
    for (std::uint64_t i = 0; i < lengths[interval]; ++i, ++number) {
      wrong += lookup(number) != interval || found[number] != interval || sums[number] != number + values[interval];
    }
  }
  return wrong + (lookup.total() != number);
}

}  // namespace

TEST_CASE("interval_lookup: finds the interval of every number", "[interval_lookup]") {
  CHECK(wrong_places({1}) == 0);
  CHECK(wrong_places({1000}) == 0);
  CHECK(wrong_places({1, 1, 1, 1, 1}) == 0);
  CHECK(wrong_places({1, 2, 3, 4, 5, 6, 7, 8}) == 0);
  CHECK(wrong_places({100'000, 1, 1, 1}) == 0);
  CHECK(wrong_places({1, 1, 1, 100'000}) == 0);
  std::uint64_t wrong = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    numbers lengths(1 + evendraw::random_word(seed, 0) % 40);
    for (std::size_t i = 0; i < lengths.size(); ++i)
      lengths[i] = 1 + (evendraw::random_word(seed, i + 1) >> 32) % (1 + seed * seed / 40);
    wrong += wrong_places(lengths);
  }
  CHECK(wrong == 0);
}

TEST_CASE("interval_lookup: a crowded bucket is searched by bisection", "[interval_lookup]") {
  numbers crowded(10'001, 1);
  crowded[0] = 1'000'000'000;
  CHECK(interval_lookup(crowded).num_steps() == 14);  // one by one takes 5,000
  CHECK(interval_lookup(numbers(10'000, 100)).num_steps() == 0);
  numbers uneven;  // 2,000 buckets would do for equal intervals; here some hold three beginnings
  for (std::uint64_t i = 0; i < 1000; ++i) uneven.push_back(i % 4 == 3 ? 1000 : 100);
  CHECK(interval_lookup(uneven).num_steps() == 0);
  CHECK(interval_lookup(numbers{5}).num_steps() == 0);
}

TEST_CASE("interval_lookup: huge intervals", "[interval_lookup]") {
  std::uint64_t const huge = std::uint64_t{1} << 61;  // the largest allowed sum is 2^63
  interval_lookup const lookup(numbers{huge, 1, huge, 2 * huge - 1});
  CHECK(lookup.total() == 4 * huge);
  CHECK(lookup(0) == 0);
  CHECK(lookup(huge - 1) == 0);
  CHECK(lookup(huge) == 1);
  CHECK(lookup(huge + 1) == 2);
  CHECK(lookup(2 * huge) == 2);
  CHECK(lookup(2 * huge + 1) == 3);
  CHECK(lookup(4 * huge - 1) == 3);
}

}  // namespace interval_lookup_test
