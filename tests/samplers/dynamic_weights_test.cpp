#include <algorithm>
#include <array>
#include <bit>
#include <cfloat>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <limits>
#include <list>
#include <numeric>
#include <ranges>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <support/catch2.hpp>
#include <support/read_once.hpp>
#include <support/sampling.hpp>
#include <support/statistics.hpp>

#include <evendraw/samplers/dynamic_weights.hpp>

namespace dynamic_weights_test {

using evendraw::checkpoint;
using evendraw::dynamic_weights;
using evendraw::random_word;
using evendraw::detail::sum_tree;
using indices = std::vector<std::uint32_t>;
using numbers = std::vector<std::uint64_t>;
using weights_type = std::vector<double>;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity(),
                 not_a_number = std::numeric_limits<double>::quiet_NaN();

/// Sizes that fill a node, a level or both, and one less and one more.
numbers const sizes{1, 2, 3, 7, 8, 9, 63, 64, 65, 511, 512, 513, 1000};

/// Random numbers below `bound`, every third of them 0.
numbers counts_of(std::uint64_t n, std::uint64_t bound, std::uint64_t seed) {
  numbers result(n);
  for (std::uint64_t i = 0; i < n; ++i) result[i] = random_word(~seed, i) % 3 == 0 ? 0 : random_word(seed, i) % bound;
  return result;
}

weights_type weights_of(std::uint64_t n, std::uint64_t bound, std::uint64_t seed) {
  auto const counts = counts_of(n, bound, seed);
  return {counts.begin(), counts.end()};
}

sum_tree tree_of(numbers const& counts) {
  return {counts.size(), [&](std::size_t i) { return counts[i]; }};
}

std::uint64_t sum(numbers const& counts) { return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}); }

/// The slow way to find a unit.
std::size_t found_slowly(numbers const& counts, std::uint64_t unit) {
  std::size_t i = 0;
  while (unit >= counts[i]) unit -= counts[i++];
  return i;
}

/// The number of units for which `find` and the slow way give different indices.
std::size_t wrong_units(numbers const& counts, auto find) {
  std::size_t wrong = 0;
  for (std::uint64_t unit = 0; unit < sum(counts); ++unit) wrong += find(unit) != found_slowly(counts, unit);
  return wrong;
}

/// The same for blocks of units.
std::size_t wrong_blocks(numbers const& counts, sum_tree const& tree) {
  std::size_t wrong = 0;
  evendraw::detail::block_of<std::uint64_t> units{};
  evendraw::detail::block_of<std::uint16_t> out{};
  for (std::uint64_t first = 0; first < sum(counts); first += evendraw::detail::block_size) {
    auto const part = std::span(out).first(std::min<std::size_t>(evendraw::detail::block_size, sum(counts) - first));
    std::iota(std::begin(units), std::end(units), first);
    tree.find(units, part);
    for (std::size_t i = 0; i < part.size(); ++i) wrong += part[i] != found_slowly(counts, first + i);
  }
  return wrong;
}

/// A wrong twin, whose updates forget a level: the sums over 8 counts do not change.
class forgetful_tree {
 public:
  explicit forgetful_tree(numbers counts) : counts_(std::move(counts)), sums_((counts_.size() + 7) / 8) {
    for (std::size_t i = 0; i < counts_.size(); ++i) sums_[i / 8] += counts_[i];
  }
  void set(std::size_t i, std::uint64_t count) { counts_[i] = count; }
  std::size_t find(std::uint64_t unit) const {
    unit %= sum(sums_);
    std::size_t i = 0;
    while (unit >= sums_[i]) unit -= sums_[i++];
    for (i *= 8; i + 1 < counts_.size() && unit >= counts_[i]; ++i) unit -= counts_[i];
    return i;
  }

 private:
  numbers counts_, sums_;
};

/// The smallest word that selects this unit of `total`.
std::uint64_t first_word_of(std::uint64_t unit, std::uint64_t total) {
  std::uint64_t w = evendraw::detail::divide({unit, 0}, total);
  while (evendraw::bounded(w, total) < unit) ++w;
  return w;
}

/// Each index has an interval of words, as its count says. Counts the ends of intervals at which `index_of` is wrong.
std::size_t wrong_ends(numbers const& counts, auto index_of) {
  std::size_t wrong = 0;
  std::uint64_t before = 0;
  for (std::size_t i = 0; i < counts.size(); before += counts[i++]) {
    if (counts[i] == 0) continue;
    std::uint64_t const first = first_word_of(before, sum(counts));
    std::uint64_t const end = before + counts[i] == sum(counts) ? 0 : first_word_of(before + counts[i], sum(counts));
    wrong += (index_of(first) != i) + (index_of(end - 1) != i);
  }
  return wrong;
}

