// Whole epochs of every sampler, as one number each. They are the same on every platform (tests/platforms/run), and they
// show when a draw changes.
#include <evendraw/evendraw.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <ranges>
#include <vector>

#include <support/catch2.hpp>
#include <support/sampling.hpp>

namespace golden_test {

namespace {

auto const labels = sampling::labels_of({5000, 770, 201, 30});

/// Weights from 2^-30 to 2^30 with no pattern in their last bits, some of them zero.
std::vector<double> uneven_weights() {
  std::vector<double> weights;
  for (std::uint64_t i = 0; i < labels.size(); ++i) {
    auto const size = static_cast<int>(evendraw::random_word(7, i) % 61) - 30;
    weights.push_back(i % 11 == 0 ? 0 : std::ldexp(static_cast<double>(evendraw::random_word(8, i) >> 11), size - 53));
  }
  return weights;
}

struct digest {
  std::uint64_t value = 0;
  void add(std::uint64_t number) { value = evendraw::random_word(value, number); }
  template <std::ranges::range Numbers>
  void add(Numbers const& numbers) {
    for (auto const& number : numbers) add(number);
  }
};

/// One number for three epochs and the fingerprint.
template <class Sampler>
std::uint64_t digest_of(Sampler const& sampler) {
  digest result;
  for (std::uint64_t const epoch : {0u, 1u, 1'000'000u}) result.add(sampler.epoch(epoch));
  result.add(sampler.fingerprint());
  return result.value;
}

}  // namespace

TEST_CASE("Samplers by class give the golden epochs", "[golden]") {
  evendraw::class_index const classes(labels);
  CHECK(digest_of(evendraw::random_sampler(labels.size(), {.seed = 3})) == 0x94c5fde8657faf7bu);
  CHECK(digest_of(evendraw::random_sampler(11, {.epoch_size = 2, .seed = 3})) == 0x0fd7c305d55895a5u);
  CHECK(digest_of(evendraw::sequential_sampler(labels.size())) == 0xf7c2b4010706e2e0u);
  CHECK(digest_of(evendraw::inverse_frequency_sampler(classes, {.seed = 3})) == 0xc48e80da9a080ed1u);
  CHECK(digest_of(evendraw::target_proportion_sampler(classes, {{0, 0.1}, {1, 0.2}, {2, 0.3}, {3, 0.4}})) ==
        0xc4d7496eb05ed0edu);
  CHECK(digest_of(evendraw::scheduled_proportion_sampler(classes, evendraw::progressive_schedule(10))) ==
        0x0246a79aa24b1fc1u);
  CHECK(digest_of(evendraw::balanced_epoch_sampler(classes, {.seed = 3})) == 0x6b4582202a9dff09u);
  CHECK(digest_of(evendraw::balanced_epoch_sampler(classes, {.epoch_size = 900, .limits = {{0, 70}}})) ==
        0x043ca3b1f49e8d10u);
  std::vector<int> const shards{1500, 1, 700, 0, 2000, 900, 900};
  CHECK(digest_of(evendraw::shard_sampler(classes, shards, {.open = 2, .batch_size = 10, .seed = 3})) ==
        0x3f63d42c3ac6e6d7u);
  CHECK(
      digest_of(evendraw::shard_sampler(
          classes, shards, {.open = 3, .batch_size = 37, .resident = 240, .epoch_size = 900, .limits = {{0, 300}}})) ==
      0xd472434be6594b0du);
  CHECK(digest_of(evendraw::shard_sampler(shards, {.open = 2, .seed = 3})) == 0x9978de67091ffa82u);
  CHECK(digest_of(evendraw::stratified_batch_sampler(
            classes, {.batch_size = 37, .order = evendraw::order::grouped, .seed = 3})) == 0x92e5cc620eacadccu);
  CHECK(digest_of(evendraw::stratified_batch_sampler(
            classes, {.batch_size = 32, .shares = {{0, 0.3}, {1, 0.3}, {2, 0.3}, {3, 0.1}}})) == 0x8399a96fe70293c5u);
  CHECK(digest_of(evendraw::pk_batch_sampler(classes, {.classes = 3, .samples = 5, .seed = 3})) == 0xd9cbf3d4290800afu);
  CHECK(digest_of(evendraw::batch_sampler(evendraw::inverse_frequency_sampler(classes), 100)) == 0x0839a4546c8d378fu);
}

TEST_CASE("Samplers by weight give the golden epochs", "[golden]") {
  auto const weights = uneven_weights();
  CHECK(digest_of(evendraw::multinomial_sampler(weights, {.seed = 3})) == 0x5a889a6625750837u);
  CHECK(digest_of(evendraw::weighted_without_replacement_sampler(weights, {.epoch_size = 4000, .seed = 3})) ==
        0x445561c6428b1dccu);
  CHECK(digest_of(evendraw::systematic_sampler(weights, {.epoch_size = 25, .seed = 3})) == 0x75f21b64f0cdc487u);
  std::vector<double> factors;
  for (double const weight : weights) factors.push_back(1 + std::min(weight, 3.0));
  CHECK(digest_of(evendraw::repeat_factor_sampler(factors, {.seed = 3})) == 0x373ea7bbfda86671u);

  evendraw::dynamic_weights table(weights);
  for (std::uint64_t i = 0; i < 500; ++i) table.set(i * 3, weights[static_cast<std::size_t>(5999 - i)]);
  digest drawn;
  for (std::uint64_t i = 0; i < 2000; ++i) drawn.add(table.at(evendraw::random_word(9, i)));
  CHECK(drawn.value == 0x268b0220bc5d9012u);
}

TEST_CASE("Samplers of samplers give the golden epochs", "[golden]") {
  std::vector<evendraw::any_sampler<>> const sources{evendraw::random_sampler(4000, {.seed = 1}),
                                                     evendraw::sequential_sampler(150),
                                                     evendraw::inverse_frequency_sampler(labels, {.seed = 2})};
  CHECK(digest_of(evendraw::mix_sampler(sources, {0.5, 0.3, 0.2}, {.seed = 3})) == 0xc06217e12ee4d6f4u);
  CHECK(digest_of(evendraw::concat_sampler(sources)) == 0xff2441b27468b67du);
}

TEST_CASE("Amended samplers give the golden epochs", "[golden]") {
  evendraw::class_index const classes(labels);
  std::vector<std::uint32_t> kept;
  for (std::uint32_t i = 0; i < labels.size(); ++i) {
    if (i % 7 != 0) kept.push_back(i);
  }
  evendraw::class_index const now(labels, kept);
  CHECK(digest_of(evendraw::amended(evendraw::balanced_epoch_sampler(classes, {.epoch_size = 900, .seed = 3}),
                                    {.epoch = 4, .position = 321}, now, {.epoch_size = 700})) == 0xe6eab122328aa9a5u);
  CHECK(digest_of(evendraw::amended(evendraw::pk_batch_sampler(classes, {.classes = 3, .samples = 4, .seed = 3}),
                                    {.epoch = 1, .position = 77}, now, {.classes = 2, .samples = 6})) ==
        0x38220cc534e02dbbu);
  CHECK(digest_of(evendraw::amended(evendraw::stratified_batch_sampler(classes, {.batch_size = 30, .seed = 3}),
                                    {.epoch = 1, .position = 77}, now, {.batch_size = 31})) == 0xe415512168514f21u);
  std::vector<evendraw::any_sampler<>> const sources{evendraw::random_sampler(500), evendraw::random_sampler(70)};
  evendraw::mix_sampler<> const mix(sources, {0.3, 0.7}, {.epoch_size = 640});
  CHECK(digest_of(evendraw::mix_sampler<>(sources, {0.5, 0.5}, {.epoch_size = 300, .begin = mix.draws_used(3, 128)})) ==
        0x3d5406f22ad056dfu);
}

TEST_CASE("Splits give the golden parts", "[golden]") {
  digest parts;
  for (auto const& part : evendraw::random_split(labels.size(), {0.7, 0.2, 0.1}, 3)) parts.add(part);
  CHECK(parts.value == 0xadea4fc08fe2dfefu);
  parts = {};
  for (auto const& part : evendraw::stratified_split(evendraw::class_index(labels), {0.7, 0.2, 0.1}, 3)) {
    parts.add(part);
  }
  CHECK(parts.value == 0x01dd2061042e7a27u);
}

}  // namespace golden_test
