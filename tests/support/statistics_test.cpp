#include <support/catch2.hpp>
#include <support/statistics.hpp>

namespace statistics_test {

TEST_CASE("chi_squared_p accepts what fits and rejects what does not", "[statistics]") {
  std::vector<double> const fair{0.5, 0.5}, never{1, 0};
  CHECK(statistics::chi_squared_p(std::vector<std::uint64_t>{5010, 4990}, fair) > 0.5);
  CHECK(statistics::chi_squared_p(std::vector<std::uint64_t>{5300, 4700}, fair) < statistics::threshold);
  CHECK(statistics::chi_squared_p(std::vector<std::uint64_t>{9999, 1}, never) == 0);
  CHECK(statistics::uniform_p(std::vector<std::uint64_t>{100, 103, 97}) > 0.5);
}

}  // namespace statistics_test
