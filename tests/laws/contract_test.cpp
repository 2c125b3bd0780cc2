// What holds for every sampler.
#include <evendraw/evendraw.hpp>

#include <numeric>

#include <support/catch2.hpp>
#include <support/sampling.hpp>
#include <support/ways_to_read.hpp>

namespace contract_test {

namespace {

auto const labels = sampling::labels_of({500, 77, 20, 3});

template <class Sampler>
void holds_the_contract(Sampler const& sampler, bool shuffles = true) {
  STATIC_REQUIRE(evendraw::sampler<Sampler>);
  using draws_type = decltype(sampler.epoch(0));
  STATIC_REQUIRE(std::ranges::random_access_range<draws_type>);
  STATIC_REQUIRE(std::ranges::sized_range<draws_type>);
  STATIC_REQUIRE(std::ranges::common_range<draws_type>);
  STATIC_REQUIRE(std::is_nothrow_move_constructible_v<Sampler>);

  auto const draws = sampler.epoch(3);
  auto const reference = sampling::all(draws);
  auto const n = static_cast<std::size_t>(draws.size());
  REQUIRE(n == sampler.epoch_size());
  REQUIRE(n > 300);

  {
    INFO("draws are in range and size() is exact");
    CHECK(std::ranges::all_of(reference, [&](auto index) { return index < labels.size(); }));
    CHECK(static_cast<std::size_t>(std::ranges::distance(draws)) == n);
    CHECK(std::ranges::equal(draws, reference));
  }
  {
    INFO("[] equals read, whatever was read before and in which order");
    bool same = true;
    for (std::size_t i = n; i-- > 0;) same &= draws[i] == reference[i];
    CHECK(same);
    for (std::size_t const first : {std::size_t{1}, n / 2, n - 1}) {
      CHECK(sampling::all(draws.drop(first)) ==
            std::vector(reference.begin() + static_cast<std::ptrdiff_t>(first), reference.end()));
    }
  }
  {
    INFO("a resumed epoch equals the uninterrupted one, at every position");
    bool same = true;
    std::vector<typename Sampler::index_type> next(1);
    for (std::size_t i = 0; i < n; ++i) {
      sampler.epoch(3).drop(i).read(0, next);
      same &= next[0] == reference[i];
    }
    CHECK(same);
  }
  {
    INFO("shards partition the epoch, and threads that read parts see what one thread sees");
    CHECK(sampling::reads_the_same(draws));
  }
  {
    INFO("the same epoch again, from a copy, after the original is gone");
    auto const later = [copy = Sampler(sampler)] { return copy.epoch(3); }();
    CHECK(sampling::all(later) == reference);
  }
  {
    INFO("epochs differ, unless nothing is random");
    CHECK((sampling::all(sampler.epoch(4)) != reference) == shuffles);
    CHECK((sampling::all(sampler.epoch(0)) != sampling::all(sampler.epoch(1))) == shuffles);
    CHECK(sampler.epoch(4).word(7) != draws.word(7));
    CHECK(sampler.epoch(4).size() == n);
  }
}

}  // namespace

TEST_CASE("multinomial_sampler holds the contract", "[contract]") {
  std::vector<float> weights(labels.size());
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = static_cast<float>(i % 7);
  holds_the_contract(evendraw::multinomial_sampler(weights, {.seed = 5}));
  holds_the_contract(evendraw::multinomial_sampler<std::uint64_t>(weights, {.epoch_size = 3001, .seed = 5}));
}

TEST_CASE("inverse_frequency_sampler holds the contract", "[contract]") {
  holds_the_contract(evendraw::inverse_frequency_sampler(labels, {.seed = 5}));
  holds_the_contract(evendraw::inverse_frequency_sampler<std::uint16_t>(labels, {.epoch_size = 3001}));
}

TEST_CASE("target_proportion_sampler holds the contract", "[contract]") {
  holds_the_contract(evendraw::target_proportion_sampler(labels, {{0, 0.1}, {1, 0.2}, {2, 0.3}, {3, 0.4}}));
}

TEST_CASE("scheduled_proportion_sampler holds the contract", "[contract]") {
  holds_the_contract(evendraw::scheduled_proportion_sampler(labels, evendraw::progressive_schedule(10)));
}

TEST_CASE("balanced_epoch_sampler holds the contract", "[contract]") {
  holds_the_contract(evendraw::balanced_epoch_sampler(
      labels, {.per_class = 400, .when_short = evendraw::when_short::give_all, .seed = 5}));
  holds_the_contract(evendraw::balanced_epoch_sampler(labels, {.epoch_size = 900, .max_repeats = 100, .seed = 5}));
}

TEST_CASE("shard_sampler holds the contract", "[contract]") {
  std::vector<int> const sizes{100, 0, 150, 50, 50, 200, 50};
  holds_the_contract(evendraw::shard_sampler(
      evendraw::class_index(labels), sizes,
      {.open = 3, .batch_size = 12, .resident = 3, .per_class = 400, .max_repeats = 200, .seed = 5}));
  holds_the_contract(evendraw::shard_sampler(sizes, {.open = 2, .seed = 5}));
}

TEST_CASE("random_sampler and sequential_sampler hold the contract", "[contract]") {
  holds_the_contract(evendraw::random_sampler(labels.size(), {.seed = 5}));
  holds_the_contract(evendraw::random_sampler(labels.size(), {.epoch_size = 401, .seed = 5}));
  holds_the_contract(evendraw::sequential_sampler(labels.size()), false);
}

TEST_CASE("repeat_factor_sampler holds the contract", "[contract]") {
  std::vector<double> factors;
  for (std::size_t i = 0; i < labels.size(); ++i) factors.push_back(static_cast<double>(i * 37 % 100) / 32);
  holds_the_contract(evendraw::repeat_factor_sampler(factors, {.seed = 5}));
  for (std::size_t i = 0; i < labels.size(); ++i) factors[i] += 1e-5 * static_cast<double>(i);  // all different
  holds_the_contract(evendraw::repeat_factor_sampler<std::uint64_t>(factors));
}

TEST_CASE("any_sampler, mix_sampler and concat_sampler hold the contract", "[contract]") {
  evendraw::any_sampler const any = evendraw::random_sampler(labels.size(), {.seed = 5});
  holds_the_contract(any);
  std::vector<evendraw::any_sampler<>> const sources{evendraw::random_sampler(400, {.seed = 1}),
                                                     evendraw::sequential_sampler(150),
                                                     evendraw::random_sampler(50, {.epoch_size = 9, .seed = 2})};
  holds_the_contract(evendraw::mix_sampler(sources, {0.5, 0.3, 0.2}, {.seed = 5}));
  holds_the_contract(evendraw::mix_sampler(sources, {0.5, 0.3, 0.2}, {.epoch_size = 1201, .window = 700}));
  holds_the_contract(evendraw::mix_sampler(sources, {1, 1, 1}, {.window = 50, .order = evendraw::order::grouped}));
  holds_the_contract(evendraw::concat_sampler(sources));
}

TEST_CASE("samplers without replacement by weight hold the contract", "[contract]") {
  std::vector<float> weights(labels.size());
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = static_cast<float>(i % 7);
  holds_the_contract(evendraw::weighted_without_replacement_sampler(weights, {.seed = 5}));
  holds_the_contract(evendraw::weighted_without_replacement_sampler<std::uint64_t>(weights, {.epoch_size = 333}));
  holds_the_contract(evendraw::systematic_sampler(weights, {.epoch_size = 333, .seed = 5}));
  holds_the_contract(evendraw::systematic_sampler<std::uint64_t>(weights));
}

TEST_CASE("seeds give different epochs, and seed + 1 differs from epoch + 1", "[contract]") {
  evendraw::class_index const classes(labels);
  auto const first = [&](std::uint64_t seed, std::uint64_t epoch) {
    return std::vector{
        sampling::all(evendraw::inverse_frequency_sampler(classes, {.seed = seed}).epoch(epoch)),
        sampling::all(evendraw::balanced_epoch_sampler(
                          classes, {.per_class = 400, .when_short = evendraw::when_short::give_all, .seed = seed})
                          .epoch(epoch)),
        sampling::all(evendraw::random_sampler(labels.size(), {.seed = seed}).epoch(epoch))};
  };
  auto const a = first(1, 0), b = first(0, 1), c = first(0, 0);
  for (std::size_t i = 0; i < a.size(); ++i) {
    CHECK(a[i] != b[i]);
    CHECK(a[i] != c[i]);
    CHECK(b[i] != c[i]);
  }
}

TEST_CASE("fingerprints tell samplers apart and are the same for equal ones", "[contract]") {
  evendraw::class_index const classes(labels);
  auto other = labels;
  std::swap(other.front(), *std::ranges::find_if(other, [&](int label) { return label != other.front(); }));
  std::vector<double> const weights(labels.size(), 2.5);
  std::vector const different{
      evendraw::inverse_frequency_sampler(classes).fingerprint(),
      evendraw::inverse_frequency_sampler(classes, {.seed = 1}).fingerprint(),
      evendraw::inverse_frequency_sampler(classes, {.epoch_size = 7}).fingerprint(),
      evendraw::inverse_frequency_sampler(other).fingerprint(),
      evendraw::target_proportion_sampler(classes, {{0, 1}, {1, 2}, {2, 3}, {3, 4}}).fingerprint(),
      evendraw::target_proportion_sampler(classes, {{0, 1}, {1, 2}, {2, 3}, {3, 5}}).fingerprint(),
      evendraw::multinomial_sampler(weights).fingerprint(),
      evendraw::balanced_epoch_sampler(classes).fingerprint(),
      evendraw::balanced_epoch_sampler(classes, {.limits = {{0, 1}}}).fingerprint(),
      evendraw::balanced_epoch_sampler(other).fingerprint(),
      evendraw::random_sampler(labels.size()).fingerprint(),
      evendraw::random_sampler(labels.size() + 1).fingerprint(),
      evendraw::sequential_sampler(labels.size()).fingerprint(),
      evendraw::batch_sampler(evendraw::random_sampler(labels.size()), 8).fingerprint(),
      evendraw::batch_sampler(evendraw::random_sampler(labels.size()), 9).fingerprint(),
      evendraw::batch_sampler(evendraw::random_sampler(labels.size()),
                              {.batch_size = 8, .last = evendraw::last_batch::drop})
          .fingerprint(),
  };
  CHECK(sampling::distinct(different));
  CHECK(evendraw::inverse_frequency_sampler(labels).fingerprint() == different[0]);
  CHECK(evendraw::multinomial_sampler(std::vector<int>(labels.size(), 1)).fingerprint() == different[6]);
}

}  // namespace contract_test
