// The options on the command line.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "shared/csv_table.hpp"
#include "shared/text.hpp"

namespace train {

using namespace shared;

struct options {
  std::string source;  ///< a CSV file, or "-"; empty: data of our own
  std::string column;  ///< of the labels: a number from 1 on, or a name
  csv_layout layout;
  std::vector<std::string> without;  ///< classes that one of the averages leaves out

  std::uint64_t epochs = 20;
  std::uint64_t batch_size = 64;
  double learning_rate = 0.1;
  std::uint64_t seeds = 5;
  unsigned threads = 1;

  charset set = charset::ascii;
  bool help = false;
};

/// Reads the arguments after the program's name. Throws user_error.
options parse(std::span<char const* const> arguments);

/// The text of --help.
std::string help();

}  // namespace train
