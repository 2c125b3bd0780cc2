#include <array>
#include <cfloat>
#include <cmath>
#include <cstdint>
#include <limits>
#include <list>
#include <numeric>
#include <span>
#include <vector>

#include <support/catch2.hpp>
#include <support/sampling.hpp>
#include <support/statistics.hpp>

#include <evendraw/random/counter_random.hpp>
#include <evendraw/samplers/balanced_epoch_sampler.hpp>
#include <evendraw/samplers/inverse_frequency_sampler.hpp>
#include <evendraw/samplers/target_proportion_sampler.hpp>
#include <evendraw/weights/class_weights.hpp>
#include <evendraw/weights/prior_correction.hpp>
#include <evendraw/weights/sample_weights.hpp>

namespace prior_correction_test {

using namespace evendraw;
using counts_type = std::vector<std::uint64_t>;
using shares_type = std::vector<double>;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

bool close(shares_type const& a, shares_type const& b, double tolerance = 1e-14) {
  bool result = a.size() == b.size();
  for (std::size_t i = 0; result && i < a.size(); ++i)
    result = a[i] == b[i] || std::fabs(a[i] - b[i]) <= tolerance * (1 + std::fabs(b[i]));
  return result;
}

double sum(shares_type const& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

/// K numbers in (0, 1].
shares_type numbers(std::uint64_t key, std::size_t size) {
  shares_type result;
  for (std::size_t c = 0; c < size; ++c)
    result.push_back(static_cast<double>((random_word(key, c) >> 11) + 1) * 0x1p-53);
  return result;
}

shares_type divided_by_sum(shares_type values) {
  double const all = sum(values);
  for (double& value : values) value /= all;
  return values;
}

/// The prediction of the Bayes classifier, if classes have these shares, and x has these likelihoods in them.
shares_type posterior(shares_type const& shares, shares_type const& likelihood) {
  shares_type result;
  for (std::size_t c = 0; c < shares.size(); ++c) result.push_back(shares[c] * likelihood[c]);
  return divided_by_sum(result);
}

shares_type softmax(shares_type logits) {
  for (double& logit : logits) logit = std::exp(logit);
  return divided_by_sum(logits);
}

}  // namespace

TEST_CASE("prior correction by hand", "[prior_correction]") {
  // Classes of 95 % and 5 % of the data are drawn equally often: 0.95 / 0.5 and 0.05 / 0.5.
  CHECK(close(importance_weights({0.95, 0.05}, {0.5, 0.5}), {1.9, 0.1}));
  CHECK(close(logit_offsets({0.95, 0.05}, {0.5, 0.5}), {-0.6418538861723947, 2.302585092994046}));
  // 0.5 * 1.9 and 0.5 * 0.1; 0.2 * 1.9 = 0.38 and 0.8 * 0.1 = 0.08, of 0.46.
  CHECK(close(corrected_probabilities({0.5, 0.5}, {0.95, 0.05}, {0.5, 0.5}), {0.95, 0.05}));
  CHECK(close(corrected_probabilities({0.2, 0.8}, {0.95, 0.05}, {0.5, 0.5}), {38.0 / 46, 8.0 / 46}));
  CHECK(close(corrected_probabilities({0.0, 1.0}, {0.95, 0.05}, {0.5, 0.5}), {0, 1}));
  // Three classes are 6 : 3 : 1 in the data and are drawn 1 : 1 : 2.
  CHECK(close(importance_weights({6, 3, 1}, {1, 1, 2}), {2.4, 1.2, 0.2}));
  CHECK(close(logit_offsets({6, 3, 1}, {1, 1, 2}), {-std::log(2.4), -std::log(1.2), std::log(5)}));
  CHECK(close(corrected_probabilities({0.1, 0.4, 0.5}, {6, 3, 1}, {1, 1, 2}), {24.0 / 82, 48.0 / 82, 10.0 / 82}));
  CHECK(importance_weights({7}, {3}) == shares_type{1});
  CHECK(logit_offsets({7}, {3}) == shares_type{0});
  CHECK(corrected_probabilities({0.3}, {7}, {3}) == shares_type{1});
}

TEST_CASE("prior correction by King & Zeng's formula for two classes", "[prior_correction]") {
  // The constant of a logistic regression for class 1 is too large by log((1 - tau) / tau * y / (1 - y)).
  double const tau = 0.003, y = 0.4;
  auto const offsets = logit_offsets({1 - tau, tau}, {1 - y, y});
  CHECK(close({offsets[1] - offsets[0]}, {std::log((1 - tau) / tau * y / (1 - y))}));
}

TEST_CASE("prior correction changes nothing if the draws have the prior", "[prior_correction]") {
  for (std::size_t const size : {1u, 2u, 3u, 10u}) {
    auto const pi = numbers(size, size);
    CHECK(importance_weights(pi, pi) == shares_type(size, 1));
    CHECK(logit_offsets(pi, pi) == shares_type(size, 0));
    auto const predicted = divided_by_sum(numbers(size + 100, size));
    CHECK(close(corrected_probabilities(predicted, pi, pi), predicted));
  }
}

TEST_CASE("prior correction: only ratios of the prior and of the shares matter", "[prior_correction]") {
  auto const pi = numbers(1, 5), t = numbers(2, 5), predicted = numbers(3, 5);
  auto const times = [](shares_type values, double factor) {
    for (double& value : values) value *= factor;
    return values;
  };
  for (double const factor : {0.5, 3.0, 1e6, 1e-300, 1e308}) {
    CAPTURE(factor);
    CHECK(close(importance_weights(times(pi, factor), t), importance_weights(pi, t)));
    CHECK(close(importance_weights(pi, times(t, factor)), importance_weights(pi, t)));
    CHECK(close(logit_offsets(times(pi, factor), t), logit_offsets(pi, t)));
    CHECK(close(logit_offsets(pi, times(t, factor)), logit_offsets(pi, t)));
    CHECK(close(corrected_probabilities(times(predicted, factor), times(pi, factor), times(t, factor)),
                corrected_probabilities(predicted, pi, t)));
  }
  CHECK(close(importance_weights({1e308, 1e308, 1e308}, {DBL_TRUE_MIN, DBL_TRUE_MIN, DBL_TRUE_MIN}), {1, 1, 1}));
  CHECK_FALSE(close(importance_weights(pi, t), importance_weights(t, pi)));
}

TEST_CASE("prior correction: with importance weights the draws represent the prior", "[prior_correction]") {
  auto const pi = divided_by_sum(numbers(1, 6)), t = divided_by_sum(numbers(2, 6));
  auto const weights = importance_weights(pi, t), offsets = logit_offsets(pi, t);
  shares_type drawn_and_weighed;
  for (std::size_t c = 0; c < pi.size(); ++c) {
    drawn_and_weighed.push_back(t[c] * weights[c]);
    CHECK(close({std::exp(-offsets[c])}, {weights[c]}));
  }
  CHECK(close(drawn_and_weighed, pi));
  CHECK(close({sum(drawn_and_weighed)}, {1}));  // the mean over the draws
}

TEST_CASE("prior correction: the posterior under the draws becomes that under the prior", "[prior_correction]") {
  for (std::uint64_t round = 0; round < 100; ++round) {
    std::size_t const size = 2 + round % 9;
    CAPTURE(round, size);
    auto const pi = divided_by_sum(numbers(3 * round, size)), t = divided_by_sum(numbers(3 * round + 1, size));
    auto const likelihood = numbers(3 * round + 2, size);
    auto const learnt = posterior(t, likelihood), wanted = posterior(pi, likelihood);
    CHECK_FALSE(close(learnt, wanted, 1e-6));
    CHECK(close(corrected_probabilities(learnt, pi, t), wanted, 1e-12));
    CHECK(close(corrected_probabilities(wanted, t, pi), learnt, 1e-12));
    CHECK_FALSE(close(corrected_probabilities(learnt, t, pi), wanted, 1e-6));  // the twin: prior and shares exchanged

    auto const offsets = logit_offsets(pi, t);
    shares_type logits;
    for (std::size_t c = 0; c < size; ++c) logits.push_back(std::log(learnt[c]) + 0.7 - offsets[c]);
    CHECK(close(softmax(logits), wanted, 1e-12));
  }
}

TEST_CASE("prior correction: classes without a prior", "[prior_correction]") {
  SECTION("drawn") {
    CHECK(importance_weights({1, 0, 1}, {1, 2, 1}) == shares_type{2, 0, 2});
    CHECK(logit_offsets({1, 0, 1}, {1, 2, 1})[1] == infinity);
    CHECK(close(corrected_probabilities({0.1, 0.7, 0.2}, {1, 0, 1}, {1, 2, 1}), {1.0 / 3, 0, 2.0 / 3}));
    shares_type const logits{0.4, 9 - infinity, 0.4};
    CHECK(softmax(logits) == shares_type{0.5, 0, 0.5});
  }
  SECTION("not drawn") {
    CHECK(importance_weights({3, 0, 1}, {1, 0, 1}) == shares_type{1.5, 0, 0.5});
    CHECK(close(logit_offsets({3, 0, 1}, {1, 0, 1}), {-std::log(1.5), 0, std::log(2)}));
    CHECK(close(corrected_probabilities({0.2, 0.2, 0.6}, {3, 0, 1}, {1, 0, 1}), {0.5, 0, 0.5}));
  }
}

TEST_CASE("prior correction: tiny shares", "[prior_correction]") {
  CHECK(close(logit_offsets({1.0, DBL_TRUE_MIN}, {1.0, 1.0}), {-std::log(2), std::log(0.5) - std::log(DBL_TRUE_MIN)}));
  CHECK(std::isfinite(logit_offsets({1.0, 1.0, DBL_TRUE_MIN}, {1, 1, 1})[2]));  // the prior does not become 0
  CHECK(close(importance_weights({1.0, 1e-300}, {1e-300, 1.0}), {1e300, 1e-300}));
  CHECK(close(corrected_probabilities({1e-300, 1.0}, {1.0, 1e-300}, {1e-300, 1.0}), {1, 1e-300}));
  CHECK(close(corrected_probabilities({1.0, 1.0, 1e-9}, {1, 1, 2}, {1e-307, 1e-307, 1.0}), {0.5, 0.5, 0}));
}

TEST_CASE("prior correction takes counts and weights from any range", "[prior_correction]") {
  shares_type const expected{1.5, 0.5};
  CHECK(importance_weights(counts_type{3, 1}, shares_type{0.5, 0.5}) == expected);
  CHECK(importance_weights(std::list<short>{3, 1}, std::array{1.0f, 1.0f}) == expected);
  long const array[] = {3, 1};
  CHECK(importance_weights(array, std::vector<unsigned char>{1, 1}) == expected);
  CHECK(importance_weights(class_index(std::vector{7, 7, 8, 7}).counts(), {0.5, 0.5}) == expected);
  CHECK(close(logit_offsets(counts_type{3, 1}, std::list{1, 1}), {-std::log(1.5), std::log(2)}));
  CHECK(close(corrected_probabilities(std::array{0.5f, 0.5f}, counts_type{3, 1}, std::list{1, 1}), {0.75, 0.25}));
}

TEST_CASE("prior correction: error messages", "[prior_correction]") {
  SECTION("a class with a prior that is never drawn") {
    CHECK_THROWS_AS(importance_weights({1, 3}, {1, 0}), std::invalid_argument);
    CHECK_THROWS_WITH(importance_weights({1, 3}, {1, 0}),
                      "evendraw::importance_weights: class number 1 has the prior 0.75 but is drawn with the share 0; "
                      "draw it, or give it the prior 0");
    CHECK_THROWS_WITH(logit_offsets({1, 3}, {0, 1}),
                      "evendraw::logit_offsets: class number 0 has the prior 0.25 but is drawn with the share 0; "
                      "draw it, or give it the prior 0");
    CHECK_THROWS_WITH(corrected_probabilities({0, 1}, {1, 3}, {0, 1}),
                      "evendraw::corrected_probabilities: class number 0 has the prior 0.25 but is drawn with the "
                      "share 0; draw it, or give it the prior 0");
    CHECK_THROWS_AS(importance_weights({1.0, 1.0}, {1.0, 1e-310}),
                    std::invalid_argument);  // the weight is too large for a double
  }
  SECTION("sizes that differ") {
    CHECK_THROWS_AS(logit_offsets({1, 3}, {1, 1, 1}), std::invalid_argument);
    CHECK_THROWS_WITH(logit_offsets({1, 3}, {1, 1, 1}),
                      "evendraw::logit_offsets: 3 shares for a prior of 2 classes; give one for each");
    CHECK_THROWS_WITH(corrected_probabilities({1.0}, {1, 3}, {1, 1}),
                      "evendraw::corrected_probabilities: 1 prediction for 2 classes; give one for each");
  }
  SECTION("bad priors, shares and probabilities") {
    CHECK_THROWS_WITH(importance_weights(std::vector{1, -3}, {1, 1}),
                      "evendraw::importance_weights: priors[1] is -3; every number must be finite and >= 0");
    CHECK_THROWS_WITH(importance_weights({1.0, 1.0}, {infinity, 1.0}),
                      "evendraw::importance_weights: shares[0] is inf; every number must be finite and >= 0");
    CHECK_THROWS_WITH(logit_offsets(counts_type{0, 0}, {1, 1}),
                      "evendraw::logit_offsets: all 2 priors are zero; at least one must be > 0");
    CHECK_THROWS_WITH(logit_offsets(counts_type{}, counts_type{}),
                      "evendraw::logit_offsets: priors is empty; give at least one number");
    CHECK_THROWS_WITH(corrected_probabilities({0.5, std::nan("")}, {1, 1}, {1, 1}),
                      "evendraw::corrected_probabilities: predicted[1] is nan; every number must be finite and >= 0");
    CHECK_THROWS_WITH(corrected_probabilities({0.0, 1.0}, {1, 0}, {1, 1}),
                      "evendraw::corrected_probabilities: only classes without a prior are predicted; give them a "
                      "prior > 0");
  }
}

TEST_CASE("class_shares are what the samplers draw", "[prior_correction]") {
  auto const labels = sampling::labels_of({500, 60, 8, 132});
  class_index const classes(labels);
  shares_type const natural{500.0 / 700, 60.0 / 700, 8.0 / 700, 132.0 / 700};
  auto const drawn = [&](auto const& sampler) {
    return sampling::draws_of_classes(sampling::all(sampler.epoch(0)), labels);
  };
  SECTION("inverse_frequency_sampler") {
    inverse_frequency_sampler const sampler(classes, {.epoch_size = 20'000, .seed = 1});
    CHECK(sampler.class_shares() == shares_type{0.25, 0.25, 0.25, 0.25});
    CHECK(statistics::chi_squared_p(drawn(sampler), sampler.class_shares()) > statistics::threshold);
    CHECK(statistics::chi_squared_p(drawn(sampler), natural) < statistics::threshold);
  }
  SECTION("target_proportion_sampler") {
    target_proportion_sampler const sampler(classes, {{0, 3}, {1, 1}, {2, 4}, {3, 0}},
                                            {.epoch_size = 20'000, .seed = 2});
    CHECK(sampler.class_shares() == shares_type{0.375, 0.125, 0.5, 0});
    auto const seen = drawn(sampler);
    CHECK(seen[3] == 0);
    CHECK(statistics::chi_squared_p(std::span(seen).first(3), shares_type{0.375, 0.125, 0.5}) > statistics::threshold);
    CHECK(statistics::chi_squared_p(std::span(seen).first(3), shares_type{0.125, 0.375, 0.5}) < statistics::threshold);
    CHECK(target_proportion_sampler(classes, shares_type{2, 2, 2, 2}).class_shares() == shares_type(4, 0.25));
    CHECK(target_proportion_sampler(classes, shares_type{1e308, 1e308, 1e308, 1e308}).class_shares() ==
          shares_type(4, 0.25));
    target_proportion_sampler const partly_named(classes, {{1, 0.5}, {2, 0.184}},
                                                 {.unnamed = unnamed_classes::natural});
    CHECK(close(partly_named.class_shares(), {0.25, 0.5, 0.184, 0.066}));
  }
  SECTION("balanced_epoch_sampler") {
    using options = balanced_epoch_options<int>;
    for (auto const& given : {options{.seed = 3}, options{.epoch_size = 301},
                              options{.per_class = 100, .when_short = evendraw::when_short::give_all},
                              options{.limits = {{0, 30}, {3, 0}}, .max_repeats = 3}}) {
      balanced_epoch_sampler const sampler(classes, given);
      auto const size = static_cast<double>(sampler.epoch(0).size());
      shares_type shares;
      for (auto const count : drawn(sampler)) shares.push_back(static_cast<double>(count) / size);
      CHECK(sampler.class_shares() == shares);
    }
    // 8 each of 4 classes; 100, 60, 8, 100 of 268.
    CHECK(balanced_epoch_sampler(classes).class_shares() == shares_type(4, 0.25));
    CHECK(close(balanced_epoch_sampler(classes, {.per_class = 100, .when_short = evendraw::when_short::give_all})
                    .class_shares(),
                {100.0 / 268, 60.0 / 268, 8.0 / 268, 100.0 / 268}));
  }
}

TEST_CASE("class_shares count by class number, with 0 for classes without samples", "[prior_correction]") {
  class_index const classes(std::vector{1, 1, 1, 3}, {.classes = {0, 1, 2, 3}, .allow_empty = true});
  CHECK(inverse_frequency_sampler(classes).class_shares() == shares_type{0, 0.5, 0, 0.5});
  CHECK(target_proportion_sampler(classes, shares_type{0, 1, 0, 3}).class_shares() == shares_type{0, 0.25, 0, 0.75});
  CHECK(balanced_epoch_sampler(classes).class_shares() == shares_type{0, 0.5, 0, 0.5});
  CHECK(importance_weights(classes.counts(), inverse_frequency_sampler(classes).class_shares()) ==
        shares_type{0, 1.5, 0, 0.5});
  CHECK(logit_offsets(classes.counts(), balanced_epoch_sampler(classes).class_shares())[0] == 0);
  target_proportion_sampler const one(classes, {{1, 0}, {3, 1}});
  CHECK_THROWS_AS(logit_offsets(classes.counts(), one.class_shares()), std::invalid_argument);
}

TEST_CASE("prior correction of sampling by class weights", "[prior_correction]") {
  // The shares of draws by v_c are n_c v_c / sum n v, so that the importance weight is 1 / v_c times a constant.
  counts_type const counts{10, 40, 50};
  auto const weights = importance_weights(counts, class_probabilities(counts, shares_type{4, 2, 1}));
  CHECK(close(weights, {1.7 / 4, 1.7 / 2, 1.7}));
}

TEST_CASE("mean_under_prior: by hand", "[prior_correction]") {
  // Class 0: 1, 3 (mean 2, variance 2); class 1: 10, 10, 16 (mean 12, variance 12). Prior 3 : 1.
  std::vector<double> const values{1, 10, 3, 10, 16};
  std::vector<int> const classes{0, 1, 0, 1, 1};
  auto const [mean, error] = mean_under_prior(values, classes, {3, 1});
  CHECK(mean == 0.75 * 2 + 0.25 * 12);
  CHECK(error == Approx(std::sqrt(0.75 * 0.75 * 2 / 2 + 0.25 * 0.25 * 12 / 3)));
  CHECK(mean_under_prior(values, classes, {0, 7}).mean == 12);
  CHECK(mean_under_prior(std::vector{4., 5.}, std::vector{0, 0}, counts_type{9}).standard_error == 0.5);
  CHECK(mean_under_prior(std::vector{4., 5., 6.}, std::vector{0, 0, 1}, {1, 1}).standard_error == infinity);
  CHECK(mean_under_prior(std::vector{4., 5., 6.}, std::vector{0, 0, 1}, {1, 0}).standard_error == 0.5);

  CHECK_THROWS_WITH(mean_under_prior(std::vector{4.}, std::vector{0}, {1, 1}),
                    "evendraw::mean_under_prior: class number 1 has a prior but no draws; draw it, or give it the "
                    "prior 0");
  CHECK_THROWS_AS(mean_under_prior(std::vector{4.}, std::vector{2}, {1, 1}), std::invalid_argument);
  CHECK_THROWS_AS(mean_under_prior(std::vector{4.}, std::vector{0, 1}, {1, 1}), std::invalid_argument);
  CHECK_THROWS_AS(mean_under_prior(std::vector{4., 5., 6.}, std::vector{0, 1}, {1, 1}), std::invalid_argument);
  CHECK_THROWS_WITH(mean_under_prior(std::vector{4., 5.}, std::vector{0, -1}, {1, 1}),
                    "evendraw::mean_under_prior: a draw of class number -1; it must be >= 0");
  CHECK_THROWS_AS(mean_under_prior(std::vector{4., infinity}, std::vector{0, 1}, {1, 1}), std::invalid_argument);
}

TEST_CASE("mean_under_prior: balanced draws estimate the loss of the data within the standard error",
          "[prior_correction]") {
  auto const labels = sampling::labels_of({9000, 900, 100});
  class_index const classes(labels);
  double truth = 0;
  std::vector<double> losses;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    losses.push_back(labels[i] + static_cast<double>(random_word(1, i) >> 40) * 0x1p-24);
    truth += losses.back() / static_cast<double>(labels.size());
  }
  inverse_frequency_sampler const sampler(classes, {.epoch_size = 300, .seed = 2});
  int inside = 0, plain_inside = 0;
  double sum = 0;
  constexpr int epochs = 2000;
  for (std::uint64_t e = 0; e < epochs; ++e) {
    std::vector<double> drawn, ones(300, 0);
    std::vector<int> drawn_labels;
    for (auto const sample : sampler.epoch(e)) {
      drawn.push_back(losses[sample]);
      drawn_labels.push_back(labels[sample]);
    }
    auto const [mean, error] = mean_under_prior(drawn, drawn_labels, classes.counts());
    sum += mean / epochs;
    inside += std::fabs(mean - truth) < 1.96 * error ? 1 : 0;
    auto const plain = mean_under_prior(drawn, ones, {1});  // a wrong estimate: the mean of the draws
    plain_inside += std::fabs(plain.mean - truth) < 1.96 * plain.standard_error ? 1 : 0;
  }
  CHECK(sum == Approx(truth).margin(4 * 0.03 / std::sqrt(epochs)));
  CHECK(inside > 0.93 * epochs);  // 95 % expected, with a standard deviation of 0.5 %
  CHECK(inside < 0.97 * epochs);
  CHECK(plain_inside == 0);
}

}  // namespace prior_correction_test
