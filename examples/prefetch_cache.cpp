// A cache of bounded size that knows what the run needs next. It evicts the sample whose next use is farthest away
// (Belady), and not the least recently used one.
#include <evendraw/evendraw.hpp>
#include <fmt/format.h>

#include <cstdint>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

namespace {

/// Samples in memory, each with a priority number. The sample with the smallest number is evicted first.
class cache {
 public:
  explicit cache(std::size_t room) : room_(room) {}

  /// Fetches a sample and gives it this number. Returns whether the sample was in memory.
  bool fetch(std::uint32_t sample, std::int64_t number) {
    auto const known = numbers_.find(sample);
    bool const hit = known != numbers_.end();
    if (hit) order_.erase({known->second, sample});
    numbers_[sample] = number;
    order_.insert({number, sample});
    if (numbers_.size() > room_) {
      numbers_.erase(order_.begin()->second);
      order_.erase(order_.begin());
    }
    return hit;
  }

 private:
  std::size_t room_;
  std::unordered_map<std::uint32_t, std::int64_t> numbers_;
  std::set<std::pair<std::int64_t, std::uint32_t>> order_;
};

}  // namespace

int main() {
  // Samples of the rare class come in every epoch, those of other classes after several epochs.
  auto const classes = evendraw::class_index<std::string>::from_runs({{"dry", 6'000}, {"wet", 2'000}, {"ice", 500}});
  evendraw::balanced_epoch_sampler sampler(classes, {.epoch_size = 3'000, .seed = 1});
  constexpr std::uint64_t epochs = 8;

  fmt::print("{:>6} {:>22} {:>22}\n", "room", "least recently used", "used last by the run");
  for (std::size_t const room : {500u, 1'000u, 2'000u, 4'000u}) {
    cache by_past(room), by_future(room);
    std::uint64_t past_hits = 0, future_hits = 0, draws = 0;
    for (std::uint64_t e = 0; e < epochs; ++e) {
      auto const epoch = sampler.epoch(e);
      for (std::uint64_t position = 0; position < epoch.size(); ++position, ++draws) {
        std::uint32_t const sample = epoch[position];
        auto const next = evendraw::next_use(sampler, sample, {.epoch = e, .position = position + 1}, epochs - e);
        std::uint64_t const when = next ? next->epoch * epoch.size() + next->position : epochs * epoch.size();
        past_hits += by_past.fetch(sample, static_cast<std::int64_t>(draws)) ? 1 : 0;
        future_hits += by_future.fetch(sample, -static_cast<std::int64_t>(when)) ? 1 : 0;
      }
    }
    auto const percent = [&](std::uint64_t hits) {
      return 100 * static_cast<double>(hits) / static_cast<double>(draws);
    };
    fmt::print("{:>6} {:>20.1f} % {:>20.1f} %\n", room, percent(past_hits), percent(future_hits));
  }
}
