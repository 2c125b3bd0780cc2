#include <evendraw/classes/class_index.hpp>
#include <evendraw/inspect/batch_balance.hpp>
#include <evendraw/samplers/balanced_epoch_sampler.hpp>
#include <evendraw/samplers/batch_sampler.hpp>
#include <evendraw/samplers/inverse_frequency_sampler.hpp>
#include <support/catch2.hpp>
#include <support/message_of.hpp>

#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

namespace batch_balance_test {

using batch = std::vector<std::uint32_t>;
using counts = std::vector<std::uint64_t>;

namespace {

// Samples 0 to 5 are "common", 6 and 7 "rare", 8 "single".
std::vector<std::string> labels() {
  std::vector<std::string> result(6, "common");
  result.insert(result.end(), {"rare", "rare", "single"});
  return result;
}

evendraw::class_index<std::string> classes() { return evendraw::class_index(labels()); }

}  // namespace

TEST_CASE("batch_balance before any batch", "[batch_balance]") {
  evendraw::batch_balance balance(classes());
  STATIC_REQUIRE(std::is_same_v<decltype(balance), evendraw::batch_balance<std::uint32_t>>);
  balance.add({});  // an empty batch is not counted
  CHECK(balance.num_classes() == 3);
  CHECK(balance.num_batches() == 0);
  CHECK(balance.num_full_batches() == 0);
  CHECK(balance.num_draws() == 0);
  CHECK(balance.batch_size() == 0);
  CHECK(balance.total_variation() == 0);
  auto const common = balance.of_class(0);
  CHECK(common.class_size == 6);
  CHECK(common.expected_share == 6.0 / 9);
  CHECK(common.share == 0);
  CHECK(common.draws + common.min_per_batch + common.max_per_batch + common.batches_without == 0);
  CHECK(balance.chi_squared().statistic == 0);
  CHECK(balance.chi_squared().degrees_of_freedom == 2);
  CHECK(balance.chi_squared().p_value == 1);
  CHECK(balance.draws_per_sample().histogram() == std::vector<evendraw::draw_counts<>::frequency>{{0, 9}});
}

TEST_CASE("batch_balance counts hand-made batches", "[batch_balance]") {
  evendraw::batch_balance balance(classes(), {.expected_shares = {2, 1, 1}, .keep = 2});
  balance.add(batch{0, 0, 6, 0});
  balance.add(batch{1, 2, 3, 6});
  balance.add(batch{7, 6, 0, 6});
  balance.add(batch{8, 8});  // short

  CHECK(balance.num_batches() == 4);
  CHECK(balance.num_full_batches() == 3);
  CHECK(balance.num_draws() == 14);
  CHECK(balance.batch_size() == 4);
  CHECK(balance.first_batches() == std::vector<counts>{{3, 1, 0}, {3, 1, 0}});

  auto const common = balance.of_class(0);
  CHECK(common.draws == 7);
  CHECK(common.share == 7.0 / 14);
  CHECK(common.expected_share == 0.5);
  CHECK(common.min_per_batch == 1);  // not 0: the short batch does not count
  CHECK(common.max_per_batch == 3);
  CHECK(common.batches_without == 0);
  CHECK(common.unique_samples == 4);
  CHECK(common.most_draws == 4);

  auto const rare = balance.of_class(1);
  CHECK(rare.class_size == 2);
  CHECK(rare.draws == 5);
  CHECK(rare.expected_share == 0.25);
  CHECK(rare.min_per_batch == 1);
  CHECK(rare.max_per_batch == 3);
  CHECK(rare.unique_samples == 2);
  CHECK(rare.most_draws == 4);

  auto const single = balance.of_class(2);
  CHECK(single.draws == 2);
  CHECK(single.min_per_batch == 0);
  CHECK(single.max_per_batch == 0);  // only the short batch has it
  CHECK(single.batches_without == 3);
  CHECK(single.unique_samples == 1);
  CHECK(single.most_draws == 2);

  // |7/14 - 1/2| + |5/14 - 1/4| + |2/14 - 1/4|, halved
  CHECK_THAT(balance.total_variation(), Catch::Matchers::WithinRel(3.0 / 28, 1e-12));
  // 7, 5 and 2 draws of 14; 7, 3.5 and 3.5 expected; two degrees of freedom: p = exp(-statistic / 2)
  CHECK_THAT(balance.chi_squared().statistic, Catch::Matchers::WithinRel(2 * 1.5 * 1.5 / 3.5, 1e-12));
  CHECK_THAT(balance.chi_squared().p_value, Catch::Matchers::WithinRel(std::exp(-1.5 * 1.5 / 3.5), 1e-12));
}

TEST_CASE("batch_balance knows how often each sample was drawn, and when", "[batch_balance]") {
  evendraw::batch_balance balance(classes());
  balance.add(batch{0, 0, 6});
  balance.add(batch{8, 0, 6});
  balance.end_epoch();
  balance.add(batch{1, 8, 8});
  balance.end_epoch();
  auto const& draws = balance.draws_per_sample();
  CHECK(draws.draws_of(0) == 3);
  CHECK(draws.unique_samples() == 4);
  CHECK(draws.repeats() == 5);
  CHECK(draws.epochs() == std::vector<evendraw::draw_counts<>::epoch_mark>{{6, 3}, {9, 4}});
  CHECK(draws.histogram(0) == std::vector<evendraw::draw_counts<>::frequency>{{0, 4}, {1, 1}, {3, 1}});
}

TEST_CASE("batch_balance tells a sampler with the expected shares from one with other shares", "[batch_balance]") {
  evendraw::inverse_frequency_sampler const sampler(classes(), {.epoch_size = 9000, .seed = 5});
  auto const p_value = [&](std::vector<double> shares) {
    evendraw::batch_balance balance(classes(), {.expected_shares = shares});
    for (auto const drawn : evendraw::batch_sampler(sampler, 100).epoch(0)) balance.add(drawn);
    return balance.chi_squared().p_value;
  };
  CHECK(p_value({1, 1, 1}) > 0.01);
  CHECK(p_value({6, 2, 1}) < 1e-6);
  CHECK(p_value({1.1, 1, 1}) < 0.01);
  CHECK(p_value({1, 1, 0}) == 0);
}

TEST_CASE("batch_balance: after a larger batch the previous ones count as short", "[batch_balance]") {
  evendraw::batch_balance balance(classes(), {.keep = 9});
  balance.add(batch{0});
  balance.add(batch{8});
  balance.add(batch{6, 7});
  CHECK(balance.num_batches() == 3);
  CHECK(balance.num_full_batches() == 1);
  CHECK(balance.of_class(0).batches_without == 1);
  CHECK(balance.of_class(1).min_per_batch == 2);
  CHECK(balance.of_class(2).batches_without == 1);
  CHECK(balance.of_class(2).max_per_batch == 0);
  CHECK(balance.first_batches() == std::vector<counts>{{1, 0, 0}, {0, 0, 1}, {0, 2, 0}});
}

TEST_CASE("batch_balance: a short batch between full ones does not change the next", "[batch_balance]") {
  evendraw::batch_balance balance(classes(), {.keep = 9});
  balance.add(batch{0, 8});
  balance.add(batch{8});
  balance.add(batch{6, 6});
  CHECK(balance.first_batches() == std::vector<counts>{{1, 0, 1}, {0, 0, 1}, {0, 2, 0}});
  CHECK(balance.of_class(2).max_per_batch == 1);
  CHECK(balance.of_class(2).batches_without == 1);
  CHECK(balance.of_class(1).batches_without == 1);
  CHECK(balance.of_class(1).min_per_batch == 0);
}

TEST_CASE("batch_balance: expected shares are divided by their sum", "[batch_balance]") {
  double const huge = std::numeric_limits<double>::max();
  evendraw::batch_balance const balance(classes(), {.expected_shares = {huge, huge, 0}});
  CHECK(balance.of_class(0).expected_share == 0.5);
  CHECK(balance.of_class(2).expected_share == 0);
}

TEST_CASE("batch_balance shows what balanced_epoch_sampler promises", "[batch_balance]") {
  evendraw::balanced_epoch_sampler const sampler(
      classes(),
      {.per_class = 2, .when_short = evendraw::when_short::give_all, .seed = 3});  // 2 + 2 + 1 draws an epoch
  evendraw::batch_balance balance(classes(), {.expected_shares = {2, 2, 1}});
  for (std::uint64_t epoch = 0; epoch < 3; ++epoch) {
    for (auto const drawn : evendraw::batch_sampler(sampler, 5).epoch(epoch)) balance.add(drawn);
  }
  CHECK(balance.total_variation() == 0);
  CHECK(balance.of_class(0).min_per_batch == 2);
  CHECK(balance.of_class(0).max_per_batch == 2);
  CHECK(balance.of_class(0).unique_samples == 6);  // three epochs of two cover the six
  CHECK(balance.of_class(0).most_draws == 1);
  CHECK(balance.of_class(1).most_draws == 3);
  CHECK(balance.of_class(2).draws == 3);
}

TEST_CASE("batch_balance refuses impossible shares", "[batch_balance]") {
  auto const message_for = [&](std::vector<double> shares) {
    return message_of([&] { evendraw::batch_balance(classes(), {.expected_shares = shares}); });
  };
  CHECK(message_for({0.5, 0.5}) ==
        "evendraw::batch_balance: 2 expected_shares for 3 classes; give one for each, or none");
  CHECK(message_for({1, -1, 1}) ==
        "evendraw::batch_balance: expected_shares[1] is -1; every number must be finite and >= 0");
  CHECK(message_for({0, 0, 0}) == "evendraw::batch_balance: all 3 expected_shares are zero; at least one must be > 0");
}

TEST_CASE("batch_balance refuses samples that it does not know, and does not count their batch", "[batch_balance]") {
  std::vector<std::uint32_t> const train{0, 1, 6};
  evendraw::batch_balance balance(evendraw::class_index(labels(), train));
  CHECK(message_of([&] {
          balance.add(batch{0, 9});
        }) ==
        "evendraw::batch_balance: batch[1] is 9; the class_index has the samples below 9; build both from "
        "the same "
        "labels");
  CHECK(message_of([&] {
          balance.add(batch{0, 1, 8});
        }) ==
        "evendraw::batch_balance: batch[2] is 8, which is outside the subset of the class_index; build both "
        "from the "
        "same subset");
  CHECK(message_of([&] { (void)balance.of_class(2); }) ==
        "out of range: evendraw::batch_balance: class number 2; there are 2 classes");
  CHECK(balance.num_draws() == 0);
  CHECK(balance.of_class(0).draws == 0);
  CHECK(balance.draws_per_sample().draws_of(0) == 0);
  balance.add(batch{0, 6});
  CHECK(balance.of_class(0).draws == 1);
  CHECK(balance.of_class(0).min_per_batch == 1);
}

TEST_CASE("batch_balance: only batches of the largest size count as full", "[batch_balance]") {
  std::size_t const num_classes = 40;
  std::vector<int> labels;
  for (std::size_t i = 0; i < 400; ++i) labels.push_back(static_cast<int>(i % num_classes));
  evendraw::batch_balance<> balance{evendraw::class_index(labels)};
  std::vector<std::vector<std::uint32_t>> batches;
  std::size_t wrong = 0, wrong_if_all_count = 0;
  for (std::uint64_t b = 0; b < 60; ++b) {  // sizes grow, repeat, and are smaller now and then
    batches.emplace_back(static_cast<std::size_t>(1 + b / 4 - (b % 7 == 6 ? b / 8 : 0)));
    for (std::uint64_t i = 0; i < batches.back().size(); ++i) {
      batches.back()[i] = static_cast<std::uint32_t>(evendraw::random_word(b, i) % 400);
    }
    balance.add(batches.back());
    for (std::size_t c = 0; c < num_classes; ++c) {
      std::uint64_t fewest = ~std::uint64_t{0}, most = 0, without = 0, full = 0, most_of_all = 0;
      for (auto const& each : batches) {
        std::uint64_t count = 0;
        for (auto const sample : each) count += sample % num_classes == c;
        most_of_all = std::max(most_of_all, count);
        if (each.size() != balance.batch_size()) continue;
        ++full;
        fewest = std::min(fewest, count);
        most = std::max(most, count);
        without += count == 0;
      }
      auto const of_class = balance.of_class(c);
      wrong += of_class.min_per_batch != fewest || of_class.max_per_batch != most;
      wrong += of_class.batches_without != without || balance.num_full_batches() != full;
      wrong_if_all_count += most != most_of_all;
    }
  }
  CHECK(wrong == 0);
  CHECK(wrong_if_all_count > 0);
}

}  // namespace batch_balance_test
