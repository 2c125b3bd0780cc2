#include "training.hpp"

#include <evendraw/epochs/any_sampler.hpp>
#include <evendraw/epochs/cursor.hpp>
#include <evendraw/inspect/batch_balance.hpp>
#include <evendraw/inspect/confusion_matrix.hpp>
#include <evendraw/samplers/batch_sampler.hpp>
#include <evendraw/samplers/random_sampler.hpp>
#include <evendraw/samplers/shard_sampler.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <vector>

#include "loaders.hpp"
#include "shared/atomic_file.hpp"
#include "shared/sources.hpp"
#include "shared/user_error.hpp"
#include "store.hpp"
#include "train/model.hpp"

namespace shards {
namespace {

constexpr std::uint64_t batches_between_checkpoints = 10;

struct outcome {
  double macro_f1 = 0;
  double deviation = 0;  // of the class counts of batches: root mean square
  double seconds = 0;
  std::uint64_t samples = 0;
  std::uint64_t weights = 0;  // a hash of the weights
  std::uint64_t files_opened = 0, bytes_read = 0, most_shards_held = 0, most_bytes_held = 0, most_files_open = 0;
};

/// A run that can be saved: its position and its weights.
std::string saved(evendraw::checkpoint const& place, std::span<double const> weights) {
  std::string result = place.to_string() + '\n';
  for (double const weight : weights) result += fmt::format("{:016x}\n", std::bit_cast<std::uint64_t>(weight));
  return result;
}

evendraw::checkpoint restored(std::string const& file, std::span<double> weights) {
  std::string const text = read_source(file);
  std::string_view remaining = text;
  auto const take = [&] {
    auto const end = std::min(remaining.find('\n'), remaining.size());
    std::string_view const line = remaining.substr(0, end);
    remaining.remove_prefix(std::min(end + 1, remaining.size()));
    return line;
  };
  try {
    auto const place = evendraw::checkpoint::from_string(take());
    for (double& weight : weights) {
      std::string_view const line = take();
      std::uint64_t bits = 0;
      if (std::from_chars(line.data(), line.data() + line.size(), bits, 16).ptr != line.data() + 16 ||
          line.size() != 16) {
        throw user_error("it does not have the weights of this model");
      }
      weight = std::bit_cast<double>(bits);
    }
    return place;
  } catch (std::exception const& error) {
    throw user_error(fmt::format("'{}': {}", printable(file), error.what()));
  }
}

double macro_f1(::train::softmax_regression const& model, store const& data, traffic& counted) {
  evendraw::confusion_matrix matrix(data.classes().classes());
  records const test = data.read_test(counted);
  for (std::size_t i = 0; i < test.classes.size(); ++i) {
    auto const features = test.features_of(i);
    auto const scores = model.logits(std::vector<double>(features.begin(), features.end()));
    matrix.add_numbers(test.classes[i], std::ranges::max_element(scores) - scores.begin());
  }
  return matrix.macro().f1;
}

/// Trains from the checkpoint, or from the beginning.
template <class Loader>
outcome run(evendraw::any_sampler<> const& order, Loader& loader, store const& data, options const& settings,
            traffic& counted) {
  evendraw::batch_sampler const batches(order, settings.batch_size);
  auto const classes = static_cast<std::size_t>(data.classes().num_classes());
  ::train::softmax_regression model(data.num_features(), classes);
  evendraw::cursor cursor(batches);
  if (!settings.checkpoint.empty() && std::filesystem::exists(settings.checkpoint)) {
    auto const place = restored(settings.checkpoint, model.weights());
    try {
      cursor = evendraw::cursor(batches, place);
    } catch (std::invalid_argument const& error) {
      throw user_error(fmt::format("'{}': {}", printable(settings.checkpoint), error.what()));
    }
  }
  outcome result;
  std::vector<double> const class_weights(classes, 1);
  std::vector<double> features;
  std::vector<std::uint32_t> labels;
  std::uint64_t const num_batches = batches.epoch(0).size();
  double squares = 0, counts_seen = 0;
  std::vector<double> expected(classes);
  for (std::size_t c = 0; c < classes; ++c) {
    expected[c] = static_cast<double>(data.classes().counts()[c]) / static_cast<double>(data.classes().num_samples());
    if (settings.method == methods[3]) expected[c] = 1 / static_cast<double>(classes);
  }
  std::uint64_t trained = 0;
  auto const begin = std::chrono::steady_clock::now();
  while (cursor.epoch() + 1 < settings.epochs || cursor.position() < num_batches) {
    auto const batch = cursor.next();
    std::uint64_t const first = (cursor.position() - 1) * settings.batch_size;
    loader.need(cursor.epoch(), first, first + batch.size());
    features.clear();
    labels.clear();
    std::vector<double> in_batch(classes);
    for (auto const index : batch) {
      auto const [in_class, values] = loader.get(index);
      labels.push_back(in_class);
      features.insert(features.end(), values.begin(), values.end());
      ++in_batch[in_class];
    }
    for (std::size_t c = 0; c < classes; ++c, ++counts_seen) {
      double const deviation = in_batch[c] - expected[c] * static_cast<double>(batch.size());
      squares += deviation * deviation;
    }
    model.step({features, labels}, class_weights, settings.learning_rate);
    result.samples += batch.size();
    ++trained;
    if (!settings.checkpoint.empty() && trained % batches_between_checkpoints == 0) {
      write_atomically(settings.checkpoint, saved(cursor.save(), model.weights()));
    }
    if (trained == settings.kill_after) std::_Exit(3);
  }
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  result.files_opened = counted.files_opened;
  result.bytes_read = counted.bytes_read;
  result.most_files_open = counted.most_files_open;
  result.most_shards_held = counted.most_shards_held;
  result.most_bytes_held = counted.most_bytes_held;
  result.deviation = counts_seen > 0 ? std::sqrt(squares / counts_seen) : 0;
  if (!model.is_finite()) {
    throw user_error(fmt::format("training diverged; lower the --learning-rate, which is {}", settings.learning_rate));
  }
  result.macro_f1 = macro_f1(model, data, counted);
  for (double const weight : model.weights()) {
    result.weights = evendraw::random_word(result.weights, std::bit_cast<std::uint64_t>(weight));
  }
  return result;
}

outcome run_method(std::string_view method, store const& data, options subject) {
  subject.method = method;
  traffic counted;
  if (method == methods[0]) {
    shard_loader loader(data, static_cast<std::size_t>(2 * subject.open), counted);
    return run(evendraw::random_sampler(data.classes().num_samples(), {.seed = subject.seed}), loader, data, subject,
               counted);
  }
  auto const sampler = [&] {
    if (method == methods[1]) {
      return evendraw::shard_sampler(data.shard_sizes(),
                                     {.open = subject.open, .batch_size = subject.batch_size, .seed = subject.seed});
    }
    evendraw::shard_options<std::string> options{.open = subject.open,
                                                 .batch_size = subject.batch_size,
                                                 .resident = subject.resident,
                                                 .epoch_size = data.classes().num_samples(),
                                                 .seed = subject.seed};
    if (method == methods[3]) options.max_repeats = data.classes().num_samples();
    return evendraw::shard_sampler(data.classes(), options);
  }();
  block_loader loader(data, sampler, subject.epochs, counted);
  return run(sampler, loader, data, subject, counted);
}

/// The mean score of some seeds, and what the last run cost.
outcome run_seeds(std::string_view method, store const& data, options subject) {
  std::uint64_t const seeds = subject.method.empty() ? subject.seeds : 1;
  outcome result;
  double sum = 0;
  for (std::uint64_t i = 0; i < seeds; ++i, ++subject.seed) {
    result = run_method(method, data, subject);
    sum += result.macro_f1;
  }
  result.macro_f1 = sum / static_cast<double>(seeds);
  return result;
}

}  // namespace

std::string train(options const& settings) {
  store const data(settings.directory);
  std::string text = fmt::format("{} of {} in {}, {} open; batches of {}, {}\n\n",
                                 counted(data.classes().num_samples(), "sample", "samples"),
                                 counted(data.classes().num_classes(), "class", "classes"),
                                 counted(data.classes().num_shards(), "shard", "shards"), settings.open,
                                 settings.batch_size, counted(settings.epochs, "epoch", "epochs"));
  text += "                   batches  files          bytes  most in memory   samples\n";
  text += "method    macro F1  off by opened  open     read  shards    bytes  a second\n";
  std::uint64_t weights = 0;
  for (auto const method : methods) {
    if (!settings.method.empty() && method != settings.method) continue;
    outcome const result = run_seeds(method, data, settings);
    double const speed = static_cast<double>(result.samples) / std::max(result.seconds, 1e-9);
    text += fmt::format("{:<9} {:>8.3f} {:>7.2f} {:>6} {:>5} {:>8} {:>7} {:>8} {:>9}\n", method, result.macro_f1,
                        result.deviation, compact(result.files_opened), result.most_files_open,
                        compact(result.bytes_read), result.most_shards_held, compact(result.most_bytes_held),
                        compact(static_cast<std::uint64_t>(speed)));
    weights = result.weights;
  }
  if (!settings.method.empty()) text += fmt::format("\nweights {:016x}\n", weights);
  return text;
}

}  // namespace shards
