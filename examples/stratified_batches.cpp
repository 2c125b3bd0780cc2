// Batches in which every class has exactly its share, also on every rank.
#include <evendraw/classes/class_index.hpp>
#include <evendraw/samplers/stratified_batch_sampler.hpp>
#include <fmt/ranges.h>

#include <string>
#include <vector>

int main() {
  std::vector<std::string> labels(700, "dry");
  labels.insert(labels.end(), 200, "wet");
  labels.insert(labels.end(), 30, "ice");
  evendraw::class_index classes(labels);
  fmt::print("classes {}, samples {}\n", classes.labels(), classes.counts());

  evendraw::stratified_batch_sampler equal(classes, {.batch_size = 12, .seed = 1});
  fmt::print("a third each: {} in every batch\n", equal.quotas(0, 0));
  fmt::print("after {} batches every sample was seen; an epoch has {}\n", equal.batches_to_cover(), equal.epoch_size());

  evendraw::stratified_batch_sampler quotas(classes, {.quotas = {{"dry", 16}, {"wet", 12}, {"ice", 4}}, .seed = 1});
  fmt::print("quotas: {} in every batch of {}\n", quotas.quotas(0, 0), quotas.batch_size());

  evendraw::stratified_batch_sampler natural(classes, classes.counts(), {.batch_size = 8, .seed = 1});
  fmt::print("natural proportions, the share of ice is {:.2f} draws:\n", 8 * natural.class_shares()[1]);
  for (std::uint64_t b = 0; b < 4; ++b) fmt::print("  batch {}: {}\n", b, natural.quotas(0, b));

  for (std::uint64_t rank = 0; rank < 3; ++rank) {  // every rank has its part of each class, too
    auto local = equal.epoch(0).shard(rank, 3);
    std::vector<std::string> batch;
    for (auto index : local[0]) batch.push_back(labels[index]);
    fmt::print("rank {} of 3, batch 0: {}\n", rank, fmt::join(batch, " "));
  }
}
