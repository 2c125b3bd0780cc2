// The options on the command line.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/text.hpp"

namespace inspect {

using namespace shared;

/// The largest number of batches in a picture.
inline constexpr std::uint64_t pictured_batches = 12;

struct options {
  std::string source;  ///< a file, "-" or a directory; empty: there are counts instead
  std::vector<std::pair<std::string, std::uint64_t>> counts;
  std::string column;        ///< a number from 1 on, or a name; if one_hot is empty too, the source is not a CSV file
  std::string and_column;    ///< the column of a second attribute; empty: none
  std::string group_column;  ///< the column of groups; empty: none
  bool header = false;
  char separator = 0;                   ///< separates columns; 0: not given
  std::string one_hot;                  ///< columns of 0 and 1: numbers, ranges and names
  std::string label_separator;          ///< separates the labels of a sample; empty: a sample has one label
  std::string missing;                  ///< the label for samples without one; empty: every sample must have one
  bool skip_missing = false;            ///< leave out samples without a label
  bool combinations = false;            ///< make every combination of labels a class
  std::vector<std::string> extensions;  ///< of the files that count, "jpg" or ".jpg"; empty: all files

  bool sampler_given = false;
  std::vector<std::string> samplers;          ///< all requested samplers, in this order; at least one
  std::string sampler = "inverse_frequency";  ///< the sampler to run: the first of them, until another is set
  std::vector<std::pair<std::string, double>> target;
  std::vector<std::pair<std::string, std::uint64_t>> limits;
  std::uint64_t per_class = 0;  ///< 0: not given
  std::uint64_t max_repeats = 1;
  std::uint64_t samples_per_class = 4;
  double threshold = 0;  ///< 0: not given
  std::string shards;    ///< the size of a shard, or a file of sizes; empty: the data is not in shards
  std::uint64_t open = 10;
  std::uint64_t resident = 0;
  std::uint64_t epoch_size = 0;  ///< 0: not given
  std::uint64_t batch_size = 64;
  std::uint64_t epochs = 3;
  std::uint64_t seed = 0;

  std::uint64_t batches = 3;  ///< the number of batches shown as bars
  std::uint64_t rows = 40;    ///< the largest number of classes in a table
  std::string svg;            ///< the directory for pictures; empty: none
  charset set = charset::ascii;
  bool help = false;
  std::string command;  ///< the command line as it is typed: ./examples/run data.csv --column label

  /// Whether the options imply that the source is a CSV file.
  bool names_csv() const { return !column.empty() || !one_hot.empty(); }
  /// A given option that is for files only, not for directories; empty if there is none.
  std::string_view option_for_files() const {
    if (!column.empty()) return "--column";
    if (!one_hot.empty()) return "--one-hot";
    if (header) return "--header";
    if (separator != 0) return "--separator";
    return label_separator.empty() ? "" : "--label-separator";
  }
  /// The number of first batches whose class counts are kept.
  std::uint64_t keep() const { return svg.empty() ? batches : std::max(batches, pictured_batches); }
};

/// Reads the arguments after the program's name. Throws user_error.
options parse(std::span<char const* const> arguments);

/// The name of the data in reports: "data.csv, column label", "standard input", "made up by --counts".
std::string name_of_data(options const& settings);

/// The text of --help.
std::string help();

}  // namespace inspect
