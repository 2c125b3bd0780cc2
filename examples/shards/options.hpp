// The options on the command line.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "shared/text.hpp"

namespace shards {

using namespace shared;

enum class command { write, train, help };

struct options {
  command what = command::help;
  std::string directory;

  // of write
  std::string source;  ///< a CSV file; empty: data of our own
  std::string column;  ///< of the labels
  bool tar = false;
  std::uint64_t shard_size = 100;

  // of train
  std::string method;  ///< empty: all, beside each other
  std::uint64_t open = 8;
  std::uint64_t resident = 600;
  std::uint64_t batch_size = 64;
  std::uint64_t epochs = 10;
  double learning_rate = 2;
  std::uint64_t seeds = 5;
  std::string checkpoint;        ///< a file; empty: none
  std::uint64_t kill_after = 0;  ///< batches; 0: never

  std::uint64_t seed = 1;
};

/// Reads the arguments after the program's name. Throws user_error.
options parse(std::span<char const* const> arguments);

/// The text of --help.
std::string help();

}  // namespace shards
