#include "race.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <thread>
#include <utility>

#include "timing.hpp"

namespace benchmark {
namespace {

constexpr double shortest = 0.005,
                 longest = 0.05;  // seconds: a round repeats a shorter loop, and shortens a longer one
constexpr std::uint64_t checked_draws = 1'000'000;
constexpr int first_batches = 201;

std::uint64_t repeats_for(double once) {
  return static_cast<std::uint64_t>(std::clamp(std::ceil(shortest / once), 1.0, 1e6));
}

/// The seconds that some draws take. If these are not the whole epoch, also those of a single draw, which are the start of
/// an epoch.
struct times {
  std::vector<double> draws, start;
};

/// A contestant at work.
class racer {
 public:
  racer(contestant const& entrant, contest const& measured, settings given)
      : contestant_(entrant), contest_(measured), settings_(given) {
    use_threads(1);
    auto const before = bytes_held();
    build_repeats_ = repeats_for(seconds([&] { draw_ = contestant_.build(); }));
    if (before) bytes_ = *bytes_held() - *before;
  }

  void build() {
    use_threads(1);
    double took = 0;
    for (std::uint64_t i = 0; i < build_repeats_; ++i) {
      draw_ = nullptr;
      took += seconds([&] { draw_ = contestant_.build(); });
    }
    builds_.push_back(took / static_cast<double>(build_repeats_));
  }

  /// Takes the checksum, and finds out how many draws and repeats a round has.
  void warm_up() {
    use_threads(1);
    std::uint64_t const tried =
        contestant_.whole_epochs ? contest_.epoch_size : std::min(contest_.epoch_size, checked_draws);
    double const took = seconds([&] { checksum_ = draw_({.epoch = 1, .first = 0, .draws = tried}); });
    double const start = contestant_.whole_epochs ? 0 : seconds_of(1, 1, 1);
    double const all = std::max(took - start, 1e-9) * ratio(contest_.epoch_size, tried);
    double const enough = std::max(longest, 2 * start);
    draws_ = contest_.epoch_size;
    if (all > enough && !contestant_.whole_epochs) {
      draws_ = 2 + static_cast<std::uint64_t>(enough / all * static_cast<double>(contest_.epoch_size - 2));
    }
    repeats_ = repeats_for(start + all);
  }

  void epoch() { time_epoch(by_one_, 1); }

  [[nodiscard]] bool has_threads() const {
    return settings_.threads > 1 && contest_.epoch_size >= threads_pay_from &&
           (contestant_.set_threads || !contestant_.whole_epochs);
  }
  void epoch_by_threads() { time_epoch(by_all_, settings_.threads); }

  void first_batch() {
    std::vector<double> took;
    for (int i = 0; i < first_batches; ++i) {
      part const p{.epoch = next_epoch_++, .first = 0, .draws = std::min<std::uint64_t>(256, contest_.epoch_size)};
      took.push_back(seconds([&] { draw_(p); }));
    }
    first_batch_ = median(took);
  }

  [[nodiscard]] result finish() const {
    auto const epochs = epoch_seconds(by_one_);
    std::optional<double> by_threads;
    if (!by_all_.draws.empty()) by_threads = median(epoch_seconds(by_all_));
    return {.contestant = contestant_.name,
            .build = median(builds_),
            .bytes = bytes_,
            .epoch = median(epochs),
            .fastest_epoch = std::ranges::min(epochs),
            .slowest_epoch = std::ranges::max(epochs),
            .epoch_by_threads = by_threads,
            .first_batch = first_batch_,
            .draws_timed = draws_,
            .checksum = checksum_};
  }

 private:
  static double ratio(std::uint64_t a, std::uint64_t b) { return static_cast<double>(a) / static_cast<double>(b); }

  void use_threads(int threads) const {
    if (contestant_.set_threads) contestant_.set_threads(threads);
  }

  void time_epoch(times& result, int threads) {
    use_threads(threads);
    int const parts = contestant_.set_threads ? 1 : threads;
    result.draws.push_back(seconds_of(draws_, repeats_, parts));
    if (draws_ < contest_.epoch_size) result.start.push_back(seconds_of(1, 1, parts));
  }

  /// The seconds of whole epochs: the time of the start, and the remaining time in proportion to the draws.
  [[nodiscard]] std::vector<double> epoch_seconds(times const& data) const {
    if (data.start.empty()) return data.draws;
    double const start = median(data.start);
    std::vector<double> result;
    for (double const took : data.draws) {
      result.push_back(start + (took - start) * ratio(contest_.epoch_size - 1, draws_ - 1));
    }
    return result;
  }

  double seconds_of(std::uint64_t draws, std::uint64_t repeats, int threads) {
    double const took = seconds([&] {
      for (std::uint64_t i = 0; i < repeats; ++i) {
        part const p{.epoch = next_epoch_++, .first = 0, .draws = draws};
        if (threads > 1) draw_by_threads(draw_, p, threads);
        if (threads == 1) draw_(p);
      }
    });
    return took / static_cast<double>(repeats);
  }

  contestant const& contestant_;
  contest const& contest_;
  settings settings_;
  drawer draw_;
  std::uint64_t build_repeats_ = 1, repeats_ = 1, draws_ = 0, next_epoch_ = 2, checksum_ = 0;
  std::vector<double> builds_;
  times by_one_, by_all_;
  std::optional<double> bytes_, first_batch_;
};

}  // namespace

outcome race(std::string name, contest const& data, settings how) {
  std::vector<racer> racers;
  racers.reserve(data.contestants.size());
  for (auto const& contestant : data.contestants) {
    if (data.samples <= contestant.most_samples) racers.emplace_back(contestant, data, how);
  }
  auto const rounds = [&](auto step) {
    for (int round = 0; round < how.rounds; ++round) std::ranges::for_each(racers, step);
  };
  rounds(&racer::build);
  std::ranges::for_each(racers, &racer::warm_up);
  rounds(&racer::epoch);
  rounds([](racer& r) {
    if (r.has_threads()) r.epoch_by_threads();
  });
  racers.front().first_batch();

  outcome result{.workload = std::move(name), .samples = data.samples, .epoch_size = data.epoch_size, .results = {}};
  for (auto const& r : racers) result.results.push_back(r.finish());
  return result;
}

std::uint64_t draw_by_threads(drawer const& draw, part whole, int threads) {
  std::vector<std::uint64_t> sums(static_cast<std::size_t>(threads));
  auto const draw_share = [&](std::uint64_t t) {
    std::uint64_t const begin = whole.draws * t / sums.size(), end = whole.draws * (t + 1) / sums.size();
    sums[t] = draw({.epoch = whole.epoch, .first = whole.first + begin, .draws = end - begin});
  };
  {
    std::vector<std::jthread> others;
    for (std::size_t t = 1; t < sums.size(); ++t) others.emplace_back(draw_share, t);
    draw_share(0);
  }
  checksum all;
  for (auto const sum : sums) all.add(sum);
  return all.value();
}

}  // namespace benchmark
