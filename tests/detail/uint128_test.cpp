#include <algorithm>
#include <cstdint>
#include <vector>

#include <support/catch2.hpp>

#include <evendraw/detail/uint128.hpp>
#include <evendraw/random/counter_random.hpp>

namespace uint128_test {

namespace {

using evendraw::detail::uint128;
namespace detail = evendraw::detail;

constexpr std::uint64_t largest = ~std::uint64_t{0};

std::vector<std::uint64_t> edges_and_random_words() {
  std::vector<std::uint64_t> result{0, 1, 2, 3, 10, 0xffffffff, 0x100000000, 0x100000001, largest - 1, largest};
  for (int bit = 5; bit < 64; bit += 9) result.push_back(std::uint64_t{1} << bit);
  for (std::uint64_t i = 0; i < 12; ++i) result.push_back(evendraw::random_word(5, i) >> 5 * i);
  return result;
}

/// The number of quotients that are not q for the dividend q d + remainder, with small and large remainders.
template <class Divide>
int wrong_quotients(Divide divide) {
  int wrong = 0;
  for (auto const q : edges_and_random_words()) {
    for (auto const d : edges_and_random_words()) {
      if (d == 0) continue;
      uint128 const whole = evendraw::detail::multiply(q, d);
      for (auto const remainder : {std::uint64_t{0}, d / 2, d - 1})
        wrong += divide(detail::add(whole, {0, remainder}), d) != q;
    }
  }
  return wrong;
}

/// Bit i of 128.
bool bit(uint128 value, int i) { return ((i < 64 ? value.low >> i : value.high >> (i - 64)) & 1) != 0; }

}  // namespace

TEST_CASE("divide undoes multiply, for any remainder", "[uint128]") {
  CHECK(wrong_quotients(detail::divide) == 0);
  auto const without_whole_ones = [](uint128 dividend, std::uint64_t divisor) {
    return detail::divide(dividend, divisor) -
           static_cast<std::uint64_t>(dividend.low % divisor == 0 && dividend.high == 0);
  };
  CHECK(wrong_quotients(without_whole_ones) > 0);
}

TEST_CASE("scaled: quotient and remainder of a product", "[uint128]") {
  auto const words = edges_and_random_words();
  int wrong = 0;
  for (auto const a : words) {
    for (auto const b : words) {
      for (auto const d : words) {
        if (d == 0 || (a > d && b > d)) continue;
        auto const [quotient, remainder] = detail::scaled(a, b, d);
        wrong += remainder >= d || detail::add(evendraw::detail::multiply(quotient, d), {0, remainder}) !=
                                       evendraw::detail::multiply(a, b);
      }
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("add carries, less compares both halves, bit_width and shift_right know 128 bits", "[uint128]") {
  CHECK(detail::add({1, largest}, {2, 1}) == uint128{4, 0});
  CHECK(detail::add({1, largest}, {2, 0}) == uint128{3, largest});
  auto const words = edges_and_random_words();
  int wrong = 0;
  for (auto const high : words) {
    for (auto const low : words) {
      uint128 const value{high, low}, next = detail::add(value, {0, 1});
      wrong += detail::less(value, value);
      if (high != largest || low != largest) wrong += !detail::less(value, next) || detail::less(next, value);
      int width = 128;
      while (width > 0 && !bit(value, width - 1)) --width;
      wrong += detail::bit_width(value) != width;
      for (int const shift : {0, 1, 31, 63, 64, 65, 127, 128, 200}) {
        uint128 const shifted = detail::shift_right(value, shift);
        for (int i = 0; i < 128; ++i) wrong += bit(shifted, i) != (i + shift < 128 && bit(value, i + shift));
      }
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("divisor divides as / and % do, at every edge", "[uint128]") {
  auto words = edges_and_random_words();
  for (std::uint64_t const small : {2u, 3u, 7u, 641u}) words.push_back(small);
  int wrong = 0, one_less = 0;
  for (auto const number : words) {
    if (number == 0) continue;
    evendraw::detail::divisor const divided_by(number);
    wrong += divided_by.number() != number;
    for (auto const x : words) {
      for (auto const near : {x, x / number * number, x / number * number - 1}) {
        auto const [quotient, remainder] = divided_by.divide(near);
        wrong += quotient != near / number || remainder != near % number;
        one_less += evendraw::detail::multiply(near, largest / number).high != near / number;
      }
    }
  }
  CHECK(wrong == 0);
  CHECK(one_less > 100);  // the estimate alone would be wrong
}

}  // namespace uint128_test
