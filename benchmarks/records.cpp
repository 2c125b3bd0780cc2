#include <fmt/format.h>
#include <fmt/ranges.h>

#include <optional>
#include <utility>

#include "report.hpp"

namespace benchmark {
namespace {

/// A field of a record; text is quoted already.
struct field {
  std::string name, value;
};

std::string quoted(std::string const& text) { return fmt::format("\"{}\"", text); }

std::vector<field> record(outcome const& o, result const& r, conditions const& where) {
  auto const per_index = [&](double seconds) {
    return fmt::format("{:.4f}", seconds * 1e9 / static_cast<double>(o.epoch_size));
  };
  auto const per_sample = [&](double value) { return fmt::format("{:.4f}", value / static_cast<double>(o.samples)); };
  auto const if_any = [](std::optional<double> value, auto format) { return value ? format(*value) : std::string(); };
  return {{"flags", quoted(where.flags)},
          {"workload", quoted(o.workload)},
          {"samples", fmt::format("{}", o.samples)},
          {"epoch_size", fmt::format("{}", o.epoch_size)},
          {"contestant", quoted(r.contestant)},
          {"ns_per_index", per_index(r.epoch)},
          {"ns_per_index_lowest", per_index(r.fastest_epoch)},
          {"ns_per_index_highest", per_index(r.slowest_epoch)},
          {"ns_per_index_first_epoch", per_index(r.first_epoch())},
          {"ns_per_index_all_threads", if_any(r.epoch_by_threads, per_index)},
          {"build_ns_per_sample", per_sample(r.build * 1e9)},
          {"bytes_per_sample", if_any(r.bytes, per_sample)},
          {"first_batch_us", if_any(r.first_batch, [](double s) { return fmt::format("{:.3f}", s * 1e6); })},
          {"draws_timed", fmt::format("{}", r.draws_timed)},
          {"checksum", quoted(fmt::format("{:016x}", r.checksum))}};
}

std::vector<std::vector<field>> records(std::vector<outcome> const& outcomes, conditions const& where) {
  std::vector<std::vector<field>> result;
  for (auto const& o : outcomes) {
    for (auto const& r : o.results) result.push_back(record(o, r, where));
  }
  return result;
}

}  // namespace

void print_csv(std::vector<outcome> const& outcomes, conditions const& where) {
  bool first = true;
  for (auto const& fields : records(outcomes, where)) {
    std::vector<std::string> names, values;
    for (auto const& [name, value] : fields) {
      names.push_back(name);
      values.push_back(value);
    }
    if (std::exchange(first, false)) fmt::print("{}\n", fmt::join(names, ","));
    fmt::print("{}\n", fmt::join(values, ","));
  }
}

void print_json(std::vector<outcome> const& outcomes, conditions const& where) {
  std::vector<std::string> objects;
  for (auto const& fields : records(outcomes, where)) {
    std::vector<std::string> members;
    for (auto const& [name, value] : fields) {
      members.push_back(fmt::format("{}: {}", quoted(name), value.empty() ? "null" : value));
    }
    objects.push_back(fmt::format("    {{{}}}", fmt::join(members, ", ")));
  }
  fmt::print("{{\n  \"cpu\": {}, \"compiler\": {}, \"flags\": {}, \"rounds\": {}, \"threads\": {},\n",
             quoted(where.cpu), quoted(where.compiler), quoted(where.flags), where.how.rounds, where.how.threads);
  fmt::print("  \"xoshiro256pp_ns\": {:.3f}, \"splitmix64_ns\": {:.3f},\n", where.xoshiro_word, where.splitmix_word);
  fmt::print("  \"results\": [\n{}\n  ]\n}}\n", fmt::join(objects, ",\n"));
}

}  // namespace benchmark
