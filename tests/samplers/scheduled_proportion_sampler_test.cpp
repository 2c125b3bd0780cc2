#include <evendraw/evendraw.hpp>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include <support/catch2.hpp>
#include <support/sampling.hpp>
#include <support/statistics.hpp>

namespace scheduled_proportion_sampler_test {

using evendraw::power_schedule;
using evendraw::progressive_schedule;
using evendraw::scheduled_proportion_sampler;

namespace {

std::vector<std::uint64_t> const counts{60, 30, 0, 10};

bool close(std::vector<double> const& a, std::vector<double> const& b) {
  return std::ranges::equal(a, b, [](double x, double y) { return std::abs(x - y) < 1e-12; });
}

}  // namespace

TEST_CASE("progressive_schedule mixes natural shares with equal ones", "[scheduled]") {
  progressive_schedule const schedule(10);
  CHECK(close(schedule(counts, 0), {0.6, 0.3, 0, 0.1}));
  CHECK(close(schedule(counts, 5), {0.3 + 1 / 6.0, 0.15 + 1 / 6.0, 0, 0.05 + 1 / 6.0}));
  CHECK(schedule(counts, 10) == std::vector<double>{1 / 3.0, 1 / 3.0, 0, 1 / 3.0});  // equal to the last bit
  CHECK(schedule(counts, 1000) == schedule(counts, 10));
  CHECK_THROWS_WITH(progressive_schedule(0),
                    "evendraw::progressive_schedule: epochs is 0; needs at least one epoch between the first shares "
                    "and the last");
}

TEST_CASE("power_schedule raises counts to a power that changes with the epoch", "[scheduled]") {
  power_schedule const schedule(1, 0, 4);
  CHECK(schedule(counts, 0) == std::vector<double>{60, 30, 0, 10});
  CHECK(close(schedule(counts, 2), {std::sqrt(60), std::sqrt(30), 0, std::sqrt(10)}));
  CHECK(schedule(counts, 4) == std::vector<double>{1, 1, 0, 1});
  CHECK(schedule(counts, 5) == schedule(counts, 4));
  CHECK(schedule.exponent(1) == 0.75);
  CHECK_THROWS_AS(power_schedule(1, 0, 0), std::invalid_argument);
  CHECK_THROWS_WITH(power_schedule(1, std::numeric_limits<double>::infinity(), 3),
                    "evendraw::power_schedule: q goes from 1 to inf; both must be finite");
}

TEST_CASE("scheduled_proportion_sampler follows its schedule", "[scheduled]") {
  auto const labels = sampling::labels_of({600, 90, 10});
  evendraw::class_index const classes(labels);
  std::uint64_t const epoch_size = 100'000;
  scheduled_proportion_sampler const sampler(classes, progressive_schedule(8), {.epoch_size = epoch_size, .seed = 4});
  for (std::uint64_t const e : {0u, 3u, 8u, 20u}) {
    auto const counts_of = sampling::draws_of_classes(sampling::all(sampler.epoch(e)), labels);
    auto const law = progressive_schedule(8)({600, 90, 10}, e);
    CAPTURE(e);
    CHECK(close(sampler.class_shares(e), law));
    CHECK(statistics::chi_squared_p(counts_of, law) > statistics::threshold);
    // the check notices a schedule that is an epoch late
    if (e == 3) CHECK(statistics::chi_squared_p(counts_of, sampler.class_shares(2)) < statistics::threshold);
  }
}

TEST_CASE("scheduled_proportion_sampler draws as target_proportion_sampler with the epoch's shares", "[scheduled]") {
  auto const labels = sampling::labels_of({600, 90, 10});
  evendraw::class_index const classes(labels);
  scheduled_proportion_sampler const sampler(classes, power_schedule(1, 0, 8), {.seed = 4});
  auto const shares = sampler.class_shares(3);
  evendraw::target_proportion_sampler const third(classes, std::span<double const>(shares), {.seed = 4});
  CHECK(sampling::all(sampler.epoch(3)) == sampling::all(third.epoch(3)));
  CHECK(sampling::all(sampler.epoch(8)) ==
        sampling::all(evendraw::inverse_frequency_sampler(classes, {.seed = 4}).epoch(8)));
  CHECK(sampler.epoch(3)[17] == sampling::all(sampler.epoch(3))[17]);
  // any function of counts and epoch is a schedule
  scheduled_proportion_sampler const own(labels,
                                         [](std::vector<std::uint64_t> const&, std::uint64_t epoch) {
                                           return std::vector{1, 0, epoch < 5 ? 0 : 1};
                                         },
                                         {.seed = 4});
  CHECK(sampling::draws_of_classes(sampling::all(own.epoch(4)), labels)[0] == 700);
  CHECK(sampling::draws_of_classes(sampling::all(own.epoch(5)), labels)[0] < 420);
}

TEST_CASE("scheduled_proportion_sampler recognises its schedule", "[scheduled]") {
  auto const labels = sampling::labels_of({60, 9, 3});
  scheduled_proportion_sampler const a(labels, progressive_schedule(8)), same(labels, progressive_schedule(8)),
      later(labels, progressive_schedule(9)), seeded(labels, progressive_schedule(8), {.seed = 1});
  scheduled_proportion_sampler const power(labels, power_schedule(1, 0, 8));
  CHECK(a.fingerprint() == same.fingerprint());
  CHECK(
      sampling::distinct(std::vector{a.fingerprint(), later.fingerprint(), seeded.fingerprint(), power.fingerprint()}));
  evendraw::cursor cursor(evendraw::batch_sampler(a, 10));
  for (int i = 0; i < 20; ++i) cursor.next();
  evendraw::cursor resumed(evendraw::batch_sampler(same, 10), cursor.save());
  auto const expected = cursor.next();
  CHECK(std::ranges::equal(resumed.next(), expected));
  CHECK_THROWS_AS(evendraw::cursor(evendraw::batch_sampler(later, 10), cursor.save()), std::invalid_argument);
}

TEST_CASE("scheduled_proportion_sampler tells schedules apart", "[scheduled]") {
  auto const labels = sampling::labels_of({60, 9, 3});
  auto const print = [&](auto const& schedule) { return scheduled_proportion_sampler(labels, schedule).fingerprint(); };
  auto const step = [](std::uint64_t first_equal) {
    return [first_equal](std::vector<std::uint64_t> const& sizes, std::uint64_t epoch) {
      return epoch < first_equal ? std::vector<double>(sizes.begin(), sizes.end()) : std::vector<double>{1, 1, 1};
    };
  };
  auto const table = [](std::size_t epochs) {
    return [shares = std::vector<std::vector<double>>(epochs, {1, 2, 3})](
               std::vector<std::uint64_t> const&, std::uint64_t epoch) { return shares.at(epoch); };
  };
  std::uint64_t const late = std::uint64_t{1} << 19;
  CHECK(sampling::distinct(std::vector{
      print(step(100)), print(step(120)), print(step(1)), print(step(1022)), print(step(1023)), print(step(late)),
      print(step(late + 1)), print(table(10)), print(table(11)), print(progressive_schedule(late)),
      print(progressive_schedule(late + 1)), print(power_schedule(1, 0, 7)), print(power_schedule(1, 0, 8)),
      print(power_schedule(1, 0.5, 7)), print(power_schedule(0.5, 0, 7)), print(power_schedule(1, 1, 7))}));
  CHECK(print(step(100)) == print(step(100)));
  auto const without = [](std::uint64_t refused) {
    return [refused](std::vector<std::uint64_t> const&, std::uint64_t epoch) {
      return epoch == refused ? std::vector<double>{} : std::vector<double>{1, 2, 3};
    };
  };
  CHECK(print(without(3)) != print(without(4)));
  CHECK(print(table(10)) == print(table(10)));
  CHECK(print(step(1024)) != print(step(1023)));
  CHECK(print(step(1025)) == print(step(2048)));  // the fingerprint skips the epochs in between

  struct with_name {
    std::uint64_t name;
    std::vector<double> operator()(std::vector<std::uint64_t> const&, std::uint64_t epoch) const {
      if (epoch > 0) throw std::logic_error("asked for more than epoch 0");
      return {1, 1, 1};
    }
    [[nodiscard]] std::uint64_t fingerprint() const { return name; }
  };
  CHECK(print(with_name{1}) == print(with_name{1}));
  CHECK(print(with_name{1}) != print(with_name{2}));
}

TEST_CASE("scheduled_proportion_sampler takes schedules that end", "[scheduled]") {
  auto const labels = sampling::labels_of({60, 9, 3});
  auto const ends = [shares = std::vector<std::vector<double>>(10, {1, 2, 3})](
                        std::vector<std::uint64_t> const&, std::uint64_t epoch) { return shares.at(epoch); };
  scheduled_proportion_sampler const sampler(labels, ends);
  STATIC_REQUIRE(noexcept(sampler.fingerprint()));
  evendraw::any_sampler<> const any = sampler;
  CHECK(any.fingerprint() == sampler.fingerprint());
  CHECK(sampling::all(any.epoch(9)) == sampling::all(sampler.epoch(9)));
  CHECK_THROWS_AS(any.epoch(10), std::out_of_range);
  evendraw::cursor cursor(evendraw::batch_sampler(any, 36));
  for (int i = 0; i < 3; ++i) cursor.next();
  evendraw::cursor resumed(evendraw::batch_sampler(sampler, 36), cursor.save());
  auto const expected = cursor.next();
  CHECK(std::ranges::equal(resumed.next(), expected));
}

TEST_CASE("scheduled_proportion_sampler refuses bad schedules", "[scheduled]") {
  std::vector<std::string> const labels{"cat", "dog", "dog"};
  auto const always = [](std::vector<double> shares) {
    return [shares](std::vector<std::uint64_t> const&, std::uint64_t) { return shares; };
  };
  CHECK_THROWS_WITH(scheduled_proportion_sampler(labels, always({1, -1})),
                    "evendraw::scheduled_proportion_sampler: schedule(counts, 0): shares[1] is -1; every number must "
                    "be finite and >= 0");
  CHECK_THROWS_WITH(scheduled_proportion_sampler(labels, always({1})),
                    "evendraw::scheduled_proportion_sampler: schedule(counts, 0): 1 share for 2 classes; give one "
                    "for each");
  CHECK_THROWS_AS(scheduled_proportion_sampler(labels, always({0, 0})), std::invalid_argument);
  evendraw::class_index const declared(labels, {.classes = {"cat", "dog", "emu"}, .allow_empty = true});
  CHECK_THROWS_WITH(scheduled_proportion_sampler(declared, always({1, 1, 2})),
                    "evendraw::scheduled_proportion_sampler: schedule(counts, 0): class number 2 has a share but no "
                    "samples; its share must be 0");
  CHECK_NOTHROW(scheduled_proportion_sampler(declared, progressive_schedule(3)).epoch(2));
  auto const late = [](std::vector<std::uint64_t> const&, std::uint64_t epoch) {
    return std::vector<double>{1, epoch < 7 ? 1 : std::numeric_limits<double>::quiet_NaN()};
  };
  scheduled_proportion_sampler const sampler(labels, late);
  CHECK_NOTHROW(sampler.epoch(6));
  CHECK_THROWS_AS(sampler.epoch(7), std::invalid_argument);
}

TEST_CASE("scheduled_proportion_sampler gives the golden draws", "[scheduled][golden]") {
  auto const labels = sampling::labels_of({60, 30, 7, 3});
  scheduled_proportion_sampler const sampler(labels, progressive_schedule(20), {.epoch_size = 1'000'000, .seed = 2026});
  CHECK(sampling::all(sampler.epoch(11).take(8)) == std::vector<std::uint32_t>{38, 85, 28, 98, 47, 95, 63, 42});
}

}  // namespace scheduled_proportion_sampler_test
