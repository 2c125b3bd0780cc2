// With -ffast-math, numbers that are not finite are still refused, and undefined scores are still left out.
#include <bit>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <vector>

#include <support/catch2.hpp>

#include <evendraw/evendraw.hpp>
#include <evendraw/inspect/text.hpp>

using namespace evendraw;

namespace {

double from_bits(std::uint64_t bits) { return std::bit_cast<double>(bits); }
std::uint64_t bits_of(double number) { return std::bit_cast<std::uint64_t>(number); }
bool is_number(double number) { return (bits_of(number) >> 52 & 0x7ff) != 0x7ff; }

}  // namespace

TEST_CASE("fast math: weights that are not finite are refused", "[fast_math]") {
  for (std::uint64_t const bits :
       {0x7ff8000000000000u, 0xfff8000000000001u, 0x7ff0000000000000u, 0xfff0000000000000u}) {
    std::vector<double> const weights{1, from_bits(bits), 1};
    std::vector<std::uint64_t> const counts{1, 1, 1};
    CHECK_THROWS_AS(alias_table(weights), std::invalid_argument);
    CHECK_THROWS_AS(multinomial_sampler(weights), std::invalid_argument);
    CHECK_THROWS_AS(systematic_sampler(weights, {.epoch_size = 2}), std::invalid_argument);
    CHECK_THROWS_AS(repeat_factor_sampler(weights), std::invalid_argument);
    CHECK_THROWS_AS(dynamic_weights<>(weights), std::invalid_argument);
    CHECK_THROWS_AS(dynamic_weights<>({1, 2}, {.largest = weights[1]}), std::invalid_argument);
    CHECK_THROWS_AS(target_proportion_sampler(class_index(std::vector{0, 1, 2}), weights), std::invalid_argument);
    CHECK_THROWS_AS(power_weights(counts, weights[1]), std::invalid_argument);
    CHECK_THROWS_AS(power_schedule(1, weights[1], 3), std::invalid_argument);
    CHECK_THROWS_AS(chi_squared_test(counts, weights), std::invalid_argument);
    dynamic_weights<> table({1, 2}, {.largest = 5});
    CHECK_THROWS_AS(table.set(0, weights[1]), std::invalid_argument);
    CHECK_THROWS_AS(table.rescaled(weights[1]), std::invalid_argument);
  }
}

TEST_CASE("fast math: scores that are undefined are left out", "[fast_math]") {
  confusion_matrix<std::uint64_t> matrix(3);
  matrix.add_numbers(std::vector{0, 0, 1}, std::vector{0, 1, 1});  // class 2 does not occur
  double const skip = std::numeric_limits<double>::quiet_NaN();
  auto const scores = matrix.macro({.undefined = skip});
  CHECK(is_number(scores.f1));
  CHECK(bits_of(scores.recall) == bits_of(0.75));
  CHECK(!is_number(matrix.of_class(2, skip).recall));
  CHECK(evendraw::detail::terminal::fixed(matrix.of_class(2, skip).recall, 2) == "-");
}

TEST_CASE("fast math: a draw of an impossible cell is noticed", "[fast_math]") {
  auto const test = chi_squared_test(std::vector<std::uint64_t>{5, 1}, std::vector<double>{1, 0});
  CHECK(bits_of(test.p_value) == 0);
}

TEST_CASE("fast math: draws by integers are the same", "[fast_math]") {
  auto const drawn = [](auto const& sampler, std::uint64_t e) {
    auto const epoch = sampler.epoch(e);
    return std::vector<std::uint32_t>(epoch.begin(), epoch.end());
  };
  using indices = std::vector<std::uint32_t>;
  CHECK(drawn(multinomial_sampler(std::vector{1.0, 2.0, 3.0, 4.0}, {.seed = 7}), 3) == indices{2, 0, 3, 3});
  CHECK(drawn(repeat_factor_sampler(std::vector{1.5, 2.25, 1.1}, {.seed = 7}), 1) == indices{0, 1, 1, 2, 1});
  CHECK(drawn(systematic_sampler(std::vector{1.5, 2.25, 1.1, 0.3}, {.epoch_size = 2, .seed = 7}), 2) == indices{2, 3});
}
