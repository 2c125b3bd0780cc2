#include <evendraw/evendraw.hpp>

#include <map>
#include <string>

#include <support/catch2.hpp>
#include <support/message_of.hpp>
#include <support/sampling.hpp>

namespace sharded_classes_test {

using evendraw::sharded_classes;
using counts = std::vector<std::uint64_t>;
using shard = std::vector<std::pair<std::string, int>>;

TEST_CASE("sharded_classes are the classes of the same samples with labels", "[sharded_classes]") {
  sharded_classes const classes(std::vector<counts>{{3, 0, 2}, {}, {0, 4}, {1, 1, 1}});
  CHECK(classes.num_classes() == 3);
  CHECK(classes.num_shards() == 4);
  CHECK(classes.num_samples() == 12);
  CHECK(classes.labels() == std::vector{0, 1, 2});
  CHECK(std::ranges::equal(classes.counts(), counts{4, 5, 3}));
  CHECK(classes.first_sample(0) == 0);
  CHECK(classes.first_sample(2) == 5);
  CHECK(classes.first_sample(4) == 12);

  std::vector<int> const labels{0, 0, 0, 2, 2, 1, 1, 1, 1, 0, 1, 2};
  evendraw::class_index const by_label(labels);
  counts const sizes{5, 0, 4, 3};
  evendraw::shard_options<int> const options{.open = 2, .batch_size = 2, .per_class = 3, .seed = 4};
  evendraw::shard_sampler const from_counts(classes, options), from_labels(by_label, sizes, options);
  for (std::uint64_t e = 0; e < 20; ++e) {
    CHECK(sampling::all(from_counts.epoch(e)) == sampling::all(from_labels.epoch(e)));
  }
  CHECK(from_counts.index_bound() == 12);
  CHECK(from_counts.shard_of(8) == 2);
}

TEST_CASE("sharded_classes: labels may be texts, sparse, unordered, or twice in a shard", "[sharded_classes]") {
  std::vector<shard> const shards{{{"snow", 2}, {"dry", 1}}, {}, {{"ice", 1}, {"dry", 5}, {"ice", 2}}, {{"wet", 0}}};
  CHECK(message_of([&] { sharded_classes{shards}; }) ==
        "evendraw::class_index: class 'wet' has no samples; leave it out of .classes or set .allow_empty");
  sharded_classes const classes(shards, {.allow_empty = true});
  CHECK(classes.labels() == std::vector<std::string>{"dry", "ice", "snow", "wet"});
  CHECK(std::ranges::equal(classes.counts(), counts{6, 3, 2, 0}));
  auto const& cells = *classes.shared_cells();
  REQUIRE(cells.cells.size() == 4);  // dry in 0 and 2, ice in 2, snow in 0
  CHECK(cells.cells[1].begin == 3);
  CHECK(cells.cells[2].begin == 8);
  CHECK(cells.cells[2].count == 3);
  CHECK(cells.cells[3].begin == 1);

  sharded_classes const by_map(std::vector<std::map<std::string, std::uint64_t>>{{{"dry", 1}, {"snow", 2}}},
                               {.classes = {"snow", "dry"}});
  CHECK(by_map.labels() == std::vector<std::string>{"snow", "dry"});
  CHECK(by_map.shared_cells()->cells[1].begin == 2);
}

TEST_CASE("sharded_classes finds the records of a shard", "[sharded_classes]") {
  sharded_classes const classes(std::vector<shard>{{{"dry", 2}}, {{"snow", 2}, {"dry", 3}, {"ice", 1}}});
  auto const in_order = [&](std::vector<std::string> const& labels) { return classes.records_by_class(1, labels); };
  std::vector<std::string> const labels{"snow", "dry", "ice", "dry", "snow", "dry"};
  CHECK(in_order(labels) == std::vector<std::uint32_t>{1, 3, 5, 2, 0, 4});
  CHECK(classes.records_by_class(0, std::vector<std::string>{"dry", "dry"}) == std::vector<std::uint32_t>{0, 1});
  CHECK(
      message_of([&] {
        in_order({"snow", "dry", "ice", "dry", "snow"});
      }) ==
      "evendraw::sharded_classes: shard 1 has 2 records of 'dry', but its counts say 3; it is damaged, or was written "
      "after the count");
  CHECK(message_of([&] { in_order({"fog"}); }) ==
        "evendraw::sharded_classes: shard 1 has a record of 'fog', but its counts do not; count again");
  CHECK(message_of([&] { (void)classes.records_by_class(2, labels); }) ==
        "out of range: evendraw::sharded_classes: shard number 2; there are 2 shards, numbered from 0");
  CHECK(message_of([&] { (void)classes.first_sample(3); }).find("shard number 3") != std::string::npos);
}

TEST_CASE("sharded_classes refuses bad input and says why", "[sharded_classes]") {
  auto const error = [](std::vector<std::vector<std::pair<int, std::int64_t>>> const& shards) {
    return message_of([&] { sharded_classes{shards}; });
  };
  CHECK(error({}) == "evendraw::sharded_classes: there are no shards; give the size of each");
  CHECK(error({{}, {}}) == "evendraw::class_index: no samples; at least one count must be > 0");
  CHECK(error({{}, {{7, -2}}}) == "evendraw::sharded_classes: shard 1 has -2 samples of 7; a count must be >= 0");
  CHECK(error({{{7, 5'000'000'000}}}).find("use std::uint64_t as the index type") != std::string::npos);
  CHECK(error({{{7, std::int64_t{1} << 62}}, {{7, std::int64_t{1} << 62}}}).find("2^63 - 1") != std::string::npos);
  CHECK(message_of([] {
          sharded_classes(std::vector<counts>{{1, 2}}, {.classes = {0}});
        }).find("declared .classes") != std::string::npos);
  sharded_classes<int, std::uint64_t> const large(std::vector<counts>{{5'000'000'000, 7}});
  evendraw::shard_sampler const sampler(large, {.open = 1});
  CHECK(sampler.epoch_size() == 14);

  // Two shards of 6 and 9 thousand million samples: some classes have more than 2^32 samples in a shard.
  sharded_classes<int, std::uint64_t> const huge(
      std::vector<counts>{{5'000'000'000, 1'000'000'000}, {9'000'000'000, 7}});
  evendraw::shard_sampler const of_huge(
      huge, {.open = 1, .batch_size = 10, .per_class = 700, .limits = {{1, 300}}, .seed = 3});
  auto const drawn = sampling::all(of_huge.epoch(5));
  CHECK(sampling::distinct(drawn));
  for (std::size_t i = 0; i < drawn.size(); i += 7) REQUIRE(of_huge.epoch(5)[i] == drawn[i]);
  CHECK(std::ranges::count_if(drawn, [](auto i) { return i < 5'000'000'000 || i - 6'000'000'000 < 9'000'000'000; }) ==
        700);
  CHECK(of_huge.epoch(5).find(drawn[321]) == counts{321});
}

}  // namespace sharded_classes_test
