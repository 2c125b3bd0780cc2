#include "report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "evendraw.hpp"
#include "limits.hpp"
#include "peers/peers.hpp"

namespace benchmark {
namespace {

using cells = std::vector<std::string>;

std::string const nothing = "-";

/// Aligned columns: the first to the left, the others to the right.
void print_aligned(std::vector<cells> const& lines) {
  std::vector<std::size_t> widths;
  for (auto const& line : lines) {
    widths.resize(std::max(widths.size(), line.size()));
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  }
  for (auto const& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (i == 0) fmt::print("{:<{}}", line[i], widths[i]);
      if (i > 0) fmt::print("  {:>{}}", line[i], widths[i]);
    }
    fmt::print("\n");
  }
}

/// Three significant digits.
std::string number(double value) {
  int const decimals = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return fmt::format("{:.{}f}", value, decimals);
}

std::string number(std::optional<double> value) { return value ? number(*value) : nothing; }

template <class Value>
void add_unless_there(std::vector<Value>& values, Value const& value) {
  if (std::ranges::find(values, value) == values.end()) values.push_back(value);
}

std::vector<std::string> contestants_of(std::vector<outcome> const& outcomes) {
  std::vector<std::string> names;
  for (auto const& o : outcomes) {
    for (auto const& r : o.results) add_unless_there(names, r.contestant);
  }
  return names;
}

std::vector<std::uint64_t> sizes_of(std::vector<outcome> const& outcomes) {
  std::vector<std::uint64_t> sizes;
  for (auto const& o : outcomes) add_unless_there(sizes, o.samples);
  return sizes;
}

result const* find(outcome const& o, std::string const& contestant) {
  auto const found = std::ranges::find(o.results, contestant, &result::contestant);
  return found == o.results.end() ? nullptr : &*found;
}

/// Nanoseconds per index of an outcome, by contestant.
class line {
 public:
  /// seconds(result) -> seconds of an epoch, or nothing.
  template <class Seconds>
  line(outcome const& o, std::vector<std::string> const& contestants, Seconds seconds) {
    for (auto const& name : contestants) {
      auto const* const found = find(o, name);
      std::optional<double> const took = found ? seconds(*found) : std::nullopt;
      values_.emplace_back(name, took ? std::optional(*took * 1e9 / static_cast<double>(o.epoch_size)) : std::nullopt);
    }
  }

  [[nodiscard]] cells texts() const {
    cells result;
    for (auto const& [name, value] : values_) result.push_back(number(value));
    return result;
  }

  [[nodiscard]] std::optional<double> data(std::string const& name) const {
    for (auto const& [contestant, value] : values_) {
      if (contestant == name) return value;
    }
    return std::nullopt;
  }

  [[nodiscard]] std::optional<double> best_peer() const {
    std::optional<double> best;
    for (auto const& [name, value] : values_) {
      if (name != evendraw_name && name != limit_name && value) best = std::min(best.value_or(*value), *value);
    }
    return best;
  }

