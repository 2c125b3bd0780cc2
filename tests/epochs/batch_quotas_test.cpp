#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include <support/catch2.hpp>
#include <support/sampling.hpp>

#include <evendraw/epochs/detail/batch_quotas.hpp>

namespace batch_quotas_test {

using evendraw::detail::batch_quotas;
using numbers = std::vector<std::uint64_t>;

namespace {

std::uint64_t before(batch_quotas const& quotas, std::size_t c, std::uint64_t batch) {
  return quotas.before(c, quotas.at(batch));
}

/// Checks count(c, b). The shares sum to 64, so that every expected part is an exact fraction.
constexpr std::uint64_t share_sum = 64;
bool rounded(std::uint64_t count, std::uint64_t times, std::uint64_t share, std::uint64_t batch_size) {
  std::uint64_t const part = times * share * batch_size;  // in 64ths
  return count == part / share_sum || count == (part + share_sum - 1) / share_sum;
}

struct findings {
  bool every_batch_full = true;
  bool every_count_rounded = true;
  bool every_aligned_row_rounded = true;
  bool drift_small = true;
  friend bool operator==(findings const&, findings const&) = default;
};

template <class Quotas>
findings look_at(Quotas const& quotas, numbers const& shares, std::uint64_t batch_size, std::uint64_t first,
                 std::uint64_t batches) {
  findings result;
  std::vector<numbers> counts;
  for (std::uint64_t b = first; b < first + batches; ++b) {
    std::uint64_t sum = 0;
    counts.emplace_back();
    for (std::size_t c = 0; c < shares.size(); ++c) {
      counts.back().push_back(quotas.count(c, quotas.at(b)));
      sum += counts.back().back();
      result.every_count_rounded &= rounded(counts.back().back(), 1, shares[c], batch_size);
    }
    result.every_batch_full &= sum == batch_size;
  }
  for (std::size_t c = 0; c < shares.size(); ++c) {
    for (std::uint64_t row = 1; row <= batches; row *= 2) {
      for (std::uint64_t begin = 0; begin + row <= batches; begin += row) {
        std::uint64_t sum = 0;
        for (std::uint64_t b = begin; b < begin + row; ++b) sum += counts[b][c];
        result.every_aligned_row_rounded &= rounded(sum, row, shares[c], batch_size);
      }
    }
    for (std::uint64_t begin = 0; begin < batches; begin += 7) {
      std::uint64_t sum = 0;
      for (std::uint64_t b = begin; b < batches; ++b) {
        sum += counts[b][c];
        std::uint64_t const row = b - begin + 1, part = row * shares[c] * batch_size;
        std::uint64_t const allowed = 2 * static_cast<std::uint64_t>(std::bit_width(row)) * share_sum;
        result.drift_small &= sum * share_sum < part + allowed && part < sum * share_sum + allowed;
      }
    }
  }
  return result;
}

std::vector<numbers> const all_shares{{64},          {32, 32}, {63, 1}, {1, 62, 1}, {20, 4, 13, 27}, {5, 11, 17, 31},
                                      numbers(64, 1)};

/// Wrong twins.
struct rounded_once {  // the remaining slots go to the largest class, which is the last one
  numbers shares;
  std::uint64_t batch_size;
  [[nodiscard]] static std::uint64_t at(std::uint64_t b) { return b; }
  [[nodiscard]] std::uint64_t count(std::size_t c, std::uint64_t) const {
    std::uint64_t others = 0;
    for (std::size_t d = 0; d + 1 < shares.size(); ++d) others += rounded(d);
    return c + 1 == shares.size() ? batch_size - others : rounded(c);
  }
  [[nodiscard]] std::uint64_t rounded(std::size_t c) const {
    return (shares[c] * batch_size + share_sum / 2) / share_sum;
  }
};
struct any_offset {  // systematic sampling with independent offsets, in 64ths
  numbers shares;
  std::uint64_t batch_size;
  [[nodiscard]] std::uint64_t slots_before_batch(std::size_t c, std::uint64_t batch) const {
    std::uint64_t const offset = evendraw::random_word(1, batch) % share_sum;
    std::uint64_t begin = 0;
    for (std::size_t d = 0; d < c; ++d) begin += shares[d] * batch_size;
    return begin / share_sum + static_cast<std::uint64_t>(offset < begin % share_sum);
  }
  [[nodiscard]] static std::uint64_t at(std::uint64_t b) { return b; }
  [[nodiscard]] std::uint64_t count(std::size_t c, std::uint64_t b) const {
    return slots_before_batch(c + 1, b) - slots_before_batch(c, b);
  }
};

}  // namespace

TEST_CASE("batch_quotas: every part is rounded down or up, in batches and in aligned rows of them", "[batch_quotas]") {
  findings const good;
  for (auto const& shares : all_shares) {
    for (std::uint64_t const batch_size : {1u, 2u, 7u, 32u, 64u, 100u}) {
      for (std::uint64_t const first : {std::uint64_t{0}, std::uint64_t{1} << 20, (std::uint64_t{1} << 32) - 64}) {
        for (std::uint64_t const key :
             {std::uint64_t{0}, evendraw::random_word(5, batch_size)}) {  // 0: offsets meet ends
          batch_quotas const quotas(shares, batch_size, key);
          CAPTURE(shares, batch_size, first, key);
          CHECK(look_at(quotas, shares, batch_size, first, 128) == good);
          CHECK(quotas.batch_size() == batch_size);
          CHECK(quotas.num_classes() == shares.size());
        }
      }
    }
  }
  SECTION("quotas that are rounded once, or at random, are rejected") {
    numbers const shares{5, 11, 17, 31};
    auto const once = look_at(rounded_once{shares, 7}, shares, 7, 0, 128);
    CHECK(once.every_batch_full);
    CHECK_FALSE(once.every_aligned_row_rounded);
    CHECK_FALSE(once.drift_small);
    CHECK_FALSE(look_at(rounded_once{{20, 20, 22, 2}, 2}, {20, 20, 22, 2}, 2, 0, 128).every_count_rounded);
    auto const random = look_at(any_offset{shares, 7}, shares, 7, 0, 128);
    CHECK(random.every_count_rounded);
    CHECK_FALSE(random.every_aligned_row_rounded);
  }
}

TEST_CASE("batch_quotas: slots, counts and sums agree", "[batch_quotas]") {
  int wrong = 0;
  for (auto const& shares :
       {numbers{1}, numbers{3, 1, 1000, 17}, numbers{1, 1, 1, 1, 1, 1, 1}, numbers{7, 900, 7, 1}}) {
    for (std::uint64_t const batch_size : {1u, 3u, 10u, 64u}) {
      batch_quotas const quotas(shares, batch_size, batch_size == 10 ? 0 : evendraw::mix64(batch_size));
      numbers so_far(shares.size());
      for (std::uint64_t b = 0; b < 300; ++b) {
        std::uint64_t slot = 0;
        for (std::size_t c = 0; c < shares.size(); ++c) {
          wrong += before(quotas, c, b) != so_far[c];
          wrong += quotas.first_slot(c, quotas.at(b)) != slot;
          std::uint64_t const count = quotas.count(c, quotas.at(b));
          wrong += count < quotas.least(c) || count > quotas.most(c) || quotas.most(c) > quotas.least(c) + 1;
          for (std::uint64_t i = 0; i < count; ++i) wrong += quotas.class_of(quotas.at(b), slot++) != c;
          so_far[c] += count;
        }
        wrong += slot != batch_size || quotas.first_slot(shares.size(), quotas.at(b)) != batch_size;
      }
      for (std::uint64_t const far : {std::uint64_t{1} << 31, (std::uint64_t{1} << 32) - 1, std::uint64_t{1} << 32,
                                      (std::uint64_t{3} << 40) + 12345, ~std::uint64_t{0} - 1}) {
        for (std::size_t c = 0; c < shares.size(); ++c) {
          wrong += before(quotas, c, far + 1) - before(quotas, c, far) != quotas.count(c, quotas.at(far));
        }
      }
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("batch_quotas: blocks of slots have the classes and sums of single ones", "[batch_quotas]") {
  batch_quotas const quotas(numbers{5, 1, 30, 27, 1, 9}, 700, 3);
  evendraw::detail::block_of<std::uint32_t> slots, classes;
  evendraw::detail::block_of<std::uint64_t> begins, ends, sums;
  int wrong = 0, first_slots = 0, differ = 0;
  for (std::uint64_t const number : {0ull, 1ull, 6ull, 1023ull, 123'456'789ull, (1ull << 32) - 1, (7ull << 32) + 5}) {
    auto const batch = quotas.at(number);
    for (std::size_t const count : {1u, 15u, 16u, 33u, 512u}) {
      for (std::size_t i = 0; i < count; ++i) slots[i] = static_cast<std::uint32_t>(i * 271 % 700);
      quotas.find_classes(batch, slots, count, classes, begins, ends);
      batch_quotas::slots_before_batch(quotas, batch).find(begins, ends, count, sums);
      for (std::size_t i = 0; i < count; ++i) {
        wrong += classes[i] != quotas.class_of(batch, slots[i]);
        wrong += batch_quotas::slot_after(begins[i], batch) != quotas.first_slot(classes[i], batch);
        wrong += sums[i] != before(quotas, classes[i], number);
        first_slots += slots[i] == quotas.first_slot(classes[i], batch);
        differ += sums[i] != number * (quotas.least(classes[i]) + 1);
      }
    }
  }
  CHECK(wrong == 0);
  CHECK(first_slots > 0);
  CHECK(differ > 0);
}

TEST_CASE("batch_quotas: sums agree where a batch's offset is the border of two classes", "[batch_quotas]") {
  std::uint64_t const unit = std::uint64_t{1} << 32;
  int wrong = 0;
  for (std::uint64_t at_border = 0; at_border < 40; ++at_border) {
    std::uint64_t const border = batch_quotas(numbers{1}, 1, 7).at(at_border).offset;
    batch_quotas const quotas(numbers{border, unit - border}, 1, 7);
    std::uint64_t of_first = 0;
    for (std::uint64_t b = 0; b < 64; ++b) {
      wrong += before(quotas, 0, b) != of_first || before(quotas, 1, b) != b - of_first;
      bool const first = quotas.at(b).offset < border;
      wrong += quotas.class_of(quotas.at(b), 0) != (first ? 0 : 1) || quotas.count(0, quotas.at(b)) != (first ? 1 : 0);
      of_first += first ? 1 : 0;
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("batch_quotas: any batches_for() batches in a row have enough slots of a class", "[batch_quotas]") {
  int wrong = 0;
  for (auto const& shares : {numbers{64}, numbers{20, 4, 13, 27}, numbers{33, 31}, numbers{1, 2, 4, 57}}) {
    for (std::uint64_t const batch_size : {2u, 5u, 7u, 32u, 33u}) {
      batch_quotas const quotas(shares, batch_size, evendraw::mix64(batch_size));
      for (std::size_t c = 0; c < shares.size(); ++c) {
        if (quotas.most(c) <= 1) continue;
        for (std::uint64_t const slots : {1u, 2u, 3u, 10u, 100u, 1001u}) {
          std::uint64_t const batches = quotas.batches_for(c, slots);
          std::uint64_t const part = shares[c] * batch_size;  // in 64ths
          for (std::uint64_t begin = 0; begin < 600; ++begin) {
            wrong += before(quotas, c, begin + batches) - before(quotas, c, begin) < slots;
          }
          std::uint64_t const slack = 2 * static_cast<std::uint64_t>(std::bit_width(batches));
          wrong += batches > ((slots + slack) * share_sum + part - 1) / part;
          if (part % share_sum == 0) wrong += batches != (slots * share_sum + part - 1) / part;
        }
      }
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("batch_quotas at the edges", "[batch_quotas]") {
  std::uint64_t const huge = std::uint64_t{1} << 62;
  batch_quotas const tiny(numbers{huge, 1, huge - 1}, 1, 3);  // a share of almost nothing still comes
  CHECK(tiny.least(1) == 0);
  CHECK(before(tiny, 1, std::uint64_t{1} << 32) == 1);
  numbers many(50'000, 1);
  many[0] = huge;
  batch_quotas const crowd(many, 1, 3);
  CHECK(crowd.num_classes() == 50'000);
  CHECK(before(crowd, 49'999, std::uint64_t{1} << 32) == 1);
  CHECK(before(crowd, 0, std::uint64_t{1} << 32) == (std::uint64_t{1} << 32) - 49'999);
  many.assign(200'000, 1);  // no class is so large that it could compensate for all others
  for (std::size_t c = 0; c < 100'000; ++c) many[c] = huge >> 17;
  CHECK(before(batch_quotas(many, 1, 3), 150'000, std::uint64_t{1} << 32) == 1);

  batch_quotas const largest(numbers{1, 2, 1}, batch_quotas::largest_batch, 3);
  CHECK(largest.batch_size() == std::uint64_t{1} << 31);
  CHECK(largest.count(1, largest.at(12345)) == std::uint64_t{1} << 30);
  CHECK(largest.class_of(largest.at(5), (std::uint64_t{1} << 31) - 1) == 2);
}

TEST_CASE("batch_quotas: no class comes regularly in every second, fourth, ... batch", "[batch_quotas]") {
  // A class with half a slot is in half of 16,384 batches. Ranks that take every R-th batch have it about equally often.
  constexpr std::uint64_t batches = 1 << 15;
  auto const most_off = [](auto const& in_batch, std::uint64_t ranks) {
    std::vector<std::int64_t> excess(static_cast<std::size_t>(ranks), -static_cast<std::int64_t>(batches / ranks / 2));
    for (std::uint64_t b = 0; b < batches; ++b) excess[static_cast<std::size_t>(b % ranks)] += in_batch(b) ? 1 : 0;
    return std::abs(*std::ranges::max_element(excess, {}, [](auto number) { return std::abs(number); }));
  };
  for (std::uint64_t const key : {1u, 2u, 3u}) {
    batch_quotas const quotas(numbers{1, 1}, 1, evendraw::mix64(key));
    for (std::uint64_t const ranks : {2u, 4u, 8u, 16u, 32u, 64u}) {
      CAPTURE(key, ranks);
      CHECK(most_off([&](std::uint64_t b) { return quotas.count(0, quotas.at(b)) == 1; }, ranks) < 800);
    }
  }
  // the check rejects offsets that are not scrambled
  CHECK(most_off([](std::uint64_t b) { return b % 2 == 0; }, 4) == 4096);
}

TEST_CASE("batch_quotas: the key chooses the batches", "[batch_quotas]") {
  auto const classes_drawn = [](std::uint64_t key) {
    batch_quotas const quotas(numbers{1, 1, 1}, 1, key);
    numbers result;
    for (std::uint64_t b = 0; b < 64; ++b) result.push_back(quotas.class_of(quotas.at(b), 0));
    return result;
  };
  CHECK(classes_drawn(evendraw::mix64(1)) != classes_drawn(evendraw::mix64(2)));
  CHECK(classes_drawn(evendraw::mix64(1)) == classes_drawn(evendraw::mix64(1)));
  CHECK(batch_quotas(numbers{1, 1}, 4, 1).fingerprint() != batch_quotas(numbers{1, 1}, 4, 2).fingerprint());
  CHECK(batch_quotas(numbers{1, 1}, 4, 1).fingerprint() != batch_quotas(numbers{1, 1}, 5, 1).fingerprint());
  CHECK(batch_quotas(numbers{1, 1}, 4, 1).fingerprint() != batch_quotas(numbers{1, 2}, 4, 1).fingerprint());
  CHECK(batch_quotas(numbers{1, 1}, 4, 1).fingerprint() == batch_quotas(numbers{2, 2}, 4, 1).fingerprint());
}

TEST_CASE("batch_quotas: the bits of a number above every four decide how these are flipped", "[batch_quotas]") {
  numbers const shares{1, 2};
  std::uint64_t const key = 9;
  batch_quotas const quotas(shares, 10, key);
  for (std::uint64_t const number : {0u, 1u, 15u, 16u, 17u, 255u, 256u, 4095u, 4096u, 0x0fffffffu, 0x10000000u, ~0u}) {
    CAPTURE(number);
    std::uint64_t offset = 0;
    for (std::uint64_t digit = 0; digit < 8; ++digit) {
      std::uint64_t const above = number >> (4 * digit + 4) << 4;
      std::uint64_t const flipped = (number >> (4 * digit) ^ evendraw::random_word(key, above + digit) >> 60) & 15;
      offset |= flipped << (4 * digit);
    }
    CHECK(quotas.at(number).offset == evendraw::detail::reversed_bits(static_cast<std::uint32_t>(offset)));
  }
}

TEST_CASE("batch_quotas gives the golden counts", "[batch_quotas][golden]") {
  batch_quotas const quotas(numbers{10, 3, 1}, 4, evendraw::mix64(2026));
  std::vector<numbers> counts;
  for (std::uint64_t b = 0; b < 6; ++b) {
    auto const batch = quotas.at(b);
    counts.push_back({quotas.count(0, batch), quotas.count(1, batch), quotas.count(2, batch)});
  }
  CHECK(counts == std::vector<numbers>{{3, 1, 0}, {3, 1, 0}, {2, 1, 1}, {3, 1, 0}, {3, 1, 0}, {3, 1, 0}});
}

}  // namespace batch_quotas_test
