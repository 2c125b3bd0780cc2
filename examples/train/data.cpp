#include "data.hpp"

#include <evendraw/random/counter_random.hpp>
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <string_view>
#include <system_error>

#include "shared/sources.hpp"
#include "shared/user_error.hpp"

namespace train {
namespace {

/// The squares of larger numbers would overflow when they are summed.
constexpr double largest_feature = 1e140;

double feature(csv_table::record const& record, std::size_t column) {
  std::string_view const text = record.fields[column];
  double result = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), result);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(result)) {
    throw user_error(fmt::format("line {}: column {} is '{}'; every column but that of the labels needs a number",
                                 record.line, column + 1, printable(text)));
  }
  if (std::fabs(result) > largest_feature) {
    throw user_error(fmt::format("line {}: column {} is {}; numbers beyond 1e140 are too large, so divide the column",
                                 record.line, column + 1, printable(text)));
  }
  return result;
}

void add(data_set& data, csv_table::record const& record, std::size_t label, csv_table const& table) {
  if (record.fields[label].empty()) {
    throw user_error(fmt::format("line {}: {} is empty; give every sample a label", record.line, table.name_of(label)));
  }
  data.labels.emplace_back(record.fields[label]);
  for (std::size_t column = 0; column < record.fields.size(); ++column) {
    if (column != label) data.features.push_back(feature(record, column));
  }
}

void read_samples(data_set& data, std::string_view text, options const& settings) {
  csv_table table(text, settings.layout);
  std::size_t const label = table.column(settings.column);
  data.num_features = table.num_columns() - 1;
  csv_table::record record;
  while (table.next(record)) add(data, record, label, table);
}

data_set read_csv(options const& settings) {
  std::string const text = read_source(settings.source);
  data_set result;
  try {
    read_samples(result, text, settings);
    if (result.labels.size() < 8) {
      throw user_error(fmt::format("it has {}; give at least 8, to train and to test",
                                   counted(result.labels.size(), "sample", "samples")));
    }
    if (result.num_features == 0) throw user_error("it has labels only; there must be a column to learn from");
  } catch (user_error const& error) {
    throw user_error(fmt::format("{}: {}", shown(settings.source), error.what()));
  }
  return result;
}

/// Five clouds of points that overlap. The smallest has 1 % of the points.
data_set make_up() {
  struct cloud {
    char const* label;
    std::uint64_t size;
    std::array<double, 3> centre;
  };
  constexpr std::array clouds{cloud{"dry", 5600, {0, 0, 0}}, cloud{"wet", 1600, {1.6, 0.8, 0}},
                              cloud{"snow", 480, {-0.4, 1.8, 1.2}}, cloud{"ice", 240, {1.2, -1.4, 1.2}},
                              cloud{"frost", 80, {-1.2, -1.4, 1.0}}};
  data_set result{.labels = {}, .num_features = 3, .features = {}};
  std::uint64_t number = 0;
  for (auto const& [label, size, centre] : clouds) {
    result.labels.insert(result.labels.end(), static_cast<std::size_t>(size), label);
    for (std::uint64_t i = 0; i < size; ++i) {
      for (double const middle : centre) result.features.push_back(middle + noise(evendraw::random_word(1, number++)));
    }
  }
  return result;
}

}  // namespace

data_set read_data(options const& subject) { return subject.source.empty() ? make_up() : read_csv(subject); }

data_set part(data_set const& subject, std::span<std::uint32_t const> samples) {
  data_set result{.labels = {}, .num_features = subject.num_features, .features = {}};
  for (std::size_t const sample : samples) {
    result.labels.push_back(subject.labels[sample]);
    auto const features = subject.features_of(sample);
    result.features.insert(result.features.end(), features.begin(), features.end());
  }
  return result;
}

void standardise(data_set& training, data_set& test) {
  double const n = static_cast<double>(training.labels.size());
  for (std::size_t f = 0; f < training.num_features; ++f) {
    double sum = 0, squares = 0;
    for (std::size_t i = f; i < training.features.size(); i += training.num_features) sum += training.features[i];
    double const mean = sum / n;
    for (std::size_t i = f; i < training.features.size(); i += training.num_features) {
      squares += (training.features[i] - mean) * (training.features[i] - mean);
    }
    double const deviation = squares > 0 ? std::sqrt(squares / n) : 1;
    for (auto* part : {&training, &test}) {
      for (std::size_t i = f; i < part->features.size(); i += part->num_features) {
        part->features[i] = (part->features[i] - mean) / deviation;
      }
    }
  }
}

double noise(std::uint64_t word) {
  double sum = 0;
  for (int shift = 0; shift < 64; shift += 16) sum += static_cast<double>(word >> shift & 0xffff);
  return (sum - 4 * 32767.5) / 37837.2;  // four numbers of 16 bits: variance 4 (2^32 - 1) / 12
}

}  // namespace train
