#include <support/catch2.hpp>
#include <support/statistics.hpp>

using Catch::Matchers::WithinRel;

TEST_CASE("chi_squared_tail agrees with known values", "[statistics]") {
  CHECK_THAT(statistics::chi_squared_tail(9, 9), WithinRel(0.437274188914, 1e-9));
  CHECK_THAT(statistics::chi_squared_tail(1, 23.92812697693483), WithinRel(1e-6, 1e-7));
  CHECK_THAT(statistics::chi_squared_tail(99, 180.79201532589994), WithinRel(1e-6, 1e-7));
  CHECK(statistics::chi_squared_tail(5, 0) == 1);
}

TEST_CASE("chi_squared_p accepts what fits and rejects what does not", "[statistics]") {
  std::vector<double> const fair{0.5, 0.5}, never{1, 0};
  CHECK(statistics::chi_squared_p(std::vector<std::uint64_t>{5010, 4990}, fair) > 0.5);
  CHECK(statistics::chi_squared_p(std::vector<std::uint64_t>{5300, 4700}, fair) < statistics::threshold);
  CHECK(statistics::chi_squared_p(std::vector<std::uint64_t>{9999, 1}, never) == 0);
  CHECK(statistics::uniform_p(std::vector<std::uint64_t>{100, 103, 97}) > 0.5);
}