 private:
  std::vector<std::pair<std::string, std::optional<double>>> values_;
};

std::string ratio(std::optional<double> a, std::optional<double> b) { return a && b ? number(*a / *b) + "x" : nothing; }

cells row(std::string name, line const& times) {
  cells result{std::move(name)};
  for (auto& text : times.texts()) result.push_back(std::move(text));
  auto const ours = times.data(evendraw_name);
  result.push_back(ratio(times.best_peer(), ours));
  result.push_back(ratio(times.data("torch"), ours));
  result.push_back(ratio(ours, times.data(limit_name)));
  return result;
}

/// The results of evendraw only.
void add_own(cells& row_cells, outcome const& o) {
  auto const& ours = o.results.front();
  auto const samples = static_cast<double>(o.samples);
  row_cells.push_back(number(ours.build * 1e9 / samples));
  row_cells.push_back(ours.bytes ? number(*ours.bytes / samples) : nothing);
  row_cells.push_back(number(*ours.first_batch * 1e6));
  row_cells.push_back(fmt::format("{:016x}", ours.checksum));
}

bool is_limit(result const& r) { return r.contestant == limit_name; }

void add_rows(std::vector<cells>& lines, outcome const& o, std::vector<std::string> const& contestants, int threads) {
  lines.push_back(row(o.workload, line(o, contestants, [](result const& r) { return std::optional(r.epoch); })));
  add_own(lines.back(), o);
  lines.push_back(row("  first epoch, with building", line(o, contestants, [](result const& r) {
                        return is_limit(r) ? std::nullopt : std::optional(r.first_epoch());
                      })));
  lines.push_back({"  building"});
  line const builds(o, contestants,
                    [](result const& r) { return is_limit(r) ? std::nullopt : std::optional(r.build); });
  for (auto& text : builds.texts()) lines.back().push_back(std::move(text));
  line const by_threads(o, contestants, [](result const& r) { return r.epoch_by_threads; });
  if (by_threads.data(evendraw_name)) lines.push_back(row(fmt::format("  {} threads", threads), by_threads));
}

/// Contestants that were timed on fewer draws than the epoch has.
cells fewer_draws(std::vector<outcome> const& outcomes, std::uint64_t samples) {
  cells result;
  for (auto const& o : outcomes) {
    if (o.samples != samples) continue;
    for (auto const& r : o.results) {
      if (r.draws_timed < o.epoch_size) add_unless_there(result, r.contestant);
    }
  }
  return result;
}

/// One row for each workload and one column for each contestant, with its ratio to the first.
template <class Seconds>
void print_beside_each_other(std::string const& title, std::vector<outcome> const& outcomes, Seconds seconds) {
  if (outcomes.empty()) return;
  fmt::print("\n{} (and how many times the first)\n", title);
  auto const contestants = contestants_of(outcomes);
  for (auto const samples : sizes_of(outcomes)) {
    cells head{fmt::format("n = {}", samples)};
    head.insert(head.end(), contestants.begin(), contestants.end());
    std::vector<cells> lines{head};
    for (auto const& o : outcomes) {
      if (o.samples != samples) continue;
      line const times(o, contestants, seconds);
      lines.push_back({o.workload});
      for (auto const& name : contestants) {
        auto const time = times.data(name);
        lines.back().push_back(time ? fmt::format("{} ({})", number(time), ratio(time, times.data(contestants.front())))
                                    : nothing);
      }
    }
    fmt::print("\n");
    print_aligned(lines);
  }
}

}  // namespace

void print_conditions(conditions const& where) {
  fmt::print("{} ({} threads), {}, {}; medians of {} rounds; xoshiro256++ {:.2f} ns a word, SplitMix64 {:.2f}\n",
             where.cpu, where.how.threads, where.compiler, where.flags, where.how.rounds, where.xoshiro_word,
             where.splitmix_word);
}

void print_table(std::vector<outcome> const& outcomes, settings how) {
  if (outcomes.empty()) return;
  auto const contestants = contestants_of(outcomes);
  fmt::print("\nNanoseconds per index of an epoch. Peers:\n  {}\n", fmt::join(peer_descriptions(), "\n  "));
  fmt::print(
      "x best, x torch: how many times longer the fastest peer and torch take; of limit: evendraw by the limit.\n");
  fmt::print("build: ns per sample, held: bytes per sample, first: us to the first 256 indices; all of evendraw.\n");
  for (auto const samples : sizes_of(outcomes)) {
    cells head{fmt::format("n = {}", samples)};
    head.insert(head.end(), contestants.begin(), contestants.end());
    head.insert(head.end(), {"x best", "x torch", "of limit", "build", "held", "first", "checksum"});
    std::vector<cells> lines{head};
    for (auto const& o : outcomes) {
      if (o.samples == samples) add_rows(lines, o, contestants, how.threads);
    }
    fmt::print("\n");
    print_aligned(lines);
    if (auto const fewer = fewer_draws(outcomes, samples); !fewer.empty()) {
      fmt::print("(of fewer draws than an epoch has, in one workload at least: {})\n", fmt::join(fewer, ", "));
    }
  }
}

void print_ways(std::string const& title, std::vector<outcome> const& outcomes) {
  print_beside_each_other(title, outcomes, [](result const& r) { return std::optional(r.epoch); });
}

void print_building(std::vector<outcome> const& outcomes) {
  print_beside_each_other("Nanoseconds per sample to build", outcomes,
                          [](result const& r) { return std::optional(r.build); });
}

void print_growth(std::vector<outcome> const& outcomes) {
  auto const sizes = sizes_of(outcomes);
  if (sizes.size() < 2) return;
  cells head{"n ="};
  for (auto const samples : sizes) head.push_back(fmt::format("{}", samples));
  std::vector<cells> lines{head};
  std::vector<std::string> workloads;
  for (auto const& o : outcomes) add_unless_there(workloads, o.workload);
  for (auto const& name : workloads) {
    cells texts{name};
    for (auto const samples : sizes) {
      for (auto const& o : outcomes) {
        if (o.workload != name || o.samples != samples) continue;
        texts.push_back(number(o.results.front().epoch * 1e9 / static_cast<double>(o.epoch_size)));
      }
    }
    lines.push_back(texts);
  }
  fmt::print("\nGrowth: nanoseconds per draw against n, evendraw\n\n");
  print_aligned(lines);
}

}  // namespace benchmark
