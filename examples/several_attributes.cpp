// Balancing diagnosis and scanner at once: shares of their combinations, batches and exact epochs.
#include <evendraw/evendraw.hpp>
#include <fmt/format.h>

#include <map>
#include <string>
#include <vector>

int main() {
  std::vector<std::string> diagnosis, scanner;
  auto const add = [&](char const* first, char const* second, std::size_t count) {
    diagnosis.insert(diagnosis.end(), count, first);
    scanner.insert(scanner.end(), count, second);
  };
  add("melanoma", "A", 40);
  add("nevus", "A", 600);
  add("melanoma", "B", 200);
  add("nevus", "B", 160);

  evendraw::crossed_classes cells(diagnosis, scanner);
  auto fit = evendraw::raked_shares(cells, evendraw::equal(), {{"A", 0.5}, {"B", 0.5}}, {.max_repeats = 20});
  fmt::print("{}\n", fit.report());
  for (std::size_t c = 0; c < fit.shares.size(); ++c) {
    fmt::print("{:<12} {:>4} samples, share {:.4f}\n", cells.index().labels()[c], cells.index().counts()[c],
               fit.shares[c]);
  }

  auto const count = [&](auto const& batch) {
    std::map<std::string, int> subject;
    for (auto const i : batch) ++subject[diagnosis[i]], ++subject[scanner[i]];
    return fmt::format("melanoma {:>2}, nevus {:>2}; A {:>2}, B {:>2}", subject["melanoma"], subject["nevus"],
                       subject["A"], subject["B"]);
  };
  evendraw::stratified_batch_sampler batches(cells.index(), fit.shares, {.batch_size = 64, .seed = 1});
  for (std::uint64_t b = 0; b < 3; ++b) fmt::print("batch {}: {}\n", b, count(batches.epoch(0)[b]));

  // Epochs with whole numbers of draws that are exact for both attributes, here without replacement.
  auto quotas = evendraw::epoch_quotas(cells, fit.shares, 300, {.seed = 1});
  evendraw::balanced_epoch_sampler epochs(cells.index(), {.quotas = quotas, .max_repeats = 2, .seed = 1});
  for (std::uint64_t e = 0; e < 3; ++e) fmt::print("epoch {}: {}\n", e, count(epochs.epoch(e)));

  // Shares that are impossible, because no sample of B may come more than twice as often as in the data.
  auto capped = evendraw::raked_shares(cells, evendraw::equal(), {{"A", 0.1}, {"B", 0.9}}, {.max_repeats = 2});
  fmt::print("\n{}", capped.report());
}
