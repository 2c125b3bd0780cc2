// Epochs are read while every allocation fails in turn. No read ends the program, and iterators stay where they are.
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <allocation/failing_allocations.hpp>
#include <support/catch2.hpp>
#include <support/sampling.hpp>

#include <evendraw/evendraw.hpp>

namespace reading_test {

using namespace evendraw;

namespace {

using numbers = std::vector<std::uint64_t>;

/// The number of allocations of f. The program would end if one of them failed where nothing may be thrown.
template <class F>
std::ptrdiff_t each_fails(F const& f) {
  std::ptrdiff_t failures = 0;
  while (allocations::runs_out(failures, f)) ++failures;
  return failures;
}

/// Reads an epoch of draws in every way. Reading itself allocates nothing.
template <class Source>
void read_draws(Source const& source) {
  auto const epoch = source.epoch(1);
  std::vector<typename Source::index_type> block(static_cast<std::size_t>(epoch.size()));
  std::uint64_t sum = 0;
  CHECK(each_fails([&] {
          epoch.read(0, block);
          sum += epoch[epoch.size() - 1] + epoch.word(0);
          for (auto const index : epoch) sum += index;
          (void)epoch.drop(1).take(7).shard(0, 2);
        }) == 0);
  std::vector<std::uint64_t> drawn, found;
  for (std::uint64_t p = 0; p < epoch.size(); ++p) {
    if (epoch[p] == 1) drawn.push_back(p);
  }
  (void)each_fails([&] { found = epoch.find(1); });
  CHECK(found == drawn);
}

/// Reads an epoch of batches in every way. Only a loop and vectors allocate.
template <class Source>
void read_batches(Source const& source) {
  auto const epoch = source.epoch(1);
  std::vector<typename Source::index_type> buffer(epoch.buffer_size());
  CHECK(each_fails([&] {
          for (std::uint64_t b = 0; b < epoch.size(); ++b) (void)epoch.read(b, buffer);
        }) == 0);
  CHECK(each_fails([&] { (void)epoch[0]; }) == 1);
  std::vector<evendraw::batch_seat> drawn, found;
  for (std::uint64_t b = 0; b < epoch.size(); ++b) {
    auto const batch = epoch[b];
    for (std::uint64_t seat = 0; seat < batch.size(); ++seat) {
      if (batch[seat] == 1) drawn.push_back({b, seat});
    }
  }
  (void)each_fails([&] { found = epoch.find(1); });
  CHECK(found == drawn);
  auto const whole_loop = [&] {
    for (auto const batch : epoch) (void)batch.size();
  };
  CHECK(each_fails(whole_loop) == 1);
}

/// A source of batches of a user's own, whose reads allocate.
struct own_batches {
  using index_type = std::uint32_t;

  struct epoch_type {
    std::uint64_t first;
    std::uint64_t count;
    [[nodiscard]] std::uint64_t size() const { return count; }
    [[nodiscard]] std::uint64_t batch_size() const { return 2; }
    [[nodiscard]] std::size_t buffer_size() const { return 2; }
    std::span<index_type> read(std::uint64_t b, std::span<index_type> buffer) const {
      std::vector<std::uint64_t> const made{first + 2 * b, first + 2 * b + 1};  // may fail before it writes
      for (std::size_t i = 0; i < 2; ++i) buffer[i] = static_cast<index_type>(made[i]);
      return buffer.first(2);
    }
    [[nodiscard]] std::uint64_t word(std::uint64_t b, std::uint64_t i) const { return b + i; }
    [[nodiscard]] epoch_type drop(std::uint64_t n) const { return {first + 2 * n, count - n}; }
    [[nodiscard]] epoch_type shard(std::uint64_t, std::uint64_t, shard_tail) const { return *this; }
  };

