#include <evendraw/evendraw.hpp>

#include <evendraw/samplers/concat_sampler.hpp>

#include <support/catch2.hpp>
#include <support/sampling.hpp>
#include <support/sources.hpp>

namespace concat_sampler_test {

using evendraw::any_sampler;
using evendraw::concat_sampler;
using index_list = std::vector<std::uint32_t>;

TEST_CASE("concat_sampler gives its sources one after the other", "[concat]") {
  auto const sources = sources::three();
  concat_sampler const all(sources);
  CHECK(all.epoch_size() == 348);
  CHECK(all.num_samples() == 407);
  CHECK(all.num_sources() == 3);
  for (std::uint64_t const e : {0u, 1u, 5u, 1000u}) {
    auto const draws = all.epoch(e);
    index_list expected = sampling::all(sources[0].epoch(e));
    for (auto const index : sampling::all(sources[1].epoch(e))) expected.push_back(300 + index);
    for (auto const index : sampling::all(sources[2].epoch(e))) expected.push_back(307 + index);
    CHECK(sampling::all(draws) == expected);
    bool same = true;
    for (std::uint64_t i = 0; i < draws.size(); ++i) same &= draws[i] == expected[static_cast<std::size_t>(i)];
    CHECK(same);
    index_list third;
    for (std::size_t i = 1; i < expected.size(); i += 3) third.push_back(expected[i]);
    CHECK(sampling::all(draws.shard(1, 3)) == third);
  }
  concat_sampler const plain({evendraw::sequential_sampler(400), evendraw::sequential_sampler(3000)});
  CHECK(sampling::all(plain.epoch(3)) == sampling::all(evendraw::sequential_sampler(3400).epoch(3)));
  CHECK(sampling::all(concat_sampler({plain, plain}).epoch(0)) ==
        sampling::all(evendraw::sequential_sampler(6800).epoch(0)));
}

TEST_CASE("concat_sampler says which source an index comes from", "[concat]") {
  auto const labels = sampling::labels_of({50, 30, 20});
  evendraw::class_index const subset(labels, std::vector<int>{99, 3, 64, 65});
  concat_sampler const all(
      {evendraw::sequential_sampler(10), evendraw::inverse_frequency_sampler(subset), evendraw::sequential_sampler(5)});
  CHECK(all.num_samples() == 19);
  CHECK(all.index_bound() == 115);
  using found = evendraw::detail::source_index<std::uint32_t>;
  CHECK(all.source_of(0) == found{0, 0});
  CHECK(all.source_of(9) == found{0, 9});
  CHECK(all.source_of(10) == found{1, 0});
  CHECK(all.source_of(109) == found{1, 99});
  CHECK(all.source_of(110) == found{2, 0});
  CHECK(all.source_of(114) == found{2, 4});
}

TEST_CASE("concat_sampler takes data sets of any size", "[concat]") {
  std::uint64_t const many = (std::uint64_t{1} << 60) + 1;
  evendraw::sequential_sampler<std::uint64_t> const source(many);
  concat_sampler<std::uint64_t> const two({source, source});
  CHECK(two.epoch(2)[many - 1] == many - 1);
  CHECK(two.epoch(2)[many] == many);
  CHECK(two.epoch(2)[2 * many - 1] == 2 * many - 1);
  CHECK_THROWS_WITH(concat_sampler<std::uint64_t>(std::vector<any_sampler<std::uint64_t>>(8, source)),
                    "evendraw::concat_sampler: an epoch of more than 2^63 - 1 draws; leave sources out");
  CHECK_THROWS_WITH(concat_sampler<std::uint64_t>(std::vector<any_sampler<std::uint64_t>>(16, source)),
                    "evendraw::concat_sampler: the data sets have more than 2^64 - 1 samples, which no index type can "
                    "number");
}

TEST_CASE("concat_sampler refuses sources that it cannot concatenate", "[concat]") {
  CHECK_THROWS_WITH(concat_sampler(std::vector<any_sampler<>>{}),
                    "evendraw::concat_sampler: no sources; give at least one sampler");
  CHECK_THROWS_WITH(concat_sampler({evendraw::sequential_sampler(5), sources::empty_epochs{}}),
                    "evendraw::concat_sampler: the epochs of sources[1] are empty; leave it out");
  CHECK_THROWS_WITH(
      concat_sampler({evendraw::sequential_sampler(4'000'000'000), evendraw::sequential_sampler(400'000'000)}),
      "evendraw::concat_sampler: 4400000000 samples do not fit into 32-bit indices; use std::uint64_t as "
      "the index type: concat_sampler<std::uint64_t>(...)");
}

TEST_CASE("concat_sampler's words depend on the seeds of its sources", "[concat]") {
  auto const words = [](std::uint64_t seed, std::uint64_t epoch) {
    concat_sampler const sampler({evendraw::random_sampler(20, {.seed = seed}), evendraw::sequential_sampler(5)});
    std::vector<std::uint64_t> result;
    for (std::uint64_t i = 0; i < sampler.epoch_size(); ++i) result.push_back(sampler.epoch(epoch).word(i));
    return result;
  };
  auto all = words(1, 0);
  CHECK(words(1, 0) == all);
  for (auto const& others : {words(1, 1), words(2, 0)}) all.insert(all.end(), others.begin(), others.end());
  CHECK(sampling::distinct(all));
  CHECK(concat_sampler(sources::three()).seed() == concat_sampler(sources::three()).seed());
}

TEST_CASE("concat_sampler: fingerprints tell samplers apart", "[concat]") {
  auto const sources = sources::three();
  CHECK(concat_sampler(sources).fingerprint() == concat_sampler(sources::three()).fingerprint());
  CHECK(concat_sampler(sources).fingerprint() != concat_sampler({sources[0], sources[2], sources[1]}).fingerprint());
  CHECK(concat_sampler(sources).fingerprint() != concat_sampler({sources[0], sources[1]}).fingerprint());
}

}  // namespace concat_sampler_test
