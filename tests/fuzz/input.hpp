// Values made from a fuzzer's bytes, and checks that every harness uses.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace fuzz {

/// Ends the program if a condition that should hold does not.
inline void check(bool holds, char const* what) {
  if (holds) return;
  std::fprintf(stderr, "fuzz: does not hold: %s\n", what);
  std::abort();
}

/// Makes values from bytes, and zeros when there are no bytes left.
class byte_reader {
 public:
  byte_reader(std::uint8_t const* data, std::size_t size) : remaining_(data, size) {}

  template <std::unsigned_integral T>
  T number() {
    std::uint64_t result = 0;
    for (std::size_t i = 0; i < sizeof(T) && !remaining_.empty(); ++i) {
      result |= std::uint64_t{remaining_.front()} << 8 * i;
      remaining_ = remaining_.subspan(1);
    }
    return static_cast<T>(result);
  }

  std::uint8_t byte() { return number<std::uint8_t>(); }
  bool flag() { return byte() % 2 != 0; }
  std::uint64_t below(std::uint64_t n) { return n <= 256 ? byte() % n : number<std::uint64_t>() % n; }

  /// Any 64 bits, but often small numbers and numbers next to powers of two.
  std::uint64_t count() {
    std::uint8_t const kind = byte();
    if (kind < 128) return kind;
    if (kind < 160) return number<std::uint16_t>();
    if (kind < 224) return (std::uint64_t{1} << (kind - 160)) + byte() % 5 - 2;
    return number<std::uint64_t>();
  }
  /// The same, or 0, the default of options.
  std::uint64_t maybe_count() { return flag() ? count() : 0; }

  /// A place below n, often near its ends. Needs n > 0.
  std::uint64_t place(std::uint64_t n) {
    std::uint64_t const from_end = byte();
    if (from_end < 64) return from_end % n;
    if (from_end < 128) return n - 1 - (from_end - 64) % n;
    return below(n);
  }

  /// Any double: small numbers, fractions, edges, or any bits.
  double real() {
    std::uint8_t const kind = byte();
    if (kind < 96) return kind;
    if (kind < 128) return (kind - 96) / 32.0;
    if (kind < 160) return edges[kind % edges.size()];
    return std::bit_cast<double>(number<std::uint64_t>());
  }

  /// Up to `most` values of f().
  template <class F>
  auto list(std::uint64_t most, F f) {
    std::vector<decltype(f())> result;
    for (std::uint64_t left = below(most + 1); left > 0; --left) result.push_back(f());
    return result;
  }
  std::vector<double> reals(std::uint64_t most) {
    return list(most, [this] { return real(); });
  }
  std::vector<std::uint64_t> counts(std::uint64_t most) {
    return list(most, [this] { return count(); });
  }

  std::string text(std::uint64_t most) {
    std::uint64_t const size = below(most + 1);  // reading the size takes bytes itself
    return taken(static_cast<std::size_t>(std::min<std::uint64_t>(size, remaining_.size())));
  }
  /// The remaining bytes.
  std::string remaining() { return taken(remaining_.size()); }

 private:
  static constexpr std::array edges{0.0,
                                    -0.0,
                                    -1.0,
                                    1e-300,
                                    1e300,
                                    0x1p-52,
                                    0x1p53,
                                    0x1p63,
                                    0x1p64,
                                    0.1,
                                    1.0 / 3,
                                    std::numeric_limits<double>::denorm_min(),
                                    std::numeric_limits<double>::min(),
                                    std::numeric_limits<double>::max(),
                                    std::numeric_limits<double>::infinity(),
                                    std::numeric_limits<double>::quiet_NaN()};

  std::string taken(std::size_t size) {
    std::string result(remaining_.begin(), remaining_.begin() + static_cast<std::ptrdiff_t>(size));
    remaining_ = remaining_.subspan(size);
    return result;
  }

  std::span<std::uint8_t const> remaining_;
};

/// The result of f(), or nothing if the library refuses with an exception that it documents, and with a message of its
/// own.
template <class F>
auto made(F f) -> std::optional<decltype(f())> {
  auto const own_words = [](std::exception const& refusal) {
    std::string_view const words = refusal.what();
    check(words.starts_with("evendraw::") && words.size() < 10'000, "a refusal says who refuses");
  };
  try {
    return f();
  } catch (std::invalid_argument const& refusal) {
    own_words(refusal);
  } catch (std::out_of_range const& refusal) {
    own_words(refusal);
  }
  return {};
}

}  // namespace fuzz

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size);
