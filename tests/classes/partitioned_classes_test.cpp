#include <evendraw/classes/partitioned_classes.hpp>
#include <evendraw/evendraw.hpp>

#include <functional>
#include <limits>
#include <optional>
#include <string>

#include <support/catch2.hpp>
#include <support/sampling.hpp>

namespace partitioned_classes_test {

using evendraw::class_index;
using evendraw::label_counts;
using evendraw::partitioned_classes;

namespace {

using whole = class_index<int, std::uint64_t>;

constexpr std::uint64_t no_rank = ~std::uint64_t{0};

/// All ranks in one process: what each of them has, and knows.
template <class Label>
struct ranks {
  using index = class_index<Label>;

  explicit ranks(std::vector<std::vector<Label>> labels, evendraw::class_index_options<Label> const& options = {})
      : labels_of(std::move(labels)) {
    std::vector<std::optional<index>> mine;
    for (auto const& local_labels : labels_of) {
      mine.push_back(local_labels.empty() ? std::nullopt : std::optional(index(local_labels)));
    }
    build(mine, options);
  }
  explicit ranks(std::vector<std::optional<index>> const& mine) { build(mine, {}); }

  void build(std::vector<std::optional<index>> const& mine, evendraw::class_index_options<Label> const& options) {
    for (auto const& each : mine) counts.push_back(each ? each->label_counts() : label_counts<Label>());
    for (std::size_t r = 0; r < mine.size(); ++r) partitions.emplace_back(mine[r], counts, r, options);
  }

  [[nodiscard]] auto const& classes() const { return partitions[0].classes(); }

