// The quickstart on several ranks: mpirun -n 4 mpi_quickstart. The output is the same for any number that divides 120.
#include <evendraw/adapters/mpi.hpp>
#include <evendraw/evendraw.hpp>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <vector>

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  int rank = 0, world_size = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &world_size);
  std::vector<std::string> labels(1080, "dry");
  labels.insert(labels.end(), 120, "ice");

  auto ice_in = [](auto const& samples, auto const& labels_of_samples) {  // on all ranks; training would do a step here
    auto ice = static_cast<int>(std::ranges::count_if(samples, [&](auto i) { return labels_of_samples[i] == "ice"; }));
    MPI_Allreduce(MPI_IN_PLACE, &ice, 1, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
    return ice;
  };
  auto print = [&](auto const& title, auto const& counts) {
    if (rank == 0) fmt::print("{} {}\n", title, counts);
  };

  // 1. Every rank knows all labels, and takes an equal part of every batch.
  std::vector<int> ice;
  evendraw::batch_sampler batches(evendraw::balanced_epoch_sampler(labels, {.seed = 42}), 120);
  for (std::uint64_t epoch = 0; epoch < 2; ++epoch) {
    evendraw::agree(MPI_COMM_WORLD, batches, epoch);  // throws on all ranks if one has other labels, options or seeds
    for (auto batch : evendraw::shard(MPI_COMM_WORLD, batches.epoch(epoch))) ice.push_back(ice_in(batch, labels));
  }
  print("ice in every batch of 120, every rank knows all labels:", ice);

  // 2. Every rank has a part of the data and knows only this part. It takes from every batch the samples that it has.
  auto cut = [&](int r) { return labels.begin() + std::ssize(labels) * r / world_size; };
  std::vector<std::string> mine(cut(rank), cut(rank + 1));
  auto data = evendraw::gather_classes(MPI_COMM_WORLD, mine);  // sends labels and counts, once
  evendraw::batch_sampler of_all(evendraw::balanced_epoch_sampler(data.classes(), {.seed = 42}), 120);
  ice.clear();
  for (std::uint64_t epoch = 0; epoch < 2; ++epoch) {
    evendraw::agree(MPI_COMM_WORLD, of_all, epoch);
    for (auto batch : of_all.epoch(epoch))  // the same on every rank: divide a sum of gradients by batch.size()
      ice.push_back(ice_in(data.local_samples(batch), mine));
  }
  print("ice in every batch of 120, every rank has a part of them:", ice);
  MPI_Finalize();
}
