#include <evendraw/adapters/torch.hpp>

#include <torch/data/dataloader.h>
#include <torch/data/datasets/base.h>
#include <torch/data/datasets/chunk.h>
#include <torch/data/samplers/distributed.h>
#include <torch/data/samplers/random.h>
#include <torch/data/samplers/sequential.h>
#include <torch/data/samplers/serialize.h>
#include <torch/serialize.h>

#undef CHECK  // of LibTorch's logging
#include <support/catch2.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <evendraw/epochs/any_batches.hpp>
#include <evendraw/epochs/any_sampler.hpp>
#include <evendraw/epochs/cursor.hpp>
#include <evendraw/samplers/balanced_epoch_sampler.hpp>
#include <evendraw/samplers/batch_sampler.hpp>
#include <evendraw/samplers/inverse_frequency_sampler.hpp>
#include <evendraw/samplers/pk_batch_sampler.hpp>
#include <evendraw/samplers/random_sampler.hpp>
#include <evendraw/samplers/stratified_batch_sampler.hpp>
#include <evendraw/samplers/weighted_without_replacement_sampler.hpp>

#include <support/sampling.hpp>

using evendraw::batch_sampler;
using evendraw::checkpoint;
using evendraw::last_batch;
using evendraw::random_sampler;
using evendraw::shard_tail;
using evendraw::torch_sampler;
using torch::data::DataLoaderOptions;

namespace {

auto const labels = sampling::labels_of({100, 20, 3});

using batch = std::vector<std::size_t>;
using batches = std::vector<batch>;

/// A data set whose batches are the requested indices.
struct indices : torch::data::datasets::BatchDataset<indices, batch> {
  std::size_t broken = std::numeric_limits<std::size_t>::max();  // a batch with this index cannot be loaded

