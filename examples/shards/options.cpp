#include "options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "shared/arguments.hpp"
#include "shared/suggestions.hpp"
#include "shared/user_error.hpp"
#include "training.hpp"

namespace shards {
namespace {

constexpr std::array<std::string_view, 4> of_write{"--csv", "--column", "--tar", "--shard-size"};
constexpr std::array<std::string_view, 9> of_train{"--method",     "--open",          "--resident",
                                                   "--batch-size", "--epochs",        "--checkpoint",
                                                   "--kill-after", "--learning-rate", "--seeds"};

double learning_rate(std::string_view option, std::string_view text) {
  constexpr std::string_view needs = "a learning rate: a number above 0, 0.1 for instance";
  double const result = number(option, text, 0.0, needs);
  if (result == 0 || !std::isfinite(result)) {
    throw user_error(fmt::format("{}: '{}' is not {}", option, printable(text), needs));
  }
  return result;
}

bool set_value(options& subject, std::string_view name, std::string_view value) {
  if (subject.what == command::write) {
    if (name == "--csv") return subject.source = value, true;
    if (name == "--column") return subject.column = value, true;
    if (name == "--shard-size") return subject.shard_size = whole_number(name, value, 1), true;
  } else {
    if (name == "--method") return subject.method = value, true;
    if (name == "--open") return subject.open = whole_number(name, value, 1), true;
    if (name == "--resident") return subject.resident = whole_number(name, value, 0), true;
    if (name == "--batch-size") return subject.batch_size = whole_number(name, value, 1), true;
    if (name == "--epochs") return subject.epochs = whole_number(name, value, 1), true;
    if (name == "--learning-rate") return subject.learning_rate = learning_rate(name, value), true;
    if (name == "--seeds") return subject.seeds = whole_number(name, value, 1), true;
    if (name == "--checkpoint") return subject.checkpoint = value, true;
    if (name == "--kill-after") return subject.kill_after = whole_number(name, value, 1), true;
  }
  if (name == "--seed") return subject.seed = whole_number(name, value, 0), true;
  return false;
}

[[noreturn]] void refuse_unknown(options const& settings, std::string_view name) {
  std::string_view const word = settings.what == command::write ? "write" : "train";
  std::string const hint =
      settings.what == command::write ? did_you_mean(name, of_write) : did_you_mean(name, of_train);
  throw user_error(
      fmt::format("unknown option '{}' of {}; shards --help lists the options{}", printable(name), word, hint));
}

void check(options const& settings) {
  if (settings.directory.empty()) throw user_error("give the DIRECTORY of the shards");
  if (settings.source.empty() != settings.column.empty()) {
    throw user_error("--csv and --column belong together: a file, and its column that has the labels");
  }
  if (!settings.method.empty() && std::ranges::find(methods, settings.method) == methods.end()) {
    throw user_error(fmt::format("--method: there is no '{}'; the methods are {}, {}, {} and {}",
                                 printable(settings.method), methods[0], methods[1], methods[2], methods[3]));
  }
  if (settings.method.empty() && (!settings.checkpoint.empty() || settings.kill_after > 0)) {
    throw user_error("--checkpoint and --kill-after are for one run; say which with --method");
  }
}

}  // namespace

options parse(std::span<char const* const> arguments) {
  options result;
  for (std::string_view const each : arguments) {
    if (each == "--help" || each == "-h") return result;
  }
  std::string_view const word = arguments.empty() ? "" : arguments[0];
  if (word != "write" && word != "train") {
    throw user_error("begin with write or train: shards write DIRECTORY, shards train DIRECTORY; see shards --help");
  }
  result.what = word == "write" ? command::write : command::train;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    std::string_view const text = arguments[i];
    if (!text.starts_with("--")) {
      if (!result.directory.empty()) {
        throw user_error(
            fmt::format("two directories, '{}' and '{}'; give one", printable(result.directory), printable(text)));
      }
      result.directory = text;
      continue;
    }
    if (result.what == command::write && text == "--tar") {
      result.tar = true;
      continue;
    }
    auto const equals = text.find('=');
    std::string_view const name = text.substr(0, equals);
    bool const needs_next = equals == std::string_view::npos;
    std::string_view const next = i + 1 < arguments.size() ? arguments[i + 1] : "";
    if (!set_value(result, name, needs_next ? (next.empty() ? "1" : next) : text.substr(equals + 1))) {
      refuse_unknown(result, name);
    }
    if (needs_next && i + 1 == arguments.size()) {
      throw user_error(fmt::format("{} needs a value; shards --help says which", name));
    }
    i += needs_next ? 1 : 0;
  }
  check(result);
  return result;
}

std::string help() {
  return R"(shards: training from files that do not fit into memory

Writes a data set class by class into shards, and trains a small classifier from
them with few files open and few shards in memory, in several ways.

  build/examples/shards write DIRECTORY [--csv FILE --column NAME|N] [--tar]
                              [--shard-size COUNT] [--seed SEED]
  build/examples/shards train DIRECTORY [--method NAME] [--open COUNT]
                              [--resident COUNT] [--batch-size COUNT]
                              [--epochs COUNT] [--seed SEED]
                              [--checkpoint FILE] [--kill-after BATCHES]

write
  --csv FILE, --column  the data, and the column of the labels; all others must
                        be numbers. Default: 8,000 made-up samples, 5 classes
  --tar                 write tar archives with a .cls and a .bin file for each
                        sample, as for WebDataset; default: files of records
  --shard-size COUNT    samples in a shard (default 100)
  One of every four samples of a class goes to the test part.

train
  --method NAME         only this method; by default all, side by side:
                          shuffle     a shuffle of all samples
                          blocks      blocks of shards, shuffled inside
                          balanced    shard_sampler: blocks in which the classes
                                      have their shares
                          equal       shard_sampler with equal classes
  --open COUNT          shards that a block needs (default 8); at most two
                        blocks are in memory, one of which a thread reads ahead
  --resident COUNT      the most samples of rare classes to keep in memory
                        (default 600)
  --batch-size COUNT    (default 64)
  --epochs COUNT        (default 10)
  --learning-rate RATE  (default 2: so high that the model follows the most
                        recent batches, as large models do)
  --seeds COUNT         macro F1 is the mean of this many runs (default 5)
  --checkpoint FILE     continue from FILE if it exists; it is written after
                        every 10th batch
  --kill-after BATCHES  end the program at once after this many batches, as if
                        it were killed

  --seed SEED           (default 1)

Exit status: 0, or 2 if something is wrong; 3 with --kill-after.
)";
}

}  // namespace shards
