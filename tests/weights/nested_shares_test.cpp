#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <support/catch2.hpp>
#include <support/sampling.hpp>
#include <support/statistics.hpp>

#include <evendraw/samplers/balanced_epoch_sampler.hpp>
#include <evendraw/samplers/target_proportion_sampler.hpp>
#include <evendraw/weights/epoch_quotas.hpp>
#include <evendraw/weights/nested_shares.hpp>

namespace nested_shares_test {

using evendraw::crossed_classes;
using evendraw::equal;
using evendraw::nested_shares;

namespace {

struct samples {
  std::vector<std::string> outer;
  std::vector<std::string> inner;
};

/// Animals: 6 cats and 2 dogs; vehicles: 1 bus, 80 cars and 9 vans; one ship.
samples made_data() {
  samples result;
  auto const add = [&](int count, char const* outer, char const* inner) {
    result.outer.insert(result.outer.end(), static_cast<std::size_t>(count), outer);
    result.inner.insert(result.inner.end(), static_cast<std::size_t>(count), inner);
  };
  add(80, "vehicle", "car");
  add(6, "animal", "cat");
  add(9, "vehicle", "van");
  add(1, "ship", "ship");
  add(2, "animal", "dog");
  add(1, "vehicle", "bus");
  return result;
}

/// The cells are: cat, dog; ship; bus, car, van.
crossed_classes<> made_cells() {
  auto const data = made_data();
  return crossed_classes(data.outer, data.inner);
}

bool are_near(std::vector<double> const& shares, std::vector<double> const& wanted) {
  bool near = shares.size() == wanted.size();
  for (std::size_t c = 0; near && c < shares.size(); ++c) near = std::fabs(shares[c] - wanted[c]) < 1e-15;
  return near;
}

}  // namespace

TEST_CASE("Every super-class has its share, and its classes divide it", "[nested_shares]") {
  auto const cells = made_cells();
  REQUIRE(cells.index().labels().front() == "animal, cat");
  REQUIRE(cells.index().labels().back() == "vehicle, van");
  double const third = 1.0 / 3;
  CHECK(
      are_near(nested_shares(cells, equal(), equal()), {third / 2, third / 2, third, third / 3, third / 3, third / 3}));
  CHECK(are_near(nested_shares(cells, {{"animal", 5}, {"ship", 1}, {"vehicle", 4}}, {}),
                 {0.5 * 6 / 8, 0.5 * 2 / 8, 0.1, 0.4 * 1 / 90, 0.4 * 80 / 90, 0.4 * 9 / 90}));
  CHECK(are_near(nested_shares(cells, {}, equal()), {4. / 99, 4. / 99, 1. / 99, 30. / 99, 30. / 99, 30. / 99}));
  CHECK(are_near(nested_shares(cells, {}, {}), {6. / 99, 2. / 99, 1. / 99, 1. / 99, 80. / 99, 9. / 99}));
  CHECK(are_near(nested_shares(cells, {{"animal", 1}, {"ship", 0}, {"vehicle", 1}},
                               {{"bus", 3}, {"car", 1}, {"cat", 0}, {"dog", 7}, {"ship", 0}, {"van", 0}}),
                 {0, 0.5, 0, 0.375, 0.125, 0}));
}

TEST_CASE("nested_shares takes attributes that are not nested", "[nested_shares]") {
  crossed_classes const cells(std::vector<int>{0, 0, 0, 1, 1}, std::vector<int>{5, 6, 6, 6, 7});
  CHECK(are_near(nested_shares(cells, {{0, 0.8}, {1, 0.2}}, {{5, 1}, {6, 3}, {7, 1}}), {0.2, 0.6, 0.15, 0.05}));
}

TEST_CASE("Samplers take nested shares", "[nested_shares]") {
  auto const cells = made_cells();
  auto const shares = nested_shares(cells, equal(), equal());
  auto const draws = evendraw::target_proportion_sampler(cells.index(), shares, {.epoch_size = 100'000}).epoch(0);
  auto const cell_of = cells.index().sample_classes();
  std::vector<std::uint64_t> of_cells(shares.size());
  for (auto const sample : draws) ++of_cells[cell_of[sample]];
  CHECK(statistics::chi_squared_p(of_cells, shares) > statistics::threshold);
  CHECK(statistics::chi_squared_p(of_cells, nested_shares(cells, {}, equal())) < 1e-9);  // the twin
  evendraw::balanced_epoch_sampler const balanced(
      cells.index(), {.quotas = evendraw::epoch_quotas(cells, shares, 18), .max_repeats = 6});
  CHECK(balanced.quotas() == std::vector<std::uint64_t>{3, 3, 6, 2, 2, 2});
}

TEST_CASE("nested_shares refuses bad targets", "[nested_shares]") {
  auto const cells = made_cells();
  std::string const context = "evendraw::nested_shares: ";
  CHECK_THROWS_WITH(nested_shares(cells, {{"animal", 1}, {"ship", 1}}, equal()),
                    context +
                        "the targets of attribute 0 do not name 'vehicle' (90 samples); give it a share (0 leaves "
                        "it out)");
  CHECK_THROWS_WITH(nested_shares(cells, equal(), {{"cat", 1}, {"cow", 1}}),
                    Catch::Contains(context + "the targets of attribute 1 name 'cow', which no sample has"));
  CHECK_THROWS_WITH(
      nested_shares(cells, equal(), {{"bus", 1}, {"car", 1}, {"cat", 0}, {"dog", 0}, {"ship", 1}, {"van", 1}}),
      Catch::Contains(context + "'animal' has the share 0.333333") &&
          Catch::Contains(
              "all values of attribute 1 in it have the share 0; give one of them a share, or leave it out"));
  CHECK_THROWS_WITH(nested_shares(cells, 0.5, equal()), Catch::Contains("give equal(), or a list"));
  auto const data = made_data();
  CHECK_THROWS_WITH(nested_shares(crossed_classes(data.outer, data.inner, data.inner), equal(), equal()),
                    context + "the cells have 3 attributes; cross two, the outer one first");
}

TEST_CASE("Nested shares are the same on every platform", "[nested_shares][golden]") {
  std::uint64_t bits = 0;
  for (double const share : nested_shares(made_cells(), {{"animal", 0.3}, {"ship", 0.1}, {"vehicle", 0.6}}, {})) {
    bits = evendraw::mix64(bits + std::bit_cast<std::uint64_t>(share));
  }
  CHECK(bits == 0x44f219267bfe62f4u);
}

}  // namespace nested_shares_test
