#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <numeric>

#include <support/catch2.hpp>

#include <evendraw/detail/huge_page_vector.hpp>

using evendraw::detail::table;

TEST_CASE("table: a vector of any size", "[table_memory]") {
  std::size_t const page = (std::size_t{1} << 21) / sizeof(std::uint32_t);
  for (std::size_t const n : {std::size_t{0}, std::size_t{1}, page - 1, page, page + 1, 3 * page + 5}) {
    CAPTURE(n);
    table<std::uint32_t> numbers;
    numbers.resize(n);
    std::iota(numbers.begin(), numbers.end(), 7u);
    auto copy = numbers;
    copy.push_back(1);  // has to move to another place
    auto const moved = std::move(copy);
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < n; ++i) wrong += moved[i] != 7 + i || numbers[i] != 7 + i;
    CHECK(wrong == 0);
    CHECK(moved.size() == n + 1);
    if (n >= page) CHECK(reinterpret_cast<std::uintptr_t>(numbers.data()) % (std::size_t{1} << 21) == 0);
  }
  CHECK(table<int>(5, 3) == table<int>{3, 3, 3, 3, 3});  // given a value, elements have it
}

TEST_CASE("table: what cannot be allocated is refused", "[table_memory]") {
  for (std::size_t const n : {std::numeric_limits<std::size_t>::max(), std::numeric_limits<std::size_t>::max() / 8}) {
    CHECK_THROWS_AS(table<std::uint64_t>(n), std::bad_alloc);
  }
}
