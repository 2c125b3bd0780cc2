#include <evendraw/inspect/chi_squared.hpp>
#include <support/catch2.hpp>
#include <support/message_of.hpp>

#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

namespace chi_squared_test {

using Catch::Matchers::WithinRel;
using counts = std::vector<std::uint64_t>;
using numbers = std::vector<double>;

namespace {

std::string message_of(counts const& drawn, numbers const& probabilities) {
  return ::message_of([&] { (void)evendraw::chi_squared_test(drawn, probabilities); });
}

}  // namespace

TEST_CASE("chi_squared_tail agrees with known values", "[chi_squared]") {  // from mpmath, with 40 digits
  struct known {
    double degrees_of_freedom, x, p;
  };
  for (auto const [degrees_of_freedom, x, p] :
       {known{1, 1e-8, 0.99992021154405269}, known{1, 3.841458820694124, 0.050000000000000057},
        known{1, 23.92812697693483, 9.999999999999994e-7}, known{3, 0.01, 0.99973483494134439},
        known{7, 60, 1.5095553022989121e-10}, known{9, 9, 0.43727418891386706}, known{50, 400, 4.2491598410243244e-56},
        known{99, 180.79201532589994, 9.9999999999999839e-7}, known{1000, 1000, 0.49405285382923964},
        known{100'000, 101'000, 0.01286884037723367}, known{1'000'000, 1'003'000, 0.017016772933266315}}) {
    CAPTURE(degrees_of_freedom, x);
    CHECK_THAT(evendraw::detail::chi_squared_tail(degrees_of_freedom, x), WithinRel(p, 1e-11));
  }
}

TEST_CASE("chi_squared_tail: two degrees of freedom are an exponential law", "[chi_squared]") {
  for (double x = 1e-300; x < 1300; x *= 7) {
    CAPTURE(x);
    CHECK_THAT(evendraw::detail::chi_squared_tail(2, x), WithinRel(std::exp(-x / 2), 1e-11));
  }
}

TEST_CASE("chi_squared_tail falls from 1 to 0, also where it changes its method", "[chi_squared]") {
  for (double const degrees_of_freedom : {0.5, 1.0, 2.0, 31.0, 32.0, 33.0, 5000.0}) {
    double before = 1;
    for (double x = 0; x < 3 * degrees_of_freedom + 30; x += (degrees_of_freedom + 2) / 100) {
      double const p = evendraw::detail::chi_squared_tail(degrees_of_freedom, x);
      REQUIRE(p >= 0);
      REQUIRE(p <= before * (1 + 1e-12));
      before = p;
    }
    CHECK(before < 0.01);
    CHECK(evendraw::detail::chi_squared_tail(degrees_of_freedom, -1) == 1);
    CHECK(evendraw::detail::chi_squared_tail(degrees_of_freedom, std::numeric_limits<double>::infinity()) == 0);
  }
}

TEST_CASE("chi_squared_tail is a probability even for nearly zero degrees of freedom", "[chi_squared]") {
  for (double const degrees_of_freedom : {0x1p-52, 1e-300, 1e-9, 1e-3}) {
    for (double x = 1e-300; x < 2; x *= 1.7) {
      double const p = evendraw::detail::chi_squared_tail(degrees_of_freedom, x);
      REQUIRE((p >= 0 && p <= 1));
    }
  }
}

TEST_CASE("chi_squared_test: a probability of -0 is 0", "[chi_squared]") {
  for (double const zero : {0.0, -0.0}) {
    auto const result = evendraw::chi_squared_test(counts{5, 5, 1}, numbers{1, 1, zero});
    CHECK(result.statistic == std::numeric_limits<double>::infinity());
    CHECK(result.p_value == 0);
  }
}

TEST_CASE("chi_squared_test by hand", "[chi_squared]") {
  auto const result = evendraw::chi_squared_test(counts{10, 20, 30}, numbers{1, 1, 1});  // 20 expected of each
  CHECK_THAT(result.statistic, WithinRel(10.0, 1e-12));
  CHECK(result.degrees_of_freedom == 2);
  CHECK_THAT(result.p_value, WithinRel(std::exp(-5.0), 1e-12));

  auto const skewed = evendraw::chi_squared_test(counts{5, 0, 15}, numbers{0.5, 0, 0.5});
  CHECK_THAT(skewed.statistic, WithinRel(5.0, 1e-12));
  CHECK(skewed.degrees_of_freedom == 1);
}

TEST_CASE("chi_squared_test at its edges", "[chi_squared]") {
  auto const impossible = evendraw::chi_squared_test(counts{9999, 1}, numbers{1, 0});
  CHECK(std::isinf(impossible.statistic));
  CHECK(impossible.p_value == 0);
  auto const one_cell = evendraw::chi_squared_test(counts{7}, numbers{0.3});
  CHECK(one_cell.statistic == 0);
  CHECK(one_cell.degrees_of_freedom == 0);
  CHECK(one_cell.p_value == 1);
  auto const nothing = evendraw::chi_squared_test(counts{0, 0}, numbers{1, 2});
  CHECK(nothing.statistic == 0);
  CHECK(nothing.p_value == 1);
}

TEST_CASE("chi_squared_test refuses invalid probabilities", "[chi_squared]") {
  CHECK(message_of({1, 2}, {1}) == "evendraw::chi_squared_test: 1 probability for 2 counts; give one for each");
  CHECK(message_of({1, 2}, {1, -1}) ==
        "evendraw::chi_squared_test: probabilities[1] is -1; every number must be finite and >= 0");
  CHECK(message_of({1, 2}, {0, 0}) ==
        "evendraw::chi_squared_test: all 2 probabilities are zero; at least one must be > 0");
  CHECK(message_of({}, {}) == "evendraw::chi_squared_test: probabilities is empty; give at least one number");
}

}  // namespace chi_squared_test
