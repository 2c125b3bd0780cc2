// Times the contestants of a contest side by side.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "contestant.hpp"

namespace benchmark {

/// The number of draws below which starting threads takes about as long as drawing.
inline constexpr std::uint64_t threads_pay_from = 500'000;

struct settings {
  int rounds = 7;
  int threads = 1;
};

/// Seconds are medians over the rounds.
struct result {
  std::string contestant;
  double build;                                // seconds
  std::optional<double> bytes;                 // memory of the built sampler
  double epoch, fastest_epoch, slowest_epoch;  // seconds, one thread
  std::optional<double> epoch_by_threads;      // seconds, all threads
  std::optional<double> first_batch;           // seconds to the first 256 indices of a new epoch; evendraw only
  std::uint64_t draws_timed;                   // in one round: fewer than in the epoch if that would take too long
  std::uint64_t checksum;                      // of the first draws after building: a million, or the epoch

  [[nodiscard]] double first_epoch() const { return build + epoch; }
};

struct outcome {
  std::string workload;
  std::uint64_t samples;
  std::uint64_t epoch_size;
  std::vector<result> results;
};

/// A warm-up, then rounds in which every contestant builds once. The same follows for epochs, and for epochs by all
/// threads.
outcome race(std::string name, contest const& data, settings how);

/// Divides a part of an epoch among threads, which are started and joined for it.
std::uint64_t draw_by_threads(drawer const& draw, part whole, int threads);

}  // namespace benchmark