/// Updates of random indices by random multiples of 1/8 below 1024, every third of them 0.
template <class Table>
void update(Table& table, std::uint64_t count, std::uint64_t seed) {
  for (std::uint64_t k = 0; k < count; ++k) {
    double const weight =
        random_word(seed, 3 * k) % 3 == 0 ? 0 : static_cast<double>(random_word(seed, 3 * k + 1) % 8192) / 8;
    table.set(random_word(seed, 3 * k + 2) % table.size(), weight);
  }
}

template <class Table>
indices drawn(Table& table, std::size_t count) {
  indices result(count);
  for (auto& index : result) index = table.draw();
  return result;
}

template <class Table>
indices drawn_at_once(Table& table, std::size_t count) {
  indices result(count);
  table.draw(result);
  return result;
}

weights_type shares_of(weights_type weights) {
  double const total = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (double& weight : weights) weight /= total;
  return weights;
}

/// The total variation distance between two laws that need not be normalised.
long double total_variation(weights_type const& a, weights_type const& b) {
  long double const sum_a = std::accumulate(a.begin(), a.end(), 0.0L),
                    sum_b = std::accumulate(b.begin(), b.end(), 0.0L);
  long double distance = 0;
  for (std::size_t i = 0; i < a.size(); ++i) distance += std::fabs(a[i] / sum_a - b[i] / sum_b);
  return distance / 2;
}

/// A run of training steps: draw some, then set some.
class run {
 public:
  explicit run(dynamic_weights<> table) : table_(std::move(table)) {}

  indices step(std::uint64_t number) {
    auto const batch = number % 2 == 0 ? drawn(table_, 5) : drawn_at_once(table_, 5);
    for (auto const i : batch) table_.set(i, static_cast<double>(random_word(number, i) % 1000) / 1000);
    return batch;
  }
  [[nodiscard]] dynamic_weights<> const& table() const { return table_; }

 private:
  dynamic_weights<> table_;
};

}  // namespace

TEST_CASE("sum_tree finds every unit, also after changes", "[dynamic_weights][sum_tree]") {
  for (auto const n : sizes) {
    auto counts = counts_of(n, 5, n);
    counts[n / 2] = 1;
    auto tree = tree_of(counts);
    for (std::uint64_t round = 0; round < 4; ++round) {
      CAPTURE(n, round);
      CHECK(tree.size() == n);
      CHECK(tree.total() == sum(counts));
      CHECK(wrong_units(counts, [&](std::uint64_t unit) { return tree.find(unit); }) == 0);
      CHECK(wrong_blocks(counts, tree) == 0);
      CHECK(tree == tree_of(counts));
      std::size_t wrong = 0;
      for (std::size_t i = 0; i < n; ++i) wrong += tree[i] != counts[i];
      CHECK(wrong == 0);
      for (std::uint64_t k = 0; k < 2 * n; ++k) {
        std::uint64_t const i = random_word(round, 2 * k) % n,
                            count = random_word(round, 2 * k + 1) % 4 + (i == n / 2 ? 1 : 0);
        tree.add(i, count - counts[i]);
        counts[i] = count;
      }
    }
  }
}

TEST_CASE("sum_tree: the largest sums", "[dynamic_weights][sum_tree]") {
  std::uint64_t const half = std::uint64_t{1} << 62;
  numbers counts(100);
  counts[3] = half - 1;
  counts[70] = half;
  auto tree = tree_of(counts);
  CHECK(tree.total() == 2 * half - 1);
  CHECK(tree.find(0) == 3);
  CHECK(tree.find(half - 2) == 3);
  CHECK(tree.find(half - 1) == 70);
  CHECK(tree.find(2 * half - 2) == 70);
  tree.add(70, 0 - half);
  tree.add(99, half);
  CHECK(tree.find(half - 1) == 99);
  CHECK(tree.find(2 * half - 2) == 99);
  CHECK(tree[70] == 0);
}

TEST_CASE("sum_tree: the check notices an update that forgets a level", "[dynamic_weights][sum_tree]") {
  auto counts = counts_of(65, 5, 1);
  forgetful_tree tree(counts);
  CHECK(wrong_units(counts, [&](std::uint64_t unit) { return tree.find(unit); }) == 0);
  tree.set(20, counts[20] += 3);
  CHECK(wrong_units(counts, [&](std::uint64_t unit) { return tree.find(unit); }) > 0);
  auto stale = tree_of(counts);
  stale.add(1, 1);
  CHECK(wrong_blocks(counts, stale) > 0);
  CHECK(!(stale == tree_of(counts)));
}

