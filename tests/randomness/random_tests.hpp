// Tests of random words: pairs and triples, bytes, gaps, collisions, birthday spacings, ranks. Each test takes words as
// they come and gives a two-sided p-value, since too even is as wrong as too uneven. The null law is exact, or practically
// exact at the sizes used here.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <evendraw/inspect/chi_squared.hpp>

namespace randomness {

using word_span = std::span<std::uint64_t const>;

/// The two-sided p-value of a statistic x with the tails upper = P(X >= x) and lower = P(X <= x).
inline double two_sided(double upper, double lower) { return std::min(1.0, 2 * std::min(upper, lower)); }

/// Joins each cell with fewer than ten expected draws with the next one, and what remains with the last.
inline double chi_squared_p(std::span<std::uint64_t const> seen, std::span<double const> probability) {
  double total = 0;
  for (auto const count : seen) total += static_cast<double>(count);
  std::vector<std::uint64_t> counts;
  std::vector<double> cells;
  bool open = false;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (!open) {
      counts.push_back(0);
      cells.push_back(0);
    }
    counts.back() += seen[i];
    cells.back() += probability[i];
    open = cells.back() * total < 10;
  }
  if (open && counts.size() > 1) {
    counts[counts.size() - 2] += counts.back();
    cells[cells.size() - 2] += cells.back();
    counts.pop_back();
    cells.pop_back();
  }
  if (counts.size() < 2) return 1;
  double const upper = evendraw::chi_squared_test(counts, cells).p_value;
  return two_sided(upper, 1 - upper);
}

/// Equally likely cells.
inline double uniform_p(std::span<std::uint64_t const> seen) {
  return chi_squared_p(seen, std::vector<double>(seen.size(), 1 / static_cast<double>(seen.size())));
}

inline double poisson_p(double mean, std::uint64_t seen) {
  auto const x = static_cast<double>(seen);
  double const upper = seen == 0 ? 1 : 1 - evendraw::detail::chi_squared_tail(2 * x, 2 * mean);
  return two_sided(upper, evendraw::detail::chi_squared_tail(2 * (x + 1), 2 * mean));
}

/// Serial test: the first bits of `length` consecutive words are a tuple, and all tuples are equally likely. Words left
/// over at the end of a span are not tested. Knuth, The Art of Computer Programming 2, 3.3.2 B.
class tuples {
 public:
  tuples(std::size_t length, int bits)
      : length_(length), bits_(bits), seen_(std::size_t{1} << (length * static_cast<std::size_t>(bits))) {}

  void add(word_span words) {
    for (std::size_t i = 0; i + length_ <= words.size(); i += length_) {
      std::uint64_t cell = 0;
      for (std::size_t j = 0; j < length_; ++j) cell = cell << bits_ | words[i + j] >> (64 - bits_);
      ++seen_[static_cast<std::size_t>(cell)];
    }
  }
  [[nodiscard]] double p() const { return uniform_p(seen_); }

 private:
  std::size_t length_;
  int bits_;
  std::vector<std::uint64_t> seen_;
};

/// Serial test within words: the 8 bits of each byte, for every byte of a word.
class bytes {
 public:
  void add(word_span words) {
    for (auto const word : words) {
      for (std::size_t b = 0; b < 8; ++b) ++seen_[b * 256 + (word >> (8 * b) & 255)];
    }
  }
  [[nodiscard]] double p() const {
    double statistic = 0;
    for (std::size_t b = 0; b < 8; ++b) {
      statistic +=
          evendraw::chi_squared_test(std::span(seen_).subspan(b * 256, 256), std::vector<double>(256, 1.0 / 256))
              .statistic;
    }
    double const upper = evendraw::detail::chi_squared_tail(8 * 255, statistic);
    return two_sided(upper, 1 - upper);
  }

 private:
  std::array<std::uint64_t, 8 * 256> seen_{};
};

/// Gap test: the number of words between two words that begin with four zero bits is geometric. Knuth 3.3.2 D.
class gaps {
 public:
  void add(word_span words) {
    for (auto const word : words) {
      if (word >> 60 != 0) {
        ++length_;
      } else {
        ++seen_[std::min(length_, seen_.size() - 1)];
        length_ = 0;
      }
    }
  }
  [[nodiscard]] double p() const {
    std::vector<double> law;
    double left = 1;
    for (std::size_t length = 0; length + 1 < seen_.size(); ++length) {
      law.push_back(left / 16);
      left *= 15.0 / 16;
    }
    law.push_back(left);
    return chi_squared_p(seen_, law);
  }

 private:
  std::size_t length_ = 0;
  std::array<std::uint64_t, 128> seen_{};
};

