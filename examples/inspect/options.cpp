#include "options.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <map>
#include <set>
#include <string_view>

#include "shared/arguments.hpp"
#include "shared/csv_table.hpp"
#include "shared/sources.hpp"
#include "shared/suggestions.hpp"
#include "shared/user_error.hpp"

namespace inspect {
namespace {

constexpr std::array<std::string_view, 13> samplers{"inverse_frequency",
                                                    "target_proportion",
                                                    "scheduled_proportion",
                                                    "balanced_epoch",
                                                    "stratified_batch",
                                                    "pk_batch",
                                                    "repeat_factor",
                                                    "multinomial",
                                                    "weighted_without_replacement",
                                                    "systematic",
                                                    "shard",
                                                    "random",
                                                    "sequential"};
constexpr std::array<std::string_view, 5> switches{"--header", "--skip-missing", "--combinations", "--ascii", "--help"};
constexpr std::array<std::string_view, 3> lists{"--counts", "--target", "--limit"};
constexpr std::array<std::string_view, 23> values{
    "--column",          "--and",         "--group",   "--separator",
    "--label-separator", "--one-hot",     "--missing", "--extensions",
    "--sampler",         "--batch-size",  "--epochs",  "--epoch-size",
    "--per-class",       "--max-repeats", "--seed",    "--samples-per-class",
    "--threshold",       "--batches",     "--rows",    "--svg",
    "--shards",          "--open",        "--resident"};

/// Samplers that need no classes, or take several labels for each sample.
constexpr std::string_view for_several_labels = "repeat_factor";

/// An option that not every sampler uses, and the samplers that do.
struct restricted_option {
  std::string_view name;
  std::vector<std::string_view> samplers;
};

std::vector<restricted_option> restricted_options() {
  return {{"--open", {"shard"}},
          {"--resident", {"shard"}},
          {"--target", {"target_proportion", "stratified_batch"}},
          {"--samples-per-class", {"pk_batch"}},
          {"--threshold", {"repeat_factor"}},
          {"--limit", {"balanced_epoch", "shard"}},
          {"--per-class", {"balanced_epoch", "shard"}},
          {"--max-repeats", {"balanced_epoch", "shard"}},
          {"--epoch-size",
           {"inverse_frequency", "target_proportion", "scheduled_proportion", "balanced_epoch", "stratified_batch",
            "pk_batch", "multinomial", "weighted_without_replacement", "systematic", "shard", "random"}}};
}

std::vector<std::string_view> option_names() {
  std::vector<std::string_view> names(switches.begin(), switches.end());
  names.insert(names.end(), lists.begin(), lists.end());
  names.insert(names.end(), values.begin(), values.end());
  return names;
}

bool contains(auto const& names, std::string_view name) { return std::ranges::find(names, name) != names.end(); }

double share(std::string_view option, std::string_view text) {
  constexpr std::string_view needs = "a share: a number from 0 on, 0.25 for instance";
  double const result = number(option, text, 0.0, needs);
  if (!std::isfinite(result)) throw user_error(fmt::format("{}: '{}' is not {}", option, printable(text), needs));
  return result;
}

/// LABEL=VALUE, split at the last '='.
std::pair<std::string, std::string_view> pair(std::string_view option, std::string_view text) {
  auto const equals = text.rfind('=');
  if (equals == std::string_view::npos || equals == 0) {
    throw user_error(
        fmt::format("{}: '{}' is not LABEL=VALUE, dry=0.25 or dry=5000 for instance", option, printable(text)));
  }
  return {std::string(text.substr(0, equals)), text.substr(equals + 1)};
}

template <class Pairs>
void add(std::string_view option, Pairs& pairs, std::set<std::string>& known, std::string label,
         typename Pairs::value_type::second_type value) {
  if (!known.insert(label).second)
    throw user_error(fmt::format("{} names '{}' twice; name it once", option, printable(label)));
  pairs.emplace_back(std::move(label), value);
}

/// An argument, quoted for a shell if necessary.
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

/// Reads the arguments and fills in the options.
class parser {
 public:
  explicit parser(std::span<char const* const> arguments) : rest_(arguments) {}

