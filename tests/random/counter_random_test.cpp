#include <algorithm>
#include <array>
#include <random>
#include <unordered_set>
#include <vector>

#include <support/catch2.hpp>
#include <support/words.hpp>

#include <evendraw/random/counter_random.hpp>

namespace counter_random_test {

namespace {

using numbers = std::vector<std::uint64_t>;
constexpr std::uint64_t largest = ~std::uint64_t{0};

/// SplitMix64 as it was published, with a state that each call changes.
struct sequential_splitmix64 {
  std::uint64_t state;
  std::uint64_t operator()() {
    std::uint64_t z = (state += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
};

/// The product by long multiplication, as by hand, with digits of 4 bits.
evendraw::detail::uint128 schoolbook(std::uint64_t a, std::uint64_t b) {
  std::array<std::uint64_t, 33> digits{};
  for (std::size_t i = 0; i < 16; ++i) {
    for (std::size_t j = 0; j < 16; ++j) digits[i + j] += (a >> 4 * i & 15) * (b >> 4 * j & 15);
  }
  evendraw::detail::uint128 result{0, 0};
  for (std::size_t i = 0; i < 32; ++i) {
    digits[i + 1] += digits[i] >> 4;
    (i < 16 ? result.low : result.high) |= (digits[i] & 15) << 4 * (i % 16);
  }
  return result;
}

numbers edges_and_random_words() {
  numbers result{0, 1, 2, 3, 0xffffffff, 0x100000000, 0x100000001, largest, largest - 1};
  for (int bit = 0; bit < 64; bit += 7) result.push_back(std::uint64_t{1} << bit);
  sequential_splitmix64 random{77};
  for (int i = 0; i < 40; ++i) result.push_back(random());
  return result;
}

template <class Multiply>
int wrong_products(Multiply multiply) {
  int wrong = 0;
  auto const words_to_try = edges_and_random_words();
  for (auto const a : words_to_try) {
    for (auto const b : words_to_try) wrong += multiply(a, b) != schoolbook(a, b);
  }
  return wrong;
}

static_assert(evendraw::random_word(0, 0) == 0xe220a8397b1dcdaf, "known at compile time as well");
static_assert(evendraw::detail::multiply(largest, largest) == evendraw::detail::uint128{largest - 1, 1});
static_assert(evendraw::detail::multiply_halves(largest, largest) == evendraw::detail::uint128{largest - 1, 1});

}  // namespace

TEST_CASE("word gives the published SplitMix64 values", "[counter_random]") {
  CHECK(evendraw::random_word(0, 0) == 0xe220a8397b1dcdaf);
  CHECK(evendraw::random_word(0, 1) == 0x6e789e6aa1b965f4);
  CHECK(evendraw::random_word(0, 2) == 0x06c45d188009454f);
}

TEST_CASE("word(key, i) is the i-th output of the sequential generator", "[counter_random]") {
  int wrong = 0;
  for (auto const key : edges_and_random_words()) {
    sequential_splitmix64 sequential{key};
    for (std::uint64_t i = 0; i < 500; ++i) wrong += evendraw::random_word(key, i) != sequential();
    sequential.state = key + 0x123456789abcdef * 0x9e3779b97f4a7c15u;  // far away, by jumping
    wrong += evendraw::random_word(key, 0x123456789abcdef) != sequential();
  }
  CHECK(wrong == 0);
}

TEST_CASE("mix64 is a bijection: it can be undone", "[counter_random]") {
  int wrong = 0;
  for (auto const z : edges_and_random_words()) {
    wrong += words::unmix64(evendraw::mix64(z)) != z;
    wrong += evendraw::random_word(words::key_of(z), 0) != z;
  }
  CHECK(wrong == 0);
}

TEST_CASE("every implementation of the 64 by 64 bit product equals long multiplication", "[counter_random]") {
  CHECK(wrong_products(evendraw::detail::multiply) == 0);
  CHECK(wrong_products(evendraw::detail::multiply_halves) == 0);
#if defined(__SIZEOF_INT128__)
  CHECK(wrong_products(evendraw::detail::multiply_int128) == 0);
#endif
  auto const without_a_carry = [](std::uint64_t a, std::uint64_t b) {
    return evendraw::detail::uint128{(a >> 32) * (b >> 32), a * b};
  };
  CHECK(wrong_products(without_a_carry) > 0);
}

TEST_CASE("bounded stays below n, from the smallest word to the largest", "[counter_random]") {
  CHECK(evendraw::bounded(0, 0) == 0);
  CHECK(evendraw::bounded(largest, 0) == 0);
  int wrong = 0;
  for (auto const n : edges_and_random_words()) {
    if (n == 0) continue;
    wrong += evendraw::bounded(0, n) != 0;
    wrong += evendraw::bounded(largest, n) != n - 1;
    for (auto const word : edges_and_random_words()) wrong += evendraw::bounded(word, n) >= n;
  }
  CHECK(wrong == 0);
}

TEST_CASE("bounded gives every number equally often over a grid of words", "[counter_random]") {
  int wrong = 0;
  for (auto const n : numbers{1, 2, 3, 5, 6, 7, 10, 64, 100, 1000}) {
    std::vector<int> count(n);
    std::uint64_t const cells = 24 * n;
    for (std::uint64_t i = 0; i < cells; ++i) ++count[evendraw::bounded(words::middle(i, cells), n)];
    wrong += std::ranges::count_if(count, [](int c) { return c != 24; }) != 0;
  }
  CHECK(wrong == 0);
}

TEST_CASE("stream_key differs for every seed, epoch and stream", "[counter_random]") {
  using evendraw::random_stream;
  std::unordered_set<std::uint64_t> keys, sums;
  auto all = numbers{largest, largest - 1, std::uint64_t{1} << 32, std::uint64_t{1} << 63};
  for (std::uint64_t i = 0; i < 200; ++i) all.push_back(i);
  for (auto const seed : all) {
    for (auto const epoch : all) {
      for (auto const stream : {random_stream::draw, random_stream::member, random_stream::order, random_stream::walk,
                                random_stream::augment}) {
        keys.insert(evendraw::stream_key(seed, epoch, stream));
        sums.insert(evendraw::mix64(seed + epoch + static_cast<std::uint64_t>(stream)));  // as other libraries do
      }
    }
  }
  CHECK(keys.size() == 5 * all.size() * all.size());
  CHECK(sums.size() < 1000);
  CHECK(evendraw::stream_key(1, 0, random_stream::draw) != evendraw::stream_key(0, 1, random_stream::draw));
}

TEST_CASE("stream_key: golden values", "[counter_random]") {  // not a promise; see sequence_version
  using evendraw::random_stream, evendraw::stream_key;
  CHECK(stream_key(0, 0, random_stream::draw) == 0xb7b5b86a4880aa82);
  CHECK(stream_key(0, 0, random_stream::member) == 0xc8dee97be39cf97f);
  CHECK(stream_key(0, 1, random_stream::draw) == 0x8d44c565957ba187);
  CHECK(stream_key(1, 0, random_stream::draw) == 0x9b22e5c3d2ef8382);
  CHECK(stream_key(42, 9, random_stream::order) == 0xf1c90ad2c22a2e9f);
  CHECK(stream_key(42, 9, random_stream::walk) == 0xe2192579a951fd09);
  CHECK(stream_key(largest, largest, random_stream::augment) == 0x49b06c7a7216f1b9);
}

TEST_CASE("word_from joins the outputs of an engine, the first in the highest bits", "[counter_random]") {
  SECTION("64 bits: one call") {
    words::counted<std::mt19937_64> engine{std::mt19937_64(5)};
    std::mt19937_64 same(5);
    for (std::uint64_t i = 1; i <= 10; ++i) {
      CHECK(evendraw::detail::word_from(engine) == same());
      CHECK(engine.calls == i);
    }
  }
  SECTION("32 bits: two calls") {
    words::counted<std::mt19937> engine{std::mt19937(5)};
    std::mt19937 same(5);
    for (std::uint64_t i = 1; i <= 10; ++i) {
      std::uint64_t const high = same(), low = same();
      CHECK(evendraw::detail::word_from(engine) == (high << 32 | low));
      CHECK(engine.calls == 2 * i);
    }
  }
  SECTION("8 bits that do not begin at 0: eight calls") {
    words::counting_engine<3, 256, unsigned> engine{.first = 0x80};
    CHECK(evendraw::detail::word_from(engine) == 0x8081828384858687);
    CHECK(engine.calls == 8);
  }
  SECTION("7 bits: ten calls, and the first gives only the bits that nine leave over") {
    words::counting_engine<0, 128, unsigned> engine{.first = 1};
    CHECK(evendraw::detail::word_from(engine) == (1ull << 63 | 2ull << 56 | 3ull << 49 | 4ull << 42 | 5ull << 35 |
                                                  6ull << 28 | 7ull << 21 | 8 << 14 | 9 << 7 | 10));
    CHECK(engine.calls == 10);
  }
  SECTION("one bit: 64 calls") {
    words::counting_engine<0, 2, unsigned> engine;
    CHECK(evendraw::detail::word_from(engine) == 0x5555555555555555);
    CHECK(engine.calls == 64);
  }
  SECTION("63 bits: two calls") {
    words::counting_engine<0, std::uint64_t{1} << 63> engine{.first = 3};
    CHECK(evendraw::detail::word_from(engine) == ((3ull << 63) | 4));
    CHECK(engine.calls == 2);
  }
  SECTION("2^64 - 1 values: only 63 bits are used") {
    words::counting_engine<1, largest> engine{.first = 6};
    CHECK(evendraw::detail::word_from(engine) == ((6ull << 63) | 7));
    CHECK(engine.calls == 2);
  }
  SECTION("numbers above the whole bits are rejected") {
    words::counting_engine<5, 10, unsigned> engine{.first = 6};  // 6 7 (8 9) 0 1 2 3 4 5 6 7 (8 9) ..., 3 bits each
    std::uint64_t expected = 6;
    for (std::uint64_t i = 1; i < 22; ++i) expected = expected << 3 | (i + 6) % 8;
    CHECK(evendraw::detail::word_from(engine) == expected);
    CHECK(engine.calls == 22 + 6);
  }
}

TEST_CASE("word_from fills all 64 bits, also from an engine whose range is not a power of two", "[counter_random]") {
  auto const ones_per_bit = [](auto engine) {
    std::vector<int> ones(64);
    for (int i = 0; i < 4000; ++i) {
      auto const word = evendraw::detail::word_from(engine);
      for (std::size_t bit = 0; bit < 64; ++bit) ones[bit] += static_cast<int>(word >> bit & 1);
    }
    return ones;
  };
  auto const fair = [](int ones) { return ones > 1840 && ones < 2160; };  // 5 sigma
  CHECK(std::ranges::all_of(ones_per_bit(std::minstd_rand(1)), fair));
  CHECK(std::ranges::all_of(ones_per_bit(std::mt19937(1)), fair));
  CHECK(std::ranges::all_of(ones_per_bit(std::ranlux24(1)), fair));
  // minstd_rand gives 1 to 2^31 - 2. About every second call gives 30 whole bits, and a word takes three of these.
  words::counted<std::minstd_rand> engine{std::minstd_rand(1)};
  for (int i = 0; i < 1000; ++i) (void)evendraw::detail::word_from(engine);
  CHECK(engine.calls > 5600);  // 6000 expected, 5 sigma are 400
  CHECK(engine.calls < 6400);
}

TEST_CASE("multiply_narrow: the whole product of 64 and 32 bits", "[counter_random]") {
  std::uint64_t const narrow = 0xffffffffu;
  int wrong = 0;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    for (std::uint64_t const b : {std::uint64_t{0}, std::uint64_t{1}, evendraw::random_word(3, i) >> 32, narrow}) {
      for (std::uint64_t const a : {evendraw::random_word(4, i), largest, narrow, i}) {
        wrong += evendraw::detail::multiply_narrow(a, b) != evendraw::detail::multiply(a, b);
      }
    }
  }
  CHECK(wrong == 0);
}

}  // namespace counter_random_test
