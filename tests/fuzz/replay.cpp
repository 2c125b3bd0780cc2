// Runs a harness without a fuzzer: on the files of a corpus, on changed files, and on random bytes.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <fuzz/input.hpp>

#include <evendraw/random/counter_random.hpp>

namespace {

using bytes = std::vector<std::uint8_t>;

std::vector<bytes> corpus(std::filesystem::path const& folder) {
  std::vector<std::filesystem::path> files;
  for (auto const& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path());
  std::ranges::sort(files);
  std::vector<bytes> result;
  for (auto const& file : files) {
    std::ifstream stream(file, std::ios::binary);
    result.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  }
  return result;
}

void run(bytes const& byte_reader) {
  try {
    LLVMFuzzerTestOneInput(byte_reader.data(), byte_reader.size());
  } catch (std::exception const& error) {
    std::fprintf(stderr, "replay: an undocumented exception: %s; the input:", error.what());
    for (auto const byte : byte_reader) std::fprintf(stderr, " %02x", byte);
    std::fprintf(stderr, "\n");
    std::exit(1);
  }
}

/// A file of the corpus with some bytes changed, or only random bytes.
bytes made_up(std::vector<bytes> const& corpus, std::uint64_t number) {
  std::uint64_t const key = evendraw::stream_key(1, number, evendraw::random_stream::draw);
  auto const below = [key](std::uint64_t i, std::uint64_t n) {
    return evendraw::bounded(evendraw::random_word(key, i), n);
  };
  bytes result;
  if (number % 4 > 0 && !corpus.empty()) result = corpus[static_cast<std::size_t>(below(0, corpus.size()))];
  if (result.empty()) result.resize(static_cast<std::size_t>(1 + below(1, 200)));
  std::uint64_t const changes = number % 4 > 0 ? 1 + below(2, 4) : result.size();
  for (std::uint64_t i = 0; i < changes; ++i) {
    result[static_cast<std::size_t>(below(3 + 2 * i, result.size()))] =
        static_cast<std::uint8_t>(below(4 + 2 * i, 256));
  }
  return result;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) {
    std::fprintf(stderr, "use: %s CORPUS NUMBER_OF_RANDOM_INPUTS\n", arguments[0]);
    return 2;
  }
  auto const files = corpus(arguments[1]);
  std::uint64_t const random = std::strtoull(arguments[2], nullptr, 10);
  for (auto const& file : files) run(file);
  for (std::uint64_t i = 0; i < random; ++i) run(made_up(files, i));
  std::printf("%zu files and %llu made-up inputs\n", files.size(), static_cast<unsigned long long>(random));
}
