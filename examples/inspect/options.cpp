#include "options.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <set>
#include <string_view>

#include "shared/arguments.hpp"
#include "shared/user_error.hpp"

namespace inspect {
namespace {

constexpr std::array<std::string_view, 12> samplers{"inverse_frequency",
                                                    "target_proportion",
                                                    "scheduled_proportion",
                                                    "balanced_epoch",
                                                    "stratified_batch",
                                                    "pk_batch",
                                                    "repeat_factor",
                                                    "multinomial",
                                                    "weighted_without_replacement",
                                                    "systematic",
                                                    "random",
                                                    "sequential"};
constexpr std::array<std::string_view, 3> switches{"--header", "--ascii", "--help"};
constexpr std::array<std::string_view, 3> lists{"--counts", "--target", "--limit"};
constexpr std::array<std::string_view, 13> values{
    "--column", "--sampler",           "--batch-size", "--epochs",  "--epoch-size", "--per-class", "--max-repeats",
    "--seed",   "--samples-per-class", "--threshold",  "--batches", "--rows",       "--svg"};

/// An option that not every sampler uses, and the samplers that do.
struct restricted_option {
  std::string_view name;
  std::vector<std::string_view> samplers;
};

std::vector<restricted_option> restricted_options() {
  return {{"--target", {"target_proportion", "stratified_batch"}},
          {"--samples-per-class", {"pk_batch"}},
          {"--threshold", {"repeat_factor"}},
          {"--limit", {"balanced_epoch"}},
          {"--per-class", {"balanced_epoch"}},
          {"--max-repeats", {"balanced_epoch"}},
          {"--epoch-size",
           {"inverse_frequency", "target_proportion", "scheduled_proportion", "balanced_epoch", "stratified_batch",
            "pk_batch", "multinomial", "weighted_without_replacement", "systematic", "random"}}};
}

bool contains(auto const& names, std::string_view name) { return std::ranges::find(names, name) != names.end(); }

double share(std::string_view option, std::string_view text) {
  constexpr std::string_view needs = "a share: a number from 0 on, 0.25 for instance";
  double const result = number(option, text, 0.0, needs);
  if (!std::isfinite(result)) throw user_error(fmt::format("{}: '{}' is not {}", option, printable(text), needs));
  return result;
}

/// LABEL=VALUE, taken apart at the last '='.
std::pair<std::string, std::string_view> pair(std::string_view option, std::string_view text) {
  auto const equals = text.rfind('=');
  if (equals == std::string_view::npos || equals == 0) {
    throw user_error(
        fmt::format("{}: '{}' is not LABEL=VALUE, dry=0.25 or dry=5000 for instance", option, printable(text)));
  }
  return {std::string(text.substr(0, equals)), text.substr(equals + 1)};
}

template <class Pairs>
void add(std::string_view option, Pairs& to, std::string label, typename Pairs::value_type::second_type value) {
  bool const twice = std::ranges::any_of(to, [&](auto const& known) { return known.first == label; });
  if (twice) throw user_error(fmt::format("{} names '{}' twice", option, printable(label)));
  to.emplace_back(std::move(label), value);
}

/// An argument as a shell has to be given it.
std::string in_shell(std::string_view argument) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%";
  if (!argument.empty() && argument.find_first_not_of(plain) == std::string_view::npos) return std::string(argument);
  std::string result = "'";
  for (char const letter : argument) result += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
  return result + "'";
}

std::string command_line(std::span<char const* const> arguments) {
  std::string result = "./examples/run";
  for (char const* const argument : arguments) result += ' ' + in_shell(argument);
  return result;
}

/// Walks over the arguments and fills in the options.
class parser {
 public:
  explicit parser(std::span<char const* const> arguments) : rest_(arguments) {}

  options run() {
    result_.command = command_line(rest_);
    result_.set = charset_of_environment();
    while (!rest_.empty() && !result_.help) argument(next());
    if (result_.samplers.empty()) result_.samplers.push_back(result_.sampler);
    result_.sampler = result_.samplers.front();
    if (!result_.help) check();
    return result_;
  }

 private:
  std::string_view next() {
    std::string_view const first = rest_.front();
    rest_ = rest_.subspan(1);
    return first;
  }

  void argument(std::string_view text) {
    if (only_sources_ || text == "-" || !text.starts_with('-')) return source(text);
    if (text == "--") {
      only_sources_ = true;
      return;
    }
    auto const equals = text.find('=');
    std::string_view const name = text == "-h" ? "--help" : text.substr(0, equals);
    given_.insert(std::string(name));
    if (contains(switches, name)) return set_switch(name, equals != std::string_view::npos);
    if (!contains(lists, name) && !contains(values, name)) {
      throw user_error(fmt::format("unknown option '{}'; inspect --help lists the options", printable(text)));
    }
    if (equals == std::string_view::npos && rest_.empty()) {
      throw user_error(fmt::format("{} needs a value; inspect --help says which", name));
    }
    std::string_view const value = equals == std::string_view::npos ? next() : text.substr(equals + 1);
    contains(lists, name) ? set_list(name, value) : set_value(name, value);
  }

