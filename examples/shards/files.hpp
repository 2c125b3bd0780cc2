// Shards in files, and the cost of reading them.
//
// A file of records has the 8 letters EVSHARD1, the number of records and the number of features. Then come the
// records, each with the number of its class and its features. Numbers are 32-bit integers and floats, the lowest byte
// first.
//
// A tar archive (ustar) has two files for each record: NNNNNN.cls with the number of its class in decimal digits, and
// NNNNNN.bin with its features as above. tar and WebDataset can read it. The code here is shorter than the use of a
// library would be, because these archives have only ordinary files with short names.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace shards {

/// The records of a shard.
struct records {
  std::vector<std::uint32_t> classes = {};  ///< one per record
  std::vector<float> features = {};         ///< record after record
  std::size_t num_features = 0;

  std::span<float const> features_of(std::size_t record) const {
    return std::span(features).subspan(record * num_features, num_features);
  }
  std::uint64_t bytes() const { return classes.size() * sizeof classes[0] + features.size() * sizeof features[0]; }
};

/// Counts what all threads read and hold.
struct traffic {
  std::atomic<std::uint64_t> files_opened{0}, bytes_read{0};
  std::atomic<std::uint64_t> files_open{0}, most_files_open{0};
  std::atomic<std::uint64_t> shards_held{0}, most_shards_held{0};
  std::atomic<std::uint64_t> bytes_held{0}, most_bytes_held{0};
};

inline void raise_to(std::atomic<std::uint64_t>& most, std::uint64_t value) {
  for (std::uint64_t seen = most; seen < value && !most.compare_exchange_weak(seen, value);) {
  }
}

/// Records in memory. They count as held as long as they exist.
class held_records {
 public:
  held_records(records subject, traffic& counted) : records_(std::move(subject)), counted_(counted) {
    raise_to(counted_.most_shards_held, ++counted_.shards_held);
    raise_to(counted_.most_bytes_held, counted_.bytes_held += records_.bytes());
  }
  held_records(held_records const&) = delete;
  held_records& operator=(held_records const&) = delete;
  ~held_records() {
    --counted_.shards_held;
    counted_.bytes_held -= records_.bytes();
  }

  records const* operator->() const { return &records_; }

 private:
  records records_;
  traffic& counted_;
};

/// Writes a shard. Throws std::exception if that fails.
void write_shard(std::string const& file, records const& subject, bool tar);

/// Reads a shard. Throws user_error if the file is not a complete shard.
records read_shard(std::string const& file, std::size_t num_features, bool tar, traffic& counted);

}  // namespace shards
