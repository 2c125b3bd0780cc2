// Epochs read backwards: find() gives what a scan of the epoch gives, for every sampler and every part of an epoch.
#include <evendraw/evendraw.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include <support/catch2.hpp>
#include <support/sampling.hpp>

namespace find_test {

using positions = std::vector<std::uint64_t>;

namespace {

/// The positions at which a scan finds each sample below `bound`.
template <class Draws>
std::vector<positions> scanned(Draws const& draws, std::uint64_t bound) {
  std::vector<positions> result(bound);
  auto const all = sampling::all(draws);
  for (std::uint64_t i = 0; i < all.size(); ++i) result.at(all[i]).push_back(i);
  return result;
}

/// The number of samples for which find() differs from a scan.
template <class Draws>
std::uint64_t misplaced(Draws const& draws, std::uint64_t bound) {
  auto const expected = scanned(draws, bound);
  std::uint64_t wrong = 0;
  for (std::uint64_t sample = 0; sample < bound; ++sample) wrong += draws.find(sample) == expected[sample] ? 0u : 1u;
  return wrong;
}

/// The same for an epoch, for parts of it, and for batches of a part.
template <class Draws>
std::uint64_t misplaced_in_parts(Draws const& epoch, std::uint64_t bound) {
  std::uint64_t wrong = misplaced(epoch, bound);
  for (auto const& part : {epoch.drop(3), epoch.take(epoch.size() / 2), epoch.shard(1, 3), epoch.drop(1).shard(0, 2),
                           epoch.shard(2, 5).drop(1).take(4), epoch.take(0)}) {
    wrong += misplaced(part, bound);
  }
  auto const batches = epoch.drop(1).batches({.batch_size = 7, .last = evendraw::last_batch::drop});
  std::vector<std::vector<evendraw::batch_seat>> expected(bound);
  for (std::uint64_t b = 0; b < batches.size(); ++b) {
    auto const batch = batches[b];
    for (std::uint64_t seat = 0; seat < batch.size(); ++seat) expected.at(batch[seat]).push_back({b, seat});
  }
  for (std::uint64_t sample = 0; sample < bound; ++sample) {
    wrong += batches.find(sample) == expected[sample] ? 0u : 1u;
  }
  return wrong;
}

template <class Sampler>
std::uint64_t misplaced_in_epochs(Sampler const& sampler, std::uint64_t epochs) {
  std::uint64_t wrong = misplaced_in_parts(sampler.epoch(1), sampler.index_bound());
  for (std::uint64_t e = 0; e < epochs; ++e) wrong += misplaced(sampler.epoch(e), sampler.index_bound());
  return wrong;
}

/// The draws of a sampler that makes its own batches.
template <class Sampler>
std::uint64_t misplaced_in_batches(Sampler const& sampler, std::uint64_t epochs) {
  std::uint64_t wrong = misplaced_in_parts(sampler.epoch(1).draws(), sampler.index_bound());
  for (std::uint64_t e = 0; e < epochs; ++e) wrong += misplaced(sampler.epoch(e).draws(), sampler.index_bound());
  return wrong;
}

/// The number of samples that a wrong find misplaces in two cycles. It forgets the draws that fill up the last epoch of
/// a cycle.
std::uint64_t misplaced_without_fill_up(evendraw::random_sampler<> const& sampler) {
  std::uint64_t wrong = 0;
  std::uint64_t const cycle = sampler.epochs_to_cover();
  for (std::uint64_t e = 0; e < 2 * cycle; ++e) {
    auto const expected = scanned(sampler.epoch(e), sampler.index_bound());
    for (std::uint64_t sample = 0; sample < sampler.index_bound(); ++sample) {
      bool seen = false;
      for (std::uint64_t before = e / cycle * cycle; before < e; ++before) {
        seen |= !sampler.epoch(before).find(sample).empty();
      }
      auto const found = seen ? positions{} : sampler.epoch(e).find(sample);
      wrong += found == expected[sample] ? 0u : 1u;
    }
  }
  return wrong;
}

/// Data sets of up to 200 samples: mixed, contiguous, and half of them as a subset.
std::vector<evendraw::class_index<int>> data_sets() {
  std::vector<evendraw::class_index<int>> result;
  for (auto const& counts : std::vector<std::vector<std::size_t>>{
           {1}, {20}, {7, 1}, {3, 40, 17}, {100, 60, 25, 10, 5}, {16, 17, 33, 34, 64}, {2, 2, 2, 2, 2, 2, 2, 2, 2}}) {
    auto const labels = sampling::labels_of(counts);
    result.emplace_back(labels);
    result.push_back(evendraw::class_index<int>::from_counts(counts));
    std::vector<std::uint32_t> even;
    for (std::uint32_t i = 0; i < labels.size(); i += 2) even.push_back(i);
    result.emplace_back(labels, even);
    std::vector<int> descending;
    for (auto c = counts.size(); c-- > 0;) descending.insert(descending.end(), counts[c], static_cast<int>(c));
    result.emplace_back(descending);  // contiguous, in another order than the class numbers
  }
  return result;
}

std::vector<std::uint32_t> random_labels(std::size_t n, std::uint64_t num_classes, std::uint64_t seed) {
  std::vector<std::uint32_t> labels;
  for (std::size_t i = 0; i < n; ++i) {
    labels.push_back(static_cast<std::uint32_t>(evendraw::bounded(evendraw::random_word(seed, i), num_classes)));
  }
  return labels;
}

/// A core without find(), and one whose find() says that it has no sample.
struct every_third {
  using index_type = std::uint16_t;
  [[nodiscard]] index_type at(std::uint64_t position) const noexcept { return static_cast<index_type>(position % 3); }
  void read_block(std::uint64_t first, std::uint64_t stride, std::span<index_type> out) const noexcept {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = at(first + i * stride);
  }
};
struct forgets : every_third {
  [[nodiscard]] positions find(index_type, std::uint64_t) const { return {}; }
};

}  // namespace

TEST_CASE("find: the check notices a wrong find", "[find]") {
  CHECK(misplaced_in_parts(evendraw::draws(every_third{}, 2000, 0, 3), 3) == 0);
  CHECK(misplaced_in_parts(evendraw::draws(forgets{}, 2000, 0, 3), 3) > 0);
}

TEST_CASE("find: shuffles", "[find]") {
  CHECK(misplaced_in_epochs(evendraw::sequential_sampler(31), 2) == 0);
  for (std::uint64_t n : {1u, 2u, 12u, 13u, 64u, 65u, 200u}) {
    for (std::uint64_t m = 1; m <= n; m += n / 5 + 1) {
      CAPTURE(n, m);
      evendraw::random_sampler const sampler(n, {.epoch_size = m, .seed = n + m});
      CHECK(misplaced_in_epochs(sampler, 2 * sampler.epochs_to_cover() + 1) == 0);
    }
  }
  CHECK(misplaced_without_fill_up(evendraw::random_sampler(50, {.epoch_size = 10})) == 0);
  CHECK(misplaced_without_fill_up(evendraw::random_sampler(50, {.epoch_size = 12})) == 2 * 10);
  evendraw::random_sampler<std::uint64_t> const wide((std::uint64_t{1} << 33) + 7, {.seed = 4});
  for (std::uint64_t position = 0; position < 200; ++position) {
    CHECK(wide.epoch(2).find(wide.epoch(2)[position << 25]) == positions{position << 25});
  }
}

TEST_CASE("find: balanced epochs, with the fill-up of every cycle", "[find]") {
  std::uint64_t checked = 0;
  for (auto const& classes : data_sets()) {
    std::uint64_t const total = classes.num_samples();
    for (evendraw::balanced_epoch_options<int> options :
         {evendraw::balanced_epoch_options<int>{},
          {.per_class = 3, .when_short = evendraw::when_short::give_all},
          {.epoch_size = total},
          {.per_class = 7, .max_repeats = 9, .when_short = evendraw::when_short::give_all},
          {.epoch_size = total + total / 2, .max_repeats = 2, .seed = 5}}) {
      if (options.per_class == 7 && std::ranges::min(classes.counts()) == 0) options.per_class = 0;
      evendraw::balanced_epoch_sampler<> const sampler(classes, options);
      std::uint64_t const epochs = std::min<std::uint64_t>(2 * sampler.epochs_to_cover() + 1, 40);
      CHECK(misplaced_in_epochs(sampler, epochs) == 0);
      checked += epochs;
    }
  }
  CHECK(checked > 400);
}

TEST_CASE("find: balanced epochs with limits, and late epochs", "[find]") {
  auto const labels = sampling::labels_of({100, 60, 25});
  evendraw::balanced_epoch_sampler<> const limited(labels, {.limits = {{1, 0}, {0, 13}}, .seed = 3});
  CHECK(misplaced_in_epochs(limited, 20) == 0);
  for (std::uint64_t const late : {std::uint64_t{1} << 32, std::uint64_t{1} << 62, ~std::uint64_t{0}}) {
    CHECK(misplaced(limited.epoch(late), 185) == 0);
    CHECK(misplaced(evendraw::random_sampler(100, {.epoch_size = 30}).epoch(late), 100) == 0);
    evendraw::stratified_batch_sampler<> const batches(labels, {.batch_size = 10, .num_batches = 5});
    CHECK(misplaced(batches.epoch(late).draws(), 185) == 0);
    CHECK(misplaced(evendraw::pk_batch_sampler<>(labels, {.classes = 2, .samples = 3}).epoch(late).draws(), 185) == 0);
  }
}

TEST_CASE("find: data in shards", "[find]") {
  auto const labels = sampling::labels_of({100, 60, 25, 3});
  std::vector<std::uint32_t> some;
  for (std::uint32_t i = 0; i < labels.size(); ++i) {
    if (i % 5 != 0) some.push_back(i);
  }
  std::vector<int> const sizes{40, 0, 28, 60, 1, 29, 30};
  for (auto const& classes : {evendraw::class_index(labels), evendraw::class_index(labels, some)}) {
    for (evendraw::shard_options<int> options :
         {evendraw::shard_options<int>{.open = 2, .per_class = 17, .when_short = evendraw::when_short::give_all},
          {.open = 3, .batch_size = 7, .resident = 30, .per_class = 17, .when_short = evendraw::when_short::give_all},
          {.open = 2, .batch_size = 4, .resident = 3, .epoch_size = 140},
          {.open = 2, .per_class = 60, .max_repeats = 50, .when_short = evendraw::when_short::give_all},
          {.open = 9, .batch_size = 5, .resident = 1000, .seed = 5}}) {
      CHECK(misplaced_in_epochs(evendraw::shard_sampler(classes, sizes, options), 13) == 0);
    }
  }
  CHECK(misplaced_in_epochs(evendraw::shard_sampler(sizes, {.open = 2, .batch_size = 5}), 5) == 0);
  evendraw::sharded_classes const counts(std::vector<std::vector<int>>{{9, 1, 0}, {0, 8, 2}, {5, 5, 5}, {3, 0, 0}});
  CHECK(misplaced_in_epochs(
            evendraw::shard_sampler(
                counts, {.open = 2, .batch_size = 2, .per_class = 6, .when_short = evendraw::when_short::give_all}),
            9) == 0);
}

TEST_CASE("find: stratified batches", "[find]") {
  for (auto const& classes : data_sets()) {
    for (std::uint64_t const batch_size : {1u, 2u, 5u, 8u, 32u, 300u}) {
      for (auto const order : {evendraw::order::grouped, evendraw::order::shuffled}) {
        CAPTURE(classes.counts(), batch_size);
        evendraw::stratified_batch_sampler<> const equal(classes,
                                                         {.batch_size = batch_size, .num_batches = 9, .order = order});
        CHECK(misplaced_in_batches(equal, 12) == 0);
        evendraw::stratified_batch_sampler<> const natural(
            classes, classes.counts(), {.batch_size = batch_size, .num_batches = 7, .order = order, .seed = 2});
        CHECK(misplaced_in_batches(natural, 6) == 0);
      }
    }
  }
  evendraw::stratified_batch_sampler<> const without(sampling::labels_of({50, 20, 5}),
                                                     {.batch_size = 4, .shares = {{0, .9}, {1, 0.}, {2, .1}}});
  CHECK(misplaced_in_batches(without, 8) == 0);
}

TEST_CASE("find: one rank's part of every batch", "[find]") {
  auto const labels = sampling::labels_of({70, 30, 11});
  auto const wrong = [](auto const& batches, std::uint64_t bound) {
    std::uint64_t result = 0;
    for (std::uint64_t const world : {1u, 2u, 3u, 4u, 6u, 12u}) {
      for (std::uint64_t rank = 0; rank < world; ++rank) {
        auto const mine = batches.shard(rank, world);
        result += misplaced(mine.draws(), bound);
        for (std::uint64_t b = 0; b < mine.size(); ++b) {
          auto const batch = mine[b];
          for (std::uint64_t seat = 0; seat < batch.size(); ++seat) {
            auto const found = mine.find(batch[seat]);
            result += std::ranges::count(found, evendraw::batch_seat{b, seat}) == 1 ? 0u : 1u;
          }
        }
      }
    }
    return result;
  };
  for (auto const order : {evendraw::order::grouped, evendraw::order::shuffled}) {
    evendraw::stratified_batch_sampler<> const stratified(labels, {.batch_size = 12, .order = order});
    CHECK(wrong(stratified.epoch(1), 111) == 0);
  }
  CHECK(wrong(evendraw::pk_batch_sampler<>(labels, {.classes = 2, .samples = 6}).epoch(1), 111) == 0);
  evendraw::batch_sampler const drawn(evendraw::balanced_epoch_sampler<>(labels), 12);
  CHECK(wrong(drawn.epoch(1), 111) == 0);
}

TEST_CASE("find: batches of P classes with K samples", "[find]") {
  for (auto const& [num_classes, per_batch] : {std::pair(1, 1), {5, 2}, {5, 3}, {5, 5}, {9, 4}, {12, 5}, {30, 7}}) {
    auto const labels = random_labels(200, static_cast<std::uint64_t>(num_classes), 8);
    for (std::uint64_t const samples : {1u, 2u, 4u, 9u, 70u}) {
      CAPTURE(num_classes, per_batch, samples);
      evendraw::pk_batch_sampler<> const sampler(
          labels, {.classes = static_cast<std::uint64_t>(per_batch), .samples = samples, .num_batches = 11, .seed = 3});
      CHECK(misplaced_in_batches(sampler, 12) == 0);
    }
  }
  auto const labels = sampling::labels_of({40, 3, 20, 11});
  evendraw::pk_batch_sampler<> const large(labels, {.classes = 2, .samples = 5, .exclude_small = true});
  CHECK(misplaced_in_batches(large, 12) == 0);
}

TEST_CASE("find: repeat factors, where a sample may be in two classes", "[find]") {
  CHECK(misplaced_in_epochs(evendraw::repeat_factor_sampler<>({1., 1.5, 2.25, 0., .3, .3, 3., 1.5, 7.75, .01}), 60) ==
        0);
  CHECK(misplaced_in_epochs(evendraw::repeat_factor_sampler<>({.25, .25, .5}), 20) == 0);
  CHECK(misplaced_in_epochs(evendraw::repeat_factor_sampler<>({2., 2., 1.}), 5) == 0);
  std::vector<std::vector<int>> sets;
  for (int i = 0; i < 150; ++i)
    sets.push_back(i % 30 == 0 ? std::vector{0, 2} : i % 7 == 0 ? std::vector{1, 0} : std::vector{0});
  CHECK(misplaced_in_epochs(evendraw::repeat_factor_sampler<>(sets, {.threshold = .4}), 20) == 0);
}

TEST_CASE("find: samplers that are scanned", "[find]") {
  auto const labels = sampling::labels_of({60, 20, 3});
  std::vector<double> weights(83, 1.);
  weights[7] = 0;
  weights[8] = 30;
  CHECK(misplaced_in_epochs(evendraw::multinomial_sampler<>(weights, {.epoch_size = 700}), 3) == 0);
  CHECK(misplaced_in_epochs(evendraw::inverse_frequency_sampler<>(labels, {.epoch_size = 1400}), 3) == 0);
  CHECK(misplaced_in_epochs(evendraw::target_proportion_sampler<>(labels, {{0, .2}, {1, .8}, {2, 0.}}), 3) == 0);
  CHECK(misplaced_in_epochs(evendraw::scheduled_proportion_sampler<>(labels, evendraw::progressive_schedule(4)), 3) ==
        0);
  CHECK(misplaced_in_epochs(evendraw::weighted_without_replacement_sampler<>(weights, {.epoch_size = 30}), 3) == 0);
  CHECK(misplaced_in_epochs(evendraw::systematic_sampler<>(weights, {.epoch_size = 30}), 3) == 0);
}

TEST_CASE("find: mixes, concatenations and samplers of any kind", "[find]") {
  auto const labels = sampling::labels_of({60, 20, 3});
  std::vector<evendraw::any_sampler<>> const sources{
      evendraw::balanced_epoch_sampler<>(labels, {.per_class = 3, .seed = 1}),
      evendraw::random_sampler(50, {.seed = 2}),
      evendraw::inverse_frequency_sampler<>(labels, {.epoch_size = 40, .seed = 3}), evendraw::sequential_sampler(5)};
  for (auto const& source : sources) CHECK(misplaced_in_epochs(source, 3) == 0);
  CHECK(misplaced_in_epochs(evendraw::concat_sampler<>(sources), 5) == 0);
  for (auto const order : {evendraw::order::grouped, evendraw::order::shuffled}) {
    for (std::uint64_t const window : {1u, 3u, 16u, 64u, 600u}) {
      for (std::uint64_t const size : {0u, 7u, 100u}) {
        CAPTURE(window, size);
        evendraw::mix_sampler<> const mix(sources, {.4, .3, 0., .3},
                                          {.epoch_size = size, .window = window, .order = order, .seed = window});
        CHECK(misplaced_in_epochs(mix, 6) == 0);
        CHECK(misplaced(evendraw::concat_sampler<>({mix, sources[1]}).epoch(2), 83 + 50 + 83 + 5 + 50) == 0);
      }
    }
  }
}

TEST_CASE("find: samples that do not exist, and samples outside a subset", "[find]") {
  auto const labels = sampling::labels_of({60, 20});
  std::vector<std::uint32_t> const part{3, 4, 5, 17, 60};
  evendraw::class_index const classes(labels, part);
  evendraw::balanced_epoch_sampler<> const subset(classes, {.per_class = 1});
  CHECK(subset.epoch(0).find(6).empty());
  CHECK(subset.epoch(0).find(79).empty());
  CHECK_THROWS_AS(subset.epoch(0).find(80), std::out_of_range);
  CHECK_THROWS_WITH(subset.epoch(0).find(80), "evendraw::draws::find: there is no sample 80; needs sample < 80");
  evendraw::stratified_batch_sampler<> const batches(classes, {.batch_size = 4});
  CHECK(batches.index_bound() == 80);
  CHECK(batches.epoch(0).find(79).empty());
  CHECK_THROWS_AS(batches.epoch(0).find(80), std::out_of_range);
  CHECK_THROWS_AS(evendraw::random_sampler(5).epoch(0).find(std::uint64_t{1} << 32), std::out_of_range);
  CHECK_THROWS_AS(evendraw::any_sampler<>(subset).epoch(0).find(80), std::out_of_range);
  CHECK_THROWS_AS(evendraw::mix_sampler<>({subset}, {1.}).epoch(0).find(80), std::out_of_range);
}

TEST_CASE("find: several threads may be the first to ask", "[find]") {
  for (int round = 0; round < 20; ++round) {
    auto const labels = sampling::labels_of({600, 200, 30});
    auto const epoch = evendraw::balanced_epoch_sampler<>(labels).epoch(4);
    std::vector<positions> found(4);
    std::vector<std::thread> threads;
    for (auto& mine : found) threads.emplace_back([&epoch, &mine] { mine = epoch.find(epoch[5]); });
    for (auto& thread : threads) thread.join();
    CHECK(std::ranges::count(found, positions{5}) == 4);
  }
}

}  // namespace find_test
