// Sizes near the largest that can be numbered and counted. tests/limits has those that take time and memory.
#include <cstdint>
#include <string>
#include <vector>

#include <support/catch2.hpp>
#include <support/sampling.hpp>

#include <evendraw/classes/class_index.hpp>
#include <evendraw/epochs/cursor.hpp>
#include <evendraw/samplers/balanced_epoch_sampler.hpp>
#include <evendraw/samplers/batch_sampler.hpp>
#include <evendraw/samplers/inverse_frequency_sampler.hpp>
#include <evendraw/samplers/random_sampler.hpp>

namespace limits_test {

namespace {

using evendraw::inverse_frequency_sampler;
using counted = evendraw::class_index<int>;

constexpr std::uint64_t power(int exponent) { return std::uint64_t{1} << exponent; }
constexpr std::uint64_t largest = ~std::uint64_t{0};

/// Whether the last 1000 draws of an epoch are below the bound, and [] gives the same.
template <class Sampler>
bool ends_well(Sampler const& sampler, std::uint64_t bound) {
  auto const draws = sampler.epoch(largest);
  auto const last = draws.drop(draws.size() - 1000);
  auto const read = sampling::all(last);
  bool good = draws.size() == sampler.epoch_size();
  for (std::size_t i = 0; i < read.size(); ++i) good &= read[i] < bound && read[i] == draws[draws.size() - 1000 + i];
  return good;
}

std::vector<int> const labels{0, 0, 0, 1, 1, 2};

}  // namespace

TEST_CASE("limits: 32-bit indices number 2^32 - 1 samples, and no more", "[limits]") {
  std::uint64_t const most = power(32) - 1;
  CHECK(ends_well(evendraw::random_sampler(most), most));
  CHECK(ends_well(inverse_frequency_sampler(counted::from_counts({most - 1, 1})), most));
  CHECK(ends_well(evendraw::balanced_epoch_sampler(counted::from_counts({most / 2, most - most / 2})), most));
  std::string const refusal =
      "4294967296 samples do not fit into 32-bit indices; use std::uint64_t as the index type: ";
  CHECK_THROWS_WITH(evendraw::random_sampler(most + 1),
                    "evendraw::random_sampler: " + refusal + "random_sampler<std::uint64_t>(...)");
  CHECK_THROWS_WITH(counted::from_counts({most, 1}),
                    "evendraw::class_index: " + refusal +
                        "class_index<Label, std::uint64_t>(...), or sampler<std::uint64_t>(labels)");
}

TEST_CASE("limits: 64-bit indices number 2^63 - 1 samples of classes", "[limits]") {
  using wide = evendraw::class_index<int, std::uint64_t>;
  auto const classes = wide::from_counts({power(61) - 1, power(61), power(62)});
  CHECK(ends_well(inverse_frequency_sampler(classes), power(63) - 1));
  CHECK(ends_well(evendraw::balanced_epoch_sampler(classes), power(63) - 1));
}

TEST_CASE("limits: epochs of up to 2^63 - 1 draws", "[limits]") {
  for (std::uint64_t const size : {power(40), power(63) - 1}) {
    CHECK(ends_well(inverse_frequency_sampler(labels, {.epoch_size = size}), 6));
    CHECK(ends_well(evendraw::balanced_epoch_sampler(labels, {.epoch_size = size, .max_repeats = power(62)}), 6));
  }
  CHECK_THROWS_WITH(
      inverse_frequency_sampler(labels, {.epoch_size = power(63)}),
      "evendraw::inverse_frequency_sampler: an epoch of 9223372036854775808 draws; at most 2^63 - 1 can be "
      "counted");
}

TEST_CASE("limits: batches of any size, also beyond the epoch", "[limits]") {
  inverse_frequency_sampler const sampler(labels);
  for (std::uint64_t const size : {std::uint64_t{7}, power(32), power(62), power(63)}) {
    evendraw::batch_sampler const kept(sampler, size);
    CHECK(kept.epoch_size() == 1);
    CHECK(kept.epoch(0)[0] == sampling::all(sampler.epoch(0)));
    CHECK(evendraw::cursor(kept).next().size() == 6);
    evendraw::batch_sampler const dropped(sampler, {.batch_size = size, .last = evendraw::last_batch::drop});
    CHECK(dropped.epoch_size() == 0);
  }
}

}  // namespace limits_test