  options run() {
    result_.command = command_line(rest_);
    result_.set = charset_of_environment();
    while (!rest_.empty() && !result_.help) argument(next());
    settle();
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
      throw user_error(fmt::format("unknown option '{}'; ./examples/run --help lists the options{}", printable(text),
                                   did_you_mean(name, option_names())));
    }
    if (equals == std::string_view::npos && rest_.empty()) {
      throw user_error(fmt::format("{} needs a value; ./examples/run --help says which", name));
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
    if (name == "--skip-missing") result_.skip_missing = true;
    if (name == "--combinations") result_.combinations = true;
    if (name == "--ascii") result_.set = charset::ascii;
    if (name == "--help") result_.help = true;
  }

  /// Reads the value of a list option, and all following arguments that look like such values.
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
      add(name, result_.counts, labels_[name], std::move(label), whole_number(name, value, 1));
    else if (name == "--limit")
      add(name, result_.limits, labels_[name], std::move(label), whole_number(name, value, 0));
    else
      add(name, result_.target, labels_[name], std::move(label), share(name, value));
  }

  void set_value(std::string_view name, std::string_view value) {
    if (name == "--column") result_.column = not_empty(name, value, "a number or a name");
    if (name == "--and") result_.and_column = not_empty(name, value, "a number or a name");
    if (name == "--group") result_.group_column = not_empty(name, value, "a number or a name");
    if (name == "--separator") result_.separator = separator_named(value);
    if (name == "--label-separator")
      result_.label_separator = not_empty(name, value, "what separates labels, '|' for instance");
    if (name == "--one-hot") result_.one_hot = not_empty(name, value, "columns, 3-80 or cat,dog for instance");
    if (name == "--missing") result_.missing = not_empty(name, value, "a label");
    if (name == "--extensions") set_extensions(not_empty(name, value, "extensions of files, jpg,png for instance"));
    if (name == "--sampler") add_sampler(value);
    if (name == "--batch-size") result_.batch_size = whole_number(name, value, 1);
    if (name == "--epochs") result_.epochs = whole_number(name, value, 1);
    if (name == "--epoch-size") result_.epoch_size = whole_number(name, value, 1);
    if (name == "--per-class") result_.per_class = whole_number(name, value, 1);
    if (name == "--max-repeats") result_.max_repeats = whole_number(name, value, 1);
    if (name == "--samples-per-class") result_.samples_per_class = whole_number(name, value, 1);
    if (name == "--threshold") result_.threshold = share(name, value);
    if (name == "--shards") result_.shards = not_empty(name, value, "the size of a shard, or a file of sizes");
    if (name == "--open") result_.open = whole_number(name, value, 1);
    if (name == "--resident") result_.resident = whole_number(name, value, 0);
    if (name == "--seed") result_.seed = whole_number(name, value, 0);
    if (name == "--batches") result_.batches = whole_number(name, value, 0);
    if (name == "--rows") result_.rows = whole_number(name, value, 2);
    if (name == "--svg") result_.svg = not_empty(name, value, "a directory");
  }

  static std::string_view not_empty(std::string_view name, std::string_view value, std::string_view needs) {
    if (value.empty()) throw user_error(fmt::format("{} is empty; give {}", name, needs));
    return value;
  }

  void set_extensions(std::string_view list) {
    for (std::size_t end = 0; !list.empty(); list.remove_prefix(std::min(end + 1, list.size()))) {
      end = std::min(list.find(','), list.size());
      if (end > 0) result_.extensions.emplace_back(list.substr(0, end));
    }
  }

  void add_sampler(std::string_view name) {
    if (contains(result_.samplers, name))
      throw user_error(fmt::format("--sampler {} is given twice; give it once", printable(name)));
    result_.samplers.emplace_back(name);
  }

  /// Fills in the options that follow from the given ones.
  void settle() {
    bool const several = !result_.label_separator.empty() || !result_.one_hot.empty() || source_ends_with(".json");
    if (several && !result_.combinations) result_.sampler = for_several_labels;
    if (!several && !result_.shards.empty()) result_.sampler = "shard";
    result_.sampler_given = !result_.samplers.empty();
    if (result_.samplers.empty()) result_.samplers.push_back(result_.sampler);
    result_.sampler = result_.samplers.front();
    bool const tabs = source_ends_with(".tsv") || source_ends_with(".tab");
    if (tabs && result_.separator == 0) result_.separator = '\t';
  }

  bool source_ends_with(std::string_view extension) const { return has_extension(result_.source, extension); }

  bool given(std::string_view name) const { return given_.contains(std::string(name)); }

  void check() const {
    check_source();
    check_samplers();
  }

