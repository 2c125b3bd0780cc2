#include <evendraw/classes/crossed_classes.hpp>
#include <evendraw/evendraw.hpp>

#include <limits>
#include <map>
#include <string>
#include <type_traits>

#include <support/catch2.hpp>
#include <support/sampling.hpp>
#include <support/statistics.hpp>
#include <support/ways_to_read.hpp>

namespace balanced_epoch_sampler_test {

using evendraw::balanced_epoch_sampler;
using evendraw::when_short;
using counts = std::vector<std::uint64_t>;

namespace {

/// The fewest and the most draws of a sample, for each class.
struct spread {
  std::uint64_t fewest, most;
};
std::vector<spread> spreads(std::vector<std::uint64_t> const& drawn, std::vector<int> const& labels,
                            std::size_t classes) {
  std::vector<spread> result(classes, {std::numeric_limits<std::uint64_t>::max(), 0});
  for (std::size_t i = 0; i < labels.size(); ++i) {
    auto& [fewest, most] = result[static_cast<std::size_t>(labels[i])];
    fewest = std::min(fewest, drawn[i]);
    most = std::max(most, drawn[i]);
  }
  return result;
}

/// The definition, with lists of every class's walk and of the epoch's order. A class that gives all its members needs
/// no walk.
template <class Index>
std::vector<Index> reference(evendraw::class_index<int, Index> const& classes, counts const& quotas, std::uint64_t seed,
                             std::uint64_t epoch) {
  std::vector<Index> slots;
  for (std::uint64_t c = 0; c < quotas.size(); ++c) {
    auto const members = classes.members(c);
    std::uint64_t const n = members.size(), m = quotas[c], remainder = m % n,
                        length = remainder == 0 ? 1 : (n + remainder - 1) / remainder;
    evendraw::detail::walked_class const walked{
        0, n, evendraw::random_word(evendraw::stream_key(seed, 0, evendraw::random_stream::walk), c)};
    auto const walk = walked.walk(epoch / length);
    for (std::uint64_t j = 0; j < m; ++j) {
      slots.push_back(members[m == n ? j : walk.member((epoch % length * remainder + j) % n)]);
    }
  }
  evendraw::permutation const order(slots.size(), evendraw::stream_key(seed, epoch, evendraw::random_stream::order));
  std::vector<Index> result;
  for (std::size_t p = 0; p < slots.size(); ++p) result.push_back(slots[order(p)]);
  return result;
}

}  // namespace

TEST_CASE("balanced_epoch_sampler divides an epoch as its options say", "[balanced_epoch]") {
  auto const labels = sampling::labels_of({100, 40, 10, 3});
  auto const quotas = [&](evendraw::balanced_epoch_options<int> const& options) {
    balanced_epoch_sampler const sampler(labels, options);
    // The draws have the counts that quotas() announces.
    REQUIRE(sampling::draws_of_classes(sampling::all(sampler.epoch(2)), labels) == [&] {
      auto q = sampler.quotas();
      q.resize(4);
      return q;
    }());
    return sampler.quotas();
  };
  CHECK(quotas({}) == counts{3, 3, 3, 3});
  CHECK(quotas({.per_class = 2}) == counts{2, 2, 2, 2});
  STATIC_REQUIRE_FALSE(
      std::is_reference_v<decltype(balanced_epoch_sampler(labels).quotas())>);  // a reference would dangle
  CHECK(quotas({.per_class = 20, .when_short = when_short::give_all}) == counts{20, 20, 10, 3});
  CHECK(quotas({.per_class = 1000, .when_short = when_short::give_all}) == counts{100, 40, 10, 3});
  CHECK(quotas({.epoch_size = 12}) == counts{3, 3, 3, 3});
  CHECK(quotas({.epoch_size = 13}) == counts{4, 3, 3, 3});
  CHECK(quotas({.epoch_size = 4}) == counts{1, 1, 1, 1});
  CHECK(quotas({.epoch_size = 2, .limits = {{0, 0}, {3, 0}}}) == counts{0, 1, 1, 0});
  CHECK(quotas({.epoch_size = 53}) == counts{20, 20, 10, 3});
  CHECK(quotas({.epoch_size = 54}) == counts{21, 20, 10, 3});
  CHECK(quotas({.epoch_size = 153}) == counts{100, 40, 10, 3});
}

TEST_CASE("balanced_epoch_sampler respects limits", "[balanced_epoch]") {
  auto const labels = sampling::labels_of({100, 40, 10, 3});
  auto const quotas = [&](evendraw::balanced_epoch_options<int> const& options) {
    return balanced_epoch_sampler(labels, options).quotas();
  };
  CHECK(quotas({.epoch_size = 50, .limits = {{0, 5}}}) == counts{5, 32, 10, 3});
  CHECK(quotas({.per_class = 30, .limits = {{0, 5}, {2, 7}, {3, 3}}}) == counts{5, 30, 7, 3});
  CHECK(quotas({.limits = {{3, 0}}}) == counts{10, 10, 10, 0});
  CHECK(quotas({.limits = {{3, 2}}}) == counts{2, 2, 2, 2});
  CHECK(quotas({.limits = {{0, 1'000'000}}}) == counts{3, 3, 3, 3});
  balanced_epoch_sampler const without(labels, {.limits = {{3, 0}}});
  CHECK(without.epoch_size() == 30);
  CHECK(without.epochs_to_cover() == 10);
  CHECK(sampling::draws_of_classes(sampling::all(without.epoch(0)), labels)[3] == 0);
}

TEST_CASE("balanced_epoch_sampler repeats samples evenly, and not more often than allowed", "[balanced_epoch]") {
  auto const labels = sampling::labels_of({100, 40, 10, 3});
  auto const quotas = [&](evendraw::balanced_epoch_options<int> const& options) {
    return balanced_epoch_sampler(labels, options).quotas();
  };
  CHECK(quotas({.max_repeats = 4}) == counts{12, 12, 12, 12});
  CHECK(quotas({.per_class = 100, .max_repeats = 5, .when_short = when_short::give_all}) == counts{100, 100, 50, 15});
  CHECK(quotas({.per_class = 100, .max_repeats = std::numeric_limits<std::int64_t>::max()}) ==
        counts{100, 100, 100, 100});
  CHECK(quotas({.epoch_size = 306, .max_repeats = 2}) == counts{200, 80, 20, 6});
  for (std::uint64_t const epoch : {0u, 1u, 2u, 3u, 17u}) {
    balanced_epoch_sampler const sampler(labels, {.per_class = 107, .max_repeats = 50});
    auto const drawn = sampling::draws_of_each(sampling::all(sampler.epoch(epoch)), labels.size());
    for (auto const& [fewest, most] : spreads(drawn, labels, 4)) CHECK(most - fewest <= 1);
    CHECK(spreads(drawn, labels, 4)[3].most == 36);
  }
}

TEST_CASE("balanced_epoch_sampler equals its definition", "[balanced_epoch]") {
  auto const labels = sampling::labels_of({700, 90, 13, 12, 1});
  for (auto const& options : std::vector<evendraw::balanced_epoch_options<int>>{
           {.seed = 3},
           {.per_class = 11, .when_short = when_short::give_all, .seed = 3},
           {.per_class = 300, .max_repeats = 1000},
           {.per_class = 90,
           .limits = {{2, 0}},
           .when_short = when_short::give_all},  // between classes that give all samples
           {.epoch_size = 1000, .limits = {{1, 0}, {2, 0}, {3, 0}, {4, 0}}, .max_repeats = 2},  // only one walks
           {.epoch_size = 500, .limits = {{1, 0}}}}) {
    evendraw::class_index const classes(labels);
    balanced_epoch_sampler const sampler(classes, options);
    for (std::uint64_t const epoch : {0u, 1u, 7u, 63u, 64u, 100'000u}) {
      CHECK(sampling::all(sampler.epoch(epoch)) == reference(classes, sampler.quotas(), options.seed, epoch));
    }
  }
}

TEST_CASE("balanced_epoch_sampler: places of repeated draws that would pass 2^32", "[balanced_epoch]") {
  auto const classes = evendraw::class_index<int, std::uint64_t>::from_counts({4'294'967'200, 5});
  balanced_epoch_sampler const sampler(classes, {.per_class = 200, .max_repeats = 1000, .seed = 3});
  CHECK(sampling::all(sampler.epoch(7)) == reference(classes, {200, 200}, 3, 7));
}

TEST_CASE("balanced_epoch_sampler: a class of more than 2^32 samples", "[balanced_epoch]") {
  auto const classes = evendraw::class_index<int, std::uint64_t>::from_counts({300, 5'000'000'000});
  balanced_epoch_sampler const sampler(classes, {.per_class = 200, .seed = 3});
  for (std::uint64_t const epoch : counts{0, 7, 25'000'001, std::uint64_t{1} << 40}) {
    CHECK(sampling::all(sampler.epoch(epoch)) == reference(classes, {200, 200}, 3, epoch));
    CHECK(sampling::reads_the_same(sampler.epoch(epoch)));
  }
  CHECK(sampler.epochs_to_cover() == 25'000'000);
}

TEST_CASE("balanced_epoch_sampler covers every class before a sample comes again", "[balanced_epoch]") {
  for (std::size_t const large : {8u, 9u, 15u, 16u, 17u, 40u, 41u, 165u}) {
    auto const labels = sampling::labels_of({large, 5, 3});
    for (std::uint64_t const quota : {1u, 2u, 3u, 4u, 5u}) {
      balanced_epoch_sampler const sampler(labels, {.per_class = quota, .when_short = when_short::give_all, .seed = 4});
      std::uint64_t const cover = sampler.epochs_to_cover();
      bool good = cover == (large + quota - 1) / quota;
      for (std::uint64_t cycle = 0; cycle < 3; ++cycle) {
        std::vector<std::uint64_t> drawn(labels.size());
        for (std::uint64_t e = 0; e < cover; ++e) {
          auto const indices = sampling::all(sampler.epoch(cycle * cover + e));
          good &= sampling::distinct(indices);
          for (auto const index : indices) ++drawn[index];
          // No sample comes twice before all samples of its class have come.
          if ((e + 1) * quota <= large) good &= spreads(drawn, labels, 3)[0].most <= 1;
          if (e + 1 < cover) good &= spreads(drawn, labels, 3)[0].fewest == 0;
        }
        good &= spreads(drawn, labels, 3)[0].fewest >= 1;
        if (cycle == 0) good &= std::ranges::count(drawn, std::uint64_t{0}) == 0;
      }
      CAPTURE(large, quota, cover);
      CHECK(good);
    }
  }
}

TEST_CASE("balanced_epoch_sampler chooses subsets, orders and companions at random", "[balanced_epoch]") {
  // 2 of 6 and 2 of 3: in epoch 0 of many seeds, all 15 x 3 subsets and all 4! orders are equally likely.
  std::vector<int> const labels{0, 0, 0, 0, 0, 0, 1, 1, 1};
  counts subsets(64 * 8), slots(9 * 4), class_order(16);
  std::vector<double> law(64 * 8, 0);
  for (std::uint64_t seed = 0; seed < 200'000; ++seed) {
    auto const drawn =
        sampling::all(balanced_epoch_sampler(evendraw::class_index(labels), {.per_class = 2, .seed = seed}).epoch(0));
    std::size_t subset = 0, order = 0;
    for (std::size_t p = 0; p < 4; ++p) {
      subset |= std::size_t{1} << drawn[p];
      order |= static_cast<std::size_t>(labels[drawn[p]]) << p;
      ++slots[drawn[p] * 4 + p];
    }
    ++subsets[subset];
    ++class_order[order];
  }
  std::vector<double> order_law(16, 0);
  for (std::size_t set = 0; set < law.size(); ++set) {
    if (std::popcount(set & 63) == 2 && std::popcount(set >> 6) == 2) law[set] = 1.0 / 45;
  }
  for (std::size_t order = 0; order < 16; ++order) {
    if (std::popcount(order) == 2) order_law[order] = 1.0 / 6;
  }
  CHECK(statistics::chi_squared_p(subsets, law) > statistics::threshold);
  CHECK(statistics::chi_squared_p(class_order, order_law) > statistics::threshold);
  CHECK(statistics::uniform_p(std::span(slots).first(24)) > statistics::threshold);
  auto packed = class_order;  // a twin that does not shuffle the classes of an epoch
  packed[0b1100] += std::exchange(packed[0b0011], 0);
  CHECK(statistics::chi_squared_p(packed, order_law) < statistics::threshold);
}

TEST_CASE("balanced_epoch_sampler walks its classes independently", "[balanced_epoch]") {
  // An epoch has one of 3 samples of each class. `together` counts the pairs of epoch 0, and `later` the pairs of class 0 in
  // epochs 0 and 3, which begin two cycles.
  std::vector<int> const labels{0, 0, 0, 1, 1, 1};
  evendraw::class_index const classes(labels);
  counts together(9), later(9);
  for (std::uint64_t seed = 0; seed < 50'000; ++seed) {
    balanced_epoch_sampler const sampler(classes, {.per_class = 1, .seed = seed});
    auto of_class = [&](std::uint64_t epoch, int c) {
      auto const drawn = sampling::all(sampler.epoch(epoch));
      return static_cast<std::size_t>(labels[drawn[0]] == c ? drawn[0] : drawn[1]) % 3;
    };
    ++together[of_class(0, 0) * 3 + of_class(0, 1)];
    ++later[of_class(0, 0) * 3 + of_class(3, 0)];
  }
  CHECK(statistics::uniform_p(together) > statistics::threshold);
  CHECK(statistics::uniform_p(later) > statistics::threshold);
  CHECK(statistics::uniform_p(counts{6000, 5500, 5500, 5500, 6000, 5500, 5500, 5500, 6000}) < statistics::threshold);
}

TEST_CASE("balanced_epoch_sampler reads many classes in blocks as it reads single draws", "[balanced_epoch]") {
  counts sizes;
  for (std::uint64_t c = 0; c < 8; ++c) sizes.push_back(100 + 37 * c);
  balanced_epoch_sampler const sampler(sampling::labels_of(sizes), {.per_class = 60});
  for (std::uint64_t e = 0; e < 20; ++e) {  // some classes begin new cycles, others do not
    auto const epoch = sampler.epoch(e);
    std::vector<std::uint32_t> one_by_one;
    for (std::uint64_t i = 0; i < epoch.size(); ++i) one_by_one.push_back(epoch[i]);
    CAPTURE(e);
    CHECK(sampling::all(epoch) == one_by_one);
  }
}

TEST_CASE("balanced_epoch_sampler at the edges", "[balanced_epoch]") {
  balanced_epoch_sampler const one(std::vector<int>{9});
  CHECK(sampling::all(one.epoch(5)) == std::vector<std::uint32_t>{0});
  CHECK(one.epochs_to_cover() == 1);
  balanced_epoch_sampler const single_class(std::vector<int>(100, 1));
  CHECK(sampling::distinct(sampling::all(single_class.epoch(0))));
  CHECK(single_class.epoch_size() == 100);
  evendraw::class_index const declared(std::vector<std::string>{"a", "a", "c"},
                                       {.classes = {"a", "b", "c"}, .allow_empty = true});
  CHECK(balanced_epoch_sampler(declared).quotas() == counts{1, 0, 1});

  std::vector<int> many(200'000);  // 10^5 classes of 2
  for (std::size_t i = 0; i < many.size(); ++i) many[i] = static_cast<int>(i / 2);
  balanced_epoch_sampler const wide(many, {.per_class = 1});
  auto const first = sampling::all(wide.epoch(0)), second = sampling::all(wide.epoch(1));
  std::vector<bool> classes(100'000), samples(200'000);
  for (auto const index : first) classes[index / 2] = samples[index] = true;
  for (auto const index : second) samples[index] = true;
  CHECK(std::ranges::count(classes, true) == 100'000);
  CHECK(std::ranges::count(samples, true) == 200'000);
}

TEST_CASE("balanced_epoch_sampler takes string labels in its limits", "[balanced_epoch]") {
  std::vector<std::string> labels(50, "dry");
  labels.insert(labels.end(), 20, "wet");
  labels.insert(labels.end(), 4, "frost");
  balanced_epoch_sampler const sampler(labels, {.epoch_size = 30, .limits = {{"dry", 12}, {"frost", 2}}});
  CHECK(sampler.quotas() == counts{12, 2, 16});  // dry, frost, wet
}

TEST_CASE("balanced_epoch_sampler refuses impossible options", "[balanced_epoch]") {
  std::vector<std::string> const labels{"cat", "dog", "dog"};
  using options = evendraw::balanced_epoch_options<std::string>;
  auto const make = [&](options const& given) { return balanced_epoch_sampler(labels, given); };
  CHECK_THROWS_WITH(
      make({.epoch_size = 4}),
      "evendraw::balanced_epoch_sampler: epoch_size is 4, but the classes can give only 3 draws; lower it, "
      "or raise max_repeats or the limits");
  CHECK_THROWS_WITH(
      make({.epoch_size = 1}),
      "evendraw::balanced_epoch_sampler: epoch_size is 1, but 2 classes give draws, and some would never be "
      "seen; raise it, or leave classes out by limits of 0");
  CHECK_THROWS_WITH(make({.epoch_size = 2, .per_class = 1}),
                    "evendraw::balanced_epoch_sampler: epoch_size is 2 and per_class 1; give one of them");
  CHECK_THROWS_WITH(
      make({.max_repeats = 0}),
      "evendraw::balanced_epoch_sampler: max_repeats is 0; with 1, a sample comes at most once per epoch");
  CHECK_THROWS_WITH(
      make({.limits = {{"cow", 1}}}),
      "evendraw::balanced_epoch_sampler: limits names 'cow', which no sample has; the classes are 'cat', 'dog'");
  CHECK_THROWS_WITH(make({.limits = {{"cat", 1}, {"cat", 2}}}),
                    "evendraw::balanced_epoch_sampler: limits names 'cat' twice; name it once");
  CHECK_THROWS_WITH(
      make({.limits = {{"cat", 0}, {"dog", 0}}}),
      "evendraw::balanced_epoch_sampler: the limits leave every class out; at least one class must give draws");
  for (std::uint64_t const repeats :
       {(std::uint64_t{1} << 62) + 1, (std::uint64_t{1} << 63) - 1, std::uint64_t{1} << 63}) {
    CHECK_THROWS_WITH(make({.max_repeats = repeats}),
                      "evendraw::balanced_epoch_sampler: an epoch of more than 2^63 - 1 draws; ask for fewer");
  }
  CHECK_NOTHROW(make({.max_repeats = std::uint64_t{1} << 61}).epoch(3));
  CHECK_THROWS_WITH(balanced_epoch_sampler(std::vector<int>{}),
                    "evendraw::class_index: no samples; give at least one label");
}

TEST_CASE("balanced_epoch_sampler refuses a per_class that a class cannot give", "[balanced_epoch]") {
  std::vector<std::string> labels(50, "dry");
  labels.insert(labels.end(), 7, "wet");
  labels.insert(labels.end(), 1, "ice");
  labels.insert(labels.end(), 3, "fog");
  using options = evendraw::balanced_epoch_options<std::string>;
  auto const make = [&](options const& given) { return balanced_epoch_sampler(labels, given); };
  CHECK_THROWS_WITH(make({.per_class = 7}),
                    "evendraw::balanced_epoch_sampler: per_class is 7, but class 'ice', the smallest of 2 classes "
                    "that are short, has only 1 sample (max_repeats is 1); set .when_short = "
                    "evendraw::when_short::give_all, or set .max_repeats to 7, or lower per_class");
  CHECK_THROWS_WITH(make({.per_class = 7, .limits = {{"ice", 0}}, .max_repeats = 2}),
                    "evendraw::balanced_epoch_sampler: per_class is 7, but class 'fog' has only 3 samples "
                    "(max_repeats is 2); set .when_short = evendraw::when_short::give_all, or set .max_repeats to "
                    "3, or lower per_class");
  CHECK_THROWS_WITH(make({.per_class = 40, .limits = {{"ice", 2}, {"wet", 9}, {"fog", 10}}}),
                    "evendraw::balanced_epoch_sampler: per_class is 40, but class 'ice', the smallest of 3 classes "
                    "that are short, has only 1 sample (max_repeats is 1); set .when_short = "
                    "evendraw::when_short::give_all, or set .max_repeats to 4, or lower per_class");
  CHECK_NOTHROW(make({.per_class = 40, .limits = {{"ice", 2}, {"wet", 9}, {"fog", 10}}, .max_repeats = 4}));
  // dry, fog, ice, wet
  CHECK(make({.per_class = 7, .limits = {{"ice", 1}, {"fog", 3}}}).quotas() ==
        counts{7, 3, 1, 7});  // as the limits say
  CHECK(make({.per_class = 7, .max_repeats = 7}).quotas() == counts{7, 7, 7, 7});
  CHECK(make({.per_class = 7, .when_short = when_short::give_all}).quotas() == counts{7, 3, 1, 7});
  evendraw::class_index const declared(labels, {.classes = {"dry", "wet", "fog", "ice", "sun"}, .allow_empty = true});
  CHECK(balanced_epoch_sampler(declared, {.per_class = 1}).quotas() == counts{1, 1, 1, 1, 0});
}

TEST_CASE("balanced_epoch_sampler takes the quota of each class", "[balanced_epoch]") {
  std::vector<std::string> labels(50, "dry");
  labels.insert(labels.end(), 7, "wet");
  labels.insert(labels.end(), 3, "fog");
  using options = evendraw::balanced_epoch_options<std::string>;
  auto const make = [&](options const& given) { return balanced_epoch_sampler(labels, given); };
  auto const sampler = make({.quotas = {{"dry", 20}, {"wet", 5}, {"fog", 0}}, .seed = 3});
  CHECK(sampler.quotas() == counts{20, 0, 5});  // dry, fog, wet
  CHECK(sampler.epoch_size() == 25);
  for (std::uint64_t e = 0; e < 20; ++e) {
    counts drawn(2);
    for (auto const i : sampler.epoch(e)) ++drawn.at(i < 50 ? 0 : i < 57 ? 1 : 2);
    CHECK(drawn == counts{20, 5});
  }
  CHECK(make({.quotas = {{"dry", 1}, {"wet", 14}, {"fog", 6}}, .max_repeats = 2}).quotas() == counts{1, 6, 14});
  CHECK(make({.epoch_size = 2, .quotas = {{"dry", 1}, {"wet", 1}, {"fog", 0}}}).epoch_size() == 2);
  std::string const context = "evendraw::balanced_epoch_sampler: ";
  CHECK_THROWS_WITH(make({.quotas = {{"dry", 1}, {"wet", 1}}}),
                    context + "the quotas do not name class 'fog' (3 samples); give it a quota (0 leaves it out)");
  CHECK_THROWS_WITH(make({.quotas = {{"dry", 1}, {"wet", 1}, {"fog", 4}}}),
                    context +
                        "the quota of class 'fog' is 4, but its 3 samples can give only 3 draws (max_repeats is "
                        "1); lower it, or raise max_repeats");
  CHECK_THROWS_WITH(make({.quotas = {{"dry", 0}, {"wet", 0}, {"fog", 0}}, .max_repeats = 0}),
                    context + "max_repeats is 0; with 1, a sample comes at most once per epoch");
  evendraw::class_index const declared(std::vector{4, 4}, {.classes = {4, 9}, .allow_empty = true});
  CHECK_THROWS_WITH(balanced_epoch_sampler(declared, {.quotas = {{4, 1}, {9, 1}}}),
                    context + "class 9 has no samples; give it a quota of 0");
  CHECK_THROWS_WITH(make({.epoch_size = 9, .quotas = {{"dry", 1}, {"wet", 1}, {"fog", 1}}}),
                    context + "the quotas sum to 3, and epoch_size is 9; change a quota, or leave epoch_size out");
  CHECK_THROWS_WITH(make({.per_class = 1, .quotas = {{"dry", 1}}}),
                    context + "both quotas and per_class; give one of them");
  CHECK_THROWS_WITH(make({.limits = {{"dry", 1}}, .quotas = {{"dry", 1}}}),
                    context + "both quotas and limits; give one of them");
  CHECK_THROWS_WITH(make({.quotas = {{"dry", 0}, {"wet", 0}, {"fog", 0}}}), Catch::Contains("leave every class out"));
  CHECK_THROWS_WITH(make({.quotas = {{"sun", 1}}}), Catch::Contains("quotas names 'sun', which no sample has"));
}

TEST_CASE("Epochs are exact for two attributes at once", "[balanced_epoch]") {
  std::vector<std::string> diagnosis, scanner;
  auto const add = [&](char const* first, char const* second, std::size_t count) {
    diagnosis.insert(diagnosis.end(), count, first);
    scanner.insert(scanner.end(), count, second);
  };
  add("melanoma", "A", 20);
  add("nevus", "A", 300);
  add("melanoma", "B", 100);
  add("nevus", "B", 80);
  add("other", "B", 7);
  evendraw::crossed_classes const cells(diagnosis, scanner);
  auto const fit = evendraw::raked_shares(cells, evendraw::equal(), {{"A", 0.5}, {"B", 0.5}});
  REQUIRE(fit.met);
  for (std::uint64_t const size : {100u, 101u, 60u}) {
    auto const quotas = evendraw::epoch_quotas(cells, fit.shares, size, {.seed = 1});
    balanced_epoch_sampler const sampler(cells.index(), {.quotas = quotas, .max_repeats = 30, .seed = 1});
    int wrong = 0;
    for (std::uint64_t e = 0; e < 50; ++e) {
      std::map<std::string, std::uint64_t> drawn;
      for (auto const i : sampler.epoch(e)) {
        ++drawn[diagnosis[i]];
        ++drawn[scanner[i]];
      }
      for (char const* const third : {"melanoma", "nevus", "other"}) {
        wrong += drawn[third] < size / 3 || drawn[third] > (size + 2) / 3;
      }
      for (char const* const half : {"A", "B"}) wrong += drawn[half] < size / 2 || drawn[half] > (size + 1) / 2;
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE("balanced_epoch_sampler gives the golden draws", "[balanced_epoch][golden]") {
  auto const labels = sampling::labels_of({6000, 300, 40, 9});  // one class for each kind of permutation
  balanced_epoch_sampler const sampler(
      labels, {.per_class = 500, .max_repeats = 20, .when_short = when_short::give_all, .seed = 2026});
  CHECK(sampling::all(sampler.epoch(11).take(8)) ==
        std::vector<std::uint32_t>{46, 1298, 1394, 5869, 1598, 3073, 3062, 2710});
  CHECK(sampling::all(balanced_epoch_sampler(labels, {.seed = 2026}).epoch(1000).take(8)) ==
        std::vector<std::uint32_t>{814, 2461, 1717, 5816, 1598, 3040, 1394, 3471});
}

}  // namespace balanced_epoch_sampler_test
