#include <array>
#include <bit>
#include <cfloat>
#include <cmath>
#include <cstdint>
#include <limits>
#include <list>
#include <numeric>
#include <string>
#include <vector>

#include <support/catch2.hpp>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/classes/crossed_classes.hpp>
#include <evendraw/inspect/coverage.hpp>
#include <evendraw/weights/class_weights.hpp>
#include <evendraw/weights/epoch_quotas.hpp>
#include <evendraw/weights/repeat_factors.hpp>
#include <evendraw/weights/sample_weights.hpp>

namespace class_weights_test {

using namespace evendraw;
using Catch::Matchers::WithinRel;
using counts_type = std::vector<std::uint64_t>;
using weights_type = std::vector<double>;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

double sum(weights_type const& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

double sum_over_samples(counts_type const& counts, weights_type const& weights) {
  double result = 0;
  for (std::size_t c = 0; c < counts.size(); ++c) result += static_cast<double>(counts[c]) * weights[c];
  return result;
}

/// Equal to a few units in the last place.
bool close(weights_type const& a, weights_type const& b) {
  bool result = a.size() == b.size();
  for (std::size_t i = 0; result && i < a.size(); ++i)
    result = std::fabs(a[i] - b[i]) <= 4 * DBL_EPSILON * std::fabs(b[i]);
  return result;
}

/// 1 / (1 + beta + beta^2 + ... + beta^(n - 1)), the definition of the effective number.
double effective_by_summing(double beta, std::uint64_t n) {
  long double terms = 0, power = 1;
  for (std::uint64_t i = 0; i < n; ++i, power *= beta) terms += power;
  return static_cast<double>(1 / terms);
}

}  // namespace

TEST_CASE("inverse_frequency_weights are 1 / n_c", "[class_weights]") {
  CHECK(inverse_frequency_weights(counts_type{1, 4, 10}) == weights_type{1, 0.25, 0.1});
  CHECK(inverse_frequency_weights(counts_type{0, 2}) == weights_type{0, 0.5});
  CHECK(close(class_probabilities(counts_type{1, 4, 10}, inverse_frequency_weights(counts_type{1, 4, 10})),
              {1.0 / 3, 1.0 / 3, 1.0 / 3}));
}

TEST_CASE("balanced_weights are scikit-learn's class_weight=\"balanced\"", "[class_weights]") {
  // compute_class_weight("balanced", classes=[0, 1], y=[0, 0, 0, 1]) gives [0.66666667, 2.]
  CHECK(close(balanced_weights(counts_type{3, 1}), {2.0 / 3, 2}));
  CHECK(close(balanced_weights(counts_type{1, 4, 10}), {5, 1.25, 0.5}));
  CHECK(close(balanced_weights(counts_type{3, 0, 1}), {2.0 / 3, 0, 2}));  // K counts the classes that have samples
  CHECK(balanced_weights(counts_type{7}) == weights_type{1});
  CHECK_THAT(sum_over_samples({1, 4, 10}, balanced_weights(counts_type{1, 4, 10})), WithinRel(15.0, 1e-15));
}

TEST_CASE("power_weights are n_c^-exponent", "[class_weights]") {
  counts_type const counts{1, 4, 9, 0};
  CHECK(power_weights(counts, 0) == weights_type{1, 1, 1, 0});
  CHECK(power_weights(counts, 0.5) == weights_type{1, 0.5, 1.0 / 3, 0});
  CHECK(power_weights(counts, 1) == inverse_frequency_weights(counts));
  CHECK(close(power_weights(counts, 2), {1, 1.0 / 16, 1.0 / 81, 0}));
  CHECK(close(power_weights(counts, 1.5), {1, 1.0 / 8, 1.0 / 27, 0}));
  CHECK(close(power_weights(counts, -1), {1, 4, 9, 0}));
  CHECK_THROWS_AS(power_weights(counts, infinity), std::invalid_argument);
  CHECK_THROWS_WITH(power_weights(counts, infinity), "evendraw::power_weights: exponent is inf; it must be finite");
  CHECK_THROWS_AS(power_weights(counts, std::nan("")), std::invalid_argument);
}

TEST_CASE("temperature_weights draw class c in proportion to n_c^(1 / temperature)", "[class_weights]") {
  counts_type const counts{1, 16, 81};
  auto const drawn = [&](double t) { return class_probabilities(counts, temperature_weights(counts, t)); };
  CHECK(close(drawn(1), {1.0 / 98, 16.0 / 98, 81.0 / 98}));
  CHECK(close(drawn(2), {1.0 / 14, 4.0 / 14, 9.0 / 14}));
  CHECK(close(drawn(4), {1.0 / 6, 2.0 / 6, 3.0 / 6}));
  CHECK(close(drawn(infinity), {1.0 / 3, 1.0 / 3, 1.0 / 3}));
  CHECK(close(drawn(0.5), {1.0 / 6818, 256.0 / 6818, 6561.0 / 6818}));
  CHECK_THROWS_AS(temperature_weights(counts, 0), std::invalid_argument);
  CHECK_THROWS_WITH(temperature_weights(counts, 0),
                    "evendraw::temperature_weights: temperature is 0; it must be > 0, and its reciprocal finite");
  CHECK_THROWS_WITH(temperature_weights(counts, -1),
                    "evendraw::temperature_weights: temperature is -1; it must be > 0, and its reciprocal finite");
  CHECK_THROWS_AS(temperature_weights(counts, std::nan("")), std::invalid_argument);
}

TEST_CASE("effective_number_weights are (1 - beta) / (1 - beta^n_c)", "[class_weights]") {
  SECTION("by hand") {
    CHECK(effective_number_weights(counts_type{1, 2, 100, 0}, 0) == weights_type{1, 1, 1, 0});
    CHECK(close(effective_number_weights(counts_type{1, 2, 3}, 0.5), {1, 1 / 1.5, 1 / 1.75}));
    CHECK(close(effective_number_weights(counts_type{2}, 0.9), {1 / 1.9}));
  }
  SECTION("against the geometric series") {
    for (double const beta : {0.1, 0.9, 0.99, 0.999, 0.9999, 0.999999, 1 - 1e-12, 1 - 1e-15, 1 - DBL_EPSILON / 2}) {
      for (auto const n : counts_type{1, 2, 3, 10, 1000, 5000}) {
        CAPTURE(beta, n);
        CHECK_THAT(effective_number_weights(counts_type{n}, beta)[0], WithinRel(effective_by_summing(beta, n), 1e-13));
      }
    }
  }
  SECTION("the plain formula loses half of the digits") {
    double const beta = 1 - 1e-8, naive = (1 - beta) / (1 - std::pow(beta, 3.0));
    CHECK(std::fabs(naive / effective_by_summing(beta, 3) - 1) > 1e-11);
  }
  SECTION("huge counts: the limit 1 - beta") {
    CHECK_THAT(effective_number_weights(counts_type{1'000'000'000'000}, 0.999)[0], WithinRel(1 - 0.999, 1e-15));
    CHECK_THAT(effective_number_weights(counts_type{~std::uint64_t{0}}, 0.5)[0], WithinRel(0.5, 1e-15));
  }
  CHECK_THROWS_AS(effective_number_weights(counts_type{1}, 1), std::invalid_argument);
  CHECK_THROWS_WITH(effective_number_weights(counts_type{1}, 1),
                    "evendraw::effective_number_weights: beta is 1; needs 0 <= beta < 1");
  CHECK_THROWS_WITH(effective_number_weights(counts_type{1}, -0.5),
                    "evendraw::effective_number_weights: beta is -0.5; needs 0 <= beta < 1");
  CHECK_THROWS_AS(effective_number_weights(counts_type{1}, std::nan("")), std::invalid_argument);
}

TEST_CASE("median_frequency_weights are median / n_c", "[class_weights]") {
  CHECK(close(median_frequency_weights(counts_type{10, 1, 4}), {0.4, 4, 1}));
  CHECK(close(median_frequency_weights(counts_type{10, 1, 4, 2}), {0.3, 3, 0.75, 1.5}));  // between 2 and 4
  CHECK(close(median_frequency_weights(counts_type{0, 10, 0, 2, 0}),
              {0, 0.6, 0, 3, 0}));  // of the classes that have samples
  CHECK(median_frequency_weights(counts_type{8}) == weights_type{1});
}

TEST_CASE("median_frequency_weights of pixels: the median of f_c, divided by f_c", "[class_weights]") {
  // Road has 60 of the 100 pixels of its images, car 20 of 100, sign 1 of 50: frequencies 0.6, 0.2 and 0.02.
  counts_type const pixels{60, 20, 1}, totals{100, 100, 50};
  CHECK(close(median_frequency_weights(pixels, totals), {1.0 / 3, 1, 10}));
  CHECK_FALSE(close(median_frequency_weights(pixels), median_frequency_weights(pixels, totals)));  // by counts only
  CHECK(close(median_frequency_weights(pixels, counts_type{100, 100, 100}), median_frequency_weights(pixels)));
  CHECK(close(median_frequency_weights(counts_type{60, 0, 20, 1, 5}, counts_type{100, 0, 100, 50, 50}),
              {0.15 / 0.6, 0, 0.15 / 0.2, 7.5, 1.5}));  // the median is between 0.1 and 0.2; no pixels: weight 0
  CHECK_THROWS_WITH(median_frequency_weights(pixels, counts_type{100, 100}),
                    "evendraw::median_frequency_weights: 3 counts and 2 totals; give one of each for every class");
  CHECK_THROWS_WITH(
      median_frequency_weights(pixels, counts_type{100, 19, 50}),
      "evendraw::median_frequency_weights: totals[1] is 19 and counts[1] is 20; a total counts the pixels "
      "of all images that contain the class");
}

TEST_CASE("interpolated_weights go from natural to equal shares", "[class_weights]") {
  counts_type const counts{1, 3, 0};
  CHECK(interpolated_weights(counts, 0) == weights_type{1, 1, 0});
  CHECK(close(interpolated_weights(counts, 1), balanced_weights(counts)));
  CHECK(close(class_probabilities(counts, interpolated_weights(counts, 0)), {0.25, 0.75, 0}));
  CHECK(close(class_probabilities(counts, interpolated_weights(counts, 0.5)), {0.375, 0.625, 0}));
  CHECK(close(class_probabilities(counts, interpolated_weights(counts, 1)), {0.5, 0.5, 0}));
  CHECK_THAT(sum_over_samples(counts, interpolated_weights(counts, 0.3)), WithinRel(4.0, 1e-15));
  CHECK_THROWS_AS(interpolated_weights(counts, 1.5), std::invalid_argument);
  CHECK_THROWS_WITH(interpolated_weights(counts, 1.5),
                    "evendraw::interpolated_weights: balance is 1.5; needs 0 <= balance <= 1");
  CHECK_THROWS_WITH(interpolated_weights(counts, -0.1),
                    "evendraw::interpolated_weights: balance is -0.1; needs 0 <= balance <= 1");
  CHECK_THROWS_AS(interpolated_weights(counts, std::nan("")), std::invalid_argument);
}

TEST_CASE("target_proportion_weights are t_c / n_c", "[class_weights]") {
  CHECK(close(target_proportion_weights(counts_type{10, 40}, weights_type{0.2, 0.8}), {0.02, 0.02}));
  CHECK(close(target_proportion_weights(counts_type{10, 40}, std::vector{1, 3}),
              {0.025, 0.01875}));  // targets need not sum to 1
  CHECK(close(target_proportion_weights(counts_type{10, 0, 5}, std::vector{1, 0, 0}), {0.1, 0, 0}));
  CHECK(close(target_proportion_weights(counts_type{1, 2}, weights_type{1e308, 1e308}),
              {0.5, 0.25}));  // the sum exceeds the range of double
  CHECK(close(target_proportion_weights(counts_type{1, 2}, weights_type{DBL_TRUE_MIN, DBL_TRUE_MIN}), {0.5, 0.25}));
  CHECK(close(
      class_probabilities(counts_type{7, 11}, target_proportion_weights(counts_type{7, 11}, weights_type{0.3, 0.7})),
      {0.3, 0.7}));
  CHECK_THROWS_AS(target_proportion_weights(counts_type{1, 2}, weights_type{1}), std::invalid_argument);
  CHECK_THROWS_WITH(target_proportion_weights(counts_type{1, 2}, weights_type{1}),
                    "evendraw::target_proportion_weights: 1 share for 2 classes; give one for each");
  CHECK_THROWS_WITH(
      target_proportion_weights(counts_type{1, 0}, weights_type{1, 1}),
      "evendraw::target_proportion_weights: class number 1 has a share but no samples; its share must be 0");
  CHECK_THROWS_WITH(target_proportion_weights(counts_type{1, 1}, weights_type{1, -1}),
                    "evendraw::target_proportion_weights: shares[1] is -1; every number must be finite and >= 0");
  CHECK_THROWS_WITH(target_proportion_weights(counts_type{1, 1}, weights_type{0, 0}),
                    "evendraw::target_proportion_weights: all 2 shares are zero; at least one must be > 0");
}

TEST_CASE("class weights: counts that no scheme accepts", "[class_weights]") {
  CHECK_THROWS_AS(inverse_frequency_weights(counts_type{}), std::invalid_argument);
  CHECK_THROWS_WITH(inverse_frequency_weights(counts_type{}),
                    "evendraw::inverse_frequency_weights: there are no samples; at least one count must be > 0");
  CHECK_THROWS_WITH(balanced_weights(counts_type{0, 0}),
                    "evendraw::balanced_weights: there are no samples; at least one count must be > 0");
  CHECK_THROWS_WITH(inverse_frequency_weights(std::vector{3, -2}),
                    "evendraw::inverse_frequency_weights: counts[1] is -2; a count must be >= 0");
  CHECK_THROWS_WITH(power_weights(std::vector{-1}, 0.5),
                    "evendraw::power_weights: counts[0] is -1; a count must be >= 0");
  CHECK_THROWS_AS(temperature_weights(counts_type{0}, 2), std::invalid_argument);
  CHECK_THROWS_WITH(effective_number_weights(counts_type{0}, 0.5),
                    "evendraw::effective_number_weights: there are no samples; at least one count must be > 0");
  CHECK_THROWS_WITH(median_frequency_weights(counts_type{0}),
                    "evendraw::median_frequency_weights: there are no samples; at least one count must be > 0");
  CHECK_THROWS_WITH(interpolated_weights(counts_type{0}, 0.5),
                    "evendraw::interpolated_weights: there are no samples; at least one count must be > 0");
  CHECK_THROWS_WITH(target_proportion_weights(counts_type{0}, std::vector{1}),
                    "evendraw::target_proportion_weights: there are no samples; at least one count must be > 0");
}

TEST_CASE("counts of any integer type, from any range", "[class_weights]") {
  weights_type const expected{0.5, 0.25};
  CHECK(inverse_frequency_weights(std::array{2, 4}) == expected);
  CHECK(inverse_frequency_weights(std::list<short>{2, 4}) == expected);
  CHECK(inverse_frequency_weights(std::vector<unsigned char>{2, 4}) == expected);
  long const array[] = {2, 4};
  CHECK(inverse_frequency_weights(array) == expected);
  CHECK(inverse_frequency_weights(class_index(std::vector{7, 7, 8, 8, 8, 8}).counts()) == expected);
}

TEST_CASE("counts whose sum needs more than 64 bits", "[class_weights]") {
  std::uint64_t const huge = std::uint64_t{1} << 63;
  CHECK(inverse_frequency_weights(counts_type{huge, 1}) == weights_type{0x1p-63, 1});
  CHECK(balanced_weights(counts_type{huge, huge}) == weights_type{1, 1});
  CHECK(interpolated_weights(counts_type{huge, huge}, 0.5) == weights_type{1, 1});
  CHECK(median_frequency_weights(counts_type{huge, huge}) == weights_type{1, 1});
}

TEST_CASE("normalised: three constants", "[class_weights]") {
  counts_type const counts{1, 3};
  weights_type const weights{3, 1};
  CHECK(close(normalised(weights, 1), {0.75, 0.25}));
  CHECK(close(normalised(weights, 2u), {1.5, 0.5}));
  CHECK(close(normalised(weights, counts), {2, 2.0 / 3}));
  CHECK_THAT(sum(normalised(std::vector{1, 2, 3, 4}, 1.0)), WithinRel(1.0, 1e-15));
  CHECK(close(normalised(weights_type{1, 0, 1}, 3), {1.5, 0, 1.5}));
  CHECK_THROWS_WITH(normalised(weights_type{1}, counts),
                    "evendraw::normalised: 1 weight for 2 classes; give one for each");
  CHECK_THROWS_WITH(normalised(weights_type{0, 1}, counts_type{1, 0}),
                    "evendraw::normalised: only classes without samples have a weight; give one to a class that has "
                    "some");
  CHECK_THROWS_WITH(normalised(weights_type{1e-308, 10}, counts_type{2, 0}),
                    "evendraw::normalised: classes without samples have weights so large that all others vanish beside "
                    "them; set these to 0");
  CHECK_THROWS_WITH(normalised(weights_type{0, 0}, 1),
                    "evendraw::normalised: all 2 weights are zero; at least one must be > 0");
  CHECK_THROWS_WITH(normalised(weights_type{1, infinity}, counts),
                    "evendraw::normalised: weights[1] is inf; every weight must be finite and >= 0");
  CHECK_THROWS_WITH(normalised(weights, -1), "evendraw::normalised: the sum is -1; it must be finite and > 0");
  CHECK_THROWS_WITH(normalised(weights, 0.0), "evendraw::normalised: the sum is 0; it must be finite and > 0");
  CHECK_THROWS_AS(normalised(weights, infinity), std::invalid_argument);
}

TEST_CASE("normalised: weights of any size", "[class_weights]") {
  for (int const exponent : {1023, 1020, 900, 0, -900, -1022, -1030, -1074}) {
    CAPTURE(exponent);
    weights_type const weights{std::ldexp(1.0, exponent), std::ldexp(1.0, exponent)};
    CHECK(close(normalised(weights, 1), {0.5, 0.5}));
    CHECK(close(normalised(weights, counts_type{1, 3}), {1, 1}));
    CHECK(close(class_probabilities(counts_type{1, 3}, weights), {0.25, 0.75}));
  }
}

TEST_CASE("class_probabilities are n_c v_c / sum n v", "[class_weights]") {
  CHECK(close(class_probabilities(counts_type{1, 2, 3}, std::vector{3, 0, 1}), {0.5, 0, 0.5}));
  CHECK(close(class_probabilities(counts_type{1, 0}, std::vector{1, 5}), {1, 0}));
  CHECK_THROWS_AS(class_probabilities(counts_type{1, 2}, std::vector{1}), std::invalid_argument);
}

TEST_CASE("class_probabilities: errors name the function that was called", "[class_weights]") {
  CHECK_THROWS_WITH(class_probabilities(counts_type{1, 2}, std::vector{1}),
                    "evendraw::class_probabilities: 1 weight for 2 classes; give one for each");
  CHECK_THROWS_WITH(class_probabilities(counts_type{1, 2}, std::vector{1, -1}),
                    "evendraw::class_probabilities: weights[1] is -1; every weight must be finite and >= 0");
}

TEST_CASE("sample_weights gives every sample the weight of its class", "[class_weights]") {
  class_index const classes(std::vector{5, 3, 5, 5});
  CHECK(sample_weights(classes, weights_type{10, 20}) == weights_type{20, 10, 20, 20});
  CHECK(sample_weights(classes, inverse_frequency_weights(classes.counts())) ==
        weights_type{1.0 / 3, 1, 1.0 / 3, 1.0 / 3});
  class_index const subset(std::vector{5, 3, 5, 5}, std::vector{3, 1});
  CHECK(sample_weights(subset, weights_type{10, 20}) == weights_type{0, 10, 0, 20});
  CHECK_THROWS_AS(sample_weights(classes, weights_type{1}), std::invalid_argument);
  CHECK_THROWS_WITH(sample_weights(classes, weights_type{1}),
                    "evendraw::sample_weights: 1 weight for 2 classes; give one for each");
}

TEST_CASE("class weights: golden bits", "[class_weights]") {
  // Compilers may fuse a * b + c where the processor can (-march=native, for example -O2 -mfma). That rounds differently, and
  // a sampler would draw another sequence. So the weights must not depend on it.
  auto const bits_of = [](auto scheme) {
    std::uint64_t hash = 0;
    for (std::uint64_t i = 1; i < 300; ++i) {
      counts_type const counts{i, 7 * i + 3, 1000 - i};
      for (double const weight : scheme(counts, static_cast<double>(i))) {
        hash = hash * 6364136223846793005u + std::bit_cast<std::uint64_t>(weight);
      }
    }
    return hash;
  };
  CHECK(bits_of([](auto const& counts, double) { return power_weights(counts, 0.5); }) == 0x4f427a44c0dcbd61);
  CHECK(bits_of([](auto const& counts, double) { return balanced_weights(counts); }) == 0xca8c16bb02fc8c4c);
  CHECK(bits_of([](auto const& counts, double i) { return interpolated_weights(counts, i / 301); }) ==
        0x4dd11d7ceed8f1a5);
  CHECK(bits_of([](auto const& counts, double i) {
          return target_proportion_weights(counts, weights_type{0.1 * i, 0.3, 0.7});
        }) == 0x62bfaa8734825871);
  CHECK(bits_of([](auto const& counts, double) { return normalised(inverse_frequency_weights(counts), counts); }) ==
        0x3dcd209639e1c955);
}

TEST_CASE("counts, weights and shares may be given in braces", "[class_weights]") {
  using namespace evendraw;
  counts_type const counts{900, 100};
  weights_type const weights{1, 2}, shares{0.5, 0.5};
  CHECK(inverse_frequency_weights({900, 100}) == inverse_frequency_weights(counts));
  CHECK(balanced_weights({900, 100}) == balanced_weights(counts));
  CHECK(power_weights({900, 100}, 0.5) == power_weights(counts, 0.5));
  CHECK(temperature_weights({900, 100}, 2) == temperature_weights(counts, 2));
  CHECK(effective_number_weights({900, 100}, 0.9) == effective_number_weights(counts, 0.9));
  CHECK(median_frequency_weights({900, 100}) == median_frequency_weights(counts));
  CHECK(median_frequency_weights({900, 100}, {1000, 400}) == median_frequency_weights(counts, counts_type{1000, 400}));
  CHECK(interpolated_weights({900, 100}, 0.5) == interpolated_weights(counts, 0.5));
  CHECK(target_proportion_weights({900, 100}, {.5, .5}) == target_proportion_weights(counts, shares));
  CHECK(normalised({1., 2.}, 3) == normalised(weights, 3));
  CHECK(normalised({1, 2}, {900, 100}) == normalised(weights, counts));
  CHECK(normalised({1, 2}, {900, 100}) != normalised(weights, 3));
  CHECK(class_probabilities({900, 100}, {1, 2}) == class_probabilities(counts, weights));
  CHECK(class_repeat_factors({900, 100}, 10'000, 0.05) == class_repeat_factors(counts, 10'000, 0.05));
  class_index const classes(std::vector{0, 0, 1});
  CHECK(sample_weights(classes, {1, 2}) == weights_type{1, 1, 2});
  CHECK(expected_unique_samples(classes, {1, 1, 2}, 4) == expected_unique_samples(classes, weights_type{1, 1, 2}, 4));
  crossed_classes const cells(std::vector{0, 0, 1, 1}, std::vector{0, 1, 0, 1});
  counts_type quotas;
  for (auto const& [cell, quota] : epoch_quotas(cells, {.1, .2, .3, .4}, 10)) quotas.push_back(quota);
  CHECK(quotas == counts_type{1, 2, 3, 4});
}

TEST_CASE("class weights are never zero, infinite or NaN for a class that has samples", "[class_weights]") {
  counts_type const counts{10, 1000};
  CHECK_THROWS_WITH(power_weights(counts, 400),
                    "evendraw::power_weights: the weight of a class of 10 samples is 0; choose parameters closer to 1");
  CHECK_THROWS_AS(power_weights(counts, -400), std::invalid_argument);
  CHECK_THROWS_AS(temperature_weights(counts, 1e-320), std::invalid_argument);
  CHECK(target_proportion_weights(counts, weights_type{5e-324, 1e300})[0] > 0);
}

}  // namespace class_weights_test
