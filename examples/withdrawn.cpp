// Samples are withdrawn, and others are appended. The run continues from the last checkpoint before the first use of a
// withdrawn sample.
#include <evendraw/evendraw.hpp>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

int main() {
  std::vector<std::string> labels(60, "dry");
  labels.insert(labels.end(), 25, "wet");
  labels.insert(labels.end(), 15, "ice");
  evendraw::batch_sampler batches(evendraw::balanced_epoch_sampler(labels, {.per_class = 10, .seed = 3}), 5);
  evendraw::cursor run(batches);
  std::vector<evendraw::checkpoint> saved;  // one at every other step; the model would be saved with it
  for (int step = 0; step < 14; ++step) {
    if (step % 2 == 0) saved.push_back(run.save());
    (void)run.next();  // and train on it
  }

  // Two samples are withdrawn, and the model must forget them. Which steps have used them?
  std::vector<std::uint32_t> const withdrawn{17, 71};
  std::uint64_t const steps = batches.epoch_size();
  std::uint64_t first_step = run.epoch() * steps + run.position();
  for (std::uint32_t const sample : withdrawn) {
    for (auto [epoch, batch, seat] : evendraw::uses(batches, sample, 0, run.epoch() + 1)) {
      std::uint64_t const step = epoch * steps + batch;
      if (step < run.epoch() * steps + run.position()) fmt::print("sample {} was used in step {}\n", sample, step);
      first_step = std::min(first_step, step);
    }
  }
  auto const after =
      std::ranges::find_if(saved, [&](auto const& point) { return point.epoch * steps + point.position > first_step; });
  evendraw::checkpoint const clean = *(after - 1);
  fmt::print("back to the model of epoch {}, batch {}\n", clean.epoch, clean.position);

  // The data as it is now, with two samples fewer and six new ones. All others keep their numbers.
  labels.insert(labels.end(), 6, "ice");
  std::vector<std::uint32_t> kept;
  for (std::uint32_t i = 0; i < labels.size(); ++i) {
    if (std::ranges::find(withdrawn, i) == withdrawn.end()) kept.push_back(i);
  }
  evendraw::class_index const classes(labels, kept);
  auto const next = evendraw::amended(batches, clean, classes, {.per_class = 10, .seed = 3});

  // The unseen samples come first. In class "ice", these are a few old samples and the six new ones.
  std::vector<std::uint32_t> ice;
  for (auto const sample : next.sampled().epoch(0)) {
    if (labels[sample] == "ice") ice.push_back(sample);
  }
  std::ranges::sort(ice);
  fmt::print("ice in the next epoch: {}\n", ice);
  for (std::uint32_t const sample : withdrawn) {
    fmt::print("sample {} in the next 1,000 epochs: {} times\n", sample, evendraw::uses(next, sample, 0, 1'000).size());
  }

  // The old checkpoints belong to another history.
  try {
    evendraw::cursor wrong(next, saved.back());
  } catch (std::invalid_argument const&) {
    fmt::print("a checkpoint of the old history is refused\n");
  }
  evendraw::cursor again(next);
  fmt::print("first batch: {}\n", again.next());
}