/// The probabilities of 0, 1, 2, ... collisions when balls fall into cells. Larger numbers are left out.
/// Knuth 3.3.2 I.
inline std::vector<double> collision_law(std::uint64_t balls, std::uint64_t cells) {
  double const n = static_cast<double>(balls), m = static_cast<double>(cells),
               mean = n - m * (1 - std::pow(1 - 1 / m, n));
  std::vector<double> law(static_cast<std::size_t>(std::min(n, mean + 20 * std::sqrt(mean) + 20)) + 1);
  law[0] = 1;
  for (double thrown = 0; thrown < n; ++thrown) {
    for (std::size_t c = law.size(); c-- > 0;) {  // occupied cells: thrown - c
      double const hit = c > 0 ? std::max(0.0, (thrown - static_cast<double>(c - 1)) / m) : 0;
      double const missed = std::max(0.0, 1 - (thrown - static_cast<double>(c)) / m);
      law[c] = law[c] * missed + (c > 0 ? law[c - 1] * hit : 0);
    }
  }
  return law;
}

/// Collision test: the first bits of two consecutive words are the cell of a ball.
class collisions {
 public:
  collisions(std::uint64_t balls, int bits_of_word)
      : bits_(bits_of_word),
        left_(balls),
        balls_(balls),
        law_(collision_law(balls, std::uint64_t{1} << (2 * bits_of_word))),
        seen_(law_.size() + 1),
        hit_(std::size_t{1} << (2 * bits_of_word)) {}

  void add(word_span words) {
    for (std::size_t i = 0; i + 2 <= words.size(); i += 2) {
      auto const cell = static_cast<std::size_t>(words[i] >> (64 - bits_) << bits_ | words[i + 1] >> (64 - bits_));
      collided_ += hit_[cell] ? 1 : 0;
      hit_[cell] = true;
      if (--left_ == 0) finish();
    }
  }
  [[nodiscard]] double p() const {
    auto law = law_;
    law.push_back(1e-300);  // more collisions than the law covers
    return chi_squared_p(seen_, law);
  }

 private:
  void finish() {
    ++seen_[std::min(collided_, seen_.size() - 1)];
    collided_ = 0;
    left_ = balls_;
    hit_.assign(hit_.size(), false);
  }

  int bits_;
  std::uint64_t left_;
  std::uint64_t balls_;
  std::size_t collided_ = 0;
  std::vector<double> law_;
  std::vector<std::uint64_t> seen_;
  std::vector<bool> hit_;
};

/// Sorts numbers of `bits` bits.
inline void radix_sort(std::vector<std::uint64_t>& numbers, std::vector<std::uint64_t>& scratch, int bits) {
  constexpr int digit = 11;
  scratch.resize(numbers.size());
  for (int shift = 0; shift < bits; shift += digit) {
    std::array<std::size_t, (1 << digit) + 1> first{};
    auto const digit_of = [shift](std::uint64_t x) {
      return static_cast<std::size_t>(x >> shift & ((1 << digit) - 1));
    };
    for (auto const x : numbers) ++first[digit_of(x) + 1];
    for (std::size_t d = 1; d < first.size(); ++d) first[d] += first[d - 1];
    for (auto const x : numbers) scratch[first[digit_of(x)]++] = x;
    numbers.swap(scratch);
  }
}

/// Birthday spacings: the first bits of a word are a day of the year. The number of spacings of the sorted days that equal
/// another one is nearly Poisson with mean birthdays^3 / (4 days). The sum over `years` has `years` times that mean, while
/// years * birthdays^3 <= days^(5/4). Marsaglia 1985; L'Ecuyer & Simard, Mathematics and Computers in Simulation 55, 2001.
class birthday_spacings {
 public:
  birthday_spacings(std::size_t birthdays, int bits) : birthdays_(birthdays), bits_(bits) {}

  void add(word_span words) {
    for (auto const word : words) {
      days_.push_back(word >> (64 - bits_));
      if (days_.size() == birthdays_) finish();
    }
  }
  [[nodiscard]] double p() const {
    double const n = static_cast<double>(birthdays_), year = std::ldexp(1.0, bits_);
    return poisson_p(static_cast<double>(years_) * (n * n * n / (4 * year)), equal_);
  }

 private:
  void finish() {
    radix_sort(days_, scratch_, bits_);
    for (std::size_t i = days_.size() - 1; i > 0; --i) days_[i] -= days_[i - 1];
    radix_sort(days_, scratch_, bits_);
    for (std::size_t i = 1; i < days_.size(); ++i) equal_ += days_[i] == days_[i - 1] ? 1 : 0;
    ++years_;
    days_.clear();
  }

  std::size_t birthdays_;
  int bits_;
  std::uint64_t years_ = 0;
  std::uint64_t equal_ = 0;
  std::vector<std::uint64_t> days_, scratch_;
};

