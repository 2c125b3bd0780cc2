#include <evendraw/evendraw.hpp>

#include <algorithm>
#include <map>
#include <vector>

#include <support/catch2.hpp>
#include <support/message_of.hpp>
#include <support/sampling.hpp>

namespace sharded_plan_test {

using counts = std::vector<std::uint64_t>;

namespace {

/// Forty shards of one class each; the classes take turns.
evendraw::sharded_classes<int> in_turns(std::uint64_t classes) {
  std::vector<std::vector<std::pair<int, int>>> shards(40);
  for (std::size_t s = 0; s < 40; ++s) shards[s] = {{static_cast<int>(s % classes), 50}};
  return evendraw::sharded_classes(shards);
}

/// The fraction of the full batches of epoch 0 without each class.
template <class Sampler>
std::vector<double> batches_without(Sampler const& sampler, evendraw::sharded_classes<int> const& classes,
                                    std::uint64_t batch_size) {
  std::vector<int> class_of;
  auto const& table = *classes.shared_cells();
  class_of.resize(static_cast<std::size_t>(classes.num_samples()));
  for (auto const& cell : table.cells) {
    for (std::uint64_t i = 0; i < cell.count; ++i) class_of[cell.begin + i] = static_cast<int>(cell.in_class);
  }
  std::vector<double> result(static_cast<std::size_t>(classes.num_classes()));
  evendraw::batch_sampler const batches(sampler, {.batch_size = batch_size, .last = evendraw::last_batch::drop});
  auto const epoch = batches.epoch(0);
  for (auto const batch : epoch) {
    std::vector<char> seen(result.size());
    for (auto const i : batch) seen[static_cast<std::size_t>(class_of[i])] = 1;
    for (std::size_t c = 0; c < result.size(); ++c) result[c] += seen[c] ? 0 : 1.0 / static_cast<double>(epoch.size());
  }
  return result;
}

}  // namespace

TEST_CASE("plan_sharded_epochs of hand-computed cases", "[plan]") {
  auto const classes = in_turns(4);
  auto const plan = evendraw::plan_sharded_epochs(classes, {.open = 8}, {.batch_size = 20, .epochs = 3});
  REQUIRE(plan.feasible());
  CHECK(plan.findings.empty());
  CHECK(plan.epoch_size == 2000);
  CHECK(plan.classes[0].draws_per_epoch == 500);
  CHECK(plan.classes[0].epochs_to_cover == 1);
  CHECK(plan.classes[0].batches_without == 0);  // 2 of 8 shards of each block

  auto const one_each = evendraw::plan_sharded_epochs(classes, {.open = 1}, {.batch_size = 20});
  REQUIRE(one_each.findings.size() == 1);
  CHECK(one_each.findings[0].kind == evendraw::finding::subject::unbalanced_blocks);
  CHECK(one_each.findings[0].text.find(" % of a block's draws, but 25 % of the epoch's; raise open") !=
        std::string::npos);
  CHECK(one_each.classes[1].batches_without == Approx(0.75));
}

TEST_CASE("plan_sharded_epochs predicts what shard_sampler draws", "[plan]") {
  auto const classes = in_turns(9);
  for (std::uint64_t const open : {2u, 4u, 10u, 40u}) {
    for (std::uint64_t const resident : {0u, 300u}) {
      evendraw::shard_options<int> const options{.open = open, .batch_size = 10, .resident = resident, .seed = 3};
      evendraw::shard_sampler const sampler(classes, options);
      auto const plan = evendraw::plan_sharded_epochs(classes, options);
      REQUIRE(plan.feasible());
      CHECK(plan.epoch_size == sampler.epoch_size());
      auto const seen = batches_without(sampler, classes, 10);
      for (std::size_t c = 0; c < 9; ++c) {
        CAPTURE(open, resident, c);
        CHECK(static_cast<std::uint64_t>(plan.classes[c].draws_per_epoch) == sampler.quotas()[c]);
        // Batches across the border of two blocks are not in the plan: at most one for each block.
        double const borders =
            static_cast<double>(sampler.blocks(0).size()) * 10 / static_cast<double>(plan.epoch_size);
        CHECK(std::abs(plan.classes[c].batches_without - seen[c]) < borders + 0.02);
      }
    }
  }
}

TEST_CASE("the check rejects a plan of shuffled epochs", "[plan]") {
  auto const classes = in_turns(9);
  evendraw::shard_sampler const sampler(classes, {.open = 2, .batch_size = 10, .seed = 3});
  auto const shuffled = evendraw::plan_balanced_epochs(classes.classes(), {}, {.batch_size = 10});
  CHECK(std::abs(shuffled.classes[0].batches_without - batches_without(sampler, classes, 10)[0]) > 0.3);
}

TEST_CASE("plan_sharded_epochs reports options that the sampler would refuse", "[plan]") {
  auto const finding_of = [](evendraw::run_plan const& plan) {
    REQUIRE_FALSE(plan.feasible());
    return plan.findings.at(0).text;
  };
  auto const classes = in_turns(4);
  CHECK(finding_of(evendraw::plan_sharded_epochs(classes, {})) ==
        "evendraw::shard_sampler: open is 0; at least one shard must be open");
  CHECK(finding_of(evendraw::plan_sharded_epochs(classes, {.open = 2}, {.batch_size = 128})) ==
        "evendraw::shard_sampler: batch_size is 128, but a block of at most 2 shards has 100 draws on average; raise "
        "open, lower batch_size, or draw more in an epoch");
  evendraw::class_index const labelled(std::vector<int>{1, 2, 1, 2});
  CHECK(evendraw::plan_sharded_epochs(labelled, counts{2, 2}, {.open = 1}, {.batch_size = 2}).feasible());
  CHECK(finding_of(evendraw::plan_sharded_epochs(labelled, counts{2, 2}, {.open = 1, .per_class = 3})) ==
        message_of([&] {
          evendraw::shard_sampler(labelled, counts{2, 2}, {.open = 1, .per_class = 3});
        }));
  CHECK_THROWS_AS(evendraw::plan_sharded_epochs(labelled, counts{2, 3}, {.open = 1}), std::invalid_argument);
}

}  // namespace sharded_plan_test
