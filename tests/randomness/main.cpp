// Tests the words that the library draws from. Prints a table of p-values, or writes a stream for other programs.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <randomness/random_tests.hpp>
#include <randomness/streams.hpp>

namespace {

using namespace randomness;

/// The allowed probability that any test of a good stream fails.
constexpr double family_alarm = 1e-4;
constexpr std::uint64_t chunk = 1 << 14;

std::vector<double> p_values(word_stream const& stream, int log_words) {
  battery tests(log_words);
  auto fill = stream.begin();
  std::vector<std::uint64_t> buffer(chunk);
  for (std::uint64_t done = 0; done < std::uint64_t{1} << log_words; done += chunk) {
    fill(buffer);
    tests.add(buffer);
  }
  return tests.p_values();
}

void print_header(char const* title) {
  std::printf("%-19s", title);
  for (auto const& name : battery::names()) std::printf(" %9s", name.empty() ? "low" : name.c_str());
  std::printf("\n");
}

/// Marks p-values below the threshold.
void print_row(std::string const& name, std::vector<double> const& p, double threshold) {
  std::printf("%-19s", name.c_str());
  for (double const value : p)
    std::printf(value < 1e-3 ? " %8.0e%c" : " %8.4f%c", value, value < threshold ? '*' : ' ');
  std::printf("\n");
  std::fflush(stdout);
}

int count_below(std::vector<double> const& p, double threshold) {
  return static_cast<int>(std::ranges::count_if(p, [=](double value) { return !(value >= threshold); }));
}

/// Whether good streams pass all tests, every weak one fails some, and every test rejects some weak one.
bool run_table(int log_words) {
  auto good = library_streams();
  good.push_back(reference_stream());
  auto const weak = weak_streams();
  constexpr int log_weak_words = 22;
  double const threshold = family_alarm / static_cast<double>(good.size() * battery::names().size());
  std::printf(
      "Two-sided p-values; high bits, then low bits. * fails: below %.1e, so that all of them together raise a "
      "false alarm\nwith probability %.0e at most. Words of each stream: 2^%d of 64 bits (%.1f GB in all).\n\n",
      threshold, family_alarm, log_words, std::ldexp(8e-9 * static_cast<double>(good.size()), log_words));

  bool passed = true;
  print_header("good");
  for (auto const& each : good) {
    auto const p = p_values(each, log_words);
    print_row(each.name, p, threshold);
    passed &= count_below(p, threshold) == 0;
  }
  std::printf("\n");
  print_header("weak");
  std::vector<int> rejected(battery::names().size());
  for (auto const& each : weak) {
    auto const p = p_values(each, log_weak_words);
    print_row(each.name, p, threshold);
    for (std::size_t t = 0; t < p.size(); ++t) rejected[t] += p[t] >= threshold ? 0 : 1;
    if (count_below(p, threshold) == 0) {
      std::printf("%s passes: the tests are too weak\n", each.name.c_str());
      passed = false;
    }
  }
  std::printf("%-19s", "rejected");
  for (int const count : rejected) {
    std::printf(" %8d ", count);
    passed &= count > 0;
  }
  std::printf("\n\n%s\n", passed ? "passed" : "FAILED");
  return passed;
}

/// Writes the words in little-endian order until the reader closes the pipe, then says how many bytes it wrote.
int write_forever(word_stream const& stream) {
#ifdef SIGPIPE
  std::signal(SIGPIPE, SIG_IGN);
#endif
  auto fill = stream.begin();
  std::vector<std::uint64_t> words(chunk);
  std::vector<unsigned char> bytes(8 * chunk);
  for (std::uint64_t written = 0;; written += bytes.size()) {
    fill(words);
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<unsigned char>(words[i / 8] >> (8 * (i % 8)));
    if (std::fwrite(bytes.data(), 1, bytes.size(), stdout) != bytes.size() || std::fflush(stdout) != 0) {
      std::fprintf(stderr, "%llu\n", static_cast<unsigned long long>(written));
      return 0;
    }
  }
}

std::vector<word_stream> all_streams() {
  auto result = library_streams();
  result.push_back(reference_stream());
  for (auto& each : weak_streams()) result.push_back(std::move(each));
  return result;
}

int usage() {
  std::fputs(
      "usage: randomness [--words LOG2]   a table of tests of 2^LOG2 words of each stream (default 27)\n"
      "       randomness --list           the streams\n"
      "       randomness --write STREAM   its words, for other programs, until they have enough\n",
      stderr);
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string_view> const arguments(argv + 1, argv + argc);
  if (arguments.empty()) return run_table(27) ? 0 : 1;
  if (arguments.size() == 1 && arguments[0] == "--list") {
    for (auto const& each : all_streams()) std::printf("%s\t%s\n", each.name.c_str(), each.what.c_str());
    return 0;
  }
  if (arguments.size() != 2) return usage();
  if (arguments[0] == "--words") {
    int log_words = 0;
    auto const [end, error] = std::from_chars(arguments[1].begin(), arguments[1].end(), log_words);
    if (error != std::errc() || end != arguments[1].end() || log_words < 22 || log_words > 33) {
      std::fputs("randomness: --words needs a number from 22 to 33\n", stderr);
      return 2;
    }
    return run_table(log_words) ? 0 : 1;
  }
  if (arguments[0] == "--write") {
    for (auto const& each : all_streams()) {
      if (each.name == arguments[1]) return write_forever(each);
    }
    std::fputs("randomness: no such stream; see --list\n", stderr);
    return 2;
  }
  return usage();
}