TEST_CASE("dynamic_weights: every index has exactly its interval of words", "[dynamic_weights]") {
  for (auto const n : sizes) {
    dynamic_weights table(weights_of(n, 1024, n), {.largest = 1024});
    for (std::uint64_t round = 0; round < 4; ++round) {
      table.set(n - 1, 1024);
      numbers counts(n), next(n);
      for (std::uint64_t i = 0; i < n; ++i) {
        counts[i] = static_cast<std::uint64_t>(table.weight(i) * 8) << (49 - std::bit_width(n));
        next[(i + 1) % n] = counts[i];
      }
      CAPTURE(n, round);
      CHECK(sum(counts) >> 63 == 0);
      CHECK(wrong_ends(counts, [&](std::uint64_t w) { return table.at(w); }) == 0);
      CHECK(table.at(0) == found_slowly(counts, 0));
      CHECK(table.at(~std::uint64_t{0}) == n - 1);
      if (n > 1) CHECK(wrong_ends(next, [&](std::uint64_t w) { return table.at(w); }) > 0);
      update(table, 2 * n, round);
    }
  }
}

TEST_CASE("dynamic_weights: a million updates leave the same table as a new one", "[dynamic_weights]") {
  dynamic_weights table(weights_of(1000, 1024, 1), {.largest = 1024, .seed = 5});
  update(table, 1'000'000, 2);
  dynamic_weights fresh(table.weights(), table.options());
  CHECK(table.version() == 1'000'000);
  CHECK(table.fingerprint() == fresh.fingerprint());
  CHECK(table.weights() == fresh.weights());
  CHECK(drawn_at_once(table, 10'000) == drawn_at_once(fresh, 10'000));

  double total = 0;  // a running sum of doubles differs from a new sum
  weights_type weights(1000, 0.1);
  for (double const weight : weights) total += weight;
  for (std::uint64_t k = 0; k < 1'000'000; ++k) {
    double& weight = weights[random_word(3, k) % 1000];
    double const before = std::exchange(weight, static_cast<double>(random_word(4, k) >> 11) * 0x1p-53);
    total += weight - before;
  }
  CHECK(total != std::accumulate(weights.begin(), weights.end(), 0.0));
}

TEST_CASE("dynamic_weights: a draw is word number position() of the seed", "[dynamic_weights]") {
  dynamic_weights table(weights_of(1000, 50, 3), {.largest = 1024, .seed = 11});
  auto const key = evendraw::stream_key(11, 0, evendraw::random_stream::draw);
  auto one_by_one = table;
  std::uint64_t position = 0;
  for (std::size_t const count : {0u, 1u, 31u, 32u, 33u, 511u, 512u, 513u, 1500u}) {
    auto const batch = drawn_at_once(table, count);
    CAPTURE(count);
    CHECK(batch == drawn(one_by_one, count));
    std::size_t wrong = 0;
    for (auto const index : batch) wrong += index != table.at(random_word(key, position++));
    CHECK(wrong == 0);
    CHECK(table.position() == position);
    CHECK(one_by_one.position() == position);
    update(table, 10, count);
    update(one_by_one, 10, count);
  }
  CHECK(drawn(table, 100) != drawn(table, 100));
  CHECK(table.version() == 90);
}

TEST_CASE("dynamic_weights: draws follow the current weights", "[dynamic_weights][statistical]") {
  std::uint64_t const n = 200, draws = 200'000;
  auto const first = weights_of(n, 100, 1);
  dynamic_weights table(first, {.largest = 1024, .seed = 1});
  forgetful_tree forgetful(numbers(first.begin(), first.end()));
  update(table, 300, 1);
  auto const p_of = [&](indices const& seen, weights_type const& weights) {
    return statistics::chi_squared_p(sampling::draws_of_each(seen, n), shares_of(weights));
  };
  auto const seen = drawn_at_once(table, draws);
  CHECK(p_of(seen, table.weights()) > statistics::threshold);
  CHECK(p_of(drawn(table, draws), table.weights()) > statistics::threshold);
  CHECK(p_of(seen, first) < statistics::threshold);  // not the weights before the updates

  auto const before = table.weights();  // about 130 weights are positive; the largest becomes 0
  table.set(static_cast<std::uint64_t>(std::ranges::max_element(before) - before.begin()), 0);
  CHECK(p_of(seen, table.weights()) < statistics::threshold);
  CHECK(p_of(drawn_at_once(table, draws), table.weights()) > statistics::threshold);

  weights_type doubled = first;  // the first 8 weights twice as large: the wrong tree keeps the sum of the 8
  for (std::size_t i = 0; i < 8; ++i) forgetful.set(i, static_cast<std::uint64_t>(doubled[i] *= 2));
  indices wrong(draws);
  for (std::uint64_t k = 0; k < draws; ++k)
    wrong[k] = static_cast<std::uint32_t>(forgetful.find(random_word(9, k) >> 1));
  CHECK(p_of(wrong, doubled) < statistics::threshold);
  dynamic_weights right(doubled, {.seed = 9});
  CHECK(p_of(drawn_at_once(right, draws), doubled) > statistics::threshold);
}

