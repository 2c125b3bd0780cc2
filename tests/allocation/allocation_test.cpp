// For every n, the n-th allocation fails. Functions that change an object then change nothing, or make the whole
// change.
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <list>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <allocation/failing_allocations.hpp>
#include <support/catch2.hpp>
#include <support/sampling.hpp>

#include <evendraw/evendraw.hpp>

namespace allocation_test {

using namespace evendraw;
using allocations::asked_for;
using allocations::runs_out;
using allocations::tried;

namespace {

using numbers = std::vector<std::uint64_t>;

auto const state_of_matrix = [](auto const& matrix) {
  numbers state{matrix.num_predictions()};
  for (std::uint64_t c = 0; c < matrix.num_classes(); ++c) {
    auto const scores = matrix.of_class(c);
    state.insert(state.end(), {scores.support, scores.predicted, scores.correct});
  }
  for (auto const& each : matrix.confusions()) state.insert(state.end(), {each.truth, each.predicted, each.count});
  return state;
};

auto const state_of_balance = [](auto const& balance) {
  auto const& of_samples = balance.draws_per_sample();
  numbers state{balance.num_batches(),  balance.num_full_batches(),  balance.batch_size(),      balance.num_draws(),
                of_samples.num_draws(), of_samples.unique_samples(), of_samples.epochs().size()};
  for (std::uint32_t i = 0; i < of_samples.num_samples(); ++i) state.push_back(of_samples.draws_of(i));
  for (std::uint64_t c = 0; c < balance.num_classes(); ++c) {
    auto const [size, draws, share, expected, fewest, most, without, unique, most_draws] = balance.of_class(c);
    state.insert(state.end(), {size, draws, fewest, most, without, unique, most_draws});
  }
  for (auto const& batch : balance.first_batches()) state.insert(state.end(), batch.begin(), batch.end());
  return state;
};

auto const state_of_weights = [](auto const& table) {
  auto const saved = table.save();
  return std::pair(numbers{saved.fingerprint, saved.epoch, saved.position, table.size()}, table.weights());
};

auto const state_of_cursor = [](auto const& walk) {
  auto copy = walk;  // and the batch that it gives next
  numbers state{walk.epoch(), walk.position(), walk.save().fingerprint};
  for (int i = 0; i < 5; ++i) {
    if constexpr (std::integral<decltype(copy.next())>) {
      state.push_back(copy.next());
    } else {
      for (auto const index : copy.next()) state.push_back(index);
    }
  }
  return state;
};

/// A wrong way: counts first and makes room afterwards.
struct half_counter {
  std::uint64_t count = 0;
  numbers places = {};
  void add(std::uint64_t place) {
    ++count;
    places.push_back(place);
  }
};

}  // namespace

TEST_CASE("allocation: the check notices counting before there is room", "[allocation]") {
  auto const found = tried(
      half_counter{}, [](half_counter& counter) { counter.add(7); },
      [](half_counter const& counter) { return std::pair(counter.count, counter.places); });
  CHECK(found.failures == 1);
  CHECK(found.wrong > 0);
}

TEST_CASE("allocation: confusion_matrix counts all or nothing", "[allocation][confusion_matrix]") {
  confusion_matrix<std::string> names({"cat", "dog", "a name that is longer than short strings are"});
  names.add("cat", "dog");
  auto const one = tried(
      names, [](auto& matrix) { matrix.add("a name that is longer than short strings are", "dog"); }, state_of_matrix);
  CHECK(one.failures > 0);
  CHECK(one.wrong == 0);

  confusion_matrix<std::uint64_t> const classes(100);
  std::list<int> truths, predictions;  // 4,000 kinds of mistakes: the tables grow several times
  for (int i = 0; i < 4000; ++i) {
    truths.push_back(i % 100);
    predictions.push_back(i / 100);
  }
  auto const by_label = tried(
      classes, [&](auto& matrix) { matrix.add(truths, predictions); }, state_of_matrix);
  CHECK(by_label.failures > 10);
  CHECK(by_label.wrong == 0);
  auto const by_number = tried(
      classes, [&](auto& matrix) { matrix.add_numbers(truths, predictions); }, state_of_matrix);
  CHECK(by_number.failures > 10);
  CHECK(by_number.wrong == 0);
  auto const one_number = tried(
      classes, [](auto& matrix) { matrix.add_numbers(3, 4); }, state_of_matrix);
  CHECK(one_number.failures > 0);
  CHECK(one_number.wrong == 0);

  auto full = classes, some = classes;
  full.add_numbers(truths, predictions);
  some.add_numbers(numbers{1, 2, 3}, numbers{4, 5, 3});
  auto const merged = tried(
      some, [&](auto& matrix) { matrix.merge(full); }, state_of_matrix);
  CHECK(merged.failures > 10);
  CHECK(merged.wrong == 0);
}

TEST_CASE("allocation: batch_balance counts all or nothing", "[allocation][batch_balance]") {
  class_index const classes(sampling::labels_of({50, 30, 20}));
  using batch = std::vector<std::uint32_t>;
  batch_balance<> balance(classes, {.keep = 2});
  balance.add(batch{1, 60, 90});
  batch const larger{1, 2, 3, 4, 99};
  auto const added = tried(
      balance, [&](auto& counted) { counted.add(larger); }, state_of_balance);
  CHECK(added.failures > 0);
  CHECK(added.wrong == 0);
  auto const ended = tried(
      balance, [](auto& counted) { counted.end_epoch(); }, state_of_balance);
  CHECK(ended.failures > 0);
  CHECK(ended.wrong == 0);
}

TEST_CASE("allocation: draw_counts marks an epoch or does not", "[allocation][draw_counts]") {
  draw_counts<> counts(class_index(sampling::labels_of({50, 30, 20})));
  counts.add(7);
  auto const ended = tried(
      counts, [](auto& counted) { counted.end_epoch(); }, [](auto const& counted) { return counted.epochs().size(); });
  CHECK(ended.failures > 0);
  CHECK(ended.wrong == 0);
}

TEST_CASE("allocation: dynamic_weights sets all or nothing", "[allocation][dynamic_weights]") {
  dynamic_weights<> table(std::vector<double>(1000, 1.0), {.largest = 5, .seed = 1, .capacity = 2000});
  std::vector<std::uint32_t> const chosen{1, 2, 3, 999};
  auto const set = tried(
      table,
      [&](auto& changed) {
        changed.set(chosen, std::list<int>{1, 2, 3, 4});
      },
      state_of_weights);
  CHECK(set.failures > 0);
  CHECK(set.wrong == 0);
  std::vector const four{1.0, 2.0, 3.0, 4.0};
  auto const allocation_free = tried(
      table,
      [&](auto& changed) {
        changed.append(3);
        changed.set(4, 2);
        changed.set(chosen, four);
        (void)changed.draw();
        std::uint32_t drawn[3];
        changed.draw(drawn);
      },
      state_of_weights);
  CHECK(allocation_free.failures == 0);
  CHECK(allocation_free.wrong == 0);
  auto const rescaled = tried(
      table, [](auto& changed) { changed = changed.rescaled(10); }, state_of_weights);
  CHECK(rescaled.failures > 0);
  CHECK(rescaled.wrong == 0);
}

TEST_CASE("allocation: cursor advances or stays", "[allocation][cursor]") {
  auto const labels = sampling::labels_of({50, 30, 20});
  auto const at_end = [](auto walk, std::uint64_t steps) {
    for (std::uint64_t i = 0; i < steps; ++i) (void)walk.next();
    return walk;
  };
  auto const next = [](auto& walk) { (void)walk.next(); };
  scheduled_proportion_sampler const scheduled(labels, progressive_schedule(10));
  auto const index = tried(at_end(cursor(scheduled), 100), next, state_of_cursor);
  CHECK(index.failures > 0);
  CHECK(index.wrong == 0);
  batch_sampler const batches(scheduled, {.batch_size = 30});
  auto const first = tried(cursor(batches), next, state_of_cursor);
  CHECK(first.failures == 1);
  CHECK(first.wrong == 0);
  auto const second = tried(at_end(cursor(batches), batches.epoch_size()), next, state_of_cursor);
  CHECK(second.failures > 0);
  CHECK(second.wrong == 0);
}

TEST_CASE("allocation: an assignment changes everything or nothing", "[allocation]") {
  auto const assigned = [](auto const& object, auto const& other, auto const& state) {
    auto const found = tried(
        object, [&](auto& changed) { changed = other; }, state);
    CHECK(found.failures > 1);
    CHECK(found.wrong == 0);
  };
  confusion_matrix<std::string> small({"cat", "dog"}),
      large({"a name that is longer than short strings are", "b", "c"});
  large.add("b", "c");
  assigned(small, large, state_of_matrix);
  class_index const few(sampling::labels_of({5, 3})), many(sampling::labels_of({50, 30, 20}));
  batch_balance<> balance(few), other_balance(many, {.keep = 2});
  other_balance.add(std::vector<std::uint32_t>{1, 60, 90});
  other_balance.end_epoch();
  assigned(balance, other_balance, state_of_balance);
  assigned(other_balance, balance, state_of_balance);
  assigned(balance.draws_per_sample(), other_balance.draws_per_sample(),
           [](auto const& counts) { return std::pair(counts.num_draws(), counts.index_bound()); });
  dynamic_weights<> const ten(std::vector<double>(10, 1)), hundred(std::vector<double>(100, 2), {.seed = 7});
  assigned(ten, hundred, state_of_weights);
  cursor const walk{any_batches<>(batch_sampler(random_sampler(100), 8))};
  cursor longer{any_batches<>(batch_sampler(random_sampler(1000), 70))};
  (void)longer.next();
  auto const replaced = tried(
      walk, [&](auto& changed) { changed = longer; }, state_of_cursor);
  CHECK(replaced.failures == 1);
  CHECK(replaced.wrong == 0);
  auto const crossed_state = [](auto const& cells) {
    return std::pair(cells.values(1), cells.index().counts().size());
  };
  assigned(crossed_classes(std::vector{1, 2}, std::vector{1, 2}), crossed_classes(std::vector{1, 2}, std::vector{3, 3}),
           crossed_state);
}

TEST_CASE("allocation: samplers and classes are copied without memory", "[allocation]") {
  STATIC_REQUIRE(std::is_nothrow_copy_assignable_v<class_index<int>>);
  STATIC_REQUIRE(std::is_nothrow_copy_assignable_v<sharded_classes<int>>);
  STATIC_REQUIRE(std::is_nothrow_copy_assignable_v<partitioned_classes<int>>);
  STATIC_REQUIRE(std::is_nothrow_copy_assignable_v<balanced_epoch_sampler<>>);
  STATIC_REQUIRE(std::is_nothrow_copy_assignable_v<stratified_batch_sampler<>>);
  STATIC_REQUIRE(std::is_nothrow_copy_assignable_v<any_batches<>>);
  STATIC_REQUIRE(std::is_nothrow_copy_assignable_v<mix_sampler<>>);
}

TEST_CASE("allocation: a numbering of labels adds a label or does not", "[allocation][label_numbering]") {
  detail::label_numbering<std::string> numbering;
  for (int i = 0; i < 32; ++i) numbering.number(std::to_string(i));  // one more label makes it grow
  auto const state = [](auto const& numbered) {
    return std::pair(numbered.keys(), numbered.find(std::string("a label that is longer than short strings are")));
  };
  auto const added = tried(
      numbering, [](auto& numbered) { numbered.number("a label that is longer than short strings are"); }, state);
  CHECK(added.failures > 1);
  CHECK(added.wrong == 0);
}

TEST_CASE("allocation: total memory grows with the number of classes, not with its square", "[allocation]") {
  auto const bytes = [](auto const& f) {
    std::size_t const before = asked_for;
    f();
    return asked_for - before;
  };
  auto const sizes = [](std::size_t num_classes) {
    std::vector<std::uint64_t> result(num_classes);
    for (std::size_t c = 0; c < num_classes; ++c) result[c] = 100 + c % 13;
    return result;
  };
  auto const law = [&](std::size_t num_classes) {
    return coverage_time(sizes(num_classes), std::vector<double>(num_classes, 1), 1000);
  };
  auto const few = law(10), many = law(10'000);
  CHECK(bytes([&] { (void)few.of_class(3); }) == bytes([&] { (void)many.of_class(3); }));
  CHECK(bytes([&] { auto const copy = many; }) > 100 * bytes([&] { auto const copy = few; }));  // what it did before
  auto const planned = [&](std::size_t num_classes) {
    return bytes([&] { (void)plan_with_replacement(sizes(num_classes), std::vector<double>(num_classes, 1)); });
  };
  CHECK(planned(800) < 5 * planned(200));
}

TEST_CASE("allocation: no function ends the program", "[allocation]") {
  auto const labels = sampling::labels_of({50, 30, 20});
  std::vector<std::string> const names(300, "a name that is longer than short strings are");
  std::vector<double> const weights(100, 1.5);
  auto const each_fails = [](auto const& f) {
    std::ptrdiff_t failures = 0;
    while (runs_out(failures, f)) ++failures;
    return failures;
  };
  auto const drawn = [](auto const& sampler) {
    auto const epoch = sampler.epoch(1);
    (void)sampler.fingerprint();
    return epoch.size();
  };
  auto const unnamed_schedule = [](std::vector<std::uint64_t> const& counts, std::uint64_t) {
    return std::vector<double>(counts.size(), 1.0);
  };
  CHECK(each_fails([&] { (void)class_index(names, {.threads = 2}); }) > 0);
  CHECK(each_fails([&] { (void)class_index(labels, {.threads = 2}); }) > 0);
  CHECK(each_fails([&] { (void)drawn(random_sampler(100)); }) == 0);
  CHECK(each_fails([&] { (void)drawn(inverse_frequency_sampler(labels)); }) > 0);
  CHECK(each_fails([&] { (void)drawn(balanced_epoch_sampler(labels)); }) > 0);
  CHECK(each_fails([&] { (void)drawn(target_proportion_sampler(labels, {{0, 0.5}, {1, 0.25}, {2, 0.25}})); }) > 0);
  CHECK(each_fails([&] { (void)drawn(multinomial_sampler(weights)); }) > 0);
  CHECK(each_fails([&] { (void)drawn(systematic_sampler(weights)); }) > 0);
  CHECK(each_fails([&] { (void)drawn(weighted_without_replacement_sampler(weights)); }) > 0);
  CHECK(each_fails([&] { (void)drawn(repeat_factor_sampler(weights)); }) > 0);
  CHECK(each_fails([&] { (void)drawn(stratified_batch_sampler(labels, {.batch_size = 10})); }) > 0);
  CHECK(each_fails([&] { (void)drawn(pk_batch_sampler(labels, {.classes = 2, .samples = 2})); }) > 0);
  scheduled_proportion_sampler const scheduled(labels, progressive_schedule(10));
  CHECK(each_fails([&] { (void)drawn(scheduled); }) > 0);
  CHECK(each_fails([&] { (void)epoch_digest(scheduled, 1); }) == 0);
  CHECK(each_fails([&] { (void)drawn(scheduled_proportion_sampler(labels, unnamed_schedule)); }) > 0);
  any_sampler<> const erased(scheduled);
  CHECK(each_fails([&] { (void)drawn(erased); }) > 0);
  CHECK(each_fails([&] { (void)epoch_digest(erased, 1); }) == 0);
  CHECK(each_fails([&] { (void)mix_sampler(std::vector{erased, erased}, std::vector{0.5, 0.5}).epoch(1); }) > 0);
  CHECK(each_fails([&] { (void)concat_sampler(std::vector{erased, erased}).epoch(1); }) > 0);
  CHECK(each_fails([&] { (void)checkpoint{}.to_string(); }) > 0);
}

}  // namespace allocation_test
