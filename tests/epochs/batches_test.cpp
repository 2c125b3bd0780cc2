#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <ranges>
#include <span>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <vector>

#include <support/catch2.hpp>
#include <support/sampling.hpp>

#include <evendraw/epochs/batches.hpp>
#include <evendraw/epochs/cursor.hpp>
#include <evendraw/samplers/batch_sampler.hpp>
#include <evendraw/samplers/pk_batch_sampler.hpp>
#include <evendraw/samplers/random_sampler.hpp>
#include <evendraw/samplers/stratified_batch_sampler.hpp>

namespace batches_test {

using evendraw::batch_sampler;
using evendraw::random_sampler;

namespace {

using indices = std::vector<std::uint32_t>;
using batches_type = decltype(batch_sampler(random_sampler(10), 4).epoch(0));
using batch_type = std::ranges::range_reference_t<batches_type>;

auto const labels = sampling::labels_of({50, 30, 20});

/// The same as std::ranges::to<std::vector>() of C++23.
template <class Range>
auto collected(Range&& range) {
  std::vector<std::ranges::range_value_t<Range>> result;
  for (auto&& each : range) result.emplace_back(std::forward<decltype(each)>(each));
  return result;
}

/// The contents of collected batches after their loop has ended.
template <class Batch>
std::vector<indices> contents(std::vector<Batch> const& batches) {
  std::vector<indices> result;
  for (auto const& batch : batches) result.emplace_back(batch.begin(), batch.end());
  return result;
}

/// A wrong twin: its batches are plain spans of one buffer. The buffer outlives the loop here, so that nothing is read
/// after it is freed.
struct spans_of_one_buffer {
  struct iterator {
    using value_type = std::span<std::uint32_t const>;
    using difference_type = std::ptrdiff_t;
    value_type operator*() const { return range->batches.read(number, range->buffer); }
    iterator& operator++() {
      ++number;
      return *this;
    }
    void operator++(int) { ++number; }
    friend bool operator==(iterator const& iterator, std::default_sentinel_t) {
      return iterator.number == iterator.range->batches.size();
    }
    spans_of_one_buffer* range;
    std::uint64_t number;
  };

  iterator begin() { return {this, 0}; }
  static std::default_sentinel_t end() { return {}; }
  batches_type batches;
  indices buffer = indices(batches.buffer_size());
};

template <class Batches>
std::vector<indices> one_by_one(Batches const& batches) {
  std::vector<indices> result;
  for (std::uint64_t b = 0; b < batches.size(); ++b) result.push_back(batches[b]);
  return result;
}

}  // namespace

TEST_CASE("batches past the end are refused", "[batches]") {
  auto const refused = [](auto const& batches) {
    std::uint64_t const size = batches.size();
    std::vector<std::uint32_t> buffer(batches.buffer_size(), 77);
    for (std::uint64_t const b : {size, size + 1, ~std::uint64_t{0}, ~std::uint64_t{0} / batches.batch_size()}) {
      std::string const text = "evendraw::batched_draws::read: there is no batch " + std::to_string(b) +
                               "; size() is " + std::to_string(size);
      CHECK_THROWS_AS(batches[b], std::out_of_range);
      CHECK_THROWS_WITH(batches[b], text);
      CHECK_THROWS_AS(batches.read(b, buffer), std::out_of_range);
      CHECK_THROWS_WITH(batches.read(b, buffer), text);
    }
    CHECK(std::ranges::count(buffer, 77u) == static_cast<std::ptrdiff_t>(buffer.size()));
    if (size > 0) CHECK(batches.read(size - 1, buffer).size() == batches[size - 1].size());
  };
  batch_sampler const batches(random_sampler(100), 8);
  refused(batches.epoch(3));
  refused(batches.epoch(3).drop(5));
  refused(batches.epoch(3).drop(50));
  refused(batches.epoch(3).shard(1, 4));
  refused(batch_sampler(random_sampler(100), {.batch_size = 8, .last = evendraw::last_batch::drop}).epoch(0));
  evendraw::stratified_batch_sampler const stratified(labels, {.batch_size = 10});
  refused(stratified.epoch(1));
  refused(evendraw::pk_batch_sampler(labels, {.classes = 2, .samples = 4}).epoch(1));
  CHECK_THROWS_AS(stratified.quotas(0, stratified.epoch_size()), std::out_of_range);
  CHECK_NOTHROW(stratified.quotas(0, stratified.epoch_size() - 1));
}

TEST_CASE("a buffer that is too small is refused", "[batches]") {
  auto const epoch = batch_sampler(random_sampler(10), 4).epoch(0);
  std::array<std::uint32_t, 4> buffer{};
  CHECK_THROWS_AS(epoch.read(0, std::span(buffer).first(3)), std::invalid_argument);
  CHECK_THROWS_WITH(
      epoch.read(0, std::span(buffer).first(3)),
      "evendraw::batched_draws::read: a buffer of 3 for batches of 4; it must hold buffer_size() indices");
  CHECK(epoch.read(2, std::span(buffer).first(2)).size() == 2);  // the short batch has room
}

TEST_CASE("collected batches are vectors", "[batches]") {
  STATIC_REQUIRE(std::ranges::input_range<batches_type>);
  STATIC_REQUIRE(std::same_as<std::ranges::range_value_t<batches_type>, indices>);
  batch_sampler const batches(random_sampler(103), 8);
  auto const epoch = batches.epoch(2);
  auto const expected = one_by_one(epoch);
  CHECK(contents(collected(epoch)) == expected);
  CHECK(contents(collected(epoch.drop(2))) == std::vector(expected.begin() + 2, expected.end()));
  CHECK(contents(collected(spans_of_one_buffer{epoch})) != expected);

  std::vector<indices> pushed, copied, walked;
  for (auto batch : epoch) pushed.push_back(batch);
  CHECK(pushed == expected);
  std::ranges::copy(epoch, std::back_inserter(copied));
  CHECK(copied == expected);
  evendraw::cursor run(batches);
  run.skip(2 * epoch.size());
  std::generate_n(std::back_inserter(walked), epoch.size(), [&] { return run.next(); });
  CHECK(walked == expected);
}

TEST_CASE("the batch of a loop is a span that stays where it is", "[batches]") {
  STATIC_REQUIRE(std::convertible_to<batch_type, std::span<std::uint32_t const>>);
  STATIC_REQUIRE(std::convertible_to<batch_type, indices>);
  STATIC_REQUIRE_FALSE(std::copy_constructible<batch_type>);
  STATIC_REQUIRE_FALSE(std::is_move_constructible_v<batch_type>);
  STATIC_REQUIRE_FALSE(std::is_assignable_v<batch_type&, batch_type>);
  STATIC_REQUIRE_FALSE(std::convertible_to<indices, batch_type>);
  auto const epoch = batch_sampler(random_sampler(10), 4).epoch(0);
  std::vector<std::uint32_t const*> data;
  for (std::span<std::uint32_t const> const batch : epoch) data.push_back(batch.data());
  CHECK(std::ranges::count(data, data[0]) == 3);  // one buffer
  indices together;
  for (auto const& batch : epoch) {
    for (auto const index : batch.first(batch.size())) together.push_back(index);
  }
  CHECK(together == sampling::all(epoch.draws()));
}

}  // namespace batches_test
