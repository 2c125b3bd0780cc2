#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <ranges>
#include <span>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include <support/catch2.hpp>
#include <support/sampling.hpp>

#include <evendraw/epochs/any_batches.hpp>
#include <evendraw/epochs/any_sampler.hpp>
#include <evendraw/epochs/cursor.hpp>
#include <evendraw/epochs/uses.hpp>
#include <evendraw/inspect/batch_balance.hpp>
#include <evendraw/samplers/batch_sampler.hpp>
#include <evendraw/samplers/inverse_frequency_sampler.hpp>
#include <evendraw/samplers/pk_batch_sampler.hpp>
#include <evendraw/samplers/random_sampler.hpp>
#include <evendraw/samplers/stratified_batch_sampler.hpp>

namespace any_batches_test {

using evendraw::any_batches;
using indices = std::vector<std::uint32_t>;

namespace {

auto const labels = sampling::labels_of({150, 60, 20, 5});

evendraw::batch_sampler<evendraw::inverse_frequency_sampler<>> drawn() {
  return {evendraw::inverse_frequency_sampler(labels, {.seed = 1}), {.batch_size = 24}};
}
evendraw::stratified_batch_sampler<> stratified(std::uint64_t seed = 2) {
  evendraw::stratified_batch_options<int> const options{.batch_size = 24, .seed = seed};  // g++ 12 needs the type
  return {labels, options};
}
evendraw::pk_batch_sampler<> pk() { return {labels, {.classes = 3, .samples = 8, .seed = 3}}; }

/// Batches of a user's own, with different sizes: batch b of 5 has the items 10 b to 10 b + b.
class own_batches {
 public:
  using index_type = std::uint32_t;

  class epoch_type {
   public:
    using index_type = std::uint32_t;
    epoch_type(std::uint64_t first, std::uint64_t rank, std::uint64_t ranks)
        : first_(first), rank_(rank), ranks_(ranks) {}
    [[nodiscard]] std::uint64_t size() const { return 5 - first_; }
    [[nodiscard]] std::uint64_t batch_size() const { return 5; }
    [[nodiscard]] std::size_t buffer_size() const { return 5; }
    std::span<index_type> read(std::uint64_t b, std::span<index_type> out) const {
      std::size_t count = 0;
      for (std::uint64_t i = rank_; i <= first_ + b; i += ranks_) {
        out[count++] = static_cast<index_type>(10 * (first_ + b) + i);
      }
      return out.first(count);
    }
    [[nodiscard]] std::uint64_t word(std::uint64_t b, std::uint64_t i) const { return b * 100 + i; }
    [[nodiscard]] epoch_type drop(std::uint64_t n) const { return {first_ + n, rank_, ranks_}; }
    [[nodiscard]] epoch_type shard(std::uint64_t rank, std::uint64_t ranks, evendraw::shard_tail) const {
      return {first_, rank, ranks};
    }

   private:
    std::uint64_t first_, rank_, ranks_;
  };

