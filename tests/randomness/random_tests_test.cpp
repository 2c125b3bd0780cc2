#include <randomness/random_tests.hpp>

#include <cmath>
#include <random>

#include <randomness/streams.hpp>

#include <support/catch2.hpp>
#include <support/statistics.hpp>

namespace random_tests_test {

using namespace randomness;
using numbers = std::vector<std::uint64_t>;

namespace {

numbers words_of(std::size_t count, auto next) {
  numbers result(count);
  for (auto& word : result) word = next();
  return result;
}

/// The p-value of the words in a test made by make().
double p_of(auto const& make, numbers const& words) {
  auto test = make();
  test.add(words);
  return test.p();
}

constexpr auto make_pairs = [] { return tuples(2, 4); };
constexpr auto make_triples = [] { return tuples(3, 3); };
constexpr auto make_bytes = [] { return bytes(); };
constexpr auto make_gaps = [] { return gaps(); };
constexpr auto make_collisions = [] { return collisions(1 << 6, 5); };
constexpr auto make_birthdays = [] { return birthday_spacings(1 << 8, 21); };  // 2 equal spacings a year
constexpr auto make_ranks = [] { return ranks(); };

/// The p-value of the p-values of good words, against the uniform law.
double p_of_p_values(auto const& make, auto engine, std::size_t count = 1 << 12) {
  numbers fifths(5);
  for (int i = 0; i < 200; ++i) {
    double const p = p_of(make, words_of(count, [&] { return engine(); }));
    ++fifths[std::min<std::size_t>(4, static_cast<std::size_t>(p * 5))];
  }
  return statistics::uniform_p(fifths);
}

}  // namespace

TEST_CASE("randomness: p-values of a Poisson variable are two-sided", "[randomness]") {
  CHECK(std::abs(poisson_p(2, 0) - 2 * std::exp(-2.0)) < 1e-12);
  CHECK(std::abs(poisson_p(2, 10) - 9.299614e-5) < 1e-10);
  CHECK(poisson_p(2, 2) > 0.5);
  CHECK(poisson_p(500, 300) < 1e-18);
  CHECK(poisson_p(500, 700) < 1e-14);
}

TEST_CASE("randomness: the law of collisions of 4 balls in 4 cells equals counting", "[randomness]") {
  std::vector<double> counted(5);
  for (std::size_t balls = 0; balls < 256; ++balls) {
    unsigned occupied = 0;
    for (std::size_t ball = 0; ball < 4; ++ball) occupied |= 1u << (balls >> (2 * ball) & 3);
    counted[4 - static_cast<std::size_t>(std::popcount(occupied))] += 1 / 256.;
  }
  auto const law = collision_law(4, 4);
  REQUIRE(law.size() == 5);
  for (std::size_t c = 0; c < 5; ++c) CHECK(std::abs(law[c] - counted[c]) < 1e-12);
}

TEST_CASE("randomness: the law of ranks equals counting all 4 x 4 matrices", "[randomness]") {
  std::array<double, 5> counted{};
  for (std::uint64_t bits = 0; bits < 65536; ++bits) {
    std::array<std::uint64_t, 4> rows;
    for (std::size_t r = 0; r < 4; ++r) rows[r] = bits >> (4 * r) & 15;
    counted[static_cast<std::size_t>(4 - rank_of(rows))] += 1 / 65536.;
  }
  for (int lost = 0; lost <= 4; ++lost) {
    CHECK(std::abs(rank_probability(4, lost) - counted[static_cast<std::size_t>(lost)]) < 1e-12);
  }
}

TEST_CASE("randomness: radix_sort and reversed_bits", "[randomness]") {
  std::mt19937_64 engine(7);
  for (int const bits : {1, 11, 12, 33, 54, 64}) {
    auto words = words_of(1000, [&] { return engine() >> (64 - bits); });
    auto sorted = words;
    numbers scratch;
    std::ranges::sort(sorted);
    radix_sort(words, scratch, bits);
    CHECK(words == sorted);
  }
  CHECK(reversed_bits(1) == std::uint64_t{1} << 63);
  CHECK(reversed_bits(0x0123456789abcdef) == 0xf7b3d591e6a2c480);
}

TEST_CASE("randomness: ChaCha20 is that of RFC 8439, section 2.3.2", "[randomness]") {
  std::array<std::uint32_t, 16> start{0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
  for (std::uint32_t i = 0; i < 8; ++i) start[4 + i] = 0x03020100 + i * 0x04040404;
  start[12] = 1;
  start[13] = 0x09000000;
  start[14] = 0x4a000000;
  chacha20 next(start);
  CHECK(next() == 0x15593bd1e4e7f110);
  CHECK(next() == 0xc47120a31fdd0f50);
  for (int i = 0; i < 5; ++i) next();
  CHECK(next() == 0x4e3c50a2e883d0cb);
}

TEST_CASE("randomness: good words have uniform p-values", "[randomness][statistical]") {
  CHECK(p_of_p_values(make_pairs, std::mt19937_64(1)) > statistics::threshold);
  CHECK(p_of_p_values(make_triples, std::mt19937_64(2)) > statistics::threshold);
  CHECK(p_of_p_values(make_bytes, std::mt19937_64(3)) > statistics::threshold);
  CHECK(p_of_p_values(make_gaps, std::mt19937_64(4)) > statistics::threshold);
  CHECK(p_of_p_values(make_collisions, std::mt19937_64(5)) > statistics::threshold);
  CHECK(p_of_p_values(make_birthdays, std::mt19937_64(6)) > statistics::threshold);
  CHECK(p_of_p_values(make_ranks, std::mt19937_64(7), 1 << 14) > statistics::threshold);
  auto const always_even = [i = std::uint64_t{0}]() mutable { return i++ * evendraw::detail::word_step; };
  CHECK(p_of_p_values(make_pairs, always_even) < statistics::threshold);
}

TEST_CASE("randomness: each test rejects words with its weakness, and words that are too even", "[randomness]") {
  std::mt19937_64 engine(8);
  constexpr std::size_t count = 1 << 14;
  auto const good = words_of(count, [&] { return engine(); });
  auto const changed = [&](auto change) {
    auto words = good;
    for (std::size_t i = 0; i < count; ++i) change(words, i);
    return words;
  };
  auto const some_repeat = changed([](numbers& w, std::size_t i) {
    if (i % 10 == 1) w[i] = w[i - 1];
  });
  CHECK(p_of(make_pairs, good) > statistics::threshold);
  CHECK(p_of(make_pairs, some_repeat) < statistics::threshold);
  auto const sums = changed([](numbers& w, std::size_t i) {
    if (i % 3 == 2 && i % 5 == 0) w[i] = w[i - 1] ^ w[i - 2];
  });
  CHECK(p_of(make_triples, good) > statistics::threshold);
  CHECK(p_of(make_triples, sums) < statistics::threshold);
  CHECK(p_of(make_pairs, sums) > statistics::threshold);
  auto const one_bit = changed([](numbers& w, std::size_t i) { w[i] |= std::uint64_t{i % 4 == 0} << 37; });
  CHECK(p_of(make_bytes, good) > statistics::threshold);
  CHECK(p_of(make_bytes, one_bit) < statistics::threshold);
  auto const no_short_gaps = changed([](numbers& w, std::size_t i) {
    if (i > 0 && w[i - 1] >> 60 == 0) w[i] |= std::uint64_t{1} << 63;
  });
  CHECK(p_of(make_gaps, good) > statistics::threshold);
  CHECK(p_of(make_gaps, no_short_gaps) < statistics::threshold);
  auto const few_cells = changed([](numbers& w, std::size_t i) { w[i] &= ~(std::uint64_t{i % 2} << 63); });
  CHECK(p_of(make_collisions, good) > statistics::threshold);
  CHECK(p_of(make_collisions, few_cells) < statistics::threshold);
  auto const lattice = changed([](numbers& w, std::size_t i) { w[i] &= ~(std::uint64_t{31} << 43); });
  CHECK(p_of(make_birthdays, good) > statistics::threshold);
  CHECK(p_of(make_birthdays, lattice) < statistics::threshold);
  auto const dependent = changed([](numbers& w, std::size_t i) {
    if (i % 128 == 63) w[i] = w[i - 1] ^ w[i - 2];
  });
  CHECK(p_of(make_ranks, good) > statistics::threshold);
  CHECK(p_of(make_ranks, dependent) < statistics::threshold);

  numbers even(count);
  for (std::uint64_t i = 0; i < count; i += 2) {
    even[i] = i << 55;
    even[i + 1] = i << 51;
  }
  CHECK(p_of(make_pairs, even) < statistics::threshold);
}

TEST_CASE("randomness: the library's streams pass, and weak ones do not", "[randomness][statistical]") {
  auto const least_p = [](word_stream const& stream) {
    battery tests(16);
    numbers words(1 << 16);
    stream.begin()(words);
    tests.add(words);
    return std::ranges::min(tests.p_values());
  };
  for (auto const& each : library_streams()) {
    CAPTURE(each.name);
    CHECK(least_p(each) > statistics::threshold);
  }
  CHECK(least_p(reference_stream()) > statistics::threshold);
  for (auto const& each : weak_streams()) {
    CAPTURE(each.name);
    if (each.name != "two rounds") CHECK(least_p(each) < statistics::threshold);  // which takes 2^22 words
  }
  CHECK(battery::names().size() == battery(16).p_values().size());
}

}  // namespace random_tests_test