/// The rank of a matrix of bits; each word is a row.
inline int rank_of(std::span<std::uint64_t> rows) {
  int rank = 0;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::uint64_t const pivot = rows[r] & (0 - rows[r]);
    if (pivot == 0) continue;
    ++rank;
    for (std::size_t other = r + 1; other < rows.size(); ++other) {
      rows[other] ^= rows[r] & (0 - static_cast<std::uint64_t>((rows[other] & pivot) != 0));
    }
  }
  return rank;
}

/// The probability that a random n x n matrix of bits has rank n - lost.
inline double rank_probability(int n, int lost) {
  double result = 1;
  for (int i = 0; i < n - lost; ++i) {
    double const missed = 1 - std::ldexp(1.0, i - n);
    result *= missed * missed / (1 - std::ldexp(1.0, i - (n - lost)));
  }
  return std::ldexp(result, -lost * lost);
}

/// Rank test: 64 words are a matrix.
class ranks {
 public:
  void add(word_span words) {
    for (std::size_t i = 0; i + 64 <= words.size(); i += 64) {
      std::array<std::uint64_t, 64> rows;
      std::copy_n(words.begin() + static_cast<std::ptrdiff_t>(i), 64, rows.begin());
      ++seen_[static_cast<std::size_t>(std::min(3, 64 - rank_of(rows)))];
    }
  }
  [[nodiscard]] double p() const {
    std::vector<double> law{rank_probability(64, 0), rank_probability(64, 1), rank_probability(64, 2)};
    law.push_back(1 - law[0] - law[1] - law[2]);
    return chi_squared_p(seen_, law);
  }

 private:
  std::array<std::uint64_t, 4> seen_{};
};

constexpr std::uint64_t reversed_bits(std::uint64_t x) noexcept {
  x = (x >> 1 & 0x5555555555555555u) | (x & 0x5555555555555555u) << 1;
  x = (x >> 2 & 0x3333333333333333u) | (x & 0x3333333333333333u) << 2;
  x = (x >> 4 & 0x0f0f0f0f0f0f0f0fu) | (x & 0x0f0f0f0f0f0f0f0fu) << 4;
  x = (x >> 8 & 0x00ff00ff00ff00ffu) | (x & 0x00ff00ff00ff00ffu) << 8;
  x = (x >> 16 & 0x0000ffff0000ffffu) | (x & 0x0000ffff0000ffffu) << 16;
  return x >> 32 | x << 32;
}

/// The sizes of the tests that take words in groups.
struct sizes {
  /// 2^a birthdays in a year of 2^(3 a - 3) days, so that two equal spacings are expected. a is the least number for
  /// which the sum over all years is close enough to Poisson.
  explicit sizes(int log_words) {
    int a = 8;
    while (7 * a - 15 < 4 * log_words) ++a;
    birthdays = std::size_t{1} << a;
    day_bits = 3 * a - 3;
  }
  std::uint64_t balls = 1 << 13;
  int ball_bits = 10;  // of each of two words
  std::size_t birthdays;
  int day_bits;
};

/// All tests. Those of the first bits of a word are also applied to its last bits.
class battery {
 public:
  /// For 2^log_words words.
  explicit battery(int log_words) : high_(sizes(log_words)), low_(sizes(log_words)) {}

  /// Spans should be long and of even length, since serial tests begin anew with each.
  void add(word_span words) {
    bytes_.add(words);
    ranks_.add(words);
    high_.add(words);
    reversed_.assign(words.begin(), words.end());
    for (auto& word : reversed_) word = reversed_bits(word);
    low_.add(reversed_);
  }

  /// The names of p_values(); "" stands for the same test of the last bits.
  static std::vector<std::string> names() {
    return {"pairs", "", "triples", "", "gaps", "", "collisions", "", "birthdays", "", "bytes", "ranks"};
  }
  [[nodiscard]] std::vector<double> p_values() const {
    std::vector<double> result;
    for (auto const& [high, low] : {std::pair{high_.pairs.p(), low_.pairs.p()},
                                    {high_.triples.p(), low_.triples.p()},
                                    {high_.gap.p(), low_.gap.p()},
                                    {high_.collision.p(), low_.collision.p()},
                                    {high_.birthday.p(), low_.birthday.p()}}) {
      result.insert(result.end(), {high, low});
    }
    result.insert(result.end(), {bytes_.p(), ranks_.p()});
    return result;
  }

 private:
  struct first_bits {
    explicit first_bits(sizes counts)
        : collision(counts.balls, counts.ball_bits), birthday(counts.birthdays, counts.day_bits) {}
    void add(word_span words) {
      pairs.add(words);
      triples.add(words);
      gap.add(words);
      collision.add(words);
      birthday.add(words);
    }
    tuples pairs{2, 8};
    tuples triples{3, 5};
    gaps gap;
    collisions collision;
    birthday_spacings birthday;
  };

  first_bits high_;
  first_bits low_;
  bytes bytes_;
  ranks ranks_;
  std::vector<std::uint64_t> reversed_;
};

}  // namespace randomness
