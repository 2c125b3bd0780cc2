#include <evendraw/weights/detail/exponential_keys.hpp>

#include <algorithm>
#include <bit>
#include <cfloat>
#include <cmath>
#include <limits>
#include <vector>

#include <support/catch2.hpp>

namespace exponential_keys_test {

using evendraw::exponential_key;
using evendraw::random_word;
using evendraw::detail::exponential;
using evendraw::detail::key_of;
using evendraw::detail::weight_word;

namespace {

long double true_exponential(std::uint64_t word) {
  std::uint64_t const odd = word | 1;
  if (odd >> 63 != 0) return -std::log1p(-std::ldexp(static_cast<long double>(0 - odd), -64));
  return -std::log(std::ldexp(static_cast<long double>(odd), -64));
}

/// The relative error in units of 2^-52.
template <class Exponential>
double error(std::uint64_t word, Exponential const& computed) {
  long double const expected = true_exponential(word);
  return static_cast<double>(std::abs(static_cast<long double>(computed(word)) - expected) / expected) * 0x1p52;
}

/// The largest error over words of all sizes: small ones, random ones, and those next to 2^64, to every power of two and
/// to the borders between the centres.
template <class Exponential>
double largest_error(Exponential const& computed) {
  double largest = 0;
  auto const check = [&](std::uint64_t word) { largest = std::max(largest, error(word, computed)); };
  for (std::uint64_t i = 0; i < 3000; ++i) {
    check(i);
    check(~i);
  }
  for (int shift = 0; shift < 64; ++shift) {
    for (std::uint64_t i = 0; i < 300; ++i) {
      check(random_word(1, i) >> shift);
      check(~(random_word(2, i) >> shift));
    }
    for (double const border : {1.0, 1.1892071150027211, 1.4142135623730951, 1.681792830507429}) {
      auto const middle = static_cast<std::uint64_t>(border * 0x1p63) >> shift;
      for (std::uint64_t i = 0; i < 20; ++i) {
        check(middle + i);
        check(middle - i);
      }
    }
  }
  return largest;
}

}  // namespace

TEST_CASE("exponential variates are exact to 2^-50", "[exponential_keys]") {
  CHECK(largest_error([](std::uint64_t word) { return exponential(word); }) < 4);  // 2^-50

  // The plain formulas lose digits of small variates, or of variates from a rounded uniform number.
  CHECK(largest_error([](std::uint64_t word) { return -std::log(static_cast<double>(word | 1) * 0x1p-64); }) > 1e6);
  CHECK(largest_error([](std::uint64_t word) { return -std::log1p(-static_cast<double>(0 - (word | 1)) * 0x1p-64); }) >
        1e6);
}

TEST_CASE("exponential variates of the smallest and the largest word", "[exponential_keys]") {
  CHECK(std::abs(exponential(0) - 64 * std::log(2.0)) < 1e-13);
  CHECK(exponential(1) == exponential(0));
  CHECK(exponential(~std::uint64_t{0}) == 0x1p-64);
  CHECK(exponential(~std::uint64_t{0} - 2) == 3 * 0x1p-64);
  CHECK(std::bit_cast<std::uint64_t>(exponential(std::uint64_t{1} << 63)) >> 52 == 1022);  // ln 2
  STATIC_REQUIRE(exponential(~std::uint64_t{0}) == 0x1p-64);
}

TEST_CASE("exponential variates: golden bits", "[exponential_keys][golden]") {
  std::vector<std::uint64_t> bits;
  for (std::uint64_t i = 0; i < 8; ++i)
    bits.push_back(std::bit_cast<std::uint64_t>(exponential(random_word(2026, i) >> i)));
  bits.push_back(std::bit_cast<std::uint64_t>(exponential(0xfffffffff1234567u)));
  CHECK(bits == std::vector<std::uint64_t>{0x3fc3a00695163981u, 0x3ff71d8b9dc0ca07u, 0x3ffca6e1a9f6df03u,
                                           0x400846bcb040c8f6u, 0x40080cdd74c149dcu, 0x400e4877b1e44e94u,
                                           0x4010d3fb3b496df1u, 0x4014472cbc950bf1u, 0x3dadb9753200dce3u});
}

TEST_CASE("as_double rounds like the conversion", "[exponential_keys]") {
  std::uint64_t wrong = 0;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    for (int shift = 0; shift < 64; ++shift) {
      std::uint64_t const x = random_word(3, i) >> shift;
      wrong += evendraw::detail::as_double(x) != static_cast<double>(x);
      wrong += evendraw::detail::as_double(~x) != static_cast<double>(~x);
    }
  }
  CHECK((wrong == 0 || FLT_EVAL_METHOD != 0));  // the x87 rounds when it stores
}

