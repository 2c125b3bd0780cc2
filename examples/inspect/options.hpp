// What the user asks for on the command line.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "shared/text.hpp"

namespace inspect {

using namespace shared;

/// The most batches in a picture.
inline constexpr std::uint64_t pictured_batches = 12;

struct options {
  std::string source;  ///< a file, "-" or a directory; empty: counts are given
  std::vector<std::pair<std::string, std::uint64_t>> counts;
  std::string column;  ///< a number from 1 on, or a name; empty: the source is no CSV file
  bool header = false;

  std::vector<std::string> samplers;          ///< all that were asked for, in this order; at least one
  std::string sampler = "inverse_frequency";  ///< the one that is run: the first of them, until another is set
  std::vector<std::pair<std::string, double>> target;
  std::vector<std::pair<std::string, std::uint64_t>> limits;
  std::uint64_t per_class = 0;  ///< 0: not given
  std::uint64_t max_repeats = 1;
  std::uint64_t samples_per_class = 4;
  double threshold = 0;          ///< 0: not given
  std::uint64_t epoch_size = 0;  ///< 0: not given
  std::uint64_t batch_size = 64;
  std::uint64_t epochs = 3;
  std::uint64_t seed = 0;

  std::uint64_t batches = 3;  ///< shown as bars
  std::uint64_t rows = 40;    ///< classes in a table
  std::string svg;            ///< the directory for pictures; empty: none
  charset set = charset::ascii;
  bool help = false;
  std::string command;  ///< the command line as one types it: ./examples/run data.csv --column label

  /// Of how many batches, the first ones, the class counts are kept.
  std::uint64_t keep() const { return svg.empty() ? batches : std::max(batches, pictured_batches); }
};

/// Reads the arguments behind the program's name. Throws user_error.
options parse(std::span<char const* const> arguments);

/// What the data is called: "data.csv, column label", "standard input", "made up by --counts".
std::string name_of_data(options const& of);

/// The text of --help.
std::string help();

}  // namespace inspect
