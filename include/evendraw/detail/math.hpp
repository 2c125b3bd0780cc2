// The functions of <cmath> that the library uses. <cmath> itself includes the special functions of mathematics, which
// would cost every user as much compile time as a sampler.
#pragma once

#include <bit>
#include <cstdint>

#if !defined(__GNUC__)  // g++ and clang need no header for these
#include <cmath>
#endif

namespace evendraw::detail {

/// Whether x is neither infinite nor NaN. It looks at the bits, because -ffast-math lets compilers drop comparisons.
constexpr bool is_finite(double x) noexcept { return (std::bit_cast<std::uint64_t>(x) >> 52 & 0x7ff) != 0x7ff; }

/// Whether x is NaN. It looks at the bits, too.
constexpr bool is_nan(double x) noexcept { return std::bit_cast<std::uint64_t>(x) << 1 > std::uint64_t{0x7ff} << 53; }

/// Whether the same operations on the same doubles always give the same bits. For this, compilers may neither reorder
/// sums nor multiply by reciprocals. It is a template, so that a static_assert on it fails only where it is used.
template <class>
constexpr bool repeatable_arithmetic =
#if defined(__FAST_MATH__) || defined(__ASSOCIATIVE_MATH__) || defined(__RECIPROCAL_MATH__) || defined(_M_FP_FAST)
    false;
#else
    true;
#endif

namespace math {

#if defined(__GNUC__)
inline double sin(double x) noexcept { return __builtin_sin(x); }
inline double cos(double x) noexcept { return __builtin_cos(x); }
inline double exp(double x) noexcept { return __builtin_exp(x); }
inline double expm1(double x) noexcept { return __builtin_expm1(x); }
inline double log(double x) noexcept { return __builtin_log(x); }
inline double log1p(double x) noexcept { return __builtin_log1p(x); }
inline double atan2(double y, double x) noexcept { return __builtin_atan2(y, x); }
inline double pow(double x, double y) noexcept { return __builtin_pow(x, y); }
inline double hypot(double x, double y) noexcept { return __builtin_hypot(x, y); }
inline double sqrt(double x) noexcept { return __builtin_sqrt(x); }
inline double fma(double x, double y, double z) noexcept { return __builtin_fma(x, y, z); }
inline double fabs(double x) noexcept { return __builtin_fabs(x); }
inline double floor(double x) noexcept { return __builtin_floor(x); }
inline double ceil(double x) noexcept { return __builtin_ceil(x); }
inline double round(double x) noexcept { return __builtin_round(x); }
inline double ldexp(double x, int exponent) noexcept { return __builtin_ldexp(x, exponent); }
#else
using std::atan2, std::ceil, std::cos, std::exp, std::expm1, std::fabs, std::floor, std::fma, std::hypot, std::ldexp,
    std::log, std::log1p, std::pow, std::round, std::sin, std::sqrt;
#endif

}  // namespace math

}  // namespace evendraw::detail