TEST_CASE("dynamic_weights: kept weights are at most a quantum below the given ones", "[dynamic_weights]") {
  for (auto const n : sizes) {
    for (int const spread : {1, 20, 60, 1900}) {
      weights_type weights(n);
      for (std::uint64_t i = 0; i < n; ++i) {
        int const exponent = static_cast<int>(random_word(n, 2 * i) % static_cast<unsigned>(spread));
        weights[i] = std::ldexp(1 + static_cast<double>(random_word(n, 2 * i + 1) >> 11) * 0x1p-53, 900 - exponent);
      }
      dynamic_weights const table(weights);
      double const largest = std::ranges::max(weights), quantum = std::ldexp(largest, -61) * static_cast<double>(n);
      std::size_t inexact = 0, above = 0, lost = 0;
      for (std::uint64_t i = 0; i < n; ++i) {
        inexact += std::fabs(table.weight(i) - weights[i]) > quantum;
        above += table.weight(i) > largest;
        lost += table.weight(i) == 0;
      }
      double const mean = std::accumulate(weights.begin(), weights.end(), 0.0) / static_cast<double>(n);
      CAPTURE(n, spread);
      CHECK(table.options().largest == largest);
      CHECK(inexact == 0);
      CHECK(above == 0);
      CHECK(lost == 0);
      CHECK(total_variation(table.weights(), weights) <= quantum / mean);
      if (n < 4 || spread > 20) continue;
      weights_type rounded = weights;  // to 24 bits, like float
      for (double& weight : rounded) {
        int exponent = 0;
        double const digits = std::frexp(weight, &exponent);
        weight = std::ldexp(std::round(std::ldexp(digits, 24)), exponent - 24);
      }
      CHECK(total_variation(rounded, weights) > quantum / mean);
    }
  }
}

TEST_CASE("dynamic_weights: the quantum uses all 63 bits", "[dynamic_weights]") {
  for (auto const n : numbers{1, 2, 3, 4, 1000, 1023, 1024, 0xffffffff}) {
    for (double const largest : {1.0, 1.999, 1000.0, DBL_MAX, DBL_MIN, DBL_TRUE_MIN, 1e-310}) {
      evendraw::detail::weight_quantum const quantum(largest, n);
      auto const heaviest = quantum.units(largest);
      auto const all = evendraw::detail::multiply(heaviest, n);
      CAPTURE(n, largest);
      CHECK(all.high == 0);
      CHECK(all.low < std::uint64_t{1} << 63);
      CHECK(all.low >= std::uint64_t{1} << 61 >> 1);
      CHECK(quantum.units(DBL_TRUE_MIN) >= 1);
      CHECK(quantum.units(0.0) == 0);
      CHECK(quantum.units(-0.0) == 0);
      for (double weight = largest; weight > 0; weight /= 8) {
        double const kept = quantum.weight(quantum.units(weight));
        if (quantum.units(kept) != quantum.units(weight) || kept > largest) FAIL(weight);
      }
    }
  }
}

TEST_CASE("dynamic_weights: very large and very small weights together", "[dynamic_weights]") {
  dynamic_weights<> mixed({DBL_TRUE_MIN, 0, DBL_MAX});
  CHECK(mixed.at(0) == 0);
  CHECK(mixed.at(8) == 0);
  CHECK(mixed.at(9) == 2);  // the first of the 2^64 words whose product with the sum reaches 2^64
  CHECK(mixed.at(~std::uint64_t{0}) == 2);
  CHECK(mixed.weight(2) == DBL_MAX);
  CHECK(mixed.weight(1) == 0);
  CHECK(mixed.weight(0) > 0);

  dynamic_weights<> huge(10, DBL_MAX);
  CHECK(huge.probability(3) == 0.1);
  dynamic_weights<> small({DBL_TRUE_MIN, 3 * DBL_TRUE_MIN});
  CHECK(small.probability(0) == 0.25);
  CHECK(small.weights() == weights_type{DBL_TRUE_MIN, 3 * DBL_TRUE_MIN});
  CHECK(small.at((std::uint64_t{1} << 62) - 1) == 0);
  CHECK(small.at(std::uint64_t{1} << 62) == 1);

  weights_type const weights{0.1, 7, 0, 2.5}, scaled{0.1 * 0x1p-900, 7 * 0x1p-900, 0, 2.5 * 0x1p-900};
  dynamic_weights<> table(weights, {.largest = 10, .seed = 3}), low(scaled, {.largest = 10 * 0x1p-900, .seed = 3});
  CHECK(drawn(table, 1000) == drawn(low, 1000));
}

