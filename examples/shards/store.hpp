// A directory of shards.
//
// index.txt has a line for the format, the number of features, each class and each shard: the file, and how many
// records of which class it has, as in "shard 00003.bin 0:60 4:40". The shards lie class by class. "test" is the test
// part.
#pragma once

#include <evendraw/classes/partitioned_classes.hpp>
#include <evendraw/classes/sharded_classes.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "files.hpp"
#include "options.hpp"

namespace shards {

/// Writes the data of the options. Returns a description of what was written. Throws user_error.
std::string write_data(options const& settings);

/// Shards that can be read.
class store {
 public:
  /// Reads the index. Throws user_error.
  explicit store(std::string directory);

  evendraw::sharded_classes<std::string> const& classes() const { return classes_; }
  std::vector<std::uint64_t> const& shard_sizes() const { return sizes_; }
  std::size_t num_features() const { return index_.num_features; }

  /// The records of a shard in the order of its samples, checked against the counts of the index. Throws user_error.
  records read(std::size_t shard, traffic& counted) const;
  records read_test(traffic& counted) const;

 private:
  using label_counts = evendraw::label_counts<std::string>;
  struct index {
    bool tar = false;
    std::size_t num_features = 0;
    std::vector<std::string> labels = {}, files = {};
    std::vector<label_counts> counts = {};
    std::string test_file = {};
  };
  static index read_index(std::string const& directory);

  std::string directory_;
  index index_;
  evendraw::sharded_classes<std::string> classes_;
  std::vector<std::uint64_t> sizes_;
};

}  // namespace shards
