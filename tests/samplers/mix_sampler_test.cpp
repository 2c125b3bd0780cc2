#include <evendraw/evendraw.hpp>

#include <evendraw/samplers/mix_sampler.hpp>

#include <cmath>
#include <limits>

#include <support/catch2.hpp>
#include <support/sampling.hpp>
#include <support/sources.hpp>
#include <support/statistics.hpp>

namespace mix_sampler_test {

using evendraw::any_sampler;
using evendraw::mix_sampler;
using numbers = std::vector<std::uint64_t>;
using index_list = std::vector<std::uint32_t>;

namespace {

index_list all(any_sampler<> const& sampler, std::uint64_t epoch) { return sampling::all(sampler.epoch(epoch)); }

/// The sources of some draws of a mix.
std::vector<std::size_t> sources_of(mix_sampler<> const& mix, index_list const& drawn) {
  std::vector<std::size_t> result;
  for (auto const index : drawn) result.push_back(mix.source_of(index).source);
  return result;
}

/// Whether each window has its shares, rounded down or up. Every epoch begins a new window.
bool windows_have_shares(std::vector<std::vector<std::size_t>> const& epochs, std::vector<double> const& parts,
                         std::size_t window) {
  for (auto const& epoch : epochs) {
    for (std::size_t begin = 0; begin < epoch.size(); begin += window) {
      std::size_t const size = std::min(window, epoch.size() - begin);
      for (std::size_t s = 0; s < parts.size(); ++s) {
        auto const first = epoch.begin() + static_cast<std::ptrdiff_t>(begin);
        auto const have = static_cast<double>(std::count(first, first + static_cast<std::ptrdiff_t>(size), s));
        double const ideal = parts[s] * static_cast<double>(size);
        if (have < std::floor(ideal + 1e-6) || have > std::ceil(ideal - 1e-6)) return false;
      }
    }
  }
  return true;
}

/// Whether the mix's draws of each source are the epochs of that source, one after the other. Within a window their order
/// may differ.
bool reads_on(mix_sampler<> const& mix, std::vector<any_sampler<>> const& sources, std::uint64_t window,
              std::uint64_t epochs) {
  std::vector<index_list> expected(sources.size());
  std::vector<std::size_t> next(sources.size());
  for (std::size_t s = 0; s < sources.size(); ++s) {
    for (std::uint64_t e = 0; expected[s].size() < epochs * mix.epoch_size(); ++e) {
      auto const more = all(sources[s], e);
      expected[s].insert(expected[s].end(), more.begin(), more.end());
    }
  }
  for (std::uint64_t e = 0; e < epochs; ++e) {
    auto const drawn = sampling::all(mix.epoch(e));
    for (std::size_t begin = 0; begin < drawn.size(); begin += window) {
      std::vector<index_list> in_window(sources.size());
      for (std::size_t i = begin; i < std::min<std::size_t>(begin + window, drawn.size()); ++i) {
        auto const [source, index] = mix.source_of(drawn[i]);
        in_window[source].push_back(index);
      }
      for (std::size_t s = 0; s < sources.size(); ++s) {
        auto const begin_in_source = expected[s].begin() + static_cast<std::ptrdiff_t>(next[s]);
        index_list should(begin_in_source, begin_in_source + static_cast<std::ptrdiff_t>(in_window[s].size()));
        next[s] += should.size();
        std::ranges::sort(should);
        std::ranges::sort(in_window[s]);
        if (should != in_window[s]) return false;
      }
    }
  }
  return true;
}

}  // namespace

TEST_CASE("mix_sampler gives each source its share of every window", "[mix]") {
  std::vector<double> const shares{0.55, 0.3, 0.15};
  for (std::uint64_t const window : {1u, 7u, 64u, 100u, 512u, 513u, 5000u}) {
    for (std::uint64_t const epoch_size : {0u, 64u, 1000u}) {
      for (auto const order : {evendraw::order::shuffled, evendraw::order::grouped}) {
        mix_sampler const mix(sources::three(), shares,
                              {.epoch_size = epoch_size, .window = window, .order = order, .seed = 4});
        std::vector<std::vector<std::size_t>> epochs;
        for (std::uint64_t e = 0; e < 20; ++e) epochs.push_back(sources_of(mix, sampling::all(mix.epoch(e))));
        CAPTURE(window, epoch_size);
        CHECK(mix.epoch_size() == (epoch_size == 0 ? 348 : epoch_size));
        CHECK(windows_have_shares(epochs, shares, window));
      }
    }
  }
  // The check rejects sources that are chosen at random, and windows that lie elsewhere.
  std::vector<std::vector<std::size_t>> wrong(1);
  auto const chosen = sampling::all(evendraw::multinomial_sampler(shares, {.epoch_size = 1000}).epoch(0));
  wrong[0].assign(chosen.begin(), chosen.end());
  CHECK_FALSE(windows_have_shares(wrong, shares, 64));
  mix_sampler const mix(sources::three(), shares, {.epoch_size = 1000, .window = 64, .seed = 4});
  wrong[0] = sources_of(mix, sampling::all(mix.epoch(0).drop(20)));
  CHECK_FALSE(windows_have_shares(wrong, shares, 64));
}

TEST_CASE("mix_sampler has the shares also over many epochs", "[mix]") {
  mix_sampler const mix(sources::three(), {5, 3, 2}, {.epoch_size = 33, .window = 8, .seed = 4});
  numbers drawn(3);
  for (std::uint64_t e = 0; e < 1024; ++e) {
    for (std::size_t const source : sources_of(mix, sampling::all(mix.epoch(e)))) ++drawn[source];
  }
  // 2^12 windows of 8 draws and 2^10 of 1: each source has its rounded part of either kind
  CHECK(std::abs(static_cast<double>(drawn[0]) - 0.5 * 33 * 1024) < 2);
  CHECK(std::abs(static_cast<double>(drawn[1]) - 0.3 * 33 * 1024) < 2);
  CHECK(std::abs(static_cast<double>(drawn[2]) - 0.2 * 33 * 1024) < 2);
}

TEST_CASE("mix_sampler continues with its sources from epoch to epoch", "[mix]") {
  auto const sources = sources::three();
  for (std::uint64_t const window : {1u, 5u, 64u, 100u, 600u}) {
    for (auto const order : {evendraw::order::shuffled, evendraw::order::grouped}) {
      for (std::uint64_t const epoch_size : {10u, 348u, 1000u}) {
        mix_sampler const mix(sources, {0.5, 0.3, 0.2},
                              {.epoch_size = epoch_size, .window = window, .order = order, .seed = 4});
        CAPTURE(window, epoch_size);
        CHECK(reads_on(mix, sources, order == evendraw::order::grouped ? 1 : window, 7));
      }
    }
  }
  mix_sampler const mix(sources, {0.5, 0.3, 0.2}, {.window = 64});
  CHECK_FALSE(reads_on(mix, sources, 32, 2));  // shuffled in larger windows
  auto others = sources;
  others[2] = evendraw::inverse_frequency_sampler(sampling::labels_of({90, 10}), {.epoch_size = 42, .seed = 2});
  CHECK(reads_on(mix, sources, 64, 3));
  CHECK_FALSE(reads_on(mix, others, 64, 3));  // a source whose epochs are one draw longer
}

TEST_CASE("mix_sampler reads parts of an epoch as it reads the whole", "[mix]") {
  for (std::uint64_t const window : {1u, 5u, 64u, 700u}) {
    for (auto const order : {evendraw::order::shuffled, evendraw::order::grouped}) {
      auto const draws =
          mix_sampler(sources::three(), {5, 3, 2}, {.epoch_size = 9999, .window = window, .order = order}).epoch(2);
      auto const whole = sampling::all(draws);
      for (std::size_t const stride : {1u, 2u, 7u, 100u}) {
        index_list expected;
        for (std::size_t i = 3; i < whole.size(); i += stride) expected.push_back(whole[i]);
        CAPTURE(window, stride);
        CHECK(sampling::all(draws.drop(3).shard(0, stride)) == expected);
        bool same = true;
        for (std::size_t i = 3; i < whole.size(); i += stride) same &= draws[i] == whole[i];
        CHECK(same);
      }
    }
  }
}

TEST_CASE("mix_sampler says which source an index comes from", "[mix]") {
  auto const labels = sampling::labels_of({50, 30, 20});
  evendraw::class_index const subset(labels, std::vector<int>{99, 3, 64, 65});
  std::vector<any_sampler<>> const sources{evendraw::sequential_sampler(10), evendraw::balanced_epoch_sampler(subset),
                                           evendraw::sequential_sampler(5)};
  mix_sampler const mix(sources, {1, 1, 1}, {.order = evendraw::order::grouped});
  CHECK(mix.num_sources() == 3);
  CHECK(mix.num_samples() == 19);
  CHECK(mix.index_bound() == 115);
  CHECK(mix.source_of(0) == evendraw::detail::source_index<std::uint32_t>{0, 0});
  CHECK(mix.source_of(9) == evendraw::detail::source_index<std::uint32_t>{0, 9});
  CHECK(mix.source_of(10) == evendraw::detail::source_index<std::uint32_t>{1, 0});
  CHECK(mix.source_of(109) == evendraw::detail::source_index<std::uint32_t>{1, 99});
  CHECK(mix.source_of(110) == evendraw::detail::source_index<std::uint32_t>{2, 0});
  CHECK(mix.source_of(114) == evendraw::detail::source_index<std::uint32_t>{2, 4});
  CHECK(reads_on(mix, sources, 64, 4));
  for (std::uint64_t e = 0; e < 10; ++e) {
    for (auto const index : mix.epoch(e)) {
      auto const [source, local] = mix.source_of(index);
      CHECK((source != 1 || local == 99 || local == 3 || local == 64 || local == 65));
    }
  }
}

TEST_CASE("mix_sampler mixes mixes", "[mix]") {
  mix_sampler const inner(sources::three(), {1, 2, 3}, {.window = 6, .seed = 8});
  std::vector<any_sampler<>> const sources{inner, evendraw::sequential_sampler(20)};
  mix_sampler const outer(sources, {0.75, 0.25}, {.window = 16, .seed = 9});
  CHECK(outer.index_bound() == 427);
  CHECK(reads_on(outer, sources, 16, 3));
}

TEST_CASE("mix_sampler at the edges", "[mix]") {
  SECTION("a share of 0, one source, shares of any scale") {
    auto const sources = sources::three();
    mix_sampler const without(sources, {1, 0, 1});
    CHECK(without.epoch_size() == 341);
    CHECK(without.index_bound() == 407);
    CHECK(std::ranges::count(sources_of(without, sampling::all(without.epoch(0))), 1u) == 0);
    CHECK(reads_on(without, sources, 64, 4));
    mix_sampler const one({sources[0]}, {3}, {.order = evendraw::order::grouped});
    CHECK(sampling::all(one.epoch(4)) == all(sources[0], 4));
    auto const scaled = [&](double factor) {
      return mix_sampler(sources, {factor * 5, factor * 3, factor * 2}).fingerprint();
    };
    CHECK(scaled(1) == scaled(16));
    CHECK(scaled(0.1) == scaled(0.1 * 0x1p-1000));
    CHECK(scaled(0.1) == scaled(0.1 * 0x1p1020));
    CHECK(mix_sampler(sources, {1e308, 1e308, 1e308}).fingerprint() == mix_sampler(sources, {3, 3, 3}).fingerprint());
    mix_sampler const rare(sources, {1e300, 1e-300, 1}, {.epoch_size = 1000});
    CHECK(std::ranges::count(sources_of(rare, sampling::all(rare.epoch(0))), 0u) >= 998);
  }
  SECTION("many sources, some of one sample") {
    std::vector<any_sampler<>> sources;
    std::vector<double> shares;
    for (std::uint64_t s = 0; s < 200; ++s) {
      sources.push_back(evendraw::random_sampler(1 + s % 5, {.seed = s}));
      shares.push_back(static_cast<double>(1 + s % 3));
    }
    for (std::uint64_t const window : {50u, 400u, 3000u}) {
      mix_sampler const mix(sources, shares, {.epoch_size = 3100, .window = window});
      CHECK(reads_on(mix, sources, window, 3));
    }
  }
  SECTION("different mixes have different fingerprints") {
    auto const sources = sources::three();
    auto const print = [&](std::vector<double> const& shares, evendraw::mix_options const& options) {
      return mix_sampler(sources, shares, options).fingerprint();
    };
    numbers const different{print({1, 2, 3}, {}),
                            print({1, 2, 4}, {}),
                            print({1, 2, 3}, {.seed = 1}),
                            print({1, 2, 3}, {.window = 32}),
                            print({1, 2, 3}, {.order = evendraw::order::grouped}),
                            print({1, 2, 3}, {.epoch_size = 100}),
                            print({0, 1, 1}, {.epoch_size = 100}),
                            print({1, 0, 1}, {.epoch_size = 100}),
                            mix_sampler({sources[1], sources[0], sources[2]}, {1, 2, 3}).fingerprint()};
    CHECK(sampling::distinct(different));
    CHECK(print({1, 2, 3}, {}) == different[0]);
    // shares that only the quotas of the last window tell apart
    auto const quotas_of = [&](double first) {
      std::vector<double> const parts{first, 1 - first};
      return evendraw::detail::batch_quotas(evendraw::detail::integer_shares(parts), 64, 1).fingerprint();
    };
    double const near = 0.3 + 0x1p-40;
    REQUIRE(quotas_of(0.3) == quotas_of(near));
    auto const of_two = [&](double first) {
      return mix_sampler({sources[0], sources[1]}, {first, 1 - first}, {.epoch_size = 127, .window = 64}).fingerprint();
    };
    CHECK(of_two(0.3) != of_two(near));
  }
  SECTION("late epochs") {
    mix_sampler const mix(sources::three(), {0.5, 0.3, 0.2}, {.epoch_size = 1000});
    std::uint64_t const last = (std::uint64_t{1} << 63) / 1000 - 1;
    CHECK(windows_have_shares({sources_of(mix, sampling::all(mix.epoch(last)))}, {0.5, 0.3, 0.2}, 64));
    CHECK_THROWS_WITH(mix.epoch(last + 1),
                      "evendraw::mix_sampler: epoch 9223372036854775 of 1000 draws; at most 2^63 - 1 draws can be "
                      "counted");
    CHECK_THROWS_AS(mix.epoch(~std::uint64_t{0}), std::out_of_range);
  }
}

TEST_CASE("mix_sampler shuffles its windows", "[mix]") {
  // Two draws of each of two sources: 4! orders.
  std::vector<any_sampler<>> const sources{evendraw::sequential_sampler(2), evendraw::sequential_sampler(2)};
  auto const orders = [&](evendraw::order order) {
    numbers seen(256);
    mix_sampler const mix(sources, {1, 1}, {.window = 4, .order = order, .seed = 5});
    for (std::uint64_t e = 0; e < 20'000; ++e) {
      std::size_t outcome = 0;
      for (auto const index : sampling::all(mix.epoch(e))) outcome = outcome * 4 + index;
      ++seen[outcome];
    }
    return seen;
  };
  std::vector<double> law(256);
  index_list order{0, 1, 2, 3};
  do law[((order[0] * 4 + order[1]) * 4 + order[2]) * 4 + order[3]] = 1.0 / 24;
  while (std::ranges::next_permutation(order).found);
  CHECK(statistics::chi_squared_p(orders(evendraw::order::shuffled), law) > statistics::threshold);
  auto const grouped = orders(evendraw::order::grouped);
  CHECK(statistics::chi_squared_p(grouped, law) < statistics::threshold);
  CHECK(statistics::uniform_p(numbers{grouped[0b00'01'10'11], grouped[0b10'11'00'01]}) > statistics::threshold);
  CHECK(grouped[0b00'01'10'11] + grouped[0b10'11'00'01] == 20'000);
}

TEST_CASE("mix_sampler refuses sources and shares that it cannot mix", "[mix]") {
  any_sampler<> const source = evendraw::sequential_sampler(5);
  auto const make = [](std::vector<any_sampler<>> sources, std::vector<double> const& shares,
                       evendraw::mix_options const& options = {}) {
    return mix_sampler(std::move(sources), shares, options);
  };
  CHECK_THROWS_WITH(make({}, {1}), "evendraw::mix_sampler: no sources; give at least one sampler");
  CHECK_THROWS_WITH(make({source, source}, {1}), "evendraw::mix_sampler: 1 share for 2 sources; give one for each");
  CHECK_THROWS_WITH(make({source, source}, {1, -1}),
                    "evendraw::mix_sampler: shares[1] is -1; every number must be finite and >= 0");
  CHECK_THROWS_WITH(make({source, source}, {0, 0}),
                    "evendraw::mix_sampler: all 2 shares are zero; at least one must be > 0");
  CHECK_THROWS_WITH(make({source}, {1}, {.window = 0}),
                    "evendraw::mix_sampler: window is 0; use the batch size, or a part of it");
  CHECK_THROWS_WITH(make({source}, {1}, {.epoch_size = std::uint64_t{1} << 33, .window = (std::uint64_t{1} << 31) + 1}),
                    "evendraw::mix_sampler: windows of 2147483649 draws; a window can have at most 2^31");
  CHECK_THROWS_WITH(make({source}, {1}, {.epoch_size = std::uint64_t{1} << 63}),
                    "evendraw::mix_sampler: an epoch of 9223372036854775808 draws; at most 2^63 - 1 can be counted");
  CHECK_THROWS_WITH(
      make({evendraw::sequential_sampler(4'000'000'000), evendraw::sequential_sampler(400'000'000)}, {1, 1}),
      "evendraw::mix_sampler: 4400000000 samples do not fit into 32-bit indices; use std::uint64_t as "
      "the index type: mix_sampler<std::uint64_t>(...)");
  CHECK_THROWS_WITH(make({source, sources::empty_epochs{}}, {1, 1}),
                    "evendraw::mix_sampler: the epochs of sources[1] are empty; leave it out");
  CHECK(make({source, sources::empty_epochs{}}, {1, 0}).epoch_size() == 5);
}

TEST_CASE("mix_sampler gives the golden draws", "[mix][golden]") {
  auto const sources = sources::three();
  auto const drawn = [&](evendraw::mix_options const& options) {
    return sampling::all(mix_sampler(sources, {0.5, 0.3, 0.2}, options).epoch(11).drop(345).take(8));
  };
  CHECK(drawn({.epoch_size = 1000, .window = 64, .seed = 2026}) == index_list{356, 303, 5, 117, 26, 216, 72, 125});
  CHECK(drawn({.epoch_size = 1000, .window = 1000, .seed = 2026}) == index_list{114, 88, 292, 206, 405, 325, 301, 359});
  CHECK(drawn({.epoch_size = 1000, .window = 7, .order = evendraw::order::grouped, .seed = 2026}) ==
        index_list{354, 62, 238, 29, 72, 53, 95, 74});
}

TEST_CASE("mix_sampler refuses to begin too many epochs of a source", "[mix]") {
  evendraw::any_sampler<> const one = evendraw::random_sampler(1);
  CHECK_THROWS_WITH(
      mix_sampler({one}, {1}, {.epoch_size = std::uint64_t{1} << 40}),
      "evendraw::mix_sampler: an epoch of 1099511627776 draws would begin more than 2^24 epochs of source "
      "0, which have 1 draw; lower epoch_size or the share, or give the source longer epochs");
  CHECK_NOTHROW(mix_sampler({one}, {1}, {.epoch_size = std::uint64_t{1} << 24}));
}

TEST_CASE("mix_sampler ends an epoch with the first or the last epoch of a source", "[mix]") {
  std::vector<any_sampler<>> const two{evendraw::random_sampler(700, {.seed = 1}),
                                       evendraw::random_sampler(90, {.seed = 2})};
  auto const size = [&](std::vector<double> const& shares, evendraw::mix_stop stop) {
    return mix_sampler(two, shares, {.stop = stop}).epoch_size();
  };
  using evendraw::mix_stop;
  CHECK(size({0.7, 0.3}, mix_stop::sum_of_sources) == 790);
  CHECK(size({0.7, 0.3}, mix_stop::first_exhausted) == 300);  // 90 / 0.3
  CHECK(size({0.7, 0.3}, mix_stop::last_exhausted) == 1000);  // 700 / 0.7
  CHECK(size({2, 1}, mix_stop::first_exhausted) == 270);
  CHECK(size({2, 1}, mix_stop::last_exhausted) == 1050);
  CHECK(size({1, 6}, mix_stop::first_exhausted) == 105);
  CHECK(size({11, 3}, mix_stop::first_exhausted) == 420);
  CHECK(size({11, 3}, mix_stop::last_exhausted) == 891);  // 890.9...
  CHECK(size({13, 3}, mix_stop::first_exhausted) == 480);
  CHECK(size({13, 2}, mix_stop::first_exhausted) == 675);  // 807.7 for the other
  CHECK(size({1, 0}, mix_stop::first_exhausted) == 700);   // the other is left out
  CHECK(size({1, 0}, mix_stop::last_exhausted) == 700);
  // Every epoch of the mix has a whole epoch of the source, each sample once.
  mix_sampler const first(two, {0.7, 0.3}, {.stop = mix_stop::first_exhausted, .window = 10, .seed = 5});
  mix_sampler const last(two, {0.7, 0.3}, {.stop = mix_stop::last_exhausted, .window = 10, .seed = 5});
  for (std::uint64_t e = 0; e < 3; ++e) {
    std::vector<int> of_first(790), of_last(790);
    for (auto const index : first.epoch(e)) ++of_first[index];
    for (auto const index : last.epoch(e)) ++of_last[index];
    CHECK(std::count(of_first.begin() + 700, of_first.end(), 1) == 90);
    CHECK(std::count(of_first.begin(), of_first.begin() + 700, 1) == 210);
    CHECK(std::count(of_last.begin(), of_last.begin() + 700, 1) == 700);
  }
  CHECK_THROWS_WITH(mix_sampler(two, {0.7, 0.3}, {.epoch_size = 9, .stop = mix_stop::last_exhausted}),
                    "evendraw::mix_sampler: epoch_size is 9 and .stop is given as well; give one of them");
  CHECK_THROWS_WITH(mix_sampler(two, {1e-30, 1}, {.stop = mix_stop::last_exhausted}),
                    "evendraw::mix_sampler: an epoch of more than 2^63 - 1 draws; raise the smallest share");
}

}  // namespace mix_sampler_test
