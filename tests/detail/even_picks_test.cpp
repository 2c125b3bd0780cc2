#include <evendraw/detail/even_picks.hpp>

#include <cstdint>
#include <vector>

#include <support/catch2.hpp>

namespace even_picks_test {

using evendraw::detail::even_picks;

namespace {

/// Whether k of n numbers are picked so that any g in a row have k g / n of them, rounded down or up.
template <class Picks>
bool is_even(Picks const& picks, std::uint64_t n, std::uint64_t k) {
  bool good = picks.size() == k && picks.before(0) == 0 && picks.before(n) == k;
  for (std::uint64_t first = 0; first < n; ++first) {
    for (std::uint64_t end = first + 1; end <= n; ++end) {
      std::uint64_t const picked = picks.before(end) - picks.before(first), length = end - first;
      good &= picked >= k * length / n && picked <= (k * length + n - 1) / n;
    }
  }
  for (std::uint64_t j = 0; j < k; ++j) good &= picks.before(picks[j]) == j && picks.before(picks[j] + 1) == j + 1;
  return good;
}

/// Picks the first k: only the stretch of all n then has its part.
struct first_picks {
  std::uint64_t k;
  std::uint64_t size() const { return k; }
  std::uint64_t before(std::uint64_t i) const { return i < k ? i : k; }
  std::uint64_t operator[](std::uint64_t j) const { return j; }
};

}  // namespace

TEST_CASE("even_picks: the picked numbers are evenly spaced, and so are the others", "[even_picks]") {
  bool good = true;
  for (std::uint64_t n = 1; n <= 24; ++n) {
    for (std::uint64_t k = 0; k <= n; ++k) {
      for (std::uint64_t offset = 0; offset < n; ++offset) {
        even_picks const picks(n, k, offset);
        good &= is_even(picks, n, k) && is_even(picks.others(), n, n - k);
        for (std::uint64_t i = 0; i <= n; ++i) good &= picks.before(i) + picks.others().before(i) == i;
      }
    }
  }
  CHECK(good);
  CHECK_FALSE(is_even(first_picks{3}, 7, 3));
  CHECK(even_picks(0, 0, 0).size() == 0);
  CHECK(even_picks(0, 0, 0).before(0) == 0);
}

TEST_CASE("even_picks of large numbers", "[even_picks]") {
  std::uint64_t const n = (std::uint64_t{1} << 62) + 12'345, k = (std::uint64_t{1} << 61) + 77;
  even_picks const picks(n, k, n / 3);
  CHECK(picks.before(n) == k);
  for (std::uint64_t const j : {std::uint64_t{0}, std::uint64_t{1}, k / 2, k - 1}) {
    CHECK(picks.before(picks[j]) == j);
    CHECK(picks.before(picks[j] + 1) == j + 1);
  }
}

}  // namespace even_picks_test
