// What does it cost to find a sample in an epoch, and to continue with other data?
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "data.hpp"
#include "evendraw.hpp"
#include "workloads.hpp"

namespace benchmark {
namespace {

/// Finds samples of all classes in one epoch, one by one. "A draw" is one search.
template <class Sampler>
drawer by_find(Sampler sampler) {
  static_cast<void>(draws_of(sampler.epoch(0)).find(0));  // the first search makes a table that all searches use
  return [sampler = std::move(sampler)](part p) {
    auto const draws = draws_of(sampler.epoch(p.epoch));
    checksum sum;
    for (std::uint64_t k = 0; k < p.draws; ++k) {
      std::uint64_t const sample = evendraw::bounded(splitmix64(p.epoch, p.first + k), sampler.num_samples());
      for (std::uint64_t const position : draws.find(sample)) sum.add(position);
    }
    return sum.value();
  };
}

constexpr std::uint64_t some = 20'000, few = 4;  // finds in a row

template <class Make>
workload finding(std::string name, Make make, std::uint64_t finds = some) {
  return {"find, " + std::move(name), [make, finds](std::uint64_t n) {
            auto const data = long_tail(n);
            contestant const found{.name = evendraw_name,
                                   .build = [make, data] { return by_find(make(data)); },
                                   .most_samples = finds == few ? 1'000'000 : ~std::uint64_t{0}};
            return contest{.samples = n, .epoch_size = finds, .contestants = {found}};
          }};
}

/// Stops in the middle of an epoch, and continues with the same data. Nothing is drawn.
template <class Make, class Options>
workload amending(std::string name, Make make, Options options) {
  return {"amended, " + std::move(name), [make, options](std::uint64_t n) {
            evendraw::class_index const classes(*long_tail(n));
            auto const before = make(classes);
            auto const build = [before, classes, options]() -> drawer {
              evendraw::checkpoint const stop{.epoch = 2, .position = before.epoch_size() / 2};
              return [built = evendraw::amended(before, stop, classes, options)](part) { return built.seed(); };
            };
            return contest{.samples = n,
                           .epoch_size = n,
                           .contestants = {{.name = evendraw_name, .build = build, .whole_epochs = true}}};
          }};
}

}  // namespace

std::vector<workload> backwards() {
  using label = std::uint32_t;
  evendraw::stratified_batch_options<label> const stratified{.batch_size = 128};
  evendraw::pk_batch_options const pk{.classes = 32, .samples = 4};
  return {
      finding("random", [](labels const& data) { return evendraw::random_sampler(data->size()); }),
      finding(
          "balanced_epoch, n / 2 draws",
          [](labels const& data) { return evendraw::balanced_epoch_sampler(*data, {.epoch_size = data->size() / 2}); }),
      finding("stratified_batch, batches of 128",
              [=](labels const& data) { return evendraw::stratified_batch_sampler(*data, stratified); }),
      finding("pk_batch, 32 classes x 4", [=](labels const& data) { return evendraw::pk_batch_sampler(*data, pk); }),
      finding("repeat_factor",
              [](labels const& data) {
                evendraw::class_index const classes(*data);
                auto const of_class = evendraw::class_repeat_factors(classes.counts(), data->size());
                return evendraw::repeat_factor_sampler(evendraw::sample_weights(classes, of_class));
              }),
      finding("mix of balanced and random, windows of 128",
              [](labels const& data) {
                return evendraw::mix_sampler<>(
                    {evendraw::balanced_epoch_sampler(*data, {.epoch_size = data->size() / 2}),
                     evendraw::random_sampler(data->size())},
                    {0.3, 0.7}, {.window = 128});
              }),
      finding(
          "inverse_frequency (read through)",
          [](labels const& data) { return evendraw::inverse_frequency_sampler(*data); }, few),
      finding(
          "multinomial (read through)",
          [](labels const& data) { return evendraw::multinomial_sampler(*log_normal(data->size())); }, few),
      finding(
          "systematic, n / 2 draws (read through)",
          [](labels const& data) {
            return evendraw::systematic_sampler(*log_normal(data->size()), {.epoch_size = data->size() / 2});
          },
          few),
      amending(
          "balanced_epoch, n / 2 draws",
          [](auto const& classes) {
            return evendraw::balanced_epoch_sampler(classes, {.epoch_size = classes.num_samples() / 2});
          },
          evendraw::balanced_epoch_options<label>{}),
      amending(
          "stratified_batch, batches of 128",
          [=](auto const& classes) { return evendraw::stratified_batch_sampler(classes, stratified); }, stratified),
      amending(
          "pk_batch, 32 classes x 4", [=](auto const& classes) { return evendraw::pk_batch_sampler(classes, pk); },
          pk)};
}

}  // namespace benchmark
