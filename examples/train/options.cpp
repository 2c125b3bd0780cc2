#include "options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "shared/arguments.hpp"
#include "shared/suggestions.hpp"
#include "shared/user_error.hpp"

namespace train {
namespace {

double learning_rate(std::string_view option, std::string_view text) {
  constexpr std::string_view needs = "a learning rate: a number above 0, 0.1 for instance";
  double const result = number(option, text, 0.0, needs);
  if (result == 0 || !std::isfinite(result)) {
    throw user_error(fmt::format("{}: '{}' is not {}", option, printable(text), needs));
  }
  return result;
}

unsigned threads(std::string_view option, std::string_view text) {
  auto const result = whole_number(option, text, 1);
  if (result > 256) throw user_error(fmt::format("{}: {} are too many; give at most 256", option, result));
  return static_cast<unsigned>(result);
}

bool set_switch(options& subject, std::string_view name) {
  if (name == "--header") return subject.layout.header = true;
  if (name == "--help" || name == "-h") return subject.help = true;
  return false;
}

constexpr std::array<std::string_view, 8> values{"--column",     "--separator",     "--without", "--epochs",
                                                 "--batch-size", "--learning-rate", "--seeds",   "--threads"};
constexpr std::array<std::string_view, 10> all_options{"--header",     "--help",         "--column", "--separator",
                                                       "--without",    "--epochs",       "--seeds",  "--threads",
                                                       "--batch-size", "--learning-rate"};

bool is_value(std::string_view name) { return std::ranges::find(values, name) != values.end(); }

void set_value(options& subject, std::string_view name, std::string_view value) {
  if (name == "--column") subject.column = value;
  if (name == "--separator") subject.layout.separator = separator_named(value);
  if (name == "--without") subject.without.emplace_back(value);
  if (name == "--epochs") subject.epochs = whole_number(name, value, 1);
  if (name == "--batch-size") subject.batch_size = whole_number(name, value, 1);
  if (name == "--learning-rate") subject.learning_rate = learning_rate(name, value);
  if (name == "--seeds") subject.seeds = whole_number(name, value, 1);
  if (name == "--threads") subject.threads = threads(name, value);
}

void set_source(options& subject, std::string_view text) {
  if (text.empty()) throw user_error("FILE is empty; give a CSV file, or - for standard input");
  if (!subject.source.empty()) {
    throw user_error(fmt::format("two files, '{}' and '{}'; give one", printable(subject.source), printable(text)));
  }
  subject.source = text;
}

void check(options const& settings) {
  bool const of_file = !settings.column.empty() || settings.layout.header || settings.layout.separator != 0;
  if (settings.source.empty() && of_file) {
    throw user_error("--column, --separator and --header are for CSV files; give one, or leave them out");
  }
  if (!settings.source.empty() && settings.column.empty()) {
    throw user_error(fmt::format("say with --column which column of '{}' has the labels", printable(settings.source)));
  }
}

}  // namespace

options parse(std::span<char const* const> arguments) {
  options result;
  result.set = charset_of_environment();
  for (std::size_t i = 0; i < arguments.size() && !result.help; ++i) {
    std::string_view const text = arguments[i];
    if (text == "-" || !text.starts_with('-')) {
      set_source(result, text);
      continue;
    }
    if (set_switch(result, text)) continue;
    auto const equals = text.find('=');
    std::string_view const name = text.substr(0, equals);
    if (!is_value(name)) {
      throw user_error(fmt::format("unknown option '{}'; train --help lists the options{}", printable(text),
                                   did_you_mean(name, all_options)));
    }
    if (equals == std::string_view::npos && i + 1 == arguments.size()) {
      throw user_error(fmt::format("{} needs a value; train --help says which", name));
    }
    set_value(result, name, equals == std::string_view::npos ? arguments[++i] : text.substr(equals + 1));
  }
  if (!result.help) check(result);
  return result;
}

std::string help() {
  return R"(train: does balancing the classes help?

Trains the same small classifier (softmax regression) in several ways on an
imbalanced data set, and reports how good each is on samples it has not seen.

  build/examples/train [options]             on made-up data
  build/examples/train FILE --column NAME|N [options]
                                             on a CSV file; - is standard input

  --column NAME|N       the column of the labels: a name from the first line, or
                        a number; the first is 1. All others must be numbers
  --separator CHARACTER the character that separates columns: ';' or tab for
                        instance (default ',')
  --header              the first line has names, and is not a sample
  --without LABEL       also show an average of F1 without this class; may be
                        repeated: --without dry --without wet
  --epochs COUNT        every method has this many times as many draws as there
                        are training samples (default 20)
  --batch-size COUNT    (default 64)
  --learning-rate RATE  (default 0.1)
  --seeds COUNT         runs with the seeds 1 to COUNT: each has its own split
                        into training and test part, 3 to 1 (default 5)
  --threads COUNT       threads that prepare the data; the result does not
                        depend on their number
  --help                this text

Methods
  plain shuffling       every sample once an epoch
  square root           target_proportion_sampler: shares in proportion to the
                        square root of the counts, halfway to equal shares
  inverse frequency     inverse_frequency_sampler: classes equally likely
  balanced epoch        balanced_epoch_sampler: classes equally often, without
                        replacement
  class weights         plain shuffling; the loss weights every class by
                        n / (K n_c)
  augmented             inverse frequency; every draw has its own jitter
  plain, adjusted       plain shuffling; logits are corrected afterwards, as if
                        the classes had been equally frequent
  balanced, corrected   balanced epoch; logits are corrected afterwards to the
                        class shares of the data

Mean recall is also called balanced accuracy. Macro F1 is the mean F1 of the
classes that are in the test part or predicted.

Exit status: 0, or 2 if something is wrong.
)";
}

}  // namespace train
