// The figures about samplers in the articles that inspired evendraw.
#include <evendraw/evendraw.hpp>

#include <cmath>

#include <support/catch2.hpp>
#include <support/sampling.hpp>

namespace article_test {

namespace {

constexpr std::size_t majority = 165, minority = 10, draws = majority + minority;
auto const labels = sampling::labels_of({majority, minority});

}  // namespace

TEST_CASE("an inverse-frequency epoch leaves about 97 of 165 samples unseen and draws each of 10 about 8.75 times",
          "[article]") {
  double const expected_unseen = majority * std::pow(1 - 1 / (2.0 * majority), draws);
  CHECK(std::abs(expected_unseen - 97.0) < 0.1);
  evendraw::inverse_frequency_sampler const sampler(labels, {.seed = 1});
  REQUIRE(sampler.epoch_size() == draws);
  int const epochs = 2000;
  double unseen = 0, unseen_squares = 0, minority_draws = 0;
  for (int e = 0; e < epochs; ++e) {
    auto const drawn = sampling::draws_of_each(sampling::all(sampler.epoch(static_cast<std::uint64_t>(e))), draws);
    double missing = 0;
    for (std::size_t i = 0; i < draws; ++i) {
      if (labels[i] == 0 && drawn[i] == 0) ++missing;
      if (labels[i] == 1) minority_draws += static_cast<double>(drawn[i]) / minority;
    }
    unseen += missing;
    unseen_squares += missing * missing;
  }
  double const mean = unseen / epochs, error = std::sqrt((unseen_squares / epochs - mean * mean) / epochs);
  CAPTURE(mean, error);
  CHECK(std::abs(mean - expected_unseen) < 5 * error);
  CHECK(5 * error < 1);  // a mean of 96 or 98 would be noticed
  // The draws of each minority sample are binomial, with 175 trials and probability 1 / 20.
  CHECK(std::abs(minority_draws / epochs - 8.75) < 5 * std::sqrt(175.0 / 4 / epochs) / minority);
}

TEST_CASE("all samples are seen after about 10 inverse-frequency epochs, or ceil(165 / m) balanced ones", "[article]") {
  auto const epochs_until_all = [](auto const& sampler) {
    std::vector<bool> seen(draws);
    std::size_t missing = draws;
    std::uint64_t epoch = 0;
    for (; missing > 0; ++epoch) {
      for (auto const index : sampling::all(sampler.epoch(epoch))) {
        if (!seen[index]) --missing;
        seen[index] = true;
      }
    }
    return epoch;
  };
  // The law of the number of epochs, from P(all seen after e) = P(all 165 seen in d draws of their class), d binomial;
  // for 165 alone the samples are nearly independent: P = (1 - (1 - 1/330)^(175 e))^165.
  double expected = 0;
  for (int e = 0; e < 100; ++e) expected += 1 - std::pow(1 - std::pow(1 - 1 / 330.0, 175.0 * e), 165.0);
  double mean = 0;
  int const runs = 500;
  for (int run = 0; run < runs; ++run) {
    mean += static_cast<double>(epochs_until_all(
                evendraw::inverse_frequency_sampler(labels, {.seed = static_cast<std::uint64_t>(run)}))) /
            runs;
  }
  CAPTURE(mean, expected);
  CHECK(mean > 9);
  CHECK(mean < 12);
  CHECK(std::abs(mean - expected) < 0.6);  // 5 standard errors: the standard deviation of one number is about 2.4

  for (std::uint64_t const m : {1u, 4u, 10u}) {
    evendraw::balanced_epoch_sampler const balanced(labels, {.per_class = m, .seed = 5});
    CHECK(balanced.epochs_to_cover() == (majority + m - 1) / m);
    CHECK(epochs_until_all(balanced) == (majority + m - 1) / m);
  }
}

}  // namespace article_test