TEST_CASE("keys: doubling a weight moves its key by one step, also for denormals", "[exponential_keys]") {
  std::uint64_t wrong = 0;
  for (int power = -1074; power <= 1023; ++power) {
    for (double const variate : {0x1p-64, 1e-9, 0.7, 1.0, 3.25, 44.3}) {
      std::uint64_t const one = key_of(variate, weight_word(1));
      wrong += key_of(variate, weight_word(std::ldexp(1.0, power))) !=
               one - static_cast<std::uint64_t>(std::int64_t{power}) * (std::uint64_t{1} << 52);
    }
  }
  CHECK(wrong == 0);
  double const tiny = std::numeric_limits<double>::denorm_min();
  for (double const digits : {1.0, 3.0, 5.0, 4097.0, 4503599627370495.0}) {  // exact as denormals
    CHECK(weight_word(digits * tiny) == weight_word(digits * 0x1p-74) - (std::uint64_t{1000} << 52));
  }
  CHECK(weight_word(0.0) == 0);
  CHECK(weight_word(-0.0) == 0);
}

TEST_CASE("keys are in the order of the quotients", "[exponential_keys]") {
  std::uint64_t wrong = 0, wrong_twin = 0;
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    auto const number = [&](std::uint64_t stream) {
      return std::ldexp(1 + static_cast<double>(random_word(stream, i) >> 12) * 0x1p-52,
                        static_cast<int>(random_word(stream + 1, i) % 30));
    };
    double const a = number(10), b = number(20), v = number(30), w = number(40);
    wrong += (a / v < b / w) != (key_of(a, weight_word(v)) < key_of(b, weight_word(w))) &&
             std::abs(a * w - b * v) > 1e-10 * a * w;
    wrong_twin += (a / v < b / w) != (key_of(a, weight_word(w)) < key_of(b, weight_word(v)));
  }
  CHECK(wrong == 0);
  CHECK(wrong_twin > 1000);
}

TEST_CASE("keys of every weight lie between their limits", "[exponential_keys]") {
  for (double const weight :
       {std::numeric_limits<double>::denorm_min(), 1e-310, 0.3, 1.0, 1.5, 1e9, std::numeric_limits<double>::max()}) {
    std::uint64_t const w = weight_word(weight), least = evendraw::detail::least_key_of(w),
                        limit = evendraw::detail::key_limit_of(w);
    CHECK(least <= key_of(0x1p-64, w));
    CHECK(key_of(exponential(0), w) < limit);
    CHECK(least % (std::uint64_t{1} << 52) == 0);
    CHECK(limit % (std::uint64_t{1} << 52) == 0);
    CHECK(limit - least <= std::uint64_t{72} << 52);
    CHECK(key_of(0x1p-64, weight_word(0.0)) >= limit);  // a weight of zero comes after all others
    CHECK(exponential_key(1, 2, 3, weight) ==
          key_of(exponential(random_word(evendraw::stream_key(1, 2, evendraw::random_stream::draw), 3)), w));
  }
}