  std::vector<std::vector<Label>> labels_of;
  std::vector<label_counts<Label>> counts;
  std::vector<partitioned_classes<Label>> partitions;
};

/// The labels cut into parts at random places. Some parts may be empty.
template <class Label>
ranks<Label> cut(std::vector<Label> const& labels, std::uint64_t parts, std::uint64_t seed) {
  std::vector<std::size_t> ends{labels.size()};
  for (std::uint64_t i = 1; i < parts; ++i) {
    ends.push_back(static_cast<std::size_t>(evendraw::bounded(evendraw::random_word(seed, i), labels.size() + 1)));
  }
  if (parts > 2 && seed % 2 == 0) ends[1] = ends[2];
  std::ranges::sort(ends);
  std::vector<std::vector<Label>> result;
  std::ptrdiff_t begin = 0;
  for (std::size_t const end : ends) {
    result.emplace_back(labels.begin() + begin, labels.begin() + static_cast<std::ptrdiff_t>(end));
    begin = static_cast<std::ptrdiff_t>(end);
  }
  return ranks<Label>(std::move(result));
}

using batch_list = std::vector<std::vector<std::uint64_t>>;
using plan = std::function<batch_list(whole const&)>;

/// The batches of several epochs, in one process.
template <class Sampler>
batch_list all_batches(Sampler const& batches) {
  batch_list result;
  for (std::uint64_t const epoch : {0u, 1u, 6u}) {
    for (auto const batch : batches.epoch(epoch)) result.emplace_back(batch.begin(), batch.end());
  }
  return result;
}

/// The same batches, drawn by ranks that each make their own sampler. Samples are numbered as if the data of the ranks
/// were concatenated. A draw that no rank takes is `no_rank`, and one that several take is another wrong number.
batch_list drawn_by(ranks<int> const& data, std::function<batch_list(whole const&, std::size_t)> const& make) {
  std::vector<batch_list> seen_by;
  for (std::size_t r = 0; r < data.partitions.size(); ++r) seen_by.push_back(make(data.partitions[r].classes(), r));
  batch_list result(seen_by[0].size());
  std::uint64_t offset = 0;
  for (std::size_t r = 0; r < data.partitions.size(); ++r) {
    REQUIRE(seen_by[r].size() == result.size());  // every rank does as many steps
    for (std::size_t b = 0; b < result.size(); ++b) {
      auto const& batch = seen_by[r][b];
      result[b].resize(batch.size(), no_rank);
      std::vector<std::uint32_t> own;
      for (std::size_t i = 0; i < batch.size(); ++i) {
        auto const sample = data.partitions[r].local_sample(batch[i]);
        if (!sample) continue;
        own.push_back(*sample);
        result[b][i] = result[b][i] == no_rank ? offset + *sample : no_rank - 1;
      }
      CHECK(data.partitions[r].local_samples(batch) == own);
    }
    offset += data.labels_of[r].size();
  }
  return result;
}

/// Checks that ranks which share the data draw the same batches by `make` as one process with all of it.
void draws_as_one(std::vector<int> const& labels, plan const& make) {
  auto const expected = make(whole(labels));
  for (std::uint64_t const parts : {1u, 2u, 3u, 4u, 7u}) {
    for (std::uint64_t const seed : {1u, 2u}) {
      CAPTURE(parts, seed);
      auto const data = cut(labels, parts, seed);
      CHECK(drawn_by(data, [&](auto const& classes, std::size_t) { return make(classes); }) == expected);
    }
  }
}

auto const labels = sampling::labels_of({500, 77, 20, 3});

plan balanced(evendraw::balanced_epoch_options<int> const& options, std::uint64_t batch_size) {
  return [=](whole const& classes) {
    return all_batches(evendraw::batch_sampler(evendraw::balanced_epoch_sampler(classes, options), batch_size));
  };
}

}  // namespace

TEST_CASE("Ranks that share the data draw the batches of one process with all of it", "[partitioned_classes]") {
  SECTION("balanced epochs") {
    draws_as_one(labels, balanced({.seed = 3}, 5));
    draws_as_one(labels, balanced({.epoch_size = 200, .limits = {{1, 30}}, .seed = 4}, 64));
    draws_as_one(labels, balanced({.per_class = 400, .max_repeats = 1000, .seed = 5}, 1600));  // batches beyond a block
  }
  SECTION("with replacement") {
    draws_as_one(labels, [](whole const& classes) {
      return all_batches(evendraw::batch_sampler(evendraw::inverse_frequency_sampler(classes, {.seed = 3}), 100));
    });
    draws_as_one(labels, [](whole const& classes) {
      return all_batches(evendraw::batch_sampler(
          evendraw::target_proportion_sampler(classes, {{0, 0.1}, {1, 0.2}, {2, 0.3}, {3, 0.4}}, {.seed = 3}), 32));
    });
  }
  SECTION("batches with exact quotas") {
    draws_as_one(labels, [](whole const& classes) {
      return all_batches(evendraw::stratified_batch_sampler(
          classes, {.batch_size = 10, .shares = {{0, 0.5}, {1, 0.3}, {2, 0.17}, {3, 0.03}}, .seed = 3}));
    });
  }
  SECTION("batches of P classes") {
    draws_as_one(labels, [](whole const& classes) {
      return all_batches(evendraw::pk_batch_sampler(classes, {.classes = 3, .samples = 4, .seed = 3}));
    });
  }
}

TEST_CASE("Ranks that share the data can change quotas in the middle of a run", "[partitioned_classes]") {
  auto const amended = [](std::uint64_t position) {
    return [position](whole const& classes) {
      evendraw::batch_sampler const before(evendraw::balanced_epoch_sampler(classes, {.epoch_size = 150}), 10);
      return all_batches(evendraw::amended(before, {.epoch = 1, .position = position}, classes, {.epoch_size = 80}));
    };
  };
  draws_as_one(labels, amended(7));
  draws_as_one(labels, [](whole const& classes) {
    evendraw::stratified_batch_sampler const before(classes, {.batch_size = 12});
    return all_batches(evendraw::amended(before, {.epoch = 1, .position = 5}, classes, {.batch_size = 8}));
  });
  auto const data = cut(labels, 3, 1);  // one rank has another history
  CHECK(drawn_by(data, [&](auto const& classes, std::size_t r) { return amended(r == 2 ? 6 : 7)(classes); }) !=
        amended(7)(whole(labels)));
}

TEST_CASE("The check rejects ranks that do not follow one plan", "[partitioned_classes]") {
  auto const make = balanced({.seed = 3}, 6);
  auto const expected = make(whole(labels));
  auto const data = cut(labels, 3, 1);
  CHECK(drawn_by(data, [&](auto const& classes, std::size_t) { return make(classes); }) == expected);
  // A rank with a seed of its own.
  CHECK(drawn_by(data, [&](auto const& classes, std::size_t rank) {
          return balanced({.seed = rank == 1 ? 4u : 3u}, 6)(classes);
        }) != expected);
  // Every rank balances its own data: the counts and the numbers of steps differ.
  auto const uneven = ranks<int>({std::vector<int>(labels.begin(), labels.begin() + 100), std::vector<int>(50, 0)});
  std::vector<std::uint64_t> steps, counts(4);
  for (auto const& local_labels : uneven.labels_of) {
    evendraw::balanced_epoch_sampler const own(whole(local_labels),
                                               {.per_class = 10, .when_short = evendraw::when_short::give_all});
    steps.push_back(evendraw::batch_sampler(own, 6).epoch_size());
    for (auto const index : own.epoch(0))
      ++counts.at(static_cast<std::size_t>(local_labels.at(static_cast<std::size_t>(index))));
  }
  CHECK(steps[0] != steps[1]);
  CHECK(counts != evendraw::balanced_epoch_sampler(uneven.classes(),
                                                   {.per_class = 10, .when_short = evendraw::when_short::give_all})
                      .quotas());
}

TEST_CASE("Together the ranks meet the quotas and cover the data", "[partitioned_classes]") {
  // Dealt out at random, so that nothing is in the order of one process.
  for (std::uint64_t const parts : {2u, 5u, 40u}) {
    std::vector<std::vector<int>> dealt(static_cast<std::size_t>(parts));
    for (std::size_t i = 0; i < labels.size(); ++i) {
      dealt[static_cast<std::size_t>(evendraw::bounded(evendraw::random_word(parts, i), parts))].push_back(labels[i]);
    }
    ranks<int> const data(dealt);
    evendraw::balanced_epoch_sampler const sampler(data.classes(), {.epoch_size = 120, .seed = 9});
    evendraw::balanced_epoch_sampler const alone(labels, {.epoch_size = 120, .seed = 9});
    CHECK(sampler.quotas() == alone.quotas());
    std::vector<std::vector<std::uint64_t>> drawn;
    for (auto const& local_labels : dealt) drawn.emplace_back(local_labels.size());
    for (std::uint64_t epoch = 0; epoch < sampler.epochs_to_cover(); ++epoch) {
      auto const all = sampling::all(sampler.epoch(epoch));
      std::vector<std::uint64_t> of_class(4), classes_drawn, classes_alone;
      for (std::size_t r = 0; r < dealt.size(); ++r) {
        auto const own = data.partitions[r].local_samples(all);
        CHECK(sampling::distinct(own));
        for (auto const sample : own) {
          ++drawn[r].at(sample);
          ++of_class.at(static_cast<std::size_t>(dealt[r].at(sample)));
        }
      }
      CHECK(of_class == sampler.quotas());
      // Which class comes at which position does not depend on which rank has which samples.
      auto const class_of = data.classes().sample_classes();
      for (auto const sample : all) classes_drawn.push_back(class_of[static_cast<std::size_t>(sample)]);
      for (auto const sample : sampling::all(alone.epoch(epoch))) {
        classes_alone.push_back(static_cast<std::uint64_t>(labels[sample]));
      }
      CHECK(classes_drawn == classes_alone);
    }
    bool covered = true;
    for (auto const& each : drawn) covered &= std::ranges::count(each, std::uint64_t{0}) == 0;
    CHECK(covered);
  }
}

TEST_CASE("Ranks may have different labels of any kind, or none", "[partitioned_classes]") {
  using list = std::vector<std::string>;
  ranks<std::string> const data({{}, {"ice", "dry", "ice"}, {"wet"}, {"dry", "", "dry"}, {}});
  for (auto const& each : data.partitions) {
    CHECK(each.classes().labels() == list{"", "dry", "ice", "wet"});
    CHECK(std::ranges::equal(each.classes().counts(), std::vector<std::uint64_t>{1, 3, 2, 1}));
    CHECK(each.classes().shared_members()->contiguous());
    CHECK(each.classes().shared_members()->fingerprint() == data.classes().shared_members()->fingerprint());
  }
  // "" | dry of rank 1, dry dry of rank 3 | ice ice | wet
  std::vector<std::pair<std::size_t, std::uint32_t>> const owners{{3, 1}, {1, 1}, {3, 0}, {3, 2},
                                                                  {1, 0}, {1, 2}, {2, 0}};
  for (std::size_t r = 0; r < data.partitions.size(); ++r) {
    for (std::size_t i = 0; i < owners.size(); ++i) {
      CAPTURE(r, i);
      auto const sample = data.partitions[r].local_sample(i);
      CHECK(sample == (owners[i].first == r ? std::optional(owners[i].second) : std::nullopt));
    }
  }
  CHECK(data.partitions[3].local_samples(std::vector<std::uint64_t>{6, 3, 3, 0, 1}) ==
        std::vector<std::uint32_t>{2, 2, 1});
  CHECK(data.partitions[3].local_samples(std::vector<std::uint64_t>{}).empty());
  CHECK(data.partitions[0].local_samples(std::vector<std::uint64_t>{0, 1, 2, 3, 4, 5, 6}).empty());

  enum class surface : signed char { worn = -3, fresh = 4 };
  ranks<surface> const enums({{surface::fresh, surface::worn}, {surface::worn}});
  CHECK(enums.classes().labels() == std::vector{surface::worn, surface::fresh});
  ranks<bool> const bools({{true, true}, {false}});
  CHECK(bools.classes().labels() == std::vector{false, true});
  ranks<std::int64_t> const numbers({{5, -1}, {std::numeric_limits<std::int64_t>::min(), -1}});
  CHECK(numbers.classes().labels() == std::vector<std::int64_t>{std::numeric_limits<std::int64_t>::min(), -1, 5});
}

TEST_CASE("Ranks may declare the classes, some of them without samples", "[partitioned_classes]") {
  ranks<std::string> const data({{"b"}, {"a", "a"}}, {.classes = {"c", "b", "a"}, .allow_empty = true});
  CHECK(data.classes().labels() == std::vector<std::string>{"c", "b", "a"});
  CHECK(std::ranges::equal(data.classes().counts(), std::vector<std::uint64_t>{0, 1, 2}));
  CHECK(data.partitions[0].local_sample(data.classes().members(1)[0]) == 0u);
  CHECK(data.partitions[1].local_sample(data.classes().members(2)[0]) == 0u);
  CHECK(data.partitions[1].local_sample(data.classes().members(2)[1]) == 1u);
  CHECK(evendraw::balanced_epoch_sampler(data.classes()).quotas() == std::vector<std::uint64_t>{0, 1, 1});
}

TEST_CASE("Ranks may index parts of their data", "[partitioned_classes]") {
  std::vector<int> const first(labels.begin(), labels.begin() + 250), second(labels.begin() + 250, labels.end());
  std::vector<std::size_t> of_first, of_second, of_all;
  for (std::size_t i = 0; i < labels.size(); i += 3) {
    (i < 250 ? of_first : of_second).push_back(i < 250 ? i : i - 250);
    of_all.push_back(i);
  }
  ranks<int> data({class_index(first, of_first), class_index(second, of_second)});
  data.labels_of = {first, second};
  auto const make = balanced({.epoch_size = 40, .seed = 7}, 10);
  CHECK(drawn_by(data, [&](auto const& classes, std::size_t) { return make(classes); }) == make(whole(labels, of_all)));
}

TEST_CASE("Ranks may have billions of samples", "[partitioned_classes]") {
  constexpr std::uint64_t many = 5'000'000'000;
  using index = class_index<int, std::uint64_t>;
  std::vector<index> const mine{index::from_counts({many, 7}), index::from_counts({2 * many, many})};
  std::vector<label_counts<int>> const counts{mine[0].label_counts(), mine[1].label_counts()};
  partitioned_classes const first(mine[0], counts, 0), second(mine[1], counts, 1);
  CHECK(first.classes().num_samples() == 4 * many + 7);
  CHECK(first.local_sample(many - 1) == many - 1);
  CHECK(first.local_sample(many) == std::nullopt);
  CHECK(second.local_sample(many) == 0u);
  CHECK(second.local_sample(3 * many - 1) == 2 * many - 1);
  CHECK(second.local_sample(3 * many) == std::nullopt);
  CHECK(first.local_sample(3 * many + 6) == many + 6);
  CHECK(second.local_sample(4 * many + 6) == 3 * many - 1);
  CHECK(second.local_samples(std::vector<std::uint64_t>{0, 4 * many, 3 * many + 6, many}) ==
        std::vector<std::uint64_t>{3 * many - 7, 0});
}

TEST_CASE("partitioned_classes refuses what does not fit together", "[partitioned_classes]") {
  class_index const mine(std::vector<std::string>{"cat", "dog", "dog"});
  using counts = std::vector<label_counts<std::string>>;
  auto const make = [&](counts const& of_ranks, std::uint64_t rank,
                        evendraw::class_index_options<std::string> const& options = {}) {
    return partitioned_classes(mine, of_ranks, rank, options);
  };
  label_counts<std::string> const own{{"cat", 1}, {"dog", 2}};
  CHECK_NOTHROW(make({{{"cow", 1}}, own}, 1));
  CHECK_THROWS_WITH(make({own, own}, 2),
                    "evendraw::partitioned_classes: rank is 2 and there are counts of 2 ranks; needs rank < number of "
                    "ranks");
  CHECK_THROWS_WITH(make({{{"cow", 1}}, own}, 0),
                    "evendraw::partitioned_classes: rank 0 has 1 sample of 'cat', but its counts say 0; give "
                    "mine.label_counts() of every rank, by rank");
  CHECK_THROWS_WITH(make({{{"dog", 2}}}, 0),
                    "evendraw::partitioned_classes: rank 0 has 3 samples, but its counts say 2; give "
                    "mine.label_counts() of every rank, by rank");
  CHECK_THROWS_WITH(partitioned_classes<std::string>(std::nullopt, counts{own}, 0),
                    "evendraw::partitioned_classes: rank 0 has 0 samples of 'cat', but its counts say 1; give "
                    "mine.label_counts() of every rank, by rank");
  CHECK_THROWS_WITH(partitioned_classes<std::string>(std::nullopt, counts{{}, {}}, 0),
                    "evendraw::partitioned_classes: no rank has samples; at least one must have some");
  CHECK_THROWS_WITH(make({own, {{"cow", 1}}}, 0, {.classes = {"cat", "dog"}}),
                    "evendraw::partitioned_classes: the label 'cow' of rank 1 is not one of the declared .classes; the "
                    "classes are 'cat', 'dog'");
  CHECK_THROWS_WITH(make({own}, 0, {.classes = {"cat", "dog", "cow"}}),
                    "evendraw::class_index: class 'cow' has no samples; leave it out of .classes or set "
                    ".allow_empty");
  CHECK_THROWS_WITH(make({own, {{"cow", (std::uint64_t{1} << 63) - 3}}}, 0),
                    "evendraw::partitioned_classes: with the count of 'cow' of rank 1, which is 9223372036854775805, "
                    "there are more than 2^63 - 1 samples; lower the counts");
  CHECK_NOTHROW(make({own, {{"cow", (std::uint64_t{1} << 63) - 4}}}, 0));
}

TEST_CASE("partitioned_classes gives the golden draws", "[partitioned_classes][golden]") {
  auto const data = cut(labels, 3, 5);
  evendraw::balanced_epoch_sampler const sampler(
      data.classes(), {.per_class = 20, .when_short = evendraw::when_short::give_all, .seed = 2026});
  auto const all = sampling::all(sampler.epoch(11));
  std::vector<std::vector<std::uint32_t>> first;
  for (auto const& each : data.partitions) {
    auto own = each.local_samples(all);
    own.resize(std::min<std::size_t>(own.size(), 5));
    first.push_back(own);
  }
  CHECK(first == std::vector<std::vector<std::uint32_t>>{
                     {68, 110, 43, 104, 102}, {310, 261, 92, 104, 110}, {6, 133, 82, 65, 2}});
}

}  // namespace partitioned_classes_test
