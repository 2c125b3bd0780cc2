#include <evendraw/evendraw.hpp>

#include <map>
#include <string>

#include <support/catch2.hpp>
#include <support/sampling.hpp>
#include <support/statistics.hpp>

namespace inverse_frequency_sampler_test {

namespace {

enum class road { dry, wet, frost };

/// The definition: the high 64 bits of the word times K are the class, and the low 64 bits pick the member.
std::vector<std::uint32_t> reference(std::vector<int> const& labels, std::uint64_t seed, std::uint64_t epoch,
                                     std::size_t draws) {
  std::map<int, std::vector<std::uint32_t>> members;
  for (std::size_t i = 0; i < labels.size(); ++i) members[labels[i]].push_back(static_cast<std::uint32_t>(i));
  std::uint64_t const key = evendraw::stream_key(seed, epoch, evendraw::random_stream::draw);
  std::vector<std::uint32_t> result;
  for (std::size_t p = 0; p < draws; ++p) {
    auto const [number, behind] = evendraw::detail::multiply_halves(evendraw::random_word(key, p), members.size());
    auto const& chosen = std::next(members.begin(), static_cast<std::ptrdiff_t>(number))->second;
    result.push_back(chosen[static_cast<std::size_t>(evendraw::detail::multiply_halves(behind, chosen.size()).high)]);
  }
  return result;
}

}  // namespace

TEST_CASE("inverse_frequency_sampler equals its definition", "[inverse_frequency]") {
  for (auto const& counts :
       std::vector<std::vector<std::size_t>>{{1}, {5}, {900, 100}, {1, 1, 1}, {1000, 3, 50, 7, 1}}) {
    auto const labels = sampling::labels_of(counts);
    evendraw::inverse_frequency_sampler const sampler(labels, {.epoch_size = 2000, .seed = 9});
    CHECK(sampling::all(sampler.epoch(4)) == reference(labels, 9, 4, 2000));
  }
}

TEST_CASE("inverse_frequency_sampler draws classes and members by its law", "[inverse_frequency]") {
  auto const labels = sampling::labels_of({600, 90, 9, 1});
  std::size_t const draws = 400'000;  // detects one of 4 classes that is 5 % off with probability > 0.999
  evendraw::inverse_frequency_sampler const sampler(labels, {.epoch_size = draws, .seed = 1});
  auto const indices = sampling::all(sampler.epoch(0));
  auto const classes = sampling::draws_of_classes(indices, labels);
  CHECK(statistics::uniform_p(classes) > statistics::threshold);

  std::vector<std::uint64_t> pairs(16);  // classes of consecutive draws
  for (std::size_t i = 0; i + 1 < indices.size(); i += 2) {
    ++pairs[static_cast<std::size_t>(labels[indices[i]] * 4 + labels[indices[i + 1]])];
  }
  CHECK(statistics::uniform_p(pairs) > statistics::threshold);

  auto const drawn = sampling::draws_of_each(indices, labels.size());
  std::vector<double> law;
  for (int const label : labels) law.push_back(0.25 / static_cast<double>(std::ranges::count(labels, label)));
  CHECK(statistics::chi_squared_p(drawn, law) > statistics::threshold);

  SECTION("the checks reject wrong samplers") {
    auto const natural = sampling::all(
        evendraw::multinomial_sampler(std::vector<int>(labels.size(), 1), {.epoch_size = draws}).epoch(0));
    CHECK(statistics::uniform_p(sampling::draws_of_classes(natural, labels)) < statistics::threshold);
    auto heavy =
        evendraw::target_proportion_sampler(labels, {{0, 1}, {1, 1}, {2, 1}, {3, 1.05}}, {.epoch_size = draws});
    CHECK(statistics::uniform_p(sampling::draws_of_classes(sampling::all(heavy.epoch(0)), labels)) <
          statistics::threshold);
    auto last_never = drawn;  // the last member of the largest class gives its draws to the first
    auto const first_of_0 = static_cast<std::size_t>(std::ranges::find(labels, 0) - labels.begin());
    auto const last_of_0 =
        labels.size() - 1 - static_cast<std::size_t>(std::find(labels.rbegin(), labels.rend(), 0) - labels.rbegin());
    last_never[first_of_0] += std::exchange(last_never[last_of_0], 0);
    CHECK(statistics::chi_squared_p(last_never, law) < statistics::threshold);
  }
}

TEST_CASE("inverse_frequency_sampler takes labels of any type and gives the same draws", "[inverse_frequency]") {
  std::vector<int> const numbers{0, 2, 1, 0, 0, 2};
  std::vector<std::string> const strings{"a", "c", "b", "a", "a", "c"};
  std::vector<char const*> const pointers{"a", "c", "b", "a", "a", "c"};
  std::vector<road> const enums{road::dry, road::frost, road::wet, road::dry, road::dry, road::frost};
  std::vector<std::int64_t> const sparse{-5'000'000'000, 7'000'000'000,  0,
                                         -5'000'000'000, -5'000'000'000, 7'000'000'000};
  auto const expected = sampling::all(evendraw::inverse_frequency_sampler(numbers, {.epoch_size = 100}).epoch(1));
  CHECK(sampling::all(evendraw::inverse_frequency_sampler(strings, {.epoch_size = 100}).epoch(1)) == expected);
  CHECK(sampling::all(evendraw::inverse_frequency_sampler(pointers, {.epoch_size = 100}).epoch(1)) == expected);
  CHECK(sampling::all(evendraw::inverse_frequency_sampler(enums, {.epoch_size = 100}).epoch(1)) == expected);
  CHECK(sampling::all(evendraw::inverse_frequency_sampler(sparse, {.epoch_size = 100}).epoch(1)) == expected);
  CHECK(sampling::all(
            evendraw::inverse_frequency_sampler(evendraw::class_index(numbers), {.epoch_size = 100}).epoch(1)) ==
        expected);
}

TEST_CASE("inverse_frequency_sampler draws the original indices of a subset", "[inverse_frequency]") {
  std::vector<int> const labels{0, 0, 1, 1, 0, 1};
  evendraw::class_index const subset(labels, std::vector<int>{5, 1, 4});
  evendraw::inverse_frequency_sampler const sampler(subset, {.epoch_size = 1000});
  auto const drawn = sampling::draws_of_each(sampling::all(sampler.epoch(0)), 6);
  CHECK(sampler.num_samples() == 3);
  CHECK(drawn[0] + drawn[2] + drawn[3] == 0);
  CHECK(drawn[5] > 400);
  CHECK(drawn[1] > 150);
  CHECK(drawn[4] > 150);
  CHECK(evendraw::inverse_frequency_sampler(subset).epoch_size() == 3);
}

TEST_CASE("inverse_frequency_sampler at the edges", "[inverse_frequency]") {
  evendraw::inverse_frequency_sampler const one(std::vector<int>{7});
  CHECK(sampling::all(one.epoch(0)) == std::vector<std::uint32_t>{0});
  evendraw::class_index const declared(std::vector<int>{1, 1, 3}, {.classes = {1, 2, 3}, .allow_empty = true});
  auto const drawn = sampling::draws_of_each(
      sampling::all(evendraw::inverse_frequency_sampler(declared, {.epoch_size = 1000}).epoch(0)), 3);
  CHECK(drawn[2] > 400);
  CHECK(drawn[2] < 600);
  CHECK_THROWS_WITH(evendraw::inverse_frequency_sampler(std::vector<int>{}),
                    "evendraw::class_index: no samples; give at least one label");
  CHECK_THROWS_WITH(
      evendraw::inverse_frequency_sampler<std::uint8_t>(std::vector<int>(256)),
      "evendraw::class_index: 256 samples do not fit into 8-bit indices; use std::uint64_t as the index type: "
      "class_index<Label, std::uint64_t>(...), or sampler<std::uint64_t>(labels)");
}

TEST_CASE("inverse_frequency_sampler gives the golden draws", "[inverse_frequency][golden]") {
  auto const labels = sampling::labels_of({60, 30, 7, 3});
  evendraw::inverse_frequency_sampler const sampler(labels, {.epoch_size = 1'000'000, .seed = 2026});
  auto const draws = sampler.epoch(11);
  CHECK(sampling::all(draws.take(8)) == std::vector<std::uint32_t>{93, 39, 98, 63, 47, 30, 30, 73});
  CHECK(sampling::all(draws.drop(999'992)) == std::vector<std::uint32_t>{78, 63, 89, 98, 49, 38, 63, 82});
}

}  // namespace inverse_frequency_sampler_test
