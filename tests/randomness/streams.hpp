// Streams of words to be tested: those that the library draws from, one that is known to be good, and weak ones.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <evendraw/evendraw.hpp>

namespace randomness {

/// Writes the next words of a stream.
using filler = std::function<void(std::span<std::uint64_t>)>;

struct word_stream {
  std::string name;
  std::string what;
  std::function<filler()> begin;
};

/// A stream from a function that is called for each word, with a state of its own.
template <class Next>
std::function<filler()> one_by_one(Next next) {
  return [next]() -> filler {
    return [next](std::span<std::uint64_t> out) mutable {
      for (auto& word : out) word = next();
    };
  };
}

/// A stream whose word i is f(i).
template <class F>
std::function<filler()> by_number(F f) {
  return one_by_one([f, i = std::uint64_t{0}]() mutable { return f(i++); });
}

/// Words of the last `bits` bits of numbers, as many as fit; read(first, numbers) gives the numbers.
template <std::unsigned_integral Number, class Read>
std::function<filler()> packed(int bits, Read read) {
  return [bits, read]() -> filler {
    return
        [bits, read, first = std::uint64_t{0}, numbers = std::vector<Number>()](std::span<std::uint64_t> out) mutable {
          auto const per_word = static_cast<std::size_t>(64 / bits);
          numbers.resize(out.size() * per_word);
          read(first, std::span(numbers));
          first += numbers.size();
          for (std::size_t i = 0; i < out.size(); ++i) {
            std::uint64_t word = 0;
            for (std::size_t j = 0; j < per_word; ++j) {
              word = word << bits | (std::uint64_t{numbers[i * per_word + j]} & ((std::uint64_t{1} << bits) - 1));
            }
            out[i] = word;
          }
        };
  };
}

/// Numbers of permutations of [0, n), read in runs of 2^16 places. Each run has the next key. So short a part of a
/// permutation looks as if it were drawn with replacement.
template <class Make>
auto runs_of(std::uint64_t n, Make make) {
  return [n, make](std::uint64_t first, std::span<std::uint32_t> out) {
    for (std::size_t done = 0; done < out.size();) {
      std::uint64_t const run = (first + done) >> 16, in_run = (first + done) & 0xffff;
      auto const part = out.subspan(done, std::min<std::size_t>(out.size() - done, (1 << 16) - in_run));
      std::iota(part.begin(), part.end(), static_cast<std::uint32_t>(in_run));
      make(n, evendraw::random_word(3, 0) + run, part);
      done += part.size();
    }
  };
}

inline void permute(std::uint64_t n, std::uint64_t key, std::span<std::uint32_t> places) {
  evendraw::permutation(n, key).apply(places);
}

inline void permute_high(std::uint64_t n, std::uint64_t key, std::span<std::uint32_t> places) {
  permute(n, key, places);
  for (auto& place : places) place >>= 16;
}

/// A weak twin with two rounds instead of eight.
inline void permute_weakly(std::uint64_t n, std::uint64_t key, std::span<std::uint32_t> places) {
  auto const bits = std::bit_width(n - 1);
  std::uint64_t const mask = (std::uint64_t{1} << bits) - 1, factor = evendraw::random_word(key, 0) | 1,
                      term = evendraw::random_word(key, 1);
  for (auto& place : places) {
    std::uint64_t x = place;
    for (std::uint64_t round = 0; round < 2; ++round) {
      x = (x * (factor + 2 * round) + term) & mask;
      x ^= x >> (bits + 1) / 2;
    }
    place = static_cast<std::uint32_t>(x);
  }
}

/// One place of each of many permutations of [0, n) with consecutive keys.
template <std::unsigned_integral Number>
auto one_place_each(std::uint64_t n, std::uint64_t place) {
  return [n, place](std::uint64_t first, std::span<Number> out) {
    std::uint64_t const key = evendraw::random_word(4, 0) + first;
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i] = static_cast<Number>(evendraw::permutation(n, key + i)((place + first + i) % n));
    }
  };
}

