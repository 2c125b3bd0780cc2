#include "store.hpp"

#include <evendraw/classes/class_index.hpp>
#include <evendraw/classes/split.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <exception>
#include <filesystem>
#include <map>
#include <string_view>

#include "shared/atomic_file.hpp"
#include "shared/lines.hpp"
#include "shared/sources.hpp"
#include "shared/user_error.hpp"
#include "train/data.hpp"

namespace shards {
namespace {

constexpr std::string_view first_line = "evendraw shards 1";

std::string index_of(std::string const& directory) { return directory + "/index.txt"; }

/// The records of some samples.
records records_of(train::data_set const& data, std::vector<std::uint32_t> const& class_of,
                   std::span<std::uint32_t const> samples) {
  records result{.num_features = data.num_features};
  for (auto const sample : samples) {
    result.classes.push_back(class_of[sample]);
    for (double const feature : data.features_of(sample)) result.features.push_back(static_cast<float>(feature));
  }
  return result;
}

std::string counts_of(records const& subject) {
  std::map<std::uint32_t, std::size_t> counts;
  for (auto const c : subject.classes) ++counts[c];
  std::string result;
  for (auto const& [c, count] : counts) result += fmt::format(" {}:{}", c, count);
  return result;
}

/// The words of a line.
std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> result;
  while (!line.empty()) {
    auto const end = std::min(line.find(' '), line.size());
    if (end > 0) result.push_back(line.substr(0, end));
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return result;
}

std::uint64_t number_of(std::string_view word) {
  std::uint64_t result = 0;
  auto const end = word.data() + word.size();
  if (word.empty() || std::from_chars(word.data(), end, result).ptr != end) {
    throw user_error(fmt::format("'{}' is not a number", printable(word)));
  }
  return result;
}

}  // namespace

std::string write_data(options const& settings) {
  train::options source;
  source.source = settings.source;
  source.column = settings.column;
  auto data = train::read_data(source);
  evendraw::class_index const all(data.labels);
  auto const class_of = all.sample_classes();
  auto parts = evendraw::stratified_split(all, {0.75, 0.25}, settings.seed);
  {
    auto training = train::part(data, parts[0]), test = train::part(data, parts[1]);
    train::standardise(training, test);
    for (auto const& [part, samples] : {std::pair(&training, &parts[0]), std::pair(&test, &parts[1])}) {
      for (std::size_t i = 0; i < samples->size(); ++i) {
        std::ranges::copy(part->features_of(i),
                          data.features.begin() + static_cast<std::ptrdiff_t>((*samples)[i] * data.num_features));
      }
    }
  }
  std::ranges::stable_sort(parts[0], {}, [&](auto sample) { return class_of[sample]; });

  std::filesystem::create_directories(settings.directory);
  std::string_view const ending = settings.tar ? "tar" : "bin";
  std::string index =
      fmt::format("{}\nformat {}\nfeatures {}\n", first_line, settings.tar ? "tar" : "records", data.num_features);
  for (auto const& label : all.labels()) {
    if (label.find_first_of("\r\n") != std::string::npos) {
      throw user_error(fmt::format("the label '{}' has a line break, which the index cannot have", printable(label)));
    }
    index += fmt::format("class {}\n", label);
  }
  std::size_t written = 0;
  for (std::size_t first = 0; first < parts[0].size();
       first += static_cast<std::size_t>(settings.shard_size), ++written) {
    auto const count = std::min(parts[0].size() - first, static_cast<std::size_t>(settings.shard_size));
    auto const shard = records_of(data, class_of, std::span(parts[0]).subspan(first, count));
    std::string const name = fmt::format("{:05}.{}", written, ending);
    write_shard(settings.directory + "/" + name, shard, settings.tar);
    index += fmt::format("shard {}{}\n", name, counts_of(shard));
  }
  auto const test = records_of(data, class_of, parts[1]);
  write_shard(fmt::format("{}/test.{}", settings.directory, ending), test, settings.tar);
  index += fmt::format("test test.{}{}\n", ending, counts_of(test));
  write_atomically(index_of(settings.directory), index);  // comes last, because a directory without it is incomplete
  return fmt::format("{} of {}: {} in {}, {} for the test\n", counted(data.labels.size(), "sample", "samples"),
                     counted(all.num_classes(), "class", "classes"), with_commas(parts[0].size()),
                     counted(written, "shard", "shards"), with_commas(parts[1].size()));
}

store::index store::read_index(std::string const& directory) {
  std::string const file = index_of(directory), text = read_source(file);
  index result;
  std::size_t number = 0;
  try {
    for (std::string_view remaining = text; !remaining.empty();) {
      auto const end = std::min(remaining.find('\n'), remaining.size());
      std::string_view const line = remaining.substr(0, end);
      remaining.remove_prefix(std::min(end + 1, remaining.size()));
      ++number;
      auto const words = words_of(line);
      std::string_view const kind = words.empty() ? "" : words[0];
      if (number == 1 && line != first_line) throw user_error(fmt::format("it is not '{}'", first_line));
      if (number == 1) continue;
      if (kind == "class" && line.size() > 6) {
        result.labels.emplace_back(line.substr(6));
      } else if (kind == "format" && words.size() == 2) {
        result.tar = words[1] == "tar";
      } else if (kind == "features" && words.size() == 2) {
        result.num_features = static_cast<std::size_t>(number_of(words[1]));
      } else if ((kind == "shard" || kind == "test") && words.size() >= 2) {
        label_counts counts;
        for (auto const word : std::span(words).subspan(2)) {
          auto const colon = std::min(word.find(':'), word.size());
          std::uint64_t const c = number_of(word.substr(0, colon));
          if (c >= result.labels.size()) throw user_error(fmt::format("there is no class {}", c));
          counts.emplace_back(result.labels[static_cast<std::size_t>(c)],
                              number_of(word.substr(std::min(colon + 1, word.size()))));
        }
        if (kind == "test") result.test_file = words[1];
        if (kind == "test") continue;
        result.files.emplace_back(words[1]);
        result.counts.push_back(std::move(counts));
      } else {
        throw user_error("this is not a line of an index");
      }
    }
    if (result.test_file.empty()) throw user_error("a line of the test part should follow; the index is truncated");
  } catch (user_error const& error) {
    throw user_error(fmt::format("'{}': line {}: {}", printable(file), number, error.what()));
  }
  return result;
}

store::store(std::string directory)
    : directory_(std::move(directory)),
      index_(read_index(directory_)),
      classes_(index_.counts, {.classes = index_.labels, .allow_empty = true}) {
  for (std::uint64_t s = 0; s < classes_.num_shards(); ++s) {
    sizes_.push_back(classes_.first_sample(s + 1) - classes_.first_sample(s));
  }
}

records store::read(std::size_t shard, traffic& counted) const {
  std::string const file = directory_ + "/" + index_.files[shard];
  records const in_file = read_shard(file, num_features(), index_.tar, counted);
  try {
    std::vector<std::string> labels;
    for (auto const c : in_file.classes)
      labels.push_back(c < index_.labels.size() ? index_.labels[c] : fmt::format("class {}", c));
    records result{.num_features = num_features()};
    for (auto const record : classes_.records_by_class(shard, labels)) {
      result.classes.push_back(in_file.classes[record]);
      auto const features = in_file.features_of(record);
      result.features.insert(result.features.end(), features.begin(), features.end());
    }
    return result;
  } catch (std::invalid_argument const& error) {
    throw user_error(fmt::format("'{}': {}", printable(file), error.what()));
  }
}

records store::read_test(traffic& counted) const {
  return read_shard(directory_ + "/" + index_.test_file, num_features(), index_.tar, counted);
}

}  // namespace shards