  void check_samplers() const {
    for (auto const& sampler : result_.samplers) {
      if (contains(samplers, sampler)) continue;
      throw user_error(fmt::format("unknown sampler '{}'; the samplers are {}{}", printable(sampler),
                                   fmt::join(samplers, ", "), did_you_mean(sampler, samplers)));
    }
    for (auto const& [name, users] : restricted_options()) {
      bool const used = std::ranges::find_first_of(result_.samplers, users) != result_.samplers.end();
      if (!given(name) || used) continue;
      throw user_error(fmt::format("{} does nothing for the sampler {}; leave it out, or use {} {}", name,
                                   fmt::join(result_.samplers, ", "),
                                   users.size() == 1 ? "the sampler" : "one of the samplers", fmt::join(users, ", ")));
    }
    if (contains(result_.samplers, "shard") && result_.shards.empty()) {
      throw user_error("the sampler shard needs shards: --shards SIZE, or --shards FILE with one size per line");
    }
    if (contains(result_.samplers, "target_proportion") && result_.target.empty()) {
      throw user_error("the sampler target_proportion needs shares: --target LABEL=SHARE ...");
    }
  }

  void check_source() const {
    if (result_.source.empty() && result_.counts.empty()) {
      throw user_error(
          "no SOURCE; give a file, a directory, - for standard input, or --counts LABEL=COUNT ... "
          "(./examples/run --help says more)");
    }
    if (!result_.source.empty() && !result_.counts.empty()) {
      throw user_error(
          fmt::format("SOURCE '{}' and --counts are both given; give one of them", printable(result_.source)));
    }
    if (result_.source.empty()) return check_no_source();
    check_columns();
    check_several_labels();
    if (given("--skip-missing") && given("--missing")) {
      throw user_error("--skip-missing and --missing are both given; give one of them");
    }
  }

  void check_no_source() const {
    if (given("--column") || given("--header")) {
      throw user_error("--column and --header are for CSV files; leave them out with --counts");
    }
    for (std::string_view const name : {"--and", "--group", "--separator", "--label-separator", "--one-hot",
                                        "--missing", "--skip-missing", "--combinations", "--extensions"}) {
      if (given(name)) throw user_error(fmt::format("{} is for a SOURCE; leave it out with --counts", name));
    }
  }

  void check_columns() const {
    std::string const source = printable(result_.source);
    bool const csv = source_ends_with(".csv"), tabs = source_ends_with(".tsv") || source_ends_with(".tab");
    if ((csv || tabs) && !result_.names_csv()) {
      throw user_error(fmt::format("'{}' is {}; say with --column which column has the labels", source,
                                   csv ? "a CSV file" : "a table separated by tabs"));
    }
    if (given("--column") && given("--one-hot")) {
      throw user_error("--column and --one-hot are both given; give one of them");
    }
    if (given("--separator") && !result_.names_csv()) {
      throw user_error("--separator is for CSV files; say with --column which column has the labels");
    }
    for (std::string_view const name : {"--and", "--group"}) {
      if (!given(name)) continue;
      if (!given("--column")) throw user_error(fmt::format("{} needs the column of the labels too: --column", name));
      if (!given("--label-separator")) continue;
      throw user_error(fmt::format("{} is for samples with one label each; leave out --label-separator", name));
    }
    auto const option = result_.option_for_files();
    if (source_ends_with(".json") && !option.empty()) {
      throw user_error(
          fmt::format("'{}' is read as annotations in JSON; leave out {}, which is for other files", source, option));
    }
  }

  void check_several_labels() const {
    if (given("--one-hot") && given("--label-separator")) {
      throw user_error("--one-hot and --label-separator are both given; give one of them");
    }
  }

  std::span<char const* const> rest_;
  options result_;
  std::set<std::string> given_;
  std::map<std::string_view, std::set<std::string>> labels_;  // the labels that each list option has named
  bool only_sources_ = false;
};

}  // namespace

std::string name_of_data(options const& settings) {
  if (settings.source.empty()) return "made up by --counts";
  std::string const source = settings.source == "-" ? "standard input" : settings.source;
  if (!settings.one_hot.empty()) return source + ", columns " + settings.one_hot;
  return settings.column.empty() ? source : source + ", column " + settings.column;
}

options parse(std::span<char const* const> arguments) { return parser(arguments).run(); }

}  // namespace inspect