template <class Sampler>
auto draws_of(Sampler const& sampler) {
  return [draws = sampler.epoch(0)](std::uint64_t first, std::span<std::uint32_t> out) { draws.read(first, out); };
}

/// The streams that the library draws from.
inline std::vector<word_stream> library_streams() {
  using evendraw::random_stream, evendraw::stream_key, evendraw::random_word;
  constexpr std::uint64_t endless = std::uint64_t{1} << 62;
  std::vector<std::uint64_t> counts(64, 256);
  counts.resize(128, 768);
  evendraw::target_proportion_sampler const natural(evendraw::class_index<int>::from_counts(counts), counts,
                                                    {.epoch_size = endless, .seed = 1});
  return {
      {"position", "word(stream_key(1, 0, draw), i)",
       by_number([](std::uint64_t i) { return random_word(stream_key(1, 0, random_stream::draw), i); })},
      {"epoch", "word(stream_key(1, i, draw), 77)",
       by_number([](std::uint64_t i) { return random_word(stream_key(1, i, random_stream::draw), 77); })},
      {"seed", "word(stream_key(i, 0, draw), 0)",
       by_number([](std::uint64_t i) { return random_word(stream_key(i, 0, random_stream::draw), 0); })},
      {"seed and epoch", "word(stream_key(a, b, draw), 0) and with b, a: the sum stays", by_number([](std::uint64_t i) {
         return random_word(
             i % 2 == 0 ? stream_key(i, i + 1, random_stream::draw) : stream_key(i, i - 1, random_stream::draw), 0);
       })},
      {"purposes", "word(stream_key(1, 0, p), i) of all purposes p in turn", by_number([](std::uint64_t i) {
         return random_word(stream_key(1, 0, static_cast<random_stream>(i % 7)), i / 7);
       })},
      {"multinomial", "multinomial_sampler of 2^16 equal weights, 16 bits a draw",
       packed<std::uint32_t>(16, draws_of(evendraw::multinomial_sampler(std::vector<float>(1 << 16, 1),
                                                                        {.epoch_size = endless, .seed = 1})))},
      {"target proportion",
       "target_proportion_sampler of 2^16 samples in 128 classes, drawn by their sizes, 16 bits a draw",
       packed<std::uint32_t>(16, draws_of(natural))},
      {"perm. of 2^32", "permutation(2^32, key), 2^16 places of each key, the last 16 bits",
       packed<std::uint32_t>(16, runs_of(std::uint64_t{1} << 32, permute))},
      {"perm. of 2^32, high", "permutation(2^32, key), 2^16 places of each key, the first 16 bits",
       packed<std::uint32_t>(16, runs_of(std::uint64_t{1} << 32, permute_high))},
      {"perm. of 3 2^30", "permutation(3 * 2^30, key), which walks cycles, 2^16 places of each key, the last 16 bits",
       packed<std::uint32_t>(16, runs_of(std::uint64_t{3} << 30, permute))},
      {"perm. of 2^48", "permutation(2^48, one key), 64-bit arithmetic, the last 16 bits",
       packed<std::uint64_t>(16,
                             [](std::uint64_t first, std::span<std::uint64_t> out) {
                               std::iota(out.begin(), out.end(), first);
                               evendraw::permutation(std::uint64_t{1} << 48, random_word(5, 0)).apply(out);
                             })},
      {"keys, n = 2^32", "one place of permutation(2^32, key) for each key, all 32 bits",
       packed<std::uint32_t>(32, one_place_each<std::uint32_t>(std::uint64_t{1} << 32, 0))},
      {"keys, n = 2^8", "one place of permutation(2^8, key) for each key, all 8 bits",
       packed<std::uint8_t>(8, one_place_each<std::uint8_t>(256, 0))},
  };
}

/// ChaCha with 20 rounds (RFC 8439): known to be good.
class chacha20 {
 public:
  explicit chacha20(std::array<std::uint32_t, 16> start) : state_(start) {}

  std::uint64_t operator()() {
    if (next_ == 16) refill();
    std::uint64_t const low = block_[next_], high = block_[next_ + 1];
    next_ += 2;
    return high << 32 | low;
  }

