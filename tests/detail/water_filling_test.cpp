#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

#include <support/catch2.hpp>

#include <evendraw/detail/water_filling.hpp>
#include <evendraw/random/counter_random.hpp>

namespace water_filling_test {

using evendraw::detail::fill_evenly;
using numbers = std::vector<std::uint64_t>;

namespace {

/// Deals draw by draw. Each goes to the class that has the fewest among those with room; of equal ones, to the first.
numbers one_by_one(numbers const& limits, std::uint64_t total) {
  numbers result(limits.size());
  for (; total > 0; --total) {
    std::size_t least = limits.size();
    for (std::size_t c = 0; c < limits.size(); ++c) {
      if (result[c] < limits[c] && (least == limits.size() || result[c] < result[least])) least = c;
    }
    if (least == limits.size()) break;  // all full
    ++result[least];
  }
  return result;
}

/// Calls visit(numbers) for all lists of `size` numbers up to `most`.
void for_all(std::size_t size, std::uint64_t most, auto visit) {
  numbers list(size);
  for (;;) {
    visit(list);
    std::size_t i = 0;
    while (i < size && list[i] == most) list[i++] = 0;
    if (i == size) return;
    ++list[i];
  }
}

}  // namespace

TEST_CASE("fill_evenly equals giving draw by draw to the class that has the fewest", "[water_filling]") {
  int wrong = 0, checked = 0;
  for (std::size_t classes = 0; classes <= 5; ++classes) {
    for_all(classes, 4, [&](numbers const& limits) {
      std::uint64_t const sum = std::accumulate(limits.begin(), limits.end(), std::uint64_t{0});
      for (std::uint64_t total = 0; total <= sum + 2; ++total) {
        wrong += fill_evenly(limits, total) != one_by_one(limits, total);
        ++checked;
      }
    });
  }
  CHECK(wrong == 0);
  CHECK(checked > 40'000);
}

TEST_CASE("fill_evenly on larger random limits", "[water_filling]") {
  int wrong = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    numbers limits(1 + evendraw::random_word(seed, 0) % 20);
    for (std::size_t c = 0; c < limits.size(); ++c) limits[c] = evendraw::random_word(seed, c + 1) % 60;
    std::uint64_t const total = evendraw::random_word(seed, 99) % 400;
    wrong += fill_evenly(limits, total) != one_by_one(limits, total);
  }
  CHECK(wrong == 0);
}

TEST_CASE("fill_evenly: examples", "[water_filling]") {
  CHECK(fill_evenly(numbers{100, 3, 50}, 23) == numbers{10, 3, 10});
  CHECK(fill_evenly(numbers{100, 3, 50}, 24) == numbers{11, 3, 10});  // the first one gets one more
  CHECK(fill_evenly(numbers{100, 3, 50}, 1000) == numbers{100, 3, 50});
  CHECK(fill_evenly(numbers{100, 0, 50}, 1) == numbers{1, 0, 0});
  CHECK(fill_evenly(numbers{5, 5}, 0) == numbers{0, 0});
  CHECK(fill_evenly(numbers{}, 7).empty());
  std::uint64_t const most = std::numeric_limits<std::uint64_t>::max();
  CHECK(fill_evenly(numbers{most, most, 1}, most) == numbers{most / 2, most / 2, 1});  // no sum overflows
}

}  // namespace water_filling_test
