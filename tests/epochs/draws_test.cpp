#include <algorithm>
#include <cstdint>
#include <iterator>
#include <list>
#include <numeric>
#include <optional>
#include <ranges>
#include <set>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include <support/catch2.hpp>
#include <support/sampling.hpp>

#include <evendraw/evendraw.hpp>
#include <evendraw/samplers/batch_sampler.hpp>
#include <evendraw/samplers/inverse_frequency_sampler.hpp>
#include <evendraw/samplers/multinomial_sampler.hpp>
#include <evendraw/samplers/random_sampler.hpp>

namespace draws_test {

using evendraw::last_batch;
using evendraw::shard_tail;
using sampling::all;
using numbers = std::vector<std::uint64_t>;

namespace {

/// Draws its own position. So the draws show what drop, take and shard do to positions.
struct echo {
  using index_type = std::uint64_t;
  std::uint64_t at(std::uint64_t position) const noexcept { return position; }
  void read_block(std::uint64_t first, std::uint64_t stride, std::span<std::uint64_t> out) const noexcept {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = first + i * stride;
  }
};

evendraw::draws<echo> positions(std::uint64_t size) { return {echo{}, size, 77}; }

/// first, first + stride, ... below `size`.
numbers stepping(std::uint64_t first, std::uint64_t stride, std::uint64_t size) {
  numbers result;
  for (; first < size; first += stride) result.push_back(first);
  return result;
}

/// The batches by iteration.
template <class Batches>
std::vector<std::vector<typename Batches::index_type>> listed(Batches const& batches) {
  std::vector<std::vector<typename Batches::index_type>> result;
  for (auto const batch : batches) result.emplace_back(batch.begin(), batch.end());
  return result;
}

/// The number of reads at or next to the ends of blocks that differ from [], over all interesting lengths.
template <class Draws>
int reads_that_differ(Draws const& draws) {
  int wrong = 0;
  for (auto const first : numbers{0, 1, 2, 255, 256, 257, 300}) {
    for (auto const length : numbers{0, 1, 2, 31, 32, 33, 255, 256, 257, 511, 512, 513, 700}) {
      std::vector<typename Draws::index_type> block(length);
      draws.read(first, block);
      for (std::size_t i = 0; i < length; ++i) wrong += block[i] != draws[first + i];
    }
  }
  return wrong;
}

using draws_type = evendraw::draws<echo>;
static_assert(std::random_access_iterator<draws_type::iterator>);
static_assert(std::sized_sentinel_for<draws_type::iterator, draws_type::iterator>);
static_assert(std::ranges::random_access_range<draws_type const>);
static_assert(std::ranges::sized_range<draws_type const>);
static_assert(std::ranges::common_range<draws_type const>);
static_assert(!std::ranges::borrowed_range<draws_type>, "iterators need their draws");
static_assert(std::copyable<draws_type>);
static_assert(std::input_iterator<evendraw::batched_draws<draws_type>::iterator>);
static_assert(std::ranges::input_range<evendraw::batched_draws<draws_type> const>);

struct no_reading {
  using index_type = std::uint32_t;
};
struct throwing_read {
  using index_type = std::uint32_t;
  std::uint32_t at(std::uint64_t) const noexcept { return 0; }
  void read_block(std::uint64_t, std::uint64_t, std::span<std::uint32_t>) const {}
};
struct signed_index {
  using index_type = int;
  int at(std::uint64_t) const noexcept { return 0; }
  void read_block(std::uint64_t, std::uint64_t, std::span<int>) const noexcept {}
};
static_assert(evendraw::detail::draw_core<echo>);
static_assert(!evendraw::detail::draw_core<no_reading>);
static_assert(!evendraw::detail::draw_core<throwing_read>, "drawing must not throw");
static_assert(!evendraw::detail::draw_core<signed_index>);
static_assert(evendraw::sampler<evendraw::random_sampler<>>);
static_assert(evendraw::sampler<evendraw::multinomial_sampler<std::uint64_t>>);
static_assert(!evendraw::sampler<int>);
static_assert(!evendraw::sampler<std::vector<std::uint32_t>>);
static_assert(!evendraw::sampler<draws_type>, "one epoch is no sampler");

}  // namespace

TEST_CASE("draws: size, positions and reading", "[draws]") {
  auto const draws = positions(10);
  CHECK(draws.size() == 10);
  CHECK_FALSE(draws.empty());
  CHECK(draws[0] == 0);
  CHECK(draws[9] == 9);
  CHECK(all(draws) == stepping(0, 1, 10));
  numbers block(3);
  draws.read(7, block);
  CHECK(block == numbers{7, 8, 9});
  draws.read(10, std::span<std::uint64_t>());  // nothing, from the end
  CHECK(positions(0).empty());
  CHECK(all(positions(0)).empty());
  CHECK(positions(0).begin() == positions(0).end());
}

TEST_CASE("draws: read equals [] at every end of a block, whole, sharded and cut", "[draws]") {
  auto const labels = sampling::labels_of({900, 90, 9, 1});
  std::vector<double> const weights = [] {
    std::vector<double> result(1000);
    for (std::size_t i = 0; i < result.size(); ++i) result[i] = static_cast<double>(i % 17);
    return result;
  }();
  auto const check = [](auto const& sampler) {
    auto const draws = sampler.epoch(2);
    CHECK(reads_that_differ(draws) == 0);
    CHECK(reads_that_differ(draws.shard(1, 3)) == 0);
    CHECK(reads_that_differ(draws.drop(11).shard(4, 5)) == 0);
    CHECK(reads_that_differ(draws.shard(0, 2).drop(3).take(2000)) == 0);
  };
  check(evendraw::multinomial_sampler(weights, {.epoch_size = 6000}));
  check(evendraw::inverse_frequency_sampler(labels, {.epoch_size = 6000}));
  check(evendraw::random_sampler(6000));
  check(evendraw::random_sampler<std::uint64_t>(std::uint64_t{1} << 40, {.epoch_size = 6000, .seed = 5}));

  struct repeats_the_first_group : echo {  // a wrong twin that repeats the first group of 16
    void read_block(std::uint64_t first, std::uint64_t stride, std::span<std::uint64_t> out) const noexcept {
      for (std::size_t i = 0; i < out.size(); ++i) out[i] = first + i % 16 * stride;
    }
  };
  CHECK(reads_that_differ(evendraw::draws(repeats_the_first_group{}, 6000, 0)) > 0);
}

namespace {

/// Counts the draws that are read one by one and in blocks.
struct counting : echo {
  std::uint64_t* single;
  std::uint64_t* in_blocks;
  std::uint64_t at(std::uint64_t position) const noexcept { return ++*single, position; }
  void read_block(std::uint64_t first, std::uint64_t stride, std::span<std::uint64_t> out) const noexcept {
    echo::read_block(first, stride, out);
    *in_blocks += out.size();
  }
};

}  // namespace

TEST_CASE("draws: read gives what [] gives, also from tables too large for caches", "[draws]") {
  std::size_t const n = 300'000;
  std::vector<std::uint32_t> labels(n), part;
  std::vector<double> weights(n);
  for (std::size_t i = 0; i < n; ++i) {
    labels[i] = static_cast<std::uint32_t>(i) * 2654435761u >> 28;
    weights[i] = 1 + static_cast<double>(i % 7) / 4;
    if (i % 9 != 0) part.push_back(static_cast<std::uint32_t>(i));
  }
  evendraw::class_index const classes(labels);
  REQUIRE(classes.shared_members()->is_large());
  auto const wrong = [](auto const& draws) {
    int result = 0;
    for (std::size_t const count : {512u, 513u, 1024u, 5000u}) {
      std::vector<std::uint32_t> out(count);
      draws.read(77, out);
      for (std::size_t i = 0; i < count; ++i) result += out[i] != draws[77 + i];
    }
    return result;
  };
  CHECK(wrong(evendraw::balanced_epoch_sampler(classes).epoch(3)) == 0);
  CHECK(wrong(evendraw::inverse_frequency_sampler(classes).epoch(3).shard(1, 3)) == 0);
  CHECK(wrong(evendraw::stratified_batch_sampler(classes, {.batch_size = 100}).epoch(3).draws()) == 0);
  CHECK(wrong(evendraw::pk_batch_sampler(classes, {.classes = 3, .samples = 4}).epoch(3).draws().shard(1, 3)) == 0);
  CHECK(wrong(evendraw::repeat_factor_sampler(weights).epoch(3).shard(1, 3)) == 0);
  CHECK(wrong(evendraw::multinomial_sampler(weights).epoch(3)) == 0);
  CHECK(wrong(evendraw::systematic_sampler(weights).epoch(3)) == 0);                         // a large table of draws
  CHECK(wrong(evendraw::systematic_sampler(weights, {.epoch_size = n / 2}).epoch(3)) == 0);  // and one of lengths
  CHECK(wrong(evendraw::random_sampler(part).epoch(3)) == 0);
  evendraw::random_sampler const all(n);
  std::vector<std::uint32_t> shifted(5000);
  all.epoch(3).read(78, shifted);
  CHECK(shifted[0] != all.epoch(3)[77]);
}

TEST_CASE("draws: iterators read ahead only when they move forwards", "[draws]") {
  std::uint64_t single = 0, in_blocks = 0;
  evendraw::draws const draws(counting{{}, &single, &in_blocks}, 1000, 0);
  CHECK(*draws.begin() == 0);
  CHECK(draws.begin()[700] == 700);
  CHECK(*(draws.begin() + 500) == 500);
  CHECK(single == 3);
  CHECK(in_blocks == 0);

  std::uint64_t sum = 0;
  for (auto const index : draws) sum += index;
  CHECK(sum == 499'500);
  CHECK(single + in_blocks == 3 + 1000);  // nothing twice
  CHECK(single < 100);

  auto it = draws.begin() + 10;
  numbers seen;
  for (int step : {1, 1, 1, -2, 1, 100, 1, 1, -50, 1, 1}) {
    seen.push_back(*it);
    CHECK(it[3] == seen.back() + 3);
    auto const copy = it++;
    CHECK(*copy == seen.back());
    it += step - 1;
  }
  CHECK(seen == numbers{10, 11, 12, 13, 11, 12, 112, 113, 114, 64, 65});
  CHECK(*--it == 65);
}

TEST_CASE("draws: iterators are random access", "[draws]") {
  auto const draws = positions(10);
  auto const begin = draws.begin(), end = draws.end();
  CHECK(end - begin == 10);
  CHECK(*begin == 0);
  CHECK(begin[4] == 4);
  CHECK(*(begin + 4) == 4);
  CHECK(*(4 + begin) == 4);
  CHECK(*(end - 1) == 9);
  CHECK(begin + 10 == end);
  CHECK(begin < end);
  CHECK(end > begin);
  CHECK(begin <= begin);
  CHECK(begin != end);
  auto it = begin;
  CHECK(*it++ == 0);
  CHECK(*it == 1);
  CHECK(*++it == 2);
  CHECK(*it-- == 2);
  CHECK(*--it == 0);
  it += 7;
  it -= 2;
  CHECK(*it == 5);
  CHECK(it - begin == 5);
  CHECK(begin - it == -5);

  CHECK(numbers(draws.begin(), draws.end()) == stepping(0, 1, 10));
  CHECK(std::accumulate(draws.begin(), draws.end(), std::uint64_t{0}) == 45);
  CHECK(*std::ranges::lower_bound(draws, 6u) == 6);
  CHECK(std::ranges::size(draws) == 10);
  CHECK(std::ranges::equal(draws.shard(1, 2), numbers{1, 3, 5, 7, 9}));
  numbers looped;
  for (auto const index : positions(3)) looped.push_back(index);  // a temporary lives as long as the loop
  CHECK(looped == numbers{0, 1, 2});
}

TEST_CASE("draws: drop and take", "[draws]") {
  auto const draws = positions(10);
  CHECK(all(draws.drop(0)) == all(draws));
  CHECK(all(draws.drop(7)) == numbers{7, 8, 9});
  CHECK(all(draws.take(2)) == numbers{0, 1});
  CHECK(all(draws.drop(2).drop(3)) == stepping(5, 1, 10));
  CHECK(all(draws.take(7).take(3)) == numbers{0, 1, 2});
  CHECK(all(draws.take(3).take(7)) == numbers{0, 1, 2});
  CHECK(all(draws.drop(2).take(3)) == numbers{2, 3, 4});
  CHECK(all(draws.take(5).drop(2)) == numbers{2, 3, 4});
  SECTION("beyond the end") {
    for (std::uint64_t const n : {std::uint64_t{10}, std::uint64_t{11}, ~std::uint64_t{0}}) {
      CHECK(draws.drop(n).empty());
      CHECK(draws.drop(n).drop(n).empty());
      CHECK(all(draws.take(n)) == all(draws));
      CHECK(draws.drop(4).drop(n).empty());
      CHECK(all(draws.drop(4).take(n)) == stepping(4, 1, 10));
      CHECK(draws.shard(1, 3).drop(n).empty());
      CHECK(all(draws.shard(1, 3).take(n)) == numbers{1, 4, 7});
    }
  }
  CHECK(draws.take(0).empty());
  CHECK(all(draws.drop(5).take(0).drop(3)).empty());
  CHECK(all(draws) == stepping(0, 1, 10));  // parts do not change the whole
}

TEST_CASE("draws: shards partition the epoch by stride", "[draws]") {
  int wrong = 0;
  for (auto const size : numbers{0, 1, 2, 3, 6, 7, 63, 64, 65, 1000}) {
    for (auto const ranks : numbers{1, 2, 3, 7, 64}) {
      for (std::uint64_t rank = 0; rank < ranks; ++rank) {
        auto const whole = positions(size);
        wrong += all(whole.shard(rank, ranks)) != stepping(rank, ranks, size);
        wrong += all(whole.shard(rank, ranks, shard_tail::even)) != stepping(rank, ranks, size - size % ranks);
        wrong += whole.shard(rank, ranks, shard_tail::even).size() != size / ranks;
        wrong += whole.shard(rank, ranks).size() - size / ranks > 1;
      }
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("draws: parts of parts", "[draws]") {
  auto const draws = positions(1000);
  int wrong = 0;
  for (std::uint64_t a = 0; a < 3; ++a) {
    for (std::uint64_t b = 0; b < 7; ++b) {
      wrong += all(draws.shard(a, 3).shard(b, 7)) != all(draws.shard(a + 3 * b, 21));  // nodes, then their processes
      wrong += all(draws.drop(30).shard(b, 7)) != all(draws.shard((30 + b) % 7, 7).drop((30 + b) / 7));
      wrong += all(draws.shard(b, 7).drop(5)) != all(draws.drop(35).shard(b, 7));
      wrong += all(draws.shard(b, 7).take(5)) != all(draws.take(35).shard(b, 7));
    }
  }
  CHECK(wrong == 0);
  SECTION("strides beyond 2^64 do no harm, because no draws are left") {
    std::uint64_t const many = std::uint64_t{1} << 63;
    CHECK(all(draws.shard(7, many)) == numbers{7});
    CHECK(all(draws.shard(7, many).shard(0, many)) == numbers{7});
    CHECK(draws.shard(7, many).shard(1, many).empty());
    CHECK(draws.shard(1000, many).empty());
    CHECK(draws.shard(0, many, shard_tail::even).empty());
  }
}

TEST_CASE("draws: ranks that do not exist", "[draws]") {
  auto const draws = positions(10);
  CHECK_THROWS_AS(draws.shard(3, 3), std::invalid_argument);
  CHECK_THROWS_WITH(draws.shard(3, 3), "evendraw::draws::shard: rank is 3 and world_size 3; needs rank < world_size");
  CHECK_THROWS_WITH(draws.shard(0, 0), "evendraw::draws::shard: rank is 0 and world_size 0; needs rank < world_size");
  CHECK_THROWS_AS(positions(0).shard(1, 1, shard_tail::even), std::invalid_argument);
}

TEST_CASE("draws: a word belongs to its position in the whole epoch", "[draws]") {
  evendraw::random_sampler const sampler(1000, {.seed = 9});
  auto const draws = sampler.epoch(4);
  int wrong = 0;
  for (std::uint64_t rank = 0; rank < 7; ++rank) {
    auto const part = draws.drop(13).shard(rank, 7).take(50).drop(2);
    for (std::uint64_t i = 0; i < part.size(); ++i) {
      std::uint64_t const position = 13 + rank + (i + 2) * 7;
      wrong += part.position(i) != position;
      wrong += part.word(i) != draws.word(position);
      wrong += part[i] != draws[position];
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("draws: no two positions, epochs or seeds have the same word", "[draws]") {
  std::set<std::uint64_t> words;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    for (std::uint64_t epoch = 0; epoch < 20; ++epoch) {
      auto const draws = evendraw::random_sampler(100, {.seed = seed}).epoch(epoch);
      for (std::uint64_t i = 0; i < draws.size(); ++i) words.insert(draws.word(i));
    }
  }
  CHECK(words.size() == 20 * 20 * 100);
}

TEST_CASE("draws outlive their sampler", "[draws]") {
  auto const labels = sampling::labels_of({50, 5});
  auto sampler =
      std::make_optional<evendraw::inverse_frequency_sampler<>>(labels, evendraw::sampler_options{.seed = 3});
  auto const expected = all(sampler->epoch(1));
  auto const draws = sampler->epoch(1);
  auto const batches = evendraw::batch_sampler(*sampler, 10).epoch(1);
  auto const shard = sampler->epoch(1).shard(0, 1);
  sampler.reset();  // AddressSanitizer notices a table that is gone
  CHECK(all(draws) == expected);
  CHECK(all(shard) == expected);
  CHECK(batches[0] == std::vector(expected.begin(), expected.begin() + 10));
}

TEST_CASE("draws: four threads read what one thread reads", "[draws]") {
  std::vector<double> weights(500);
  std::iota(weights.begin(), weights.end(), 0.0);
  auto const draws = evendraw::multinomial_sampler(weights, {.epoch_size = 40'000, .seed = 1}).epoch(0);
  auto const expected = all(draws);
  std::vector<std::uint32_t> together(expected.size());
  std::vector<std::thread> threads;
  for (std::uint64_t rank = 0; rank < 4; ++rank) {
    threads.emplace_back([&together, &draws, rank] {
      auto const part = draws.shard(rank, 4);
      for (std::uint64_t i = 0; i < part.size(); ++i) together[part.position(i)] = part[i];
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(together == expected);
}

TEST_CASE("batches: sizes", "[draws][batches]") {
  auto const draws = positions(10);
  CHECK(draws.batches(5).size() == 2);
  CHECK(draws.batches(4).size() == 3);
  CHECK(draws.batches({.batch_size = 4, .last = last_batch::drop}).size() == 2);
  CHECK(draws.batches(10).size() == 1);
  CHECK(draws.batches(11).size() == 1);
  CHECK(draws.batches({.batch_size = 11, .last = last_batch::drop}).empty());
  CHECK(positions(0).batches(4).empty());
  CHECK(draws.batches(~std::uint64_t{0}).size() == 1);
  CHECK(draws.batches(~std::uint64_t{0}).buffer_size() == 10);
  CHECK(draws.batches(4).buffer_size() == 4);
  CHECK(draws.batches(4).batch_size() == 4);
  CHECK_THROWS_AS(draws.batches(0), std::invalid_argument);
  CHECK_THROWS_WITH(draws.batches(0), "evendraw::batch_options: batch_size is 0; a batch needs at least one index");
  CHECK_THROWS_AS(draws.batches({.batch_size = 0, .last = last_batch::drop}), std::invalid_argument);
}

TEST_CASE("batches have the draws one after the other", "[draws][batches]") {
  using batches_type = std::vector<numbers>;
  CHECK(listed(positions(10).batches(4)) == batches_type{{0, 1, 2, 3}, {4, 5, 6, 7}, {8, 9}});
  CHECK(listed(positions(10).batches({.batch_size = 4, .last = last_batch::drop})) ==
        batches_type{{0, 1, 2, 3}, {4, 5, 6, 7}});
  CHECK(listed(positions(10).batches(11)) == batches_type{stepping(0, 1, 10)});
  CHECK(listed(positions(10).batches(~std::uint64_t{0})) == batches_type{stepping(0, 1, 10)});
  CHECK(listed(positions(0).batches(4)).empty());
  CHECK(listed(positions(10).shard(1, 3).batches(2)) == batches_type{{1, 4}, {7}});
  CHECK(listed(positions(10).drop(7).batches(2)) == batches_type{{7, 8}, {9}});
}

TEST_CASE("batches: by number, by iteration and after drop they are the same", "[draws][batches]") {
  int wrong = 0;
  for (std::uint64_t size = 0; size <= 30; ++size) {
    for (std::uint64_t batch_size = 1; batch_size <= 32; ++batch_size) {
      for (auto const last : {last_batch::keep, last_batch::drop}) {
        auto const batches = positions(size).batches({.batch_size = batch_size, .last = last});
        auto const expected = listed(batches);
        wrong += expected.size() != batches.size();
        wrong +=
            batches.size() != (last == last_batch::keep ? (size + batch_size - 1) / batch_size : size / batch_size);
        numbers joined, buffer(batches.buffer_size());
        for (std::uint64_t b = 0; b < batches.size(); ++b) {
          wrong += batches[b] != expected[b];
          auto const read = batches.read(b, buffer);
          wrong += read.data() != buffer.data();
          wrong += numbers(read.begin(), read.end()) != expected[b];
          joined.insert(joined.end(), read.begin(), read.end());
        }
        wrong += joined != stepping(0, 1, last == last_batch::keep ? size : size - size % batch_size);
        for (std::uint64_t n = 0; n <= batches.size() + 1; ++n) {
          auto const first = expected.begin() + static_cast<std::ptrdiff_t>(std::min(n, batches.size()));
          wrong += listed(batches.drop(n)) != std::vector(first, expected.end());
        }
      }
    }
  }
  CHECK(wrong == 0);
  CHECK(positions(10).batches(3).drop(~std::uint64_t{0}).empty());
  CHECK(positions(10).batches(4).drop(std::uint64_t{1} << 62).empty());  // 2^62 batches of 4 are 2^64 draws, not 0
}

TEST_CASE("batches: words of their items", "[draws][batches]") {
  auto const draws = positions(10);
  CHECK(draws.batches(4).word(0, 0) == draws.word(0));
  CHECK(draws.batches(4).word(2, 1) == draws.word(9));
  CHECK(draws.batches(4).drop(1).word(0, 3) == draws.word(7));
  CHECK(draws.shard(1, 2).batches(2).word(1, 1) == draws.word(7));
  CHECK(draws.batches(4).draws().size() == 10);
}

TEST_CASE("batches: an iterator keeps its own buffer", "[draws][batches]") {
  auto batches = std::make_optional(positions(10).batches(4));
  auto it = batches->begin();
  auto other = batches->begin();
  batches.reset();
  ++other;
  CHECK(numbers((*it).begin(), (*it).end()) == numbers{0, 1, 2, 3});
  CHECK(numbers((*other).begin(), (*other).end()) == numbers{4, 5, 6, 7});
  auto const copy = other;
  other++;
  CHECK(numbers((*copy).begin(), (*copy).end()) == numbers{4, 5, 6, 7});
  CHECK(numbers((*other).begin(), (*other).end()) == numbers{8, 9});
  CHECK(other != std::default_sentinel);
  ++other;
  CHECK(other == std::default_sentinel);
}

}  // namespace draws_test