 private:
  void refill() {
    block_ = state_;
    for (int i = 0; i < 10; ++i) {
      for (std::size_t c = 0; c < 4; ++c) quarter(c, c + 4, c + 8, c + 12);
      for (std::size_t c = 0; c < 4; ++c) quarter(c, (c + 1) % 4 + 4, (c + 2) % 4 + 8, (c + 3) % 4 + 12);
    }
    for (std::size_t i = 0; i < 16; ++i) block_[i] += state_[i];
    if (++state_[12] == 0) ++state_[13];
    next_ = 0;
  }
  void quarter(std::size_t a, std::size_t b, std::size_t c, std::size_t d) {
    auto const step = [this](std::size_t sum, std::size_t summand, std::size_t turned, int bits) {
      block_[sum] += block_[summand];
      block_[turned] = std::rotl(block_[turned] ^ block_[sum], bits);
    };
    step(a, b, d, 16);
    step(c, d, b, 12);
    step(a, b, d, 8);
    step(c, d, b, 7);
  }

  std::array<std::uint32_t, 16> state_;
  std::array<std::uint32_t, 16> block_{};
  std::size_t next_ = 16;
};

inline word_stream reference_stream() {
  return {"ChaCha20", "not of the library: known to be good",
          one_by_one(chacha20({0x61707865, 0x3320646e, 0x79622d32, 0x6b206574, 1, 2, 3, 4, 5, 6, 7, 8}))};
}

/// The streams that the tests must reject.
inline std::vector<word_stream> weak_streams() {
  using evendraw::mix64, evendraw::random_word;
  constexpr std::uint64_t step = evendraw::detail::word_step;
  auto const summed = [](std::uint64_t i, std::uint64_t seed, std::uint64_t epoch) {
    return random_word(mix64(seed + epoch), i);
  };
  return {
      {"randu", "x = 65539 x mod 2^31, its first 16 bits, four a word",
       packed<std::uint32_t>(16,
                             [x = std::uint32_t{1}](std::uint64_t, std::span<std::uint32_t> out) mutable {
                               for (auto& number : out) number = (x = 65539 * x & 0x7fffffffu) >> 15;
                             })},
      {"LCG, low bits", "the last 32 bits of an LCG modulo 2^64, two a word",
       packed<std::uint64_t>(32,
                             [x = std::uint64_t{1}](std::uint64_t, std::span<std::uint64_t> out) mutable {
                               for (auto& number : out) number = x = x * 6364136223846793005u + 1442695040888963407u;
                             })},
      {"LCG", "all 64 bits of an LCG modulo 2^64",
       one_by_one([x = std::uint64_t{1}]() mutable { return x = x * 6364136223846793005u + 1442695040888963407u; })},
      {"one round", "keys mixed by one multiplication instead of two", by_number([](std::uint64_t i) {
         std::uint64_t const once = (i ^ i >> 30) * 0xbf58476d1ce4e5b9u;
         return once ^ once >> 27;
       })},
      {"no rounds", "i * 0x9e3779b97f4a7c15: too even", by_number([](std::uint64_t i) { return (i + 1) * step; })},
      {"seed + epoch", "keys from seed + epoch: seed 1, epoch 0 is seed 0, epoch 1",
       by_number([=](std::uint64_t i) { return i % 2 == 0 ? summed(0, i, i + 1) : summed(0, i, i - 1); })},
      {"shifted purposes", "keys of purposes that are neighbours in the same sequence",
       by_number([](std::uint64_t i) { return random_word(mix64(1) + i % 7 * step, i / 7); })},
      {"no epoch", "keys without the epoch, 4,096 draws each",
       by_number([](std::uint64_t i) { return random_word(mix64(1), i & 0xfff); })},
      {"two rounds", "a permutation of 2^32 with two rounds instead of eight",
       packed<std::uint32_t>(16, runs_of(std::uint64_t{1} << 32, permute_weakly))},
  };
}

}  // namespace randomness