TEST_CASE("dynamic_weights: zero weights are never drawn", "[dynamic_weights]") {
  dynamic_weights table(1000, 1.0, {.seed = 2});
  for (std::uint64_t i = 0; i < 1000; ++i) {
    if (i % 17 != 3) table.set(i, 0.0);
  }
  table.set(3, -0.0);
  auto const seen = sampling::draws_of_each(drawn_at_once(table, 100'000), 1000);
  std::size_t wrong = 0;
  for (std::uint64_t i = 0; i < 1000; ++i) wrong += (seen[i] > 0) != (i % 17 == 3 && i != 3);
  CHECK(wrong == 0);
  CHECK(table.probability(3) == 0);
  CHECK(table.probability(20) == 1.0 / 58);
}

TEST_CASE("dynamic_weights: while all weights are zero nothing can be drawn", "[dynamic_weights]") {
  std::string const text =
      "evendraw::dynamic_weights: all 5 weights are zero, so nothing can be drawn; set one > 0 first";
  dynamic_weights table(5, 0.0, {.largest = 1});
  indices out(3), none;
  CHECK_THROWS_AS(table.draw(), std::logic_error);
  CHECK_THROWS_WITH(table.draw(), text);
  CHECK_THROWS_WITH(table.draw(out), text);
  CHECK_NOTHROW(table.draw(none));
  CHECK(table.probability(2) == 0);
  CHECK(table.position() == 0);
  table.set(2, 1e-300);
  CHECK(table.draw() == 2);
  CHECK(table.probability(2) == 1);
  table.set(2, 0);
  CHECK_THROWS_WITH(table.draw(), text);
  CHECK(table.position() == 1);
}

TEST_CASE("dynamic_weights: golden values", "[dynamic_weights][golden]") {
  weights_type weights(1000);
  for (std::size_t i = 0; i < 1000; ++i) weights[i] = static_cast<double>(i % 10);
  dynamic_weights table(weights, {.largest = 1000, .seed = 7});
  CHECK(drawn(table, 8) == indices{907, 348, 595, 436, 269, 787, 239, 367});
  table.set(500, 1000);
  table.set(9, 0.1);
  CHECK(drawn_at_once(table, 12) == indices{538, 500, 500, 29, 500, 286, 102, 567, 797, 221, 73, 783});
  CHECK(table.save().to_string() == "evendraw-checkpoint-2 e6102151068e83e5 2 20 0 0 0 0 157a9313733d06f0");
}

TEST_CASE("dynamic_weights: many updates at once", "[dynamic_weights]") {
  dynamic_weights table(100, 1.0, {.largest = 10, .seed = 1});
  auto one_by_one = table;
  indices const chosen{3, 99, 3, 0};
  table.set(chosen, std::vector<float>{1.5f, 0, 2.5f, 10});
  one_by_one.set(99, 0);
  one_by_one.set(0, 10);
  one_by_one.set(3, 2.5);
  CHECK(table.weights() == one_by_one.weights());
  CHECK(table.fingerprint() == one_by_one.fingerprint());  // whatever the order
  CHECK(table.version() == 4);
  CHECK(one_by_one.version() == 3);
  CHECK(drawn(table, 100) == drawn(one_by_one, 100));
  table.set(chosen, std::list<int>{1, 2, 3, 4});
  CHECK(table.weight(3) == 3);
  table.set(indices{1, 2}, std::vector<bool>{false, true});
  CHECK(table.weight(1) == 0);
  CHECK(table.weight(2) == 1);

  auto const before = table.save();  // all or none
  CHECK_THROWS_WITH(table.set(chosen, std::vector{1.0, 2.0, 3.0}),
                    "evendraw::dynamic_weights: 4 indices and 3 weights; give one weight for each index");
  CHECK_THROWS_WITH(table.set(chosen, std::vector{9.0, 9.0, 9.0, -1.0}),
                    "evendraw::dynamic_weights: weights[0] is -1; every weight must be finite and >= 0");
  CHECK_THROWS_WITH(table.set(indices{0, 100}, std::vector{9.0, 9.0}),
                    "evendraw::dynamic_weights: index 100 of a table of 100 weights; needs index < size()");
  CHECK(table.save() == before);
}

namespace {

/// `size` numbers that f computes whenever they are read, as std::views::transform does; clang 14 refuses that.
template <class F>
class computed_numbers {
 public:
  class iterator {
   public:
    using iterator_concept = std::input_iterator_tag;
    using difference_type = std::ptrdiff_t;
    using value_type = double;
    iterator(F const& f, std::size_t left) : f_(&f), left_(left) {}
    double operator*() const { return (*f_)(); }
    iterator& operator++() {
      --left_;
      return *this;
    }
    void operator++(int) { --left_; }
    bool operator==(std::default_sentinel_t) const { return left_ == 0; }

   private:
    F const* f_;
    std::size_t left_;
  };

  computed_numbers(std::size_t size, F f) : size_(size), f_(f) {}
  [[nodiscard]] iterator begin() const { return {f_, size_}; }
  [[nodiscard]] std::default_sentinel_t end() const { return {}; }

 private:
  std::size_t size_;
  F f_;
};

}  // namespace

TEST_CASE("dynamic_weights: a range of weights is read once, and before anything changes", "[dynamic_weights]") {
  dynamic_weights table(100, 1.0, {.largest = 10, .seed = 1});
  indices const chosen{3, 99, 0};
  std::size_t computed = 0;
  auto const lazy = computed_numbers(3, [&] { return computed++ < 3 ? 2.0 : 1e6; });
  table.set(chosen, lazy);  // all weights after the third are above .largest
  CHECK(computed == 3);
  CHECK(table.weight(0) == 2);
  auto const before = table.save();
  std::size_t asked = 0;
  auto const throwing = computed_numbers(3, [&] {
    if (asked++ == 2) throw std::runtime_error("no loss");
    return 3.0;
  });
  CHECK_THROWS_AS(table.set(chosen, throwing), std::runtime_error);
  CHECK(table.save() == before);
  table.set(chosen, ranges_for_tests::read_once(std::vector{4.0, 5.0, 6.0}));  // like a stream
  CHECK(table.weight(99) == 5);
}

TEST_CASE("dynamic_weights: the largest current weight", "[dynamic_weights]") {
  for (auto const n : sizes) {
    auto const weights = weights_of(n, 1024, n);
    dynamic_weights table(weights, {.largest = 1024});
    auto expected = table.weights();
    std::size_t wrong = table.largest() != std::ranges::max(expected);
    double stale = table.largest();
    for (std::uint64_t k = 0; k < 4 * n; ++k) {
      std::uint64_t const i = random_word(n, 2 * k) % n;
      double const weight = static_cast<double>(random_word(n, 2 * k + 1) % 8192) / 8 / static_cast<double>(k + 1);
      table.set(i, weight);
      expected[i] = table.weight(i);
      stale = std::max(stale, weight);
      wrong += table.largest() != std::ranges::max(expected);
    }
    for (std::uint64_t i = 0; i < n; ++i) table.set(i, 0.5);
    CAPTURE(n);
    CHECK(wrong == 0);
    CHECK(table.largest() == 0.5);
    CHECK(stale != table.largest());  // a twin whose maximum never falls
  }
}

TEST_CASE("dynamic_weights: a rescaled table continues the run", "[dynamic_weights]") {
  dynamic_weights table(weights_of(1000, 100, 3), {.largest = 100, .seed = 4});
  auto const first = drawn(table, 100);
  CHECK_THROWS_AS(table.set(5, 4000), std::invalid_argument);
  auto grown = table.rescaled(1e6);
  CHECK(grown.options().largest == 1e6);
  CHECK(grown.weights() == table.weights());
  CHECK(grown.position() == 100);
  CHECK(grown.version() == table.version());
  auto const next = drawn(grown, 100);
  CHECK(next == drawn(table, 100));  // both quanta hold these weights exactly
  CHECK(next != first);              // a new table would give these again
  grown.set(5, 4000);
  CHECK(grown.largest() == 4000);
  dynamic_weights<> resumed(grown.weights(), grown.options(), grown.save());
  CHECK(drawn(resumed, 50) == drawn(grown, 50));
  CHECK(grown.rescaled(4000).weights() == grown.weights());
  CHECK_THROWS_AS(grown.rescaled(3999), std::invalid_argument);
  for (double const wrong : {0.0, -1.0, infinity, not_a_number}) {
    CHECK_THROWS_AS(grown.rescaled(wrong), std::invalid_argument);
  }
}

TEST_CASE("dynamic_weights: weights are appended within the capacity", "[dynamic_weights]") {
  for (auto const n : sizes) {
    evendraw::dynamic_weights_options const options{.largest = 1024, .seed = n, .capacity = n};
    auto const weights = weights_of(n, 1024, n);
    dynamic_weights<> table(weights_type{}, options);
    CHECK(table.size() == 0);
    CHECK_THROWS_AS(table.draw(), std::logic_error);
    std::size_t wrong = 0;
    for (std::uint64_t i = 0; i < n; ++i) {
      CHECK_THROWS_AS(table.set(i, 1), std::out_of_range);
      wrong += table.append(weights[i]) != i;
      wrong += table.size() != i + 1 || table.version() != i + 1;
      dynamic_weights<> const built(weights_type(weights.begin(), weights.begin() + static_cast<std::ptrdiff_t>(i) + 1),
                                    options);
      wrong += table.fingerprint() != built.fingerprint() || table.largest() != built.largest();
      wrong += table.weights() != built.weights();
    }
    CAPTURE(n);
    CHECK(wrong == 0);
    CHECK_THROWS_AS(table.append(1), std::length_error);
    dynamic_weights<> const full(weights, {.largest = 1024, .seed = n});
    CHECK(table.weights() == full.weights());
    CHECK(table.at(0) == full.at(0));
    CHECK(table.fingerprint() != full.fingerprint());
  }
  dynamic_weights<> table({1, 2}, {.seed = 1, .capacity = 3});
  auto const before = table.save();
  CHECK_THROWS_AS(table.append(3), std::invalid_argument);  // .largest is 2
  CHECK_THROWS_AS(table.append(-1), std::invalid_argument);
  CHECK(table.save() == before);
  CHECK_THROWS_WITH(dynamic_weights<>({1, 2}, {.capacity = 1}),
                    "evendraw::dynamic_weights: .capacity is 1 for 2 weights; it must be at least as large, or 0");
  CHECK_THROWS_AS(dynamic_weights<std::uint8_t>({1, 2}, {.capacity = 256}), std::invalid_argument);
  CHECK_THROWS_AS(dynamic_weights<>({1, 2}, {.capacity = ~std::uint64_t{0}}), std::invalid_argument);
}

TEST_CASE("dynamic_weights: an interrupted run equals the uninterrupted one", "[dynamic_weights][checkpoint]") {
  weights_type weights = weights_of(100, 100, 4);
  for (double& weight : weights) weight /= 100;
  run uninterrupted(dynamic_weights(weights, {.largest = 1, .seed = 4}));
  std::vector<run> resumed;
  std::size_t wrong = 0;
  for (std::uint64_t step = 0; step < 30; ++step) {
    auto const& table = uninterrupted.table();
    auto const text = table.save().to_string();
    resumed.emplace_back(dynamic_weights(table.weights(), table.options(), checkpoint::from_string(text)));
    auto const batch = uninterrupted.step(step);
    for (run& other : resumed)
      wrong += other.step(step) != batch || other.table().save() != uninterrupted.table().save();
  }
  CHECK(wrong == 0);
  CHECK(uninterrupted.table().save().epoch == 150);
  CHECK(uninterrupted.table().save().position == 150);
  CHECK(uninterrupted.table().save().fingerprint == uninterrupted.table().fingerprint());

  run restarted(dynamic_weights(resumed.back().table().weights(), {.largest = 1, .seed = 4}));  // from position 0
  CHECK(restarted.step(30) != uninterrupted.step(30));
}

TEST_CASE("dynamic_weights: refuses the checkpoint of another table", "[dynamic_weights][checkpoint]") {
  weights_type const weights{1, 2, 3};
  dynamic_weights<> table(weights, {.largest = 10, .seed = 4});
  auto const saved = table.save();
  CHECK_NOTHROW(dynamic_weights<>(weights, {.largest = 10, .seed = 4}, saved));
  auto const refuses = [&](weights_type const& others, evendraw::dynamic_weights_options options) {
    CHECK_THROWS_AS(dynamic_weights<>(others, options, saved), std::invalid_argument);
    CHECK_THROWS_WITH(dynamic_weights<>(others, options, saved),
                      "evendraw::dynamic_weights: the checkpoint was made with other weights, .largest, .seed, "
                      ".capacity or version; give options() and weights() as they were when it was saved, every "
                      "weight to the last bit (in text: 17 digits), or start without the checkpoint");
  };
  refuses({1, 2, 4}, {.largest = 10, .seed = 4});
  refuses({2, 1, 3}, {.largest = 10, .seed = 4});
  refuses({1, 2, 3, 0}, {.largest = 10, .seed = 4});
  refuses({1, 2, 3}, {.largest = 10, .seed = 5});
  refuses({1, 2, 3}, {.largest = 11, .seed = 4});
  refuses({1, 2, 3}, {.seed = 4});
  table.set(1, 5);
  CHECK(table.fingerprint() != saved.fingerprint);
  table.set(1, 2);
  CHECK(table.fingerprint() == saved.fingerprint);
  CHECK(table.save() != saved);  // two updates later
}

TEST_CASE("dynamic_weights: a copy is independent", "[dynamic_weights]") {
  dynamic_weights table(weights_of(1000, 9, 6), {.largest = 1024, .seed = 6});
  (void)table.draw();
  auto copy = table;
  CHECK(drawn(copy, 100) == drawn(table, 100));
  auto const before = table.save();
  auto const weights = table.weights();
  update(copy, 100, 1);
  (void)copy.draw();
  CHECK(table.save() == before);
  CHECK(table.weights() == weights);
  auto again = table;
  auto const moved = std::move(again);
  CHECK(moved.save() == before);
  copy = table;
  CHECK(copy.save() == before);
  CHECK(drawn_at_once(copy, 600) == drawn_at_once(table, 600));
}

TEST_CASE("dynamic_weights: weights in any form, indices of any type", "[dynamic_weights]") {
  weights_type const weights{1, 0, 2, 5};
  dynamic_weights const table(weights);
  CHECK(table.size() == 4);
  CHECK(table.weights() == weights);
  CHECK(table.options().largest == 5);
  CHECK(dynamic_weights({1, 0, 2, 5}).fingerprint() == table.fingerprint());
  CHECK(dynamic_weights(std::vector<float>{1, 0, 2, 5}).fingerprint() == table.fingerprint());
  CHECK(dynamic_weights(std::list<unsigned char>{1, 0, 2, 5}).fingerprint() == table.fingerprint());
  CHECK(dynamic_weights(ranges_for_tests::read_once<int>({1, 0, 2, 5})).fingerprint() == table.fingerprint());
  CHECK(dynamic_weights(3, 2.0).weights() == weights_type(3, 2.0));
  if (std::numeric_limits<long double>::min_exponent < -1022) {
    CHECK(dynamic_weights(std::vector<long double>{std::numeric_limits<long double>::min(), 1}).weight(0) > 0);
  }

  STATIC_REQUIRE(std::is_same_v<decltype(dynamic_weights(weights)), dynamic_weights<std::uint32_t>>);
  dynamic_weights<std::uint8_t> narrow(255, 1.0, {.seed = 1});
  dynamic_weights<std::uint64_t> wide(255, 1.0, {.seed = 1});
  std::vector<std::uint8_t> few(1000);
  std::vector<std::uint64_t> many(1000);
  narrow.draw(few);
  wide.draw(many);
  CHECK(std::ranges::equal(few, many));
  CHECK_THROWS_WITH(dynamic_weights<std::uint8_t>(256, 1.0),
                    "evendraw::dynamic_weights: 256 samples do not fit into 8-bit indices; use std::uint64_t as the "
                    "index type: dynamic_weights<std::uint64_t>(...)");
  CHECK_THROWS_AS(dynamic_weights<std::uint8_t>(weights_type(256, 1.0)), std::invalid_argument);
}

TEST_CASE("dynamic_weights: error messages name the wrong weight", "[dynamic_weights]") {
  std::string const context = "evendraw::dynamic_weights: ", finite = "; every weight must be finite and >= 0";
  CHECK_THROWS_AS(dynamic_weights<>(weights_type{}), std::invalid_argument);
  CHECK_THROWS_WITH(dynamic_weights<>(weights_type{}), context + "weights is empty; give at least one weight");
  CHECK_THROWS_WITH(dynamic_weights<>(0, 1.0), context + "weights is empty; give at least one weight");
  CHECK_THROWS_WITH(dynamic_weights<>({1, -2}), context + "weights[1] is -2" + finite);
  CHECK_THROWS_WITH(dynamic_weights<>({1, 1, not_a_number}), context + "weights[2] is nan" + finite);
  CHECK_THROWS_WITH(dynamic_weights<>({infinity, 1}), context + "weights[0] is inf" + finite);
  CHECK_THROWS_WITH(dynamic_weights<>({1, 5}, {.largest = 4.5}),
                    context +
                        "weights[1] is 5, above .largest, which is 4.5; build the table with a generous .largest, "
                        "which costs nothing, or continue with table = table.rescaled(largest)");
  CHECK_THROWS_WITH(
      dynamic_weights<>({0, 0}),
      context + "all 2 weights are zero and .largest is 0; give the largest weight that will be set as .largest");
  for (double const largest : {-1.0, infinity, not_a_number}) {
    CHECK_THROWS_WITH(dynamic_weights<>({1, 2}, {.largest = largest}),
                      context + ".largest is " + std::string(evendraw::detail::text(largest)) +
                          "; give the largest weight that will be set, or 0 for the largest of the weights");
  }

  dynamic_weights<> table({1, 2, 3});
  auto const before = table.save();
  CHECK_THROWS_AS(table.set(3, 1), std::out_of_range);
  CHECK_THROWS_WITH(table.set(3, 1), context + "index 3 of a table of 3 weights; needs index < size()");
  CHECK_THROWS_WITH(table.set(std::uint64_t{1} << 32, 1),
                    context + "index 4294967296 of a table of 3 weights; needs index < size()");
  CHECK_THROWS_AS(table.set(2, -1), std::invalid_argument);
  CHECK_THROWS_WITH(table.set(2, -1), context + "weights[2] is -1" + finite);
  CHECK_THROWS_WITH(table.set(0, not_a_number), context + "weights[0] is nan" + finite);
  CHECK_THROWS_WITH(table.set(0, infinity), context + "weights[0] is inf" + finite);
  CHECK_THROWS_WITH(
      table.set(1, std::nextafter(3.0, 4)),
      context +
          "weights[1] is 3.0000000000000004, above .largest, which is 3; build the table with a generous .largest, "
          "which costs nothing, or continue with table = table.rescaled(largest)");
  CHECK(table.save() == before);
}

TEST_CASE("dynamic_weights refuses more weights than memory holds", "[dynamic_weights]") {
  CHECK_THROWS_WITH(evendraw::dynamic_weights<std::uint64_t>(std::uint64_t{1} << 50, 1.0),
                    "evendraw::dynamic_weights: 1125899906842624 weights do not fit into memory; at most 2^40 can be "
                    "held");
}

}  // namespace dynamic_weights_test
