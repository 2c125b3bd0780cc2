// What do the draws of the other samplers cost?
#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "data.hpp"
#include "evendraw.hpp"
#include "peers/peers.hpp"
#include "workloads.hpp"

namespace benchmark {
namespace {

/// n draws; evendraw is the only contestant.
template <class Make>
workload alone(std::string name, Make make) {
  return {std::move(name), [make](std::uint64_t n) {
            auto const data = long_tail(n);
            return contest{.samples = n,
                           .epoch_size = n,
                           .contestants = {evendraw_contestant([make, data] { return make(data); })}};
          }};
}

std::uint64_t batches_of_128(labels const& data) { return data->size() / 128 + 1; }

auto stratified(labels const& data) {
  return evendraw::stratified_batch_sampler(*data, {.batch_size = 128, .num_batches = batches_of_128(data)});
}

auto natural_batches(labels const& data) {
  evendraw::class_index const classes(*data);
  return evendraw::stratified_batch_sampler(classes, classes.counts(),
                                            {.batch_size = 128, .num_batches = batches_of_128(data)});
}

auto pk_batches(labels const& data) {
  return evendraw::pk_batch_sampler(*data, {.classes = 32, .samples = 4, .num_batches = batches_of_128(data)});
}

auto scheduled(labels const& data) {
  return evendraw::scheduled_proportion_sampler(*data, evendraw::progressive_schedule(10));
}

auto repeat_factor(labels const& data) {
  evendraw::class_index const classes(*data);
  auto const of_class = evendraw::class_repeat_factors(classes.counts(), data->size());
  return evendraw::repeat_factor_sampler(evendraw::sample_weights(classes, of_class));
}

auto mix(labels const& data) {
  std::uint64_t const n = data->size();
  std::vector<evendraw::any_sampler<>> const sources{evendraw::inverse_frequency_sampler(*data),
                                                     evendraw::random_sampler(n)};
  return evendraw::mix_sampler(sources, {0.3, 0.7}, {.epoch_size = n, .window = 128});
}

/// Draws in blocks of 4096 from weights that do not change, or in batches whose samples all get new weights.
drawer dynamic_draws(weights const& data) {
  return [table = evendraw::dynamic_weights(*data, {.largest = 1e3})](part p) mutable {
    return draw_in_blocks(p.draws, [&](std::uint64_t, std::span<std::uint32_t> block) { table.draw(block); });
  };
}
drawer dynamic_updates(weights const& data) {
  return [data, table = evendraw::dynamic_weights(*data, {.largest = 1e3})](part p) mutable {
    return draw_in_blocks(p.draws, [&](std::uint64_t done, std::span<std::uint32_t> block) {
      for (std::size_t i = 0; i < block.size(); i += replay_batch) {
        auto const batch = block.subspan(i, std::min(replay_batch, block.size() - i));
        table.draw(batch);
        table.set(batch, new_weights(*data, batch, done));
      }
    });
  };
}

contest dynamic_contest(weights const& data, drawer (*ours)(weights const&), contestant peer) {
  return {.samples = data->size(),
          .epoch_size = data->size(),
          .contestants = {{.name = evendraw_name, .build = [data, ours] { return ours(data); }, .whole_epochs = true},
                          std::move(peer)}};
}

}  // namespace

std::vector<workload> family() {
  return {alone("stratified_batch, 1000 classes, equal", stratified),
          alone("stratified_batch, 1000 classes, natural", natural_batches),
          alone("pk_batch, 32 of 1000 classes x 4", pk_batches),
          alone("scheduled_proportion, 1000 classes", scheduled),
          alone("repeat_factor, 1000 classes", repeat_factor),
          alone("mix of two, windows of 128", mix),
          {"dynamic_weights, draws in blocks",
           [](auto n) { return dynamic_contest(log_normal(n), dynamic_draws, sum_tree_draws(log_normal(n))); }},
          {"dynamic_weights, batches drawn and set",
           [](auto n) { return dynamic_contest(log_normal(n), dynamic_updates, sum_tree_updates(log_normal(n))); }}};
}

}  // namespace benchmark
