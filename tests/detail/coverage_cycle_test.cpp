#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include <support/catch2.hpp>

#include <evendraw/detail/coverage_cycle.hpp>

namespace coverage_cycle_test {

namespace {

/// A rolling_window with the numbers it was made from.
struct rolling_window {
  std::uint64_t n;
  std::uint64_t m;
  [[nodiscard]] constexpr evendraw::detail::rolling_window<> made() const { return {n, m}; }
  [[nodiscard]] constexpr std::uint64_t cycle(std::uint64_t epoch) const { return made().start_of(epoch).cycle; }
  [[nodiscard]] constexpr std::uint64_t epochs_to_cover() const {
    return evendraw::detail::rolling_window<>::epochs_to_cover(n, m);
  }
};

std::uint64_t place(rolling_window window, std::uint64_t epoch, std::uint64_t j) {
  return window.made().place(window.made().start_of(epoch).place, j % window.n);
}

/// How often an epoch draws each sample. The walk of cycle z is 0, 1, 2, ... rotated by z, so each cycle has its
/// own.
std::vector<std::uint64_t> drawn_in(rolling_window window, std::uint64_t epoch) {
  std::vector<std::uint64_t> count(window.n);
  for (std::uint64_t j = 0; j < window.m; ++j) {
    std::uint64_t const drawn = place(window, epoch, j);
    if (drawn >= window.n) return {};
    ++count[(drawn + window.cycle(epoch)) % window.n];
  }
  return count;
}

static_assert(rolling_window{.n = 10, .m = 4}.epochs_to_cover() == 3);
static_assert(rolling_window{.n = 10, .m = 5}.epochs_to_cover() == 2);
static_assert(rolling_window{.n = 10, .m = 10}.epochs_to_cover() == 1);
static_assert(rolling_window{.n = 10, .m = 25}.epochs_to_cover() == 1);
static_assert(rolling_window{.n = 1, .m = 1}.epochs_to_cover() == 1);

}  // namespace

TEST_CASE("rolling_window: in an epoch the numbers of draws of two samples differ by one at most", "[rolling_window]") {
  int wrong = 0;
  for (std::uint64_t n = 1; n <= 24; ++n) {
    for (std::uint64_t m = 1; m <= 3 * n + 1; ++m) {  // m <= n: nothing twice
      for (std::uint64_t epoch = 0; epoch < 3 * n + 2; ++epoch) {
        auto const count = drawn_in({.n = n, .m = m}, epoch);
        wrong += count.empty() || std::ranges::min(count) != m / n || std::ranges::max(count) != (m + n - 1) / n;
      }
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("rolling_window: from the start of any cycle all samples are seen in epochs_to_cover epochs",
          "[rolling_window]") {
  int wrong = 0;
  for (std::uint64_t n = 1; n <= 24; ++n) {
    for (std::uint64_t m = 1; m <= 2 * n; ++m) {
      rolling_window const window{.n = n, .m = m};
      std::uint64_t const needed = window.epochs_to_cover();
      wrong += needed != (m >= n ? 1 : (n + m - 1) / m);
      for (std::uint64_t start = 0; start < 4 * n; ++start) {
        if (start > 0 && window.cycle(start) == window.cycle(start - 1)) continue;  // not the start of a cycle
        std::vector<bool> seen(n);
        std::uint64_t unseen = n;
        for (std::uint64_t epoch = start; epoch < start + needed; ++epoch) {
          wrong += epoch + 1 < start + needed && unseen == 0;  // not one epoch more than needed
          auto const count = drawn_in(window, epoch);
          for (std::uint64_t i = 0; i < n; ++i) {
            if (count[i] > 0 && !seen[i]) --unseen;
            seen[i] = seen[i] || count[i] > 0;
          }
        }
        wrong += unseen != 0;
      }
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("rolling_window: no sample comes again before all have come, except to fill up the last epoch of a cycle",
          "[rolling_window]") {
  int wrong = 0;
  for (std::uint64_t n = 1; n <= 24; ++n) {
    for (std::uint64_t m = 1; m <= n; ++m) {
      rolling_window const window{.n = n, .m = m};
      std::uint64_t const length = window.epochs_to_cover();
      for (std::uint64_t cycle = 0; cycle < 5; ++cycle) {
        std::uint64_t drawn = 0;
        for (std::uint64_t epoch = cycle * length; epoch < (cycle + 1) * length; ++epoch) {
          wrong += window.cycle(epoch) != cycle;
          for (std::uint64_t j = 0; j < m; ++j) wrong += place(window, epoch, j) != drawn++ % n;
        }
      }
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("rolling_window: with m > n, the draws beyond whole passes continue as well", "[rolling_window]") {
  int wrong = 0;
  for (std::uint64_t n = 2; n <= 16; ++n) {
    for (std::uint64_t m = n + 1; m < 2 * n; ++m) {
      rolling_window const window{.n = n, .m = m};
      std::uint64_t const cycle_length = (n + m % n - 1) / (m % n);
      std::vector<std::uint64_t> twice;
      for (std::uint64_t epoch = 0; epoch < cycle_length; ++epoch) {
        wrong += window.cycle(epoch) != 0;
        auto const count = drawn_in(window, epoch);
        for (std::uint64_t i = 0; i < n; ++i) {
          if (count[i] == 2) twice.push_back(i);
        }
      }
      wrong += window.cycle(cycle_length) != 1;
      wrong += twice.size() != cycle_length * (m % n);
      std::ranges::sort(twice);
      twice.erase(std::unique(twice.begin(), twice.end()), twice.end());
      wrong += twice.size() != n;  // every sample has come once more
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("rolling_window: far epochs and large classes", "[rolling_window]") {
  std::uint64_t const large = std::uint64_t{1} << 62, last = ~std::uint64_t{0};
  CHECK(place({.n = large + 1, .m = large}, 1, 0) == large);
  CHECK(place({.n = large + 1, .m = large}, 1, 1) == 0);
  CHECK(place({.n = large + 1, .m = large}, last, 0) == large);
  CHECK(place({.n = large, .m = 1}, large - 1, 0) == large - 1);
  CHECK(place({.n = large, .m = 1}, large, 0) == 0);
  CHECK(rolling_window{.n = large, .m = 1}.cycle(large) == 1);
  CHECK(rolling_window{.n = large, .m = 1}.epochs_to_cover() == large);
  CHECK(rolling_window{.n = last, .m = last - 1}.epochs_to_cover() == 2);  // no sum overflows
  CHECK(place({.n = 1, .m = 1000}, last, 999) == 0);
}

TEST_CASE("rolling_window: start_of_early gives the same as start_of", "[rolling_window]") {
  std::uint64_t const largest = 0xffffffffu;
  std::vector<std::uint64_t> const sizes{1,   2,    3,      5,         7,           10,          16,
                                         100, 4097, 65'536, 1'000'003, largest / 2, largest - 1, largest};
  int wrong = 0, compared = 0;
  for (std::uint64_t const n : sizes) {
    for (std::uint64_t const m :
         {std::uint64_t{1}, std::uint64_t{2}, n / 3 + 1, n / 2 + 1, n - n / 5, n, n + 1, 5 * n + 2}) {
      evendraw::detail::rolling_window<std::uint32_t> const narrow(n, m);
      evendraw::detail::rolling_window<> const wide(n, m);
      std::uint64_t const length = wide.start_of(largest).cycle == 0 ? largest : largest / wide.start_of(largest).cycle;
      for (std::uint64_t const near : {std::uint64_t{0}, length, 2 * length, 1000 * length, largest / 2, largest}) {
        for (std::uint64_t epoch = near < 3 ? 0 : near - 3; epoch <= std::min(near + 3, largest); ++epoch) {
          auto const [cycle, start] = narrow.start_of_early(static_cast<std::uint32_t>(epoch));
          wrong += cycle != wide.start_of(epoch).cycle || start != wide.start_of(epoch).place;
          wrong += narrow.start_of(epoch).cycle != cycle || narrow.start_of(epoch).place != start;
          ++compared;
        }
      }
      for (std::uint64_t const ordinal : {std::uint64_t{0}, n / 2, n - 1}) {
        auto const start = wide.start_of(7).place;
        wrong += narrow.place(static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(ordinal)) !=
                 (start + ordinal) % n;
      }
    }
  }
  CHECK(wrong == 0);
  CHECK(compared > 2000);
}

}  // namespace coverage_cycle_test