  [[nodiscard]] epoch_type epoch(std::uint64_t e) const { return {e * 10, 5}; }
  [[nodiscard]] std::uint64_t epoch_size() const { return 5; }
  [[nodiscard]] std::uint64_t batch_size() const { return 2; }
  [[nodiscard]] std::uint64_t num_samples() const { return 1000; }
  [[nodiscard]] std::uint64_t index_bound() const { return 1000; }
  [[nodiscard]] std::uint64_t seed() const { return 0; }
  [[nodiscard]] std::uint64_t fingerprint() const { return 1; }
};

auto const labels = sampling::labels_of({50, 30, 20});
std::vector<double> const weights(100, 1.5);

/// The batches that an iterator still gives.
template <class Iterator>
std::vector<numbers> batches_from(Iterator position, std::uint64_t count) {
  std::vector<numbers> result;
  for (; count > 0; --count) {
    auto const batch = *position;
    result.emplace_back(batch.begin(), batch.end());
    if (count > 1) ++position;
  }
  return result;
}

}  // namespace

TEST_CASE("allocation: reading draws allocates nothing", "[allocation]") {
  read_draws(random_sampler(100));
  read_draws(sequential_sampler(100));
  read_draws(inverse_frequency_sampler(labels));
  read_draws(balanced_epoch_sampler(labels));
  read_draws(balanced_epoch_sampler(labels, {.per_class = 40, .max_repeats = 3}));
  read_draws(target_proportion_sampler(labels, {{0, 0.5}, {1, 0.25}, {2, 0.25}}));
  read_draws(scheduled_proportion_sampler(labels, progressive_schedule(10)));
  read_draws(multinomial_sampler(weights));
  read_draws(systematic_sampler(weights));
  read_draws(weighted_without_replacement_sampler(weights));
  read_draws(repeat_factor_sampler(weights));
  read_draws(shard_sampler(labels, numbers(10, 10), {.open = 3, .batch_size = 5}));
  any_sampler<> const erased{inverse_frequency_sampler(labels)};
  read_draws(erased);
  read_draws(mix_sampler(std::vector{erased, erased}, std::vector{0.5, 0.5}));
  read_draws(concat_sampler(std::vector{erased, erased}));
}

TEST_CASE("allocation: reading batches allocates only the buffer of a loop", "[allocation]") {
  read_batches(batch_sampler(inverse_frequency_sampler(labels), 8));
  read_batches(stratified_batch_sampler(labels, {.batch_size = 10}));
  read_batches(pk_batch_sampler(labels, {.classes = 2, .samples = 2}));
  read_batches(distinct_batch_sampler(sampling::labels_of({3, 3, 2, 2}), {.batch_size = 3}));
  read_batches(any_batches<>{stratified_batch_sampler(labels, {.batch_size = 10})});
}

TEST_CASE("allocation: no function that makes other data ends the program", "[allocation]") {
  class_index const before(labels), now(sampling::labels_of({55, 30, 25}));
  checkpoint const stopped{.epoch = 2, .position = 3};
  balanced_epoch_sampler const balanced(before);
  stratified_batch_sampler const stratified(before, {.batch_size = 10});
  pk_batch_sampler const pk(before, {.classes = 2, .samples = 2});
  CHECK(each_fails([&] { (void)amended(balanced, stopped, now).epoch(0); }) > 0);
  CHECK(each_fails([&] { (void)amended(stratified, stopped, now, {.batch_size = 10}).epoch(0); }) > 0);
  CHECK(each_fails([&] { (void)amended(pk, stopped, now, {.classes = 2, .samples = 2}).epoch(0); }) > 0);
  CHECK(each_fails([&] { (void)amended(random_sampler(100), stopped, 110).epoch(0); }) > 0);
  read_draws(amended(balanced, stopped, now));
  read_batches(amended(stratified, stopped, now, {.batch_size = 10}));
  read_batches(amended(pk, stopped, now, {.classes = 2, .samples = 2}));
}

TEST_CASE("allocation: no split and no analysis ends the program", "[allocation]") {
  class_index const classes(labels);
  numbers const groups = [] {
    numbers result;
    for (std::uint64_t i = 0; i < 100; ++i) result.push_back(i / 4);
    return result;
  }();
  CHECK(each_fails([&] { (void)stratified_split(classes, {0.8, 0.2}); }) > 0);
  CHECK(each_fails([&] { (void)grouped_split(classes, groups, {0.8, 0.2}); }) > 0);
  CHECK(each_fails([&] { (void)crossed_classes(labels, groups); }) > 0);
  CHECK(each_fails([&] { (void)raked_shares(crossed_classes(labels, groups), equal(), equal()); }) > 0);
  CHECK(each_fails([&] {
          (void)raked_weights(std::vector<std::vector<int>>{{1, 2}, {1}, {2}}, {.at_least = 0.1});
        }) > 0);
  CHECK(each_fails([&] { (void)plan_with_replacement(classes, std::vector{1.0, 1.0, 1.0}); }) > 0);
  CHECK(each_fails([&] { (void)plan_balanced_epochs(classes); }) > 0);
  cursor walk{distinct_batch_sampler(groups, {.batch_size = 8})};
  CHECK(each_fails([&] { walk.skip(20); }) > 0);
}

TEST_CASE("allocation: iterators and cursors stay at their batch if the next cannot be read", "[allocation]") {
  own_batches const source;
  auto const epoch = any_batches<>(source).epoch(0);
  auto const state = [](auto const& position) { return batches_from(position, 3); };
  auto const step = [](auto& position) { ++position; };
  auto position = epoch.begin();
  ++position;
  auto const stepped = allocations::tried(position, step, state);
  CHECK(stepped.failures == 1);
  CHECK(stepped.wrong == 0);

  auto const seen_of = [](auto walk) {
    std::vector<numbers> result;
    for (int i = 0; i < 7; ++i) {
      auto const batch = walk.next();
      result.emplace_back(batch.begin(), batch.end());
    }
    return result;
  };
  cursor walk(source);
  (void)walk.next();
  auto const next = allocations::tried(
      walk, [](auto& each) { (void)each.next(); }, seen_of);
  CHECK(next.failures == 1);
  CHECK(next.wrong == 0);
  auto const skipped = allocations::tried(
      cursor(any_batches<>(source)), [](auto& each) { each.skip(12); }, seen_of);
  CHECK(skipped.failures == 1);
  CHECK(skipped.wrong == 0);
}

}  // namespace reading_test
