#include <evendraw/classes/class_index.hpp>
#include <evendraw/inspect/batch_balance.hpp>
#include <evendraw/inspect/plan.hpp>
#include <evendraw/samplers/balanced_epoch_sampler.hpp>
#include <evendraw/samplers/batch_sampler.hpp>
#include <evendraw/samplers/random_sampler.hpp>
#include <evendraw/samplers/stratified_batch_sampler.hpp>
#include <evendraw/samplers/target_proportion_sampler.hpp>
#include <support/catch2.hpp>
#include <support/message_of.hpp>
#include <support/sampling.hpp>

#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

namespace plan_test {

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using evendraw::finding;

namespace {

std::vector<std::string> texts(evendraw::run_plan const& plan) {
  std::vector<std::string> result;
  for (auto const& finding : plan.findings) result.push_back(finding.text);
  return result;
}

double choose(std::uint64_t n, std::uint64_t k) {
  double result = k <= n ? 1 : 0;
  for (std::uint64_t i = 0; i < k && k <= n; ++i)
    result = result * static_cast<double>(n - i) / static_cast<double>(i + 1);
  return result;
}

/// The results for class c, counted over consecutive runs of plan.epochs epochs.
struct observed {
  double batches_without = 0;
  double draws = 0;
  double unique_samples = 0;
  double batches = 0;
};

template <class Sampler, class Label>
std::vector<observed> observe(Sampler const& sampler, evendraw::class_index<Label> const& classes,
                              evendraw::plan_options const& options, std::uint64_t runs) {
  std::vector<observed> result(static_cast<std::size_t>(classes.num_classes()));
  std::uint64_t epoch = 0;
  for (std::uint64_t run = 0; run < runs; ++run) {
    evendraw::batch_balance balance(classes);
    for (std::uint64_t e = 0; e < options.epochs; ++e) {
      for (auto const batch : evendraw::batch_sampler(sampler, options.batch_size).epoch(epoch++)) balance.add(batch);
    }
    for (std::size_t c = 0; c < result.size(); ++c) {
      auto const counted = balance.of_class(c);
      result[c].batches_without += static_cast<double>(counted.batches_without);
      result[c].batches += static_cast<double>(balance.num_full_batches());
      result[c].draws += static_cast<double>(counted.draws) / static_cast<double>(runs);
      result[c].unique_samples += static_cast<double>(counted.unique_samples) / static_cast<double>(runs);
    }
  }
  return result;
}

/// The deviation of the fraction of batches without the class, in standard errors of independent batches.
double sigmas_off(observed const& seen, double batches_without) {
  double const variance = batches_without * (1 - batches_without) / seen.batches;
  return std::abs(seen.batches_without / seen.batches - batches_without) / std::sqrt(variance);
}

}  // namespace

TEST_CASE("plan_with_replacement of a hand-computed case", "[plan]") {
  // Two samples of probability 1/4, one of 1/2; two draws an epoch, two epochs, batches of two.
  auto const plan = evendraw::plan_with_replacement({2, 1}, {1, 1}, {.batch_size = 2, .epochs = 2, .epoch_size = 2});
  CHECK(plan.feasible());
  CHECK(plan.epoch_size == 2);
  CHECK(plan.full_batches == 1);
  REQUIRE(plan.classes.size() == 2);
  auto const& pair = plan.classes[0];
  CHECK(pair.class_size == 2);
  CHECK(pair.draws == 2);
  CHECK(pair.share == 0.5);
  CHECK(pair.draws_per_epoch == 1);
  CHECK(pair.draws_per_sample == 0.5);
  CHECK(pair.draws_per_batch == 1);
  CHECK_THAT(pair.batches_without, WithinRel(0.25, 1e-14));
  CHECK_THAT(pair.unique_per_epoch, WithinRel(0.875, 1e-14));
  CHECK_THAT(pair.unique_samples, WithinRel(2 * (1 - 81.0 / 256), 1e-14));
  CHECK_THAT(pair.repeats, WithinRel(2 - 2 * (1 - 81.0 / 256), 1e-14));
  auto const& single = plan.classes[1];
  CHECK(single.draws_per_sample == 1);
  CHECK_THAT(single.unique_per_epoch, WithinRel(0.75, 1e-14));
  CHECK_THAT(single.unique_samples, WithinRel(15.0 / 16, 1e-14));
  CHECK_THAT(single.epochs_to_cover, WithinRel(4.0 / 3, 1e-10));  // unseen in an epoch with 1/4
  CHECK(single.epochs_to_cover_at_most == 4);                     // 1/4^3 > 0.01 > 1/4^4
  CHECK_THAT(plan.unique_samples, WithinRel(3 - 81.0 / 128 - 1.0 / 16, 1e-14));
  CHECK_THAT(plan.unseen_samples, WithinRel(81.0 / 128 + 1.0 / 16, 1e-14));
  // all seen after d draws: 1 - 2 (3/4)^d - (1/2)^d + (1/2)^d + 2 (1/4)^d - 0^d
  double mean = 1;
  for (int d = 2; d < 400; d += 2) mean += 2 * std::pow(0.75, d) - 2 * std::pow(0.25, d);
  CHECK_THAT(plan.epochs_to_cover, WithinRel(mean, 1e-10));
  CHECK(plan.epochs_to_cover_at_most == 10);  // 2 (3/4)^20 < 0.01 < 2 (3/4)^18
}

TEST_CASE("plan_with_replacement of the article's data: 97 of 165 samples are unseen", "[plan]") {
  auto const plan = evendraw::plan_with_replacement({165, 10}, {0.5, 0.5});
  CHECK(plan.epoch_size == 175);
  CHECK_THAT(165 - plan.classes[0].unique_samples, WithinAbs(97.0, 0.1));
  CHECK_THAT(plan.classes[1].draws_per_sample, WithinRel(8.75, 1e-14));
  CHECK_THAT(plan.epochs_to_cover, WithinAbs(11.22, 0.01));
  REQUIRE(plan.findings.size() == 1);
  CHECK(plan.findings[0].kind == finding::subject::not_covered);
  CHECK(plan.findings[0].class_number == 0);
  CHECK(plan.findings[0].num_classes == 1);
  CHECK(texts(evendraw::plan_with_replacement({165, 10}, {0.5, 0.5}, {.epochs = 20})).empty());
}

TEST_CASE("one draw repeats nothing, whatever the rounding of numbers", "[plan]") {
  for (std::uint64_t rare = 1; rare < 10; ++rare) {
    auto const plan = evendraw::plan_with_replacement({rare, 23, 301}, {1, 2.5, 3}, {.batch_size = 3, .epoch_size = 1});
    for (auto const& planned : plan.classes) CHECK(planned.repeats == 0);
  }
}

TEST_CASE("the probability that a class is not drawn", "[plan]") {
  using evendraw::detail::none_drawn;
  for (std::uint64_t total = 0; total <= 12; ++total) {
    for (std::uint64_t special = 0; special <= total; ++special) {
      for (std::uint64_t draws = 0; draws <= total; ++draws) {
        double const exact = choose(total - special, draws) / choose(total, draws);
        CHECK_THAT(none_drawn(total, special, draws), WithinAbs(exact, 1e-14));
      }
    }
  }
  CHECK(none_drawn(10, 11, 0) == 0);
  CHECK(none_drawn(std::numeric_limits<std::uint64_t>::max(), std::numeric_limits<std::uint64_t>::max() / 2,
                   1u << 31) == 0);
  CHECK_THAT(none_drawn(1'000'000'000'000, 1, 1'000'000), WithinRel(1 - 1e-6, 1e-15));
  CHECK_THAT(none_drawn(1'000'000, 1'000, 2'000), WithinRel(none_drawn(1'000'000, 2'000, 1'000), 1e-12));
}

TEST_CASE("plan_balanced_epochs of hand-computed cases", "[plan]") {
  auto const plan = evendraw::plan_balanced_epochs({7, 3}, {}, {.batch_size = 2, .epochs = 2});  // 3 + 3 an epoch
  CHECK(plan.epoch_size == 6);
  CHECK(plan.full_batches == 3);
  auto const& large = plan.classes[0];
  CHECK(large.draws_per_epoch == 3);
  CHECK(large.draws == 6);
  CHECK(large.draws_per_batch == 1);
  CHECK_THAT(large.batches_without, WithinRel(3.0 / 15, 1e-14));  // 3 over 2 / 6 over 2; independent draws: 1/4
  CHECK(large.unique_per_epoch == 3);
  CHECK(large.unique_samples == 6);
  CHECK(large.repeats == 0);
  CHECK(large.epochs_to_cover == 3);
  CHECK(large.epochs_to_cover_at_most == 3);
  CHECK(plan.classes[1].unique_samples == 3);
  CHECK(plan.classes[1].repeats == 3);
  CHECK(plan.classes[1].epochs_to_cover == 1);
  CHECK(plan.epochs_to_cover == 3);
  CHECK(plan.unseen_samples == 1);
  CHECK(texts(plan) ==
        std::vector<std::string>{"1 of the 7 samples of class number 0 are expected to be unseen after 2 "
                                 "epochs; seeing all takes 3; raise epochs or its draws per epoch"});

  auto const repeated =
      evendraw::plan_balanced_epochs({3, 10, 4}, {.per_class = 6, .limits = {{0, 6}, {1, 2}, {2, 0}}, .max_repeats = 2},
                                     {.batch_size = 8, .epochs = 5});
  CHECK(repeated.epoch_size == 8);
  CHECK(repeated.classes[0].draws_per_epoch == 6);
  CHECK(repeated.classes[0].draws_per_sample == 2);
  CHECK(repeated.classes[0].unique_per_epoch == 3);
  CHECK(repeated.classes[0].batches_without == 0);
  CHECK(repeated.classes[1].draws_per_epoch == 2);
  CHECK(repeated.classes[1].unique_samples == 10);
  CHECK(repeated.classes[1].epochs_to_cover == 5);
  CHECK(repeated.classes[2].draws == 0);
  CHECK(repeated.classes[2].batches_without == 1);
  CHECK(repeated.unseen_samples == 0);  // coverage does not wait for a class that is left out
  CHECK(texts(repeated) == std::vector<std::string>{"class number 2 is never drawn; raise its draws per epoch, "
                                                    "unless it is meant to be left out"});

  CHECK(evendraw::plan_balanced_epochs({500, 20, 500}, {}, {.epoch_size = 320}).classes[2].draws_per_epoch == 150);
}

TEST_CASE("plan_shuffled of hand-computed cases", "[plan]") {
  auto const plan = evendraw::plan_shuffled({6, 2}, {.batch_size = 3, .epochs = 2});
  CHECK(plan.epoch_size == 8);
  CHECK(plan.full_batches == 2);
  CHECK(plan.classes[1].share == 0.25);
  CHECK(plan.classes[1].draws == 4);
  CHECK_THAT(plan.classes[1].batches_without, WithinRel(20.0 / 56, 1e-14));  // 6 over 3 / 8 over 3
  CHECK(plan.classes[1].unique_samples == 2);
  CHECK(plan.classes[1].repeats == 2);
  CHECK(plan.epochs_to_cover == 1);

  auto const part = evendraw::plan_shuffled({6, 2}, {.batch_size = 3, .epochs = 2, .epoch_size = 3});
  CHECK(part.classes[0].draws_per_epoch == 2.25);
  CHECK(part.classes[0].unique_samples == 4.5);
  CHECK(part.epochs_to_cover == 3);
  CHECK(part.unseen_samples == 2);
  auto const short_batch = evendraw::plan_shuffled({6, 2}, {.batch_size = 4, .epoch_size = 3});
  CHECK(short_batch.full_batches == 0);
  CHECK_THAT(short_batch.classes[1].batches_without, WithinRel(20.0 / 56, 1e-14));  // of the one batch of 3
}

TEST_CASE("plan_stratified_batches of hand-computed cases", "[plan]") {
  auto const plan = evendraw::plan_stratified_batches({70, 20, 5}, {0.7, 0.27, 0.03}, {.batch_size = 10, .epochs = 2});
  CHECK(plan.epoch_size == 100);  // 95, rounded up
  CHECK(plan.full_batches == 10);
  CHECK_THAT(plan.classes[0].draws_per_batch, WithinRel(7.0, 1e-14));
  CHECK(plan.classes[0].batches_without == 0);
  CHECK(plan.classes[0].epochs_to_cover == 1);
  CHECK(plan.classes[1].unique_per_epoch == 20);
  CHECK_THAT(plan.classes[2].batches_without, WithinRel(0.7, 1e-12));
  CHECK_THAT(plan.classes[2].unique_per_epoch, WithinRel(3.0, 1e-12));
  CHECK(plan.classes[2].unique_samples == 5);
  CHECK(plan.classes[2].epochs_to_cover == 2);
  CHECK(texts(plan) ==
        std::vector<std::string>{"70 % of the batches are without class number 2; raise batch_size or its share"});
}

TEST_CASE("plan_with_replacement predicts what target_proportion_sampler draws", "[plan]") {
  evendraw::class_index const classes(sampling::labels_of({120, 30, 4}));
  std::vector<double> const shares{0.6, 0.3, 0.1};
  evendraw::plan_options const options{.batch_size = 12, .epochs = 3, .epoch_size = 48};
  auto const plan = evendraw::plan_with_replacement(classes, shares, options);
  std::uint64_t const runs = 600;
  auto const seen = observe(evendraw::target_proportion_sampler(classes, shares, {.epoch_size = 48, .seed = 6}),
                            classes, options, runs);
  auto const with_two_more =
      evendraw::plan_with_replacement(classes, shares, {.batch_size = 14, .epochs = 3, .epoch_size = 56});
  for (std::size_t c = 0; c < 3; ++c) {
    auto const& planned = plan.classes[c];
    CAPTURE(c, seen[c].draws, planned.draws, seen[c].unique_samples, planned.unique_samples, planned.batches_without);
    double const bound =
        5 * std::sqrt(planned.draws / static_cast<double>(runs));  // at least the standard deviation of both numbers
    CHECK(std::abs(seen[c].draws - planned.draws) < bound);
    CHECK(std::abs(seen[c].unique_samples - planned.unique_samples) < bound);
    if (c > 0) CHECK(sigmas_off(seen[c], planned.batches_without) < 5);
    if (c > 0) CHECK(sigmas_off(seen[c], with_two_more.classes[c].batches_without) > 5);
  }
  CHECK(std::abs(seen[0].unique_samples - with_two_more.classes[0].unique_samples) > 1);
}

TEST_CASE("plan_balanced_epochs predicts what balanced_epoch_sampler draws", "[plan]") {
  evendraw::class_index const classes(sampling::labels_of({100, 30, 6}));
  evendraw::plan_options const options{.batch_size = 9, .epochs = 4, .epoch_size = 36};
  auto const plan = evendraw::plan_balanced_epochs(classes, {}, options);
  evendraw::balanced_epoch_sampler const sampler(classes, {.epoch_size = 36, .seed = 3});
  CHECK(plan.epoch_size == sampler.epoch_size());
  CHECK(plan.epochs_to_cover == static_cast<double>(sampler.epochs_to_cover()));
  auto const first = observe(sampler, classes, options, 1);
  auto const seen = observe(sampler, classes, options, 1000);
  auto const independent = evendraw::plan_with_replacement(classes, {1, 1, 0.4}, options);
  CHECK(evendraw::plan_balanced_epochs(classes, {.epoch_size = 36, .seed = 3}).epoch_size == 36);
  for (std::size_t c = 0; c < 3; ++c) {
    auto const& planned = plan.classes[c];
    CHECK(planned.draws_per_epoch == static_cast<double>(sampler.quotas()[c]));
    CHECK(first[c].draws == planned.draws);
    CHECK(first[c].unique_samples == planned.unique_samples);
    CAPTURE(c, planned.batches_without, seen[c].batches_without / seen[c].batches);
    CHECK(sigmas_off(seen[c], planned.batches_without) < 5);
    CHECK(sigmas_off(seen[c], independent.classes[c].batches_without) > 5);
  }
}

TEST_CASE("plan_balanced_epochs takes the options of the sampler, by label", "[plan]") {
  std::vector<std::string> labels(90, "dry");
  labels.insert(labels.end(), 10, "ice");
  evendraw::class_index const classes(labels);
  for (auto const& options : std::vector<evendraw::balanced_epoch_options<std::string>>{
           {},
           {.epoch_size = 25},
           {.per_class = 30, .when_short = evendraw::when_short::give_all},
           {.limits = {{"dry", 4}}, .seed = 5},
           {.per_class = 25, .max_repeats = 3},
           {.quotas = {{"ice", 3}, {"dry", 1}}}}) {
    auto const plan = evendraw::plan_balanced_epochs(classes, options);
    evendraw::balanced_epoch_sampler const sampler(classes, options);
    CHECK(plan.epoch_size == sampler.epoch_size());
    for (std::size_t c = 0; c < 2; ++c) {
      CHECK(plan.classes[c].draws_per_epoch == static_cast<double>(sampler.quotas()[c]));
    }
  }
  CHECK(evendraw::plan_balanced_epochs(classes, {.limits = {{"wet", 4}}}).findings.at(0).text == message_of([&] {
          evendraw::balanced_epoch_sampler(classes, {.limits = {{"wet", 4}}});
        }));
}

TEST_CASE("plan_shuffled predicts what random_sampler draws", "[plan]") {
  evendraw::class_index const classes(sampling::labels_of({94, 4, 2}));
  evendraw::plan_options const options{.batch_size = 40, .epochs = 2, .epoch_size = 40};
  auto const plan = evendraw::plan_shuffled(classes, options);
  std::uint64_t const runs = 3000;
  CHECK(plan.epochs_to_cover ==
        static_cast<double>(evendraw::random_sampler(100, {.epoch_size = 40}).epochs_to_cover()));
  std::vector<observed> seen(3);
  for (std::uint64_t run = 0; run < runs; ++run) {  // each run from the beginning of its walk
    auto const once = observe(evendraw::random_sampler(100, {.epoch_size = 40, .seed = run}), classes, options, 1);
    for (std::size_t c = 0; c < 3; ++c) {
      seen[c].batches += once[c].batches;
      seen[c].batches_without += once[c].batches_without;
      seen[c].unique_samples += once[c].unique_samples / static_cast<double>(runs);
    }
  }
  for (std::size_t c = 1; c < 3; ++c) {
    auto const& planned = plan.classes[c];
    CHECK(std::abs(seen[c].unique_samples - planned.unique_samples) <
          5 * std::sqrt(planned.unique_samples / static_cast<double>(runs)));
    CHECK(sigmas_off(seen[c], planned.batches_without) < 5);
    CHECK(sigmas_off(seen[c], std::pow(1 - planned.share, 40)) > 5);  // independent draws
  }
}

TEST_CASE("plan_stratified_batches predicts what stratified_batch_sampler draws", "[plan]") {
  evendraw::class_index const classes(sampling::labels_of({180, 63, 20, 5}));
  std::vector<double> const shares{0.1, 0.7, 0.17, 0.03};
  evendraw::plan_options const options{.batch_size = 10, .epochs = 12, .epoch_size = 90};
  auto const plan = evendraw::plan_stratified_batches(classes, shares, options);
  evendraw::stratified_batch_sampler const sampler(classes, shares, {.batch_size = 10, .num_batches = 9, .seed = 8});
  evendraw::batch_balance balance(classes);
  for (std::uint64_t e = 0; e < options.epochs; ++e) {
    for (auto const batch : sampler.epoch(e)) balance.add(batch);
  }
  CHECK(plan.full_batches * options.epochs == balance.num_full_batches());
  auto const batches = static_cast<double>(balance.num_full_batches());
  for (std::size_t c = 0; c < 4; ++c) {
    auto const seen = balance.of_class(c);
    auto const& planned = plan.classes[c];
    CAPTURE(c, planned.draws, planned.unique_samples, planned.batches_without);
    CHECK(std::abs(static_cast<double>(seen.draws) - planned.draws) < 1);
    CHECK(std::abs(static_cast<double>(seen.unique_samples) - planned.unique_samples) < 1);
    CHECK(std::abs(static_cast<double>(seen.batches_without) / batches - planned.batches_without) < 1 / batches);
  }
  CHECK(plan.classes[1].epochs_to_cover == 1);  // 63 of 63 draws, though 63 / (0.7 * 90) is a little more than 1
  CHECK(plan.epochs_to_cover == 20);
  CHECK((sampler.batches_to_cover() + 8) / 9 == 20);
}

TEST_CASE("findings name the worst class by its label, and say how many more there are", "[plan]") {
  evendraw::class_index const classes =
      evendraw::class_index<std::string>::from_runs({{"dry", 1000}, {"ice", 2}, {"snow", 20}, {"wet", 100}});
  auto const plan = evendraw::plan_with_replacement(classes, {1, 1, 1, 0}, {.batch_size = 2, .epochs = 5});
  CHECK(plan.feasible());
  CHECK(
      texts(plan) ==
      std::vector<std::string>{
          "class 'wet' is never drawn; raise its share, unless it is meant to be left out",
          "3 classes are drawn and a batch has 2 draws, so no batch can have them all; raise batch_size",
          "each sample of class 'ice' (and one other class) is drawn 187 times an epoch, more than 10; lower its "
          "share",
          "44.4 % of the batches are without class 'dry' (and 2 other classes); raise batch_size or its share",
          "154 of the 1000 samples of class 'dry' are expected to be unseen after 5 epochs; seeing all takes 31; raise "
          "epochs, epoch_size or its share"});
  REQUIRE(plan.findings.size() == 5);
  CHECK(plan.findings[0].kind == finding::subject::left_out);
  CHECK(plan.findings[0].class_number == 3);
  CHECK(plan.findings[1].kind == finding::subject::more_classes);
  CHECK(plan.findings[1].class_number == 4);
  CHECK(plan.findings[1].num_classes == 0);
  CHECK(plan.findings[2].kind == finding::subject::many_draws);
  CHECK(plan.findings[2].class_number == 1);
  CHECK(plan.findings[2].num_classes == 2);
  CHECK(plan.findings[3].kind == finding::subject::seldom_in_batches);
  CHECK(plan.findings[3].num_classes == 3);
  CHECK(plan.findings[4].kind == finding::subject::not_covered);
}

TEST_CASE("findings about batches", "[plan]") {
  auto const small = evendraw::plan_balanced_epochs({9, 3}, {}, {.batch_size = 16, .epochs = 3});
  CHECK(texts(small) == std::vector<std::string>{"an epoch has 6 draws and a batch 16, so no batch is full; lower "
                                                 "batch_size or raise the draws per epoch"});
  CHECK(small.findings[0].kind == finding::subject::no_full_batch);
  CHECK(small.classes[0].batches_without == 0);  // of the one short batch

  auto const plan = evendraw::plan_shuffled({93, 7}, {.batch_size = 20, .max_batches_without = 0.1});
  CHECK(texts(plan) == std::vector<std::string>{
                           "19.8 % of the batches are without class number 1; stratified batches would all have it"});
  CHECK(evendraw::plan_shuffled({93, 7}, {.batch_size = 20}).findings.empty());
  CHECK(evendraw::plan_shuffled({93, 0, 7}, {.batch_size = 20}).findings.empty());  // no samples to leave out
}

TEST_CASE("findings suggest only what the planned sampler has", "[plan]") {
  evendraw::plan_options const once{.batch_size = 4, .max_batches_without = 0.05};
  // The limit of class 0 binds, so that a larger epoch_size would not draw more of it.
  CHECK(
      texts(evendraw::plan_balanced_epochs({60, 20}, {.epoch_size = 24, .limits = {{0, 4}}}, once)) ==
      std::vector<std::string>{
          "45.6 % of the batches are without class number 0; raise batch_size or its draws per epoch",
          "56 of the 60 samples of class number 0 are expected to be unseen after 1 epoch; seeing all takes 15; raise "
          "epochs or its draws per epoch"});
  CHECK(texts(evendraw::plan_shuffled({39, 1}, {.batch_size = 4, .epoch_size = 20})) ==
        std::vector<std::string>{
            "90 % of the batches are without class number 1; raise batch_size",
            "19.5 of the 39 samples of class number 0 (and one other class) are expected to be unseen after 1 epoch; "
            "seeing all takes 2; raise epochs or epoch_size"});
  CHECK(texts(evendraw::plan_shuffled({2, 1},
                                      {.batch_size = 4, .epochs = 2, .epoch_size = 2, .max_batches_without = 1})) ==
        std::vector<std::string>{"an epoch has 2 draws and a batch 4, so no batch is full; lower batch_size or raise "
                                 "epoch_size"});
  CHECK(texts(evendraw::plan_stratified_batches({39, 1}, {1, 1}, {.batch_size = 2, .max_draws_per_sample = 30})) ==
        std::vector<std::string>{"19 of the 39 samples of class number 0 are expected to be unseen after 1 epoch; "
                                 "seeing all takes 2; raise epochs, epoch_size or its share"});
}

TEST_CASE("findings: the limits themselves are not findings", "[plan]") {
  auto const plan_with_limit = [](double most) {
    return evendraw::plan_balanced_epochs({4, 4}, {.per_class = 12, .max_repeats = 3},
                                          {.batch_size = 24, .max_draws_per_sample = most});
  };
  CHECK(plan_with_limit(3).findings.empty());
  REQUIRE(plan_with_limit(2.99).findings.size() == 1);
  CHECK(plan_with_limit(2.99).findings[0].text ==
        "each sample of class number 0 (and one other class) is drawn 3 times an epoch, more "
        "than 2.99; lower its draws per epoch");
  CHECK(evendraw::plan_balanced_epochs({8, 4}, {}, {.batch_size = 8, .epochs = 2}).findings.empty());
  CHECK(evendraw::plan_balanced_epochs({9, 4}, {}, {.batch_size = 8, .epochs = 2}).findings.size() == 1);
}

TEST_CASE("a run that a sampler would refuse is a finding with its message", "[plan]") {
  auto const only_finding = [](evendraw::run_plan const& plan) {
    REQUIRE(plan.findings.size() == 1);
    CHECK(plan.findings[0].kind == finding::subject::infeasible);
    CHECK_FALSE(plan.feasible());
    CHECK(plan.classes.at(0).class_size == 30);
    CHECK(plan.classes[0].draws_per_epoch == 0);
    CHECK(plan.epoch_size == 0);
    return plan.findings[0].text;
  };
  evendraw::class_index const classes(sampling::labels_of({30, 5}));
  CHECK(only_finding(evendraw::plan_balanced_epochs({30, 5}, {.max_repeats = 2}, {.epoch_size = 71})) ==
        message_of([&] { evendraw::balanced_epoch_sampler(classes, {.epoch_size = 71, .max_repeats = 2}); }));
  CHECK(only_finding(evendraw::plan_balanced_epochs({30, 5}, {.per_class = 6})) ==
        "evendraw::balanced_epoch_sampler: per_class is 6, but class number 1 has only 5 samples (max_repeats is 1); "
        "set .when_short = evendraw::when_short::give_all, or set .max_repeats to 2, or lower per_class");
  CHECK(evendraw::plan_balanced_epochs({30, 5}, {.per_class = 6, .when_short = evendraw::when_short::give_all})
            .epoch_size == 11);
  CHECK(only_finding(evendraw::plan_balanced_epochs({30, 5}, {.per_class = 2}, {.epoch_size = 7})) ==
        message_of([&] { evendraw::balanced_epoch_sampler(classes, {.epoch_size = 7, .per_class = 2}); }));
  CHECK(only_finding(evendraw::plan_shuffled({30, 5}, {.epoch_size = 36})) ==
        message_of([&] { evendraw::random_sampler(35, {.epoch_size = 36}); }));
  constexpr std::uint64_t half = std::uint64_t{1} << 63;
  CHECK(only_finding(evendraw::plan_with_replacement({30, 5}, {1, 1}, {.epoch_size = half})) == message_of([&] {
          evendraw::target_proportion_sampler(classes, std::vector{1, 1}, {.epoch_size = half});
        }));
  CHECK(only_finding(evendraw::plan_stratified_batches({30, 5}, {1, 1}, {.batch_size = (half >> 32) + 1})) ==
        message_of([&] { evendraw::stratified_batch_sampler(classes, {.batch_size = (half >> 32) + 1}); }));
  CHECK(only_finding(evendraw::plan_stratified_batches({30, 5}, {1, 1}, {.batch_size = 3, .epoch_size = half + 1})) ==
        "evendraw::stratified_batch_sampler: 3074457345618258603 batches of 3; at most 2^63 - 1 draws can be counted: "
        "lower their number or the batch size");
  for (std::uint64_t const batch_size : {7u, 64u}) {  // the sum wraps around for 64
    CHECK_FALSE(
        evendraw::plan_stratified_batches({30, 5}, {1, 1}, {.batch_size = batch_size, .epoch_size = half - 1 + half})
            .feasible());
  }
  CHECK(evendraw::plan_with_replacement({30, 5}, {1, 1}, {.epoch_size = half - 1}).feasible());
  CHECK(evendraw::plan_stratified_batches({30, 5}, {1, 1}, {.batch_size = half >> 32}).feasible());
  CHECK(evendraw::plan_stratified_batches({30, 5}, {1, 1}, {.batch_size = 7, .epoch_size = half - 1}).feasible());
  CHECK_THROWS_WITH((evendraw::detail::class_sizes{half - 2, 1, 1}),
                    "evendraw::run_plan: counts[2] is 1, so there are more than 2^63 - 1 samples, which no "
                    "sampler can count");
  CHECK_THROWS_AS((evendraw::detail::class_sizes{half, half}), std::invalid_argument);
  CHECK((evendraw::detail::class_sizes{half - 2, 1, 0}.num_samples()) == half - 1);
  CHECK(only_finding(evendraw::plan_with_replacement({30, 0}, {1, 1})) ==
        "evendraw::target_proportion_weights: class number 1 has a share but no samples; its share must be 0");
  CHECK(only_finding(evendraw::plan_stratified_batches({30, 5}, {1, 1, 1})) ==
        "evendraw::target_proportion_weights: 3 shares for 2 classes; give one for each");
  CHECK(only_finding(evendraw::plan_balanced_epochs({30, 5}, {.limits = {{2, 3}}})) ==
        "evendraw::balanced_epoch_sampler: limits names 2, which no sample has; the classes are 0, 1");
  CHECK(only_finding(evendraw::plan_balanced_epochs({30, 5}, {.epoch_size = 8}, {.epoch_size = 9})) ==
        "evendraw::plan_options: epoch_size is 9, and that of the sampler is 8; leave one of them out");
  CHECK(only_finding(evendraw::plan_shuffled({30, 5}, {.batch_size = 0})) ==
        "evendraw::plan_options: batch_size is 0; a batch needs at least one draw");
  CHECK(only_finding(evendraw::plan_shuffled({30, 5}, {.epochs = 0})) ==
        "evendraw::plan_options: epochs is 0; a run needs at least one");
  CHECK(only_finding(evendraw::plan_shuffled({30, 5}, {.confidence = 1})) ==
        "evendraw::plan_options: confidence is 1; needs 0 < confidence < 1");
}

TEST_CASE("a balanced epoch of less than a tenth of the data is a finding", "[plan]") {
  auto const small = evendraw::plan_balanced_epochs({960, 30, 10}, {}, {.batch_size = 10, .epochs = 100});
  REQUIRE(small.findings.size() == 1);
  CHECK(small.findings[0].kind == finding::subject::small_epoch);
  CHECK(small.findings[0].text ==
        "an epoch has 30 draws, 3 % of the 1000 samples, since all classes give equally many; .epoch_size makes it "
        "longer, "
        "and .max_repeats repeats the samples of small classes");
  evendraw::plan_options const run{.batch_size = 10, .epochs = 100};
  CHECK(evendraw::plan_balanced_epochs({180, 10}, {}, run).findings.empty());  // a ninth
  CHECK(evendraw::plan_balanced_epochs({190, 10}, {}, run).findings.size() == 1);
  CHECK(evendraw::plan_balanced_epochs({960, 30, 10}, {.max_repeats = 4}, run).findings.empty());
  CHECK(evendraw::plan_balanced_epochs({960, 30, 10}, {}, {.batch_size = 10, .epochs = 100, .epoch_size = 30})
            .findings.empty());                                                                   // as the options ask
  CHECK(evendraw::plan_balanced_epochs({960, 30, 10}, {.per_class = 10}, run).findings.empty());  // likewise
  CHECK(evendraw::plan_balanced_epochs({30, 10}, {.limits = {{1, 0}}}, run).findings.size() == 1);  // left out
}

TEST_CASE("plan_with_replacement: classes of one size with different shares have different plans", "[plan]") {
  std::vector<std::uint64_t> const sizes{50, 20, 50, 50, 20};
  std::vector<double> const shares{1, 1, 2, 1, 0};
  auto const plan = evendraw::plan_with_replacement(sizes, shares, {.epoch_size = 100});
  evendraw::coverage_time const law(sizes, shares, 100);
  for (std::size_t c = 0; c < 4; ++c) {
    CAPTURE(c);
    CHECK(plan.classes[c].epochs_to_cover == law.of_class(c).mean());
    CHECK(plan.classes[c].epochs_to_cover_at_most == static_cast<double>(law.of_class(c).quantile(0.99)));
    CHECK(plan.classes[c].share == shares[c] / 5);
  }
  CHECK(plan.classes[0].epochs_to_cover > plan.classes[2].epochs_to_cover);
  CHECK(plan.classes[4].epochs_to_cover == 0);
}

}  // namespace plan_test
