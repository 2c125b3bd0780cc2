// The uses of a sample in a run, compared with a replay of the run.
#include <evendraw/epochs/uses.hpp>

#include <cstdint>
#include <vector>

#include <evendraw/evendraw.hpp>

#include <support/catch2.hpp>
#include <support/sampling.hpp>

namespace uses_test {

using evendraw::batch_use;
using evendraw::draw_use;

namespace {

/// The uses of a sample, by stepping through all batches.
template <class Batches>
std::vector<batch_use> replayed(Batches const& batches, std::uint64_t sample, std::uint64_t first, std::uint64_t end) {
  std::vector<batch_use> result;
  for (std::uint64_t e = first; e < end; ++e) {
    std::uint64_t b = 0;
    for (auto const batch : batches.epoch(e)) {
      for (std::uint64_t seat = 0; seat < batch.size(); ++seat) {
        if (batch[seat] == sample) result.push_back({e, b, seat});
      }
      ++b;
    }
  }
  return result;
}

}  // namespace

TEST_CASE("uses: every batch and seat of every epoch", "[uses]") {
  auto const labels = sampling::labels_of({60, 25, 9});
  evendraw::stratified_batch_sampler const stratified(labels, {.batch_size = 7, .seed = 3});
  evendraw::pk_batch_sampler const pk(labels, {.classes = 2, .samples = 3});
  evendraw::batch_sampler const drawn(evendraw::balanced_epoch_sampler(labels, {.per_class = 9}), 8);
  evendraw::batch_sampler const dropped(evendraw::inverse_frequency_sampler(labels, {.seed = 1}),
                                        {.batch_size = 8, .last = evendraw::last_batch::drop});
  std::size_t all = 0, missed = 0;
  for (std::uint64_t sample = 0; sample < 94; ++sample) {
    CAPTURE(sample);
    CHECK(evendraw::uses(stratified, sample, 0, 20) == replayed(stratified, sample, 0, 20));
    CHECK(evendraw::uses(pk, sample, 3, 9) == replayed(pk, sample, 3, 9));
    CHECK(evendraw::uses(drawn, sample, 5, 6) == replayed(drawn, sample, 5, 6));
    CHECK(evendraw::uses(dropped, sample, 0, 5) == replayed(dropped, sample, 0, 5));
    missed += evendraw::uses(dropped, sample, 0, 5) != replayed(dropped, sample, 0, 6) ? 1u : 0u;
    for (auto [epoch, batch, seat] : evendraw::uses(stratified, sample, 0, 2)) {
      CHECK(stratified.epoch(epoch)[batch][seat] == sample);
      ++all;
    }
  }
  CHECK(all == 2 * 14 * 7);
  CHECK(missed > 40);  // the check notices a missing epoch
  CHECK(evendraw::uses(stratified, 5, 4, 4).empty());
}

TEST_CASE("uses of a sampler, by positions", "[uses]") {
  evendraw::random_sampler const sampler(50, {.epoch_size = 20, .seed = 2});
  std::size_t all = 0;
  for (std::uint64_t sample = 0; sample < 50; ++sample) {
    for (auto [epoch, position] : evendraw::uses(sampler, sample, 0, 3)) {
      CHECK(sampler.epoch(epoch)[position] == sample);
      ++all;
    }
  }
  CHECK(all == 60);
}

TEST_CASE("uses: refused input", "[uses]") {
  evendraw::random_sampler const sampler(50);
  CHECK_THROWS_WITH(evendraw::uses(sampler, 3, 5, 4),
                    "evendraw::uses: first_epoch is 5 and end_epoch 4; needs first_epoch <= end_epoch < 2^63");
  CHECK_THROWS_AS(evendraw::uses(sampler, 3, 0, std::uint64_t{1} << 63), std::invalid_argument);
  CHECK_THROWS_AS(evendraw::uses(sampler, 50, 0, 1), std::out_of_range);
  CHECK_THROWS_AS(evendraw::next_use(sampler, 50, {.epoch = 1}), std::out_of_range);
  evendraw::cursor other(evendraw::random_sampler(50, {.seed = 1}));
  CHECK_THROWS_AS(evendraw::next_use(sampler, 5, other.save()), std::invalid_argument);
}

TEST_CASE("next_use: the first use after a position", "[uses]") {
  auto const labels = sampling::labels_of({60, 25, 9});
  evendraw::stratified_batch_sampler const batches(labels, {.batch_size = 7, .seed = 3});
  std::size_t checked = 0;
  for (std::uint64_t sample = 0; sample < 94; ++sample) {
    auto const all = replayed(batches, sample, 0, 20);
    for (std::uint64_t place = 0; place < 5 * 14; ++place) {
      auto const next = evendraw::next_use(batches, sample, {.epoch = place / 14, .position = place % 14});
      auto const expected =
          std::ranges::find_if(all, [&](batch_use const& use) { return use.epoch * 14 + use.batch >= place; });
      if (expected == all.end()) continue;
      ++checked;
      if (next != *expected) CHECK(*next == *expected);
    }
  }
  CHECK(checked > 5000);
  evendraw::random_sampler const sampler(50, {.epoch_size = 20, .seed = 2});
  auto const first = evendraw::uses(sampler, 7, 0, 9).front();
  CHECK(evendraw::next_use(sampler, 7, {}) == first);
  CHECK(evendraw::next_use(sampler, 7, {.epoch = first.epoch, .position = first.position}) == first);
  CHECK(evendraw::next_use(sampler, 7, {.epoch = first.epoch, .position = first.position + 1}) ==
        evendraw::uses(sampler, 7, 0, 9)[1]);
  evendraw::cursor cursor(sampler);
  for (int i = 0; i < 30; ++i) static_cast<void>(cursor.next());
  CHECK(evendraw::next_use(sampler, 7, cursor.save()) == evendraw::next_use(sampler, 7, {.epoch = 1, .position = 10}));

  evendraw::balanced_epoch_sampler const without(labels, {.limits = {{2, 0}}});
  std::uint64_t left_out = 0;
  while (labels[left_out] != 2) ++left_out;
  CHECK_THROWS_WITH(evendraw::next_use(sampler, 7, {.epoch = 1, .position = sampler.epoch_size() + 1}),
                    Catch::Contains("evendraw::next_use: position is ") && Catch::Contains("must not be larger"));
  CHECK_FALSE(evendraw::next_use(without, left_out, {.epoch = 3, .position = 1}));
  CHECK_FALSE(evendraw::next_use(sampler, 7, {.epoch = first.epoch, .position = first.position + 1}, 1));
}

}  // namespace uses_test
