#include <evendraw/weights/detail/smallest_keys.hpp>

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <utility>
#include <vector>

#include <support/catch2.hpp>

namespace smallest_keys_test {

namespace {

constexpr std::uint64_t octave = std::uint64_t{1} << 52;

/// Keys of any distribution, each at least one octave. Keys at the limit and above do not count.
struct given_keys {
  std::vector<std::uint64_t> keys;
  std::uint64_t octaves = 8;
  std::uint64_t too_low = 0;  // misleads the sample, which is the first to read by indices
  mutable std::size_t asked = 0;

  std::uint64_t size() const { return keys.size(); }
  std::uint64_t least() const { return octave; }
  std::uint64_t limit() const { return octave * (1 + octaves); }
  /// Also lists every third sample whose key is not below the limit, which is allowed.
  std::size_t list_low(std::uint64_t first, std::size_t count, std::uint64_t below, evendraw::detail::lane_list& lanes,
                       evendraw::detail::block_of<std::uint64_t>& out) const noexcept {
    std::size_t listed = 0;
    for (std::size_t i = 0; i < count; ++i) {
      std::uint64_t const key = keys[static_cast<std::size_t>(first) + i];
      if (key >= below && i % 3 != 0) continue;
      lanes[listed] = static_cast<std::uint16_t>(i);
      out[listed++] = key;
    }
    return listed;
  }
  template <class Index>
  void read_block(std::span<Index const> indices, evendraw::detail::block_of<std::uint64_t>& out) const noexcept {
    for (std::size_t i = 0; i < indices.size(); ++i)
      out[i] = keys[static_cast<std::size_t>(indices[i])] - (asked++ < size() / 64 ? too_low : 0);
  }
};

template <class Index = std::uint32_t>
std::vector<Index> found(given_keys const& keys, std::uint64_t count) {
  auto const result = evendraw::detail::smallest_keys<Index, given_keys>(keys).find(count);
  return {result.begin(), result.end()};
}

std::vector<std::uint32_t> expected(given_keys const& keys, std::size_t count) {
  std::vector<std::uint32_t> order(keys.keys.size());
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::sort(order, {}, [&](std::uint32_t i) { return std::pair(keys.keys[i], i); });
  order.resize(count);
  return order;
}

given_keys random_keys(std::size_t n, std::uint64_t seed, std::uint64_t octaves = 8) {
  given_keys result{{}, octaves};
  for (std::size_t i = 0; i < n; ++i) {
    result.keys.push_back(octave + evendraw::bounded(evendraw::random_word(seed, i), octaves * octave));
  }
  return result;
}

}  // namespace

TEST_CASE("smallest_keys equals a stable sort", "[smallest_keys]") {
  for (std::size_t const n : {1u, 2u, 7u, 8u, 9u, 100u, 511u, 512u, 513u, 5000u, 32'767u, 32'768u, 60'000u}) {
    auto const keys = random_keys(n, n);
    for (std::size_t const count : {std::size_t{1}, n / 100, n / 10, n / 2, n - n / 5, n - 1, n}) {
      if (count == 0) continue;
      CAPTURE(n, count);
      CHECK(found(keys, count) == expected(keys, count));
    }
  }
}

TEST_CASE("smallest_keys puts equal keys in the order of their indices", "[smallest_keys]") {
  given_keys same{std::vector<std::uint64_t>(40'000, 3 * octave + 12345)};
  CHECK(found(same, 40'000) == expected(same, 40'000));
  CHECK(found(same, 77) == expected(same, 77));
  auto few = random_keys(40'000, 5);
  for (auto& key : few.keys) key = octave + (key - octave) / (octave / 8) * (octave / 8);  // 64 keys
  CHECK(found(few, 20'000) == expected(few, 20'000));
  CHECK(found(few, 1000) == expected(few, 1000));
  for (auto& key : few.keys) key += key >> 50 & 1;  // neighbouring keys
  CHECK(found(few, 30'000) == expected(few, 30'000));
}

TEST_CASE("smallest_keys compares whole keys if their upper parts are equal", "[smallest_keys]") {
  given_keys keys;  // they differ only in bits below the upper 32
  for (std::uint64_t i = 0; i < 3000; ++i)
    keys.keys.push_back(octave * 3 / 2 + evendraw::bounded(i * 0x9e3779b97f4a7c15, 900));
  CHECK(found(keys, 3000) == expected(keys, 3000));
  auto const wide = found<std::uint64_t>(keys, 2000);
  CHECK(std::ranges::equal(wide, expected(keys, 2000)));
}

TEST_CASE("smallest_keys sorts keys that are not evenly spread", "[smallest_keys]") {
  given_keys keys;
  for (std::uint64_t i = 0; i < 3000; ++i) keys.keys.push_back(2 * octave - i);  // at the top of a bucket, downwards
  for (std::uint64_t i = 0; i < 3000; ++i) keys.keys.push_back(octave + i % 1000);
  CHECK(found(keys, 6000) == expected(keys, 6000));
  CHECK(found(keys, 4500) == expected(keys, 4500));
  auto const wide = random_keys(5000, 9, 2200);  // some 2000 octaves
  CHECK(found(wide, 3000) == expected(wide, 3000));
}

TEST_CASE("smallest_keys leaves out keys from the limit on", "[smallest_keys]") {
  auto keys = random_keys(50'000, 3);
  for (std::size_t i = 0; i < keys.keys.size(); ++i) {
    if (i % 4 != 0) keys.keys[i] = keys.limit() + i;
  }
  CHECK(found(keys, 12'500) == expected(keys, 12'500));
  CHECK(found(keys, 100) == expected(keys, 100));
  for (std::size_t i = 0; i < keys.keys.size(); ++i) {
    if (i % 100 != 0) keys.keys[i] = keys.limit() + i % 1000 * octave;  // the sample sees few others
  }
  CHECK(found(keys, 490) == expected(keys, 490));
}

TEST_CASE("smallest_keys looks again when its sample misled it", "[smallest_keys]") {
  auto keys = random_keys(50'000, 4);
  for (auto& key : keys.keys) key += octave;
  keys.octaves = 9;
  keys.too_low = octave;
  CHECK(found(keys, 5000) == expected(keys, 5000));
  keys.too_low = 0 - octave;
  CHECK(found(keys, 5000) == expected(keys, 5000));
}

TEST_CASE("smallest_keys for narrow and wide indices", "[smallest_keys]") {
  auto const keys = random_keys(60'000, 6);
  auto const narrow = found<std::uint16_t>(keys, 7000);
  auto const wide = found<std::uint64_t>(keys, 7000);
  auto const usual = expected(keys, 7000);
  CHECK(std::ranges::equal(narrow, usual));
  CHECK(std::ranges::equal(wide, usual));
}

TEST_CASE("smallest_keys sorts keys that are close together", "[smallest_keys]") {
  given_keys keys;  // insertion alone would take 10^11 moves
  for (std::uint64_t i = 0; i < 500'000; ++i) keys.keys.push_back(3 * octave + (500'000 - i) / 3);
  CHECK(found(keys, 400'000) == expected(keys, 400'000));
  for (auto& key : keys.keys) key = 2 * octave;
  CHECK(found(keys, 400'000) == expected(keys, 400'000));
}

namespace {

/// Keys that break their promises: they are any numbers, and differ when they are read again.
struct broken_keys {
  std::uint64_t size() const { return 100'000; }
  std::uint64_t least() const { return octave; }
  std::uint64_t limit() const { return 9 * octave; }
  std::size_t list_low(std::uint64_t, std::size_t count, std::uint64_t, evendraw::detail::lane_list& lanes,
                       evendraw::detail::block_of<std::uint64_t>& out) const noexcept {
    for (std::size_t i = 0; i < count; ++i) {
      lanes[i] = static_cast<std::uint16_t>(i);
      out[i] = evendraw::random_word(1, ++read) >> shift;
    }
    return count;
  }
  template <class Index>
  void read_block(std::span<Index const> indices, evendraw::detail::block_of<std::uint64_t>& out) const noexcept {
    for (std::size_t i = 0; i < indices.size(); ++i) out[i] = evendraw::random_word(1, ++read) >> shift;
  }
  int shift;
  mutable std::uint64_t read = 0;
};

}  // namespace

TEST_CASE("smallest_keys stays within its memory for any keys", "[smallest_keys]") {
  int refused = 0;
  for (int shift = 0; shift < 64; ++shift) {
    for (std::uint64_t const count : {1u, 1000u, 100'000u}) {
      broken_keys const keys{shift};
      try {
        auto const result = evendraw::detail::smallest_keys<std::uint32_t, broken_keys>(keys).find(count);
        CHECK(result.size() == count);
      } catch (std::logic_error const&) {
        ++refused;  // too few keys were below the limit
      }
    }
  }
  CHECK(refused > 0);
  CHECK(refused < 3 * 64);
}

}  // namespace smallest_keys_test
