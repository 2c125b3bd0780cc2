// 128-bit products of 64-bit numbers, and arithmetic on them.
#pragma once

#include <bit>
#include <cstdint>
#include <limits>

#include <evendraw/detail/macros_off.hpp>

namespace evendraw::detail {

/// A 128-bit number, such as the product of two 64-bit numbers.
struct uint128 {
  std::uint64_t high;  ///< upper 64 bits
  std::uint64_t low;   ///< lower 64 bits
  friend constexpr bool operator==(uint128 const&, uint128 const&) = default;
};

/// The product from 32-bit halves, for every platform.
constexpr uint128 multiply_halves(std::uint64_t a, std::uint64_t b) noexcept {
  std::uint64_t const a_low = a & 0xffffffffu, a_high = a >> 32, b_low = b & 0xffffffffu, b_high = b >> 32;
  std::uint64_t const low = a_low * b_low, cross = a_high * b_low + (low >> 32);
  std::uint64_t const middle = a_low * b_high + (cross & 0xffffffffu);
  return {a_high * b_high + (cross >> 32) + (middle >> 32), a * b};
}

#if defined(__SIZEOF_INT128__)
/// The product by the compiler's 128-bit integer.
constexpr uint128 multiply_int128(std::uint64_t a, std::uint64_t b) noexcept {
  __extension__ using native = unsigned __int128;
  native const product = static_cast<native>(a) * b;
  return {static_cast<std::uint64_t>(product >> 64), static_cast<std::uint64_t>(product)};
}
#endif

/// The full product of two 64-bit numbers. It is the only operation that decides a draw and has code that depends on
/// the platform.
constexpr uint128 multiply(std::uint64_t a, std::uint64_t b) noexcept {
#if defined(__SIZEOF_INT128__)
  return detail::multiply_int128(a, b);
#else
  return detail::multiply_halves(a, b);
#endif
}

/// The product for b < 2^32, made of operations that exist as vector instructions.
constexpr uint128 multiply_narrow(std::uint64_t a, std::uint64_t b) noexcept {
  std::uint64_t const low = (a & 0xffffffffu) * b, high = (a >> 32) * b + (low >> 32);
  return {high >> 32, high << 32 | (low & 0xffffffffu)};
}

/// floor(dividend / divisor), for dividend.high < divisor. It works bit by bit, which is too slow for drawing.
constexpr std::uint64_t divide(uint128 dividend, std::uint64_t divisor) noexcept {
  std::uint64_t quotient = 0;
  for (int bit = 63; bit >= 0; --bit) {
    bool const overflow = dividend.high >> 63 != 0;
    dividend.high = dividend.high << 1 | (dividend.low >> bit & 1);
    bool const fits = overflow || dividend.high >= divisor;
    if (fits) dividend.high -= divisor;
    quotient = quotient << 1 | static_cast<std::uint64_t>(fits);
  }
  return quotient;
}

constexpr uint128 add(uint128 a, uint128 b) noexcept {
  std::uint64_t const low = a.low + b.low;
  return {a.high + b.high + static_cast<std::uint64_t>(low < a.low), low};
}

constexpr uint128 shift_right(uint128 value, int count) noexcept {
  if (count == 0) return value;
  if (count >= 128) return {0, 0};
  if (count >= 64) return {0, value.high >> (count - 64)};
  return {value.high >> count, value.high << (64 - count) | value.low >> count};
}

constexpr bool less(uint128 a, uint128 b) noexcept { return a.high < b.high || (a.high == b.high && a.low < b.low); }

constexpr int bit_width(uint128 value) noexcept {
  return static_cast<int>(value.high != 0 ? 64 + std::bit_width(value.high) : std::bit_width(value.low));
}

/// a * b, or 2^64 - 1 if that is less.
constexpr std::uint64_t saturated_product(std::uint64_t a, std::uint64_t b) noexcept {
  auto const [high, low] = multiply(a, b);
  return high != 0 ? std::numeric_limits<std::uint64_t>::max() : low;
}

struct quotient_and_remainder {
  std::uint64_t quotient;
  std::uint64_t remainder;
};

/// a * b / divisor, exactly. Needs divisor > 0, and a <= divisor or b <= divisor.
constexpr quotient_and_remainder scaled(std::uint64_t a, std::uint64_t b, std::uint64_t divisor) noexcept {
  uint128 const product = multiply(a, b);
  if (product.high == 0) return {product.low / divisor, product.low % divisor};
  std::uint64_t const quotient = divide(product, divisor);
  return {quotient, product.low - quotient * divisor};
}

/// A number > 0 that others are divided by, without the processor's slow division.
class divisor {
 public:
  divisor() = default;
  explicit constexpr divisor(std::uint64_t number) noexcept
      : number_(number), reciprocal_(~std::uint64_t{0} / number) {}

  [[nodiscard]] constexpr std::uint64_t number() const noexcept { return number_; }

  struct result {
    std::uint64_t quotient;
    std::uint64_t remainder;
  };
  [[nodiscard]] constexpr result divide(std::uint64_t x) const noexcept {
    std::uint64_t const estimate = multiply(x, reciprocal_).high;  // the quotient, or one less
    std::uint64_t const left = x - estimate * number_;
    return left < number_ ? result{estimate, left} : result{estimate + 1, left - number_};
  }

 private:
  std::uint64_t number_;
  std::uint64_t reciprocal_;
};

}  // namespace evendraw::detail

#include <evendraw/detail/macros_on.hpp>