  void source(std::string_view text) {
    if (text.empty()) throw user_error("SOURCE is empty; give a file, a directory or - for standard input");
    if (!result_.source.empty()) {
      throw user_error(fmt::format("two sources, '{}' and '{}'; give one", printable(result_.source), printable(text)));
    }
    result_.source = text;
  }

  void set_switch(std::string_view name, bool has_value) {
    if (has_value) throw user_error(fmt::format("{} takes no value", name));
    if (name == "--header") result_.header = true;
    if (name == "--ascii") result_.set = charset::ascii;
    if (name == "--help") result_.help = true;
  }

  /// The value of a list option, and all that follow and look like one.
  void set_list(std::string_view name, std::string_view value) {
    add_pair(name, value);
    while (!rest_.empty() && is_pair(rest_.front())) add_pair(name, next());
  }

  static bool is_pair(std::string_view text) {
    return !text.starts_with("--") && text.find('=') != std::string_view::npos;
  }

  void add_pair(std::string_view name, std::string_view text) {
    auto [label, value] = pair(name, text);
    if (name == "--counts")
      add(name, result_.counts, std::move(label), whole_number(name, value, 1));
    else if (name == "--limit")
      add(name, result_.limits, std::move(label), whole_number(name, value, 0));
    else
      add(name, result_.target, std::move(label), share(name, value));
  }

  void set_value(std::string_view name, std::string_view value) {
    if (name == "--column") result_.column = value;
    if (name == "--sampler") add_sampler(value);
    if (name == "--batch-size") result_.batch_size = whole_number(name, value, 1);
    if (name == "--epochs") result_.epochs = whole_number(name, value, 1);
    if (name == "--epoch-size") result_.epoch_size = whole_number(name, value, 1);
    if (name == "--per-class") result_.per_class = whole_number(name, value, 1);
    if (name == "--max-repeats") result_.max_repeats = whole_number(name, value, 1);
    if (name == "--samples-per-class") result_.samples_per_class = whole_number(name, value, 1);
    if (name == "--threshold") result_.threshold = share(name, value);
    if (name == "--seed") result_.seed = whole_number(name, value, 0);
    if (name == "--batches") result_.batches = whole_number(name, value, 0);
    if (name == "--rows") result_.rows = whole_number(name, value, 2);
    if (name == "--svg") result_.svg = value;
  }

  void add_sampler(std::string_view name) {
    if (contains(result_.samplers, name)) throw user_error(fmt::format("--sampler {} is given twice", printable(name)));
    result_.samplers.emplace_back(name);
  }

  bool given(std::string_view name) const { return given_.contains(std::string(name)); }

  void check() const {
    check_source();
    if (given("--svg") && result_.svg.empty()) throw user_error("--svg is empty; give a directory");
    check_samplers();
  }

  void check_samplers() const {
    for (auto const& sampler : result_.samplers) {
      if (contains(samplers, sampler)) continue;
      throw user_error(
          fmt::format("unknown sampler '{}'; the samplers are {}", printable(sampler), fmt::join(samplers, ", ")));
    }
    for (auto const& [name, users] : restricted_options()) {
      bool const used = std::ranges::any_of(result_.samplers, [&](auto const& each) { return contains(users, each); });
      if (!given(name) || used) continue;
      throw user_error(fmt::format("{} does nothing for the sampler {}; leave it out, or use {} {}", name,
                                   fmt::join(result_.samplers, ", "),
                                   users.size() == 1 ? "the sampler" : "one of the samplers", fmt::join(users, ", ")));
    }
    if (contains(result_.samplers, "target_proportion") && result_.target.empty()) {
      throw user_error("the sampler target_proportion needs shares: --target LABEL=SHARE ...");
    }
  }

  void check_source() const {
    if (result_.source.empty() && result_.counts.empty()) {
      throw user_error(
          "no SOURCE; give a file, a directory, - for standard input, or --counts LABEL=COUNT ... "
          "(inspect --help says more)");
    }
    if (!result_.source.empty() && !result_.counts.empty()) {
      throw user_error(
          fmt::format("SOURCE '{}' and --counts are both given; give one of them", printable(result_.source)));
    }
    if (result_.source.ends_with(".csv") && !given("--column")) {
      throw user_error(
          fmt::format("'{}' is a CSV file; say with --column which column has the labels", printable(result_.source)));
    }
    if (given("--column") && result_.column.empty()) throw user_error("--column is empty; give a number or a name");
    if (result_.source.empty() && (given("--column") || given("--header"))) {
      throw user_error("--column and --header are for CSV files; leave them out with --counts");
    }
    if (given("--header") && !given("--column")) {
      throw user_error(
          "--header is for CSV files; say with --column which column has the labels (--column 1 if there "
          "is one only)");
    }
  }

  std::span<char const* const> rest_;
  options result_;
  std::set<std::string> given_;
  bool only_sources_ = false;
};

}  // namespace

std::string name_of_data(options const& of) {
  if (of.source.empty()) return "made up by --counts";
  std::string const source = of.source == "-" ? "standard input" : of.source;
  return of.column.empty() ? source : source + ", column " + of.column;
}

options parse(std::span<char const* const> arguments) { return parser(arguments).run(); }

}  // namespace inspect