TEST_CASE("the lower bound of a key is never above the key, and close to it", "[exponential_keys]") {
  std::uint64_t too_high = 0, too_low = 0, twin_too_high = 0;
  auto const check = [&](std::uint64_t word, std::uint64_t weight) {
    double const variate = exponential(word);
    auto const upper_half = [weight](double x) { return static_cast<std::uint32_t>(key_of(x, weight) >> 32); };
    std::uint32_t const bound = evendraw::detail::least_upper_half(static_cast<std::uint32_t>(word >> 32),
                                                                   static_cast<std::uint32_t>(weight >> 32));
    too_high += bound > upper_half(variate);
    twin_too_high += bound > upper_half(std::max(variate - 0.0004, 0x1p-65));
    if (variate < 10) too_low += bound + 4 < upper_half(std::max(variate - 0.0004, 0x1p-66));
  };
  for (double const weight : {1.0, 1.9999999999999998, 0.3, 1e-310, 7e200}) {
    std::uint64_t const w = weight_word(weight);
    for (std::uint64_t i = 0; i < 3000; ++i) {
      check(i << 32 | 0xffffffffu, w);
      check(~(i << 31), w);
      check(random_word(4, i), w);
      check(random_word(5, i) >> (i % 33), w);
      check(~(random_word(6, i) >> (i % 33)), w);
      check((i + 1) * 0x15555555555555u - 1, w);
    }
  }
  CHECK(too_high == 0);
  CHECK(too_low == 0);
  CHECK(twin_too_high > 10'000);
}

TEST_CASE("all keys below a limit are listed, with few others", "[exponential_keys]") {
  std::vector<double> weights;
  for (std::uint64_t i = 0; i < 2000; ++i) weights.push_back(static_cast<double>(random_word(8, i) % 50) / 10);
  evendraw::detail::key_weights const words("test", weights);
  std::uint64_t const stream = evendraw::stream_key(3, 4, evendraw::random_stream::draw);
  evendraw::detail::exponential_keys const keys(words, stream);
  std::size_t low = 0, listed = 0, wrong = 0;
  for (std::size_t count = 1; count <= evendraw::detail::block_size; ++count) {
    std::uint64_t const first = weights.size() - count,
                        limit = key_of(0.1 + 0.01 * static_cast<double>(count), weight_word(3.0));
    evendraw::detail::lane_list lanes;
    evendraw::detail::block_of<std::uint64_t> found;
    std::size_t const num_found = keys.list_low(first, count, limit, lanes, found);
    std::size_t next = 0;
    for (std::size_t i = 0; i < count; ++i) {
      double const weight = weights[static_cast<std::size_t>(first) + i];
      std::uint64_t const key = exponential_key(3, 4, first + i, weight);
      bool const is_listed = next < num_found && lanes[next] == i;
      if (is_listed) wrong += weight > 0 && found[next] != key;
      wrong += key < limit && !is_listed;
      low += key < limit;
      next += is_listed;
    }
    wrong += next != num_found;
    listed += num_found;
  }
  CHECK(wrong == 0);
  CHECK(low > 10'000);
  CHECK(listed > low);
  CHECK(listed <
        low + 32 * evendraw::detail::block_size);  // the last group of a block is listed without being compared
}

TEST_CASE("exponential_key refuses bad weights", "[exponential_keys]") {
  CHECK(exponential_key(0, 0, 0, 0.0) == std::numeric_limits<std::uint64_t>::max());
  CHECK_THROWS_WITH(exponential_key(0, 0, 0, -1),
                    "evendraw::exponential_key: the weight is -1; it must be finite and >= 0");
  CHECK_THROWS_WITH(exponential_key(0, 0, 0, std::numeric_limits<double>::quiet_NaN()),
                    "evendraw::exponential_key: the weight is nan; it must be finite and >= 0");
  CHECK_THROWS_WITH(exponential_key(0, 0, 0, std::numeric_limits<double>::infinity()),
                    "evendraw::exponential_key: the weight is inf; it must be finite and >= 0");
}

TEST_CASE("exponential_key gives the golden keys", "[exponential_keys][golden]") {
  std::vector<std::uint64_t> keys;
  for (std::uint64_t i = 0; i < 4; ++i) keys.push_back(exponential_key(2026, 11, i, 0.1 * static_cast<double>(i + 1)));
  keys.push_back(exponential_key(2026, 11, std::uint64_t{1} << 40, 5e-324));
  keys.push_back(exponential_key(2026, 11, 5, 1e308));
  CHECK(keys == std::vector<std::uint64_t>{0x750ce03bfe8e5b81u, 0x7508a6bbdeb24ebbu, 0x74d124016f92eaf2u,
                                           0x74d0347bc3997985u, 0xb7fe298e7f0c4b53u, 0x34d146c68638d081u});
}

}  // namespace exponential_keys_test
