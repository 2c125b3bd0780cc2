#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <numeric>
#include <utility>
#include <vector>

#include <support/catch2.hpp>

#include <evendraw/detail/huge_page_vector.hpp>

namespace huge_page_vector_test {

using evendraw::detail::huge_page_vector;

TEST_CASE("huge_page_vector: a vector of any size", "[huge_page_vector]") {
  std::size_t const page = (std::size_t{1} << 21) / sizeof(std::uint32_t);
  for (std::size_t const n : {std::size_t{0}, std::size_t{1}, page - 1, page, page + 1, 3 * page + 5}) {
    CAPTURE(n);
    huge_page_vector<std::uint32_t> numbers;
    numbers.resize(n);
    std::iota(numbers.begin(), numbers.end(), 7u);
    auto copy = numbers;
    copy.push_back(1);  // must move the elements
    auto const moved = std::move(copy);
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < n; ++i) wrong += moved[i] != 7 + i || numbers[i] != 7 + i;
    CHECK(wrong == 0);
    CHECK(moved.size() == n + 1);
    if (n >= page) CHECK(reinterpret_cast<std::uintptr_t>(numbers.data()) % (std::size_t{1} << 21) == 0);
  }
  CHECK(huge_page_vector<int>(5, 3) == huge_page_vector<int>{3, 3, 3, 3, 3});  // new elements have the given value
}

TEST_CASE("huge_page_vector: sizes that cannot be allocated are refused", "[huge_page_vector]") {
  for (std::size_t const n : {std::numeric_limits<std::size_t>::max(), std::numeric_limits<std::size_t>::max() / 8}) {
    CHECK_THROWS_AS(huge_page_vector<std::uint64_t>(n), std::bad_alloc);
  }
}

TEST_CASE("huge_page_vector: grows, shrinks, is copied and moved", "[huge_page_vector]") {
  huge_page_vector<int> numbers{1, 2, 3};
  for (int i = 0; i < 100; ++i) numbers.push_back(numbers.front());  // its own element, also if it moves
  CHECK(numbers.size() == 103);
  CHECK(numbers.back() == 1);
  numbers.resize(5);
  CHECK(numbers == huge_page_vector<int>{1, 2, 3, 1, 1});
  numbers.erase(numbers.begin());
  CHECK(numbers == huge_page_vector<int>{2, 3, 1, 1});
  numbers.erase(numbers.begin() + 1, numbers.begin() + 3);
  CHECK(numbers == huge_page_vector<int>{2, 1});
  numbers.erase(numbers.begin() + 1, numbers.end());
  CHECK(numbers == huge_page_vector<int>{2});
  huge_page_vector<int> const copy = numbers;
  auto moved = std::move(numbers);
  CHECK(moved == copy);
  moved = huge_page_vector<int>{7, 8};
  CHECK_FALSE(moved == copy);
  CHECK_FALSE(moved == huge_page_vector<int>{7, 9});
  std::vector<short> const others{4, 5};
  moved.assign(others.begin(), others.end());
  CHECK(moved == huge_page_vector<int>{4, 5});
  moved.clear();
  CHECK(moved.empty());
}

TEST_CASE("huge_page_vector: growing one by one copies each element a few times at most", "[huge_page_vector]") {
  huge_page_vector<int> numbers;
  int moves = 0;
  for (int i = 0; i < 1000; ++i) {
    auto const* const before = numbers.data();
    i % 2 == 0 ? numbers.push_back(i) : numbers.resize(numbers.size() + 1);
    moves += numbers.data() != before;
  }
  CHECK(moves <= 12);
}

}  // namespace huge_page_vector_test
