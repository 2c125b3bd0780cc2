#include <algorithm>
#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

#include <support/catch2.hpp>
#include <support/sampling.hpp>
#include <support/statistics.hpp>

#include <evendraw/epochs/detail/class_rounds.hpp>

namespace class_rounds_test {

using evendraw::detail::class_rounds;
using numbers = std::vector<std::uint64_t>;

namespace {

struct findings {
  bool all_different = true;  // in every batch
  bool all_as_often = true;   // the numbers of appearances differ by at most one at any time
  bool rounds_right = true;   // each turn says how often its class has come before
  friend bool operator==(findings const&, findings const&) = default;
};

/// `rounds(batch, slot)` returns turns.
template <class Rounds>
findings look_at(Rounds&& rounds, std::uint64_t classes, std::uint64_t per_batch, std::uint64_t batches) {
  findings result;
  numbers times(classes);
  for (std::uint64_t b = 0; b < batches; ++b) {
    numbers batch;
    for (std::uint64_t slot = 0; slot < per_batch; ++slot) {
      auto const [c, round] = rounds(b, slot);
      result.rounds_right &= round == times.at(c);
      batch.push_back(c);
      ++times[c];
    }
    result.all_different &= sampling::distinct(batch);
    result.all_as_often &= std::ranges::max(times) - std::ranges::min(times) <= 1;
  }
  return result;
}

}  // namespace

TEST_CASE("class_rounds: different classes in a batch, and all equally often", "[class_rounds]") {
  int wrong = 0;
  for (std::uint64_t classes = 1; classes <= 22; ++classes) {
    for (std::uint64_t per_batch = 1; per_batch <= classes; ++per_batch) {
      class_rounds const rounds(classes, per_batch, evendraw::random_word(per_batch, classes));
      wrong += look_at(rounds, classes, per_batch, 150) != findings{};
    }
  }
  CHECK(wrong == 0);
  for (auto const& [classes, per_batch] : std::vector<std::pair<std::uint64_t, std::uint64_t>>{
           {1000, 32}, {1000, 500}, {1000, 501}, {1001, 501}, {1000, 999}, {100, 64}, {61, 32}, {9000, 4096}}) {
    class_rounds const rounds(classes, per_batch, 7);
    class_rounds::reader reader(rounds);
    CAPTURE(classes, per_batch);
    CHECK(look_at(reader, classes, per_batch, per_batch == 4096 ? 12 : 200) == findings{});
  }
}

TEST_CASE("class_rounds: the checks reject wrong twins", "[class_rounds]") {
  using turn = class_rounds::turn;
  std::uint64_t const classes = 20, per_batch = 8;
  auto const order = [](std::uint64_t round, std::uint64_t place) {
    return evendraw::permutation(classes, evendraw::random_word(3, round))(place);
  };
  SECTION("rounds that ignore the classes of the round before") {
    auto const found = look_at(
        [&](std::uint64_t b, std::uint64_t slot) {
          std::uint64_t const place = b * per_batch + slot;
          return turn{order(place / classes, place % classes), place / classes};
        },
        classes, per_batch, 150);
    CHECK_FALSE(found.all_different);
    CHECK(found.all_as_often);
  }
  SECTION("rounds that drop the classes left over at their end") {
    auto const found = look_at(
        [&](std::uint64_t b, std::uint64_t slot) {
          return turn{order(b / 2, b % 2 * per_batch + slot), 0};
        },
        classes, per_batch, 150);
    CHECK(found.all_different);
    CHECK_FALSE(found.all_as_often);
    CHECK_FALSE(found.rounds_right);
  }
  SECTION("classes at random in every batch") {
    auto const found = look_at(
        [&](std::uint64_t b, std::uint64_t slot) {
          return turn{order(b, slot), 0};
        },
        classes, per_batch, 150);
    CHECK(found.all_different);
    CHECK_FALSE(found.all_as_often);
  }
}

TEST_CASE("class_rounds: a reader gives the same classes in any order of reading", "[class_rounds]") {
  for (auto const& [classes, per_batch] :
       std::vector<std::pair<std::uint64_t, std::uint64_t>>{{20, 8}, {15, 8}, {14, 8}, {8, 8}, {100, 7}}) {
    class_rounds const rounds(classes, per_batch, 11);
    class_rounds::reader reader(rounds);
    int wrong = 0;
    for (std::uint64_t i = 0; i < 2000; ++i) {
      std::uint64_t const place = i < 1000 ? i * 3 : evendraw::random_word(1, i) % 5000;
      auto const a = rounds(place / per_batch, place % per_batch), b = reader(place / per_batch, place % per_batch);
      wrong += a.c != b.c || a.round != b.round;
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE("class_rounds: postponed classes come right after the batch in which a round begins", "[class_rounds]") {
  // Each round has a permutation of its own and follows it from place P on. Its first P places have the first P classes
  // of the permutation, in another order if the round begins within a batch.
  std::uint64_t const classes = 30, per_batch = 8, key = 5;
  class_rounds const rounds(classes, per_batch, key);
  for (std::uint64_t round = 0; round < 60; ++round) {
    evendraw::permutation const order(classes, evendraw::random_word(key, round));
    numbers first, expected;
    bool same = true;
    for (std::uint64_t p = 0; p < classes; ++p) {
      std::uint64_t const place = round * classes + p, c = rounds(place / per_batch, place % per_batch).c;
      if (p < per_batch) {
        first.push_back(c);
        expected.push_back(order(p));
      } else {
        same &= c == order(p);
      }
    }
    if (round * classes % per_batch == 0) CHECK(first == expected);
    std::ranges::sort(first);
    std::ranges::sort(expected);
    CHECK(first == expected);
    CHECK(same);
  }
}

TEST_CASE("class_rounds: the classes of a batch are chosen at random", "[class_rounds]") {
  // All C(6, 3) = 20 sets are equally likely in the first batch, and so are all pairs that meet in later ones.
  for (std::uint64_t const classes : {6u, 7u}) {
    numbers sets(std::size_t{1} << classes), pairs(classes * classes);
    std::vector<double> law(sets.size()), pair_law(pairs.size());
    for (std::uint64_t key = 0; key < 20'000; ++key) {
      class_rounds const rounds(classes, 3, evendraw::mix64(key));
      std::size_t set = 0;
      for (std::uint64_t slot = 0; slot < 3; ++slot) set |= std::size_t{1} << rounds(0, slot).c;
      ++sets[set];
      ++pairs[rounds(2 + key % 5, 0).c * classes + rounds(2 + key % 5, 2).c];
    }
    double ways = 0;
    for (std::size_t s = 0; s < sets.size(); ++s) ways += std::popcount(s) == 3;
    for (std::size_t s = 0; s < sets.size(); ++s) law[s] = std::popcount(s) == 3 ? 1 / ways : 0;
    for (std::size_t p = 0; p < pairs.size(); ++p) {
      bool const same = p / classes == p % classes;
      pair_law[p] = same ? 0 : 1 / static_cast<double>(classes * (classes - 1));
    }
    CHECK(statistics::chi_squared_p(sets, law) > statistics::threshold);
    CHECK(statistics::chi_squared_p(pairs, pair_law) > statistics::threshold);
    pairs[1] += pairs[1] / 2;
    CHECK(statistics::chi_squared_p(pairs, pair_law) < statistics::threshold);
  }
}

TEST_CASE("class_rounds: far batches have different classes, too", "[class_rounds]") {
  int wrong = 0;
  std::uint64_t const last = ~std::uint64_t{0};
  for (std::uint64_t const classes : {7u, 11u, 100u}) {
    class_rounds const rounds(classes, 7, 1);
    for (std::uint64_t const middle : {last / 4 / 7, last / 2 / 7, last / 7, last - 50}) {
      for (std::uint64_t b = middle - 40; b < middle + 40; ++b) {
        numbers batch;
        for (std::uint64_t slot = 0; slot < 7; ++slot) batch.push_back(rounds(b, slot).c);
        wrong += !sampling::distinct(batch);
      }
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("class_rounds gives the golden classes", "[class_rounds][golden]") {
  auto const first = [](std::uint64_t classes, std::uint64_t per_batch, std::uint64_t batch) {
    numbers result;
    for (std::uint64_t slot = 0; slot < per_batch; ++slot) {
      result.push_back(class_rounds(classes, per_batch, 2026)(batch, slot).c);
    }
    return result;
  };
  CHECK(first(100, 8, 12) == numbers{24, 19, 14, 49, 26, 27, 55, 42});  // a round begins in it
  CHECK(first(10, 8, 7) == numbers{8, 6, 9, 0, 1, 4, 3, 2});
}

}  // namespace class_rounds_test
