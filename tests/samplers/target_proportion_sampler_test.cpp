#include <evendraw/evendraw.hpp>

#include <limits>
#include <map>
#include <string>

#include <support/catch2.hpp>
#include <support/sampling.hpp>
#include <support/statistics.hpp>

namespace target_proportion_sampler_test {

using evendraw::target_proportion_sampler;
using evendraw::unnamed_classes;

TEST_CASE("target_proportion_sampler draws classes and members by its law", "[target_proportion]") {
  auto const labels = sampling::labels_of({600, 90, 9, 1});
  std::vector<double> const shares{0.5, 0.05, 0.15, 0.3};
  target_proportion_sampler const sampler(labels, {{0, 0.5}, {1, 0.05}, {2, 0.15}, {3, 0.3}},
                                          {.epoch_size = 400'000, .seed = 1});
  auto const indices = sampling::all(sampler.epoch(0));
  CHECK(statistics::chi_squared_p(sampling::draws_of_classes(indices, labels), shares) > statistics::threshold);
  std::vector<double> law;
  for (int const label : labels) {
    law.push_back(shares[static_cast<std::size_t>(label)] / static_cast<double>(std::ranges::count(labels, label)));
  }
  CHECK(statistics::chi_squared_p(sampling::draws_of_each(indices, labels.size()), law) > statistics::threshold);
  SECTION("the check rejects a share that is 5 % off") {
    target_proportion_sampler const wrong(labels, {{0, 0.5}, {1, 0.05}, {2, 0.15}, {3, 0.315}},
                                          {.epoch_size = 400'000});
    CHECK(statistics::chi_squared_p(sampling::draws_of_classes(sampling::all(wrong.epoch(0)), labels), shares) <
          statistics::threshold);
  }
}

TEST_CASE("target_proportion_sampler equals its definition", "[target_proportion]") {
  auto const labels = sampling::labels_of({50, 20, 30});
  evendraw::class_index const classes(labels);
  std::vector<double> const shares{3, 1, 2};
  evendraw::alias_table const table(shares);
  target_proportion_sampler const sampler(classes, std::span<double const>(shares), {.epoch_size = 1000, .seed = 8});
  auto const drawn = sampling::all(sampler.epoch(6));
  bool same = true;
  for (std::uint64_t p = 0; p < 1000; ++p) {
    auto const members =
        classes.members(table.at(evendraw::random_word(evendraw::stream_key(8, 6, evendraw::random_stream::draw), p)));
    same &= drawn[p] ==
            members[evendraw::bounded(
                evendraw::random_word(evendraw::stream_key(8, 6, evendraw::random_stream::member), p), members.size())];
  }
  CHECK(same);
}

TEST_CASE("target_proportion_sampler takes shares in every form", "[target_proportion]") {
  std::vector<std::string> const labels{"dog", "cat", "dog", "dog", "cat"};
  target_proportion_sampler const a(labels, {{"cat", 0.2}, {"dog", 0.8}}, {.epoch_size = 100, .seed = 7});
  auto const expected = sampling::all(a.epoch(0));
  auto const draws = [&](auto const& shares) {
    return sampling::all(target_proportion_sampler(labels, shares, {.epoch_size = 100, .seed = 7}).epoch(0));
  };
  CHECK(draws(std::map<std::string, double>{{"cat", 0.2}, {"dog", 0.8}}) == expected);
  CHECK(draws(std::vector<std::pair<char const*, float>>{{"dog", 4.f}, {"cat", 1.f}}) == expected);  // normalised
  evendraw::class_index const classes(labels);
  CHECK(sampling::all(
            target_proportion_sampler(classes, {{"cat", 1}, {"dog", 4}}, {.epoch_size = 100, .seed = 7}).epoch(0)) ==
        expected);
  std::vector<double> const by_number{0.25, 1};
  CHECK(sampling::all(
            target_proportion_sampler(classes, std::span<double const>(by_number), {.epoch_size = 100, .seed = 7})
                .epoch(0)) == expected);
}

TEST_CASE("target_proportion_sampler with equal shares is inverse_frequency_sampler", "[target_proportion]") {
  auto const labels = sampling::labels_of({600, 90, 9});
  target_proportion_sampler const equal(labels, {{0, 2}, {1, 2}, {2, 2}}, {.seed = 3});
  evendraw::inverse_frequency_sampler const same(labels, {.seed = 3});
  CHECK(sampling::all(equal.epoch(5)) == sampling::all(same.epoch(5)));
  CHECK(equal.fingerprint() == same.fingerprint());
}

TEST_CASE("target_proportion_sampler leaves out classes with share 0", "[target_proportion]") {
  auto const labels = sampling::labels_of({10, 10, 10, 10});
  target_proportion_sampler const some(labels, {{0, 0}, {1, 1}, {2, 3}, {3, 0}}, {.epoch_size = 10'000});
  auto const drawn = sampling::draws_of_classes(sampling::all(some.epoch(0)), labels);
  CHECK(drawn[0] + drawn[3] == 0);
  CHECK(statistics::chi_squared_p(drawn, std::vector<double>{0, 0.25, 0.75, 0}) > statistics::threshold);
  target_proportion_sampler const one(labels, {{0, 0}, {1, 0}, {2, 1e-300}, {3, 0}});
  CHECK(sampling::draws_of_classes(sampling::all(one.epoch(0)), labels)[2] == 40);
}

TEST_CASE("target_proportion_sampler returns its shares, divided by their sum, exact to the last bit",
          "[target_proportion]") {
  target_proportion_sampler const sampler(sampling::labels_of({2, 3, 4}), {{0, 1}, {1, 0x1p-30}, {2, 0}});
  CHECK(sampler.class_shares() == std::vector{1 / (1 + 0x1p-30), 0x1p-30 / (1 + 0x1p-30), 0.0});
}

TEST_CASE("target_proportion_sampler treats unnamed classes as .unnamed says", "[target_proportion]") {
  auto const labels = sampling::labels_of({10, 30, 60});
  auto const counts = [&](auto const& sampler) {
    return sampling::draws_of_classes(sampling::all(sampler.epoch(0)), labels);
  };
  CHECK_THROWS_WITH(target_proportion_sampler(labels, {{0, 0.4}, {2, 0.6}}),
                    "evendraw::target_proportion_sampler: the shares do not name class 1 (30 samples); give it a share "
                    "(0 leaves it out), or set .unnamed to evendraw::unnamed_classes::exclude");
  CHECK_THROWS_WITH(target_proportion_sampler(labels, {{0, 0.4}, {2, 0.5}}),  // something is left for class 1
                    Catch::Contains("unnamed_classes::exclude or evendraw::unnamed_classes::natural"));
  target_proportion_sampler const without(labels, {{0, 0.4}, {2, 0.6}},
                                          {.epoch_size = 50'000, .unnamed = unnamed_classes::exclude});
  CHECK(statistics::chi_squared_p(counts(without), std::vector<double>{0.4, 0, 0.6}) > statistics::threshold);
  target_proportion_sampler const natural(labels, {{0, 0.1}},
                                          {.epoch_size = 50'000, .unnamed = unnamed_classes::natural});
  CHECK(statistics::chi_squared_p(counts(natural), std::vector<double>{0.1, 0.3, 0.6}) > statistics::threshold);
  CHECK_THROWS_WITH(
      target_proportion_sampler(labels, {{0, 0.5}, {1, 0.5}}, {.seed = 1, .unnamed = unnamed_classes::natural}),
      "evendraw::target_proportion_sampler: the shares sum to 1; with evendraw::unnamed_classes::natural they must "
      "sum to less than 1");
}

TEST_CASE("target_proportion_sampler refuses bad shares", "[target_proportion]") {
  std::vector<std::string> const labels{"cat", "dog"};
  double const nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
  CHECK_THROWS_WITH(
      target_proportion_sampler(labels, {{"cat", -0.5}, {"dog", 1.5}}),
      "evendraw::target_proportion_sampler: the share of 'cat' is -0.5; every share must be finite and >= 0");
  CHECK_THROWS_AS(target_proportion_sampler(labels, {{"cat", nan}, {"dog", 1}}), std::invalid_argument);
  CHECK_THROWS_AS(target_proportion_sampler(labels, {{"cat", 1}, {"dog", infinity}}), std::invalid_argument);
  CHECK_THROWS_WITH(target_proportion_sampler(labels, {{"cat", 0}, {"dog", 0}}),
                    "evendraw::target_proportion_sampler: all 2 shares are zero; at least one must be > 0");
  CHECK_THROWS_WITH(
      target_proportion_sampler(labels, {{"cat", 1}, {"cow", 1}, {"dog", 1}}),
      "evendraw::target_proportion_sampler: shares names 'cow', which no sample has; the classes are 'cat', 'dog'");
  CHECK_THROWS_WITH(target_proportion_sampler(labels, {{"cat", 1}, {"dog", 1}, {"cat", 1}}),
                    "evendraw::target_proportion_sampler: shares names 'cat' twice; name it once");
  evendraw::class_index const declared(labels, {.classes = {"cat", "dog", "emu"}, .allow_empty = true});
  CHECK_THROWS_WITH(target_proportion_sampler(declared, {{"cat", 1}, {"dog", 1}, {"emu", 1}}),
                    "evendraw::target_proportion_sampler: class 'emu' has a share but no samples; its share must be 0");
  CHECK_NOTHROW(target_proportion_sampler(declared, {{"cat", 1}, {"dog", 1}}));
  std::vector<double> const three{1, 1, 1};
  CHECK_THROWS_WITH(target_proportion_sampler(evendraw::class_index(labels), std::span<double const>(three)),
                    "evendraw::target_proportion_sampler: 3 shares for 2 classes; give one for each");
}

TEST_CASE("target_proportion_sampler gives the golden draws", "[target_proportion][golden]") {
  auto const labels = sampling::labels_of({60, 30, 7, 3});
  target_proportion_sampler const sampler(labels, {{0, 0.1}, {1, 0.2}, {2, 0.3}, {3, 0.4}},
                                          {.epoch_size = 1'000'000, .seed = 2026});
  CHECK(sampling::all(sampler.epoch(11).take(8)) == std::vector<std::uint32_t>{52, 85, 47, 58, 47, 95, 63, 49});
}

}  // namespace target_proportion_sampler_test
