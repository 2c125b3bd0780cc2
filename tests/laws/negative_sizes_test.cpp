// Negative sizes arrive as large unsigned numbers. They are refused, and the message shows the negative number.
#include <support/catch2.hpp>
#include <support/message_of.hpp>
#include <support/sampling.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <evendraw/evendraw.hpp>

namespace negative_sizes_test {

namespace {

using namespace evendraw;

constexpr int minus = -7;
constexpr auto minus_size = static_cast<std::uint64_t>(minus);
std::vector<int> const labels{0, 0, 0, 1, 1, 2};
std::vector<double> const weights{1, 2, 3};
std::string const must = " is -7; it must be >= 0", positive = " is -7; it must be >= 1";

/// Options of which one number is negative.
template <class Options>
Options with_negative(std::uint64_t Options::*size, Options options = {}) {
  options.*size = minus_size;
  return options;
}

/// The message of the exception that f() throws.
template <class Make>
std::string refusal(Make make) {
  return message_of([&] { static_cast<void>(make()); });
}

}  // namespace

TEST_CASE("negative sizes of data and epochs are refused, and the message shows them", "[negative_sizes]") {
  CHECK(refusal([] { return random_sampler(minus_size); }) == "evendraw::random_sampler: num_samples" + positive);
  CHECK(refusal([] { return random_sampler<std::uint64_t>(minus_size); }) ==
        "evendraw::random_sampler: num_samples" + positive);
  CHECK(refusal([] { return sequential_sampler(minus_size); }) ==
        "evendraw::sequential_sampler: num_samples" + positive);
  CHECK(refusal([] {
          return random_split(minus_size, {0.5, 0.5});
        }) == "evendraw::random_split: num_samples" + positive);
  CHECK(refusal([] { return dynamic_weights(minus_size, 1.0); }) ==
        "evendraw::dynamic_weights: num_samples" + positive);
  CHECK(refusal([] { return confusion_matrix(minus_size); }) == "evendraw::confusion_matrix: num_classes" + positive);
  CHECK(refusal([] { return progressive_schedule(minus_size); }) ==
        "evendraw::progressive_schedule: epochs" + positive);
  auto const drawn = with_negative(&sampler_options::epoch_size);
  CHECK(refusal([&] { return random_sampler(6, drawn); }) == "evendraw::random_sampler: epoch_size" + must);
  CHECK(refusal([&] { return multinomial_sampler(weights, drawn); }) ==
        "evendraw::multinomial_sampler: epoch_size" + must);
  CHECK(refusal([&] { return inverse_frequency_sampler(labels, drawn); }) ==
        "evendraw::inverse_frequency_sampler: epoch_size" + must);
  CHECK(refusal([&] { return systematic_sampler(weights, drawn); }) ==
        "evendraw::systematic_sampler: epoch_size" + must);
  CHECK(refusal([&] {
          return weighted_without_replacement_sampler(weights,
                                                      with_negative(&weighted_without_replacement_options::epoch_size));
        }) == "evendraw::weighted_without_replacement_sampler: epoch_size" + must);
}

TEST_CASE("negative sizes in the options of samplers are refused, and the message shows them", "[negative_sizes]") {
  using balanced = balanced_epoch_options<int>;
  for (auto const& [size, name] :
       std::vector<std::pair<std::uint64_t balanced::*, std::string>>{{&balanced::epoch_size, "epoch_size"},
                                                                      {&balanced::per_class, "per_class"},
                                                                      {&balanced::max_repeats, "max_repeats"}}) {
    CHECK(refusal([&, wrong = size] { return balanced_epoch_sampler(labels, with_negative(wrong)); }) ==
          "evendraw::balanced_epoch_sampler: " + name + (size == &balanced::max_repeats ? positive : must));
  }
  using stratified = stratified_batch_options<int>;
  CHECK(refusal([] { return stratified_batch_sampler(labels, with_negative(&stratified::batch_size)); }) ==
        "evendraw::stratified_batch_sampler: batch_size" + positive);
  CHECK(refusal([] {
          return stratified_batch_sampler(labels, with_negative(&stratified::num_batches, {.batch_size = 2}));
        }) == "evendraw::stratified_batch_sampler: num_batches" + must);
  using pk = pk_batch_options;
  CHECK(refusal([] { return pk_batch_sampler(labels, with_negative(&pk::classes)); }) ==
        "evendraw::pk_batch_sampler: classes" + positive);
  CHECK(refusal([] { return pk_batch_sampler(labels, with_negative(&pk::samples)); }) ==
        "evendraw::pk_batch_sampler: samples" + positive);
  CHECK(refusal([] {
          return pk_batch_sampler(labels, with_negative(&pk::num_batches, {.classes = 2, .samples = 1}));
        }) == "evendraw::pk_batch_sampler: num_batches" + must);
  CHECK(refusal([] { return batch_sampler(random_sampler(6), with_negative(&batch_options::batch_size)); }) ==
        "evendraw::batch_options: batch_size" + positive);
  any_sampler<> const source = random_sampler(6);
  CHECK(refusal([&] { return mix_sampler({source}, {1}, with_negative(&mix_options::window)); }) ==
        "evendraw::mix_sampler: window" + positive);
  CHECK(refusal([&] { return mix_sampler({source}, {1}, with_negative(&mix_options::epoch_size)); }) ==
        "evendraw::mix_sampler: epoch_size" + must);
  using shard = shard_options<int>;
  for (auto const& [size, name] : std::vector<std::pair<std::uint64_t shard::*, std::string>>{
           {&shard::open, "open"}, {&shard::batch_size, "batch_size"}, {&shard::resident, "resident"}}) {
    CHECK(refusal([&, wrong = size] {
            return shard_sampler(class_index(labels), std::vector<std::uint64_t>{3, 3},
                                 with_negative(wrong, {.open = 1}));
          }) == "evendraw::shard_sampler: " + name + (size == &shard::resident ? must : positive));
  }
  class_index_options<int> threads;
  threads.threads = static_cast<unsigned>(minus);
  CHECK(refusal([&] { return class_index(labels, threads); }) == "evendraw::class_index: threads" + must);
}

TEST_CASE("negative sizes of parts are refused, and the message shows them", "[negative_sizes]") {
  auto const draws = random_sampler(6).epoch(0);
  CHECK(refusal([&] { return draws.drop(minus); }) == "evendraw::draws::drop: n" + must);
  CHECK(refusal([&] { return draws.take(minus); }) == "evendraw::draws::take: n" + must);
  CHECK(refusal([&] { return draws.batches(2).drop(minus); }) == "evendraw::batched_draws::drop: n" + must);
  CHECK(refusal([&] { return draws.shard(minus_size, 4); }) == "evendraw::draws::shard: rank" + must);
  CHECK(refusal([&] { return draws.shard(0, minus_size); }) == "evendraw::draws::shard: world_size" + positive);
  CHECK(draws.take(~std::uint64_t{0}).size() == 6);  // the whole epoch
}

TEST_CASE("negative sizes of plans and reports are refused, and the message shows them", "[negative_sizes]") {
  auto const finding = [](plan_options const& options) {
    return plan_shuffled({3, 2, 1}, options).findings.front().text;
  };
  CHECK(finding(with_negative(&plan_options::batch_size)) == "evendraw::plan_options: batch_size" + positive);
  CHECK(finding(with_negative(&plan_options::epochs)) == "evendraw::plan_options: epochs" + positive);
  CHECK(finding(with_negative(&plan_options::epoch_size)) == "evendraw::plan_options: epoch_size" + must);
  CHECK(refusal([] {
          return coverage_time({3, 2}, {1, 1}, minus_size);
        }) == "evendraw::coverage_time: epoch_size" + positive);
  CHECK(refusal([] {
          return expected_unique_samples({3, 2}, {1, 1}, minus_size);
        }) == "evendraw::expected_unique_samples: draws" + must);
  CHECK(refusal([] { return class_repeat_factors(std::vector<std::uint64_t>{3}, minus_size); }) ==
        "evendraw::class_repeat_factors: num_samples" + must);
  CHECK(refusal([] { return batch_balance(class_index(labels), with_negative(&batch_balance_options::keep)); }) ==
        "evendraw::batch_balance: keep" + must);
  CHECK(refusal([] { return stratified_folds(class_index(labels), minus_size); }) ==
        "evendraw::stratified_folds: num_folds" + positive);
}

TEST_CASE("empty parts and mixes without sources are refused", "[negative_sizes]") {
  CHECK(refusal([] { return class_index(labels, std::vector<int>{}); }) ==
        "evendraw::class_index: the part is empty; give the index of at least one sample");
  CHECK(refusal([] { return mix_sampler<>({}, {}); }) ==
        "evendraw::mix_sampler: no sources; give at least one sampler");
}

}  // namespace negative_sizes_test
