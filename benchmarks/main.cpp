// Runs the workloads on data of every requested size, and prints the times.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <evendraw/instruction_sets.hpp>

#include "report.hpp"
#include "timing.hpp"
#include "words.hpp"
#include "workloads.hpp"

namespace benchmark {
namespace {

struct options {
  std::vector<std::uint64_t> sizes = {1'000, 100'000, 1'000'000, 10'000'000};
  std::string format = "table";
  std::string only = {};            // part of a workload's name
  std::string checksums_file = {};  // the file for evendraw's checksums
  int rounds = 7;
};

std::uint64_t whole_number(std::string const& text) {
  char* end = nullptr;
  double const value = std::strtod(text.c_str(), &end);
  if (end == text.c_str() || *end != '\0' || !(value >= 1) || value > 4e9 || std::floor(value) != value) {
    throw std::invalid_argument(fmt::format("'{}' is not a whole number from 1 to 4e9", text));
  }
  return static_cast<std::uint64_t>(value);
}

std::vector<std::uint64_t> whole_numbers(std::string const& list) {
  std::vector<std::uint64_t> result;
  for (std::size_t begin = 0; begin <= list.size();) {
    std::size_t const end = std::min(list.find(',', begin), list.size());
    result.push_back(whole_number(list.substr(begin, end - begin)));
    begin = end + 1;
  }
  return result;
}

/// Makes evendraw's block loops use one instruction set from now on.
void use(std::string const& instructions) {
  for (auto const set : evendraw::usable_instruction_sets()) {
    if (to_string(set) == instructions) return evendraw::use_instruction_set(set);
  }
  throw std::invalid_argument(fmt::format("--instructions {} is not known, or not on this processor", instructions));
}

options parse(std::vector<std::string> const& arguments) {
  options result;
  for (std::size_t i = 0; i < arguments.size(); i += 2) {
    auto const& name = arguments[i];
    if (i + 1 == arguments.size()) throw std::invalid_argument(name + " needs a value");
    auto const& value = arguments[i + 1];
    if (name == "--n") {
      result.sizes = whole_numbers(value);
    } else if (name == "--format" && (value == "table" || value == "csv" || value == "json")) {
      result.format = value;
    } else if (name == "--only") {
      result.only = value;
    } else if (name == "--checksums") {
      result.checksums_file = value;
    } else if (name == "--instructions") {
      use(value);
    } else if (name == "--rounds") {
      result.rounds = static_cast<int>(whole_number(value));
    } else {
      throw std::invalid_argument(fmt::format("{} {} is not known; see benchmarks/run --help", name, value));
    }
  }
  return result;
}

std::string cpu() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown processor";
}

/// Nanoseconds per word of next(), which is called with 0, 1, 2, ...
template <class Next>
double word_cost(Next next) {
  constexpr std::uint64_t words = 1'000'000;
  std::uint64_t volatile sink = 0;
  std::vector<double> times;
  for (int round = 0; round < 15; ++round) {
    times.push_back(seconds([&] {
      std::uint64_t all = 0;
      for (std::uint64_t i = 0; i < words; ++i) all ^= next(i);
      sink = sink + all;
    }));
  }
  return median(times) * 1e9 / static_cast<double>(words);
}

conditions find_conditions(settings how) {
  xoshiro256pp engine(1);
  return {.cpu = cpu(),
          .compiler = BENCHMARK_COMPILER,
          .flags = std::string(BENCHMARK_FLAGS) +
                   ", evendraw's loops: " + std::string(to_string(evendraw::used_instruction_set())),
          .how = how,
          .xoshiro_word = word_cost([&](std::uint64_t) { return engine(); }),
          .splitmix_word = word_cost([](std::uint64_t i) { return splitmix64(1, i); })};
}

std::vector<outcome> run(std::vector<workload> const& workloads, options const& chosen, settings how) {
  std::vector<outcome> result;
  for (auto const samples : chosen.sizes) {
    for (auto const& [name, make] : workloads) {
      if (name.find(chosen.only) == std::string::npos) continue;
      contest const to_run = make(samples);
      if (std::ranges::none_of(to_run.contestants, [&](auto const& c) { return samples <= c.most_samples; })) continue;
      fmt::print(stderr, "{}, {} samples ...\n", name, samples);
      result.push_back(race(name, to_run, how));
    }
  }
  return result;
}

void write_checksums(std::vector<outcome> const& outcomes, std::ofstream& file) {
  for (auto const& o : outcomes) {
    file << fmt::format("{:016x}  {}, {} samples\n", o.results.front().checksum, o.workload, o.samples);
  }
}

std::vector<workload> against_peers() {
  std::vector<workload> result;
  for (auto const& group : {weighted(), balanced(), shuffled(), without_replacement(), family(), backwards()})
    result.insert(result.end(), group.begin(), group.end());
  return result;
}

void run_all(options const& chosen) {
  settings const how{.rounds = chosen.rounds, .threads = static_cast<int>(std::thread::hardware_concurrency())};
  auto const where = find_conditions(how);
  auto const compared = run(against_peers(), chosen, how);
  auto const read = run(reading(), chosen, how);
  auto const by_set = run(instruction_sets(), chosen, how);
  auto const built = run(building(), chosen, how);
  if (std::ofstream file(chosen.checksums_file); file) {
    write_checksums(compared, file);
    write_checksums(read, file);
  }
  if (chosen.format == "table") {
    print_conditions(where);
    print_table(compared, how);
    print_growth(compared);
    print_ways("Nanoseconds per index by way of reading", read);
    print_ways("Nanoseconds per index by instruction set", by_set);
    print_building(built);
  } else {
    auto all = compared;
    for (auto const& more : {read, by_set, built}) all.insert(all.end(), more.begin(), more.end());
    chosen.format == "csv" ? print_csv(all, where) : print_json(all, where);
  }
}

}  // namespace
}  // namespace benchmark

int main(int argc, char** argv) try {
  benchmark::run_all(benchmark::parse({argv + 1, argv + argc}));
} catch (std::exception const& error) {
  fmt::print(stderr, "benchmark: {}\n", error.what());
  return 1;
}