  [[nodiscard]] epoch_type epoch(std::uint64_t) const { return {0, 0, 1}; }
  [[nodiscard]] std::uint64_t epoch_size() const { return 5; }
  [[nodiscard]] std::uint64_t batch_size() const { return 5; }
  [[nodiscard]] std::uint64_t num_samples() const { return 45; }
  [[nodiscard]] std::uint64_t index_bound() const { return 50; }
  [[nodiscard]] std::uint64_t seed() const { return 7; }
  [[nodiscard]] std::uint64_t fingerprint() const { return 1234; }
};

/// Whether two epochs agree in everything that both offer.
template <class A, class B>
bool same_batches(A const& a, B const& b) {
  bool same = a.size() == b.size() && a.batch_size() == b.batch_size() && a.buffer_size() == b.buffer_size() &&
              a.empty() == b.empty();
  std::uint64_t number = 0;
  for (auto const batch : a) {
    if (!same || number == b.size()) return false;
    same &= std::ranges::equal(batch, b[number]) && std::ranges::equal(batch, a[number]);
    for (std::size_t i = 0; i < batch.size(); ++i) same &= a.word(number, i) == b.word(number, i);
    ++number;
  }
  for (std::uint64_t sample = 0; sample < labels.size(); sample += 7) same &= a.find(sample) == b.find(sample);
  return same && number == a.size();
}

template <class Source>
bool same(any_batches<> const& any, Source const& source) {
  bool result = any.epoch_size() == source.epoch_size() && any.batch_size() == source.batch_size() &&
                any.num_samples() == source.num_samples() && any.index_bound() == source.index_bound() &&
                any.seed() == source.seed() && any.fingerprint() == source.fingerprint() &&
                any.class_shares() == source.class_shares();
  for (std::uint64_t const e : {0u, 1u, 9u}) {
    auto const a = any.epoch(e);
    auto const b = source.epoch(e);
    result &= same_batches(a, b) && same_batches(a.drop(4), b.drop(4)) && same_batches(a.shard(1, 3), b.shard(1, 3)) &&
              same_batches(a.drop(2).shard(0, 2, evendraw::shard_tail::even),
                           b.drop(2).shard(0, 2, evendraw::shard_tail::even));
  }
  return result;
}

/// As std::ranges::to<std::vector>() of C++23 does.
template <class Range>
auto collected(Range&& range) {
  std::vector<std::ranges::range_value_t<Range>> result;
  std::ranges::copy(range, std::back_inserter(result));
  return result;
}

}  // namespace

TEST_CASE("any_batches behaves as the source inside it", "[any_batches]") {
  static_assert(evendraw::batch_source<any_batches<>>);
  static_assert(evendraw::batch_source<evendraw::batch_sampler<evendraw::random_sampler<>>>);
  static_assert(evendraw::batch_source<evendraw::stratified_batch_sampler<>>);
  static_assert(evendraw::batch_source<evendraw::pk_batch_sampler<std::uint64_t>>);
  static_assert(evendraw::batch_source<own_batches>);
  static_assert(!evendraw::batch_source<evendraw::random_sampler<>>);
  static_assert(!evendraw::sampler<any_batches<>>);
  static_assert(!std::is_constructible_v<any_batches<>, evendraw::pk_batch_sampler<std::uint64_t>>);
  CHECK(same(drawn(), drawn()));
  CHECK(same(stratified(), stratified()));
  CHECK(same(pk(), pk()));
  CHECK(same(any_batches<>(any_batches(pk())), pk()));
  CHECK(same(evendraw::batch_sampler(evendraw::any_sampler(drawn().sampled()), 24), drawn()));
  // The check tells sources apart.
  CHECK_FALSE(same(stratified(), drawn()));
  CHECK_FALSE(same(stratified(), stratified(3)));
  CHECK_FALSE(same_batches(any_batches(pk()).epoch(0), pk().epoch(1)));
}

TEST_CASE("any_batches can be chosen when the program runs", "[any_batches]") {
  std::vector<any_batches<>> sources{drawn(), stratified(), pk(), own_batches()};
  for (auto const& source : sources) {
    evendraw::cursor run(source);
    std::vector<indices> walked, expected;
    for (std::uint64_t b = 0; b < 2 * source.epoch_size(); ++b) {
      auto const batch = run.next();
      walked.emplace_back(batch.begin(), batch.end());
    }
    for (std::uint64_t e = 0; e < 2; ++e) {
      for (auto const batch : source.epoch(e)) expected.push_back(batch);
    }
    CHECK(walked == expected);
    evendraw::cursor const resumed(source, evendraw::checkpoint::from_string(run.save().to_string()));
    CHECK(resumed.save() == run.save());
    auto const used = evendraw::uses(source, expected[0][0], 0, 1);
    REQUIRE_FALSE(used.empty());
    CHECK(used[0] == evendraw::batch_use{0, 0, 0});
  }
  sources[0] = sources[2];
  CHECK(same(sources[0], pk()));
}

TEST_CASE("any_batches takes sources of a user's own", "[any_batches]") {
  any_batches const any = own_batches{};
  CHECK(any.class_shares().empty());
  CHECK(collected(any.epoch(0)) ==
        std::vector<indices>{{0}, {10, 11}, {20, 21, 22}, {30, 31, 32, 33}, {40, 41, 42, 43, 44}});
  CHECK(any.epoch(0).drop(3)[0] == indices{30, 31, 32, 33});
  CHECK(any.epoch(0).shard(1, 2)[3] == indices{31, 33});
  CHECK(any.epoch(0).word(2, 1) == 201);
  CHECK(any.epoch(0).find(32) == std::vector<evendraw::batch_seat>{{3, 2}});
  CHECK(any.epoch(0).find(5).empty());
}

TEST_CASE("batch_balance takes the shares and the epochs of any source", "[any_batches]") {
  evendraw::class_index const classes(labels);
  for (any_batches<> const& source : std::vector<any_batches<>>{drawn(), stratified(), pk()}) {
    evendraw::batch_balance balance(classes, source, 2);
    evendraw::batch_balance expected(classes, {.expected_shares = source.class_shares(), .keep = 2});
    for (std::uint64_t e = 0; e < 3; ++e) {
      balance.add(source.epoch(e));
      for (auto const batch : source.epoch(e)) expected.add(batch);
      expected.end_epoch();
    }
    CHECK(balance.num_batches() == 3 * source.epoch_size());
    CHECK(balance.of_class(3).expected_share == source.class_shares()[3]);
    CHECK(balance.of_class(3).draws == expected.of_class(3).draws);
    CHECK(balance.total_variation() == expected.total_variation());
    CHECK(balance.first_batches() == expected.first_batches());
    CHECK(balance.draws_per_sample().epochs().size() == 3);
  }
  evendraw::batch_balance const natural(classes, evendraw::batch_sampler(evendraw::random_sampler(classes), 10));
  CHECK(natural.of_class(0).expected_share == 150.0 / 235);
}

TEST_CASE("any_batches: collected batches are independent of the loop", "[any_batches]") {
  auto const check = [](auto const& epoch) {
    std::vector<indices> expected;
    for (std::uint64_t b = 0; b < epoch.size(); ++b) expected.push_back(epoch[b]);
    CHECK(collected(epoch) == expected);
    std::vector<indices> pushed;
    for (auto const batch : epoch) pushed.push_back(batch);
    CHECK(pushed == expected);
    std::vector<std::function<indices()>> later;  // jobs for threads
    for (auto const batch : epoch) later.push_back([own = indices(batch)] { return own; });
    for (std::size_t b = 0; b < later.size(); ++b) CHECK(later[b]() == expected[b]);
    std::size_t b = 0;
    for (std::span<std::uint32_t const> const batch : epoch) CHECK(std::ranges::equal(batch, expected[b++]));
    using epoch_type = std::remove_cvref_t<decltype(epoch)>;
    static_assert(std::ranges::input_range<epoch_type>);
    static_assert(std::same_as<std::ranges::range_value_t<epoch_type>, indices>);
    static_assert(
        !std::copyable<std::ranges::range_reference_t<epoch_type>>);  // so that no lambda can copy a batch by mistake
  };
  check(any_batches(drawn()).epoch(1));
  check(any_batches(stratified()).epoch(1).drop(2));
  check(any_batches(pk()).epoch(1).shard(0, 2));
}

TEST_CASE("Threads read batches by their numbers", "[any_batches]") {
  for (any_batches<> const& source : std::vector<any_batches<>>{drawn(), stratified(), pk()}) {
    auto const epoch = source.epoch(5);
    std::vector<indices> read(static_cast<std::size_t>(epoch.size()));
    std::atomic<std::uint64_t> next = 0;
    std::array<std::thread, 3> threads;
    for (auto& thread : threads) {
      thread = std::thread([&] {
        for (std::uint64_t b = next++; b < epoch.size(); b = next++) read[static_cast<std::size_t>(b)] = epoch[b];
      });
    }
    for (auto& thread : threads) thread.join();
    CHECK(read == collected(epoch));
  }
}

}  // namespace any_batches_test