  batch get_batch(c10::ArrayRef<std::size_t> request) override {
    if (std::ranges::count(request, broken) > 0) throw std::runtime_error("broken");
    return request.vec();
  }
  torch::optional<std::size_t> size() const override { return labels.size(); }
};

template <class Sampler>
auto loader_of(Sampler const& sampler, DataLoaderOptions const& options, indices const& data = {}) {
  return torch::data::make_data_loader(data, sampler, options);
}

DataLoaderOptions loader_options(std::size_t batch_size, std::size_t workers) {
  return DataLoaderOptions(batch_size).workers(workers);
}

template <class Loop>
batches all_of(Loop&& loop) {
  batches result;
  for (auto& got : loop) result.push_back(got);
  return result;
}

template <class Loop>
batches first_of(Loop&& loop, std::size_t n) {
  batches result;
  if (n == 0) return result;
  for (auto& got : loop) {
    result.push_back(got);
    if (result.size() == n) break;
  }
  return result;
}

/// The batches of some epochs, read by one thread without a loader.
template <class Source>
batches expected(Source const& source, std::uint64_t epoch) {
  batches result;
  for (auto const& read : source.epoch(epoch)) result.emplace_back(read.begin(), read.end());
  return result;
}
template <class Source>
batches expected(Source const& source, std::uint64_t first, std::uint64_t last) {
  batches result;
  for (; first < last; ++first) std::ranges::move(expected(source, first), std::back_inserter(result));
  return result;
}

batches part(batches const& all, std::size_t first, std::size_t count) {
  auto const begin = all.begin() + static_cast<std::ptrdiff_t>(first);
  return {begin, begin + static_cast<std::ptrdiff_t>(count)};
}
batches without_first(batches const& all, std::size_t n) { return part(all, n, all.size() - n); }

batches together(batches first, batches const& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

auto stratified() {
  return evendraw::stratified_batch_sampler(
      labels, {.batch_size = 12, .num_batches = 11, .shares = {{0, 0.5}, {1, 0.4}, {2, 0.1}}, .seed = 3});
}

/// Counts the batches that the loader requests.
template <class Source>
struct asked_sampler : torch_sampler<Source> {
  explicit asked_sampler(Source const& source) : torch_sampler<Source>(source) {}
  torch::optional<batch> next(std::size_t batch_size) override {
    auto result = torch_sampler<Source>::next(batch_size);
    *asked += result.has_value();
    return result;
  }
  std::shared_ptr<std::size_t> asked = std::make_shared<std::size_t>(0);
};

}  // namespace

TEST_CASE("torch_sampler: a loader's batches are those of one thread, whatever the number of workers", "[torch]") {
  auto const workers = GENERATE(std::size_t{0}, std::size_t{1}, std::size_t{4});
  CAPTURE(workers);
  auto const check = [&](auto const& source, auto const& in_batches) {
    torch_sampler const sampler(source);
    auto const loader = loader_of(sampler, loader_options(static_cast<std::size_t>(in_batches.batch_size()), workers));
    for (std::uint64_t epoch = 0; epoch < 3; ++epoch) {
      CHECK(sampler.epoch() == epoch);
      CHECK(all_of(sampler.counted(*loader)) == expected(in_batches, epoch));
    }
  };
  evendraw::balanced_epoch_sampler const balanced(labels, {.per_class = 19, .max_repeats = 10, .seed = 2});
  evendraw::weighted_without_replacement_sampler const heaviest(std::vector<double>(labels.size(), 1.5), {.seed = 4});
  check(balanced, batch_sampler(balanced, 10));
  check(evendraw::any_sampler(balanced), batch_sampler(balanced, 10));
  check(heaviest, batch_sampler(heaviest, 20));
  check(random_sampler<std::uint64_t>(100, {.seed = 5}), batch_sampler(random_sampler(100, {.seed = 5}), 9));
  batch_sampler const dropping(balanced, {.batch_size = 10, .last = last_batch::drop});
  check(dropping, dropping);
  check(batch_sampler(balanced, 10), batch_sampler(balanced, 10));
  check(batch_sampler(balanced, 1000), batch_sampler(balanced, 1000));
  check(stratified(), stratified());
  evendraw::pk_batch_sampler const pk(labels, {.classes = 2, .samples = 3, .seed = 6});
  check(pk, pk);
  check(evendraw::any_batches(stratified()), stratified());
}

TEST_CASE("torch_sampler: stratified batches arrive whole", "[torch]") {
  torch_sampler const sampler(stratified());
  auto const loader = loader_of(sampler, loader_options(12, 4));
  std::uint64_t b = 0;
  for (auto const& got : sampler.counted(*loader))
    CHECK(sampling::draws_of_classes(got, labels) == stratified().quotas(0, b++));
  CHECK(b == 11);
}

TEST_CASE("torch_sampler: drop_last leaves out a short last batch only", "[torch]") {
  batch_sampler const source(random_sampler(25), 10);
  for (std::size_t const workers : {0u, 4u}) {
    torch_sampler const cut(source.sampled());
    torch_sampler const whole(source);
    auto const options = loader_options(10, workers).drop_last(true);
    auto const of_cut = loader_of(cut, options);
    auto const of_whole = loader_of(whole, options);
    for (std::uint64_t epoch = 0; epoch < 3; ++epoch) {
      CHECK(all_of(cut.counted(*of_cut)) == part(expected(source, epoch), 0, 2));
      CHECK(all_of(whole.counted(*of_whole)) == part(expected(source, epoch), 0, 2));
    }
    CHECK(cut.epoch() == 3);
    CHECK(whole.epoch() == 3);
  }
}

TEST_CASE("torch_sampler: next gives no batch at the end, and never an empty one", "[torch]") {
  torch_sampler sampler(random_sampler(10, {.seed = 1}));
  auto const epoch_0 = expected(batch_sampler(random_sampler(10, {.seed = 1}), 10), 0).front();
  for (std::size_t const batch_size :
       {std::size_t{1}, std::size_t{3}, std::size_t{5}, std::size_t{10}, std::numeric_limits<std::size_t>::max()}) {
    sampler.set_epoch(0);
    sampler.reset();
    batch all;
    while (auto got = sampler.next(batch_size)) {
      REQUIRE_FALSE(got->empty());
      REQUIRE(got->size() <= batch_size);
      all.insert(all.end(), got->begin(), got->end());
    }
    CHECK(all == epoch_0);
    CHECK_FALSE(sampler.next(batch_size).has_value());
    CHECK_FALSE(sampler.next(1).has_value());
  }
  torch_sampler in_batches(batch_sampler(random_sampler(10, {.seed = 1}), 10));
  CHECK(in_batches.next(10).value() == epoch_0);  // also without a reset before
  CHECK_FALSE(in_batches.next(10).has_value());
  CHECK_FALSE(in_batches.next(10).has_value());
}

TEST_CASE("torch_sampler: set_epoch through the handle reaches the loader", "[torch]") {
  batch_sampler const source(random_sampler(labels.size(), {.seed = 1}), 50);
  auto const check = [&](auto handle, auto const& loader) {
    handle.set_epoch(7);
    CHECK(handle.epoch() == 7);
    CHECK(all_of(handle.counted(*loader)) == expected(source, 7));
    CHECK(handle.epoch() == 8);
    handle.set_epoch(5);
    CHECK(all_of(*loader) == expected(source, 5));
    handle.set_epoch(5);
    CHECK(all_of(*loader) == expected(source, 5));
  };
  torch_sampler sampler(source);
  check(sampler, loader_of(sampler, loader_options(50, 4)));
  torch_sampler moved(source);
  auto const loader = torch::data::make_data_loader(indices(), std::move(moved), loader_options(50, 4));
  check(moved, loader);  // NOLINT: it is still there

  // The problem of LibTorch's own sampler: pytorch#73141.
  torch::data::samplers::DistributedRandomSampler libtorch_sampler(labels.size());
  auto const libtorch_loader = loader_of(libtorch_sampler, loader_options(50, 0));
  auto const before = all_of(*libtorch_loader);
  libtorch_sampler.set_epoch(7);
  CHECK(all_of(*libtorch_loader) == before);
}

TEST_CASE("torch_sampler: every loop reads the next epoch, counted or not", "[torch]") {
  batch_sampler const source(random_sampler(30, {.seed = 1}), 10);
  for (std::size_t const workers : {0u, 4u}) {
    torch_sampler sampler(source);
    auto const loader = loader_of(sampler, loader_options(10, workers));
    CHECK(all_of(sampler.counted(*loader)) == expected(source, 0));
    CHECK(all_of(*loader) == expected(source, 1));
    CHECK(all_of(*loader) == expected(source, 2));
    CHECK(all_of(sampler.counted(*loader)) == expected(source, 3));
    CHECK(sampler.save() == checkpoint{.fingerprint = source.fingerprint(), .epoch = 4, .position = 0});
    sampler.set_epoch(std::numeric_limits<std::uint64_t>::max());
    CHECK(all_of(sampler.counted(*loader)) == expected(source, std::numeric_limits<std::uint64_t>::max()));
    CHECK(all_of(sampler.counted(*loader)) == expected(source, 0));
  }
}

TEST_CASE("torch_sampler: after a loop that was left early, the next one continues", "[torch]") {
  batch_sampler const source(random_sampler(50, {.seed = 1}), 10);
  auto const epoch_0 = expected(source, 0);
  torch_sampler sampler(source);
  auto const loader = loader_of(sampler, loader_options(10, 0));
  CHECK(first_of(sampler.counted(*loader), 2) == part(epoch_0, 0, 2));
  CHECK(sampler.epoch() == 0);
  CHECK(sampler.position() == 2);
  SECTION("in the same epoch") { CHECK(all_of(sampler.counted(*loader)) == without_first(epoch_0, 2)); }
  SECTION("over several loops") {
    CHECK(first_of(sampler.counted(*loader), 2) == part(epoch_0, 2, 2));
    CHECK(first_of(sampler.counted(*loader), 1) == part(epoch_0, 4, 1));
    CHECK(sampler.position() == 5);
    CHECK(all_of(sampler.counted(*loader)).empty());  // what remains of epoch 0
    CHECK(all_of(sampler.counted(*loader)) == expected(source, 1));
  }
  SECTION("begin() alone takes a batch from a counted loop, and none from the loader") {
    (void)sampler.counted(*loader).begin();
    CHECK(sampler.position() == 3);  // begin() takes a batch
    (void)loader->begin();
    (void)loader->begin();
    CHECK(sampler.position() == 3);
    CHECK(all_of(sampler.counted(*loader)) == without_first(epoch_0, 3));
  }
  SECTION("in the epoch given to set_epoch") {
    sampler.set_epoch(1);
    CHECK(sampler.position() == 0);
    CHECK(all_of(sampler.counted(*loader)) == expected(source, 1));
    sampler.set_epoch(0);
    CHECK(all_of(sampler.counted(*loader)) == epoch_0);
  }
  SECTION("set_epoch to the current epoch keeps the position") {
    sampler.set_epoch(0);
    CHECK(all_of(sampler.counted(*loader)) == without_first(epoch_0, 2));
  }
  SECTION("a loop over the loader itself reads the remainder, and the one after it the next epoch") {
    CHECK(all_of(*loader) == without_first(epoch_0, 2));
    CHECK(all_of(*loader) == expected(source, 1));
    CHECK(first_of(*loader, 1) == part(expected(source, 2), 0, 1));
    CHECK(all_of(*loader) == expected(source, 3));
  }
  SECTION("with another loader, also of workers") {
    auto const other = loader_of(sampler, loader_options(10, 4));
    CHECK(first_of(sampler.counted(*other), 1) == part(epoch_0, 2, 1));
    CHECK(sampler.position() == 3);
    auto const third = loader_of(sampler, loader_options(10, 4));
    CHECK(all_of(sampler.counted(*third)) == without_first(epoch_0, 3));
  }
}

TEST_CASE("torch_sampler: set_epoch in a loop applies to the next loop", "[torch]") {
  batch_sampler const source(random_sampler(50, {.seed = 1}), 10);
  torch_sampler sampler(source);
  auto const loader = loader_of(sampler, loader_options(10, 2));
  batches seen;
  for (auto const& got : sampler.counted(*loader)) {
    seen.push_back(got);
    if (seen.size() == 2) {
      sampler.set_epoch(0);  // the current epoch: the position stays
      CHECK(sampler.position() == 2);
      sampler.set_epoch(9);
      CHECK(sampler.epoch() == 9);
    }
  }
  CHECK(seen == expected(source, 0));
  CHECK(sampler.epoch() == 9);
  CHECK(all_of(sampler.counted(*loader)) == expected(source, 9));
  CHECK(sampler.epoch() == 10);
}

TEST_CASE("torch_sampler: a checkpoint counts the batches that were used, not those that were requested", "[torch]") {
  batch_sampler const source(random_sampler(labels.size(), {.seed = 1}), 5);
  auto const epoch_0 = expected(source, 0);
  for (std::size_t const workers : {0u, 1u, 4u}) {
    asked_sampler const sampler(source);
    auto const loader = loader_of(sampler, loader_options(5, workers));
    std::uint64_t used = 0, wrong_resumptions = 0;
    for (auto const& got : sampler.counted(*loader)) {
      CHECK(got == epoch_0[static_cast<std::size_t>(used)]);
      CHECK(sampler.save() == checkpoint{.fingerprint = source.fingerprint(), .epoch = 0, .position = ++used});
      auto const ahead = std::min(used + 2 * workers, epoch_0.size());
      CHECK(*sampler.asked == ahead);
      // A sampler that saved what was requested would leave batches out.
      evendraw::cursor right(source, sampler.save()), wrong(source, {source.fingerprint(), 0, *sampler.asked});
      if (used < epoch_0.size()) {
        auto const should_be = epoch_0[static_cast<std::size_t>(used)];
        CHECK(std::ranges::equal(right.next(), should_be));
        wrong_resumptions += !std::ranges::equal(wrong.next(), should_be);
      }
    }
    CHECK(used == epoch_0.size());
    CHECK(wrong_resumptions == (workers == 0 ? 0 : epoch_0.size() - 1));
  }
}

namespace {

/// Interrupts a run of `epochs` epochs after each batch, and continues it with a new sampler and loader.
template <class Source>
int wrong_interruptions(Source const& source, std::size_t batch_size, std::size_t workers, std::uint64_t epochs) {
  torch_sampler const uninterrupted(source);
  auto const whole_loader = loader_of(uninterrupted, loader_options(batch_size, 0));
  std::vector<std::string> saved{uninterrupted.save().to_string()};
  batches all;
  while (uninterrupted.epoch() < epochs) {
    for (auto const& got : uninterrupted.counted(*whole_loader)) {
      all.push_back(got);
      saved.push_back(uninterrupted.save().to_string());
    }
  }
  int wrong = 0;
  for (std::size_t k = 0; k < saved.size(); ++k) {
    std::string text;
    {
      torch_sampler const first(source);
      auto const loader = loader_of(first, loader_options(batch_size, workers));
      for (std::size_t used = 0; used < k;) {
        auto const got = first_of(first.counted(*loader), k - used);
        wrong += got != part(all, used, got.size());
        used += got.size();
      }
      text = first.save().to_string();
      wrong += text != saved[k];
    }
    torch_sampler const second(source, checkpoint::from_string(text));
    auto const loader = loader_of(second, loader_options(batch_size, workers));
    batches remaining;
    while (second.epoch() < epochs) remaining = together(remaining, all_of(second.counted(*loader)));
    wrong += remaining != without_first(all, k);
    wrong += second.save() != uninterrupted.save();
  }
  return wrong;
}

}  // namespace

TEST_CASE("torch_sampler: an interrupted run equals the uninterrupted one, at every batch", "[torch]") {
  evendraw::inverse_frequency_sampler const drawn(labels, {.epoch_size = 47, .seed = 1});
  for (std::size_t const workers : {0u, 1u, 4u}) {
    CAPTURE(workers);
    CHECK(wrong_interruptions(drawn, 6, workers, 3) == 0);
    CHECK(wrong_interruptions(batch_sampler(drawn, 6), 6, workers, 3) == 0);
    CHECK(wrong_interruptions(stratified(), 12, workers, 2) == 0);
    CHECK(wrong_interruptions(evendraw::any_batches(stratified()), 12, workers, 2) == 0);
  }
}

TEST_CASE("torch_sampler: a run continues with other data, and refuses another history", "[torch]") {
  batch_sampler const before(evendraw::balanced_epoch_sampler(labels, {.epoch_size = 40, .seed = 1}), 6);
  torch_sampler run(before);
  auto const loader = loader_of(run, loader_options(6, 2));
  std::size_t done = 0;
  for ([[maybe_unused]] auto& got : run.counted(*loader)) {
    if (++done == 4) break;
  }
  auto const saved = run.save();
  CHECK(saved.position > 0);
  evendraw::class_index const classes(labels);
  auto const next = evendraw::amended(before, saved, classes, {.epoch_size = 30, .seed = 1});
  CHECK(wrong_interruptions(next, 6, 2, 3) == 0);
  torch_sampler const amended_run(next);
  CHECK_THROWS_AS(torch_sampler(next, saved), std::invalid_argument);
  auto const other =
      evendraw::amended(before, {.epoch = 0, .position = saved.position + 1}, classes, {.epoch_size = 30, .seed = 1});
  evendraw::cursor walked(other);
  static_cast<void>(walked.next());
  CHECK_THROWS_AS(torch_sampler(next, walked.save()), std::invalid_argument);
}

TEST_CASE("torch_sampler saves the same checkpoint as cursor", "[torch]") {
  auto const check = [](auto const& source, std::size_t batch_size) {
    evendraw::cursor walked(source);
    torch_sampler const sampler(source);
    auto const loader = loader_of(sampler, loader_options(batch_size, 2));
    for (int epoch = 0; epoch < 2; ++epoch) {
      for (auto const& got : sampler.counted(*loader)) {
        for (std::size_t i = 0; i < got.size();) {
          auto const next = walked.next();
          if constexpr (std::unsigned_integral<decltype(walked.next())>) {
            CHECK(next == got[i++]);
          } else {
            CHECK(std::ranges::equal(next, got));
            i += next.size();
          }
        }
        CHECK(walked.save() == sampler.save());
      }
    }
    auto const saved = walked.save();
    torch_sampler const resumed(source, saved);
    CHECK(resumed.save() == saved);
    auto const again = loader_of(resumed, loader_options(batch_size, 2));
    CHECK(all_of(resumed.counted(*again)).empty());
    CHECK(all_of(resumed.counted(*again)) == all_of(sampler.counted(*loader)));
  };
  random_sampler const sampler(23, {.seed = 1});
  check(sampler, 5);
  check(batch_sampler(sampler, 5), 5);
  check(batch_sampler(sampler, {.batch_size = 5, .last = last_batch::drop}), 5);
  check(stratified(), 12);
}

TEST_CASE("torch_sampler: draws without batches continue with another batch size", "[torch]") {
  random_sampler const source(100, {.seed = 1});
  torch_sampler const first(source);
  auto const loader = loader_of(first, loader_options(8, 4));
  (void)first_of(first.counted(*loader), 3);
  CHECK(first.position() == 24);
  torch_sampler const second(source, first.save());
  auto const other = loader_of(second, loader_options(32, 4));
  auto const remaining = all_of(second.counted(*other));
  CHECK(remaining.size() == 3);
  CHECK(std::ranges::equal(remaining[0], source.epoch(0).drop(24).take(32)));
  CHECK(std::ranges::equal(remaining[2], source.epoch(0).drop(88)));

  // A batch size whose draws exceed 64 bits gives the remainder of the epoch.
  torch_sampler const third(source, first.save(), {.rank = 1, .world_size = 4});
  auto const whole = loader_of(third, loader_options(std::numeric_limits<std::size_t>::max() / 2 + 1, 0));
  CHECK(first_of(third.counted(*whole), 1).front().size() == 19);
  CHECK(third.position() == 100);
}

TEST_CASE("torch_sampler: ranks share every batch, or every epoch, and continue with another number of ranks",
          "[torch]") {
  auto const check = [](auto const& source, std::size_t batch_size, std::uint64_t unit, bool own_order) {
    auto const in_order = [&](batch items) {  // within every batch, if ranks order their items themselves
      for (std::size_t first = 0; own_order && first < items.size(); first += batch_size) {
        auto const begin = items.begin() + static_cast<std::ptrdiff_t>(first);
        std::sort(begin, begin + static_cast<std::ptrdiff_t>(batch_size));
      }
      return items;
    };
    // The merged indices of `rounds` rounds of a loop on every rank, from a checkpoint on.
    auto const run = [&](std::size_t ranks, checkpoint const& begin, std::size_t rounds, checkpoint& end) {
      batch merged;
      std::vector<batch> local(ranks);
      for (std::size_t rank = 0; rank < ranks; ++rank) {
        torch_sampler const sampler(source, begin, {.rank = rank, .world_size = ranks, .tail = shard_tail::uneven});
        auto const loader = loader_of(sampler, loader_options(batch_size / ranks, 2));
        for (auto const& got : first_of(sampler.counted(*loader), rounds))
          local[rank].insert(local[rank].end(), got.begin(), got.end());
        if (rank > 0) CHECK(sampler.save() == end);
        end = sampler.save();
      }
      for (std::size_t i = 0; i < local[0].size(); ++i)
        for (std::size_t rank = 0; rank < ranks; ++rank)
          if (i < local[rank].size()) merged.push_back(local[rank][i]);
      return merged;
    };
    checkpoint const start{.fingerprint = source.fingerprint(), .epoch = 2, .position = 0};
    checkpoint saved, end;
    auto const one = run(1, start, 1000, end);
    for (std::size_t const before : {1u, 2u, 3u, 6u}) {
      for (std::size_t const after : {1u, 2u, 3u, 6u}) {
        auto merged = run(before, start, 3, saved);
        CHECK(saved.position == 3 * unit);
        auto const continued = run(after, saved, 1000, end);
        merged.insert(merged.end(), continued.begin(), continued.end());
        CHECK(in_order(merged) == in_order(one));
        CHECK(end.epoch == 3);
      }
    }
  };
  check(random_sampler(100, {.seed = 1}), 12, 12, false);
  check(batch_sampler(random_sampler(100, {.seed = 1}), 12), 12, 1, false);
  check(stratified(), 12, 1, true);  // its ranks have their items in an order of their own
}

TEST_CASE("torch_sampler: by default every rank has equally many batches of the same sizes", "[torch]") {
  auto const sizes = [](auto const& source, std::size_t batch_size, evendraw::torch_sampler_options const& options) {
    torch_sampler const sampler(source, options);
    auto const loader = loader_of(sampler, loader_options(batch_size, 0));
    std::vector<std::size_t> result;
    for (auto const& got : sampler.counted(*loader)) result.push_back(got.size());
    return result;
  };
  using sizes_of = std::vector<std::size_t>;
  random_sampler const source(16);
  for (std::uint64_t rank = 0; rank < 3; ++rank) {
    CHECK(sizes(source, 5, {.rank = rank, .world_size = 3}) == sizes_of{5});
    CHECK(sizes(batch_sampler(source, 15), 5, {.rank = rank, .world_size = 3}) == sizes_of{5});
  }
  // Here rank 0 would wait for the others forever.
  CHECK(sizes(source, 5, {.rank = 0, .world_size = 3, .tail = shard_tail::uneven}) == sizes_of{5, 1});
  CHECK(sizes(source, 5, {.rank = 1, .world_size = 3, .tail = shard_tail::uneven}) == sizes_of{5});
}

TEST_CASE("torch_sampler: a batch that cannot be loaded is not counted", "[torch]") {
  batch_sampler const source(random_sampler(50, {.seed = 1}), 10);
  auto const epoch_0 = expected(source, 0);
  for (std::size_t const workers : {0u, 1u, 4u}) {
    CAPTURE(workers);
    for (std::size_t const broken : {0u, 2u, 4u}) {
      indices data;
      data.broken = epoch_0[broken][7];
      torch_sampler const sampler(source);
      auto const loader = loader_of(sampler, loader_options(10, workers), data);
      batches seen;
      auto const loop = [&] {
        for (auto const& got : sampler.counted(*loader)) seen.push_back(got);
      };
      if (workers == 0) {
        CHECK_THROWS_AS(loop(), std::runtime_error);
      } else {
        CHECK_THROWS_AS(loop(), torch::data::WorkerException);
      }
      CHECK(seen == part(epoch_0, 0, broken));
      CHECK(sampler.position() == broken);
      auto const mended = loader_of(sampler, loader_options(10, workers));
      CHECK(all_of(sampler.counted(*mended)) == without_first(epoch_0, broken));
      CHECK(sampler.epoch() == 1);
    }
  }
  SECTION("unless the loop continues after it") {
    indices data;
    data.broken = epoch_0[2][7];
    torch_sampler const sampler(source);
    auto const loader = loader_of(sampler, loader_options(10, 4), data);
    auto loop = sampler.counted(*loader);
    auto batch = loop.begin();
    ++batch;
    CHECK_THROWS_AS(++batch, torch::data::WorkerException);
    CHECK(sampler.position() == 2);
    ++batch;
    CHECK(*batch == epoch_0[3]);
    CHECK(sampler.position() == 4);
  }
}

TEST_CASE("torch_sampler: archives", "[torch]") {
  batch_sampler const source(random_sampler(50, {.seed = 1}), 10);
  auto const epoch_3 = expected(source, 3);
  torch_sampler sampler(source);
  sampler.set_epoch(3);
  auto const loader = loader_of(sampler, loader_options(10, 4));
  std::stringstream file;
  CHECK(first_of(sampler.counted(*loader), 2) == part(epoch_3, 0, 2));
  torch::save(sampler, file);

  SECTION("continue where the training was") {
    torch_sampler resumed(source);
    auto const again = loader_of(resumed, loader_options(10, 4));
    torch::load(resumed, file);
    CHECK(resumed.save() == sampler.save());
    CHECK(resumed.position() == 2);
    CHECK(all_of(resumed.counted(*again)) == without_first(epoch_3, 2));
  }
  SECTION("end the remainder of a loop") {
    torch_sampler resumed(source);
    auto const again = loader_of(resumed, loader_options(10, 0));
    (void)first_of(resumed.counted(*again), 4);
    torch::load(resumed, file);
    CHECK(all_of(resumed.counted(*again)) == without_first(epoch_3, 2));
  }
  SECTION("are refused by another sampler") {
    torch_sampler other(batch_sampler(random_sampler(50, {.seed = 2}), 10));
    CHECK_THROWS_WITH(torch::load(other, file),
                      "evendraw::torch_sampler: the checkpoint was made with another sampler: seed 1, not 2; build "
                      "the sampler as it was, or start without the checkpoint");
    CHECK(other.epoch() == 0);
  }
  SECTION("of other kinds are refused") {
    std::string const text =
        "evendraw::torch_sampler: the archive holds no checkpoint of evendraw; another kind of sampler was saved there";
    std::stringstream libtorch_sampler, number;
    torch::save(torch::data::samplers::RandomSampler(50), libtorch_sampler);
    CHECK_THROWS_WITH(torch::load(sampler, libtorch_sampler), text);
    torch::serialize::OutputArchive archive;
    archive.write("evendraw_checkpoint", c10::IValue(std::int64_t{3}));
    archive.save_to(number);
    CHECK_THROWS_WITH(torch::load(sampler, number), text);
    CHECK(sampler.position() == 2);
  }
  SECTION("that were altered are refused") {
    std::stringstream altered;
    torch::serialize::OutputArchive archive;
    auto saved = sampler.save().to_string();
    saved[39] = '4';
    archive.write("evendraw_checkpoint", c10::IValue(saved));
    archive.save_to(altered);
    CHECK_THROWS_WITH(torch::load(sampler, altered),
                      "evendraw::checkpoint: this is not a usable checkpoint: it was altered; start the run from the "
                      "beginning");
  }
}

TEST_CASE("torch_sampler: next without a reset before", "[torch]") {
  random_sampler const source(20, {.seed = 1});
  auto const drawn = [&](std::uint64_t e, std::uint64_t first, std::uint64_t size) {
    batch result;
    for (auto const index : source.epoch(e).drop(first).take(size)) result.push_back(index);
    return result;
  };
  torch_sampler sampler(source);
  SECTION("is not counted") {
    CHECK(sampler.position() == 0);
    CHECK(sampler.next(3).value() == drawn(0, 0, 3));
    CHECK_THROWS_AS(sampler.save(), std::invalid_argument);
    CHECK(sampler.next(4).value() == drawn(0, 3, 4));
    CHECK_THROWS_AS(sampler.save(), std::invalid_argument);
    CHECK_THROWS_AS(sampler.position(), std::invalid_argument);
    sampler.reset();
    CHECK(sampler.next(4).value() == drawn(1, 0, 4));
  }
  SECTION("begins in the epoch given to set_epoch") {
    sampler.set_epoch(3);
    CHECK(sampler.next(4).value() == drawn(3, 0, 4));
    CHECK(sampler.next(4).value() == drawn(3, 4, 4));
    sampler.set_epoch(5);
    CHECK(sampler.epoch() == 5);
    CHECK(sampler.next(4).value() == drawn(5, 0, 4));
    sampler.reset();
    sampler.set_epoch(7);
    CHECK(sampler.next(4).value() == drawn(7, 0, 4));
    CHECK_THROWS_AS(sampler.save(), std::invalid_argument);
  }
  SECTION("begins at the position of the checkpoint") {
    auto const saved = evendraw::checkpoint_of(source, 3, 6);
    torch_sampler resumed(source, saved);
    CHECK(resumed.next(4).value() == drawn(3, 6, 4));
    std::stringstream file;
    torch::save(torch_sampler(source, saved), file);
    torch::load(sampler, file);
    CHECK(sampler.save() == saved);
    CHECK(sampler.next(4).value() == drawn(3, 6, 4));
    CHECK(sampler.next(20).value() == drawn(3, 10, 10));
    CHECK_FALSE(sampler.next(4).has_value());
    CHECK_THROWS_AS(sampler.save(), std::invalid_argument);
  }
  SECTION("begins in the epoch given to set_epoch after a counted loop was left") {
    auto const loader = loader_of(sampler, loader_options(5, 0));
    CHECK(first_of(sampler.counted(*loader), 2).size() == 2);
    sampler.set_epoch(4);
    CHECK(sampler.next(4).value() == drawn(4, 0, 4));
  }
}

namespace {

/// Chunk c has the numbers 10 c, 10 c + 1, 10 c + 2.
struct chunks : torch::data::datasets::ChunkDataReader<int> {
  using BatchType = std::vector<int>;
  using DataType = int;
  std::vector<int> read_chunk(std::size_t chunk) override {
    int const first = static_cast<int>(chunk) * 10;
    return {first, first + 1, first + 2};
  }
  std::size_t chunk_count() override { return 8; }
  void reset() override {}
};

}  // namespace

TEST_CASE("torch_sampler: ChunkDataset continues from an archive", "[torch]") {
  namespace data = torch::data;
  random_sampler const source(8, {.seed = 1});
  torch_sampler saved(source, evendraw::checkpoint_of(source, 3, 2));
  torch::serialize::OutputArchive out;
  saved.save(out);
  std::stringstream file;
  out.save_to(file);

  torch_sampler const new_one(source);
  data::datasets::ChunkDatasetOptions const options(1, 3);
  data::datasets::ChunkDataset<chunks, torch_sampler<random_sampler<>>, data::samplers::SequentialSampler> chunked(
      chunks(), new_one, data::samplers::SequentialSampler(0), options);
  torch::serialize::InputArchive archive;
  archive.load_from(file);
  chunked.load(archive);
  chunked.reset();
  std::vector<int> got, wanted;
  while (auto const read = chunked.get_batch(3)) got.insert(got.end(), read->begin(), read->end());
  for (auto const chunk : source.epoch(3).drop(2))
    for (int i = 0; i < 3; ++i) wanted.push_back(static_cast<int>(chunk) * 10 + i);
  CHECK(got == wanted);
}

TEST_CASE("torch_sampler: source() is the sampler that it was made from", "[torch]") {
  torch_sampler const sampler(batch_sampler(random_sampler(50, {.seed = 9}), 10));
  CHECK(sampler.source().batch_size() == 10);
  CHECK(sampler.source().seed() == 9);
  torch_sampler copy(random_sampler(50));
  torch_sampler const other(random_sampler(50, {.seed = 1}));
  copy = other;
  copy.set_epoch(4);
  CHECK(other.epoch() == 4);
  CHECK(other.source().seed() == 1);
}

TEST_CASE("torch_sampler: error messages say what is wrong", "[torch]") {
  random_sampler const source(50);
  batch_sampler const in_batches(source, 10);
  std::string const context = "evendraw::torch_sampler: ";

  SECTION("with its options") {
    CHECK_THROWS_AS(torch_sampler(source, {.rank = 2, .world_size = 2}), std::invalid_argument);
    CHECK_THROWS_WITH(torch_sampler(source, {.rank = 2, .world_size = 2}),
                      "evendraw::draws::shard: rank is 2 and world_size 2; needs rank < world_size");
    CHECK_THROWS_AS(torch_sampler(in_batches, {.rank = 0, .world_size = 0}), std::invalid_argument);
    CHECK_THROWS_WITH(torch_sampler(in_batches, {.rank = 1, .world_size = 3}),
                      "evendraw::batched_draws::shard: a batch has 10 items and world_size is 3; every rank must have "
                      "equally many of them: make its size a multiple of 3");
    CHECK_THROWS_WITH(torch_sampler(batch_sampler(source, {.batch_size = 51, .last = last_batch::drop})),
                      context + "an epoch is empty; check batch_size");
    CHECK_THROWS_AS(torch_sampler(random_sampler(3), {.rank = 2, .world_size = 4}), std::invalid_argument);
    CHECK_THROWS_WITH(torch_sampler(random_sampler(3), {.rank = 2, .world_size = 4}),
                      context + "rank 2 of 4 has no part of an epoch of 3 draws; train on fewer ranks");
    CHECK_NOTHROW(torch_sampler(random_sampler(3), {.rank = 2, .world_size = 4, .tail = shard_tail::uneven}));
  }
  SECTION("with a checkpoint") {
    checkpoint saved{.fingerprint = in_batches.fingerprint(), .epoch = 1, .position = 5};
    CHECK(torch_sampler(in_batches, saved).save() == saved);
    ++saved.position;
    CHECK_THROWS_AS(torch_sampler(in_batches, saved), std::invalid_argument);
    CHECK_THROWS_WITH(torch_sampler(in_batches, saved),
                      context + "the checkpoint is at position 6 of an epoch of 5; it is damaged");
    CHECK_THROWS_WITH(torch_sampler(source, saved),
                      context +
                          "the checkpoint was made with another sampler: another kind of "
                          "sampler, or other labels, weights, version or options, such as .last; "
                          "build the sampler as it was, or start without the checkpoint");
  }
  SECTION("with the loader's batch_size") {
    torch_sampler const whole(in_batches);
    for (std::size_t const workers : {0u, 4u}) {
      auto const loader = loader_of(whole, loader_options(9, workers));
      CHECK_THROWS_AS(whole.counted(*loader).begin(), std::invalid_argument);
      CHECK_THROWS_WITH(all_of(*loader), context +
                                             "the loader's batch_size is 9, and a batch of the sampler has 10; give "
                                             "the loader 10");
    }
    CHECK(whole.position() == 0);
    torch_sampler const half(in_batches, {.rank = 1, .world_size = 2});
    auto const loader = loader_of(half, loader_options(10, 0));
    CHECK_THROWS_WITH(all_of(half.counted(*loader)), context +
                                                         "the loader's batch_size is 10, and a batch of the sampler "
                                                         "has 5 on each rank; give the loader 5");
    torch_sampler const cut(source);
    auto const none = loader_of(cut, loader_options(0, 0));
    CHECK_THROWS_WITH(all_of(cut.counted(*none)),
                      context + "the loader's batch_size is 0; a batch needs at least one index");
  }
  SECTION("with a new size") {
    torch_sampler sampler(source);
    sampler.reset(50);
    CHECK_THROWS_WITH(sampler.reset(51),
                      context + "reset to 51 samples, and the sampler was made for 50; make another sampler");
  }
  SECTION("with a position that is not known") {
    torch_sampler sampler(in_batches);
    auto const loader = loader_of(sampler, loader_options(10, 2));
    std::string const text =
        context +
        "the position of the training is not known in a loop over the loader, which runs ahead of it; "
        "loop over sampler.counted(*loader), or call set_epoch after the loop";
    for (auto const& got : *loader) {
      CHECK(got.size() == 10);
      CHECK_THROWS_AS(sampler.save(), std::invalid_argument);
    }
    CHECK_THROWS_WITH(sampler.save(), text);
    CHECK_THROWS_WITH(sampler.epoch(), text);
    CHECK_THROWS_WITH(sampler.position(), text);
    std::stringstream file;
    CHECK_THROWS_WITH(torch::save(sampler, file), text);
    sampler.set_epoch(1);
    CHECK(sampler.epoch() == 1);
    CHECK(all_of(sampler.counted(*loader)) == expected(in_batches, 1));
  }
  SECTION("with the loader") {
    torch_sampler const sampler(in_batches), another(in_batches);
    auto const loader = loader_of(another, loader_options(10, 0));
    CHECK_THROWS_WITH(all_of(sampler.counted(*loader)),
                      context + "the loader was made with another sampler; give it a copy of this one");
    auto const disordered = [](std::size_t workers) { return loader_options(10, workers).enforce_ordering(false); };
    auto const two = loader_of(sampler, disordered(2));
    CHECK_THROWS_WITH(sampler.counted(*two),
                      context +
                          "the loader has enforce_ordering(false), so that the first batches of an epoch may come "
                          "last; set it to true, or loop over the loader itself and continue from whole epochs only");
    auto all = all_of(*two), epoch_0 = expected(in_batches, 0);
    std::ranges::sort(all);
    std::ranges::sort(epoch_0);
    CHECK(all == epoch_0);
    auto const one = loader_of(sampler, disordered(1));
    CHECK(all_of(sampler.counted(*one)) == expected(in_batches, 1));
  }
  SECTION("with a second loop") {
    torch_sampler const sampler(in_batches);
    auto const first = loader_of(sampler, loader_options(10, 0)), second = loader_of(sampler, loader_options(10, 0));
    auto loop = sampler.counted(*first);
    auto batch = loop.begin();
    CHECK(all_of(sampler.counted(*second)).size() == 4);
    CHECK_THROWS_WITH(++batch, context +
                                   "another loop over this sampler has begun; end one loop before you begin the "
                                   "next, or give the second a sampler of its own");
  }
}
