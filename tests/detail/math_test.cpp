#include <limits>

#include <support/catch2.hpp>

#include <evendraw/detail/math.hpp>

namespace math_test {

TEST_CASE("is_finite looks at the bits of a number") {
  using limits = std::numeric_limits<double>;
  for (double const finite :
       {0.0, -0.0, 1.0, -1.0, limits::max(), limits::lowest(), limits::min(), limits::denorm_min()}) {
    CHECK(evendraw::detail::is_finite(finite));
  }
  for (double const not_finite :
       {limits::infinity(), -limits::infinity(), limits::quiet_NaN(), -limits::quiet_NaN(), limits::signaling_NaN()}) {
    CHECK_FALSE(evendraw::detail::is_finite(not_finite));
  }
}

}  // namespace math_test
