#include "race.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <thread>
#include <utility>

#include "timing.hpp"

namespace benchmark {
namespace {

constexpr double shortest = 0.02, longest = 0.1;  // seconds: a round repeats what is shorter, and shortens an epoch
constexpr std::uint64_t checked_draws = 1'000'000;
constexpr int first_batches = 201;

std::uint64_t repeats_for(double once) {
  return static_cast<std::uint64_t>(std::clamp(std::ceil(shortest / once), 1.0, 1e6));
}

/// A contestant at work.
class racer {
 public:
  racer(contestant const& of, contest const& in, settings how) : of_(of), in_(in), how_(how) {
    use_threads(1);
    auto const before = bytes_held();
    build_repeats_ = repeats_for(seconds([&] { draw_ = of_.build(); }));
    if (before) bytes_ = *bytes_held() - *before;
  }

  void build() {
    use_threads(1);
    double took = 0;
    for (std::uint64_t i = 0; i < build_repeats_; ++i) {
      draw_ = nullptr;
      took += seconds([&] { draw_ = of_.build(); });
    }
    builds_.push_back(took / static_cast<double>(build_repeats_));
  }

  /// Takes the checksum, and sees how many draws and repeats are to be timed.
  void warm_up() {
    use_threads(1);
    std::uint64_t const tried = of_.whole_epochs ? in_.epoch_size : std::min(in_.epoch_size, checked_draws);
    double const took = seconds([&] { checksum_ = draw_({.epoch = 1, .first = 0, .draws = tried}); });
    double const whole = took * ratio(in_.epoch_size, tried);
    draws_ = in_.epoch_size;
    if (whole > longest && !of_.whole_epochs) {
      draws_ = std::max<std::uint64_t>(static_cast<std::uint64_t>(longest / took * static_cast<double>(tried)), 2);
      draws_ = std::min(draws_, in_.epoch_size);
    }
    repeats_ = repeats_for(whole);
  }

  void epoch() {
    use_threads(1);
    epochs_.push_back(epoch_seconds(1));
  }

  [[nodiscard]] bool has_threads() const {
    return how_.threads > 1 && in_.epoch_size >= threads_pay_from && (of_.set_threads || !of_.whole_epochs);
  }
  void epoch_by_threads() {
    use_threads(how_.threads);
    epochs_by_threads_.push_back(epoch_seconds(of_.set_threads ? 1 : how_.threads));
  }

  void first_batch() {
    std::vector<double> times;
    for (int i = 0; i < first_batches; ++i) {
      part const p{.epoch = next_epoch_++, .first = 0, .draws = std::min<std::uint64_t>(256, in_.epoch_size)};
      times.push_back(seconds([&] { unused_ += draw_(p); }));
    }
    first_batch_ = median(times);
  }

  [[nodiscard]] result finish() const {
    auto const [fastest, slowest] = std::ranges::minmax(epochs_);
    std::optional<double> by_threads;
    if (!epochs_by_threads_.empty()) by_threads = median(epochs_by_threads_);
    return {.contestant = of_.name,
            .build = median(builds_),
            .bytes = bytes_,
            .epoch = median(epochs_),
            .fastest_epoch = fastest,
            .slowest_epoch = slowest,
            .epoch_by_threads = by_threads,
            .first_batch = first_batch_,
            .draws_timed = draws_,
            .checksum = checksum_};
  }

 private:
  static double ratio(std::uint64_t a, std::uint64_t b) { return static_cast<double>(a) / static_cast<double>(b); }

  void use_threads(int threads) const {
    if (of_.set_threads) of_.set_threads(threads);
  }

  /// One epoch. From fewer draws: what a single draw takes is the start of an epoch, the rest grows with the draws.
  double epoch_seconds(int threads) {
    double const took = seconds_of(draws_, repeats_, threads);
    if (draws_ == in_.epoch_size) return took;
    double const start = seconds_of(1, 1, threads);
    return start + (took - start) * ratio(in_.epoch_size - 1, draws_ - 1);
  }

  double seconds_of(std::uint64_t draws, std::uint64_t repeats, int threads) {
    double const took = seconds([&] {
      for (std::uint64_t i = 0; i < repeats; ++i) {
        part const p{.epoch = next_epoch_++, .first = 0, .draws = draws};
        unused_ += threads > 1 ? draw_by_threads(draw_, p, threads) : draw_(p);
      }
    });
    return took / static_cast<double>(repeats);
  }

  contestant const& of_;
  contest const& in_;
  settings how_;
  drawer draw_;
  std::uint64_t build_repeats_ = 1, repeats_ = 1, draws_ = 0, next_epoch_ = 2, checksum_ = 0, unused_ = 0;
  std::vector<double> builds_, epochs_, epochs_by_threads_;
  std::optional<double> bytes_, first_batch_;
};

}  // namespace

outcome race(std::string name, contest const& of, settings how) {
  std::vector<racer> racers;
  racers.reserve(of.contestants.size());
  for (auto const& contestant : of.contestants) {
    if (of.samples <= contestant.most_samples) racers.emplace_back(contestant, of, how);
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

  outcome result{.workload = std::move(name), .samples = of.samples, .epoch_size = of.epoch_size, .results = {}};
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
